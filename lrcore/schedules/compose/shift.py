"""A schedule that starts earlier or later."""

from dataclasses import dataclass
from math import inf

from .. import fields
from ..schedule import Schedule, rates
from . import operands


@dataclass(frozen=True, repr=False)
class Shift(Schedule):
    """What `shift` makes."""

    schedule: Schedule = operands.schedule()
    by: float = fields.number(low=-inf)

    def _eta(self, t, xp):
        return rates(self.schedule, xp.maximum(t + self.by, 0) if self.by < 0 else t + self.by, xp)

    def __repr__(self):
        return f"shift({self.schedule!r}, {self.by!r})"


def shift(schedule, by):
    """schedule(max(k + by, 0)): `by` steps ahead; with a negative `by` its first value waits for -by steps.

    ``shift(LinearWarmup(eta0, T), 1)`` counts from 1, so that no update has a rate of 0. Raises TypeError
    or ValueError unless the schedule can be called and `by` is a finite number. Counterpart:
    ``transition_begin`` of optax's schedules is -by. Explained in chapter 07.

    >>> from lrcore.schedules import LinearWarmup
    >>> shift(LinearWarmup(0.1, 4), 1)(range(5))
    array([0.025, 0.05 , 0.075, 0.1  , 0.1  ])
    """
    return Shift(schedule, by)
