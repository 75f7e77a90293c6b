"""Schedules under optax' names against optax itself, in float64."""

import numpy as np
import pytest

from lrcore.schedules import Cosine, LinearWarmup, from_optax

STEPS = 130
SETTINGS = [
    ("constant_schedule", {"value": 0.1}),
    ("linear_schedule", {"init_value": 0.1, "end_value": 0.0, "transition_steps": 100}),
    ("linear_schedule", {"init_value": 0.0, "end_value": 0.1, "transition_steps": 30}),
    (
        "linear_schedule",
        {"init_value": 0.1, "end_value": 0.02, "transition_steps": 37, "transition_begin": 20},
    ),
    (
        "linear_schedule",
        {"init_value": 0.1, "end_value": 0.02, "transition_steps": 37, "transition_begin": -5},
    ),
    ("polynomial_schedule", {"init_value": 0.1, "end_value": 0.0, "power": 2.0, "transition_steps": 100}),
    ("polynomial_schedule", {"init_value": 0.1, "end_value": 0.01, "power": 0.5, "transition_steps": 60}),
    (
        "polynomial_schedule",
        {"init_value": 0.1, "end_value": 0.01, "power": 3, "transition_steps": 60, "transition_begin": 15},
    ),
    ("polynomial_schedule", {"init_value": 0.1, "end_value": 0.3, "power": 1, "transition_steps": 60}),
    ("piecewise_constant_schedule", {"init_value": 0.1}),
    ("piecewise_constant_schedule", {"init_value": 0.1, "boundaries_and_scales": {30: 0.1, 60: 0.1}}),
    (
        "piecewise_constant_schedule",
        {"init_value": 0.1, "boundaries_and_scales": {60: 0.5, 30: 3.0, 90: 0.0}},
    ),
    ("piecewise_constant_schedule", {"init_value": 0.1, "boundaries_and_scales": {1: 0.5}}),
    (
        "piecewise_interpolate_schedule",
        {"interpolate_type": "linear", "init_value": 0.1, "boundaries_and_scales": {30: 0.1, 60: 5.0}},
    ),
    (
        "piecewise_interpolate_schedule",
        {
            "interpolate_type": "cosine",
            "init_value": 0.1,
            "boundaries_and_scales": {20: 3.0, 60: 0.1, 100: 0.5},
        },
    ),
    ("exponential_decay", {"init_value": 0.1, "transition_steps": 30, "decay_rate": 0.5}),
    ("exponential_decay", {"init_value": 0.1, "transition_steps": 1, "decay_rate": 0.97}),
    ("exponential_decay", {"init_value": 0.1, "transition_steps": 30, "decay_rate": 0.5, "staircase": True}),
    (
        "exponential_decay",
        {"init_value": 0.1, "transition_steps": 7, "decay_rate": 0.5, "transition_begin": 20},
    ),
    (
        "exponential_decay",
        {
            "init_value": 0.1,
            "transition_steps": 9,
            "decay_rate": 0.5,
            "transition_begin": 4,
            "staircase": True,
        },
    ),
    ("exponential_decay", {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.5, "end_value": 0.01}),
    ("exponential_decay", {"init_value": 0.001, "transition_steps": 10, "decay_rate": 2.0, "end_value": 0.1}),
    ("cosine_decay_schedule", {"init_value": 0.1, "decay_steps": 100}),
    ("cosine_decay_schedule", {"init_value": 0.1, "decay_steps": 50, "alpha": 0.1}),
    ("cosine_decay_schedule", {"init_value": 0.1, "decay_steps": 77, "alpha": 0.1, "exponent": 2.0}),
    ("cosine_decay_schedule", {"init_value": 3.0, "decay_steps": 1000, "exponent": 0.5}),
    ("cosine_onecycle_schedule", {"transition_steps": 100, "peak_value": 0.1}),
    ("cosine_onecycle_schedule", {"transition_steps": 55, "peak_value": 1.0, "pct_start": 0.25}),
    ("cosine_onecycle_schedule", {"transition_steps": 60, "peak_value": 1.0, "pct_start": 0.0}),
    (
        "cosine_onecycle_schedule",
        {"transition_steps": 60, "peak_value": 1.0, "div_factor": 2, "final_div_factor": 9},
    ),
    ("linear_onecycle_schedule", {"transition_steps": 100, "peak_value": 0.1}),
    (
        "linear_onecycle_schedule",
        {"transition_steps": 60, "peak_value": 1.0, "pct_start": 0.25, "pct_final": 0.9},
    ),
    ("linear_onecycle_schedule", {"transition_steps": 123, "peak_value": 1.0, "div_factor": 4.0}),
    ("warmup_constant_schedule", {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 10}),
    ("warmup_constant_schedule", {"init_value": 0.05, "peak_value": 0.1, "warmup_steps": 33}),
    (
        "warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 10, "decay_steps": 100},
    ),
    (
        "warmup_cosine_decay_schedule",
        {"init_value": 0.01, "peak_value": 0.1, "warmup_steps": 30, "decay_steps": 90, "end_value": 0.02},
    ),
    (
        "warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 0, "decay_steps": 100},
    ),
    (
        "warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 1, "decay_steps": 70, "exponent": 1.5},
    ),
    (
        "warmup_exponential_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 10, "transition_steps": 20, "decay_rate": 0.5},
    ),
    (
        "warmup_exponential_decay_schedule",
        {
            "init_value": 0.0,
            "peak_value": 0.1,
            "warmup_steps": 10,
            "transition_steps": 20,
            "decay_rate": 0.5,
            "transition_begin": 15,
            "staircase": True,
            "end_value": 0.02,
        },
    ),
    (
        "sgdr_schedule",
        {
            "cosine_kwargs": [
                {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 5, "decay_steps": 30},
                {
                    "init_value": 0.01,
                    "peak_value": 0.08,
                    "warmup_steps": 5,
                    "decay_steps": 60,
                    "end_value": 0.01,
                },
                {"init_value": 0.0, "peak_value": 0.05, "warmup_steps": 0, "decay_steps": 20},
            ]
        },
    ),
]


def rates_of(schedule, name=""):
    """Uncompiled, since XLA divides by a constant as it multiplies by its rounded inverse."""
    import jax
    import jax.numpy as jnp

    if "interpolate" in name or "onecycle" in name:  # these take one step at a time, and are slow uncompiled
        schedule = jax.jit(jax.vmap(schedule))
    return np.asarray(schedule(jnp.arange(STEPS))) * np.ones(STEPS)


@pytest.mark.parametrize(("name", "parameters"), SETTINGS)
def test_equal_to_optax(name, parameters, optax):
    theirs = rates_of(getattr(optax, name)(**parameters), name)
    assert theirs.dtype == np.float64
    np.testing.assert_allclose(
        from_optax(name, **parameters)(np.arange(STEPS)), theirs, rtol=0, atol=1e-12 * theirs.max()
    )


def test_equal_to_joined(optax):
    ours = from_optax(
        "join_schedules", schedules=[LinearWarmup(0.1, 20), Cosine(0.1, 60, 0.01)], boundaries=[20]
    )
    parts = [optax.linear_schedule(0.0, 0.1, 20), optax.cosine_decay_schedule(0.1, 60, alpha=0.1)]
    theirs = rates_of(optax.join_schedules(parts, [20]))
    np.testing.assert_allclose(ours(np.arange(STEPS)), theirs, rtol=0, atol=1e-13)


def test_the_same_words_as_torch_are_another_curve():
    """One cycle on 60 steps: optax' knots are pN and N, torch's pN - 1 and N - 1; linear has three phases."""
    from lrcore.schedules import from_torch

    k = np.arange(60)
    cosine = from_optax("cosine_onecycle_schedule", transition_steps=60, peak_value=1.0)
    straight = from_optax("linear_onecycle_schedule", transition_steps=60, peak_value=1.0)
    torch_cosine = from_torch("OneCycleLR", max_lr=1.0, total_steps=60)
    torch_straight = from_torch(
        "OneCycleLR", max_lr=1.0, total_steps=60, three_phase=True, anneal_strategy="linear"
    )
    assert np.argmax(cosine(k)) == 18 and np.argmax(torch_cosine(k)) == 17
    assert np.abs(cosine(k) - torch_cosine(k)).max() == pytest.approx(0.05, abs=5e-3)
    assert np.abs(straight(k) - torch_straight(k)).max() == pytest.approx(0.49, abs=5e-3)


def test_names_and_parameters_are_optax():
    with pytest.raises(ValueError, match="optax schedules known here are constant_schedule"):
        from_optax("cosine", init_value=0.1)
    with pytest.raises(TypeError, match="decay_rate is missing"):
        from_optax("exponential_decay", init_value=0.1, transition_steps=3)
    with pytest.raises(
        ValueError, match=r"T must be in \(0, inf\)"
    ):  # optax logs a message and stays constant
        from_optax("linear_schedule", init_value=0.1, end_value=0.0, transition_steps=0)
