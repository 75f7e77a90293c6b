"""Decay like 1/k, the classical choice against noise."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class InverseTime(Schedule):
    r"""Decay like 1/k, after a slow start of about 1/alpha steps.

    .. math:: \eta_k = \frac{\eta_0}{1 + \alpha k}

    Hyperbolic, not geometric: the ratio of two neighbours tends to 1. It satisfies the Robbins-Monro
    conditions for alpha > 0. Raises ValueError or TypeError unless eta0 > 0 and alpha >= 0 are finite.

    Source: Robbins and Monro, Ann. Math. Stat. 22 (1951), steps "of type 1/n". Counterparts:
    ``keras.InverseTimeDecay`` with alpha = decay_rate / decay_steps; torch has only ``LambdaLR``. Explained
    in chapter 06.

    >>> InverseTime(0.1, alpha=0.5)(range(4)).round(4)
    array([0.1   , 0.0667, 0.05  , 0.04  ])
    """

    eta0: float = fields.positive()
    alpha: float = fields.number()

    def _eta(self, t, xp):
        return self.eta0 / (1 + self.alpha * t)
