"""Decay that starts steeply: one minus a square root."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class OneMinusSqrt(Schedule):
    r"""To eta_min at step T, steeply at first and flat at the end; then eta_min.

    .. math::

        \eta_k = \eta_{\min} + (\eta_0 - \eta_{\min}) \left(1 - \sqrt{\min(k, T)/T}\right)

    The last phase of `WSD`. Raises ValueError or TypeError unless eta0 > 0 and T > 0 are finite and
    0 <= eta_min <= eta0.

    Counterparts: ``"1-sqrt"`` in transformers' ``get_wsd_schedule`` and timm's ``WSDLRScheduler``.
    Explained in chapter 07.

    >>> OneMinusSqrt(0.1, 4)(range(6)).round(4)
    array([0.1   , 0.05  , 0.0293, 0.0134, 0.    , 0.    ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    eta_min: float = fields.number(default=0.0)

    def _check(self):
        self._at_most("eta_min", "eta0")

    def _eta(self, t, xp):
        return self.eta_min + (self.eta0 - self.eta_min) * (1 - xp.sqrt(xp.minimum(t, self.T) / self.T))
