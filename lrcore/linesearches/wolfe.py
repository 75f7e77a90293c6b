"""The strong Wolfe conditions, by SciPy's search behind our protocol."""

import warnings
from dataclasses import dataclass

import numpy as np

from .. import validate
from .search import Trials, start


@dataclass(frozen=True)
class Wolfe:
    """A t with phi(t) <= phi(0) + c1 t phi'(0) and |phi'(t)| <= c2 |phi'(0)|.

    The work is done by ``scipy.optimize.line_search`` (Nocedal and Wright, algorithms 3.5 and 3.6), row by
    row and in units of t0, which is the first trial. Needs SciPy.

    Raises ValueError or TypeError unless 0 < c1 < c2 < 1 and max_tries >= 1. Where SciPy finds no step,
    ``ok`` is False.

    Source: P. Wolfe (1969); J. Nocedal and S. Wright, *Numerical Optimization* (2006). Chapter 04.

    >>> phi, dphi = lambda t: (t - 0.3) ** 2, lambda t: 2 * (t - 0.3)
    >>> found = Wolfe()(phi, dphi, 1.0, phi(0), dphi(0))
    >>> bool(found.ok), round(float(found.t), 6)
    (True, 0.3)
    """

    c1: float = 1e-4
    c2: float = 0.9
    max_tries: int = 50

    def __post_init__(self):
        see = validate.SEARCH
        validate.number(self.c2, "c2", low=0, high=1, low_allowed=False, high_allowed=False, see=see)
        validate.number(self.c1, "c1", low=0, high=self.c2, low_allowed=False, high_allowed=False, see=see)
        validate.count(self.max_tries, "max_tries", see=see)

    def __call__(self, phi, dphi, t0, phi0, dphi0, active=None):
        t, phi0, dphi0, searching = start(t0, phi0, dphi0, active)
        trials, ok, found = Trials(t.shape), np.zeros(t.shape, dtype=bool), np.full(t.shape, np.nan)
        for row in np.argwhere(searching):
            row = tuple(row)
            step, value = self._row(trials, phi, dphi, row, t, phi0[row], dphi0[row])
            if step is not None:
                t[row], found[row], ok[row] = step, value, True
        return trials.search(t, found, ok)

    def _row(self, trials, phi, dphi, row, t0, phi0, dphi0):
        """The step of one row and phi there, or (None, None)."""
        from scipy.optimize import line_search

        if dphi0 == 0:
            return t0[row], phi0
        only = np.zeros(t0.shape, dtype=bool)
        only[row] = True

        def value(s):
            return trials.ask(phi, s[0] * t0, only)[row]

        def slope(s):
            return np.array([trials.ask(dphi, s[0] * t0, only, record=False)[row] * t0[row]])

        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # a search that fails is a status here
            s, *_, reached, _, _ = line_search(
                value, slope, np.zeros(1), np.ones(1), np.array([dphi0 * t0[row]]), phi0,
                c1=self.c1, c2=self.c2, maxiter=self.max_tries,
            )  # fmt: skip
        return (None, None) if s is None or not np.isfinite(reached) else (s * t0[row], reached)
