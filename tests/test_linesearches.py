"""Line searches: their conditions, closed forms on quadratics, and optax and SciPy as oracles."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import scipy.optimize
from three_problems import LOGISTIC, QUADRATIC, ROSENBROCK

from lrcore.linesearches import (
    Backtracking,
    Exact,
    Goldstein,
    Wolfe,
    armijo,
    curvature,
    goldstein,
    strong_curvature,
)
from lrcore.problems import BoydExp, Quadratic

BOYD = BoydExp()
PROBLEMS = {"quadratic": QUADRATIC, "rosenbrock": ROSENBROCK, "logistic": LOGISTIC, "boyd": BOYD}
SEARCHES = [Backtracking(), Backtracking(0.3, 0.5), Exact(), Goldstein(), Goldstein(0.4), Wolfe()]
ids = pytest.mark.parametrize


def line(problem, x, d):
    """phi, phi', phi(0), phi'(0) along d."""

    def phi(t):
        return problem.f(x + np.asarray(t)[..., None] * d)

    def dphi(t):
        return np.vecdot(problem.grad(x + np.asarray(t)[..., None] * d), d)

    return phi, dphi, problem.f(x), np.vecdot(problem.grad(x), d)


def starts(problem, n=20, seed=3):
    x = np.random.default_rng(seed).standard_normal((n, problem.dim))
    return x, -problem.grad(x)


def searched(search, problem, x, d, t0=1.0):
    phi, dphi, phi0, dphi0 = line(problem, x, d)
    return search(phi, dphi, t0, phi0, dphi0)


# --- the conditions on a quadratic, where every interval is known ----------------------------------------
@ids("c1", [1e-4, 0.1, 0.3, 0.5, 0.7])
def test_armijo_accepts_up_to_twice_what_it_leaves_of_the_exact_step(c1):
    phi, _, phi0, dphi0 = line(QUADRATIC, x := np.array([3.0, -2.0]), d := -QUADRATIC.grad(x))
    exact = d @ d / (d @ QUADRATIC.H @ d)
    t = np.linspace(0.01, 2.5, 250) * exact
    assert np.array_equal(armijo(phi(t), t, phi0, dphi0, c1), t <= 2 * (1 - c1) * exact)


@ids("c", [0.1, 0.25, 0.45])
def test_goldstein_accepts_an_interval_around_the_exact_step(c):
    phi, _, phi0, dphi0 = line(QUADRATIC, x := np.array([3.0, -2.0]), d := -QUADRATIC.grad(x))
    t = np.linspace(0.013, 2.5, 250) * (exact := d @ d / (d @ QUADRATIC.H @ d))
    accepted = goldstein(phi(t), t, phi0, dphi0, c)
    assert np.array_equal(accepted, (t >= 2 * c * exact) & (t <= 2 * (1 - c) * exact))


@ids("c2", [0.1, 0.9])
def test_curvature_conditions_bound_the_step_from_below_and_from_both_sides(c2):
    _, dphi, _, dphi0 = line(QUADRATIC, x := np.array([3.0, -2.0]), d := -QUADRATIC.grad(x))
    t = np.linspace(0.013, 2.5, 250) * (exact := d @ d / (d @ QUADRATIC.H @ d))
    assert np.array_equal(curvature(dphi(t), dphi0, c2), t >= (1 - c2) * exact)
    assert np.array_equal(strong_curvature(dphi(t), dphi0, c2), np.abs(1 - t / exact) <= c2)


# --- backtracking against optax ------------------------------------------------------------------
def in_jax(name):
    H, x_star = QUADRATIC.H, QUADRATIC.x_star
    signed = jnp.asarray(LOGISTIC.X * LOGISTIC._signs[:, None])
    rows = jnp.asarray([[1.0, 3.0], [1.0, -3.0], [-1.0, 0.0]])
    return {
        "quadratic": lambda x: 0.5 * (x - x_star) @ H @ (x - x_star),
        "rosenbrock": lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
        "logistic": lambda w: jax.nn.softplus(-signed @ w).mean() + 0.05 * w @ w,
        "boyd": lambda x: jnp.exp(rows @ x - 0.1).sum(),
    }[name]


def lrcore_steps(problem, x, search, steps):
    made = []
    for _ in range(steps):
        d = -problem.grad(x)
        found = searched(search, problem, x, d)
        x = x + found.t * d
        made.append(float(found.t))
    return made


@ids(
    "name, c1, shrink",
    [("quadratic", 0.1, 0.7), ("rosenbrock", 1e-4, 0.5), ("logistic", 0.5, 0.8), ("boyd", 0.3, 0.7)],
)
def test_backtracking_equals_optax(name, c1, shrink):
    jax.config.update("jax_enable_x64", True)
    f, problem, steps = in_jax(name), PROBLEMS[name], 25
    x0 = np.array([-1.0, 1.0, 0.5][: problem.dim])
    search = optax.scale_by_backtracking_linesearch(
        100, slope_rtol=c1, decrease_factor=shrink, increase_factor=np.inf, max_learning_rate=1.0
    )

    def step(carry, _):
        x, state = carry
        value, g = jax.value_and_grad(f)(x)
        u, state = search.update(-g, state, x, value=value, grad=g, value_fn=f)
        return (x + u, state), state.learning_rate

    x = jnp.asarray(x0)
    _, by_optax = jax.jit(lambda x: jax.lax.scan(step, (x, search.init(x)), length=steps))(x)
    own = lrcore_steps(problem, x0, Backtracking(c1, shrink), steps)
    assert own == pytest.approx(np.asarray(by_optax).tolist(), rel=1e-12)


@ids("c1, shrink", [(0.1, 0.7), (0.5, 0.5), (0.9, 0.3)])
def test_backtracking_never_goes_below_the_step_that_smoothness_allows(c1, shrink):
    x = 5 * starts(LOGISTIC, 200)[0]
    found = searched(Backtracking(c1, shrink), LOGISTIC, x, -LOGISTIC.grad(x), t0=1e3)
    assert found.ok.all() and (found.t >= shrink * 2 * (1 - c1) / LOGISTIC.L).all()


# --- exact search ----------------------------------------------------------------------------------------
@ids("t0", [1e-3, 1.0, 1e3])
def test_exact_search_is_the_closed_form_on_quadratics(t0):
    x, d = starts(QUADRATIC)
    found = searched(Exact(), QUADRATIC, x, d, t0)
    closed = np.vecdot(d, d) / np.einsum("...i,ij,...j", d, QUADRATIC.H, d)
    assert found.ok.all() and np.allclose(found.t, closed, rtol=1e-12, atol=0)


@ids("name", ["logistic", "boyd"])
def test_exact_search_equals_scipy_on_convex_lines(name):
    problem = PROBLEMS[name]
    x, d = starts(problem, 12)
    found = searched(Exact(), problem, x, d)
    for i in range(12):
        phi, dphi, *_ = line(problem, x[i], d[i])
        by_scipy = scipy.optimize.brentq(dphi, 0, 1e3 if name == "logistic" else 10 * found.t[i], xtol=1e-14)
        assert found.t[i] == pytest.approx(by_scipy, rel=1e-9)


def test_exact_search_from_the_worst_start_loses_the_known_factor():
    bowl, x = Quadratic([1.0, 10.0]), np.array([10.0, 1.0])
    for _ in range(5):
        f, d = bowl.f(x), -bowl.grad(x)
        x = x + searched(Exact(), bowl, x, d).t * d
        assert bowl.f(x) / f == pytest.approx((9 / 11) ** 2, rel=1e-9)


# --- Wolfe -----------------------------------------------------------------------------------------------
@ids("c1, c2", [(1e-4, 0.9), (0.1, 0.5), (0.3, 0.4)])
@ids("name", PROBLEMS)
def test_wolfe_meets_both_conditions_and_is_scipys_step(name, c1, c2):
    problem = PROBLEMS[name]
    x, d = starts(problem, 8)
    phi, dphi, phi0, dphi0 = line(problem, x, d)
    found = Wolfe(c1, c2)(phi, dphi, 1.0, phi0, dphi0)
    for i in np.flatnonzero(found.ok):
        own = line(problem, x[i], d[i])
        assert armijo(own[0](found.t[i]), found.t[i], phi0[i], dphi0[i], c1 * (1 - 1e-9))
        assert strong_curvature(own[1](found.t[i]), dphi0[i], c2 * (1 + 1e-9))
        direct = scipy.optimize.line_search(problem.f, problem.grad, x[i], d[i], c1=c1, c2=c2, maxiter=50)[0]
        assert found.t[i] == pytest.approx(direct, rel=1e-9)
    assert found.ok.mean() > 0.7


# --- Boyd and Vandenberghe's example ---------------------------------------------------------------------
@ids(
    "x0, backtracking, exact",
    [((-1, 1), 29, 11), ((1, 1), 28, 16), ((-2, 1), 27, 21), ((0.1, 0.1), 24, 24)],
)
def test_iterations_on_the_three_exponentials(x0, backtracking, exact):
    for search, count in ((Backtracking(0.1, 0.7), backtracking), (Exact(), exact)):
        x, last, made, turns = np.array(x0, float), None, 0, []
        while BOYD.f(x) - BOYD.f_star > 1e-10:
            d = -BOYD.grad(x)
            step = searched(search, BOYD, x, d).t * d
            if last is not None:
                cosine = step @ last / np.linalg.norm(step) / np.linalg.norm(last)
                turns.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
            x, last, made = x + step, step, made + 1
        assert made == count
        if search == Exact():
            assert np.allclose(turns, 90, atol=1e-3)
        else:
            assert 135 < np.mean(turns) < 150


def test_first_steps_from_the_published_picture():
    t = lrcore_steps(BOYD, np.array([-1.0, 1.0]), Backtracking(0.1, 0.7), 5)
    assert t == pytest.approx([0.7**7, 0.7**4, 0.7**5, 0.7**4, 0.7**5], rel=1e-12)
    assert lrcore_steps(BOYD, np.array([-1.0, 1.0]), Exact(), 4) == pytest.approx(
        [0.0449, 0.3242, 0.0959, 0.3399], abs=6e-5
    )


# --- all searches ----------------------------------------------------------------------------------------
@ids("search", SEARCHES, ids=repr)
@ids("name", PROBLEMS)
def test_a_batch_is_its_rows(search, name):
    problem = PROBLEMS[name]
    x, d = starts(problem, 12)
    together = searched(search, problem, x, d)
    for i in range(12):
        alone = searched(search, problem, x[i], d[i])
        # products of matrices round differently for one row than for twelve
        own, of_row = [alone.t, alone.phi], [together.t[i], together.phi[i]]
        assert np.allclose(own, of_row, rtol=1e-9, atol=0, equal_nan=True)
        assert alone.ok == together.ok[i] and alone.evaluations == together.evaluations[i]
        tried = [float(t[i]) for t, _ in together.trials if not np.isnan(t[i])]
        assert tried == pytest.approx([float(t) for t, _ in alone.trials], rel=1e-9)


@ids("search", SEARCHES, ids=repr)
def test_evaluations_are_the_calls_that_were_made(search):
    phi, dphi, phi0, dphi0 = line(ROSENBROCK, x := np.array([-1.2, 1.0]), -ROSENBROCK.grad(x))
    calls = []
    found = search(
        lambda t: calls.append(t) or phi(t), lambda t: calls.append(t) or dphi(t), 1.0, phi0, dphi0
    )
    assert found.evaluations == len(calls)


@ids("search", SEARCHES, ids=repr)
def test_trials_that_overflow_are_shortened(search):
    x = np.array([1.0, 1.0])
    found = searched(search, BOYD, x, -BOYD.grad(x), t0=1e4)
    assert not np.isfinite(found.trials[0][1])
    if not isinstance(search, Wolfe):  # SciPy gives up where phi is inf, and says so
        assert found.ok and np.isfinite(found.t) and found.phi < BOYD.f(x)


@ids("search", SEARCHES, ids=repr)
def test_an_uphill_or_endless_line_is_a_failed_search(search):
    up = searched(search, QUADRATIC, x := np.array([3.0, -2.0]), QUADRATIC.grad(x))
    assert not up.ok and np.isnan(up.t) and up.evaluations == 0
    if isinstance(search, Exact):
        falls = search(lambda t: -t, lambda t: -np.ones_like(t), 1.0, 0.0, -1.0)
        assert not falls.ok and np.isnan(falls.t)


@ids("search", [Backtracking(), Exact(), Goldstein(), Goldstein(0.4)], ids=repr)
def test_minus_infinity_is_a_step_too_long(search):
    def phi(t):
        return np.where(t < 1, (t - 0.3) ** 2, -np.inf)

    def dphi(t):
        return np.where(t < 1, 2 * (t - 0.3), -np.inf)

    found = search(phi, dphi, 3.0, 0.09, -0.6)
    assert found.ok and 0 < found.t < 1 and found.phi < 0.09


def test_an_exact_search_that_ends_higher_than_it_began_has_failed():
    def phi(t):
        return 0.5 * t - np.sin(t)  # minima at pi/3 + 2 pi k, each higher than the one before

    def dphi(t):
        return 0.5 - np.cos(t)

    near, far = (Exact()(phi, dphi, t0, 0.0, -0.5) for t0 in (1.0, 2 * np.pi))
    assert near.ok and abs(near.t - np.pi / 3) < 1e-9 and not far.ok


def test_goldstein_doubles_and_bisects():
    found = Goldstein(0.4)(lambda t: (t - 30) ** 2, None, 1.0, 900.0, -60.0)
    assert [float(t) for t, _ in found.trials] == [1, 2, 4, 8, 16, 32]


def test_wolfe_searches_in_units_of_the_first_trial():
    x, d = starts(ROSENBROCK, 8)
    found = searched(Wolfe(), ROSENBROCK, x, d, t0=1e-3)
    assert found.ok.all() and found.trials[0][0][0] == 1e-3
    for i in range(8):
        direct = scipy.optimize.line_search(ROSENBROCK.f, ROSENBROCK.grad, x[i], 1e-3 * d[i], maxiter=50)[0]
        assert found.t[i] == pytest.approx(1e-3 * direct, rel=1e-9)


@ids("search", SEARCHES, ids=repr)
def test_no_slope_at_all_is_no_failure(search):
    found = searched(search, QUADRATIC, QUADRATIC.x_star, np.zeros(2))
    assert found.ok and np.isfinite(found.t)


@ids("search", SEARCHES, ids=repr)
def test_rows_that_are_not_active_are_not_asked(search):
    x, d = starts(QUADRATIC, 4)
    phi, dphi, phi0, dphi0 = line(QUADRATIC, x, d)
    active = np.array([True, False, True, False])
    found = search(phi, dphi, 1.0, phi0, dphi0, active)
    assert found.ok.tolist() == active.tolist()
    assert (found.evaluations[~active] == 0).all() and np.isnan(found.t[~active]).all()
    assert all(np.isnan(t[~active]).all() for t, _ in found.trials)


@ids(
    "make",
    [
        lambda: Backtracking(c1=0.0),
        lambda: Backtracking(c1=1.0),
        lambda: Backtracking(shrink=1.0),
        lambda: Backtracking(max_tries=0),
        lambda: Goldstein(0.5),
        lambda: Goldstein(np.nan),
        lambda: Wolfe(0.9, 0.1),
        lambda: Wolfe(c2=1.0),
        lambda: Exact(rtol=-1.0),
        lambda: Exact(max_tries=1.5),
        lambda: searched(Exact(), QUADRATIC, *starts(QUADRATIC), t0=0.0),
        lambda: searched(Exact(), QUADRATIC, *starts(QUADRATIC), t0=[1.0, 2.0]),
        lambda: searched(Backtracking(), QUADRATIC, *starts(QUADRATIC), t0="long"),
    ],
)
def test_bad_parameters_are_explained(make):
    with pytest.raises((ValueError, TypeError), match="see chapter 04"):
        make()
