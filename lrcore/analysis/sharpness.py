"""Sharpness: the largest eigenvalue of the Hessian, from gradients alone."""

from dataclasses import dataclass

import numpy as np

from .. import validate

SEE = validate.STABILITY


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
    """The eigenvalue of largest magnitude of a symmetric A, given only v -> A v: repeat v = A v / |A v|.

    The error of the value shrinks by (lambda_2/lambda_1)^2 each time. For a symmetric A some eigenvalue
    lies within ``residual`` of ``value``.

    Parameters: `matvec` maps (dim,) to (dim,); `iterations` >= 1; `v0` (dim,) a start, else random from
    `seed`; stops early when residual <= tol |value|. Returns a `PowerResult`. Raises ValueError or
    TypeError for a start that is zero or has the wrong shape, and for a product of the wrong shape or not
    finite.

    Source: Golub and Van Loan, *Matrix Computations* (2013). Explained in chapter 02.

    >>> A = np.diag([1.0, 3.0])
    >>> found = power_iteration(lambda v: A @ v, dim=2, tol=1e-6)
    >>> round(found.value, 9), abs(found.vector).round(3)
    (3.0, array([0., 1.]))
    """
    dim, iterations = validate.count(dim, "dim", see=SEE), validate.count(iterations, "iterations", see=SEE)
    tol = validate.number(tol, "tol", low=0, see=SEE)
    if not callable(matvec):
        raise validate.wrong_type(f"matvec must be a function of v, got {validate.shown(matvec)}", SEE)
    if v0 is None:
        v0 = np.random.default_rng(validate.count(seed, "seed", low=0, see=SEE)).standard_normal(dim)
    v = validate.finite_array(v0, "v0", SEE)
    if v.shape != (dim,) or not v.any():
        raise validate.wrong_value(f"v0 must have shape ({dim},) and not be 0, got {validate.shown(v0)}", SEE)
    v = v / np.abs(v).max()  # first, so that the norm of a tiny or huge start is not rounded to 0 or inf
    v = v / np.linalg.norm(v)
    for i in range(1, iterations + 1):
        with np.errstate(all="ignore"):
            Av = validate.real_array(matvec(v), "what matvec returns", SEE)
        if Av.shape != (dim,) or not np.isfinite(Av).all():
            raise validate.wrong_value(
                f"matvec must return {dim} finite numbers, got {validate.shown(Av)}", SEE
            )
        value = float(v @ Av)
        residual = float(np.linalg.norm(Av - value * v))
        size = np.linalg.norm(Av)
        if i == iterations or residual <= tol * abs(value) or size == 0:
            break
        v = Av / size
    return PowerResult(value, v, residual, i)


def hvp(problem, x, v):
    """The Hessian of f at x times v, shape (d,): how the gradient changes along v.

    Exact where the problem has a ``hessian``; otherwise the central difference
    (grad f(x + h v) - grad f(x - h v)) / (2h) with h |v| = 1e-5 (1 + |x|/sqrt d), whose error is of order
    h^2 |v|^3 times the fourth derivative of f. Raises ValueError or TypeError for shapes other than (d,).

    Source: B. Pearlmutter, *Neural Computation* 6 (1994), for the idea. Explained in chapter 02.

    >>> from lrcore.problems import Quadratic
    >>> hvp(Quadratic([1.0, 10.0]), [0.0, 0.0], [1.0, 1.0])
    array([ 1., 10.])
    """
    x, v = (validate.finite_array(a, name, SEE) for a, name in ((x, "x"), (v, "v")))
    if x.ndim != 1 or x.shape != v.shape or x.size != getattr(problem, "dim", x.size):
        raise validate.wrong_value(
            f"x and v must both have shape ({getattr(problem, 'dim', 'd')},), got {x.shape} and {v.shape}",
            SEE,
        )
    if hasattr(problem, "hessian"):
        return problem.hessian(x) @ v
    length = np.linalg.norm(v)
    if length == 0:
        return np.zeros_like(v)
    h = 1e-5 * (1 + np.linalg.norm(x) / np.sqrt(x.size)) / length
    return (problem.grad(x + h * v) - problem.grad(x - h * v)) / (2 * h)


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
