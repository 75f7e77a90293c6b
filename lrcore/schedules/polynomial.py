"""Decay to the end of a horizon along a power."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Polynomial(Schedule):
    r"""To eta_end at step T along a power p = `power` of the part of the way left; then eta_end.

    .. math::

        \eta_k &= \eta_{\mathrm{end}} + (\eta_0 - \eta_{\mathrm{end}})\, (1 - u)^p \\
        u &= \min(k, T)/T

    Raises ValueError or TypeError unless eta0 > 0, T > 0 and power > 0 are finite and 0 <= eta_end <= eta0.

    Counterparts: torch ``PolynomialLR`` and timm ``PolyLRScheduler`` (eta_end = 0 or lr_min),
    ``keras.PolynomialDecay``, ``optax.polynomial_schedule``, transformers ``"polynomial"``. Explained in
    chapter 06.

    >>> Polynomial(0.1, 4, power=2)(range(6))
    array([0.1    , 0.05625, 0.025  , 0.00625, 0.     , 0.     ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    power: float = fields.positive(default=1.0)
    eta_end: float = fields.number(default=0.0)

    def _check(self):
        self._at_most("eta_end", "eta0")

    def _eta(self, t, xp):
        left = 1 - xp.minimum(t, self.T) / self.T
        return self.eta_end + (self.eta0 - self.eta_end) * left**self.power
