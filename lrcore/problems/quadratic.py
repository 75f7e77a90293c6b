"""The quadratic bowl: the problem on which every question about the rate has an exact answer."""

import numpy as np

from .. import validate
from .basis import orthonormal, random_rotation
from .problem import Problem


class Quadratic(Problem):
    r"""f(x) = 1/2 (x - x*)^T H (x - x*), given by the eigenvalues of H.

    Descent acts on each eigenvector (mode) by itself: the error in mode i is multiplied by 1 - eta lambda_i.

    Parameters
    ----------
    eigenvalues : (d,) real numbers
        The curvatures lambda_i in any order; units f/x^2. Zero (a flat valley) and negative (a saddle) are
        allowed; x* is then a stationary point only.
    x_star : (d,)
        Default 0.
    basis : (d, d)
        Orthonormal eigenvectors as columns; by default the coordinate axes.
    angle : float
        For d = 2, instead of `basis`: the angle of the first eigenvector to the first axis, in radians.

    Attributes: ``dim L mu kappa x_star f_star`` (see `Problem`; L is max |lambda|, mu is min lambda) and
    ``H`` (d, d), ``eigenvalues`` (d,), ``basis`` (d, d).

    Raises ValueError or TypeError for eigenvalues that are not finite real numbers and for a basis that
    is not orthonormal.

    Source: Boyd and Vandenberghe, *Convex Optimization* (2004). Explained in chapter 02.

    >>> bowl = Quadratic([1.0, 10.0])
    >>> bowl.f([1.0, 1.0]), bowl.grad([1.0, 1.0])
    (np.float64(5.5), array([ 1., 10.]))
    >>> bowl.L, bowl.mu, bowl.kappa
    (10.0, 1.0, 10.0)
    """

    def __init__(self, eigenvalues, x_star=None, basis=None, angle=None):
        see = validate.STABILITY
        lam = np.array(validate.finite_array(eigenvalues, "eigenvalues", see), ndmin=1)
        if lam.ndim != 1 or lam.size == 0:
            raise validate.wrong_value(
                f"eigenvalues must have shape (d,) with d >= 1, got shape {lam.shape}", see
            )
        d = self.dim = lam.size
        self.eigenvalues = lam
        self.x_star = np.zeros(d) if x_star is None else validate.finite_array(x_star, "x_star", see).copy()
        if self.x_star.shape != (d,):
            raise validate.wrong_value(f"x_star must have shape ({d},), got shape {self.x_star.shape}", see)
        self._aligned = basis is None and angle is None
        self._centred = not self.x_star.any()
        self.basis = orthonormal(d, basis, angle)
        self.H = np.diag(lam) if self._aligned else (self.basis * lam) @ self.basis.T
        self.L, self.mu = float(np.abs(lam).max()), float(lam.min())

    @classmethod
    def from_condition(cls, kappa, dim=2, mu=1.0, spacing="log", seed=None, **others):
        """A bowl with curvatures from mu to kappa mu, spaced evenly on a "log" or "linear" scale.

        With a `seed` the eigenvectors are a random rotation, else the axes; `others` go to the class. Raises
        ValueError or TypeError unless kappa >= 1, dim >= 2 (1 for kappa = 1) and mu > 0.

        >>> Quadratic.from_condition(100.0, dim=3)
        Quadratic(eigenvalues=[1.0, 10.0, 100.0])
        """
        see = validate.STABILITY
        kappa = validate.number(kappa, "kappa", low=1, see=see)
        dim = validate.count(dim, "dim", low=1 if kappa == 1 else 2, see=see)
        mu = validate.number(mu, "mu", low=0, low_allowed=False, see=see)
        space = {"log": np.geomspace, "linear": np.linspace}[
            validate.choice(spacing, "spacing", ("log", "linear"), see)
        ]
        if seed is not None:
            others["basis"] = random_rotation(dim, validate.count(seed, "seed", low=0, see=see))
        return cls(mu * space(1.0, kappa, dim), **others)

    @property
    def f_star(self):
        """0, or None when a negative eigenvalue lets f fall without end."""
        return 0.0 if self.mu >= 0 else None

    def f(self, x):
        return self.value_and_grad(x)[0]

    def grad(self, x):
        return self._pull(self._error(x))

    def value_and_grad(self, x):
        error = self._error(x)
        g = self._pull(error)
        return 0.5 * np.vecdot(error, g), g

    def _error(self, x):
        x = validate.point(x, self.dim)
        return x if self._centred else x - self.x_star

    def _pull(self, error):
        # Without a rotation modes are coordinates, and each product rounds alike on every machine.
        return self.eigenvalues * error if self._aligned else error @ self.H

    def hessian(self, x):
        """H at every point: shape (..., d, d)."""
        x = validate.point(x, self.dim)
        return np.broadcast_to(self.H, (*x.shape, self.dim))

    def hess_diag(self, x):
        """The diagonal of H at every point: shape (..., d)."""
        return np.broadcast_to(np.diag(self.H), validate.point(x, self.dim).shape)

    def modes(self, x):
        """The error in the eigenbasis, c with x - x* = sum_i c_i u_i; shape (..., d).

        >>> Quadratic([1, 10], angle=np.pi / 2).modes([0.0, 3.0]).round(12)
        array([3., 0.])
        """
        return (validate.point(x, self.dim) - self.x_star) @ self.basis

    def __repr__(self):
        return f"Quadratic(eigenvalues={self.eigenvalues.tolist()})"
