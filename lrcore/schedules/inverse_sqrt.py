"""Decay like one over the square root of the step number."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class InverseSqrt(Schedule):
    r"""Decay like one over the square root of the step number; eta0 / sqrt(k + 1) for t0 = 1.

    .. math:: \eta_k = \frac{\eta_0}{\sqrt{1 + k/t_0}}

    It does not satisfy the Robbins-Monro conditions: the sum of squares diverges like a logarithm. Raises
    ValueError or TypeError unless eta0 > 0 and t0 > 0 are finite.

    Source: Zhai et al., CVPR 2022 (arXiv:2106.04560), "reciprocal square-root" with time scale t0.
    Counterparts: after a warmup, transformers ``"inverse_sqrt"`` and timm
    ``WSDLRScheduler(stable_fn="rsqrt")``. Explained in chapter 06.

    >>> InverseSqrt(0.1)(range(4)).round(4)
    array([0.1   , 0.0707, 0.0577, 0.05  ])
    """

    eta0: float = fields.positive()
    t0: float = fields.positive(default=1.0)

    def _eta(self, t, xp):
        return self.eta0 / xp.sqrt(1 + t / self.t0)
