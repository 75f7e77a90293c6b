"""What every problem offers: a value, a gradient, and the constants that are known."""

import numpy as np


class Problem:
    """A differentiable function f of x with d coordinates, the base of all problems.

    ``f(x)`` maps shape (..., d) to (...), ``grad(x)`` maps (..., d) to (..., d). All leading axes are
    batch axes, so that many runs go through one call. What is known about f stands in attributes,
    ``None`` where it is not known:

    ============ ============================================================================================
    ``dim``      d, the number of coordinates
    ``L``        smoothness: the gradient changes by at most L times the distance; units f/x^2
    ``mu``       strong convexity, the smallest curvature; 0 for a convex function without more
    ``kappa``    L/mu, the condition number (``inf`` unless mu > 0)
    ``x_star``   a minimiser, shape (d,)
    ``f_star``   the least value, a float
    ============ ============================================================================================

    Some offer more, and what uses it asks ``hasattr``: ``hessian(x)`` (..., d, d) and its diagonal
    ``hess_diag(x)`` (..., d); ``at(k)``, the problem that step k sees, when gradients are noisy;
    ``project(x)``, the nearest point that is allowed.

    Source: Y. Nesterov, *Introductory Lectures on Convex Optimization* (2004). Chapter 02
    explains L and mu.
    """

    dim: int
    L = None
    mu = None
    x_star = None

    @property
    def kappa(self):
        if self.L is None or self.mu is None:
            return None
        return self.L / self.mu if self.mu > 0 else np.inf

    @property
    def f_star(self):
        return None if self.x_star is None else float(self.f(self.x_star))

    def f(self, x):
        raise NotImplementedError(f"{type(self).__name__} has no f(x)")

    def grad(self, x):
        raise NotImplementedError(f"{type(self).__name__} has no grad(x)")

    def value_and_grad(self, x):
        """``(f(x), grad(x))``; problems that share work between the two override it."""
        return self.f(x), self.grad(x)
