"""Polyak's step: the height above the minimum, divided by the squared slope."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..schedules import fields
from .rule import Rule, column, divided, dot


@dataclass(frozen=True, repr=False)
class Polyak(Rule):
    """eta_k = min( (f(x_k) - f_star) / (c |g_k|^2), eta_max ), and 0 where f(x_k) < f_star or g_k = 0.

    With c = 1 it minimises the bound on |x_{k+1} - x*| that convexity gives; c = 1/2 doubles it, which is
    1/h on a parabola. On a stochastic problem f and g are those of the batch, and f_star a lower bound that
    every batch has (0 for a loss that a model can fit): with eta_max this is SPS_max.

    It needs the least value: too low a guess overshoots, too high a guess stops short. Raises ValueError or
    TypeError unless f_star is finite, c > 0 and eta_max > 0.

    Source: B. T. Polyak (1969); Loizou and others, AISTATS 2021, for SPS_max. Explained in chapter 04.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([4.0]), [3.0], Polyak(), steps=2).eta  # 1/(2 h)
    array([0.125, 0.125])
    """

    see = validate.SEARCH
    f_star: float = fields.number(-np.inf, default=0.0)
    c: float = fields.positive(default=1.0)
    eta_max: float = fields.positive(optional=True, default=None)

    def __call__(self, k, point, d, state):
        eta = divided(point.f - self.f_star, self.c * dot(point.g, point.g), otherwise=0.0)
        return column(np.clip(eta, 0.0, self.eta_max), d), state
