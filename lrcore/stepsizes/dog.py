"""Distance over gradients: no rate to tune."""

from dataclasses import dataclass

import numpy as np

from ..schedules import fields
from .rule import Rule, column, dot


@dataclass(frozen=True, repr=False)
class DoG(Rule):
    r"""The farthest distance so far over the root of the sum of squared gradients:

    .. math::

        \eta_k = \frac{\max_{i\le k}\lVert x_i - x_0\rVert}
            {\sqrt{\sum_{i\le k}\lVert g_i\rVert^2 + 10^{-8}}}

    The distance is at least r_eps (1 + |x_0|), which starts the run. It has the units of x^2/f without a
    number from the user. The theory, and practice, are about averages of the iterates
    (`directions.Averaged`); the last iterate is worse.

    Raises ValueError or TypeError unless r_eps > 0. Source: Ivgi, Hinder and Carmon, ICML 2023. Explained
    in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0]), [3.0], DoG(r_eps=0.1), steps=3).eta.round(4)
    array([0.1333, 0.1008, 0.1437])
    """

    r_eps: float = fields.positive(default=1e-6)

    def init(self, x):
        """x_0, the largest distance from it, the sum of squared gradients."""
        return x, self.r_eps * (1 + np.sqrt(dot(x, x))), np.full(x.shape[:-1], 1e-8)

    def __call__(self, k, point, d, state):
        x0, distance, total = state
        move = point.x - x0
        distance = np.maximum(distance, np.sqrt(dot(move, move)))
        total = total + dot(point.g, point.g)
        return column(distance / np.sqrt(total), d), (x0, distance, total)
