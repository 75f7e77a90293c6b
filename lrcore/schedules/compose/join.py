"""One schedule after the other."""

from dataclasses import dataclass

from ... import validate
from .. import fields
from ..schedule import Schedule, rates
from . import operands


@dataclass(frozen=True, repr=False)
class Join(Schedule):
    """What `join` makes."""

    schedules: tuple = operands.schedules()
    at: tuple = fields.boundaries()

    def _check(self):
        if len(self.schedules) != len(self.at) + 1:
            raise validate.wrong_value(
                f"join: one schedule more than boundaries is needed, got {len(self.schedules)} schedules and "
                f"{len(self.at)} boundaries",
                self.see,
            )

    def _eta(self, t, xp):
        return xp.select(t, self.at, [lambda own, one=one: rates(one, own, xp) for one in self.schedules])

    def __repr__(self):
        return f"join({list(self.schedules)!r}, at={list(self.at)!r})"


def join(schedules, at):
    """schedules[i](k - at[i-1]) for at[i-1] <= k < at[i]: each schedule starts at its own 0 at its boundary.

    The first starts at 0. Boundaries are steps of the whole, ascending; a schedule that is longer than its
    place is cut off, a shorter one shows what it does past its end. Raises ValueError or TypeError unless
    there is one schedule (or plain function of the step) more than boundaries.

    Counterparts: torch ``SequentialLR``, ``optax.join_schedules``. Explained in chapters 06 and 07.

    >>> from lrcore.schedules import Cosine, LinearWarmup
    >>> join([LinearWarmup(0.1, 2), Cosine(0.1, 4)], at=[2])(range(8)).round(4)
    array([0.    , 0.05  , 0.1   , 0.0854, 0.05  , 0.0146, 0.    , 0.    ])
    """
    return Join(schedules, at)
