"""What every direction promises: rows of a batch by themselves, nothing changed in place, honest scales."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from three_problems import START, Three, path

from lrcore import directions, run
from lrcore.directions import (
    AdaDelta,
    AdaGrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    DiagonalNewton,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    Newton,
    RAdam,
    RMSProp,
    Steepest,
)

RNG = np.random.default_rng(8)
ALL = [
    Steepest(),
    Momentum(0.8),
    Momentum(0.8, "ema"),
    Momentum(0.8, dampening=0.5),
    Nesterov(0.8),
    Nesterov(None),
    AdaGrad(lr_decay=0.1),
    AdaGrad(initial=0.1, eps_place="inside"),
    RMSProp(0.9),
    RMSProp(0.9, 0.5, centered=True, eps_place="inside"),
    AdaDelta(),
    Adam(),
    Adam(0.5, 0.9, eps_place="inside"),
    Adam(eps_place="uncorrected"),
    Adam(bias_correction=False),
    AMSGrad(),
    AMSGrad(form="libraries"),
    AMSGrad(form="optax"),
    AdamW(weight_decay=0.2),
    NAdam(),
    NAdam(psi=None),
    Adamax(),
    RAdam(),
    RAdam(0.5, 0.9),
    Lion(weight_decay=0.1),
    Newton(0.1, "absolute"),
    Newton(0.1, "shift"),
    Newton(),
    DiagonalNewton(),
]
each = pytest.mark.parametrize("direction", ALL, ids=repr)


def frozen(state):
    """The arrays of a state, made read-only."""
    arrays = state if isinstance(state, tuple) else (state,)
    for a in arrays:
        if isinstance(a, np.ndarray):
            a.flags.writeable = False
    return state


def walk(direction, x, steps, eta=1e-5):
    """(k, g, d, state after, scale) of each step; whatever is passed in cannot be written to."""
    problem, state = Three(), direction.init(x)
    for k in range(steps):
        g = problem.grad(x)
        x.flags.writeable = g.flags.writeable = False
        at = SimpleNamespace(x=x, g=g, problem=problem) if direction.uses_point else g
        d, state = direction(k, at, frozen(state))
        yield k, g, d, state, direction.scale(k, state) if hasattr(direction, "scale") else None
        x = x + eta * d


def test_the_list_of_directions_is_complete():
    judged_elsewhere = {"Averaged", "Prodigy", "ScheduleFree"}  # not at the iterate: their own tests
    names = set(directions.__all__) - {"Direction"} - judged_elsewhere
    assert {type(d).__name__ for d in ALL} == names


def steps_under(direction, points, gradients):
    problem, state, made = Three(), direction.init(points[0]), []
    for k, (x, g) in enumerate(zip(points, gradients, strict=True)):
        at = SimpleNamespace(x=x, g=g, problem=problem) if direction.uses_point else g
        d, state = direction(k, at, state)
        made.append(d)
    return np.array(made)


@each
def test_a_batch_is_its_rows(direction):
    points, gradients = RNG.standard_normal((2, 40, 2, 3, 7))
    together = steps_under(direction, points, gradients)
    for i in np.ndindex(2, 3):
        alone = steps_under(direction, points[:, *i], gradients[:, *i])
        if isinstance(direction, (Newton, DiagonalNewton)):  # Hessians are rounded otherwise in a batch
            assert np.allclose(together[:, *i], alone, rtol=1e-9, atol=1e-9)
        else:
            assert np.array_equal(together[:, *i], alone)


@each
def test_a_broken_row_leaves_the_others_alone(direction):
    starts = np.stack([START, np.full(7, np.nan), START + 0.1])
    with np.errstate(invalid="ignore"):
        together = path(direction, 1e-4, 20, starts)
    assert np.allclose(together[:, ::2], path(direction, 1e-4, 20, starts[::2]), rtol=1e-12, atol=1e-12)
    assert np.isnan(together[1:, 1]).all()


@each
def test_nothing_is_changed_in_place_and_shapes_stay(direction):
    for _, g, d, _, scale in walk(direction, START + RNG.standard_normal((4, 7)), 10):
        assert d.shape == g.shape and d.dtype == np.float64
        if scale is not None:
            assert np.broadcast_shapes(np.shape(scale), g.shape) == g.shape and np.all(np.asarray(scale) > 0)


@each
def test_run_makes_these_steps_and_shows_these_rates(direction):
    eta = np.array([1e-5, 1e-4])
    has_scale = hasattr(direction, "scale")
    r = run(Three(), START, eta, direction, steps=30, record_x=True, record_rate=has_scale)
    expected = path(direction, eta[:, None], 30, np.stack([START, START]))
    assert np.allclose(r.x, expected, rtol=1e-10, atol=1e-12)
    if not has_scale:
        assert isinstance(direction, (Lion, Newton)) and r.rate is None
        return
    problem, state = Three(), direction.init(r.x[0])
    for k, x in enumerate(r.x[:-1]):
        g = problem.grad(x)
        at = SimpleNamespace(x=x, g=g, problem=problem) if direction.uses_point else g
        _, state = direction(k, at, state)
        assert np.allclose(r.rate[k], eta[:, None] * direction.scale(k, state), rtol=1e-10)


@each
def test_directions_are_values(direction):
    assert pickle.loads(pickle.dumps(direction)) == direction and hash(direction) == hash(direction)
    assert eval(repr(direction), vars(directions) | {type(direction).__name__: type(direction)}) == direction
    with pytest.raises(AttributeError):
        direction.beta1 = 0.5


@pytest.mark.parametrize(
    "direction",
    [
        Steepest(),
        AdaGrad(lr_decay=0.1),
        RMSProp(0.9),
        RMSProp(0.9, centered=True, eps=1e-3),
        AdaDelta(),
        Adam(0.0),
        Adam(0.0, eps_place="inside", eps=1e-3),
        AMSGrad(0.0),
        AMSGrad(0.0, form="libraries"),
        AMSGrad(0.0, form="optax"),
        Adamax(0.0),
        NAdam(0.0),
        RAdam(0.0),
        DiagonalNewton(),
    ],
    ids=repr,
)
def test_without_momentum_the_scale_times_the_gradient_is_the_step(direction):
    for _, g, d, _, scale in walk(direction, START, 40):
        assert np.allclose(d, -scale * g, rtol=1e-13, atol=0)


@pytest.mark.parametrize(
    "direction, corrected",
    [
        (Adam(0.9), True),
        (AMSGrad(0.9), False),
        (AMSGrad(0.9, form="libraries"), True),
        (AMSGrad(0.9, form="optax"), True),
        (Adamax(0.9), True),
        (RAdam(0.9, 0.99), True),
        (Momentum(0.9, "ema"), False),
    ],
    ids=repr,
)
def test_with_momentum_the_scale_times_the_averaged_gradient_is_the_step(direction, corrected):
    gradients = []
    for k, g, d, _, scale in walk(direction, START, 40):
        gradients.append(g)
        weights = 0.1 * 0.9 ** np.arange(k, -1, -1)
        average = np.tensordot(weights / weights.sum() if corrected else weights, gradients, 1)
        assert np.allclose(d, -scale * average, rtol=1e-11, atol=1e-12 * np.abs(d).max())


def test_the_decay_of_adamw_is_not_in_its_scale():
    for (_, _, _, _, plain), (_, _, _, _, decayed) in zip(
        walk(Adam(), START, 5, eta=0.0), walk(AdamW(weight_decay=3.0), START, 5, eta=0.0), strict=True
    ):
        assert np.array_equal(plain, decayed)


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: Adam(1.0), ValueError, r"beta1 must be in \[0, 1\), got 1.0.*chapter 08"),
        (lambda: Adam(0.9, -0.1), ValueError, "beta2.*-0.1"),
        (lambda: Adam(eps=-1e-8), ValueError, "eps must be in"),
        (lambda: Adam(eps=np.nan), ValueError, "eps must be finite"),
        (lambda: Adam(eps="small"), TypeError, "eps must be real"),
        (lambda: Adam(eps_place="under"), ValueError, "'outside', 'inside', 'uncorrected', got 'under'"),
        (lambda: Adam(bias_correction=1), TypeError, "True or False, got 1"),
        (lambda: AMSGrad(form="torch"), ValueError, "'paper', 'libraries', 'optax'"),
        (lambda: AdamW(weight_decay=-1), ValueError, "weight_decay"),
        (lambda: AdaGrad(lr_decay=-1.0), ValueError, "lr_decay"),
        (lambda: AdaGrad(initial=np.inf), ValueError, "initial"),
        (lambda: AdaGrad(eps_place="uncorrected"), ValueError, "'outside', 'inside', got"),
        (lambda: RMSProp(alpha=1), ValueError, "alpha"),
        (lambda: RMSProp(momentum=1.5), ValueError, "momentum"),
        (lambda: RMSProp(centered="yes"), TypeError, "centered"),
        (lambda: AdaDelta(rho=1.0), ValueError, "rho"),
        (lambda: NAdam(psi=-1.0), ValueError, "psi"),
        (lambda: Adamax(beta2=[0.9]), TypeError, "beta2 must be one number"),
        (lambda: RAdam(eps_place=None), ValueError, "eps_place"),
        (lambda: Lion(beta2=True), TypeError, "beta2"),
        (lambda: Nesterov(1.0), ValueError, r"beta must be in \[0, 1\).*chapter 03"),
        (lambda: Momentum(0.9, dampening=1.0), ValueError, "dampening"),
        (lambda: Momentum(0.9, "ema", dampening=0.5), ValueError, "dampening belongs to the classical form"),
        (lambda: Newton(-1.0), ValueError, "damping.*chapter 10"),
        (lambda: Newton(0.0, "shift"), ValueError, "needs damping > 0"),
        (lambda: Newton(negative="abs"), ValueError, "'keep', 'absolute', 'shift'"),
        (lambda: DiagonalNewton(0.0), ValueError, r"damping must be in \(0, inf\)"),
        (lambda: directions.Adm, AttributeError, "no attribute 'Adm'; it has .*AdaDelta"),
    ],
)
def test_bad_parameters_are_told(make, kind, words):
    with pytest.raises(kind, match=words):
        make()
