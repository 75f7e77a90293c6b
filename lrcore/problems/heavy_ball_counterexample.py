"""A strongly convex function on which heavy ball runs in a circle of three points for ever."""

import numpy as np

from .. import validate
from .problem import Problem


class HeavyBallCounterexample(Problem):
    r"""f on the line with slope 25 x for x < 1, x + 24 for 1 <= x < 2, 25 x - 24 for x >= 2; f(0) = 0.

    mu = 1 and L = 25. Heavy ball with the rate and momentum that are best for every *quadratic* with these
    constants, ``eta`` = 1/9 and ``beta`` = 4/9, started at rest from ``x0`` = 3.3, tends to the three points
    of ``cycle`` instead of the minimum at 0: (792, -2208, 2592)/1225. Gradient descent converges.

    Source: Lessard, Recht and Packard, *SIAM J. Optim.* 26 (2016). Explained in chapter 03.

    >>> p = HeavyBallCounterexample()
    >>> before = x = p.x0
    >>> for k in range(300):
    ...     before, x = x, x - p.eta * p.grad(x) + p.beta * (x - before)
    >>> x.round(6), p.cycle.round(6)
    (array([0.646531]), array([ 0.646531, -1.802449,  2.115918]))
    """

    dim, L, mu = 1, 25.0, 1.0
    eta, beta = 1 / 9, 4 / 9

    def __init__(self):
        self.x_star, self.x0 = np.zeros(1), np.array([3.3])
        self.cycle = np.array([792.0, -2208.0, 2592.0]) / 1225

    def _choose(self, x, *pieces):
        x = validate.point(x, 1, see=validate.MOMENTUM)
        return np.select([x < 1, x < 2], [piece(x) for piece in pieces[:2]], pieces[2](x))

    def f(self, x):
        left, middle, right = (
            lambda x: 12.5 * x**2,
            lambda x: 0.5 * x**2 + 24 * x - 12,
            lambda x: 12.5 * x**2 - 24 * x + 36,
        )
        return self._choose(x, left, middle, right)[..., 0]

    def grad(self, x):
        return self._choose(x, lambda x: 25 * x, lambda x: x + 24, lambda x: 25 * x - 24)

    def hess_diag(self, x):
        """25, 1 or 25: shape (..., 1). At 1 and 2, where it jumps, the value from the right."""
        return self._choose(x, *(lambda x, c=c: np.full(x.shape, c) for c in (25.0, 1.0, 25.0)))

    def hessian(self, x):
        """The same, shape (..., 1, 1)."""
        return self.hess_diag(x)[..., np.newaxis]

    def __repr__(self):
        return "HeavyBallCounterexample()"
