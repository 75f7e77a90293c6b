"""The loop with step-size rules, and with directions that see the point, scale or answer elsewhere."""

import numpy as np
import pytest

from lrcore import run
from lrcore.directions import Momentum, Steepest
from lrcore.problems import Function, Logistic, Minibatches, Quadratic
from lrcore.schedules import Plateau

BOWL = Quadratic([1.0, 10.0])
STARTS = np.array([[1.0, -2.0], [3.0, 0.5], [0.0, 1.0]])


class Rule:
    """A rule made of a function of (k, point, d); its state counts its calls."""

    def __init__(self, eta):
        self.eta = eta

    def init(self, x):
        return 0

    def __call__(self, k, point, d, calls):
        assert calls == k == point.k
        return self.eta(k, point, d), calls + 1


EXACT = Rule(lambda k, p, d: (-np.vecdot(p.g, d) / np.vecdot(d, p.problem.grad(d)))[..., None])


def constant(value):
    return Rule(lambda k, p, d: np.full((*p.x.shape[:-1], 1), value))


# --- step-size rules ----------------------------------------------------------------


@pytest.mark.parametrize("x0", [STARTS[0], STARTS, STARTS[:1], STARTS[:, None, :]])
def test_a_rule_that_says_the_same_rate_is_that_rate(x0):
    one, other = (
        run(BOWL, x0, eta, Momentum(0.5), steps=30, record_x=True) for eta in (0.07, constant(0.07))
    )
    for name in ("x", "f", "grad_norm", "eta", "x_last", "status", "stop_step", "k"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert one.evaluations is None and not other.evaluations.any()
    assert other.evaluations.shape == other.eta.shape == (30, *np.shape(x0)[:-1])


def test_the_exact_rule_turns_at_right_angles():
    r = run(BOWL, [10.0, 1.0], EXACT, steps=20, record_x=True)
    steps = np.diff(r.x, axis=0)
    assert np.allclose(np.vecdot(steps[1:], steps[:-1]), 0, atol=1e-12)
    assert np.allclose(
        r.f[1:] / r.f[:-1], (9 / 11) ** 2, rtol=1e-10
    )  # the worst case of Boyd and Vandenberghe
    assert np.allclose(r.eta, np.vecdot(steps, steps) ** 0.5 / r.grad_norm[:-1], rtol=1e-10)


def test_one_rate_for_each_coordinate():
    newton = Rule(lambda k, p, d: np.broadcast_to(1 / BOWL.eigenvalues, p.x.shape))
    r = run(BOWL, STARTS, newton, steps=2)
    assert r.eta.shape == (2, 3, 2) and np.array_equal(r.eta[1, 2], [1.0, 0.1])
    assert np.array_equal(r.x_last, np.zeros((3, 2)))


def test_a_rule_may_wait_before_it_gives_each_coordinate_a_rate():
    waits = Rule(lambda k, p, d: np.zeros((3, 1)) if k in (0, 3) else np.full((3, 2), [0.1, 0.01 * k]))
    r = run(BOWL, STARTS, waits, steps=4)
    assert r.eta.shape == (4, 3, 2) and r.eta[:, 1].tolist() == [[0, 0], [0.1, 0.01], [0.1, 0.02], [0, 0]]


def test_nan_is_a_failed_search_of_that_row_alone():
    def gives_up(k, point, d):
        eta = np.full((3, 1), 0.05)
        eta[1] = np.nan if k == 4 else 0.05
        return eta

    r = run(BOWL, STARTS, Rule(gives_up), steps=10, record_x=True)
    assert r.status.tolist() == ["running", "failed-search", "running"]
    assert r.stop_step.tolist() == [10, 4, 10] and r.eta.shape == (10, 3)
    assert np.isfinite(r.eta[:4]).all() and np.isnan(r.eta[4:, 1]).all() and (r.eta[:, [0, 2]] == 0.05).all()
    assert np.all(r.f[4:, 1] == r.f[4, 1]) and np.array_equal(r.x_last[1], r.x[4, 1])  # frozen, still finite
    plain = run(BOWL, STARTS, 0.05, steps=10)
    assert np.array_equal(r.x_last[[0, 2]], plain.x_last[[0, 2]])


@pytest.mark.parametrize("when", [0, 1, 5, 9])
@pytest.mark.parametrize("every", [1, 3, 50])
def test_when_all_rows_fail_the_run_ends(when, every):
    r = run(BOWL, STARTS, Rule(lambda k, p, d: np.full((3, 1), np.nan if k == when else 0.05)),
            steps=10, every=every)  # fmt: skip
    assert (r.status == "failed-search").all() and (r.stop_step == when).all()
    assert len(r.eta) == len(r.evaluations) == when and r.k.tolist() == list(range(0, when + 1, every))
    assert np.isfinite(r.f).all() and np.isfinite(r.x_last).all()


def test_a_row_that_was_lost_between_records_has_diverged_and_no_search_failed():
    def too_long(k, point, d):
        return np.full((3, 1), 1e300) if k < 3 else np.where(np.isfinite(point.f), 0.05, np.nan)[:, None]

    r = run(BOWL, STARTS, Rule(too_long), steps=100, every=50)
    assert (r.status == "diverged").all() and (r.stop_step == 3).all()


def test_an_infinite_rate_is_divergence():
    assert run(BOWL, STARTS[0], constant(np.inf), steps=5).status == "diverged"


def test_calls_of_the_line_are_recorded_and_a_stopped_row_makes_none():
    def asks(k, point, d):
        phi, dphi = point.line(d)
        for _ in range(k):
            phi(np.zeros(3))
        dphi(np.array([0.0, np.nan, 0.0]))
        return np.full((3, 1), 0.1)

    r = run(BOWL, [[1.0, 1.0], [1.0, 1.0], [1e-9, 0.0]], Rule(asks), steps=4, tol=1e-6)
    assert r.status[2] == "converged" and r.evaluations.dtype == int
    assert r.evaluations.tolist() == [[1, 0, 0], [2, 1, 0], [3, 2, 0], [4, 3, 0]]


def test_a_rule_sees_the_minibatch_and_the_record_all_samples():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((20, 3)), rng.integers(0, 2, 20)
    p, seen = Minibatches(Logistic(X, y), size=4, seed=2), []

    def look(k, point, d):
        part = Logistic(X[p.indices(k)], y[p.indices(k)])
        assert np.array_equal(point.g, part.grad(point.x)) and point.f == part.f(point.x)
        assert point.problem.n == 4 and np.array_equal(d, -point.g)
        seen.append(k)
        return np.array([0.1])

    r = run(p, np.zeros(3), Rule(look), steps=8)
    assert seen == list(range(8)) and np.allclose(r.x_last, run(p, np.zeros(3), 0.1, steps=8).x_last)
    assert r.f[-1] == Logistic(X, y).f(r.x_last)


def test_f_is_computed_once_for_the_record_and_the_rule():
    calls = []
    counted = Function(lambda x: calls.append(1) or BOWL.f(x), BOWL.grad, dim=2)
    run(counted, STARTS[0], Rule(lambda k, p, d: np.full(1, 0.01) * (p.f > 0)), steps=9)
    assert len(calls) == 10


def test_a_start_at_the_minimum_needs_no_rule():
    r = run(BOWL, np.zeros((2, 2)), constant(0.1), steps=5, tol=1e-9, record_rate=False)
    assert r.eta.shape == r.evaluations.shape == (0, 2) and (r.status == "converged").all()


BAD_RULES = {
    "a class": (TypeError, Rule, "made first"),
    "the plateau of a training loop": (TypeError, Plateau(0.1), "OnPlateau"),
    "a direction": (TypeError, Momentum(), "rule(k, point, d, state)"),
    "no pair": (TypeError, type("R", (Rule,), {"__call__": lambda s, k, p, d, m: np.ones(1)})(None), "pair"),
    "text": (TypeError, Rule(lambda k, p, d: "fast"), "rate that the rule returns"),
    "nothing": (TypeError, Rule(lambda k, p, d: None), "rate that the rule returns"),
    "complex": (TypeError, Rule(lambda k, p, d: np.ones((3, 1)) * 1j), "rate that the rule returns"),
    "no axis": (ValueError, Rule(lambda k, p, d: np.ones(3)), "(3, 1)"),
    "a plain number": (ValueError, Rule(lambda k, p, d: 0.1), "(3, 1)"),
    "too many": (ValueError, Rule(lambda k, p, d: np.ones((3, 4))), "(3, 4)"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_RULES)
def test_a_rule_that_is_none_is_told(name):
    kind, eta, words = BAD_RULES[name]
    with pytest.raises(kind) as caught:
        run(BOWL, STARTS, eta, steps=5)
    assert words in str(caught.value) and "; see chapter 0" in str(caught.value)


# --- directions ---------------------------------------------------------------------


class NewtonLike(Steepest):
    uses_point = True

    def __call__(self, k, point, state):
        return -np.linalg.solve(point.problem.hessian(point.x), point.g[..., None])[..., 0], state


def test_a_direction_that_asks_for_the_point_gets_it():
    r = run(BOWL, STARTS, 1.0, NewtonLike(), steps=1)
    assert np.allclose(r.x_last, 0, atol=1e-15)


class Signs:
    """Steps of one size; the scale that makes that of the gradient is 1/|g|."""

    def init(self, x):
        return np.ones_like(x)

    def __call__(self, k, g, state):
        return -np.sign(g), 1 / np.abs(g)

    def scale(self, k, state):
        return state


def test_the_rate_of_each_coordinate_is_eta_times_the_scale_of_the_step_just_made():
    rates = lambda k: 0.01 / (1 + k)  # noqa: E731
    r = run(BOWL, STARTS[:2], rates, Signs(), steps=6, record_x=True, record_rate=True)
    assert r.rate.shape == (6, 2, 2)
    for k in range(6):
        assert np.allclose(r.x[k + 1], r.x[k] - r.rate[k] * BOWL.grad(r.x[k]), rtol=1e-14)
    assert run(BOWL, STARTS, rates, Signs(), steps=6).rate is None


def test_a_stopped_row_has_no_rate():
    r = run(BOWL, STARTS[:2], [0.1, 0.21], Signs(), steps=20, record_rate=True, bound=25.0)
    assert r.status.tolist() == ["running", "diverged"] or r.status[0] == "running"
    gone = r.stop_step
    for row in range(2):
        assert np.isfinite(r.rate[: gone[row], row]).all() and np.isnan(r.rate[gone[row] :, row]).all()


def test_a_direction_without_a_scale_has_no_rate_to_record():
    class Blind(Signs):
        scale = None

    with pytest.raises(ValueError, match="no rate of each coordinate.*chapter 08"):
        run(BOWL, STARTS, 0.1, Blind(), record_rate=True)


class Mean(Steepest):
    """Steepest descent judged at the mean of its iterates."""

    def init(self, x):
        return np.zeros_like(x), 0

    def __call__(self, k, point, state):
        total, n = state
        return -point.g, (total + point.x, n + 1)

    uses_point = True

    def answer(self, x, state):
        total, n = state
        return (total + x) / (n + 1)


def test_a_method_is_judged_where_it_answers():
    r, plain = (run(BOWL, STARTS, 0.15, d, steps=12, record_x=True) for d in (Mean(), Steepest()))
    means = np.cumsum(plain.x, axis=0) / np.arange(1, 14)[:, None, None]
    assert np.allclose(r.x, means, rtol=1e-13) and np.array_equal(r.x[-1], r.x_last)
    assert np.allclose(r.f, BOWL.f(means), rtol=1e-13)
    assert np.allclose(r.grad_norm, np.linalg.norm(BOWL.grad(means), axis=-1), rtol=1e-12)


def test_the_answer_of_a_stopped_row_stands_still():
    r = run(BOWL, STARTS, [0.15, 0.15, 0.3], Mean(), steps=400, tol=0.3, record_x=True)
    assert r.status.tolist() == ["converged", "converged", "diverged"]
    for row in range(2):
        stop = r.stop_step[row]
        assert r.grad_norm[stop, row] <= 0.3 < r.grad_norm[stop - 1, row]
        assert np.all(r.x[stop:, row] == r.x_last[row]) and np.all(r.f[stop:, row] == r.f[stop, row])
    assert BOWL.f(r.x_last[2]) == r.f[r.stop_step[2], 2]


def test_an_answer_does_not_change_what_rules_and_steps_see():
    def check(k, point, d):
        assert np.array_equal(point.f, BOWL.f(point.x)) and np.array_equal(point.g, BOWL.grad(point.x))
        return np.full((3, 1), 0.15)

    r = run(BOWL, STARTS, Rule(check), Mean(), steps=12)
    assert np.array_equal(r.x_last, run(BOWL, STARTS, 0.15, Mean(), steps=12).x_last)


def test_a_problem_with_a_box_keeps_its_steps_inside():
    boxed = Function(lambda x: x.sum(-1), np.ones_like, dim=2)
    boxed.project = lambda x: np.clip(x, -1, 1)
    r = run(boxed, STARTS[:1], 0.3, steps=20, record_x=True)
    assert np.array_equal(r.x_last, [[-1.0, -1.0]]) and np.all(np.abs(r.x[1:]) <= 1)


def test_a_search_in_the_place_of_a_rule_is_told_how_to_become_one():
    from lrcore.linesearches import Backtracking

    with pytest.raises(TypeError, match=r"stepsizes\.LineSearch\(Backtracking\(.*see chapter 04"):
        run(BOWL, [1.0, 1.0], Backtracking())
