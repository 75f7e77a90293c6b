"""Regrettable delta-bar-delta, reconstructed: a change of the rate that proves wrong is taken back."""

from dataclasses import dataclass

import numpy as np

from ..schedules import fields
from .rule import Rule, column, dot


@dataclass(frozen=True, repr=False)
class RDBD(Rule):
    r"""A reconstruction from the stated condition, not from the paper's algorithm.

    .. math::

        h_k = g_k^\top g_{k-1}, \qquad
        \eta_k = \begin{cases}
            \eta_{k-1} + \alpha\, h_k & \text{if } h_k h_{k-1} \ge 0,\\
            \eta_{k-2} & \text{if } h_k h_{k-1} < 0:
        \end{cases}

    the sign has turned, and the last change of the rate, made under the other sign, is taken back instead of
    making one. h_0 = 0, and a rate never falls below eta_min. What the authors publish beyond this condition
    is not known here; nothing but properties of this rule is tested.

    Raises ValueError or TypeError unless eta0 > 0, alpha >= 0, eta_min >= 0.
    Source: Song and Yang (2023), arXiv:2310.11291, for the idea and the condition. Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0]), [1.0], RDBD(eta0=0.1, alpha=0.01), steps=3).eta.round(6)
    array([0.1     , 0.109   , 0.116217])
    """

    eta0: float = fields.positive()
    alpha: float = fields.number()
    eta_min: float = fields.number(default=1e-8)

    def init(self, x):
        """g_{k-1}, h_{k-1}, eta_{k-1} and the last change of eta."""
        rows = x.shape[:-1]
        return np.zeros_like(x), np.zeros(rows), np.full(rows, self.eta0), np.zeros(rows)

    def __call__(self, k, point, d, state):
        g, h_before, before, last = state
        h = dot(point.g, g)
        eta = before + np.where(h * h_before >= 0, self.alpha * h, -last)
        eta = np.maximum(eta, self.eta_min)
        return column(eta, d), (point.g, h, eta, eta - before)
