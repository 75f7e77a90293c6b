"""Ways up to a rate: a straight line, a cosine, a square root, an exponential."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


class Warmup(Schedule):
    r"""From `start` to eta0 in T steps, and eta0 from step T on.

    .. math::

        \eta_k &= \eta_{\mathrm{start}} + (\eta_0 - \eta_{\mathrm{start}})\, r(u) \\
        u &= \min(k, T)/T

    The rise r goes from r(0) = 0 to r(1) = 1; each kind of warmup has its own. A start of 0 wastes the first
    update; ``shift(warmup, 1)`` begins one step up. Raises ValueError or TypeError unless eta0 > 0 and T > 0
    are finite and 0 <= start <= eta0. Explained in chapter 07.
    """

    see = validate.CYCLES

    def _check(self):
        self._at_most("start", "eta0")

    def _eta(self, t, xp):
        return self.start + (self.eta0 - self.start) * self._rise(xp.minimum(t, self.T) / self.T, xp)

    def _rise(self, done, xp):
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class LinearWarmup(Warmup):
    r"""The straight line. See `Warmup` for the other symbols, the parameters and the errors.

    .. math:: r(u) = u

    Source: Goyal et al. (arXiv:1706.02677), "gradual warmup". Counterparts: torch ``LinearLR`` (which
    refuses a start of 0), ``optax.linear_schedule``, the warmups of Keras, timm and transformers. Explained
    in chapter 07.

    >>> LinearWarmup(0.1, 4)(range(6))
    array([0.   , 0.025, 0.05 , 0.075, 0.1  , 0.1  ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    start: float = fields.number(default=0.0)

    def _rise(self, done, xp):
        return done


@dataclass(frozen=True, repr=False)
class CosineWarmup(Warmup):
    r"""Half a wave, flat at both ends. See `Warmup`.

    .. math:: r(u) = \tfrac12 (1 - \cos \pi u)

    Counterparts: the first phase of torch ``OneCycleLR``, ``"cosine"`` in transformers'
    ``get_wsd_schedule``. Explained in chapter 07.

    >>> CosineWarmup(0.1, 4)(range(6)).round(4)
    array([0.    , 0.0146, 0.05  , 0.0854, 0.1   , 0.1   ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    start: float = fields.number(default=0.0)

    def _rise(self, done, xp):
        return (1 - xp.cos(xp.pi * done)) / 2


@dataclass(frozen=True, repr=False)
class SqrtWarmup(Warmup):
    r"""Flat first, steep at the end: `OneMinusSqrt` backwards. See `Warmup`.

    .. math:: r(u) = 1 - \sqrt{1 - u}

    Counterpart: ``warmup_type="1-sqrt"`` in transformers' ``get_wsd_schedule``. Explained in chapter 07.

    >>> SqrtWarmup(0.1, 4)(range(6)).round(4)
    array([0.    , 0.0134, 0.0293, 0.05  , 0.1   , 0.1   ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    start: float = fields.number(default=0.0)

    def _rise(self, done, xp):
        return 1 - xp.sqrt(1 - done)


@dataclass(frozen=True, repr=False)
class ExponentialWarmup(Warmup):
    r"""Equal factors, so that the start must be greater than 0. See `Warmup`.

    .. math:: \eta_k = \eta_{\mathrm{start}} \left(\frac{\eta_0}{\eta_{\mathrm{start}}}\right)^{u}

    The sweep of a learning-rate range test. Counterparts: ``Exponential`` with gamma > 1 up to a bound.
    Explained in chapter 07.

    >>> ExponentialWarmup(0.1, 4, start=0.001)(range(6)).round(4)
    array([0.001 , 0.0032, 0.01  , 0.0316, 0.1   , 0.1   ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    start: float = fields.positive()

    def _eta(self, t, xp):
        return self.start * (self.eta0 / self.start) ** (xp.minimum(t, self.T) / self.T)
