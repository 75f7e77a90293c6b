"""Power iteration: the largest eigenvalue from products alone, and with it the sharpness."""

from dataclasses import dataclass

import numpy as np

from ... import validate
from .products import SEE, checked, hvp, start


@dataclass(frozen=True, eq=False)
class PowerResult:
    """An eigenvalue estimate: ``value`` v.Av, unit ``vector`` v, ``residual`` |Av - value v|."""

    value: float
    vector: np.ndarray
    residual: float
    iterations: int

    def __repr__(self):
        return (
            f"PowerResult(value={self.value:.6g}, residual={self.residual:.2g}, iterations={self.iterations})"
        )


def power_iteration(matvec, dim, iterations=100, v0=None, seed=0, tol=0.0):
    r"""The eigenvalue of largest magnitude of a symmetric A, given only v -> A v.

    .. math::

        v_{m+1} = \frac{Av_m}{\lVert Av_m\rVert},\qquad
        \theta_m = v_m^\top Av_m

    The error of the value shrinks by (lambda_2/lambda_1)^2 each time. For a symmetric A some eigenvalue
    lies within ``residual`` of ``value``.

    Parameters: `matvec` maps (dim,) to (dim,); `iterations` >= 1; `v0` (dim,) a start, else random from
    `seed`; stops early when residual <= tol |value|. Returns a `PowerResult`. Raises ValueError or
    TypeError for a start that is zero or has the wrong shape, and for a product of the wrong shape or not
    finite.

    Source: Golub and Van Loan, *Matrix Computations* (2013). Explained in chapters 02 and 10.

    >>> A = np.diag([1.0, 3.0])
    >>> found = power_iteration(lambda v: A @ v, dim=2, tol=1e-6)
    >>> round(found.value, 9), abs(found.vector).round(3)
    (3.0, array([0., 1.]))
    """
    dim, iterations = validate.count(dim, "dim", see=SEE), validate.count(iterations, "iterations", see=SEE)
    tol = validate.number(tol, "tol", low=0, see=SEE)
    v, product = start(dim, v0, seed), checked(matvec, dim)
    for i in range(1, iterations + 1):
        Av = product(v)
        value = float(v @ Av)
        residual = float(np.linalg.norm(Av - value * v))
        size = np.linalg.norm(Av)
        if i == iterations or residual <= tol * abs(value) or size == 0:
            break
        v = Av / size
    return PowerResult(value, v, residual, i)


def sharpness(problem, x, iterations=100, v0=None, seed=0, tol=0.0):
    """The largest eigenvalue of the Hessian of f at x, as a `PowerResult`.

    Gradient descent at x is stable for rates below 2/sharpness.

    Power iteration on `hvp`. If it ends at a negative eigenvalue -a, it is repeated on Hessian + a I,
    whose largest eigenvalue in magnitude is the largest one. Along a run, pass the last ``vector`` as
    `v0`: then few iterations are enough.

    Units f/x^2. Raises as `power_iteration` and `hvp`. Source: Cohen, Kaur, Li, Kolter and Talwalkar,
    ICLR 2021. Explained in chapter 02.

    >>> from lrcore.problems import Quadratic
    >>> round(sharpness(Quadratic([-30.0, 1.0, 10.0]), [0.0, 0.0, 0.0]).value, 9)
    10.0
    """
    x = validate.finite_array(x, "x", SEE)
    found = power_iteration(lambda v: hvp(problem, x, v), x.size, iterations, v0, seed, tol)
    if found.value >= 0:
        return found
    shift = -found.value
    top = power_iteration(lambda v: hvp(problem, x, v) + shift * v, x.size, iterations, None, seed, tol)
    return PowerResult(top.value - shift, top.vector, top.residual, found.iterations + top.iterations)
