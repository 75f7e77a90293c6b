"""Newton with the diagonal of the Hessian only: a rate for each coordinate."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class DiagonalNewton(Direction):
    r"""A rate for each coordinate, from the curvature along it.

    .. math:: d_{k,i} = -\frac{g_{k,i}}{|h_{k,i}|+\mu}

    where h_k is the diagonal of the Hessian at x_k and mu = `damping`. The absolute value turns ascent into
    descent where the curvature is negative; `damping` bounds the rate at 1/damping where there is hardly any
    curvature. A rate eta has no units here. Against correlated coordinates a diagonal can do little.

    It is called ``direction(k, point, state)`` and needs ``point.problem.hess_diag`` or else ``hessian``.
    Raises ValueError or TypeError unless damping > 0, or when the problem has neither.

    Source: Becker and LeCun, *Connectionist Models Summer School* (1988). Explained in chapter 10.

    >>> from types import SimpleNamespace
    >>> from lrcore.problems import Quadratic
    >>> saddle, x = Quadratic([10.0, -1.0]), np.array([1.0, 1.0])
    >>> point = SimpleNamespace(problem=saddle, x=x, g=saddle.grad(x))
    >>> DiagonalNewton(0.25)(0, point, None)[0].round(4)
    array([-0.9756,  0.8   ])
    """

    see = validate.CURVATURE
    uses_point = True
    damping: float = 1e-3

    def __post_init__(self):
        validate.number(self.damping, "damping", low=0, low_allowed=False, see=self.see)

    def init(self, x):
        return np.ones_like(x)

    def __call__(self, k, point, state):
        rate = 1.0 / (np.abs(self._curvature(point)) + self.damping)
        return -rate * point.g, rate

    def _curvature(self, point):
        if hasattr(point.problem, "hess_diag"):
            return point.problem.hess_diag(point.x)
        if hasattr(point.problem, "hessian"):
            return np.diagonal(point.problem.hessian(point.x), axis1=-2, axis2=-1)
        raise validate.wrong_type(
            f"DiagonalNewton needs a problem with hess_diag(x) or hessian(x), got "
            f"{validate.shown(point.problem)}",
            self.see,
        )

    def scale(self, k, rate):
        return rate
