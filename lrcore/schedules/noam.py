"""The schedule of the first Transformer."""

from dataclasses import dataclass

from .. import validate
from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Noam(Schedule):
    r"""A linear warmup of w = `warmup` steps, then an inverse square root; d = `d_model`.

    .. math::

        \eta_k &= \mathrm{scale} \cdot d^{-1/2} \min\bigl(n^{-1/2},\; n\, w^{-3/2}\bigr) \\
        n &= k + 1

    The peak is scale (d w)^(-1/2), at n = w. The paper counts steps from 1, and so does n: the first update
    is not wasted on a rate of 0. Raises ValueError or TypeError unless d_model and warmup are whole numbers
    >= 1 and scale > 0 is finite.

    Source: Vaswani et al., NeurIPS 2017, equation (3), with warmup = 4000. Counterpart: none in the five
    libraries; ``LambdaLR`` in the wild. Explained in chapter 07.

    >>> Noam(512)([0, 3999, 39999]).round(8)
    array([1.7000e-07, 6.9877e-04, 2.2097e-04])
    """

    see = validate.CYCLES
    d_model: int = fields.whole()
    warmup: int = fields.whole(default=4000)
    scale: float = fields.positive(default=1.0)

    def _eta(self, t, xp):
        n = t + 1
        return self.scale * self.d_model**-0.5 * xp.minimum(1 / xp.sqrt(n), n * self.warmup**-1.5)
