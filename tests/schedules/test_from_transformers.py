"""Schedules under transformers' names against transformers itself."""

import numpy as np
import pytest

from lrcore.schedules import from_transformers

STEPS = 130
FUNCTIONS = {
    "constant": "get_constant_schedule",
    "constant_with_warmup": "get_constant_schedule_with_warmup",
    "linear": "get_linear_schedule_with_warmup",
    "cosine": "get_cosine_schedule_with_warmup",
    "cosine_with_restarts": "get_cosine_with_hard_restarts_schedule_with_warmup",
    "polynomial": "get_polynomial_decay_schedule_with_warmup",
    "inverse_sqrt": "get_inverse_sqrt_schedule",
    "cosine_with_min_lr": "get_cosine_with_min_lr_schedule_with_warmup",
    "cosine_warmup_with_min_lr": "get_cosine_with_min_lr_schedule_with_warmup_lr_rate",
    "warmup_stable_decay": "get_wsd_schedule",
}
BASE = {"num_warmup_steps": 10, "num_training_steps": 100}
COLD = {"num_warmup_steps": 0, "num_training_steps": 100}
WSD = {"num_warmup_steps": 10, "num_decay_steps": 30, "num_training_steps": 100}
SETTINGS = [
    ("constant", {}),
    ("constant_with_warmup", {"num_warmup_steps": 10}),
    ("constant_with_warmup", {"num_warmup_steps": 0}),
    ("linear", BASE),
    ("linear", COLD),
    ("linear", {"num_warmup_steps": 99, "num_training_steps": 100}),
    ("linear", {"num_warmup_steps": 50, "num_training_steps": 50}),
    ("linear", {"num_warmup_steps": 1, "num_training_steps": 1000}),
    ("cosine", {"num_warmup_steps": 50, "num_training_steps": 50}),
    ("cosine", BASE),  # goes on after 100, and rises
    ("cosine", COLD),
    ("cosine", {**BASE, "num_cycles": 1.5}),
    ("cosine", {**BASE, "num_cycles": 0.25}),
    ("cosine", {"num_warmup_steps": 30, "num_training_steps": 60}),
    ("cosine_with_restarts", BASE),
    ("cosine_with_restarts", {**BASE, "num_cycles": 3}),
    ("cosine_with_restarts", {**COLD, "num_cycles": 4}),
    ("cosine_with_restarts", {"num_warmup_steps": 7, "num_training_steps": 90, "num_cycles": 2}),
    ("polynomial", BASE),
    ("polynomial", {**COLD, "power": 2.0}),
    ("polynomial", {**BASE, "power": 0.5, "lr_end": 0.01}),
    ("polynomial", {**BASE, "power": 3.0, "lr_end": 0.0}),
    ("inverse_sqrt", {"num_warmup_steps": 10}),
    ("inverse_sqrt", {"num_warmup_steps": 0}),
    ("inverse_sqrt", {"num_warmup_steps": 30, "timescale": 7}),
    ("inverse_sqrt", {"num_warmup_steps": 0, "timescale": 100}),
    ("cosine_with_min_lr", {**BASE, "min_lr": 0.01}),
    ("cosine_with_min_lr", {**BASE, "min_lr_rate": 0.1}),
    ("cosine_with_min_lr", {**COLD, "min_lr": 0.0, "num_cycles": 1.0}),
    ("cosine_warmup_with_min_lr", {**BASE, "min_lr": 0.01}),
    ("cosine_warmup_with_min_lr", {**BASE, "min_lr_rate": 0.2, "warmup_lr_rate": 0.1}),
    ("cosine_warmup_with_min_lr", {**COLD, "min_lr": 0.0}),
    ("cosine_warmup_with_min_lr", {**BASE, "num_warmup_steps": 1, "min_lr": 0.0, "warmup_lr_rate": 0.5}),
    ("warmup_stable_decay", WSD),
    ("warmup_stable_decay", {**WSD, "decay_type": "linear"}),
    ("warmup_stable_decay", {**WSD, "decay_type": "1-sqrt", "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", {**WSD, "warmup_type": "cosine", "min_lr_ratio": 0.2}),
    ("warmup_stable_decay", {**WSD, "warmup_type": "1-sqrt", "decay_type": "linear"}),
    ("warmup_stable_decay", {**WSD, "num_cycles": 1.5, "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", {"num_warmup_steps": 0, "num_decay_steps": 20, "num_stable_steps": 50}),
    ("warmup_stable_decay", {"num_warmup_steps": 15, "num_decay_steps": 40, "num_stable_steps": 0}),
]


@pytest.mark.parametrize(("name", "parameters"), SETTINGS)
def test_equal_to_transformers(name, parameters, transformers, stepped):
    make = getattr(transformers, FUNCTIONS[name])
    theirs = stepped(lambda optimizer: make(optimizer, **parameters), 0.1, STEPS)
    ours = from_transformers(name, base_lr=0.1, **parameters)(np.arange(STEPS))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)


def test_the_first_update_of_a_warmup_is_wasted():
    assert from_transformers("linear", base_lr=0.1, **BASE)(0) == 0
    assert from_transformers("cosine_warmup_with_min_lr", base_lr=0.1, min_lr=0.0, **BASE)(
        0
    ) == pytest.approx(0.01)


def test_what_is_not_covered_is_refused():
    with pytest.raises(ValueError, match="transformers schedules known here are .*got 'greedy'"):
        from_transformers("greedy", base_lr=0.1)
    with pytest.raises(ValueError, match="exactly one of min_lr and min_lr_rate"):
        from_transformers("cosine_with_min_lr", base_lr=0.1, min_lr=0.0, min_lr_rate=0.1, **BASE)
    with pytest.raises(ValueError, match="not covered: warmup_stable_decay without"):
        from_transformers("warmup_stable_decay", base_lr=0.1, num_warmup_steps=1, num_decay_steps=2)
    with pytest.raises(TypeError, match="num_training_steps is missing"):
        from_transformers("linear", base_lr=0.1, num_warmup_steps=1)
