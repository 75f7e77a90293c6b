"""Backtracking: try a long step, and shorten it until it pays."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .conditions import armijo
from .search import Trials, start


@dataclass(frozen=True)
class Backtracking:
    """The first t among t0, shrink t0, shrink^2 t0, ... with phi(t) <= phi(0) + c1 t phi'(0).

    Books also write alpha for c1 and beta for shrink. If phi' is L-smooth along the line with slope
    phi'(0) = -|g|^2, the step found is at least min(t0, shrink 2 (1 - c1)/L). A trial that is NaN or
    infinite fails the test and is shortened like any other.

    Raises ValueError or TypeError unless 0 < c1 < 1, 0 < shrink < 1 and max_tries >= 1. A search that uses
    up its tries, or that starts uphill, is a failed one: ``ok`` is False.

    Source: L. Armijo (1966); Boyd and Vandenberghe (2004), algorithm 9.2. Explained in chapter 04.

    >>> phi, dphi = lambda t: (t - 0.3) ** 2, lambda t: 2 * (t - 0.3)
    >>> found = Backtracking(c1=0.1, shrink=0.5)(phi, dphi, 1.0, phi(0), dphi(0))
    >>> float(found.t), [float(t) for t, _ in found.trials]
    (0.5, [1.0, 0.5])
    """

    c1: float = 0.1
    shrink: float = 0.7
    max_tries: int = 100

    def __post_init__(self):
        for name in ("c1", "shrink"):
            validate.number(getattr(self, name), name, low=0, high=1, low_allowed=False, high_allowed=False,
                            see=validate.SEARCH)  # fmt: skip
        validate.count(self.max_tries, "max_tries", see=validate.SEARCH)

    def __call__(self, phi, dphi, t0, phi0, dphi0, active=None):
        t, phi0, dphi0, searching = start(t0, phi0, dphi0, active)
        trials, ok, found = Trials(t.shape), np.zeros(t.shape, dtype=bool), np.full(t.shape, np.nan)
        for _ in range(self.max_tries):
            value = trials.ask(phi, t, searching)
            good = searching & np.isfinite(value) & armijo(value, t, phi0, dphi0, self.c1)
            found, ok, searching = np.where(good, value, found), ok | good, searching & ~good
            if not searching.any():
                break
            t = np.where(searching, self.shrink * t, t)
        return trials.search(t, found, ok)
