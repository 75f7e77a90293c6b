"""Bounds on the rate."""

from dataclasses import dataclass

from .. import fields
from ..schedule import Schedule, rates
from . import operands


@dataclass(frozen=True, repr=False)
class Clip(Schedule):
    """What `clip` makes."""

    schedule: Schedule = operands.schedule()
    low: float = fields.number(default=0.0)
    high: float | None = fields.positive(default=None, optional=True)

    def _check(self):
        if self.high is not None:
            self._at_most("low", "high")

    def _eta(self, t, xp):
        eta = xp.maximum(rates(self.schedule, t, xp), self.low)
        return eta if self.high is None else xp.minimum(eta, self.high)

    def __repr__(self):
        return f"clip({self.schedule!r}, {self.low!r}, {self.high!r})"


def clip(schedule, low=0.0, high=None):
    """min(max(schedule(k), low), high): a floor, a ceiling or both.

    Raises ValueError or TypeError unless 0 <= low <= high and the schedule can be called. Counterpart:
    ``end_value`` of ``optax.exponential_decay``. Explained in chapter 06.

    >>> from lrcore.schedules import Exponential
    >>> clip(Exponential(0.8, 0.5), low=0.15)(range(5))
    array([0.8 , 0.4 , 0.2 , 0.15, 0.15])
    """
    return Clip(schedule, low, high)
