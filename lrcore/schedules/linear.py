"""A straight line from one rate to another."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Linear(Schedule):
    r"""A straight line to eta_end at step T, down or up; then eta_end.

    .. math:: \eta_k = \eta_0 + (\eta_{\mathrm{end}} - \eta_0)\, \frac{\min(k, T)}{T}

    Raises ValueError or TypeError unless eta0 >= 0 and eta_end >= 0 are finite and not both 0, and T > 0.

    Counterparts: torch ``LinearLR`` (with factors of the base rate), ``optax.linear_schedule``,
    ``keras.PolynomialDecay(power=1)``, transformers ``"linear"``. Explained in chapter 06.

    >>> Linear(0.1, 4)(range(6))
    array([0.1  , 0.075, 0.05 , 0.025, 0.   , 0.   ])
    """

    eta0: float = fields.number()
    T: float = fields.positive()
    eta_end: float = fields.number(default=0.0)

    def _check(self):
        if self.eta0 == self.eta_end == 0:
            raise validate.wrong_value("Linear: eta0 and eta_end must not both be 0", self.see)

    def _eta(self, t, xp):
        done = xp.minimum(t, self.T) / self.T
        return self.eta0 * (1 - done) + self.eta_end * done
