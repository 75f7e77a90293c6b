"""Closed forms and known facts of the adaptive directions: first steps, bounds, counterexamples."""

import numpy as np
import pytest
from three_problems import ROSENBROCK, START, Three, path, per_coordinate

from lrcore.directions import (
    AdaDelta,
    AdaGrad,
    Adam,
    Adamax,
    AMSGrad,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    RAdam,
    RMSProp,
    Steepest,
)
from lrcore.problems import Huber, Quadratic

G = np.array([4.0, -0.02, 1e3])


def steps_under(direction, gradients):
    state, made = direction.init(np.zeros_like(gradients[0])), []
    for k, g in enumerate(gradients):
        d, state = direction(k, g, state)
        made.append(d)
    return np.array(made)


def constant(g, steps):
    return np.tile(np.asarray(g, float), (steps, 1))


@pytest.mark.parametrize(
    "direction, length",
    [
        (Adam(eps=0.0), 1.0),
        (Adam(bias_correction=False, eps=0.0), 0.1 / np.sqrt(1e-3)),
        (Adamax(eps=0.0), 1.0),
        (AdaGrad(eps=0.0), 1.0),
        (RMSProp(0.99, eps=0.0), 10.0),
        (RMSProp(0.9, eps=0.0), 1 / np.sqrt(0.1)),
        (RMSProp(0.9, centered=True, eps=0.0), 1 / 0.3),  # v - m^2 = 0.1 g^2 - 0.01 g^2
        (AMSGrad(eps=0.0), 0.1 / np.sqrt(1e-3)),
        (AMSGrad(form="libraries", eps=0.0), 1.0),
        (AMSGrad(form="optax", eps=0.0), 1.0),
        (NAdam(eps=0.0, psi=None), 1 + 0.9 * 0.1 / (1 - 0.81)),
    ],
    ids=repr,
)
def test_first_steps_do_not_depend_on_the_size_of_the_gradient(direction, length):
    assert np.allclose(steps_under(direction, G[np.newaxis])[0], -length * np.sign(G), rtol=1e-12)


@pytest.mark.parametrize("place", ["outside", "inside", "uncorrected"])
def test_epsilon_in_the_first_step_of_adam(place):
    eps, g = 0.01, np.array([0.03])
    denominator = {
        "outside": 0.03 + eps,
        "inside": np.sqrt(0.03**2 + eps),
        "uncorrected": (np.sqrt(1e-3) * 0.03 + eps) / np.sqrt(1e-3),
    }
    first = steps_under(Adam(eps=eps, eps_place=place), [g])[0]
    assert first == pytest.approx(-0.03 / denominator[place], rel=1e-12)


def test_adam_under_a_constant_gradient_always_makes_the_same_step():
    # both averages equal the gradient at every step: that is what bias correction is for
    assert np.allclose(steps_under(Adam(eps=0.0), constant(G, 300)), -np.sign(G), rtol=1e-11)
    raw = steps_under(Adam(eps=0.0, bias_correction=False), constant(G, 300))
    t = np.arange(1, 301)[:, None]
    assert np.allclose(raw, -np.sign(G) * (1 - 0.9**t) / np.sqrt(1 - 0.999**t), rtol=1e-10)


def test_no_step_of_adam_is_longer_than_its_bound():
    bound = (1 - 0.9) / np.sqrt((1 - 0.999) * (1 - 0.9**2 / 0.999))
    growing = (0.999 / 0.9) ** np.arange(3000)[:, None]
    assert steps_under(Adam(eps=0.0), growing)[-1, 0] == pytest.approx(-bound * np.sqrt(1 - 0.999**3000))
    spike = np.zeros((3000, 1))
    spike[-1] = 7.0
    with np.errstate(invalid="ignore"):
        last = steps_under(Adam(eps=0.0), spike)[-1, 0]
    assert last == pytest.approx(-3.0827, abs=1e-4) and bound == pytest.approx(7.2700, abs=1e-3)
    rng = np.random.default_rng(0)
    wild = rng.standard_normal((3000, 50)) * 10.0 ** rng.uniform(-6, 6, (3000, 50))
    assert np.abs(steps_under(Adam(eps=0.0), wild)).max() <= bound * (1 + 1e-12)


def test_adagrad_under_a_constant_gradient_sums_one_over_root_t():
    d = steps_under(AdaGrad(eps=0.0), constant(G, 100))
    assert np.allclose(-np.sign(G) * d.sum(0), (1 / np.sqrt(np.arange(1, 101))).sum(), rtol=1e-12)
    assert -d[:, 0].sum() == pytest.approx(18.5896, abs=1e-4)
    decayed = steps_under(AdaGrad(lr_decay=0.5, eps=0.0), constant(G, 100))
    assert np.allclose(decayed, d / (1 + 0.5 * np.arange(100))[:, None], rtol=1e-12)


@pytest.mark.parametrize("rho", [0.9, 0.95])
def test_the_first_step_of_adadelta_is_set_by_epsilon(rho):
    first = steps_under(AdaDelta(rho, 1e-6), G[np.newaxis])[0]
    exact = np.sqrt(1e-6) / np.sqrt((1 - rho) * G**2 + 1e-6) * np.abs(G)
    assert np.allclose(np.abs(first), exact, rtol=1e-12)
    assert np.abs(first[0]) == pytest.approx(np.sqrt(1e-6 / (1 - rho)), rel=1e-5)


def test_centred_rmsprop_survives_a_constant_gradient_where_torch_gives_nan():
    import torch

    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.RMSprop([x], lr=1e-12, alpha=0.5, centered=True)
    for _ in range(200):
        x.grad = torch.full((1,), 0.1, dtype=torch.float64)
        optimizer.step()
    assert torch.isnan(x).all()
    many = constant(np.linspace(0.1, 1, 1000), 200)  # v - m^2 is rounded below 0 for some of them
    assert np.isfinite(steps_under(RMSProp(0.5, centered=True), many)).all()


@pytest.mark.parametrize("direction", [AdaGrad(eps=0.0), RMSProp(eps=0.0), Adam(eps=0.0), Adamax(eps=0.0)])
def test_a_loss_multiplied_by_a_constant_makes_the_same_steps(direction):
    gradients = np.random.default_rng(1).standard_normal((200, 5))
    assert np.allclose(steps_under(direction, gradients), steps_under(direction, 1e-3 * gradients), rtol=1e-9)


def test_radam_is_plain_momentum_for_five_steps():
    gradients = np.random.default_rng(2).standard_normal((6, 3))
    t = np.arange(1, 7)[:, None]
    averaged = steps_under(Momentum(0.9, "ema"), gradients) / (1 - 0.9**t)
    d = steps_under(RAdam(), gradients)
    assert np.allclose(d[:5], averaged[:5], rtol=1e-13)
    assert np.abs(d[5]).max() < 0.1 * np.abs(averaged[5]).max()  # r_6 = 0.017: a tenth would be long
    assert [RAdam().rho(t) for t in (5, 6)] == pytest.approx([4.996, 5.994], abs=1e-3)
    assert RAdam().rectification(10**6) == pytest.approx(1.0, abs=1e-12)


def test_radam_blows_up_at_a_rate_that_is_safe_for_adam():
    start = START[2:4]
    with np.errstate(all="ignore"):
        radam = path(RAdam(), 0.02, 20, start, ROSENBROCK)
    adam = path(Adam(), 0.02, 20, start, ROSENBROCK)
    assert ROSENBROCK.f(adam).max() < 30 and not ROSENBROCK.f(radam[-1]) < 1e3


def test_lion_moves_every_coordinate_by_the_whole_rate():
    x = path(Lion(), 0.01, 50)
    assert np.allclose(np.abs(np.diff(x, axis=0)), 0.01, rtol=1e-10)
    one = Quadratic([1.0])
    ends = path(Lion(), 0.01, 2000, np.array([1.0]), one)[-200:]
    assert 0.005 < np.abs(ends).max() < 0.2  # it rattles around the minimum and comes no closer


def test_torch_dampening_is_momentum_with_a_heavy_first_gradient():
    gradients = np.random.default_rng(3).standard_normal((30, 2))
    d = steps_under(Momentum(0.9, dampening=0.9), gradients)
    heavy = gradients * np.where(np.arange(30) == 0, 10.0, 1.0)[:, None]
    assert np.allclose(d, steps_under(Momentum(0.9, "ema"), heavy), rtol=1e-13, atol=1e-15)


def test_nesterov_is_the_step_from_the_look_ahead_point():
    eta, beta, three = per_coordinate((0.01, 2e-4, 0.1)), 0.9, Three()
    theta, v = START.copy(), np.zeros(7)  # Sutskever's form: theta lags behind, x is theta + beta v
    x = path(Nesterov(beta), eta, 50)
    for k in range(50):
        assert np.allclose(theta + beta * v, x[k], rtol=0, atol=1e-12)
        v = beta * v - eta * three.grad(theta + beta * v)
        theta = theta + v


def test_growing_nesterov_is_the_accelerated_method_and_keeps_its_bound():
    huber, L, R = Huber(0.01, L=3.0, dim=2), 3.0, 2.0
    x = path(Nesterov(None), 1 / L, 200, np.array([R, 0.0]), huber)
    y, t = x[:-1] - huber.grad(x[:-1]) / L, [1.0]
    for _ in range(200):
        t.append((1 + np.sqrt(1 + 4 * t[-1] ** 2)) / 2)
    factors = (np.array(t[:-1]) - 1) / np.array(t[1:])
    assert factors[:5] == pytest.approx([0, 0.281754, 0.434043, 0.531064, 0.598779], abs=1e-6)
    previous = np.concatenate([x[:1], y[:-1]])
    assert np.allclose(x[1:], y + factors[:, None] * (y - previous), rtol=0, atol=1e-12)
    k = np.arange(1, 201)
    assert (huber.f(y) <= 2 * L * R**2 / (k + 1) ** 2).all()
    assert huber.f(y)[60] < huber.f(path(Steepest(), 1 / L, 61, x[0], huber)[-1])  # and it accelerates


@pytest.mark.parametrize(
    "direction, ends",
    [(Adam(0.0, 0.1, eps=0.0, bias_correction=False), 1.0), (AMSGrad(0.0, 0.1, eps=0.0), -1.0)],
    ids=["Adam", "AMSGrad"],
)
def test_reddis_counterexample(direction, ends):
    # f_t = 3x at every third step, else -x, on [-1, 1]: on average the minimum is at -1
    x, state = np.array([0.0]), direction.init(np.zeros(1))
    for k in range(6000):
        d, state = direction(k, np.array([3.0 if k % 3 == 0 else -1.0]), state)
        x = np.clip(x + 0.5 / np.sqrt(k + 1) * d, -1, 1)
    assert x[0] == pytest.approx(ends, abs=0.02)


def test_adam_is_descent_by_signs_when_it_remembers_nothing():
    gradients = np.random.default_rng(4).standard_normal((20, 3))
    assert np.allclose(steps_under(Adam(0.0, 0.0, eps=0.0), gradients), -np.sign(gradients), rtol=1e-14)
