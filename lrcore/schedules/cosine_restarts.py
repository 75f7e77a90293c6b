"""Cosine decay that starts again and again."""

from dataclasses import dataclass
from math import log

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class CosineRestarts(Schedule):
    r"""A cosine from eta0 to eta_min that starts again; m = `T_mult`, c = `decay`.

    .. math::

        \eta_k &= \eta_{\min} + c^i\, \frac{\eta_0 - \eta_{\min}}{2} \Bigl(1 + \cos\frac{\pi t}{T_i}\Bigr) \\
        T_i &= T_0\, m^i, \qquad t = k - S_i

    Cycle i = 0, 1, ... lasts T_i steps and begins at

    .. math:: S_i = T_0 + T_1 + \dots + T_{i-1} = T_0\, \frac{m^i - 1}{m - 1}

    or i T0 for m = 1. eta_min itself is reached only after the last of `cycles` cycles, where the rate
    stays; None restarts for ever. Raises ValueError or TypeError unless eta0 > 0 and T0 > 0 are finite,
    T_mult >= 1, 0 <= eta_min <= eta0, 0 < decay <= 1, cycles >= 1.

    Source: Loshchilov and Hutter, ICLR 2017 (SGDR), equation (5). Counterparts: torch
    ``CosineAnnealingWarmRestarts``, ``keras.CosineDecayRestarts`` (T_mult = t_mul, decay = m_mul),
    transformers ``"cosine_with_restarts"``; timm's ``cycle_decay`` lowers the peak, not the distance to
    eta_min. Explained in chapter 07.

    >>> CosineRestarts(0.1, 2, T_mult=2)(range(8)).round(4)
    array([0.1   , 0.05  , 0.1   , 0.0854, 0.05  , 0.0146, 0.1   , 0.0962])
    """

    see = validate.CYCLES
    eta0: float = fields.positive()
    T0: float = fields.positive()
    T_mult: float = fields.number(low=1.0, default=1)
    eta_min: float = fields.number(default=0.0)
    decay: float = fields.number(high=1.0, low_allowed=False, default=1.0)
    cycles: int | None = fields.whole(default=None, optional=True)

    def _check(self):
        self._at_most("eta_min", "eta0")

    def start(self, i):
        """The step at which cycle i = 0, 1, ... begins."""
        if self.T_mult == 1:
            return self.T0 * i
        return self.T0 * (self.T_mult**i - 1) / (self.T_mult - 1)

    def _eta(self, t, xp):
        if self.T_mult == 1:
            i = xp.floor(t / self.T0)
        else:
            i = xp.floor(xp.log(1 + t * ((self.T_mult - 1) / self.T0)) / log(self.T_mult))
            # the logarithm is rounded and may miss a restart by one cycle, either way
            i = xp.where(self.start(i + 1) <= t, i + 1, i)
            i = xp.where(self.start(i) > t, i - 1, i)
        since = (t - self.start(i)) / (self.T0 * self.T_mult**i)
        eta = self.eta_min + (self.eta0 - self.eta_min) * self.decay**i * (1 + xp.cos(xp.pi * since)) / 2
        if self.cycles is None:
            return eta
        return xp.where(t < self.start(self.cycles), eta, self.eta_min)
