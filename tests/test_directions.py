"""Directions: closed forms, torch, and the two conventions of momentum that differ by a factor 1 - beta."""

import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import run
from lrcore.directions import Momentum, Steepest
from lrcore.problems import Quadratic

RNG = np.random.default_rng(5)
GRADIENTS = RNG.standard_normal((30, 4))
BOWL = Quadratic([0.99, 10.01], x_star=[1.07, -0.23], angle=0.3)
START = np.array([3.0, -2.0])


def directions_for(direction, gradients):
    state, made = direction.init(np.zeros_like(gradients[0])), []
    for k, g in enumerate(gradients):
        d, state = direction(k, g, state)
        made.append(d)
    return np.array(made)


def torch_path(x0, eta, steps, **options):
    x = torch.tensor(x0, requires_grad=True)
    H, x_star = torch.tensor(BOWL.H), torch.tensor(BOWL.x_star)
    optimizer = torch.optim.SGD([x], lr=eta, **options)
    path = [x.detach().numpy().copy()]
    for _ in range(steps):
        optimizer.zero_grad()
        (0.5 * (x - x_star) @ H @ (x - x_star)).backward()
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return np.array(path)


def test_steepest_goes_against_the_gradient():
    assert np.array_equal(directions_for(Steepest(), GRADIENTS), -GRADIENTS)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("form", ["classical", "ema"])
def test_momentum_is_the_weighted_sum_of_past_gradients(beta, form):
    # v after step k is sum_j beta^(k-j) g_j, times 1 - beta for the moving average
    ages = np.subtract.outer(np.arange(30), np.arange(30))
    weights = np.where(ages >= 0, beta ** np.maximum(ages, 0.0), 0.0)
    scale = 1.0 if form == "classical" else 1.0 - beta
    d = directions_for(Momentum(beta, form), GRADIENTS)
    assert np.allclose(d, -scale * weights @ GRADIENTS, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("form, speed", [("classical", 10.0), ("ema", 1.0)])
def test_terminal_velocity_under_a_constant_gradient(form, speed):
    d = directions_for(Momentum(0.9, form), np.ones((400, 1)))
    assert d[-1, 0] == pytest.approx(-speed, rel=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_classical_momentum_equals_torch_sgd(beta):
    r = run(BOWL, START, 0.05, Momentum(beta), steps=300, record_x=True)
    assert np.allclose(r.x, torch_path(START, 0.05, 300, momentum=beta), rtol=0, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 0.98), st.floats(0.001, 0.3))
def test_the_moving_average_is_heavy_ball_at_a_rescaled_rate(beta, eta):
    ema = run(BOWL, START, eta, Momentum(beta, "ema"), steps=60, record_x=True, bound=np.inf)
    ball = run(BOWL, START, eta * (1 - beta), Momentum(beta), steps=60, record_x=True, bound=np.inf)
    size = 1 + np.abs(ball.x).max()
    assert np.allclose(ema.x, ball.x, rtol=0, atol=1e-11 * size)


def test_heavy_ball_is_also_the_two_point_formula():
    eta, beta = 0.07, 0.8
    x = run(BOWL, START, eta, Momentum(beta), steps=50, record_x=True).x
    for k in range(1, 50):
        assert np.allclose(x[k + 1], x[k] - eta * BOWL.grad(x[k]) + beta * (x[k] - x[k - 1]), atol=1e-13)


def test_torch_dampening_is_not_the_moving_average():
    # torch puts the first gradient into its buffer undamped, so the first step is 1/(1 - beta) times as long
    beta, eta = 0.9, 0.05
    ours = run(BOWL, START, eta, Momentum(beta, "ema"), steps=20, record_x=True).x
    theirs = torch_path(START, eta, 20, momentum=beta, dampening=beta)
    assert np.allclose((theirs[1] - START) * (1 - beta), ours[1] - START, atol=1e-14)
    assert np.abs(theirs - ours).max() > 0.1


def test_directions_are_values():
    assert Momentum(0.9) == Momentum(0.9, "classical") != Momentum(0.9, "ema")
    assert repr(Momentum(0.9, "ema")) == "Momentum(beta=0.9, form='ema')" and repr(Steepest()) == "Steepest()"
    assert pickle.loads(pickle.dumps(Momentum(0.5))) == Momentum(0.5) and len({Steepest(), Steepest()}) == 1


def test_a_direction_changes_neither_gradient_nor_state():
    g, v = np.ones(2), np.ones(2)
    Momentum(0.5)(0, g, v)
    assert g.tolist() == v.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: Momentum(1.0), ValueError, r"beta must be in \[0, 1\), got 1.0"),
        (lambda: Momentum(-0.1), ValueError, "-0.1"),
        (lambda: Momentum(np.nan), ValueError, "finite"),
        (lambda: Momentum("0.9"), TypeError, "real numbers"),
        (lambda: Momentum([0.9, 0.5]), TypeError, "one number"),
        (lambda: Momentum(True), TypeError, "True"),
        (lambda: Momentum(0.9, "nesterov"), ValueError, "'classical', 'ema'"),
        (lambda: Momentum(0.9, None), ValueError, "None"),
    ],
)
def test_bad_momentum_is_told(make, kind, words):
    with pytest.raises(kind, match=words):
        make()
