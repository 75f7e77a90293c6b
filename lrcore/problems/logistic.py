"""Logistic regression: a real problem whose largest safe rate can be read from the data."""

from functools import cached_property

import numpy as np

from .. import validate
from .newton_minimum import newton_minimum
from .problem import Problem


class Logistic(Problem):
    r"""f(w) = (1/n) sum_i log(1 + exp(-s_i x_i . w)) + (l2/2) |w|^2, where s_i = -1 or +1.

    The Hessian is X^T diag(p(1-p)) X / n + l2 I, and p(1-p) <= 1/4, so L = lambda_max(X^T X)/(4n) + l2
    bounds the curvature everywhere. Without l2 and with separable data there is no minimiser: the loss
    falls for ever.

    Parameters
    ----------
    X : (n, d) real features. There is no hidden intercept: append a column of ones if one is wanted.
    y : (n,) labels, 0/1 or -1/+1.
    l2 : float >= 0, in units of f/w^2.

    Attributes: ``dim n X l2`` and ``L mu kappa`` (mu = l2); ``x_star`` and ``f_star`` when l2 > 0, found
    by Newton's method at first use, else None.

    Raises ValueError or TypeError for labels of another kind, shapes that do not fit, values that are not
    finite.

    Source: Boyd and Vandenberghe, *Convex Optimization* (2004). Explained in chapter 02.

    >>> p = Logistic([[1.0], [2.0]], [0, 1])
    >>> float(p.f([0.0])).__round__(6), p.grad([0.0])
    (0.693147, array([-0.25]))
    >>> round(p.L, 12)
    0.625
    """

    def __init__(self, X, y, l2=0.0):
        see = validate.STABILITY
        X = validate.features(X, see)
        y = validate.finite_array(y, "y", see)
        if y.shape != X.shape[:1]:
            raise validate.wrong_value(
                f"y must hold one label per row of X, shape ({len(X)},), got shape {y.shape}", see
            )
        if not (np.isin(y, (0, 1)).all() or np.isin(y, (-1, 1)).all()):
            raise validate.wrong_value(f"labels must be 0/1 or -1/+1, got {np.unique(y)[:5].tolist()}", see)
        self._assign(X, np.where(y > 0, 1.0, -1.0), validate.number(l2, "l2", low=0, see=see))

    def _assign(self, X, signs, l2):
        self.X, self._signed, self.l2 = X, signs[:, None] * X, l2
        self._signs = signs
        self.n, self.dim = X.shape
        self.mu = l2

    def subset(self, indices):
        """The same problem on some of the samples, for minibatches."""
        part = object.__new__(Logistic)
        part._assign(self.X[indices], self._signs[indices], self.l2)
        return part

    @cached_property
    def L(self):
        return float(np.linalg.norm(self.X, 2) ** 2 / (4 * self.n) + self.l2)

    def f(self, x):
        return self.value_and_grad(x)[0]

    def grad(self, x):
        return self.value_and_grad(x)[1]

    def value_and_grad(self, x):
        w = validate.point(x, self.dim)
        margin = w @ self._signed.T  # (..., n), positive where the sample is on the right side
        small = np.exp(-np.abs(margin))  # never overflows, and keeps its digits when the margin is large
        loss = np.maximum(-margin, 0.0) + np.log1p(small)
        wrong = np.where(margin > 0, small, 1.0) / (1.0 + small)  # the probability given to the wrong label
        f = loss.mean(-1) + 0.5 * self.l2 * np.vecdot(w, w)
        return f, -wrong @ self._signed / self.n + self.l2 * w

    def hessian(self, x):
        """X^T diag(p(1-p)) X / n + l2 I, shape (..., d, d)."""
        return (self.X.T * self._curvature(x)[..., None, :]) @ self.X / self.n + self.l2 * np.eye(self.dim)

    def _curvature(self, x):
        """p(1-p) of the samples, shape (..., n)."""
        small = np.exp(-np.abs(validate.point(x, self.dim) @ self._signed.T))
        return small / (1.0 + small) ** 2

    def hess_diag(self, x):
        """The diagonal of the Hessian, shape (..., d)."""
        return self._curvature(x) @ self.X**2 / self.n + self.l2

    @cached_property
    def x_star(self):
        """The minimiser by damped Newton steps; None without l2, because there may be none."""
        return None if self.l2 == 0 else newton_minimum(self)

    def __repr__(self):
        return f"Logistic(n={self.n}, dim={self.dim}, l2={self.l2:g})"
