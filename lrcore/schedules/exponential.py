"""Smooth geometric decay."""

import math
from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Exponential(Schedule):
    r"""A factor gamma in each `every` = n steps: the same percentage at every step.

    .. math::

        \eta_k &= \eta_0\, \gamma^{k/n} = \eta_0\, e^{-\kappa k} \\
        \kappa &= -\frac{\ln \gamma}{n}

    The sum of all rates is finite for gamma < 1, so a run can stop short of the minimum. gamma > 1 grows,
    as a learning-rate range test does. Raises ValueError or TypeError unless eta0, gamma and every are
    finite and > 0.

    Counterparts: torch ``ExponentialLR``, ``keras.ExponentialDecay`` and ``optax.exponential_decay`` (every
    is their decay_steps, transition_steps). Explained in chapter 06.

    >>> Exponential(0.1, 0.95)([0, 1, 100]).round(6)
    array([0.1     , 0.095   , 0.000592])
    >>> Exponential.with_kappa(0.1, 0.05).half_life
    13.862943611198906
    """

    eta0: float = fields.positive()
    gamma: float = fields.positive()
    every: float = fields.positive(default=1)

    @classmethod
    def with_kappa(cls, eta0, kappa):
        """eta_k = eta0 e^(-kappa k); kappa > 0 decays, in units of 1/step."""
        return cls(eta0, math.exp(-validate.number(kappa, "Exponential: kappa", see=cls.see)))

    @property
    def kappa(self):
        """The decay per step, -ln(gamma) / every."""
        return -math.log(self.gamma) / self.every

    @property
    def half_life(self):
        """The number of steps that halve the rate, ln 2 / kappa; infinite if gamma is 1."""
        return math.log(2) / self.kappa if self.gamma != 1 else math.inf

    def _eta(self, t, xp):
        return self.eta0 * self.gamma ** (t / self.every)
