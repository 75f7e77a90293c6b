"""Where a run stands: what a step-size rule may look at, and a direction that needs more than g."""

import numpy as np

from .arguments import returned


class Point:
    """The iterate of step k. B is the shape of the batch, () for one run.

    =============== ========= ===========================================================================
    ``k``                     the step, from 0
    ``problem``               the problem of this step: ``problem.at(k)`` of a stochastic one
    ``x``, ``g``    (*B, d)   the iterate, and the gradient of `problem` there
    ``f``           (*B)      `problem.f` there, computed when it is first asked for
    ``active``      (*B)      bool, the rows that still move
    ``evaluations`` (*B)      int, how often the functions of `line` were called for each row at this step
    =============== ========= ===========================================================================

    Nothing here may be changed in place. Explained in chapter 04.

    >>> from lrcore.problems import Quadratic
    >>> bowl, x = Quadratic([1.0, 10.0]), np.array([1.0, 1.0])
    >>> here = Point(0, bowl, x, bowl.grad(x), np.array(True))
    >>> phi, dphi = here.line(-here.g)
    >>> float(here.f), float(phi(0.1)), float(dphi(0.0)), int(here.evaluations)
    (5.5, 0.405, -101.0, 2)
    """

    def __init__(self, k, problem, x, g, active, f=None):
        self.k, self.problem, self.x, self.g, self.active = k, problem, x, g, active
        self.evaluations = np.zeros(active.shape, dtype=int)
        self._f = f

    @property
    def f(self):
        if self._f is None:
            self._f = returned(self.problem.f(self.x), self.active.shape, "f")
        return self._f

    def line(self, d):
        """phi(t) = f(x + t d) and phi'(t) = grad f(x + t d) . d, two functions of t with shape (*B).

        A row whose t is nan is not asked: it gets nan and is not counted, as a row that has stopped is not.
        """

        def phi(t):
            return returned(self.problem.f(self._on(d, t)), self.active.shape, "f")

        def dphi(t):
            return np.vecdot(returned(self.problem.grad(self._on(d, t)), d.shape, "grad"), d)

        return phi, dphi

    def _on(self, d, t):
        t = np.asarray(t, dtype=np.float64)
        self.evaluations += self.active & ~np.isnan(t)
        there = t[..., np.newaxis] * d
        there += self.x
        return there
