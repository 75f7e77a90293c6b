"""How fast are schedules? Ratios of times taken in turn, since the machine may be busy.

    python tests/bench/schedules.py

Each time is the least of three, each ratio the median of fifteen. Exits with 1 if a limit is broken.
"""

import sys
from statistics import median
from time import perf_counter

import numpy as np
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

from lrcore.schedules import Cosine, LinearWarmup, join

STEPS, WARMUP, REPETITIONS, TORCH_STEPS = 1_000_000, 10_000, 15, 20_000
SCHEDULE = join([LinearWarmup(0.1, WARMUP), Cosine(0.1, STEPS - WARMUP)], at=[WARMUP])


def seconds(function):
    start = perf_counter()
    function()
    return perf_counter() - start


def torch_steps():
    """As many steps as there is patience for: a step costs the same at every k."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    warmup = LinearLR(optimizer, 1e-10, total_iters=WARMUP)
    cosine = CosineAnnealingLR(optimizer, STEPS - WARMUP)
    scheduler = SequentialLR(optimizer, [warmup, cosine], [WARMUP])
    optimizer.step()
    for _ in range(TORCH_STEPS):
        scheduler.step()


def ratios():
    """Of each repetition: schedule / np.cos of angles, schedule / np.cos of the steps, torch / schedule."""
    k = np.arange(STEPS)
    angles = k * (np.pi / STEPS)
    SCHEDULE(k), np.cos(k), np.cos(angles), torch_steps()
    for _ in range(REPETITIONS):
        own = min(seconds(lambda: SCHEDULE(k)) for _ in range(3))
        of_angles = min(seconds(lambda: np.cos(angles)) for _ in range(3))
        of_steps = min(seconds(lambda: np.cos(k)) for _ in range(3))
        stepping = seconds(torch_steps) * (STEPS / TORCH_STEPS)
        yield own / of_angles, own / of_steps, stepping / own


def main():
    to_angles, to_steps, torch_to_own = (median(column) for column in zip(*ratios(), strict=True))
    print(f"warmup + cosine, {STEPS:,} steps, medians of {REPETITIONS}:")
    print(f"  {to_angles:6.2f} times np.cos of an array of as many angles in [0, pi)   (at most 2.5)")
    print(f"  {to_steps:6.2f} times np.cos of the array of steps                      (at most 2.5)")
    print(f"  {torch_to_own:6.0f} times faster than stepping torch's SequentialLR         (at least 100)")
    return 0 if max(to_angles, to_steps) <= 2.5 and torch_to_own >= 100 else 1


if __name__ == "__main__":
    sys.exit(main())
