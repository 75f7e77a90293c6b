"""Reduce on plateau against the real ones, driven by the same metrics; they disagree with each other."""

import inspect
import pickle

import numpy as np
import pytest
import torch

from lrcore.schedules import (
    Plateau,
    from_json,
    from_keras,
    from_optax,
    from_timm,
    from_torch,
    from_transformers,
)

FLAT = [1.0, 0.9, 0.8] + [0.8] * 30
NOISY = np.random.default_rng(0).uniform(0.5, 1.0, 60).tolist()
FALLING = (0.97 ** np.arange(60) + np.random.default_rng(1).normal(0, 0.02, 60)).tolist()
WITH_NAN = [1.0, float("nan"), 0.9, float("nan"), float("nan"), float("nan"), 0.95, 0.94] + [0.9] * 20
METRICS = {
    "flat": FLAT,
    "noisy": NOISY,
    "falling": FALLING,
    "nan": WITH_NAN,
    "negative": [-m for m in FALLING],
}


def torch_rates(metrics, base_lr, **parameters):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base_lr)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **parameters)
    rates = [base_lr]
    for metric in metrics:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


TORCH = [
    {},
    {"patience": 3},
    {"patience": 0, "factor": 0.5},
    {"patience": 2, "factor": 0.5, "cooldown": 3},
    {"patience": 1, "cooldown": 1, "min_lr": 0.01},
    {"patience": 2, "factor": 0.9, "threshold": 0.1},
    {"patience": 2, "factor": 0.9, "threshold": 0.05, "threshold_mode": "abs"},
    {"patience": 2, "mode": "max", "factor": 0.7},
    {"patience": 2, "mode": "max", "factor": 0.7, "threshold": 0.02, "threshold_mode": "abs", "cooldown": 2},
    {"patience": 0, "factor": 0.1, "eps": 1e-4},
    {"patience": 0, "factor": 0.999999, "min_lr": 0.0, "eps": 1e-3},
]


@pytest.mark.parametrize("metrics", METRICS)
@pytest.mark.parametrize("parameters", TORCH, ids=str)
def test_equal_to_torch(parameters, metrics):
    theirs = torch_rates(METRICS[metrics], 0.1, **parameters)
    for plateau in (
        from_torch("ReduceLROnPlateau", base_lr=0.1, **parameters),
        from_transformers("reduce_lr_on_plateau", base_lr=0.1, **parameters),
    ):
        np.testing.assert_allclose(plateau.rates(METRICS[metrics]), theirs, rtol=1e-15)


KERAS = [
    {},
    {"patience": 3, "min_delta": 0.0},
    {"patience": 0, "factor": 0.5},
    {"patience": 1, "factor": 0.5},
    {"patience": 2, "factor": 0.5, "cooldown": 1},
    {"patience": 2, "factor": 0.5, "cooldown": 3},
    {"patience": 1, "factor": 0.5, "cooldown": 2, "min_lr": 0.02},
    {"patience": 2, "factor": 0.5, "min_delta": 0.05},
    {"patience": 2, "factor": 0.5, "min_delta": 0.02, "mode": "max", "cooldown": 2},
]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("metrics", METRICS)
@pytest.mark.parametrize("parameters", KERAS, ids=str)
def test_equal_to_keras(parameters, metrics, keras):
    parameters = {"mode": "min", **parameters}
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", **parameters)
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    callback.set_model(model)
    callback.on_train_begin()
    theirs = [0.1]
    for epoch, metric in enumerate(METRICS[metrics]):
        callback.on_epoch_end(epoch, {"loss": metric})
        theirs.append(float(model.optimizer.learning_rate))
    ours = from_keras("ReduceLROnPlateau", initial_learning_rate=0.1, **parameters).rates(METRICS[metrics])
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)  # Keras keeps the rate in float32


OPTAX = [
    {},
    {"patience": 3},
    {"patience": 1, "factor": 0.5},
    {"patience": 2, "factor": 0.5, "cooldown": 1},
    {"patience": 2, "factor": 0.5, "cooldown": 3, "min_scale": 0.2},
    {"patience": 2, "factor": 0.5, "rtol": 0.0, "atol": 0.03},
    {"patience": 2, "factor": 0.5, "rtol": 0.05, "atol": 0.03},
]


@pytest.mark.parametrize("metrics", METRICS)
@pytest.mark.parametrize("parameters", OPTAX, ids=str)
def test_equal_to_optax(parameters, metrics, optax):
    import jax
    import jax.numpy as jnp
    from optax import contrib

    transform = contrib.reduce_on_plateau(**parameters)
    state = transform.init(jnp.zeros(1))
    step = jax.jit(lambda state, metric: transform.update(jnp.ones(1), state, value=metric)[1])
    theirs = [1.0]
    for metric in METRICS[metrics]:
        state = step(state, jnp.asarray(metric))
        theirs.append(float(state.scale))
    ours = from_optax("reduce_on_plateau", **parameters).rates(METRICS[metrics])
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:PlateauLRScheduler is deprecated")
@pytest.mark.parametrize(
    "parameters", [{}, {"patience_t": 2, "cooldown_t": 1, "mode": "min", "decay_rate": 0.5}]
)
def test_equal_to_timm(parameters, timm):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = timm.PlateauLRScheduler(optimizer, **parameters)
    theirs = [0.1]
    for epoch, metric in enumerate(FALLING):
        scheduler.step(epoch + 1, metric)
        theirs.append(optimizer.param_groups[0]["lr"])
    ours = from_timm("PlateauLRScheduler", base_lr=0.1, **parameters).rates(FALLING)
    np.testing.assert_allclose(ours, theirs, rtol=1e-15)


def test_the_same_patience_is_one_epoch_longer_in_torch():
    """patience = 3 and metrics 1, .9, .8, .8, ...: the lower rate is in force in epoch 7, or in epoch 6."""
    first = {
        c: int(np.flatnonzero(Plateau(0.1, patience=3, convention=c).rates(FLAT) < 0.1)[0])
        for c in ("torch", "keras", "optax")
    }
    assert first == {"torch": 7, "keras": 6, "optax": 6}
    assert np.flatnonzero(Plateau(0.1).rates([1 - 0.05 * min(k, 9) for k in range(30)]) < 0.1)[0] == 21


def test_it_is_a_pure_state_machine():
    plateau = Plateau(0.1, patience=1, factor=0.5)
    states = [plateau.init()]
    for metric in FLAT:
        states.append(plateau(metric, states[-1])[1])
    again = plateau.init()
    for k, metric in enumerate(FLAT):
        for _ in range(2):  # calling twice changes nothing
            eta, following = plateau(metric, again)
            assert (eta, following) == (states[k + 1].eta, states[k + 1])
        again = pickle.loads(pickle.dumps(following))  # a run may stop here and go on
    assert plateau.rates(FLAT).tolist() == [state.eta for state in states]


def test_it_is_a_value():
    plateau = Plateau(0.1, patience=3, convention="keras", mode="max")
    assert repr(plateau) == "Plateau(eta0=0.1, patience=3, mode='max', convention='keras')"
    assert eval(repr(plateau)) == plateau == from_json(plateau.to_json()) and hash(plateau)


def test_errors():
    with pytest.raises(TypeError, match="metric must be real numbers, or|metric must be real"):
        Plateau(0.1)("0.5", Plateau(0.1).init())
    with pytest.raises(ValueError, match="accumulation_size"):
        from_optax("reduce_on_plateau", accumulation_size=4)
    with pytest.raises(ValueError, match="patience 0"):
        from_optax("reduce_on_plateau", patience=0)
    assert "NaN" in inspect.getdoc(Plateau)
