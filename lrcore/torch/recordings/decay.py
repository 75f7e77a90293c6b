"""Chapter 06: the shapes of decay, for two budgets of steps and two optimizers."""

from functools import partial

from ...schedules import (
    Constant,
    Cosine,
    Exponential,
    InverseSqrt,
    InverseTime,
    Linear,
    MultiStep,
    Polynomial,
    PowerLaw,
    Step,
)
from ..digits import MOMENTUM, PLAIN, train
from .recording import Recording, grid, warmed_up


def shapes(T):
    """From 1 at step 0 to 1/100 or 0 at step T, where the family can; the last one is for reference."""
    return {
        "constant": Constant(1.0),
        "step": Step(1.0, every=T / 3),
        "multistep": MultiStep(1.0, [T // 2, 3 * T // 4]),
        "exponential": Exponential(1.0, 0.01, every=T),
        "inverse time": InverseTime(1.0, alpha=99 / T),
        "power law": PowerLaw(1.0, p=0.75, t0=T / 100),
        "inverse sqrt": InverseSqrt(1.0, t0=T / 100),
        "polynomial": Polynomial(1.0, T, power=2),
        "linear": Linear(1.0, T),
        "cosine": Cosine(1.0, T),
        "warmup, cosine": warmed_up(Cosine(1.0, T - T // 20), T // 20),
    }


def _recording(T, optimizer, lowest, seeds, minutes):
    trial = partial(train, steps=T, optimizer=optimizer)
    methods = {name: partial(trial, schedule=shape) for name, shape in shapes(T).items()}
    return Recording(methods, grid(lowest, 11), range(seeds), minutes)


DECAY = {
    "06-decay-short": _recording(500, MOMENTUM, 0.005, 8, 1),
    "06-decay-long": _recording(2500, MOMENTUM, 0.005, 8, 5),
    "06-decay-plain": _recording(2500, PLAIN, 0.05, 6, 4),
}
