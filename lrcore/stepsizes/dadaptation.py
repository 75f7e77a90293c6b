"""D-Adaptation: a lower bound on the distance to the solution sets the rate."""

from dataclasses import dataclass

import numpy as np

from ..schedules import fields
from .rule import Rule, column, divided, dot


@dataclass(frozen=True, repr=False)
class DAdaptation(Rule):
    r"""An estimate D_k grows towards the distance |x_0 - x*|, and never falls. From s_0 = r_0 = 0,

    .. math::

        \eta_k &= c\, D_k / \lVert g_0\rVert, \\
        s_{k+1} &= s_k + \eta_k\, g_k, \\
        r_{k+1} &= r_k + \eta_k\, g_k^\top s_k, \\
        D_{k+1} &= \max\{ D_k,\ 2 r_{k+1} / \lVert s_{k+1}\rVert \}

    D_0 = d0 and c = factor; with `growth`, D_{k+1} is at most growth D_k. On a convex f
    r/|s| is a lower bound of the distance, so the estimate stays below twice the distance (and below the
    distance on all bowls tried). d0 is any number below it. The rate is right for gradients no larger than
    g_0: where they grow, the run may diverge from any d0. Without gradient noise only, with steepest descent
    only: s is then x_0 - x. A row with g_0 = 0 does not move.

    Raises ValueError or TypeError unless d0 > 0, factor > 0, growth > 1.
    Source: Defazio and Mishchenko, ICML 2023, in the form of their program for SGD. Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> r = run(Quadratic([1.0]), [3.0], DAdaptation(d0=0.1), steps=30)
    >>> bool((np.diff(r.eta) >= 0).all() and r.eta[-1] <= 3.0 / 3.0)  # |g_0| = 3, the distance is 3
    True
    """

    d0: float = fields.positive(default=1e-6)
    factor: float = fields.positive(default=1.0)
    growth: float = fields.number(1.0, low_allowed=False, optional=True, default=None)

    def init(self, x):
        """d, s, r and 1/|g_0|, which step 0 supplies."""
        return np.full(x.shape[:-1], self.d0), np.zeros_like(x), np.zeros(x.shape[:-1]), None

    def __call__(self, k, point, d, state):
        distance, s, r, inverse = state
        g = point.g
        if inverse is None:
            inverse = divided(1.0, np.sqrt(dot(g, g)), otherwise=0.0)
        eta = distance * self.factor * inverse
        r = r + eta * dot(g, s)
        s = s + eta[..., np.newaxis] * g
        bound = divided(2 * r, np.sqrt(dot(s, s)), otherwise=0.0)
        if self.growth is not None:
            bound = np.minimum(bound, self.growth * distance)
        return column(eta, d), (np.maximum(distance, bound), s, r, inverse)
