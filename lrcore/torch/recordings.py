"""What is recorded in lrcore/recorded, and how: every file is made here, from its name.

``python -m lrcore.torch.recordings 06-decay-long`` makes a file again, in a few minutes. Every method of a
file gets as many rates, a factor 1.8 apart, and the same seeds; shapes are set beforehand, only the rate is
tuned. Shown in chapters 06, 07 and 08.
"""

import sys
from functools import partial
from typing import NamedTuple

import numpy as np

from ..schedules import (
    Cosine,
    Exponential,
    InverseSqrt,
    InverseTime,
    Linear,
    LinearWarmup,
    MultiStep,
    Polynomial,
    PowerLaw,
    Step,
    join,
    shift,
)
from ..study import study
from .digits import MOMENTUM, PLAIN, train

SEEDS = range(8)


class Recording(NamedTuple):
    """The arguments of `study`; ``minutes`` on a quiet machine with two cores."""

    methods: dict
    rates: object
    seeds: object
    minutes: float

    def make(self, jobs=2, progress=True):
        return study(self.methods, self.rates, self.seeds, jobs=jobs, progress=progress)


def warmed_up(rest, steps):
    """A straight rise to the rate 1 in this many steps, then the schedule `rest`."""
    return join([shift(LinearWarmup(1.0, steps), 1), rest], at=[steps])


def decays(T):
    """The shapes of chapter 06, from 1 at step 0 to 1/100 or 0 at step T where they can reach it."""
    return {
        "constant": None,
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


def decay(T, optimizer, lowest, minutes):
    methods = {
        name: partial(train, schedule=shape, optimizer=optimizer, steps=T)
        for name, shape in decays(T).items()
    }
    return Recording(methods, lowest * 10 ** (np.arange(11) / 4), SEEDS, minutes)


RECORDINGS = {
    "06-decay-long": decay(2500, MOMENTUM, 0.005, 5),
    "06-decay-short": decay(500, MOMENTUM, 0.005, 1),
    "06-decay-plain": decay(2500, PLAIN, 0.05, 5),
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        RECORDINGS[name].make().save(f"lrcore/recorded/{name}.json")
