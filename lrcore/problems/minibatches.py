"""A problem seen through minibatches: the gradient of step k comes from a few samples."""

import numpy as np

from .. import validate
from .problem import Problem


class Minibatches(Problem):
    """A problem on n samples, of which step k sees `size`.

    Every epoch is a fresh permutation; a last partial batch is dropped, so an epoch has floor(n/size) steps.
    ``at(k)`` is the problem of step k; it depends on `seed` and k alone, so that steps can be repeated in any
    order. ``f``, ``grad`` and, where known, ``hessian`` and ``hess_diag`` are those of all samples, and so
    are ``dim L mu kappa x_star f_star``.

    Parameters: `problem` with samples (`Logistic`, `Softmax`, `LeastSquares`, `MLP`), `size` from 1 to n,
    `seed` >= 0. Raises ValueError or TypeError otherwise.

    Explained in chapter 01; the noise it brings in chapter 05.

    >>> from lrcore.problems import Logistic
    >>> p = Minibatches(Logistic([[1.0], [2.0], [3.0]], [0, 1, 1]), size=1)
    >>> p.steps_per_epoch, sorted(int(p.indices(k)[0]) for k in range(3))
    (3, [0, 1, 2])
    """

    def __init__(self, problem, size, seed=0):
        if not (hasattr(problem, "subset") and hasattr(problem, "n")):
            raise TypeError(
                "minibatches need a problem with samples (Logistic, Softmax, LeastSquares, MLP), got "
                f"{validate.shown(problem)}"
            )
        self.problem, self.dim, self.n = problem, problem.dim, problem.n
        self.size = validate.count(size, "size")
        if self.size > self.n:
            raise validate.wrong_value(
                f"size must be at most the number of samples, {self.n}, got {self.size}"
            )
        self.seed = validate.count(seed, "seed", low=0)
        self.steps_per_epoch = self.n // self.size
        self._epoch, self._order = None, None
        for name in ("hessian", "hess_diag"):  # of all samples, where the problem has them
            if hasattr(problem, name):
                setattr(self, name, getattr(problem, name))

    def indices(self, k):
        """The samples of step k, shape (size,)."""
        epoch, batch = divmod(k, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, np.random.default_rng([self.seed, epoch]).permutation(self.n)
        return self._order[batch * self.size : (batch + 1) * self.size]

    def at(self, k):
        """The problem of step k."""
        return self.problem.subset(self.indices(k))

    def f(self, x):
        return self.problem.f(x)

    def grad(self, x):
        return self.problem.grad(x)

    def value_and_grad(self, x):
        return self.problem.value_and_grad(x)

    @property
    def L(self):
        return self.problem.L

    @property
    def mu(self):
        return self.problem.mu

    @property
    def x_star(self):
        return self.problem.x_star

    def __repr__(self):
        return f"Minibatches({self.problem!r}, size={self.size}, seed={self.seed})"
