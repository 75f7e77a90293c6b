"""Up and down between two rates, over and over."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Cyclic(Schedule):
    r"""Cycles i = 0, 1, ... of a steps up and b steps down (a = `up`; b = `down`, or a if not given).

    .. math::

        \eta_k &= \eta_{\min} + (\eta_{\max} - \eta_{\min})\, w(v)\, s \\
        v &= \min\Bigl(\frac{n}{a},\; \frac{a + b - n}{b}\Bigr) \\
        n &= k - i\,(a + b), \quad i = \Bigl\lfloor \frac{k}{a + b} \Bigr\rfloor

    ================= ==================== ==========
    mode              w(v)                 s
    ================= ==================== ==========
    ``"triangular"``  v                    1
    ``"triangular2"`` v                    2^(-i)
    ``"exp_range"``   v                    gamma^k
    ``"welch"``       1 - (1 - v)^2        1
    ``"hann"``        (1 - cos(pi v))/2    1
    ================= ==================== ==========

    Raises ValueError or TypeError unless eta_max > 0 is finite, 0 <= eta_min <= eta_max, up and down are
    whole numbers >= 1, 0 < gamma <= 1, and the mode is one of the five.

    Source: Smith, WACV 2017, sections 3.1 and 3.2, where `up` is the "stepsize". Counterpart: torch
    ``CyclicLR`` (without the two curved windows), which also cycles momentum unless told not to. Explained
    in chapter 07.

    >>> Cyclic(0.1, 0.5, up=2)(range(7)).round(4)
    array([0.1, 0.3, 0.5, 0.3, 0.1, 0.3, 0.5])
    """

    see = validate.CYCLES
    eta_min: float = fields.number()
    eta_max: float = fields.positive()
    up: int = fields.whole()
    down: int | None = fields.whole(default=None, optional=True)
    mode: str = fields.name("triangular", "triangular2", "exp_range", "welch", "hann", default="triangular")
    gamma: float = fields.number(high=1.0, low_allowed=False, default=1.0)

    def _check(self):
        self._at_most("eta_min", "eta_max")

    def _eta(self, t, xp):
        down = self.up if self.down is None else self.down
        i = xp.floor(t / (self.up + down))
        n = t - i * (self.up + down)
        v = xp.minimum(n / self.up, (self.up + down - n) / down)
        if self.mode == "welch":
            v = 1 - (1 - v) ** 2
        elif self.mode == "hann":
            v = (1 - xp.cos(xp.pi * v)) / 2
        elif self.mode == "triangular2":
            v = v * 0.5**i
        elif self.mode == "exp_range":
            v = v * self.gamma**t
        return self.eta_min + (self.eta_max - self.eta_min) * v
