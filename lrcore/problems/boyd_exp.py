"""The three exponentials on which Boyd and Vandenberghe compare line searches."""

import numpy as np

from .. import validate
from .problem import Problem

# f is the sum over rows of exp(a . x - 0.1)
ROWS = np.array([[1.0, 3.0], [1.0, -3.0], [-1.0, 0.0]])


class BoydExp(Problem):
    r"""f(x) = exp(x1 + 3 x2 - 0.1) + exp(x1 - 3 x2 - 0.1) + exp(-x1 - 0.1).

    Convex, with its minimum 2 sqrt(2) exp(-0.1) = 2.559267 at (-log(2)/2, 0), where the Hessian is
    diag(f*, 4.5 f*): a condition number of 4.5. No L holds everywhere. Values overflow to inf far away
    (x1 above about 700): line searches must cope with it.

    Source: Boyd and Vandenberghe, *Convex Optimization* (2004), equation (9.20). Explained in chapter 04.

    >>> p = BoydExp()
    >>> p.f([-1.0, 1.0]).round(4), p.grad(p.x_star).round(12) + 0.0
    (np.float64(9.1621), array([0., 0.]))
    >>> p.hessian(p.x_star).round(4)
    array([[ 2.5593,  0.    ],
           [ 0.    , 11.5167]])
    """

    dim = 2
    f_star = 2 * np.sqrt(2) * np.exp(-0.1)

    def __init__(self):
        self.x_star = np.array([-np.log(2) / 2, 0.0])

    def _terms(self, x):
        x = validate.point(x, self.dim)
        u, w = x[..., :1], 3 * x[..., 1:]
        return np.exp(np.concatenate([u + w, u - w, -u], axis=-1) - 0.1)

    def f(self, x):
        return self._terms(x).sum(-1)

    def grad(self, x):
        a, b, c = np.moveaxis(self._terms(x), -1, 0)
        return np.stack([a + b - c, 3 * (a - b)], axis=-1)

    def hess_diag(self, x):
        """The diagonal of the Hessian, shape (..., 2)."""
        return self._terms(x) @ ROWS**2

    def hessian(self, x):
        """sum of term times row row^T, shape (..., 2, 2)."""
        return np.einsum("...i,ij,ik->...jk", self._terms(x), ROWS, ROWS)

    def __repr__(self):
        return "BoydExp()"
