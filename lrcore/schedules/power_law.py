"""Decay like a power of the step number."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class PowerLaw(Schedule):
    r"""Decay like a power of the step number; eta0 / (k + 1)^p for t0 = 1.

    .. math:: \eta_k = \eta_0 \left(1 + \frac{k}{t_0}\right)^{-p}

    It satisfies the Robbins-Monro conditions if and only if 1/2 < p <= 1. Raises ValueError or TypeError
    unless eta0 > 0, p >= 0 and t0 > 0 are finite.

    Source: Yao, Rosasco and Caponnetto, Constr. Approx. 26 (2007), eta_t = eta0 / (t + 1)^theta; with t0,
    timm's ``WSDLRScheduler(stable_fn="power")`` before it decays. Explained in chapters 05 and 06.

    >>> PowerLaw(0.1, p=0.6)(range(4)).round(4)
    array([0.1   , 0.066 , 0.0517, 0.0435])
    """

    eta0: float = fields.positive()
    p: float = fields.number()
    t0: float = fields.positive(default=1.0)

    def _eta(self, t, xp):
        return self.eta0 * (1 + t / self.t0) ** -self.p
