"""The Huber function: the worst case of gradient descent, made visible."""

import numpy as np

from .. import validate
from .problem import Problem


class Huber(Problem):
    r"""f(x) = L/2 |x|^2 for |x| <= t, and L t |x| - L t^2/2 beyond: a bowl with straight walls.

    From |x_0| = R with t = R/(2k+1) and eta = 1/L, after k steps f is exactly L R^2/(4k+2): the bound for
    smooth convex functions is attained, no better one is possible.

    Parameters: `threshold` t > 0 (units of x), `L` > 0 (units f/x^2), `dim` >= 1. Raises ValueError or
    TypeError otherwise.

    Source: Drori and Teboulle, *Mathematical Programming* 145 (2014). Explained in chapter 02.

    >>> k, R = 5, 2.0
    >>> h = Huber(R / (2 * k + 1), L=3.0)
    >>> x = np.array([R])
    >>> for _ in range(k):
    ...     x = x - h.grad(x) / h.L
    >>> round(float(h.f(x)), 12), round(3.0 * R**2 / (4 * k + 2), 12)
    (0.545454545455, 0.545454545455)
    """

    mu = 0.0

    def __init__(self, threshold, L=1.0, dim=1):
        see = validate.STABILITY
        self.threshold = validate.number(threshold, "threshold", low=0, low_allowed=False, see=see)
        self.L = validate.number(L, "L", low=0, low_allowed=False, see=see)
        self.dim = validate.count(dim, "dim", see=see)
        self.x_star = np.zeros(self.dim)

    def f(self, x):
        r, t = np.linalg.norm(validate.point(x, self.dim), axis=-1), self.threshold
        return self.L * np.where(r <= t, 0.5 * r**2, t * r - 0.5 * t**2)

    def grad(self, x):
        x = validate.point(x, self.dim)
        r = np.linalg.norm(x, axis=-1, keepdims=True)
        return self.L * np.where(r <= self.threshold, x, x * (self.threshold / np.maximum(r, self.threshold)))

    def hessian(self, x):
        """L I inside, L t/r (I - x x^T/r^2) at distance r > t; shape (..., d, d)."""
        x = validate.point(x, self.dim)
        r = np.linalg.norm(x, axis=-1)[..., None, None]
        far = np.maximum(r, self.threshold)
        u, eye = x[..., None] / far, np.eye(self.dim)
        across = eye - u * u.swapaxes(-1, -2)
        return self.L * np.where(r <= self.threshold, eye, self.threshold / far * across)

    def hess_diag(self, x):
        """The diagonal of the Hessian, shape (..., d)."""
        return np.diagonal(self.hessian(x), axis1=-2, axis2=-1)

    def __repr__(self):
        return f"Huber(threshold={self.threshold:g}, L={self.L:g}, dim={self.dim})"
