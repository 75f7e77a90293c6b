"""One rate for each step, as recorded or computed elsewhere."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Table(Schedule):
    """eta_k = values[k], and the last value after the end.

    Raises ValueError or TypeError unless the values are one or more finite numbers >= 0. `lrcore.torch`
    records foreign schedulers as tables. Explained in chapter 06.

    >>> Table([0.3, 0.2, 0.1])(range(5))
    array([0.3, 0.2, 0.1, 0.1, 0.1])
    """

    values: tuple = fields.numbers()

    def _eta(self, t, xp):
        return xp.take(self.values, xp.floor(xp.minimum(t, len(self.values) - 1)))
