"""What every rule promises: rows by themselves, nothing changed in place, honest ends, clear errors."""

import pickle

import numpy as np
import pytest

from lrcore import run, stepsizes
from lrcore.linesearches import Backtracking, Exact, Goldstein, Wolfe
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

RNG = np.random.default_rng(77)
BOWL = Quadratic([0.99, 10.01], x_star=[1.07, -0.23], angle=0.3)
X = RNG.standard_normal((20, 2))
BATCHES = Minibatches(Logistic(X, (X[:, 0] > 0).astype(int), l2=0.1), size=5)
ALL = [
    LineSearch(Backtracking()),
    LineSearch(Backtracking(), growth=1.5),
    LineSearch(Exact()),
    LineSearch(Goldstein()),
    LineSearch(Wolfe()),
    Polyak(),
    Polyak(f_star=-1.0, c=0.5, eta_max=0.3),
    BarzilaiBorwein(0.01),
    BarzilaiBorwein(0.01, "short", 5.0),
    AdGD(),
    AdGD(1e-3, "2023"),
    Hypergradient(0.01, 1e-5),
    DeltaBarDelta(0.01, 1e-3),
    RDBD(0.01, 1e-6),
    VSGD(warm=3),
    VSGD("global", warm=3, slow=2.0),
    VSGD("block", warm=3, blocks=(1, 1)),
    StochasticArmijo(),
    StochasticArmijo(reset="none"),
    DoG(),
    DAdaptation(),
    OnPlateau(Plateau(0.05, patience=1)),
    OnPlateau(Plateau(0.05, patience=1), every=3),
]
every = pytest.mark.parametrize("rule", ALL, ids=repr)
each = pytest.mark.parametrize


def test_the_list_of_rules_is_complete():
    assert {type(r) for r in ALL} == {getattr(stepsizes, n) for n in stepsizes.__all__ if n != "Rule"}
    with pytest.raises(AttributeError, match="Polyak"):
        stepsizes.Poliak  # noqa: B018
    assert set(stepsizes.__all__) <= set(dir(stepsizes))


@every
@each("problem", [BOWL, Rosenbrock(), BATCHES], ids=["bowl", "rosenbrock", "batches"])
def test_a_batch_is_its_rows(rule, problem):
    starts = RNG.standard_normal((2, 3, 2))
    together = run(problem, starts, rule, steps=25, record_x=True)
    for i in np.ndindex(2, 3):
        alone = run(problem, starts[i], rule, steps=25, record_x=True)
        made = len(alone.eta)
        assert str(together.status[i]) == str(alone.status)
        # BLAS rounds a batch otherwise than a row, and 25 steps of a rule without a brake amplify it
        assert np.allclose(together.eta[(slice(made), *i)], alone.eta, rtol=1e-5, atol=1e-12, equal_nan=True)
        assert np.allclose(
            together.x[(slice(len(alone.x)), *i)], alone.x, rtol=1e-5, atol=1e-9, equal_nan=True
        )


@every
def test_nothing_is_changed_in_place_and_rates_have_the_shape_of_the_protocol(rule):
    x, state = np.array([[1.0, 2.0], [-1.0, 0.3]]), rule.init(np.ones((2, 2)))
    for k in range(6):
        g = BOWL.grad(x)
        d = -g
        kept = [a.copy() for a in (x, g, d)]
        for a in (x, g, d):
            a.flags.writeable = False
        again = pickle.loads(pickle.dumps(state))
        eta, after = rule(k, Point(k, BOWL, x, g, np.full(2, True)), d, state)
        twice, _ = rule(k, Point(k, BOWL, x, g, np.full(2, True)), d, again)
        assert np.array_equal(eta, twice) and np.shape(eta) in ((2, 1), (2, 2))
        same, _ = rule(k, Point(k, BOWL, x, g, np.full(2, True)), d, state)  # the state as it was
        assert np.array_equal(eta, same)
        assert all(np.array_equal(a, b) for a, b in zip((x, g, d), kept, strict=True))
        assert np.isfinite(eta).all() and (np.asarray(eta) >= 0).all()
        state, x = after, x + eta * d


@every
def test_a_broken_row_leaves_the_others_alone(rule):
    cliff = Function(
        lambda x: np.where(x[..., 0] > 5, np.nan, BOWL.f(x)),
        lambda x: np.where(x[..., :1] > 5, np.nan, BOWL.grad(x)),
        dim=2,
    )
    cliff.hess_diag = lambda x: np.broadcast_to(np.diag(BOWL.H), np.shape(x))
    starts = np.array([[3.0, -2.0], [9.0, 0.0], [0.5, 1.0]])
    r = run(cliff, starts, rule, steps=15)
    assert r.status[1] == "diverged" and r.stop_step[1] == 0
    others = run(cliff, starts[::2], rule, steps=15)
    assert np.allclose(r.eta[:, ::2], others.eta, rtol=1e-9, equal_nan=True)
    assert (r.status[::2] == others.status).all()


@every
def test_a_start_at_the_minimum_stays_there(rule):
    r = run(BOWL, BOWL.x_star, rule, steps=8)
    assert r.status == "running" and np.array_equal(r.x_last, BOWL.x_star)
    assert run(BOWL, BOWL.x_star, rule, steps=8, tol=1e-12).status == "converged"


@every
@each("scale", [1e-150, 1e-12, 1e12, 1e150])
def test_extreme_starts_end_in_an_honest_status(rule, scale):
    for problem in (BOWL, Rosenbrock(), BoydExp()):
        if not hasattr(problem, "hess_diag") and isinstance(rule, VSGD):
            continue
        r = run(problem, np.array([3.0, -2.0]) * scale, rule, steps=40)
        assert str(r.status) in ("running", "diverged", "failed-search")
        if r.status == "running":
            assert np.isfinite(r.x_last).all() and np.isfinite(r.f).all() and np.isfinite(r.eta).all()


@every
def test_f_that_falls_for_ever_ends_honestly(rule):
    slope = Function(lambda x: -x.sum(-1), lambda x: -np.ones_like(x), dim=2)
    slope.hess_diag = np.zeros_like
    r = run(slope, [0.0, 0.0], rule, steps=60)
    assert str(r.status) in ("running", "diverged", "failed-search")


@every
def test_noise_is_survived(rule):
    r = run(NoisyQuadratic([1.0, 10.0], sigma=0.1), np.ones((5, 2)), rule, steps=60)
    assert set(r.status) <= {"running", "failed-search"} or isinstance(
        rule, (Polyak, BarzilaiBorwein, LineSearch)
    )
    assert r.status.shape == (5,)


@every
def test_rules_are_values(rule):
    assert pickle.loads(pickle.dumps(rule)) == rule and hash(rule) == hash(pickle.loads(pickle.dumps(rule)))
    assert repr(rule).startswith(type(rule).__name__ + "(")
    with pytest.raises(AttributeError):
        rule.eta0 = 1.0


POSITIVE = [
    (BarzilaiBorwein, "eta0", {}),
    (BarzilaiBorwein, "eta_max", {"eta0": 0.1}),
    (AdGD, "eta0", {}),
    (Hypergradient, "eta0", {"beta": 0.1}),
    (DeltaBarDelta, "eta0", {}),
    (RDBD, "eta0", {"alpha": 0.1}),
    (Polyak, "c", {}),
    (Polyak, "eta_max", {}),
    (StochasticArmijo, "eta0", {}),
    (StochasticArmijo, "eta_max", {}),
    (StochasticArmijo, "fallback", {}),
    (DoG, "r_eps", {}),
    (DAdaptation, "d0", {}),
    (DAdaptation, "factor", {}),
    (LineSearch, "t0", {"search": Exact()}),
]


@each("make, name, others", POSITIVE, ids=lambda v: getattr(v, "__name__", None) or str(v))
def test_what_must_be_positive_is_said(make, name, others):
    for value, kind in ((0.0, ValueError), (-1.0, ValueError), (np.nan, ValueError), ("1", TypeError)):
        with pytest.raises(kind, match=rf"{name} .*; see chapter"):
            make(**others, **{name: value})


@each(
    "make, kind, words",
    [
        (lambda: LineSearch("armijo"), TypeError, "search"),
        (lambda: LineSearch(Backtracking), TypeError, "search"),
        (lambda: LineSearch(Exact(), growth=0.5), ValueError, "growth"),
        (lambda: Polyak(f_star=np.inf), ValueError, "f_star"),
        (lambda: BarzilaiBorwein(0.1, "middle"), ValueError, "'long', 'short'"),
        (lambda: AdGD(variant=2023), ValueError, "'2020', '2023'"),
        (lambda: Hypergradient(0.1, -1.0), ValueError, "beta"),
        (lambda: DeltaBarDelta(0.1, phi=1.0), ValueError, "phi"),
        (lambda: DeltaBarDelta(0.1, theta=1.0), ValueError, "theta"),
        (lambda: DeltaBarDelta(0.1, kappa=-0.1), ValueError, "kappa"),
        (lambda: RDBD(0.1, -0.1), ValueError, "alpha"),
        (lambda: VSGD("diagonal"), ValueError, "form"),
        (lambda: VSGD("block"), ValueError, "blocks"),
        (lambda: VSGD(blocks=(1, 1)), ValueError, "blocks"),
        (lambda: VSGD("block", blocks=3), TypeError, "blocks"),
        (lambda: VSGD("block", blocks=(1.5, 0.5)), TypeError, "blocks"),
        (lambda: run(BOWL, [1.0, 1.0], VSGD("block", blocks=(1, 2))), ValueError, "add up to the 2"),
        (lambda: VSGD(warm=0), ValueError, "warm"),
        (lambda: VSGD(slow=0.5), ValueError, "slow"),
        (lambda: VSGD(tau_min=0.5), ValueError, "tau_min"),
        (lambda: StochasticArmijo(c1=1.0), ValueError, "c1"),
        (lambda: StochasticArmijo(shrink=0.0), ValueError, "shrink"),
        (lambda: StochasticArmijo(reset="epoch"), ValueError, "reset"),
        (lambda: StochasticArmijo(steps_per_epoch=0), ValueError, "steps_per_epoch"),
        (lambda: DAdaptation(growth=1.0), ValueError, "growth"),
        (lambda: OnPlateau(0.1), TypeError, "Plateau"),
        (lambda: OnPlateau(Plateau(0.1), every=0), ValueError, "every"),
    ],
)
def test_bad_parameters_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as told:
        make()
    assert "see chapter" in str(told.value)
