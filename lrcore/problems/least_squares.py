"""Linear regression: a quadratic that comes from data, with samples to draw from."""

from functools import cached_property

import numpy as np

from .. import validate
from .problem import Problem


class LeastSquares(Problem):
    r"""f(w) = 1/(2n) sum_i (x_i . w - y_i)^2 + (l2/2) |w|^2.

    The Hessian X^T X / n + l2 I is the same everywhere: L and mu are its largest and smallest eigenvalue, not
    bounds only. The gradient of a sample is (x_i . w - y_i) x_i, so that minibatches bring no noise at a w
    that fits every sample.

    Parameters
    ----------
    X : (n, d) real features. There is no hidden intercept: append a column of ones if one is wanted.
    y : (n,) real targets.
    l2 : float >= 0, in units of f/w^2.

    Attributes: ``dim n X y l2``, ``L mu kappa`` (mu = 0 if columns depend on each other and l2 = 0),
    ``x_star`` (the shortest minimiser if there are many) and ``f_star``.

    Raises ValueError or TypeError for shapes that do not fit and values that are not finite.

    Source: Boyd and Vandenberghe, *Convex Optimization* (2004). Explained in chapters 02 and 05.

    >>> p = LeastSquares([[1.0, 0.0], [1.0, 2.0]], [1.0, 3.0])
    >>> p.x_star.round(12), p.f([0.0, 0.0]), p.grad([0.0, 0.0])
    (array([1., 1.]), np.float64(2.5), array([-2., -3.]))
    """

    def __init__(self, X, y, l2=0.0):
        see = validate.STABILITY
        X, y = validate.features(X, see), validate.finite_array(y, "y", see).copy()
        if y.shape != X.shape[:1]:
            raise validate.wrong_value(
                f"y must hold one target per row of X, shape ({len(X)},), got shape {y.shape}", see
            )
        self._assign(X, y, validate.number(l2, "l2", low=0, see=see))

    def _assign(self, X, y, l2):
        self.X, self.y, self.l2 = X, y, l2
        self.n, self.dim = X.shape

    def subset(self, indices):
        """The same problem on some of the samples, for minibatches."""
        part = object.__new__(LeastSquares)
        part._assign(self.X[indices], self.y[indices], self.l2)
        return part

    @cached_property
    def H(self):
        """X^T X / n + l2 I."""
        return self.X.T @ self.X / self.n + self.l2 * np.eye(self.dim)

    @cached_property
    def _curvatures(self):
        """The smallest and the largest eigenvalue of H."""
        s = np.linalg.svd(self.X, compute_uv=False)
        full = self.n >= self.dim and s[-1] > s[0] * max(self.X.shape) * np.finfo(float).eps
        return (s[-1] ** 2 / self.n if full else 0.0) + self.l2, s[0] ** 2 / self.n + self.l2

    @property
    def mu(self):
        return float(self._curvatures[0])

    @property
    def L(self):
        return float(self._curvatures[1])

    def f(self, x):
        return self.value_and_grad(x)[0]

    def grad(self, x):
        return self.value_and_grad(x)[1]

    def value_and_grad(self, x):
        w = validate.point(x, self.dim)
        error = w @ self.X.T - self.y
        f = 0.5 * (np.vecdot(error, error) / self.n + self.l2 * np.vecdot(w, w))
        return f, error @ self.X / self.n + self.l2 * w

    def hessian(self, x):
        """H at every point: shape (..., d, d)."""
        return np.broadcast_to(self.H, (*validate.point(x, self.dim).shape, self.dim))

    def hess_diag(self, x):
        """The diagonal of H at every point: shape (..., d)."""
        return np.broadcast_to(np.diag(self.H), validate.point(x, self.dim).shape)

    @cached_property
    def x_star(self):
        """The minimiser; without l2 and with dependent columns, the shortest one."""
        if self.l2 == 0:
            return np.linalg.lstsq(self.X, self.y, rcond=None)[0]
        return np.linalg.solve(self.H, self.X.T @ self.y / self.n)

    def __repr__(self):
        return f"LeastSquares(n={self.n}, dim={self.dim}, l2={self.l2:g})"
