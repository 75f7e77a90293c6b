"""Softmax regression: logistic regression with many classes, and a bound on its curvature from the data."""

from functools import cached_property

import numpy as np

from .. import validate
from .newton_minimum import newton_minimum
from .problem import Problem


class Softmax(Problem):
    r"""f(W) = 1/n sum_i (log sum_j exp z_ij - z_{i, label i}) + (l2/2) |W|^2, where z = X W.

    The Hessian is 1/n sum_i (diag p_i - p_i p_i^T) (x) x_i x_i^T + l2 I; no eigenvalue of diag p - p p^T
    exceeds 1/2, so L = lambda_max(X^T X)/(2n) + l2 bounds the curvature everywhere. With two classes W = 0
    attains it.

    Parameters
    ----------
    X : (n, p) real features. There is no hidden intercept: append a column of ones if one is wanted.
    labels : (n,) whole numbers 0, 1, ..., c-1.
    l2 : float >= 0, in units of f/W^2.

    A point holds W row by row, (p, c) flattened; ``dim`` = p c. Other attributes: ``n X labels classes l2``,
    ``L mu kappa`` (mu = l2); ``x_star`` and ``f_star`` when l2 > 0, found by Newton's method at first use,
    else None.

    Raises ValueError or TypeError for labels of another kind, shapes that do not fit, values not finite.

    Source: D. Boehning, *Ann. Inst. Statist. Math.* 44 (1992), for the bound. Explained in chapter 02.

    >>> p = Softmax([[1.0], [2.0], [3.0]], [0, 1, 2])
    >>> p.dim, round(p.L, 12), p.f(np.zeros(3)).round(6)  # nothing known: log 3
    (3, 2.333333333333, np.float64(1.098612))
    """

    def __init__(self, X, labels, l2=0.0):
        see = validate.STABILITY
        X = validate.features(X, see)
        labels = validate.class_labels(labels, len(X), see)
        self._assign(X, labels, np.eye(labels.max() + 1)[labels], validate.number(l2, "l2", low=0, see=see))

    def _assign(self, X, labels, onehot, l2):
        self.X, self.labels, self._onehot, self.l2 = X, labels, onehot, l2
        self.n, self.classes = onehot.shape
        self.dim, self.mu = X.shape[1] * self.classes, l2

    def subset(self, indices):
        """The same problem on some of the samples, for minibatches."""
        part = object.__new__(Softmax)
        part._assign(self.X[indices], self.labels[indices], self._onehot[indices], self.l2)
        return part

    @cached_property
    def L(self):
        return float(np.linalg.norm(self.X, 2) ** 2 / (2 * self.n) + self.l2)

    def _scores(self, x):
        """z minus the largest of its row, and the probabilities: both (..., n, c)."""
        w = validate.point(x, self.dim)
        z = self.X @ w.reshape(*w.shape[:-1], -1, self.classes)
        z = z - z.max(-1, keepdims=True)
        p = np.exp(z)
        return z, p / p.sum(-1, keepdims=True)

    def f(self, x):
        return self.value_and_grad(x)[0]

    def grad(self, x):
        return self.value_and_grad(x)[1]

    def value_and_grad(self, x):
        w = validate.point(x, self.dim)
        z, p = self._scores(w)
        losses = np.log(np.exp(z).sum(-1)) - (z * self._onehot).sum(-1)
        slope = self.X.T @ (p - self._onehot) / self.n
        return losses.mean(-1) + 0.5 * self.l2 * np.vecdot(w, w), slope.reshape(w.shape) + self.l2 * w

    def hess_diag(self, x):
        """The diagonal of the Hessian, shape (..., d)."""
        p = self._scores(x)[1]
        return (self.X.T**2 @ (p * (1 - p)) / self.n).reshape(np.shape(x)) + self.l2

    def hessian(self, x):
        """Shape (..., d, d): 640 by 640 for the digits."""
        p = self._scores(x)[1]
        H = np.empty((*np.shape(x)[:-1], self.X.shape[1], self.classes, self.X.shape[1], self.classes))
        for a in range(
            self.classes
        ):  # one block of two classes at a time: all at once would need n d^2 numbers
            for b in range(a + 1):
                weight = p[..., a] * ((a == b) - p[..., b])
                block = (self.X.T * weight[..., None, :]) @ self.X / self.n
                H[..., :, a, :, b] = H[..., :, b, :, a] = block
        return H.reshape(*np.shape(x), self.dim) + self.l2 * np.eye(self.dim)

    @cached_property
    def x_star(self):
        """The minimiser by damped Newton steps; None without l2, because there may be none."""
        return None if self.l2 == 0 else newton_minimum(self)

    def accuracy(self, x):
        """The share of samples whose largest score is the label; shape (...)."""
        return (self._scores(x)[1].argmax(-1) == self.labels).mean(-1)

    def __repr__(self):
        return f"Softmax(n={self.n}, features={self.X.shape[1]}, classes={self.classes}, l2={self.l2:g})"
