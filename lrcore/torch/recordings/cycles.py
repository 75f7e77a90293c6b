"""Chapter 07: schedules that go up again, and what super-convergence comes to on digits."""

from functools import partial

from ...schedules import (
    WSD,
    Constant,
    Cosine,
    CosineRestarts,
    Cyclic,
    MultiStep,
    Noam,
    OneCycle,
    Plateau,
    SlantedTriangular,
)
from ..digits import train
from .recording import Recording, grid, warmed_up


def shapes(T):
    """All with the peak 1; cycles and restarts end with the budget, at their lowest rate."""
    w = T // 20
    return {
        "constant": Constant(1.0),
        "cosine": Cosine(1.0, T),
        "warmup, cosine": warmed_up(Cosine(1.0, T - w), w),
        "Noam": (64 * w) ** 0.5 * Noam(64, warmup=w),
        "restarts, 4 equal": CosineRestarts(1.0, T / 4),
        "restarts, doubling": CosineRestarts(1.0, T / 7, T_mult=2),
        "triangular": Cyclic(0.25, 1.0, up=T // 8),
        "triangular2": Cyclic(0.25, 1.0, up=T // 8, mode="triangular2"),
        "one cycle": OneCycle(1.0, T),
        "slanted triangular": SlantedTriangular(1.0, T),
        "WSD": WSD(1.0, T, warmup=w, decay=T // 5, start=1 / w),
        "plateau": Plateau(1.0, factor=0.1, patience=1),
    }


def one_cycle(T, momentum=True, **shape):
    """A trial with the rate of one cycle and, with `momentum`, beta from 0.95 to 0.85 and back against it."""
    rate = OneCycle(1.0, T, **shape)
    beta = (lambda k: 0.95 - 0.1 * rate(k)) if momentum else None
    return partial(train, schedule=rate, momentum=beta, steps=T)


def super_convergence(T):
    """The one cycle in three forms against what it was said to beat, and a cosine, in T steps."""
    return {
        f"one cycle, {T}": one_cycle(T, momentum=False),
        f"one cycle and momentum, {T}": one_cycle(T),
        f"one cycle of Smith, {T}": one_cycle(T, anneal="linear", three_phase=True, pct_start=0.45),
        f"piecewise constant, {T}": partial(train, schedule=MultiStep(1.0, [T // 2, 3 * T // 4]), steps=T),
        f"cosine, {T}": partial(train, schedule=Cosine(1.0, T), steps=T),
    }


CYCLES = {
    "07-cycles": Recording(
        {name: partial(train, schedule=shape, steps=1000) for name, shape in shapes(1000).items()},
        grid(0.009, 8),
        range(6),
        2,
    ),
    "07-super": Recording(
        super_convergence(250) | super_convergence(500) | super_convergence(1000),
        grid(0.009, 8),
        range(6),
        2,
    ),
}
