"""Step-size rules against closed forms, transcriptions by hand and torch's autograd."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import run
from lrcore.directions import Adam, Averaged, Newton, ScheduleFree
from lrcore.linesearches import Backtracking, Exact
from lrcore.point import Point
from lrcore.problems import BoydExp, Function, Logistic, Minibatches, NoisyQuadratic, Quadratic, Rosenbrock
from lrcore.schedules import Plateau
from lrcore.stepsizes import (
    RDBD,
    VSGD,
    AdGD,
    BarzilaiBorwein,
    DAdaptation,
    DeltaBarDelta,
    DoG,
    Hypergradient,
    LineSearch,
    OnPlateau,
    Polyak,
    StochasticArmijo,
)

each = pytest.mark.parametrize
RNG = np.random.default_rng(31)
BOWL = Quadratic([0.99, 10.01], x_star=[1.07, -0.23], angle=0.3)
START = [3.0, -2.0]
GOLDEN = (1 + math.sqrt(5)) / 2


def fed(rule, gradients, points=None, problem=BOWL):
    """The rates of a rule that is shown these gradients, one after the other."""
    points = np.zeros_like(gradients) if points is None else points
    state, eta = rule.init(points[0]), []
    for k, (x, g) in enumerate(zip(points, gradients, strict=True)):
        rate, state = rule(k, Point(k, problem, x, g, np.full(g.shape[:-1], True)), -g, state)
        eta.append(np.broadcast_to(rate, g.shape))
    return np.array(eta)


# --- line searches, Polyak, Barzilai and Borwein --------------------------------------------------


def test_exact_steps_meet_at_right_angles_and_lose_the_worst_factor():
    x = run(BOWL, START, LineSearch(Exact()), steps=12, record_x=True).x
    assert np.allclose(np.vecdot(BOWL.grad(x[1:]), BOWL.grad(x[:-1])), 0, atol=1e-11)
    for kappa in (2.0, 10.0, 100.0):
        r = run(Quadratic([1.0, kappa]), [kappa, 1.0], LineSearch(Exact()), steps=15)
        assert np.allclose(r.f[1:] / r.f[:-1], ((kappa - 1) / (kappa + 1)) ** 2, rtol=1e-9)


def test_every_evaluation_of_a_search_is_in_the_record():
    calls = [0]

    def f(x):
        calls[0] += 1
        return 0.5 * (x**2).sum(-1)

    r = run(Function(f, lambda x: x, dim=2), START, LineSearch(Backtracking(0.5, 0.5), t0=8.0), steps=1)
    assert r.evaluations.tolist() == [4] and r.eta.tolist() == [1.0]  # 8, 4, 2, 1
    assert calls[0] == 4 + 2  # and f at both ends


def test_a_warm_start_never_rises_without_growth_and_saves_trials():
    cold = run(BoydExp(), [-1.0, 1.0], LineSearch(Backtracking(0.1, 0.7)), steps=20)
    warm = run(BoydExp(), [-1.0, 1.0], LineSearch(Backtracking(0.1, 0.7), growth=1.0), steps=20)
    doubled = run(BoydExp(), [-1.0, 1.0], LineSearch(Backtracking(0.1, 0.7), growth=2.0), steps=20)
    assert (np.diff(warm.eta) <= 0).all() and (np.diff(doubled.eta) > 0).any()
    assert warm.evaluations.sum() < doubled.evaluations.sum() < cold.evaluations.sum()


def test_an_uphill_direction_is_a_failed_search():
    class Uphill:
        def init(self, x):
            return None

        def __call__(self, k, g, state):
            return g, state

    r = run(BOWL, START, LineSearch(Backtracking()), Uphill(), steps=5)
    assert r.status == "failed-search" and r.x_last.tolist() == START


@each("c, h", [(1.0, 4.0), (0.5, 4.0), (2.0, 0.1)])
def test_polyak_on_a_parabola_is_half_of_newton(c, h):
    assert np.allclose(run(Quadratic([h]), [3.0], Polyak(c=c), steps=5).eta[:1], 1 / (2 * c * h), rtol=1e-14)


def test_polyak_never_moves_away_from_the_minimum_of_a_convex_function():
    r = run(BOWL, START, Polyak(), steps=300, record_x=True)
    assert (np.diff(np.linalg.norm(r.x - BOWL.x_star, axis=-1)) <= 1e-15).all() and r.f[-1] < 1e-20


def test_polyak_stands_still_below_a_guess_that_is_too_high():
    r = run(Quadratic([1.0]), [2.0], Polyak(f_star=0.5, c=0.5), steps=50)
    assert r.f[-1] <= 0.5 and r.eta[-1] == 0.0
    low = run(Quadratic([1.0]), [2.0], Polyak(f_star=-0.5), steps=200)
    assert (low.f[1:] > low.f[:-1]).any()  # too low: overshoots for ever


@each("form", ["long", "short"])
def test_barzilai_and_borwein_are_inverse_rayleigh_quotients(form):
    r = run(BOWL, START, BarzilaiBorwein(0.05, form), steps=6, record_x=True)
    s = np.diff(r.x, axis=0)
    Hs = s @ BOWL.H
    rayleigh = (s * s).sum(1) / (s * Hs).sum(1) if form == "long" else (s * Hs).sum(1) / (Hs * Hs).sum(1)
    assert np.allclose(r.eta[1:], rayleigh[:-1], rtol=1e-6)
    assert (r.eta[1:] <= 1 / BOWL.mu + 1e-9).all() and (r.eta[1:] >= 1 / BOWL.L - 1e-9).all()


def test_the_long_step_is_the_exact_step_of_the_iterate_before():
    x = run(BOWL, START, BarzilaiBorwein(0.05), steps=6, record_x=True)
    g = BOWL.grad(x.x)
    exact = np.vecdot(g, g) / np.vecdot(g, g @ BOWL.H)
    assert np.allclose(x.eta[1:], exact[:5], rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_the_short_step_is_never_the_longer_one(seed):
    points, gradients = np.random.default_rng(seed).standard_normal((2, 2, 3))
    long, short = (fed(BarzilaiBorwein(0.3, form), gradients, points)[1, 0] for form in ("long", "short"))
    agree = np.diff(points, axis=0)[0] @ np.diff(gradients, axis=0)[0] > 0
    assert short <= long * (1 + 1e-12) if agree else short == long == 0.3


def test_the_guard_of_barzilai_and_borwein_keeps_the_last_rate():
    x = np.array([[0.0], [1.0], [2.0], [2.0]])
    g = np.array([[1.0], [3.0], [2.0], [2.0]])  # curvature 2, then -1, then no move
    assert fed(BarzilaiBorwein(0.1), g, x)[:, 0].tolist() == [0.1, 0.5, 0.5, 0.5]
    assert fed(BarzilaiBorwein(0.1, eta_max=0.3), g, x)[:, 0].tolist() == [0.1, 0.3, 0.3, 0.3]


# --- AdGD ------------------------------------------------------------------------------------------


def adgd_by_hand(problem, x0, eta0, steps, variant):
    x, eta, theta = np.array(x0), eta0, math.inf if variant == "2020" else 1 / 3
    g, rates = problem.grad(x), [eta0]
    for _ in range(steps - 1):
        x_new = x - eta * g
        g_new = problem.grad(x_new)
        L = np.linalg.norm(g_new - g) / np.linalg.norm(x_new - x)
        if variant == "2020":
            new = min(math.sqrt(1 + theta) * eta, 1 / (2 * L))
        else:
            excess = max(2 * eta**2 * L**2 - 1, 0)
            new = min(math.sqrt(2 / 3 + theta) * eta, eta / math.sqrt(excess) if excess else math.inf)
        x, g, eta, theta = x_new, g_new, new, new / eta
        rates.append(eta)
    return np.array(rates)


@each("variant", ["2020", "2023"])
@each("eta0", [1e-6, 0.05])
@each("problem, x0", [(BOWL, START), (Logistic([[1.0], [2.0], [-1.0]], [0, 1, 1], 0.1), [2.0])])
def test_adgd_is_the_written_algorithm(variant, eta0, problem, x0):
    ours = run(problem, x0, AdGD(eta0, variant), steps=60).eta
    assert np.allclose(ours, adgd_by_hand(problem, x0, eta0, 60, variant), rtol=1e-9)


@each("h", [0.5, 2.0, 30.0])
def test_adgd_on_a_parabola(h):
    assert np.allclose(run(Quadratic([h]), [1.0], AdGD(1e-8), steps=10).eta[1:], 1 / (2 * h), rtol=1e-6)


@each("variant, ratio", [("2020", GOLDEN), ("2023", (1 + math.sqrt(11 / 3)) / 2)])
def test_without_curvature_adgd_grows_by_the_root_of_its_own_recursion(variant, ratio):
    x = -np.cumsum(np.ones((60, 1)), axis=0)
    curved = np.where(np.arange(60)[:, None] == 0, 1.1, 1.0)  # seen once, so that theta is finite
    eta = fed(AdGD(0.1, variant), curved, x)[:, 0]
    assert np.allclose(eta[40:] / eta[39:-1], ratio, rtol=1e-6)


def test_adgd_needs_no_scale():
    """In other units of x and f the same path: the rates carry the units x^2/f."""
    plain = run(BOWL, START, AdGD(1e-3), steps=80, record_x=True)
    big = Function(lambda x: 1e6 * BOWL.f(x), lambda x: 1e6 * BOWL.grad(x), dim=2)
    scaled = run(big, START, AdGD(1e-9), steps=80, record_x=True)
    assert np.allclose(plain.x, scaled.x, rtol=1e-8, atol=1e-10)


# --- hypergradient, delta-bar-delta, RDBD ------------------------------------------------------------


def torch_f(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


@each("adam", [False, True])
def test_the_hypergradient_is_the_derivative_that_autograd_finds(adam):
    eta0, beta, steps = 1e-4, 1e-11 if not adam else 1e-8, 40
    direction = Adam() if adam else None
    r = run(
        Rosenbrock(), [-1.2, 1.0], Hypergradient(eta0, beta), *([direction] if adam else []), steps=steps,
        record_x=True,
    )  # fmt: skip
    for k in range(1, steps):
        # d_{k-1} from our own path; the derivative of f(x_{k-1} + eta d_{k-1}) in eta from torch
        d = torch.tensor((r.x[k] - r.x[k - 1]) / r.eta[k - 1])
        eta = torch.tensor(r.eta[k - 1], requires_grad=True)
        (slope,) = torch.autograd.grad(torch_f(torch.tensor(r.x[k - 1]) + eta * d), eta)
        assert r.eta[k] - r.eta[k - 1] == pytest.approx(-beta * float(slope), rel=1e-6, abs=1e-18)


def test_too_large_a_beta_diverges_and_a_small_one_does_not():
    assert run(BOWL, START, Hypergradient(0.01, 1e-2), steps=200).status == "diverged"
    assert run(BOWL, START, Hypergradient(0.01, 1e-5), steps=200).status == "running"


def test_a_rate_of_the_hypergradient_does_not_change_sign():
    eta = fed(Hypergradient(0.1, 1.0), np.array([[1.0], [-1.0], [-1.0], [1.0]]))[:, 0]
    assert eta.tolist() == [0.1, 0.0, 1.0, 0.0]


def test_delta_bar_delta_by_hand():
    g = np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [-3.0, -1.0, 2.0], [1.0, 0.0, 2.0], [0.1, 1.0, -9.0]])
    # the averages with theta = 1/2: (.5 .5 0), (.75 -.25 0), (-1.125 -.625 1), (-.0625 -.3125 1.5)
    expected = [
        [0.1, 0.1, 0.1],
        [0.15, 0.05, 0.1],
        [0.075, 0.1, 0.1],
        [0.0375, 0.1, 0.15],
        [0.01875, 0.05, 0.075],
    ]
    assert np.allclose(fed(DeltaBarDelta(0.1, kappa=0.05, phi=0.5, theta=0.5), g), expected, rtol=1e-14)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 0.9), st.floats(0, 0.95))
def test_delta_bar_delta_is_jacobs_rule(seed, kappa, phi, theta):
    gradients = np.random.default_rng(seed).standard_normal((30, 4))
    ours, rate, bar = (
        fed(DeltaBarDelta(0.3, kappa, phi, theta, eta_min=0.0), gradients),
        np.full(4, 0.3),
        [0.0] * 4,
    )
    for k, g in enumerate(gradients):
        for i in range(4):
            sign = bar[i] * g[i]
            rate[i] = rate[i] + kappa if sign > 0 else (1 - phi) * rate[i] if sign < 0 else rate[i]
            bar[i] = (1 - theta) * g[i] + theta * bar[i]
        assert np.allclose(ours[k], rate, rtol=1e-13)


def test_noise_alone_collapses_delta_bar_delta_to_its_floor():
    noise = RNG.standard_normal((400, 3))
    assert (fed(DeltaBarDelta(0.1, 1e-3, 0.3, 0.0, eta_min=1e-3), noise)[-50:].mean(0) < 0.01).all()
    assert np.allclose(fed(DeltaBarDelta(0.1, 0.0, 0.3, 0.0, eta_min=1e-3), noise)[-1], 1e-3)


def test_rdbd_adds_while_the_sign_stays_and_takes_back_when_it_turns():
    g = np.array([[1.0], [1.0], [2.0], [-1.0]])  # h = 0, 1, 2, -2
    eta = fed(RDBD(0.5, alpha=0.1), g)[:, 0]
    assert np.allclose(eta, [0.5, 0.6, 0.8, 0.6], rtol=1e-14)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_rdbd_moves_by_alpha_h_or_back_to_the_rate_before(seed):
    g = np.random.default_rng(seed).standard_normal((20, 3)) * 0.1
    eta, h = fed(RDBD(1.0, alpha=0.5), g)[:, 0], np.r_[0.0, np.vecdot(g[1:], g[:-1])]
    for k in range(1, 20):
        if h[k] * h[k - 1] >= 0:
            assert eta[k] - eta[k - 1] == pytest.approx(0.5 * h[k], abs=1e-14)
        elif h[k - 1] * h[max(k - 2, 0)] >= 0:  # the change before was one, not an undoing
            assert eta[k] == pytest.approx(eta[k - 2], abs=1e-14)


# --- vSGD -------------------------------------------------------------------------------------------


def test_vsgd_with_known_moments_is_the_best_rate_of_the_next_step():
    """(E g)^2/(h E g^2) for samples with exact moments: g = h (theta + 1), h (theta - 1), equally often."""
    h, theta = np.array([2.0, 5.0]), np.array([1.5, 0.3])
    samples = h * (theta + np.array([[1.0], [-1.0]] * 5))
    eta = fed(VSGD(warm=10), samples, problem=Quadratic(h))[9]
    assert np.allclose(eta, theta**2 / (h * (theta**2 + 1)), rtol=1e-12)
    loss = [0.5 * h * ((1 - e * h) ** 2 * theta**2 + (e * h) ** 2) for e in (eta, eta * 1.01, eta * 0.99)]
    assert (loss[0] < loss[1]).all() and (loss[0] < loss[2]).all()


def vsgd_by_hand(g, h, warm, slow, blocks):
    """The listing, coordinate by coordinate, with lists."""
    d, rates = g.shape[1], []
    m, v, c = list(g[:warm].mean(0)), list((g[:warm] ** 2).mean(0) * slow), [abs(a) * slow for a in h]
    tau = [float(warm)] * d
    for k in range(warm - 1, len(g)):
        if k >= warm:
            for i in range(d):
                m[i] += (g[k, i] - m[i]) / tau[i]
                v[i] += (g[k, i] ** 2 - v[i]) / tau[i]
                c[i] += (abs(h[i]) - c[i]) / tau[i]
        eta = [0.0] * d
        for block in blocks:
            share = sum(m[i] ** 2 for i in block) / sum(v[i] for i in block)
            for i in block:
                eta[i] = share / max(c[j] for j in block)
                tau[i] = (1 - share) * tau[i] + 1
        rates.append(eta)
    return np.array(rates)


@each(
    "rule, blocks",
    [
        (VSGD(warm=4, slow=3.0), [[0], [1], [2]]),
        (VSGD("block", warm=4, slow=2.0, blocks=(2, 1)), [[0, 1], [2]]),
        (VSGD("global", warm=5), [[0, 1, 2]]),
    ],
    ids=repr,
)
def test_vsgd_is_its_listing(rule, blocks):
    h = np.array([1.0, 4.0, -2.0])
    g = RNG.standard_normal((60, 3)) + 0.4
    ours = fed(rule, g, problem=Quadratic(h))
    assert not ours[: rule.warm - 1].any()
    assert np.allclose(ours[rule.warm - 1 :], vsgd_by_hand(g, h, rule.warm, rule.slow, blocks), rtol=1e-11)


def test_a_memory_of_one_is_absorbing():
    """At tau = 1 the averages are the last sample, the rate is 1/h and x copies the last noise, for ever."""
    problem = NoisyQuadratic([2.0], sigma=1.0)
    stuck = run(problem, [3.0], VSGD(warm=1), steps=300, record_x=True)
    noise = np.array([problem.noise(k, (1,)) for k in range(300)])
    assert np.allclose(stuck.eta, 0.5, rtol=1e-9) and np.allclose(stuck.x[1:], -noise / 2, atol=1e-9)
    free = run(problem, [3.0], VSGD(warm=1, tau_min=2.0), steps=300)
    assert free.eta[-100:].mean() < 0.2


def test_vsgd_settles_below_the_noise_ball_of_the_newton_rate():
    starts = np.full((200, 1), 2.0)
    problem = NoisyQuadratic([2.0], sigma=1.0)
    adaptive = run(problem, starts, VSGD(warm=20), steps=600).f[-100:].mean()
    constant = run(problem, starts, 0.5, steps=600).f[-100:].mean()
    assert adaptive < 0.2 * constant


def test_vsgd_without_curvature_is_told():
    plain = Function(lambda x: (x**2).sum(-1), lambda x: 2 * x, dim=1)
    with pytest.raises(TypeError, match="hess_diag"):
        run(plain, [1.0], VSGD(), steps=3)


# --- stochastic Armijo, DoG, D-Adaptation, plateau, averages --------------------------------------------

X = RNG.standard_normal((24, 3))
DATA = Minibatches(Logistic(X, (X[:, 0] > 0).astype(int)), size=4, seed=3)


@each("reset", ["grow", "start", "none"])
def test_stochastic_armijo_holds_on_the_batch_of_the_step(reset):
    rule = StochasticArmijo(0.3, 0.8, 5.0, reset, steps_per_epoch=DATA.steps_per_epoch)
    r = run(DATA, np.zeros(3), rule, steps=60, record_x=True)
    before = 5.0
    for k, (x, eta) in enumerate(zip(r.x, r.eta, strict=False)):
        batch, first = DATA.at(k), {"grow": before * 2 ** (1 / 6), "start": 5.0, "none": before}[reset]
        g = batch.grad(x)
        first = min(first, 10.0)
        tries = [
            t for t in first * 0.8 ** np.arange(101) if batch.f(x - t * g) <= batch.f(x) - 0.3 * t * g @ g
        ]
        assert eta == pytest.approx(tries[0], rel=1e-12)
        before = eta
    assert (r.evaluations >= 1).all()


@each("c1", [0.1, 0.5, 0.7])
def test_a_stochastic_armijo_step_is_as_long_as_smoothness_allows(c1):
    r = run(Quadratic([4.0]), [1.0], StochasticArmijo(c1, 0.9), steps=20)
    eta, longest = r.eta[r.eta > 0], 2 * (1 - c1) / 4  # 0 once |g| < 1e-8
    assert (eta <= longest * (1 + 1e-9)).all() and (eta >= 0.9 * longest).all() and eta.size > 5


def test_a_gradient_of_nothing_is_not_searched():
    r = run(Quadratic([1.0]), [[0.9e-8], [1.1e-8]], StochasticArmijo(), steps=1)
    assert r.evaluations[0, 0] == 0 and r.eta[0, 0] == 0.0 and r.evaluations[0, 1] > 0


def test_a_batch_on_which_nothing_helps_gets_the_fallback():
    cliff = Function(lambda x: np.where(x[..., 0] == 1.0, 0.0, np.inf), lambda x: x, dim=1)
    eta, _ = StochasticArmijo(fallback=1e-4)(
        0, Point(0, cliff, np.array([1.0]), np.array([1.0]), np.array(True)), -np.array([1.0]), np.array(1.0)
    )
    assert eta.tolist() == [1e-4]


def test_d_adaptation_estimates_from_below():
    for x0 in ([3.0, -2.0], [30.0, 5.0]):
        r = run(BOWL, x0, DAdaptation(1e-3), steps=400)
        estimate = r.eta * np.linalg.norm(BOWL.grad(np.array(x0)))
        assert (np.diff(estimate) >= 0).all() and estimate[-1] <= np.linalg.norm(x0 - BOWL.x_star)


def test_dog_measures_the_farthest_distance():
    r = run(BOWL, START, DoG(0.1), steps=50, record_x=True)
    away = np.linalg.norm(r.x - r.x[0], axis=-1)
    far = np.maximum(np.maximum.accumulate(away), 0.1 * (1 + np.linalg.norm(START)))[:-1]
    g = BOWL.grad(r.x[:-1])
    assert np.allclose(r.eta, far / np.sqrt(np.cumsum((g * g).sum(-1)) + 1e-8), rtol=1e-12)


@each("convention", ["torch", "keras"])
def test_the_plateau_rule_is_the_plateau_of_the_recorded_f(convention):
    plateau = Plateau(0.3, factor=0.5, patience=2, convention=convention)
    starts = RNG.standard_normal((4, 2)) * 3
    r = run(BOWL, starts, OnPlateau(plateau), steps=120)
    for row in range(4):
        assert np.array_equal(r.eta[:, row], plateau.rates(r.f[:-1, row])[:-1])
    assert (r.eta[-1] < 0.3).all()


def test_a_plateau_over_epochs_sees_their_means():
    plateau = Plateau(0.01, factor=0.5, patience=1, atol=0.1)  # with atol, a sum is not a mean
    r = run(BOWL, START, OnPlateau(plateau, every=5), steps=100)
    means = r.f[:-1].reshape(20, 5).mean(1)
    assert np.allclose(r.eta[::5], plateau.rates(means)[:-1]) and len(np.unique(r.eta)) > 2
    assert (r.eta.reshape(20, 5) == r.eta[::5, None]).all()


def test_the_mean_of_the_iterates_of_a_flipping_run_is_the_minimum():
    r = run(Quadratic([1.0]), [1.0], 2.0, Averaged(), steps=99)
    assert abs(r.x_last[0]) < 1e-14 and run(Quadratic([1.0]), [1.0], 2.0, steps=99).x_last[0] == -1.0


def test_averages_keep_the_effective_rate_of_their_direction():
    own = run(BOWL, START, 0.1, Averaged(Adam()), steps=5, record_rate=True)
    assert np.array_equal(own.rate, run(BOWL, START, 0.1, Adam(), steps=5, record_rate=True).rate)


def test_the_average_of_newton_steps_has_no_rate_to_record():
    with pytest.raises(ValueError, match="no rate of each coordinate"):
        run(BOWL, START, 1.0, Averaged(Newton()), steps=2, record_rate=True)


def test_averaging_reaches_the_variance_of_the_best_rate():
    """T Var(mean) tends to sigma^2/h^2 whatever the constant of a rate k^-0.6."""
    starts, h, steps = np.zeros((400, 1)), 0.5, 4000
    r = run(NoisyQuadratic([h]), starts, lambda k: (1.0 + k) ** -0.6, Averaged(), steps=steps, every=steps)
    assert steps * (r.x_last**2).mean() == pytest.approx(1 / h**2, rel=0.25)


def test_schedule_free_at_nearly_one_is_a_gradient_at_the_average():
    r = run(BOWL, START, 1.0, ScheduleFree(0.05, 1 - 1e-9), steps=10, record_x=True)
    x = z = np.array(START)
    for k in range(10):
        z = z - 0.05 * BOWL.grad(x)
        x = x + (z - x) / (k + 1)
        assert np.allclose(r.x[k + 1], x, atol=1e-7)
