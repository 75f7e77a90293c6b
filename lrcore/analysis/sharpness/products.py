"""The Hessian of any problem times a vector, and checks of such products."""

import numpy as np

from ... import validate

SEE = validate.STABILITY


def checked(matvec, dim):
    """The product v -> A v, with a clear error for a result that is no vector of `dim` finite numbers."""
    if not callable(matvec):
        raise validate.wrong_type(f"matvec must be a function of v, got {validate.shown(matvec)}", SEE)

    def product(v):
        with np.errstate(all="ignore"):
            Av = validate.real_array(matvec(v), "what matvec returns", SEE)
        if Av.shape != (dim,) or not np.isfinite(Av).all():
            raise validate.wrong_value(
                f"matvec must return {dim} finite numbers, got {validate.shown(Av)}", SEE
            )
        return Av

    return product


def start(dim, v0, seed):
    """A unit vector: `v0` scaled, or a random one."""
    if v0 is None:
        v0 = np.random.default_rng(validate.count(seed, "seed", low=0, see=SEE)).standard_normal(dim)
    v = validate.finite_array(v0, "v0", SEE)
    if v.shape != (dim,) or not v.any():
        raise validate.wrong_value(f"v0 must have shape ({dim},) and not be 0, got {validate.shown(v0)}", SEE)
    v = v / np.abs(v).max()  # first, so that the norm of a tiny or huge start is not rounded to 0 or inf
    return v / np.linalg.norm(v)


def hvp(problem, x, v):
    r"""The Hessian of f at x times v, shape (d,): how the gradient changes along v.

    .. math:: Hv = \frac{d}{dt}\,\nabla f(x+tv)\Big|_{t=0}

    Exact where the problem has a ``hessian``; otherwise the central difference

    .. math:: \frac{\nabla f(x+tv)-\nabla f(x-tv)}{2t}

    with t |v| = 1e-5 (1 + |x|/sqrt d), whose error is of order t^2 |v|^3 times the fourth derivative of f.
    Raises ValueError or TypeError for shapes other than (d,).

    Source: B. Pearlmutter, *Neural Computation* 6 (1994), for the idea. Explained in chapters 02 and 10.

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
