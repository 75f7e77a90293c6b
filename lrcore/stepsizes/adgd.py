"""Adaptive gradient descent without descent: the local curvature, and no faster than that allows."""

from dataclasses import dataclass

import numpy as np

from ..schedules import fields
from .rule import Rule, column, dot


@dataclass(frozen=True, repr=False)
class AdGD(Rule):
    r"""The local curvature is measured along the last step, and the growth of the rate is bounded:

    .. math::

        L_k = \frac{\lVert g_k - g_{k-1}\rVert}{\lVert x_k - x_{k-1}\rVert}, \qquad
        \theta_k = \frac{\eta_k}{\eta_{k-1}}

    With ``variant="2020"``, and theta_0 infinite,

    .. math:: \eta_k = \min\Bigl\{ \sqrt{1+\theta_{k-1}}\;\eta_{k-1},\ \frac{1}{2 L_k} \Bigr\}

    With ``variant="2023"``, theta_0 = 1/3 and [a]_+ = max(a, 0),

    .. math::

        \eta_k = \min\Bigl\{ \sqrt{\tfrac23+\theta_{k-1}}\;\eta_{k-1},\
            \frac{\eta_{k-1}}{\sqrt{[2\eta_{k-1}^2 L_k^2 - 1]_+}} \Bigr\}

    eta_0 = eta0, which may be far too small: in 2020's variant step 1 forgets it, in 2023's the rate grows by
    a factor of at most sqrt(2/3 + theta) a step. Where the gradient has not changed only the first term is
    left; where neither has the iterate, the rate is kept. Proved for convex f with a locally Lipschitz
    gradient, for the whole gradient (no noise).

    Raises ValueError or TypeError unless eta0 > 0 and the variant is one of the two.
    Source: Malitsky and Mishchenko, ICML 2020, algorithm 1; and 2023 (arXiv:2308.02261), algorithm 2.
    Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([4.0]), [1.0], AdGD(eta0=1e-6), steps=4).eta  # 1/(2 h) from step 1 on
    array([1.00e-06, 1.25e-01, 1.25e-01, 1.25e-01])
    """

    eta0: float = fields.positive(default=1e-6)
    variant: str = fields.name("2020", "2023", default="2020")

    def __call__(self, k, point, d, state):
        if state is None:
            eta = np.full(d.shape[:-1], self.eta0)
            theta = np.full_like(eta, np.inf if self.variant == "2020" else 1 / 3)
        else:
            x, g, before, theta = state
            move, change = _length(point.x - x), _length(point.g - g)
            with np.errstate(divide="ignore", invalid="ignore"):
                L = change / move
                if self.variant == "2020":
                    growth, limit = np.sqrt(1 + theta) * before, 0.5 / L
                else:
                    growth = np.sqrt(2 / 3 + theta) * before
                    limit = before / np.sqrt(np.maximum(2 * before**2 * L**2 - 1, 0))
            eta = np.fmin(growth, limit)
            eta = np.where((move > 0) & np.isfinite(eta), eta, before)
            theta = eta / before
        return column(eta, d), (point.x, point.g, eta, theta)


def _length(a):
    return np.sqrt(dot(a, a))
