"""Directions in Keras' versions against Keras itself, in float64 on torch."""

import os

import numpy as np
import pytest
from three_problems import START, Three, next_points

from lrcore.directions import AdaDelta, AdaGrad, Adam, Adamax, AMSGrad, Lion, NAdam, Nesterov, RMSProp

os.environ["KERAS_BACKEND"] = "torch"  # numpy has no variables to assign to, jax would not do float64

CASES = [
    ("SGD", Nesterov(0.8), {"momentum": 0.8, "nesterov": True}, 2e-4),
    ("Adagrad", AdaGrad(initial=0.1, eps=1e-7, eps_place="inside"), {}, 0.1),
    ("RMSprop", RMSProp(0.9, eps=1e-3, eps_place="inside"), {"epsilon": 1e-3}, 1e-3),
    ("Adadelta", AdaDelta(0.95, 1e-7), {}, 1.0),
    ("Adam", Adam(eps=1e-3, eps_place="uncorrected"), {"epsilon": 1e-3}, 0.01),
    ("Adamax", Adamax(eps=0.0), {"epsilon": 0.0}, 0.01),
    ("Nadam", NAdam(eps=1e-5, psi=1.0), {"epsilon": 1e-5}, 0.01),
    ("Adam", AMSGrad(form="libraries", eps=0.0), {"amsgrad": True, "epsilon": 0.0}, 0.01),
    ("Lion", Lion(), {}, 0.01),
]


@pytest.fixture(scope="module")
def keras():
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield keras
    keras.config.set_floatx(before)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
@pytest.mark.parametrize("name, ours, options, rate", CASES, ids=lambda v: repr(v)[:40])
def test_equal_to_keras(keras, name, ours, options, rate):
    optimizer = getattr(keras.optimizers, name)(learning_rate=rate, **options)
    x, problem, made = keras.Variable(START, dtype="float64"), Three(), [START]
    for _ in range(200):
        g = problem.grad(made[-1])
        optimizer.apply([keras.ops.convert_to_tensor(g, dtype="float64")], [x])
        made.append(x.numpy().copy())
    made = np.array(made)
    assert np.isfinite(made).all() and np.abs(made[-1] - START).min() > 1e-4
    assert np.allclose(next_points(ours, rate, made), made[1:], rtol=0, atol=1e-12)
