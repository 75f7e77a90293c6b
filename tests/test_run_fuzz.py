"""`run` with every direction and every step-size rule there is, on input that nobody should give it.

Whatever comes, a run ends, with a record that says truly how, or with a sentence.
"""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrcore import directions, linesearches, run, stepsizes
from lrcore.directions import Steepest
from lrcore.problems import Function, Logistic, Minibatches, NoisyQuadratic, Quadratic, Rosenbrock
from lrcore.schedules import Plateau

DATA = np.random.default_rng(0).standard_normal((12, 2)), np.arange(12) % 2
with_holes = Function(lambda x: np.where(x[..., 0] < 0.5, np.nan, (x**2).sum(-1)), lambda x: 2 * x, dim=2)
endless = Function(lambda x: -(x**4).sum(-1), lambda x: -4 * x**3, dim=2)
steep = Function(lambda x: np.exp(x).sum(-1), np.exp, dim=2)
flat = Function(lambda x: 0 * x.sum(-1), np.zeros_like, dim=2)
PROBLEMS = [
    Quadratic([1.0, 10.0]),
    Quadratic([1.0, -1.0]),
    Rosenbrock(),
    Logistic(*DATA, l2=0.1),
    Minibatches(Logistic(*DATA, l2=0.1), size=3),
    NoisyQuadratic([1.0, 10.0], sigma=0.5),
    with_holes,
    endless,
    steep,
    flat,
]
NUMBERS = st.one_of(
    st.floats(-3, 3),
    st.sampled_from([0.0, -0.0, 5e-324, 1e-160, 1e160, 1e308, -1e308, np.inf, -np.inf, np.nan]),
)
STARTS = st.one_of(
    st.tuples(NUMBERS, NUMBERS).map(np.array),
    st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3).map(np.array),
    st.sampled_from([np.zeros((0, 2)), np.zeros(3), np.ones((2, 1, 2)), 1.0, None, "x", [[1.0], [1.0, 2.0]]]),
)
RATES = st.one_of(
    st.floats(1e-6, 2.0),
    NUMBERS,
    st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=3).map(np.array),
    st.sampled_from([1e300, 5e-324, np.array([0.1, 1e200]), lambda k: 0.1 / (1 + k), lambda k: np.nan, None]),
)
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


ABSTRACT = {"Direction", "Rule"}
NEEDED = {
    "Hypergradient": (0.01, 1e-6),
    "LineSearch": (linesearches.Backtracking(),),
    "OnPlateau": (Plateau(0.1),),
    "RDBD": (0.1, 0.5),
}


def made(room):
    """One of each class of a room that can be called as `run` does."""
    found = {}
    for name in room.__all__:
        kind = getattr(room, name)
        if isinstance(kind, type) and "__call__" in dir(kind) and name not in ABSTRACT:
            for guess in (NEEDED.get(name, ()), NEEDED.get(name, (0.1,))[:1], (Steepest(),)):
                try:
                    found[name] = kind(*guess)
                    break
                except (TypeError, ValueError):
                    continue
    return found


DIRECTIONS, RULES = made(directions), made(stepsizes)
SEARCHES = {name: getattr(linesearches, name)() for name in ("Backtracking", "Exact", "Goldstein", "Wolfe")}
RULES |= {f"LineSearch({name})": stepsizes.LineSearch(search) for name, search in SEARCHES.items()}


def outcome(**arguments):
    """The record, or None when it was refused in a sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return run(**arguments)
        except (ValueError, TypeError) as error:
            assert "; see chapter" in str(error) and "\n" not in str(error), error
            return None


def check(r, steps):
    batch = r.status.shape
    assert np.isin(r.status, ("running", "converged", "diverged", "failed-search")).all()
    assert r.f.shape == r.grad_norm.shape == (len(r.k), *batch) and r.x_last.shape[:-1] == batch
    assert ((r.stop_step >= 0) & (r.stop_step <= steps)).all()
    assert (r.stop_step[r.status == "running"] == steps).all() and len(r.eta) == (
        r.stop_step.max() if len(r.stop_step.ravel()) else steps
    )
    lost = r.status == "diverged"
    assert np.isfinite(r.f[:, ~lost]).all() and np.isfinite(r.f[-1, ~lost]).all()
    recorded = r.k[:, None] if lost.ndim else r.k
    if lost.any() and lost.ndim == 1:
        for row in np.flatnonzero(lost):
            assert np.isnan(r.f[r.k > r.stop_step[row], row]).all()
    assert recorded.max() <= steps
    if r.evaluations is not None:
        assert r.evaluations.shape == (len(r.eta), *batch) and (r.evaluations >= 0).all()
    assert type(r).from_dict(r.to_dict()) == r


@pytest.mark.parametrize("name", sorted(DIRECTIONS))
@SETTINGS
@given(st.sampled_from(PROBLEMS), STARTS, RATES, st.sampled_from([0.0, 1e-6, 10.0]), st.integers(1, 4))
def test_every_direction_ends_truly(name, problem, x0, eta, tol, every):
    r = outcome(
        problem=problem,
        x0=x0,
        eta=eta,
        direction=DIRECTIONS[name],
        steps=12,
        tol=tol,
        every=every,
        record_x=True,
    )
    if r is not None:
        check(r, 12)


@pytest.mark.parametrize("name", sorted(RULES))
@SETTINGS
@given(
    st.sampled_from(PROBLEMS), STARTS, st.sampled_from(["Steepest", "Momentum", "Adam"]), st.integers(1, 4)
)
def test_every_rule_ends_truly(name, problem, x0, direction, every):
    r = outcome(
        problem=problem, x0=x0, eta=RULES[name], direction=DIRECTIONS[direction], steps=8, every=every
    )
    if r is not None:
        check(r, 8)


@pytest.mark.parametrize("name", sorted({**DIRECTIONS, **RULES}))
def test_an_ordinary_problem_is_refused_by_none_of_them(name):
    direction, rule = DIRECTIONS.get(name, DIRECTIONS["Steepest"]), RULES.get(name, 0.01)
    r = run(Quadratic([1.0, 10.0]), [[1.0, 1.0], [3.0, -1.0]], rule, direction, steps=25)
    check(r, 25)
    assert (r.status != "diverged").all()


def test_all_that_is_exported_is_fuzzed():
    assert set(directions.__all__) - set(DIRECTIONS) <= ABSTRACT
    assert set(stepsizes.__all__) - set(RULES) <= ABSTRACT
