"""Drop by a factor at given steps."""

from dataclasses import dataclass

from . import fields
from .piecewise import Piecewise
from .schedule import Built


@dataclass(frozen=True, repr=False)
class MultiStep(Built):
    r"""A drop by the factor gamma at each milestone m; one given twice counts twice.

    .. math:: \eta_k = \eta_0\, \gamma^{\#\{m \,:\, m \le k\}}

    Raises ValueError or TypeError unless eta0 > 0 and gamma > 0 are finite and the milestones ascend from 0
    or later.

    Counterparts: torch ``MultiStepLR``, ``optax.piecewise_constant_schedule``; timm's
    ``MultiStepLRScheduler`` drops one step earlier. Explained in chapter 06.

    >>> MultiStep(0.1, [3, 5])(range(7)).round(6)
    array([0.1  , 0.1  , 0.1  , 0.01 , 0.01 , 0.001, 0.001])
    """

    eta0: float = fields.positive()
    milestones: tuple = fields.boundaries()
    gamma: float = fields.positive(default=0.1)

    def _build(self):
        values = [self.eta0 * self.gamma**i for i in range(len(self.milestones) + 1)]
        return Piecewise(values, self.milestones)
