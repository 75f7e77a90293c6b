"""Any two plain functions as a problem."""

import numpy as np

from .. import validate
from .problem import Problem


class Function(Problem):
    """f and its gradient as given: ``f`` maps (..., dim) to (...), ``grad`` maps (..., dim) to (..., dim).

    Parameters: the two functions, `dim`, and what is known: `L`, `mu` (units f/x^2), `x_star` (dim,),
    `hessian`, a function of x to (..., dim, dim), which then gives ``hess_diag`` too. Raises TypeError when a
    function cannot be called and ValueError when a constant is out of range. `run` checks the shapes of what
    f and grad return.

    Used from chapter 02 on, where a toy with f = (xy - 1)^2 / 2 shows how the rate chooses the minimum.

    >>> toy = Function(lambda x: (x**4).sum(-1), lambda x: 4 * x**3, dim=2)
    >>> toy.f(np.array([1.0, 2.0]))
    np.float64(17.0)
    """

    def __init__(self, f, grad, dim, L=None, mu=None, x_star=None, hessian=None):
        for name, function in (("f", f), ("grad", grad), ("hessian", hessian)):
            if not callable(function) and not (name == "hessian" and function is None):
                raise TypeError(f"{name} must be a function of x, got {validate.shown(function)}")
        self._f, self._grad = f, grad
        self.dim = validate.count(dim, "dim")
        self.L = None if L is None else validate.number(L, "L", low=0, see=validate.STABILITY)
        self.mu = None if mu is None else validate.number(mu, "mu", see=validate.STABILITY)
        self.x_star = None if x_star is None else validate.point(np.atleast_1d(x_star), self.dim, "x_star")

        if hessian is not None:  # no attribute otherwise: its presence says that second derivatives are known
            self.hessian = lambda x: hessian(validate.point(x, self.dim))
            self.hess_diag = lambda x: np.diagonal(self.hessian(x), axis1=-2, axis2=-1)

    def f(self, x):
        return self._f(validate.point(x, self.dim))

    def grad(self, x):
        return self._grad(validate.point(x, self.dim))

    def __repr__(self):
        return f"Function(dim={self.dim})"
