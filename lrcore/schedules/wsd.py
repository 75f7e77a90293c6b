"""Warmup, a long plateau, a short decay."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .compose.join import join
from .constant import Constant
from .cosine import Cosine
from .linear import Linear
from .one_minus_sqrt import OneMinusSqrt
from .schedule import Built
from .warmup import LinearWarmup

DECAYS = {"linear": Linear, "cosine": Cosine, "1-sqrt": OneMinusSqrt}


@dataclass(frozen=True, repr=False)
class WSD(Built):
    r"""A straight warmup of w = `warmup` steps, then eta0, and down to eta_min in the last D = `decay` of T.

    .. math::

        k < w: \; & \eta_k = \eta_s + (\eta_0 - \eta_s)\, k/w \\
        k \le T - D: \; & \eta_k = \eta_0 \\
        k > T - D: \; & \eta_k = \eta_{\min} + (\eta_0 - \eta_{\min})\, \ell(p)

    eta_s is `start`; p = min(1, (k - T + D)/D) is the part of the decay that is over, and l(p) what is left
    of the way.

    ============ ==================================
    shape        l(p)
    ============ ==================================
    ``"linear"`` 1 - p
    ``"cosine"`` (1 + cos(pi p))/2
    ``"1-sqrt"`` 1 - sqrt(p)
    ============ ==================================

    Raises ValueError or TypeError unless eta0 > 0 is finite, warmup >= 0 and decay >= 1 are whole numbers
    with warmup + decay <= T, 0 <= eta_min <= eta0, 0 <= start <= eta0, and the shape is one of the three.

    Source: Hu et al. (arXiv:2404.06395); shape 1-sqrt: Hägele et al. (arXiv:2405.18392). Counterparts:
    transformers' ``get_wsd_schedule``, timm's ``WSDLRScheduler``. Explained in chapter 07.

    >>> WSD(0.1, T=8, warmup=2, decay=4, shape="linear")(range(9))
    array([0.   , 0.05 , 0.1  , 0.1  , 0.1  , 0.075, 0.05 , 0.025, 0.   ])
    """

    see = validate.CYCLES
    eta0: float = fields.positive()
    T: int = fields.whole()
    warmup: int = fields.whole(low=0)
    decay: int = fields.whole()
    shape: str = fields.name(*DECAYS, default="1-sqrt")
    eta_min: float = fields.number(default=0.0)
    start: float = fields.number(default=0.0)

    def _check(self):
        self._at_most("eta_min", "eta0")
        self._at_most("start", "eta0")
        if self.warmup + self.decay > self.T:
            raise validate.wrong_value(
                f"WSD: warmup + decay must be at most T={self.T}, got {self.warmup} + {self.decay}",
                self.see,
            )

    def _build(self):
        after = [Constant(self.eta0), DECAYS[self.shape](self.eta0, self.decay, self.eta_min)]
        at = [self.T - self.decay]
        if self.warmup == 0:
            return join(after, at)
        return join([LinearWarmup(self.eta0, self.warmup, self.start), *after], [self.warmup, *at])
