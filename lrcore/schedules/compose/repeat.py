"""The same again."""

from dataclasses import dataclass

from .. import fields
from ..schedule import Schedule, rates
from . import operands


@dataclass(frozen=True, repr=False)
class Repeat(Schedule):
    """What `repeat` makes."""

    schedule: Schedule = operands.schedule()
    every: float = fields.positive()

    def _eta(self, t, xp):
        return rates(self.schedule, t - self.every * xp.floor(t / self.every), xp)

    def __repr__(self):
        return f"repeat({self.schedule!r}, every={self.every!r})"


def repeat(schedule, every):
    """schedule(k mod every): its first `every` steps, again and again.

    Raises ValueError or TypeError unless the schedule can be called and every > 0. Explained in chapter 07.

    >>> from lrcore.schedules import Linear
    >>> repeat(Linear(0.3, 3), every=3)(range(7)).round(4)
    array([0.3, 0.2, 0.1, 0.3, 0.2, 0.1, 0.3])
    """
    return Repeat(schedule, every)
