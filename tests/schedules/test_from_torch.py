"""Schedules under torch's names against torch itself, stepped one by one."""

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from lrcore.schedules import from_torch

STEPS = 130  # past the end of every setting
SETTINGS = [
    ("ConstantLR", 0.1, {}),
    ("ConstantLR", 0.3, {"factor": 0.25, "total_iters": 40}),
    ("ConstantLR", 0.1, {"factor": 1.0, "total_iters": 1}),
    ("LinearLR", 0.1, {}),
    ("LinearLR", 0.1, {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 50}),
    ("LinearLR", 0.7, {"start_factor": 0.01, "total_iters": 37}),
    ("LinearLR", 0.1, {"start_factor": 0.5, "end_factor": 0.2, "total_iters": 100}),
    ("LinearLR", 0.1, {"start_factor": 0.3, "total_iters": 1}),
    ("PolynomialLR", 0.1, {}),
    ("PolynomialLR", 0.1, {"total_iters": 100, "power": 2.0}),
    ("PolynomialLR", 3.0, {"total_iters": 60, "power": 0.5}),
    ("PolynomialLR", 0.1, {"total_iters": 33, "power": 0.9}),
    ("StepLR", 0.1, {"step_size": 30}),
    ("StepLR", 0.1, {"step_size": 1, "gamma": 0.97}),
    ("StepLR", 0.1, {"step_size": 7, "gamma": 0.5}),
    ("StepLR", 0.1, {"step_size": 200, "gamma": 0.5}),
    ("StepLR", 0.01, {"step_size": 40, "gamma": 2.0}),
    ("MultiStepLR", 0.1, {"milestones": [30, 60, 90]}),
    ("MultiStepLR", 0.1, {"milestones": [50, 50, 80], "gamma": 0.3}),
    ("MultiStepLR", 0.1, {"milestones": [80, 20], "gamma": 0.5}),
    ("MultiStepLR", 0.1, {"milestones": [0, 10], "gamma": 0.5}),
    ("MultiStepLR", 0.1, {"milestones": []}),
    ("ExponentialLR", 0.1, {"gamma": 0.95}),
    ("ExponentialLR", 1e-5, {"gamma": 1.1}),
    ("ExponentialLR", 0.1, {"gamma": 1.0}),
    ("CosineAnnealingLR", 0.1, {"T_max": 100}),
    ("CosineAnnealingLR", 0.1, {"T_max": 50}),
    ("CosineAnnealingLR", 0.1, {"T_max": 30, "eta_min": 0.01}),
    ("CosineAnnealingLR", 0.1, {"T_max": 7, "eta_min": 0.05}),
    ("CosineAnnealingLR", 0.1, {"T_max": 1000, "eta_min": 1e-6}),
    ("CosineAnnealingLR", 0.1, {"T_max": 2}),
    ("CosineAnnealingWarmRestarts", 0.1, {"T_0": 10}),
    ("CosineAnnealingWarmRestarts", 0.1, {"T_0": 10, "T_mult": 2}),
    ("CosineAnnealingWarmRestarts", 0.1, {"T_0": 1, "T_mult": 3, "eta_min": 0.001}),
    ("CosineAnnealingWarmRestarts", 0.1, {"T_0": 4, "T_mult": 5}),
    ("CosineAnnealingWarmRestarts", 0.1, {"T_0": 7, "T_mult": 1, "eta_min": 0.02}),
    ("CyclicLR", None, {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 20}),
    ("CyclicLR", None, {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 10, "step_size_down": 30}),
    ("CyclicLR", None, {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 8, "mode": "triangular2"}),
    (
        "CyclicLR",
        None,
        {"base_lr": 0.0, "max_lr": 0.1, "step_size_up": 5, "mode": "exp_range", "gamma": 0.97},
    ),
    ("CyclicLR", None, {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 1, "step_size_down": 6}),
    ("CyclicLR", None, {"base_lr": 0.01, "max_lr": 0.1}),
    ("OneCycleLR", None, {"max_lr": 1.0, "total_steps": STEPS}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "pct_start": 0.25}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "anneal_strategy": "linear"}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "three_phase": True}),
    (
        "OneCycleLR",
        None,
        {"max_lr": 0.1, "total_steps": STEPS, "three_phase": True, "anneal_strategy": "linear"},
    ),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "three_phase": True, "pct_start": 0.5}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "pct_start": 0.003}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "pct_start": 0.0}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "pct_start": 0.0, "three_phase": True}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "pct_start": 1.0}),
    ("OneCycleLR", None, {"max_lr": 0.1, "epochs": 13, "steps_per_epoch": 10, "div_factor": 5.0}),
    ("OneCycleLR", None, {"max_lr": 0.1, "total_steps": STEPS, "final_div_factor": 3.0, "div_factor": 1.0}),
    ("LambdaLR", 0.1, {"lr_lambda": lambda k: 1 / (1 + 0.05 * k)}),
    ("LambdaLR", 0.1, {"lr_lambda": lambda k: 1.0 if k < 30 else 0.1}),
]


@pytest.mark.parametrize(("name", "base_lr", "parameters"), SETTINGS)
def test_equal_to_torch(name, base_lr, parameters, stepped):
    own = {} if base_lr is None else {"base_lr": base_lr}
    make = getattr(lr_scheduler, name)
    steps = STEPS - 1 if name == "OneCycleLR" else STEPS  # torch refuses to step past the end
    theirs = stepped(lambda optimizer: make(optimizer, **parameters), base_lr or 0.5, steps)
    ours = from_torch(name, **own, **parameters)(np.arange(steps))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12 * max(theirs))


WARMUP = ("LinearLR", {"start_factor": 0.1, "total_iters": 10})
SEQUENCES = [
    ([WARMUP, ("CosineAnnealingLR", {"T_max": 90})], [10]),
    ([WARMUP, ("StepLR", {"step_size": 20, "gamma": 0.5})], [10]),
    ([WARMUP, ("CosineAnnealingWarmRestarts", {"T_0": 15, "T_mult": 2})], [10]),
    (
        [WARMUP, ("ExponentialLR", {"gamma": 0.9})],
        [4],
    ),  # a milestone before its end cuts the warmup off: a jump
    ([WARMUP, ("ExponentialLR", {"gamma": 0.9})], [25]),  # one after its end holds the rate
    (
        [WARMUP, ("ConstantLR", {"factor": 0.5, "total_iters": 9}), ("PolynomialLR", {"total_iters": 40})],
        [10, 30],
    ),
    ([("MultiStepLR", {"milestones": [5, 9]}), ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.03})], [50]),
]


@pytest.mark.parametrize(("parts", "milestones"), SEQUENCES)
def test_equal_to_sequential(parts, milestones, stepped):
    """Each scheduler starts at its own 0 and from the base rate."""

    def make(optimizer):
        inner = [getattr(lr_scheduler, name)(optimizer, **p) for name, p in parts]
        return lr_scheduler.SequentialLR(optimizer, inner, milestones)

    inner = [from_torch(name, base_lr=0.1, **p) for name, p in parts]
    ours = from_torch("SequentialLR", schedulers=inner, milestones=milestones)
    np.testing.assert_allclose(ours(np.arange(STEPS)), stepped(make, 0.1, STEPS), rtol=0, atol=1e-13)


CHAINS = [
    [("ConstantLR", {"factor": 0.1, "total_iters": 5}), ("ExponentialLR", {"gamma": 0.9})],
    [WARMUP, ("StepLR", {"step_size": 30, "gamma": 0.5})],
    [WARMUP, ("MultiStepLR", {"milestones": [20, 60]}), ("ExponentialLR", {"gamma": 0.99})],
    [("CosineAnnealingLR", {"T_max": STEPS}), ("ExponentialLR", {"gamma": 0.98})],
]


@pytest.mark.parametrize("parts", CHAINS)
def test_equal_to_chained(parts, stepped):
    """A product, where SequentialLR is a replacement."""

    def make(optimizer):
        return lr_scheduler.ChainedScheduler(
            [getattr(lr_scheduler, name)(optimizer, **p) for name, p in parts]
        )

    ours = from_torch(
        "ChainedScheduler", base_lr=0.3, schedulers=[from_torch(n, base_lr=0.3, **p) for n, p in parts]
    )
    np.testing.assert_allclose(ours(np.arange(STEPS)), stepped(make, 0.3, STEPS), rtol=0, atol=1e-13)


def test_a_chained_cosine_with_a_floor_is_no_product_and_is_refused(stepped):
    def make(optimizer):
        cosine = lr_scheduler.CosineAnnealingLR(optimizer, 50, eta_min=0.01)
        return lr_scheduler.ChainedScheduler([cosine, lr_scheduler.ExponentialLR(optimizer, 0.5)])

    cosine = from_torch("CosineAnnealingLR", base_lr=0.1, T_max=50, eta_min=0.01)
    half = from_torch("ExponentialLR", base_lr=1.0, gamma=0.5)
    assert abs((cosine * half)(2) - stepped(make, 0.1, 3)[2]) > 1e-6
    with pytest.raises(ValueError, match="not covered.*eta_min=0.01"):
        from_torch("ChainedScheduler", base_lr=0.1, schedulers=[cosine, half])


def test_one_cycle_inside_a_sequence_shrinks_the_warmup_before_it(stepped):
    """OneCycleLR overwrites initial_lr, so a warmup that was made before it climbs to max_lr/25 only."""

    def make(optimizer):
        warmup = lr_scheduler.LinearLR(optimizer, 0.1, total_iters=10)
        one_cycle = lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=100)
        return lr_scheduler.SequentialLR(optimizer, [warmup, one_cycle], [10])

    warmup = from_torch("LinearLR", base_lr=0.1 / 25, start_factor=0.1, total_iters=10)
    one_cycle = from_torch("OneCycleLR", max_lr=0.1, total_steps=100)
    ours = from_torch("SequentialLR", schedulers=[warmup, one_cycle], milestones=[10])
    np.testing.assert_allclose(ours(np.arange(100)), stepped(make, 0.1, 100), rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    "parameters",
    [
        {"max_lr": 0.1, "total_steps": 100},
        {"max_lr": 0.1, "total_steps": 57, "three_phase": True, "anneal_strategy": "linear"},
        {"max_lr": 0.1, "total_steps": 57, "base_momentum": 0.7, "max_momentum": 0.9, "pct_start": 0.45},
    ],
)
def test_the_momentum_of_one_cycle(parameters):
    steps = parameters["total_steps"]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = lr_scheduler.OneCycleLR(optimizer, **parameters)
    theirs = []
    for k in range(steps):
        theirs.append(optimizer.param_groups[0]["momentum"])
        if k < steps - 1:
            optimizer.step()
            scheduler.step()
    limits = parameters.get("base_momentum", 0.85), parameters.get("max_momentum", 0.95)
    ours = from_torch("OneCycleLR", **parameters).momentum(*limits)
    np.testing.assert_allclose(ours(np.arange(steps)), theirs, rtol=0, atol=1e-13)


def test_a_factor_by_hand_lasts_until_the_cosine_forgets_it(stepped):
    """torch's recursion multiplies the rate it finds; a pure schedule has nothing to find."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = lr_scheduler.CosineAnnealingLR(optimizer, 50)
    pure = from_torch("CosineAnnealingLR", base_lr=0.1, T_max=50)
    ratios = []
    for k in range(60):
        if k == 10:
            optimizer.param_groups[0]["lr"] *= 0.5
        ratios.append(optimizer.param_groups[0]["lr"] / max(pure(k), 1e-9))
        optimizer.step()
        scheduler.step()
    np.testing.assert_allclose([ratios[9], ratios[11], ratios[49], ratios[52]], [1, 0.5, 0.5, 1], rtol=1e-9)


def test_a_horizon_that_torch_accepts_in_silence_is_refused():
    """total_epochs - warmup_steps, epochs minus steps, is negative."""
    with pytest.raises(ValueError, match=r"T must be in \(0, inf\), got -910"):
        from_torch("CosineAnnealingLR", base_lr=0.1, T_max=-910)


def test_names_and_parameters_are_torchs():
    with pytest.raises(ValueError, match="torch schedules known here are ConstantLR.*got 'CosineLR'"):
        from_torch("CosineLR", base_lr=0.1)
    with pytest.raises(
        TypeError, match="CosineAnnealingLR of torch has the parameters base_lr, T_max, eta_min"
    ):
        from_torch("CosineAnnealingLR", base_lr=0.1, T=50)
    with pytest.raises(ValueError, match="start_factor"):
        from_torch("LinearLR", base_lr=0.1, start_factor=0.0)  # as torch says, too
    with pytest.raises(ValueError, match="without total_steps"):
        from_torch("OneCycleLR", max_lr=0.1, epochs=3)
