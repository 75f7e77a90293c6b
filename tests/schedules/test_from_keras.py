"""Schedules under Keras' names against Keras itself, in float64 and in its usual float32."""

import numpy as np
import pytest

from lrcore.schedules import Linear, from_keras

STEPS = 130
SETTINGS = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.96}),
    ("ExponentialDecay", {"initial_learning_rate": 1e-5, "decay_steps": 10, "decay_rate": 3.0}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 12.5, "decay_rate": 0.5}),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.1, "staircase": True},
    ),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.9, "staircase": True},
    ),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 1.0}),
    ("InverseTimeDecay", {"initial_learning_rate": 3.0, "decay_steps": 2.5, "decay_rate": 0.1}),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 2.0, "staircase": True},
    ),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 100}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 60, "end_learning_rate": 0.0}),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 60, "end_learning_rate": 0.01, "power": 2.0},
    ),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 100, "power": 0.5}),
    ("PolynomialDecay", {"initial_learning_rate": 0.01, "decay_steps": 50, "end_learning_rate": 0.1}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 1000, "power": 3.0}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 100}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 50, "alpha": 0.1}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 1000, "alpha": 1.0}),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.0, "decay_steps": 100, "warmup_target": 0.1, "warmup_steps": 10},
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.02, "decay_steps": 60, "warmup_target": 0.1, "warmup_steps": 25},
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.0, "decay_steps": 60, "warmup_target": 0.1, "warmup_steps": 200},
    ),
    (
        "CosineDecay",
        {
            "initial_learning_rate": 0.0,
            "decay_steps": 60,
            "alpha": 0.2,
            "warmup_target": 0.1,
            "warmup_steps": 1,
        },
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.3, "decay_steps": 60, "warmup_target": 0.1, "warmup_steps": 20},
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 60, "warmup_steps": 20},
    ),  # no target: no warmup
    (
        "CosineDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 60, "warmup_target": 0.2, "warmup_steps": 0},
    ),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 1.0}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "m_mul": 0.5}),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 20, "t_mul": 1.5, "alpha": 0.1},
    ),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 8, "t_mul": 1.0, "m_mul": 0.7, "alpha": 0.05},
    ),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 200, "alpha": 0.2}),
    ("PiecewiseConstantDecay", {"boundaries": [30, 60], "values": [0.1, 0.01, 0.001]}),
    ("PiecewiseConstantDecay", {"boundaries": [0], "values": [0.1, 0.5]}),
    ("PiecewiseConstantDecay", {"boundaries": [10, 11, 12], "values": [0.1, 0.4, 0.2, 0.3]}),
]


def rates_of(keras, name, parameters):
    """Step by step: its conditionals do not take arrays."""
    schedule = getattr(keras.optimizers.schedules, name)(**parameters)
    return np.array([schedule(k).numpy() for k in range(STEPS)])


@pytest.mark.parametrize(("name", "parameters"), SETTINGS)
def test_equal_to_keras(name, parameters, keras):
    theirs = rates_of(keras, name, parameters)
    assert theirs.dtype == np.float64
    ours = from_keras(name, **parameters)(np.arange(STEPS))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12 * theirs.max())


@pytest.mark.parametrize(("name", "parameters"), SETTINGS[::4])
def test_equal_to_keras_as_it_computes(name, parameters, keras_in_float32):
    """Within 1e-7."""
    theirs = rates_of(keras_in_float32, name, parameters)
    assert theirs.dtype == np.float32
    ours = from_keras(name, **parameters)(np.arange(STEPS))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-7)


def test_the_config_of_a_keras_schedule_will_do(keras):
    theirs = keras.optimizers.schedules.CosineDecay(0.1, 50, alpha=0.1)
    ours = from_keras("CosineDecay", **theirs.get_config())
    assert ours == from_keras("CosineDecay", initial_learning_rate=0.1, decay_steps=50, alpha=0.1)


def test_power_1_may_rise():
    rising = from_keras("PolynomialDecay", initial_learning_rate=1e-5, decay_steps=10)
    assert rising == Linear(1e-5, 10, 1e-4)  # Keras' default end rate is larger than this start


def test_names_and_parameters_are_keras():
    with pytest.raises(ValueError, match="Keras schedules known here are .*CosineDecay"):
        from_keras("Cosine", initial_learning_rate=0.1)
    with pytest.raises(TypeError, match="decay_steps is missing"):
        from_keras("CosineDecay", initial_learning_rate=0.1)
    with pytest.raises(ValueError, match="not covered: PolynomialDecay with cycle"):
        from_keras("PolynomialDecay", initial_learning_rate=0.1, decay_steps=10, cycle=True)
