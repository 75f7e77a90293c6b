"""Ways up to a rate: a straight line, a cosine, a square root, an exponential."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


class Warmup(Schedule):
    """From `start` to eta0 in T steps: eta_k = start + (eta0 - start) rise(min(k, T)/T); eta0 from step T on.

    A start of 0 wastes the first update; ``shift(warmup, 1)`` begins one step up. Raises ValueError or
    TypeError unless eta0 > 0 and T > 0 are finite and 0 <= start <= eta0. Explained in chapter 07.
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
    """The straight line, rise(p) = p. See `Warmup` for the parameters and the errors.

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
    """Half a wave, rise(p) = (1 - cos(pi p))/2: flat at both ends. See `Warmup`.

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
    """rise(p) = 1 - sqrt(1 - p): flat first, steep at the end; `OneMinusSqrt` backwards. See `Warmup`.

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
    """eta_k = start (eta0/start)^(min(k, T)/T): equal factors, so start must be greater than 0. See `Warmup`.

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
