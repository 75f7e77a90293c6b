"""Delta-bar-delta: a rate for every weight, longer while its slope keeps its sign."""

from dataclasses import dataclass

import numpy as np

from ..schedules import fields
from .rule import Rule


@dataclass(frozen=True, repr=False)
class DeltaBarDelta(Rule):
    r"""For each coordinate, the slope g_k is compared with the average of those before:

    .. math::

        \eta_k = \begin{cases}
            \eta_{k-1} + \kappa & \text{if } \bar g_{k-1} g_k > 0,\\
            (1-\varphi)\,\eta_{k-1} & \text{if } \bar g_{k-1} g_k < 0,\\
            \eta_{k-1} & \text{if } \bar g_{k-1} g_k = 0,
        \end{cases}

    .. math:: \bar g_k = (1-\theta)\, g_k + \theta\, \bar g_{k-1}, \qquad \bar g_{-1} = 0

    so that step 0 leaves the rate alone. The rate changes before the step. Growth is by adding, so that it
    stays slow; decrease by a factor, so that it is quick and the rate stays positive; never below eta_min. A
    rule for whole gradients: under noise signs alternate for no reason, and rates collapse.

    Raises ValueError or TypeError unless eta0 > 0, kappa >= 0, 0 <= phi < 1, 0 <= theta < 1, eta_min >= 0.
    Source: R. A. Jacobs, Neural Networks 1 (1988). Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0, 10.0]), [1.0, 1.0], DeltaBarDelta(0.15, kappa=0.01, phi=0.2), steps=3).eta
    array([[0.15, 0.15],
           [0.16, 0.12],
           [0.17, 0.12]])
    """

    eta0: float = fields.positive()
    kappa: float = fields.number(default=0.01)
    phi: float = fields.number(high=1.0, high_allowed=False, default=0.2)
    theta: float = fields.number(high=1.0, high_allowed=False, default=0.5)
    eta_min: float = fields.number(default=1e-8)

    def init(self, x):
        """The rates and the averages bar_{-1} = 0."""
        return np.full_like(x, self.eta0), np.zeros_like(x)

    def __call__(self, k, point, d, state):
        eta, bar = state
        agree = bar * point.g
        eta = np.where(agree > 0, eta + self.kappa, np.where(agree < 0, eta * (1 - self.phi), eta))
        eta = np.maximum(eta, self.eta_min)
        return eta, (eta, (1 - self.theta) * point.g + self.theta * bar)
