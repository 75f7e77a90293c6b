"""Goldstein's search: a step is refused for being too short, too."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .conditions import armijo, goldstein
from .search import Trials, start


@dataclass(frozen=True)
class Goldstein:
    """A t with phi(0) + (1 - c) t phi'(0) <= phi(t) <= phi(0) + c t phi'(0), by bisection.

    A trial above the upper line is too long: the next lies halfway to the longest that was too short (0 at
    first). One below the lower line is too short: the next lies halfway to the shortest that was too long,
    or is twice as long while there is none. A trial that is NaN or infinite is too long.

    The interval may leave out the minimiser of phi. Raises ValueError or TypeError unless 0 < c < 1/2 and
    max_tries >= 1; a search that uses up its tries has ``ok`` False.

    Source: A. A. Goldstein (1965); Nocedal and Wright, *Numerical Optimization*, section 3.1. Explained in
    chapter 04.

    >>> phi, dphi = lambda t: (t - 0.3) ** 2, lambda t: 2 * (t - 0.3)
    >>> found = Goldstein(c=0.4)(phi, dphi, 1.0, phi(0), dphi(0))
    >>> [float(t) for t, _ in found.trials]
    [1.0, 0.5, 0.25]
    """

    c: float = 0.25
    max_tries: int = 100

    def __post_init__(self):
        validate.number(self.c, "c", low=0, high=0.5, low_allowed=False, high_allowed=False,
                        see=validate.SEARCH)  # fmt: skip
        validate.count(self.max_tries, "max_tries", see=validate.SEARCH)

    def __call__(self, phi, dphi, t0, phi0, dphi0, active=None):
        t, phi0, dphi0, searching = start(t0, phi0, dphi0, active)
        trials, ok, found = Trials(t.shape), np.zeros(t.shape, dtype=bool), np.full(t.shape, np.nan)
        low, high = np.zeros_like(t), np.full_like(t, np.inf)
        for _ in range(self.max_tries):
            value = trials.ask(phi, t, searching)
            short_enough = np.isfinite(value) & armijo(value, t, phi0, dphi0, self.c)
            good = searching & short_enough & goldstein(value, t, phi0, dphi0, self.c)
            found, ok, searching = np.where(good, value, found), ok | good, searching & ~good
            if not searching.any():
                break
            high = np.where(searching & ~short_enough, t, high)
            low = np.where(searching & short_enough, t, low)
            t = np.where(searching, np.where(np.isinf(high), 2 * t, 0.5 * (low + high)), t)
        return trials.search(t, found, ok)
