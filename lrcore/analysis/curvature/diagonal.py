"""The exact diagonal of a Hessian."""

import numpy as np

from ... import validate
from ..sharpness import hvp


def hess_diag(problem, x):
    """d^2 f/dx_i^2 at x (d,), one number for each coordinate.

    From ``problem.hessian`` where there is one. Otherwise from d products `hvp` with the unit vectors, each
    of two gradients: exact up to the small error of a central difference, at the price of 2 d gradients. The
    estimates `hutchinson` and `becker_lecun` cost a few.

    Raises ValueError or TypeError for an x of another shape or not finite. Explained in chapter 10.

    >>> from lrcore.problems import Rosenbrock
    >>> hess_diag(Rosenbrock(), [1.0, 1.0])
    array([802., 200.])
    """
    x = validate.finite_array(x, "x", validate.CURVATURE)
    if x.ndim != 1:
        raise validate.wrong_value(f"x must have shape (d,), got {x.shape}", validate.CURVATURE)
    if hasattr(problem, "hessian"):
        return np.diag(problem.hessian(x)).copy()
    return np.array([hvp(problem, x, e)[i] for i, e in enumerate(np.eye(x.size))])
