"""One file of recorded runs, as what makes it."""

from dataclasses import dataclass

import numpy as np

from ...schedules import LinearWarmup, join, shift
from ...study import study


@dataclass(frozen=True)
class Recording:
    """The arguments of `study`; ``minutes`` that it takes on a quiet machine with two cores."""

    methods: dict
    rates: object
    seeds: range
    minutes: int

    def make(self, progress=True):
        return study(self.methods, self.rates, self.seeds, jobs=2, progress=progress)


def grid(lowest, n):
    """n rates, four to a factor 10."""
    return lowest * 10 ** (np.arange(n) / 4)


def warmed_up(rest, steps):
    """The straight rise 1/steps, 2/steps, ..., 1, then the schedule `rest` from its start."""
    return join([shift(LinearWarmup(1.0, steps), 1), rest], at=[steps]) if steps else rest
