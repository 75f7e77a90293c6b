"""Rates listed by hand, each for a stretch of steps."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Piecewise(Schedule):
    r"""values[i], where i is the number of boundaries b in ``at`` that have been reached.

    .. math:: \eta_k = v_i, \qquad i = \#\{b \,:\, b \le k\}

    So a new value is in force at its boundary, as in torch and optax; Keras changes one step later. Raises
    ValueError or TypeError unless the values are finite and >= 0, the boundaries ascend from 0 or later,
    and there is one value more than boundaries.

    Counterparts: ``keras.PiecewiseConstantDecay`` (whose boundaries are one less); with factors instead of
    values `MultiStep`. Explained in chapter 06.

    >>> Piecewise([0.1, 0.01, 0.001], at=[3, 5])(range(7))
    array([0.1  , 0.1  , 0.1  , 0.01 , 0.01 , 0.001, 0.001])
    """

    values: tuple = fields.numbers()
    at: tuple = fields.boundaries()

    def _check(self):
        if len(self.values) != len(self.at) + 1:
            raise validate.wrong_value(
                f"Piecewise: there must be one value more than boundaries, got {len(self.values)} values and "
                f"{len(self.at)} boundaries",
                self.see,
            )

    def _eta(self, t, xp):
        return xp.select(t, self.at, [lambda _, value=value: value for value in self.values])
