"""The claims of chapter 06: closed forms, all orders by enumeration, worst cases, and torch as an oracle."""

from itertools import permutations

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from lrcore import problems, schedules


def torch_rates(make, n, lr=1.0, change=None):
    """The rates in force at n updates; ``change(k, group)`` may meddle before update k."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler, rates = make(optimizer), []
    for k in range(n):
        if change:
            change(k, optimizer.param_groups[0])
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(rates)


# --- why decay ------------------------------------------------------------------------


@pytest.mark.claim("claim-06-order")
def test_falling_is_the_best_order():
    rates, curvatures, start = (1.3, 0.7, 0.7, 0.4, 0.1), [0.05, 0.6, 1.4], [3.0, 1.0, -2.0]
    bowl = problems.NoisyQuadratic(curvatures, sigma=[0.3, 0.2, 0.5])
    loss, means = {}, []
    for order in permutations(rates):
        mean, _ = bowl.moments(start, np.array(order))
        means.append(mean[-1])
        loss[order] = bowl.expected_f(start, np.array(order))[-1]
    np.testing.assert_allclose(means, np.broadcast_to(means[0], np.shape(means)), rtol=1e-12)
    assert loss[rates] == min(loss.values())
    assert loss[rates[::-1]] == max(loss.values())
    # Each swap of neighbours changes the loss by what the theorem says, exactly.
    for order in permutations(rates):
        for i in range(len(rates) - 1):
            a, b = order[i : i + 2]
            swapped = (*order[:i], b, a, *order[i + 2 :])
            lam = bowl.eigenvalues
            later = np.prod([(1 - eta * lam) ** 2 for eta in order[i + 2 :]], axis=0)
            change = 0.5 * np.sum(lam * bowl.sigma**2 * later * -2 * lam * a * b * (a - b))
            assert loss[order] - loss[swapped] == pytest.approx(change, abs=1e-14)


# --- travel ---------------------------------------------------------------------------


@pytest.mark.claim("claim-06-travel")
@pytest.mark.parametrize("T", [2, 7, 100])
def test_travel_is_the_area_under_the_curve(T):
    k, eta0, alpha, t0, p, gamma = np.arange(T), 0.3, 0.1, 4.0, 2.5, 0.95
    areas = [  # schedule, integral of its curve from 0 to T
        (schedules.Constant(eta0), T),
        (schedules.Linear(eta0, T), T / 2),
        (schedules.Cosine(eta0, T), T / 2),
        (schedules.Polynomial(eta0, T, power=p), T / (p + 1)),
        (schedules.InverseTime(eta0, alpha), np.log(1 + alpha * T) / alpha),
        (schedules.InverseSqrt(eta0, t0), 2 * t0 * (np.sqrt(1 + T / t0) - 1)),
        (schedules.Exponential(eta0, gamma), (1 - gamma**T) / -np.log(gamma)),
    ]
    for schedule, area in areas:
        assert eta0 * area * (1 - 1e-12) <= schedule(k).sum() <= eta0 * (area + 1), schedule
    line, wave = schedules.Linear(eta0, T)(k), schedules.Cosine(eta0, T)(k)
    assert line.sum() == pytest.approx(eta0 * (T + 1) / 2, rel=1e-12)
    assert wave.sum() == pytest.approx(eta0 * (T + 1) / 2, rel=1e-12)
    assert (line**2).sum() == pytest.approx(eta0**2 * (T + 1) * (2 * T + 1) / (6 * T), rel=1e-12)
    assert (wave**2).sum() == pytest.approx(eta0**2 * (3 * T / 8 + 1 / 2), rel=1e-12)


@pytest.mark.claim("claim-06-stall")
@pytest.mark.parametrize("eta0, gamma, lam", [(0.1, 0.95, 1.0), (0.5, 0.5, 1.5), (0.02, 0.99, 3.0)])
def test_a_finite_travel_stops_short(eta0, gamma, lam):
    rates = schedules.Exponential(eta0, gamma)(np.arange(20_000))
    travel = eta0 / (1 - gamma)
    assert rates.sum() == pytest.approx(travel, rel=1e-12)
    share = np.prod(1 - lam * rates)
    assert np.exp(-lam * travel / (1 - eta0 * lam)) < share < np.exp(-lam * travel)
    if (eta0, gamma, lam) == (0.1, 0.95, 1.0):
        assert share == pytest.approx(0.12825, abs=5e-6)
    # Small rates: both bounds close in on it, so that neither constant can be another.
    tiny = np.prod(1 - 1e-6 * schedules.Exponential(1.0, gamma)(np.arange(20_000)))
    assert -np.log(tiny) * (1 - gamma) / 1e-6 == pytest.approx(1, rel=1e-5)


# --- families -------------------------------------------------------------------------


@pytest.mark.claim("claim-06-staircase")
@pytest.mark.parametrize("gamma", [0.1, 0.5])
@pytest.mark.parametrize("S", [1, 3, 10, 1000])
def test_the_staircase_and_the_slide(S, gamma):
    k, eta0, n = np.arange(60 * S), 0.8, 4
    stairs = schedules.Step(eta0, every=S, gamma=gamma)(k)
    slide = schedules.Exponential(eta0, gamma, every=S)(k)
    assert (slide <= stairs * (1 + 1e-12)).all() and (stairs < slide / gamma).all()
    assert stairs.sum() == pytest.approx(eta0 * S / (1 - gamma), rel=1e-12)
    share = (1 - gamma) / (S * (1 - gamma ** (1 / S)))
    assert slide.sum() / stairs.sum() == pytest.approx(share, rel=1e-9) and share <= 1 + 1e-12
    if S == 1000:
        assert share == pytest.approx((1 - gamma) / np.log(1 / gamma), rel=2e-3)
    early = eta0 * gamma ** np.floor((1 + k) / S)  # as in the tutorials
    np.testing.assert_allclose(schedules.Step(eta0, every=S, gamma=gamma, offset=1)(k), early, rtol=1e-14)
    assert np.flatnonzero(early < eta0)[0] == S - 1
    lost = stairs[: n * S].sum() - early[: n * S].sum()
    assert lost == pytest.approx(eta0 * (1 - gamma**n), rel=1e-12)
    np.testing.assert_allclose(torch_rates(lambda o: lr_scheduler.StepLR(o, S, gamma), 3 * S, lr=eta0),
                               stairs[: 3 * S], rtol=1e-12)  # fmt: skip


@pytest.mark.claim("claim-06-half-life")
def test_half_lives():
    for eta0, kappa in ((1.0, 0.05), (2.0, 0.1)):
        smooth = schedules.Exponential.with_kappa(eta0, kappa)
        half = np.log(2) / kappa
        assert smooth.half_life == pytest.approx(half, rel=1e-12)
        k = np.arange(2000)
        rates = eta0 * np.exp(-kappa * k)
        np.testing.assert_allclose(smooth(k), rates, rtol=1e-10)
        for m in (1, 10, 50):
            assert rates[:m].sum() / rates.sum() == pytest.approx(1 - np.exp(-kappa * m), rel=1e-12)
        # In whole steps: half of the way is made at the step that ends the first half-life.
        assert np.searchsorted(np.cumsum(rates), rates.sum() / 2) + 1 == np.ceil(half)
        assert (
            np.searchsorted(np.cumsum(rates), 0.9 * rates.sum())
            == np.searchsorted(-rates, -rates[0] / 10) - 1
        )
    for factor, n in ((100, 50), (10, 7)):
        gamma = factor ** (-1 / n)
        assert schedules.Exponential(0.1, gamma)(n) == pytest.approx(0.1 / factor, rel=1e-12)
        assert schedules.Exponential.with_kappa(0.1, np.log(factor) / n).gamma == pytest.approx(
            gamma, rel=1e-12
        )


@pytest.mark.claim("claim-06-inverse-time")
@pytest.mark.parametrize("eta0, alpha", [(1.0, 0.1), (0.3, 2.0)])
def test_hyperbolic_not_geometric(eta0, alpha):
    rates = schedules.InverseTime(eta0, alpha)(np.arange(100_001))
    k = np.arange(100_000)
    ratio = rates[1:] / rates[:-1]
    np.testing.assert_allclose(ratio, 1 - alpha / (1 + alpha * (k + 1)), rtol=1e-12)
    assert (np.diff(ratio[:1000]) > 0).all() and 1 - ratio[-1] < 2e-5
    if (eta0, alpha) == (1.0, 0.1):
        np.testing.assert_allclose(ratio[[0, 10, 100]], [0.9091, 0.9524, 0.9910], atol=5e-5)
    fine = schedules.InverseTime(eta0, alpha / 1000)  # so that halvings are at whole steps
    for j in range(6):
        assert fine(round((2**j - 1) * 1000 / alpha)) == pytest.approx(eta0 / 2**j, rel=1e-12)
    np.testing.assert_allclose(rates, eta0 / alpha / (np.arange(100_001) + 1 / alpha), rtol=1e-12)
    same_c = schedules.InverseTime(2 * eta0, 2 * alpha)(100_000)
    assert same_c == pytest.approx(rates[-1], rel=1e-3)
    grows = [rates[: 10**n].sum() for n in (3, 4, 5)]
    assert np.diff(grows) == pytest.approx(eta0 / alpha * np.log(10), rel=0.02)


@pytest.mark.claim("claim-06-linear-optimal")
def test_linear_decay_makes_the_last_point_optimal():
    G, R = 3.0, 2.0

    def line(N):
        return R / G * (N - np.arange(N)) / (N + 1) ** 1.5

    # A function that reveals one new coordinate at a time: the bound is met, exactly, by linear decay...
    for N in (1, 3, 10):
        bound, offset = G * R / np.sqrt(N + 1), R + R / np.sqrt(N + 1)
        x, seen = np.zeros(N + 1), []
        for eta in line(N):
            parts = np.append(x, np.linalg.norm(x) - offset)
            new = [i for i in np.flatnonzero(parts[:-1] == parts.max()) if i not in seen]
            i = new[0] if new else int(parts.argmax())
            seen.append(i)
            assert i <= N
            x = x - eta * G * np.eye(N + 1)[i]
        f = G * max(x.max(), np.linalg.norm(x) - offset)
        assert f + bound == pytest.approx(bound, rel=1e-12)
        best = np.full(N + 1, -R / np.sqrt(N + 1))  # where f is -bound, at the distance R
        assert G * max(best.max(), np.linalg.norm(best) - offset) == pytest.approx(-bound, rel=1e-12)

    # ...and on no random cone is it worse, while on some steps of other sizes or of one size are.
    assert 0.85 < worst_cone(line(1), G, R) <= 1 and 0.75 < worst_cone(line(2), G, R) <= 1
    for wrong in (0.7, 1.5):
        assert worst_cone(wrong * line(1), G, R) > 1.03
    assert worst_cone(0.5 * line(2), G, R) > 1.1
    assert worst_cone(line(8), G, R) <= 1 < worst_cone(np.full(8, R / G / 3), G, R) - 0.02


def worst_cone(rates, G, R, trials=20_000):
    """The largest gap after these steps, in units of the bound, on maxima of linear functions least at 0."""
    rng, worst = np.random.default_rng(1), 0.0
    for d in (1, 2, 3):
        slopes = rng.standard_normal((trials, 4, d))
        slopes *= G * (rng.random((trials, 4)) ** 0.3 / np.linalg.norm(slopes, axis=2))[..., None]
        mix = -np.einsum("tm,tmd->td", rng.dirichlet(np.ones(3), trials), slopes[:, :3])
        length = np.linalg.norm(mix, axis=1)  # with the opposite of a mean of the others, 0 is a minimum
        slopes[:, 3] = mix * np.where(rng.random(trials) < 0.5, 1, G / length)[:, None]
        x = rng.standard_normal((trials, d))
        x *= R * (rng.random(trials) ** 0.3 / np.linalg.norm(x, axis=1))[:, None]
        for eta in rates:
            steepest = np.einsum("tmd,td->tm", slopes, x).argmax(1)
            x = x - eta * slopes[np.arange(trials), steepest]
        gap = np.einsum("tmd,td->tm", slopes, x).max(1)
        worst = max(worst, gap.max() / (G * R / np.sqrt(len(rates) + 1)))
    return worst


@pytest.mark.claim("claim-06-last-rate")
@pytest.mark.parametrize("T", [10, 100, 1000])
def test_what_a_run_sees(T):
    top, floor = 0.1, 0.001
    for p in (1, 2, 0.5):
        last = schedules.Polynomial(top, T, power=p, eta_end=floor)(T - 1)
        assert (last - floor) / (top - floor) == pytest.approx(T**-p, rel=1e-9)
    share = (schedules.Cosine(top, T, eta_min=floor)(T - 1) - floor) / (top - floor)
    assert share == pytest.approx(np.sin(np.pi / (2 * T)) ** 2, rel=1e-6)
    assert share * T**2 == pytest.approx(np.pi**2 / 4, rel=0.01)
    rates = schedules.MultiStep(top, [T // 3, 2 * T // 3, T])(np.arange(T))
    assert len(set(rates)) == 3  # the milestone at T never acts
    if T == 100:
        assert schedules.Cosine(top, T, eta_min=floor)(T - 1) == pytest.approx(0.00102443, abs=5e-9)


@pytest.mark.claim("claim-06-cosine")
@pytest.mark.parametrize("T", [10, 51])
def test_the_wave(T):
    eta0, floor, k = 0.8, 0.2, np.arange(2 * T + 1)
    wave = torch_rates(lambda o: lr_scheduler.CosineAnnealingLR(o, T, eta_min=floor), 4 * T + 1, lr=eta0)
    formula = floor + 0.5 * (eta0 - floor) * (1 + np.cos(np.pi * np.arange(4 * T + 1) / T))
    np.testing.assert_allclose(wave, formula, atol=1e-12)
    np.testing.assert_allclose(
        schedules.Cosine(eta0, T, floor, after="mirror")(k), formula[: 2 * T + 1], atol=1e-12
    )
    first = wave[: T + 1]
    np.testing.assert_allclose(first + first[::-1], eta0 + floor, atol=1e-12)
    above = first - schedules.Linear(eta0, T, eta_end=floor)(np.arange(T + 1))
    assert (above[1 : (T + 1) // 2] > 0).all() and (above[T // 2 + 1 : T] < 0).all()
    np.testing.assert_allclose(wave[T : 2 * T + 1], first[::-1], atol=1e-12)
    np.testing.assert_allclose(wave[2 * T :], wave[: 2 * T + 1], atol=1e-12)
    s = np.linspace(0, 1, 100_001)
    slopes = np.diff(np.cos(np.pi * s) / 2) / np.diff(s)
    assert -slopes.min() == pytest.approx(np.pi / 2, rel=1e-6) and abs(s[slopes.argmin()] - 0.5) < 1e-3
    negative = torch_rates(lambda o: lr_scheduler.CosineAnnealingLR(o, -T), T, lr=eta0)
    np.testing.assert_allclose(negative, schedules.Cosine(eta0, T)(np.arange(T)), atol=1e-12)


# --- mechanics ------------------------------------------------------------------------


@pytest.mark.claim("claim-06-memory")
def test_schedulers_that_multiply_remember():
    def halve(k, group):
        group["lr"] *= 0.5 if k == 10 else 1.0

    remember = {
        "step": lambda o: lr_scheduler.StepLR(o, 20, 0.5),
        "multistep": lambda o: lr_scheduler.MultiStepLR(o, [15, 30]),
        "exponential": lambda o: lr_scheduler.ExponentialLR(o, 0.95),
        "polynomial": lambda o: lr_scheduler.PolynomialLR(o, 100, 2),
        "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, 50),
    }
    for make in remember.values():
        ratio = torch_rates(make, 50, change=halve) / torch_rates(make, 50)
        np.testing.assert_allclose(ratio, np.where(np.arange(50) < 10, 1.0, 0.5), rtol=1e-9)
    computes = lambda o: lr_scheduler.LambdaLR(o, lambda k: 0.95**k)  # noqa: E731
    ratio = torch_rates(computes, 50, change=halve) / torch_rates(computes, 50)
    np.testing.assert_allclose(ratio, np.where(np.arange(50) == 10, 0.5, 1.0), rtol=1e-12)
    # Cosine: the quotient, and the end of the memory at T.
    T, floor, k = 50, 0.1, np.arange(49)
    above = schedules.Cosine(1.0, T, eta_min=floor)(np.arange(T)) - floor
    quotient = (1 + np.cos(np.pi * (k + 1) / T)) / (1 + np.cos(np.pi * k / T))
    np.testing.assert_allclose(above[1:] / above[:-1], quotient, rtol=1e-9)
    long, meddled = (torch_rates(remember["cosine"], 60, change=c) for c in (None, halve))
    assert abs(meddled[T]) < 1e-15
    np.testing.assert_allclose(meddled[T + 2 :], long[T + 2 :], rtol=1e-6)


@pytest.mark.claim("claim-06-forgetting")
@pytest.mark.parametrize("eta, lam, D", [(1.0, 1.0, 10), (0.5, 0.3, 40), (0.9, 0.05, 30)])
def test_noise_is_forgotten_by_travel(eta, lam, D):
    rates = eta * (1 - np.arange(D) / D)
    travel = rates.sum()
    assert travel == pytest.approx(eta * (D + 1) / 2, rel=1e-12)
    bowl = problems.NoisyQuadratic([lam], sigma=0.7)
    at_rest = np.sqrt(bowl.stationary(eta)[0])
    before = bowl.moments([at_rest], rates)[1][-1, 0] - bowl.moments([0.0], rates)[1][-1, 0]
    kept = before / at_rest**2
    assert kept <= np.exp(-2 * lam * travel) < np.exp(-lam * eta * D)
    # The exponent is no other: for small rates the bound is met.
    small = bowl.moments([1.0], rates / 1000)[1][-1, 0] - bowl.moments([0.0], rates / 1000)[1][-1, 0]
    assert -np.log(small) == pytest.approx(2 * lam * travel / 1000, rel=1e-3)
