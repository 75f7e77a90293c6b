"""Straight lines on [-1, 1] for which Adam ends at the worst point."""

import numpy as np

from .. import validate
from .problem import Problem


class ReddiCounterexample(Problem):
    r"""f_k(x) = large x once in `period` steps and f_k(x) = -small x otherwise, for x in [-1, 1].

    The mean f(x) = (large - (period - 1) small)/period x is least at -1. Adam with a short memory divides
    the rare large gradient by its own size and goes to +1. ``project(x)`` clips to [-1, 1]: `run` applies it
    after each step.

    * ``stochastic=False``: the large slope comes at steps 0, period, 2 period, ... The theorem has large = C
      > 2, small = 1, period = 3; the paper's experiment large = 1010, small = 10, period = 101.
    * ``stochastic=True``: it comes with probability 1/period, drawn for each row of a batch from `seed` and k
      alone. The experiment has large = 1010, small = 10, period = 100.

    Raises ValueError or TypeError unless large and small are > 0, period >= 2 and the mean slope is > 0.

    Source: Reddi, Kale and Kumar, ICLR 2018, theorem 1 and section 5. Explained in chapter 08.

    >>> p = ReddiCounterexample(large=3.0)
    >>> [float(p.at(k).grad([0.5])[0]) for k in range(5)], p.x_star
    ([3.0, -1.0, -1.0, 3.0, -1.0], array([-1.]))
    >>> p.project([1.5])
    array([1.])
    """

    dim, L, mu = 1, 0.0, 0.0

    def __init__(self, large=3.0, small=1.0, period=3, stochastic=False, seed=0):
        see = validate.ADAPTIVE
        self.large = validate.number(large, "large", low=0, low_allowed=False, see=see)
        self.small = validate.number(small, "small", low=0, low_allowed=False, see=see)
        self.period = validate.count(period, "period", low=2, see=see)
        self.seed = validate.count(seed, "seed", low=0, see=see)
        self.stochastic = bool(stochastic)
        self.slope = (self.large - (self.period - 1) * self.small) / self.period
        if self.slope <= 0:
            raise validate.wrong_value(
                f"large must exceed (period - 1) small = {(self.period - 1) * self.small:g}, so that the "
                f"minimum is at -1, got {self.large:g}",
                see,
            )
        self.x_star = np.array([-1.0])

    def at(self, k):
        """The problem of step k."""
        return _Line(self, validate.count(k, "k", low=0, see=validate.ADAPTIVE))

    def slopes(self, k, rows=()):
        """The slope of step k for a batch of that shape."""
        if self.stochastic:
            rare = np.random.default_rng([self.seed, k]).random(rows) < 1 / self.period
        else:
            rare = np.full(rows, k % self.period == 0)
        return np.where(rare, self.large, -self.small)

    def project(self, x):
        """The nearest point of [-1, 1]."""
        return np.clip(validate.point(x, self.dim), -1.0, 1.0)

    def f(self, x):
        return self.slope * validate.point(x, self.dim)[..., 0]

    def grad(self, x):
        return np.full(validate.point(x, self.dim).shape, self.slope)

    def __repr__(self):
        kind = ", stochastic=True" if self.stochastic else ""
        return f"ReddiCounterexample({self.large:g}, {self.small:g}, period={self.period}{kind})"


class _Line(Problem):
    """The line that one step sees; a second call with rows of the same shape sees the same slopes."""

    dim, L, mu = 1, 0.0, 0.0

    def __init__(self, whole, k):
        self.whole, self.k = whole, k

    def f(self, x):
        x = validate.point(x, self.dim)[..., 0]
        return self.whole.slopes(self.k, x.shape) * x

    def grad(self, x):
        return self.whole.slopes(self.k, validate.point(x, self.dim).shape[:-1])[..., np.newaxis]

    def __repr__(self):
        return f"{self.whole!r}.at({self.k})"
