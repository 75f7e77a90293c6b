"""Hypergradient descent: the rate goes down its own gradient."""

from dataclasses import dataclass

import numpy as np

from ..schedules import fields
from .rule import Rule, column, dot


@dataclass(frozen=True, repr=False)
class Hypergradient(Rule):
    r"""The rate takes a step against the derivative of f by the last rate:

    .. math:: \eta_k = \eta_{k-1} - \beta\, g_k^\top d_{k-1}

    because f(x_{k-1} + eta d_{k-1}) has the derivative g_k . d_{k-1} in eta. With steepest descent that is

    .. math:: \eta_k = \eta_{k-1} + \beta\, g_k^\top g_{k-1}

    longer while gradients agree, shorter when they turn. The rate changes before the step. beta has the units
    of x^4/f^3 and must be of the size of eta/|g|^2: with a larger one the rate runs away. A rate never falls
    below eta_min.

    Raises ValueError or TypeError unless eta0 > 0, beta >= 0, eta_min >= 0.
    Source: Baydin and others, ICLR 2018 (SGD-HD; Adam-HD with `directions.Adam`). Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0]), [1.0], Hypergradient(eta0=0.1, beta=0.01), steps=3).eta.round(6)
    array([0.1     , 0.109   , 0.116217])
    """

    eta0: float = fields.positive()
    beta: float = fields.number()
    eta_min: float = fields.number(default=0.0)

    def __call__(self, k, point, d, state):
        if state is None:
            eta = np.full(d.shape[:-1], self.eta0)
        else:
            before, d_before = state
            eta = np.maximum(before - self.beta * dot(point.g, d_before), self.eta_min)
        return column(eta, d), (eta, d)
