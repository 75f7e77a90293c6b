"""A schedule of epochs on the clock of steps."""

from dataclasses import dataclass

from .. import fields
from ..schedule import Schedule, rates
from . import operands


@dataclass(frozen=True, repr=False)
class Hold(Schedule):
    """What `hold` makes."""

    schedule: Schedule = operands.schedule()
    every: int = fields.whole()

    def _eta(self, t, xp):
        return rates(self.schedule, xp.floor(t / self.every), xp)

    def __repr__(self):
        return f"hold({self.schedule!r}, every={self.every!r})"


def hold(schedule, every):
    """schedule(floor(k / every)): each value holds for `every` steps.

    So a schedule of epochs, stepped once an epoch, is put on the clock of steps.

    Raises ValueError or TypeError unless the schedule can be called and `every` is a whole number >= 1.
    Counterpart: ``staircase=True`` of Keras' and optax's decays. Explained in chapter 06.

    >>> from lrcore.schedules import Linear
    >>> hold(Linear(0.3, 3), every=2)(range(7)).round(4)
    array([0.3, 0.3, 0.2, 0.2, 0.1, 0.1, 0. ])
    """
    return Hold(schedule, every)
