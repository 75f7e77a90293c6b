"""The minimiser of a strongly convex problem to full precision."""

import numpy as np


def newton_minimum(problem, steps=100):
    """x with grad f(x) = 0, by Newton steps from 0, halved until f does not rise. For strongly convex f.

    >>> from lrcore.problems import Quadratic
    >>> newton_minimum(Quadratic([1.0, 4.0], x_star=[2.0, 3.0]))
    array([2., 3.])
    """
    x = np.zeros(problem.dim)
    for _ in range(steps):
        f, g = problem.value_and_grad(x)
        step = -np.linalg.solve(problem.hessian(x), g)
        t = 1.0
        while problem.f(x + t * step) > f and t > 1e-10:
            t /= 2
        x = x + t * step
        if np.linalg.norm(step) <= 1e-14 * (1 + np.linalg.norm(x)):
            break
    return x
