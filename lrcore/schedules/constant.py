"""The schedule that does nothing."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Constant(Schedule):
    r"""The same rate at every step k = 0, 1, 2, ...

    .. math:: \eta_k = \eta_0

    Raises ValueError or TypeError unless eta0 is finite and greater than 0. Counterparts: a plain number
    everywhere; ``optax.constant_schedule``, transformers ``"constant"``. (torch's ``ConstantLR`` is
    something else: a reduced start, see `from_torch`.) Explained in chapter 01.

    >>> Constant(0.1)(7), Constant(0.1)(range(3))
    (0.1, array([0.1, 0.1, 0.1]))
    """

    see = validate.RATE
    eta0: float = fields.positive()

    def _eta(self, t, xp):
        return self.eta0
