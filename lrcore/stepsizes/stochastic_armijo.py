"""Armijo's test on the batch of the step, as stochastic gradient descent can afford it."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..linesearches import Backtracking
from ..schedules import fields
from .rule import Rule, column, dot


@dataclass(frozen=True, repr=False)
class StochasticArmijo(Rule):
    """eta_k = the first of t, shrink t, shrink^2 t, ... with f_i(x + eta d) <= f_i(x) + c1 eta g_i . d.

    f_i and g_i belong to the batch of step k, and both sides of the test see the same batch. The search
    starts from t = eta0 (``reset="start"``), from the step found before (``"none"``), or from
    growth^(1/steps_per_epoch) times it (``"grow"``: a factor `growth` in an epoch), at most eta_max. A search
    that fails takes the step `fallback`; one with |g_i| < 1e-8 takes none. Fast rates need interpolation: a
    minimiser shared by all samples.

    Raises ValueError or TypeError unless 0 < c1, shrink < 1, eta0, eta_max, fallback > 0, growth >= 1,
    steps_per_epoch >= 1. Source: Vaswani and others, NeurIPS 2019, and their program. Chapter 04.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0]), [1.0], StochasticArmijo(c1=0.6, eta0=4.0, shrink=0.5), steps=2).eta
    array([0.5, 0.5])
    """

    see = validate.SEARCH
    c1: float = fields.number(high=1.0, low_allowed=False, high_allowed=False, default=0.1)
    shrink: float = fields.number(high=1.0, low_allowed=False, high_allowed=False, default=0.9)
    eta0: float = fields.positive(default=1.0)
    reset: str = fields.name("grow", "start", "none", default="grow")
    growth: float = fields.number(1.0, default=2.0)
    steps_per_epoch: int = fields.whole(default=1)
    eta_max: float = fields.positive(default=10.0)
    fallback: float = fields.positive(default=1e-6)

    def init(self, x):
        """The step found before; eta0 for the first."""
        return np.full(x.shape[:-1], self.eta0)

    def __call__(self, k, point, d, before):
        t0 = before
        if self.reset == "start":
            t0 = np.full_like(before, self.eta0)
        elif self.reset == "grow":
            t0 = before * self.growth ** (1.0 / self.steps_per_epoch)
        t0 = np.minimum(t0, self.eta_max)
        phi, dphi = point.line(d)
        moves = np.sqrt(dot(point.g, point.g)) >= 1e-8
        search = Backtracking(self.c1, self.shrink)
        found = search(phi, dphi, t0, point.f, dot(point.g, d), point.active & moves)
        eta = np.where(found.ok, found.t, np.where(moves, self.fallback, 0.0))
        return column(eta, d), np.where(found.ok, found.t, np.where(moves, self.fallback, before))
