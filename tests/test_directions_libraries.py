"""Directions against torch.optim and optax in float64, on a quadratic, Rosenbrock and a logistic problem.

A step of constant length never settles at a minimum. With a short memory it then wanders chaotically, and a
rounding error of 1e-16 grows to 0.01 in 500 steps. So all settings are compared with the state growing along
the library's own path, where nothing is amplified, and freely for as long as paths can stay together.
"""

import functools

import jax
import numpy as np
import optax
import pytest
import torch
from three_problems import START, jax_grad, next_points, path, per_coordinate, torch_path

from lrcore.directions import (
    AdaDelta,
    AdaGrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    RAdam,
    RMSProp,
    Steepest,
)

STEPS = 500
SLOW = (0.01, 2e-4, 0.1)  # one rate for each problem, for directions in units of the gradient
EVEN = (0.05, 0.01, 0.05)  # for directions whose rate is in units of x
SGD, RMS = torch.optim.SGD, torch.optim.RMSprop

TORCH = [
    (Steepest(), SGD, {}, (0.19, 1e-3, 0.5)),
    (Momentum(0.9), SGD, {"momentum": 0.9}, SLOW),
    (Momentum(0.5, dampening=0.5), SGD, {"momentum": 0.5, "dampening": 0.5}, (0.1, 1e-3, 0.5)),
    (Momentum(0.9, dampening=0.3), SGD, {"momentum": 0.9, "dampening": 0.3}, SLOW),
    (Nesterov(0.9), SGD, {"momentum": 0.9, "nesterov": True}, SLOW),
    (Nesterov(0.5), SGD, {"momentum": 0.5, "nesterov": True}, (0.1, 1e-3, 0.5)),
    (AdaGrad(), torch.optim.Adagrad, {}, (0.5, 0.1, 0.5)),
    (AdaGrad(lr_decay=0.01, initial=0.5, eps=1e-3), torch.optim.Adagrad, {}, (0.5, 0.1, 0.5)),
    (RMSProp(), RMS, {}, (0.01, 1e-3, 0.01)),
    (RMSProp(0.9, centered=True), RMS, {"alpha": 0.9, "centered": True}, (0.01, 1e-3, 0.01)),
    (RMSProp(0.95, 0.5, eps=1e-3), RMS, {"alpha": 0.95, "momentum": 0.5, "eps": 1e-3}, (0.01, 1e-3, 0.01)),
    (
        RMSProp(0.9, 0.9, centered=True, eps=1e-4),
        RMS,
        {"alpha": 0.9, "momentum": 0.9, "centered": True, "eps": 1e-4},
        (1e-3, 1e-4, 1e-3),
    ),
    (AdaDelta(), torch.optim.Adadelta, {}, (1.0, 1.0, 1.0)),
    (AdaDelta(0.95, eps=1e-4), torch.optim.Adadelta, {"rho": 0.95, "eps": 1e-4}, (0.5, 0.1, 1.0)),
    (Adam(), torch.optim.Adam, {}, EVEN),
    (Adam(0.5, 0.9, 1e-3), torch.optim.Adam, {"betas": (0.5, 0.9), "eps": 1e-3}, EVEN),
    (Adam(0.0, 0.99), torch.optim.Adam, {"betas": (0.0, 0.99)}, EVEN),
    (AMSGrad(form="libraries"), torch.optim.Adam, {"amsgrad": True}, EVEN),
    (
        AMSGrad(0.8, 0.9, 1e-4, form="libraries"),
        torch.optim.Adam,
        {"amsgrad": True, "betas": (0.8, 0.9), "eps": 1e-4},
        EVEN,
    ),
    (AdamW(), torch.optim.AdamW, {}, EVEN),
    (
        AdamW(0.8, 0.99, weight_decay=0.3),
        torch.optim.AdamW,
        {"betas": (0.8, 0.99), "weight_decay": 0.3},
        EVEN,
    ),
    (Adamax(), torch.optim.Adamax, {}, EVEN),
    (Adamax(0.5, 0.9, 1e-4), torch.optim.Adamax, {"betas": (0.5, 0.9), "eps": 1e-4}, EVEN),
    (RAdam(), torch.optim.RAdam, {}, (0.05, 1e-4, 0.05)),
    (RAdam(0.5, 0.9, 1e-3), torch.optim.RAdam, {"betas": (0.5, 0.9), "eps": 1e-3}, (0.05, 1e-4, 0.05)),
]
NADAM = [
    (NAdam(), {}),
    (NAdam(0.8, 0.9, 1e-4, psi=0.1), {"betas": (0.8, 0.9), "eps": 1e-4, "momentum_decay": 0.1}),
]


FREE_STEPS = {  # how long paths stay together, where that is not to the end
    "RMSProp(alpha=0.9, centered=True)": 100,
    "RMSProp(alpha=0.95, momentum=0.5, eps=0.001)": 100,
    "RMSProp(alpha=0.9, eps=0.001, eps_place='inside')": 100,
    "RMSProp(alpha=0.9, momentum=0.5, centered=True, eps=0.0001)": 100,
    "AdaDelta(rho=0.9)": 100,
    "AdaDelta(rho=0.95, eps=0.0001)": 100,
    "Adam(beta1=0.5, beta2=0.9, eps=0.001)": 100,
    "Adam(beta1=0.6, beta2=0.95, eps=0.0001)": 60,
    "AdamW(beta1=0.8, beta2=0.99, weight_decay=0.3)": 100,
    "AdamW(beta1=0.6, beta2=0.95, eps=0.0001, weight_decay=0.5)": 60,
    "Adamax(beta1=0.5, beta2=0.9, eps=0.0001)": 30,
    "Adamax(beta1=0.6, beta2=0.95, eps=0.0001)": 30,
    "RAdam(beta1=0.5, beta2=0.9, eps=0.001)": 30,
    "RAdam(beta1=0.6, beta2=0.95, eps=0.0001, eps_place='outside')": 60,
    "NAdam(beta1=0.9, psi=None)": 100,
    "NAdam(beta1=0.6, beta2=0.95, eps=0.0001, psi=None)": 15,
}


def assert_equal(ours, rates, expected, atol=1e-12):
    eta, together = per_coordinate(rates), FREE_STEPS.get(repr(ours), STEPS)
    assert np.isfinite(expected).all() and np.abs(expected[-1] - START).min() > 1e-3  # all seven have moved
    assert np.allclose(next_points(ours, eta, expected), expected[1:], rtol=0, atol=atol)
    assert np.allclose(path(ours, eta, together), expected[: together + 1], rtol=0, atol=atol)


@pytest.mark.parametrize("ours, theirs, options, rates", TORCH, ids=lambda v: repr(v)[:50])
def test_equal_to_torch(ours, theirs, options, rates):
    if isinstance(ours, AdaGrad):
        options = {"lr_decay": ours.lr_decay, "initial_accumulator_value": ours.initial, "eps": ours.eps}
    expected = torch_path(lambda groups: theirs(groups, lr=1.0, foreach=False, **options), rates, STEPS)
    assert_equal(ours, rates, expected)


@pytest.mark.parametrize("ours, options", NADAM, ids=lambda v: repr(v)[:50])
def test_nadam_equals_torch_up_to_its_float32_product(ours, options):
    def make(groups):
        return torch.optim.NAdam(groups, lr=1.0, foreach=False, **options)

    expected = torch_path(make, EVEN, STEPS)
    assert np.allclose(next_points(ours, per_coordinate(EVEN), expected), expected[1:], rtol=0, atol=1e-8)
    assert np.allclose(path(ours, per_coordinate(EVEN), 60), expected[:61], rtol=0, atol=1e-7)


@functools.cache
def scan_of(make):
    """The path of an optax optimizer, compiled once for all settings: they are arguments."""

    def walk(settings, rates, x0):
        optimizer = make(**settings)

        def step(carry, _):
            x, state = carry
            updates, state = optimizer.update(jax_grad(x), state, x)
            x = x + rates * updates
            return (x, state), x

        return jax.lax.scan(step, (x0, optimizer.init(x0)), length=STEPS)[1]

    return jax.jit(walk)


def optax_path(make, settings, rates):
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        made = scan_of(make)({n: np.float64(v) for n, v in settings.items()}, per_coordinate(rates), START)
        return np.concatenate([START[np.newaxis], np.asarray(made)])
    finally:
        jax.config.update("jax_enable_x64", before)


def optax_sgd(momentum):
    return optax.sgd(1.0, momentum)


def optax_nesterov(momentum):
    return optax.sgd(1.0, momentum, nesterov=True)


def optax_ema(decay):
    return optax.chain(optax.ema(decay, debias=False), optax.scale(-1.0))


def optax_adagrad(**settings):
    return optax.adagrad(1.0, **settings)


def optax_rmsprop(**settings):
    return optax.rmsprop(1.0, **settings)


def optax_rmsprop_outside(**settings):
    return optax.rmsprop(1.0, eps_in_sqrt=False, **settings)


def optax_rmsprop_centered(**settings):
    return optax.rmsprop(1.0, eps_in_sqrt=False, centered=True, **settings)


def optax_adadelta(**settings):
    return optax.adadelta(1.0, **settings)


def optax_adam(**settings):
    return optax.adam(1.0, **settings)


def optax_adamw(**settings):
    return optax.adamw(1.0, **settings)


def optax_amsgrad(**settings):
    return optax.amsgrad(1.0, **settings)


def optax_amsgrad_paper(**settings):
    return optax.amsgrad(1.0, bias_correction_mu=False, bias_correction_nu=False, **settings)


def optax_nadam(**settings):
    return optax.nadam(1.0, **settings)


def optax_adamax(**settings):
    return optax.adamax(1.0, **settings)


def optax_radam(**settings):
    return optax.radam(1.0, **settings)


def optax_lion(**settings):
    return optax.lion(1.0, **settings)


DEFAULTS = {"b1": 0.9, "b2": 0.999, "eps": 1e-8}
OTHERS = {"b1": 0.6, "b2": 0.95, "eps": 1e-4}
OPTAX = [
    (Momentum(0.9), optax_sgd, {"momentum": 0.9}, SLOW),
    (Nesterov(0.8), optax_nesterov, {"momentum": 0.8}, SLOW),
    (Momentum(0.9, "ema"), optax_ema, {"decay": 0.9}, (0.1, 2e-3, 1.0)),
    (Momentum(0.5, "ema"), optax_ema, {"decay": 0.5}, (0.1, 1e-3, 1.0)),
    (
        AdaGrad(initial=0.1, eps=1e-7, eps_place="inside"),
        optax_adagrad,
        {"initial_accumulator_value": 0.1, "eps": 1e-7},
        (0.5, 0.1, 0.5),
    ),
    (
        AdaGrad(initial=2.0, eps=0.3, eps_place="inside"),
        optax_adagrad,
        {"initial_accumulator_value": 2.0, "eps": 0.3},
        (0.5, 0.1, 0.5),
    ),
    (
        RMSProp(0.9, eps=1e-3, eps_place="inside"),
        optax_rmsprop,
        {"decay": 0.9, "eps": 1e-3, "momentum": 0.0},
        (0.01, 1e-3, 0.01),
    ),
    (
        RMSProp(0.97, 0.6, eps=0.1, eps_place="inside"),
        optax_rmsprop,
        {"decay": 0.97, "eps": 0.1, "momentum": 0.6},
        (0.01, 1e-3, 0.01),
    ),
    (
        RMSProp(0.95, 0.5, eps=1e-3),
        optax_rmsprop_outside,
        {"decay": 0.95, "eps": 1e-3, "momentum": 0.5},
        (0.01, 1e-3, 0.01),
    ),
    (
        RMSProp(0.9, 0.5, centered=True, eps=1e-4),
        optax_rmsprop_centered,
        {"decay": 0.9, "eps": 1e-4, "momentum": 0.5},
        (1e-3, 1e-4, 1e-3),
    ),
    (AdaDelta(0.95, 1e-4), optax_adadelta, {"rho": 0.95, "eps": 1e-4}, (1.0, 0.3, 1.0)),
    (AdaDelta(), optax_adadelta, {"rho": 0.9, "eps": 1e-6}, (1.0, 1.0, 1.0)),
    (Adam(), optax_adam, DEFAULTS | {"eps_root": 0.0}, EVEN),
    (Adam(0.6, 0.95, 1e-4), optax_adam, OTHERS | {"eps_root": 0.0}, EVEN),
    (
        Adam(0.9, 0.999, 1e-3, eps_place="inside"),
        optax_adam,
        DEFAULTS | {"eps": 0.0, "eps_root": 1e-3},
        EVEN,
    ),
    (AdamW(weight_decay=0.1), optax_adamw, DEFAULTS | {"weight_decay": 0.1}, EVEN),
    (AdamW(0.6, 0.95, 1e-4, weight_decay=0.5), optax_adamw, OTHERS | {"weight_decay": 0.5}, EVEN),
    (AMSGrad(form="optax"), optax_amsgrad, DEFAULTS, EVEN),
    (AMSGrad(0.6, 0.95, 1e-4, form="optax"), optax_amsgrad, OTHERS, EVEN),
    (AMSGrad(form="paper"), optax_amsgrad_paper, DEFAULTS, EVEN),
    (AMSGrad(0.6, 0.95, 1e-4, form="paper"), optax_amsgrad_paper, OTHERS, EVEN),
    (NAdam(psi=None), optax_nadam, DEFAULTS, EVEN),
    (NAdam(0.6, 0.95, 1e-4, psi=None), optax_nadam, OTHERS, EVEN),
    (Adamax(), optax_adamax, DEFAULTS, EVEN),
    (Adamax(0.6, 0.95, 1e-4), optax_adamax, OTHERS, EVEN),
    (RAdam(eps_place="outside"), optax_radam, DEFAULTS, (0.05, 1e-4, 0.05)),
    (RAdam(0.6, 0.95, 1e-4, eps_place="outside"), optax_radam, OTHERS, (0.05, 1e-4, 0.05)),
    (Lion(), optax_lion, {"b1": 0.9, "b2": 0.99, "weight_decay": 0.0}, EVEN),
    (Lion(0.5, 0.8, weight_decay=0.2), optax_lion, {"b1": 0.5, "b2": 0.8, "weight_decay": 0.2}, EVEN),
]


def named(value):
    """A name without an address: workers that run side by side must agree on it."""
    return getattr(value, "__name__", repr(value))[:50]


@pytest.mark.parametrize("ours, make, settings, rates", OPTAX, ids=named)
def test_equal_to_optax(ours, make, settings, rates):
    assert_equal(ours, rates, optax_path(make, settings, rates))


def largest_gap(a, b, rates=EVEN):
    return np.abs(path(a, per_coordinate(rates), 100) - path(b, per_coordinate(rates), 100)).max()


@pytest.mark.parametrize(
    "one, other",
    [
        (AMSGrad(form="paper"), AMSGrad(form="libraries")),
        (AMSGrad(form="libraries"), AMSGrad(form="optax")),
        (AMSGrad(form="paper"), AMSGrad(form="optax")),
        (NAdam(), NAdam(psi=1.0)),
        (NAdam(psi=1.0), NAdam(psi=None)),
        (NAdam(), NAdam(psi=None)),
    ],
    ids=repr,
)
def test_one_name_and_several_methods(one, other):
    assert largest_gap(one, other) > 0.05


@pytest.mark.parametrize(
    "one, other",
    [
        (RMSProp(eps=1e-3), RMSProp(eps=1e-3, eps_place="inside")),
        (Adam(eps=1e-3), Adam(eps=1e-3, eps_place="inside")),
        (Adam(eps=1e-3), Adam(eps=1e-3, eps_place="uncorrected")),
        (AdaGrad(eps=1e-2), AdaGrad(eps=1e-2, eps_place="inside")),
    ],
    ids=repr,
)
def test_the_place_of_epsilon_is_seen_in_the_path(one, other):
    assert largest_gap(one, other) > 1e-4
