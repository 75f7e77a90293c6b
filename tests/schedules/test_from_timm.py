"""Schedules under timm's names against timm itself."""

import numpy as np
import pytest
import torch

from lrcore.schedules import from_timm

STEPS = 130
COSINE, POLY, STEP, MULTI, WSD = (
    f"{name}LRScheduler" for name in ("Cosine", "Poly", "Step", "MultiStep", "WSD")
)
WARMUP = {"warmup_t": 10, "warmup_lr_init": 0.001}
SETTINGS = [
    (COSINE, {"t_initial": 100}),
    (COSINE, {"t_initial": 50, "lr_min": 0.01}),
    (COSINE, {"t_initial": 100, **WARMUP}),  # jumps into the cosine at step 10: it began at 0
    (COSINE, {"t_initial": 100, **WARMUP, "warmup_prefix": True}),
    (COSINE, {"t_initial": 100, "warmup_t": 10}),
    (COSINE, {"t_initial": 60, "lr_min": 1e-4, "warmup_t": 25, "warmup_prefix": True}),
    (COSINE, {"t_initial": 30, "cycle_limit": 3}),
    (COSINE, {"t_initial": 20, "cycle_limit": 10, "cycle_decay": 0.5}),
    (COSINE, {"t_initial": 10, "cycle_mul": 2.0, "cycle_limit": 3}),
    (COSINE, {"t_initial": 10, "cycle_mul": 2.0, "cycle_limit": 4, "cycle_decay": 0.7, "lr_min": 0.01}),
    (COSINE, {"t_initial": 20, "cycle_mul": 1.5, "cycle_limit": 3}),
    (COSINE, {"t_initial": 20, "cycle_mul": 1.25, "cycle_limit": 5}),
    (COSINE, {"t_initial": 20, "cycle_limit": 3, **WARMUP, "warmup_prefix": True, "cycle_decay": 0.8}),
    (COSINE, {"t_initial": 20, "cycle_limit": 3, **WARMUP, "cycle_decay": 0.8}),
    (COSINE, {"t_initial": 1000, "t_in_epochs": True}),
    (POLY, {"t_initial": 100}),
    (POLY, {"t_initial": 100, "power": 2.0, "lr_min": 0.01}),
    (POLY, {"t_initial": 60, "power": 1.0, **WARMUP}),
    (POLY, {"t_initial": 60, "power": 0.9, **WARMUP, "warmup_prefix": True}),
    (POLY, {"t_initial": 25, "power": 3.0, "cycle_limit": 4, "cycle_decay": 0.5}),
    (POLY, {"t_initial": 12, "cycle_mul": 2.0, "cycle_limit": 3, "lr_min": 0.001}),
    (STEP, {"decay_t": 30, "decay_rate": 0.1}),
    (STEP, {"decay_t": 7, "decay_rate": 0.5}),
    (STEP, {"decay_t": 2.5, "decay_rate": 0.97}),
    (STEP, {"decay_t": 30}),
    (STEP, {"decay_t": 30, "decay_rate": 0.1, **WARMUP}),
    (STEP, {"decay_t": 30, "decay_rate": 0.1, **WARMUP, "warmup_prefix": False}),
    (STEP, {"decay_t": 5, "decay_rate": 0.8, "warmup_t": 12, "warmup_prefix": False}),
    (MULTI, {"decay_t": [30, 60, 90], "decay_rate": 0.1}),
    (MULTI, {"decay_t": [30, 30, 31], "decay_rate": 0.5}),
    (MULTI, {"decay_t": [0, 1, 2], "decay_rate": 0.5}),
    (MULTI, {"decay_t": [30, 60], "decay_rate": 0.1, **WARMUP}),
    (MULTI, {"decay_t": [30, 60], "decay_rate": 0.1, **WARMUP, "warmup_prefix": False}),
    (MULTI, {"decay_t": [5, 60], "decay_rate": 0.1, **WARMUP, "warmup_prefix": False}),
    (WSD, {"t_initial": 100, "decay_t": 20}),
    (WSD, {"t_initial": 100, "decay_t": 20, "decay_fn": "linear", **WARMUP}),
    (WSD, {"t_initial": 90, "decay_t": 30, "decay_fn": "cosine", "lr_min": 0.01, **WARMUP}),
    (WSD, {"t_initial": 90, "decay_t": 90, "lr_min": 0.01}),
    (WSD, {"t_initial": 90, "decay_t": 20, "stable_fn": "rsqrt", **WARMUP}),
    (
        WSD,
        {"t_initial": 90, "decay_t": 20, "stable_fn": "rsqrt", "stable_timescale": 5.0, "decay_fn": "linear"},
    ),
    (WSD, {"t_initial": 90, "decay_t": 20, "stable_fn": "power", "stable_power": 0.8, **WARMUP}),
]


def stepped(make, lr):
    """The rate of epoch k is set by step(k), called before it."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make(optimizer)
    rates = []
    for k in range(STEPS):
        scheduler.step(k)
        rates.append(optimizer.param_groups[0]["lr"])
    return np.array(rates)


@pytest.mark.parametrize(("name", "parameters"), SETTINGS)
def test_equal_to_timm(name, parameters, timm):
    theirs = stepped(lambda optimizer: getattr(timm, name)(optimizer, **parameters), 0.1)
    ours = from_timm(name, base_lr=0.1, **parameters)(np.arange(STEPS))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)


def test_timm_misses_a_restart_by_rounding_and_lrcore_does_not(timm):
    """math.log(243, 3) is 4.999...: at step 121 timm is still at the end of the cycle before."""
    parameters = {"t_initial": 1, "cycle_mul": 3.0, "cycle_limit": 6}
    theirs = stepped(lambda optimizer: timm.CosineLRScheduler(optimizer, **parameters), 0.1)
    ours = from_timm("CosineLRScheduler", base_lr=0.1, **parameters)(np.arange(STEPS))
    assert theirs[121] < 1e-12 and ours[121] == pytest.approx(0.1, abs=1e-15)
    others = np.arange(STEPS) != 121
    np.testing.assert_allclose(ours[others], theirs[others], rtol=0, atol=1e-13)


def test_multistep_is_one_step_earlier_than_torchs():
    from lrcore.schedules import from_torch

    timm = from_timm("MultiStepLRScheduler", base_lr=0.1, decay_t=[30], decay_rate=0.1)
    torch = from_torch("MultiStepLR", base_lr=0.1, milestones=[30])
    assert timm(28) == torch(29) == 0.1 and timm(29) == torch(30) < 0.02


@pytest.mark.parametrize(
    ("name", "parameters", "what"),
    [
        (COSINE, {"t_initial": 10, "k_decay": 2.0}, "k_decay"),
        (COSINE, {"t_initial": 10, "noise_range_t": 5}, "noise"),
        (WSD, {"t_initial": 10, "decay_t": 5, "decay_fn": "exp"}, "decay_fn 'exp'"),
        (WSD, {"t_initial": 10, "decay_t": 5, "stable_fn": "steps"}, "stable_fn 'steps'"),
        (WSD, {"t_initial": 10, "decay_t": 5, "stable_fn": "rsqrt", "lr_min": 0.1}, "lr_min"),
    ],
)
def test_what_is_not_covered_is_refused(name, parameters, what):
    with pytest.raises(ValueError, match=f"not covered: .*{what}"):
        from_timm(name, base_lr=0.1, **parameters)
    with pytest.raises(ValueError, match="timm schedules known here are .*got 'TanhLRScheduler'"):
        from_timm("TanhLRScheduler", base_lr=0.1, t_initial=10)
