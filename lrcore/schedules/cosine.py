"""Half a cosine wave from one rate down to another."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Cosine(Schedule):
    r"""Half a cosine wave down to eta_min at step T.

    .. math::

        \eta_k = \eta_{\min} + \frac{\eta_0 - \eta_{\min}}{2} \left(1 + \cos\frac{\pi k}{T}\right)

    From step T on it stays at eta_min (``after="hold"``, as in optax, Keras and timm), or the wave goes on
    and the rate is back at eta0 at step 2T (``after="mirror"``, as in torch and transformers). `exponent`
    is a power of the half wave, (1 + cos)/2. Raises ValueError or TypeError unless eta0 > 0, T > 0 and
    exponent > 0 are finite, 0 <= eta_min <= eta0, and `after` is one of the two.

    Source: Loshchilov and Hutter, ICLR 2017 (SGDR), equation (5), without a restart. Counterparts: torch
    ``CosineAnnealingLR``, ``keras.CosineDecay`` and ``optax.cosine_decay_schedule`` (eta_min = alpha eta0),
    timm ``CosineLRScheduler``, transformers ``"cosine"``. Explained in chapter 06.

    >>> Cosine(0.1, 4)(range(7)).round(4)
    array([0.1   , 0.0854, 0.05  , 0.0146, 0.    , 0.    , 0.    ])
    >>> Cosine(0.1, 4, after="mirror")(range(7)).round(4)
    array([0.1   , 0.0854, 0.05  , 0.0146, 0.    , 0.0146, 0.05  ])
    """

    eta0: float = fields.positive()
    T: float = fields.positive()
    eta_min: float = fields.number(default=0.0)
    exponent: float = fields.positive(default=1.0)
    after: str = fields.name("hold", "mirror", default="hold")

    def _check(self):
        self._at_most("eta_min", "eta0")

    def _eta(self, t, xp):
        if self.after == "hold":
            t = xp.minimum(t, self.T)
        left = (1 + xp.cos(t * (xp.pi / self.T))) / 2
        if self.exponent != 1:
            left = left**self.exponent
        return self.eta_min + (self.eta0 - self.eta_min) * left
