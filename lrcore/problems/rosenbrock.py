"""Rosenbrock's banana valley: narrow, curved, and flat along its floor."""

import numpy as np

from .. import validate
from .problem import Problem


class Rosenbrock(Problem):
    r"""f(x) = sum_i b (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 for i = 1, ..., d - 1: least, 0, at (1, ..., 1).

    The floor of the valley x_2 = x_1^2 falls slowly while its walls are steep: at the minimum (b = 100,
    d = 2) the condition number is about 2508. No L holds everywhere: the curvature grows with x^2.

    Parameters: `b` > 0 the steepness of the walls; `dim` >= 2. Raises ValueError or TypeError otherwise.

    Source: H. H. Rosenbrock, *The Computer Journal* 3 (1960). Explained in chapter 04.

    >>> banana = Rosenbrock()
    >>> banana.f([-1.2, 1.0]).round(12), banana.grad([-1.2, 1.0]).round(12)
    (np.float64(24.2), array([-215.6,  -88. ]))
    >>> np.linalg.eigvalsh(banana.hessian([1.0, 1.0])).round(4)
    array([3.9940000e-01, 1.0016006e+03])
    """

    f_star = 0.0

    def __init__(self, b=100.0, dim=2):
        self.b = validate.number(b, "b", low=0, low_allowed=False, see=validate.SEARCH)
        self.dim = validate.count(dim, "dim", low=2, see=validate.SEARCH)
        self.x_star = np.ones(self.dim)

    def f(self, x):
        x = validate.point(x, self.dim)
        here, after = x[..., :-1], x[..., 1:]
        return (self.b * (after - here**2) ** 2 + (1 - here) ** 2).sum(-1)

    def grad(self, x):
        x = validate.point(x, self.dim)
        here, wall = x[..., :-1], x[..., 1:] - x[..., :-1] ** 2
        g = np.zeros(x.shape)
        g[..., :-1] = -4 * self.b * here * wall - 2 * (1 - here)
        g[..., 1:] += 2 * self.b * wall
        return g

    def hess_diag(self, x):
        """The diagonal of the Hessian, shape (..., d)."""
        x = validate.point(x, self.dim)
        h = np.zeros(x.shape)
        h[..., :-1] = 12 * self.b * x[..., :-1] ** 2 - 4 * self.b * x[..., 1:] + 2
        h[..., 1:] += 2 * self.b
        return h

    def hessian(self, x):
        """The tridiagonal Hessian, shape (..., d, d)."""
        x = validate.point(x, self.dim)
        H, i = np.zeros((*x.shape, self.dim)), np.arange(self.dim - 1)
        H[..., i, i + 1] = H[..., i + 1, i] = -4 * self.b * x[..., :-1]
        i = np.arange(self.dim)
        H[..., i, i] = self.hess_diag(x)
        return H

    def __repr__(self):
        return f"Rosenbrock(b={self.b:g}, dim={self.dim})"
