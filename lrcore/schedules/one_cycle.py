"""One large cycle, and momentum the other way round."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .ramps import through
from .schedule import Built


@dataclass(frozen=True, repr=False)
class OneCycle(Built):
    r"""From a first rate up to eta_max and down to a last rate, which stays.

    .. math::

        \eta_{\mathrm{first}} &= \eta_{\max} / \mathrm{div} \\
        \eta_{\mathrm{last}} &= \eta_{\mathrm{first}} / \mathrm{final\_div}

    With p = `pct_start`, the rates and the steps at which they are reached are in two phases

    .. math::

        k: \quad & 0 && pT - 1 && T - 1 \\
        \eta: \quad & \eta_{\mathrm{first}} && \eta_{\max} && \eta_{\mathrm{last}}

    and in three phases

    .. math::

        k: \; & 0 && pT - 1 && 2pT - 2 && T - 1 \\
        \eta: \; & \eta_{\mathrm{first}} && \eta_{\max} && \eta_{\mathrm{first}} && \eta_{\mathrm{last}}

    Between these knots, which need not be whole numbers, the rate follows half a cosine or a straight line.
    Raises ValueError or TypeError unless eta_max > 0, div_factor >= 1 and final_div_factor >= 1 are finite,
    T is a whole number >= 2, 0 <= pct_start <= 1 (1/2 in three phases; not 1/T), and anneal is "cosine" or
    "linear".

    Source: Smith and Topin (arXiv:1708.07120): three phases, linear; the cosine in two phases is fastai's.
    Counterparts: torch ``OneCycleLR``; optax' ``cosine_onecycle_schedule`` and ``linear_onecycle_schedule``
    have their knots at pN and N. Explained in chapter 07.

    >>> OneCycle(1.0, T=10, pct_start=0.3)([0, 1, 2, 5, 9]).round(4)
    array([0.04  , 0.52  , 1.    , 0.6113, 0.    ])
    """

    see = validate.CYCLES
    eta_max: float = fields.positive()
    T: int = fields.whole(low=2)
    pct_start: float = fields.number(high=1.0, default=0.3)
    div_factor: float = fields.number(low=1.0, default=25.0)
    final_div_factor: float = fields.number(low=1.0, default=1e4)
    anneal: str = fields.name("cosine", "linear", default="cosine")
    three_phase: bool = fields.flag(default=False)

    def _check(self):
        top = 0.5 if self.three_phase else 1
        if self.pct_start > top or self.pct_start * self.T == 1:
            raise validate.wrong_value(
                f"OneCycle: pct_start must be in [0, {top}] and not 1/T, got {self.pct_start:g}", self.see
            )

    def _build(self):
        first = self.eta_max / self.div_factor
        return self._through(first, self.eta_max, first / self.final_div_factor)

    def momentum(self, low=0.85, high=0.95):
        """The momentum that goes with the rate: high -> low -> high, on the same knots.

        A schedule of momenta (for Adam, of beta1). Raises ValueError or TypeError unless 0 <= low <= high <
        1. Source and defaults: torch ``OneCycleLR(cycle_momentum=True)``. Explained in chapter 07.

        >>> OneCycle(1.0, T=10).momentum()([0, 2, 9]).round(4)
        array([0.95, 0.85, 0.95])
        """
        low = validate.number(low, "momentum: low", low=0, high=1, high_allowed=False, see=self.see)
        high = validate.number(high, "momentum: high", low=low, high=1, high_allowed=False, see=self.see)
        return self._through(high, low, high)

    def _through(self, first, peak, last):
        """The curve through the values at the knots."""
        top, end = self.pct_start * self.T - 1, self.T - 1
        values, knots = [first, peak, last], [0, top, end]
        if self.three_phase:
            values, knots = [first, peak, first, last], [0, top, 2 * top, end]
        return through(values, knots, self.anneal)
