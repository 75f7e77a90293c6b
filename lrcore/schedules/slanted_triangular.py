"""A short rise and a long fall."""

from dataclasses import dataclass
from math import floor

from .. import validate
from . import fields
from .compose.join import join
from .linear import Linear
from .schedule import Built


@dataclass(frozen=True, repr=False)
class SlantedTriangular(Built):
    r"""A straight rise over the part q = `cut_frac` of T steps, then a long straight fall.

    .. math::

        \eta_k &= \eta_{\max}\, \frac{1 + p\, (\mathrm{ratio} - 1)}{\mathrm{ratio}} \\
        p &= \min\Bigl(\frac{k}{c},\; 1 - \frac{k - c}{c\, (1/q - 1)}\Bigr) \\
        c &= \lfloor q\, T \rfloor

    From eta_max/ratio up to eta_max and down again to eta_max/ratio, reached at step cut/cut_frac <= T and
    kept. Raises ValueError or TypeError unless eta_max > 0 is finite, T is a whole number >= 1, 0 <
    cut_frac < 1 with T cut_frac >= 1, and ratio >= 1.

    Source: Howard and Ruder, ACL 2018, equation (3). Counterpart: none in the five libraries. Explained in
    chapter 07.

    >>> SlantedTriangular(0.32, T=20)([0, 1, 2, 11, 20]).round(4)
    array([0.01 , 0.165, 0.32 , 0.165, 0.01 ])
    """

    see = validate.CYCLES
    eta_max: float = fields.positive()
    T: int = fields.whole()
    cut_frac: float = fields.number(high=1.0, low_allowed=False, high_allowed=False, default=0.1)
    ratio: float = fields.number(low=1.0, default=32)

    def _check(self):
        if self.T * self.cut_frac < 1:
            raise validate.wrong_value(
                f"SlantedTriangular: cut_frac must be in [1/T, 1) = [{1 / self.T:g}, 1), "
                f"got {self.cut_frac:g}",
                self.see,
            )

    def _build(self):
        cut, low = floor(self.T * self.cut_frac), self.eta_max / self.ratio
        down = Linear(self.eta_max, cut * (1 / self.cut_frac - 1), low)
        return join([Linear(low, cut, self.eta_max), down], at=[cut])
