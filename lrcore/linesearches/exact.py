"""Exact search: the step at which the slope along the line is zero."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .search import Trials, start


@dataclass(frozen=True)
class Exact:
    """The first t found with phi'(t) = 0: secant steps on phi', kept inside a bracket.

    On a quadratic phi' is a straight line, so that the first secant step is the closed form: along -g,
    t = g^T g / g^T H g, whatever t0 was. Otherwise t0 is doubled until phi' is no longer negative, and
    the bracket is narrowed by secants, and halved whenever they are slow, until |phi'(t)| <= rtol |phi'(0)|
    or the bracket is a rounding error wide. A trial where phi' is NaN or infinite counts as too long. On a
    function that is not convex the t found is a local minimiser of phi.

    Raises ValueError or TypeError unless 0 <= rtol < 1 and max_tries >= 1. A line on which phi falls for
    ever, or a search that uses up its tries, has ``ok`` False.

    Source: A. Cauchy (1847) for the rule; R. Brent (1973) for secants in a bracket. Chapter 04.

    >>> phi, dphi = lambda t: (t - 0.3) ** 2, lambda t: 2 * (t - 0.3)
    >>> found = Exact()(phi, dphi, 1.0, phi(0), dphi(0))
    >>> round(float(found.t), 12), int(found.evaluations)
    (0.3, 3)
    """

    rtol: float = 1e-12
    max_tries: int = 200

    def __post_init__(self):
        validate.number(self.rtol, "rtol", low=0, high=1, high_allowed=False, see=validate.SEARCH)
        validate.count(self.max_tries, "max_tries", see=validate.SEARCH)

    def __call__(self, phi, dphi, t0, phi0, dphi0, active=None):
        t, phi0, dphi0, searching = start(t0, phi0, dphi0, active)
        trials, ok = Trials(t.shape), searching & (dphi0 == 0)
        t, searching = np.where(ok, 0.0, t), searching & ~ok
        low, slope_low = np.zeros_like(t), dphi0.astype(float)
        high, slope_high = np.full_like(t, np.inf), np.full_like(t, np.nan)
        width = high
        for _ in range(self.max_tries):
            if not searching.any():
                break
            slope = trials.ask(dphi, t, searching)
            falls, finite = slope < 0, np.isfinite(slope)
            narrow = (high - low) <= 4 * np.finfo(float).eps * t
            good = searching & (finite & (np.abs(slope) <= self.rtol * np.abs(dphi0)) | narrow)
            ok, searching = ok | good, searching & ~good
            before, slope_before = low, slope_low
            low = np.where(searching & falls & finite, t, low)
            slope_low = np.where(searching & falls & finite, slope, slope_low)
            high = np.where(searching & ~(falls & finite), t, high)
            slope_high = np.where(searching & ~(falls & finite), slope, slope_high)
            t = np.where(
                searching, _next(t, before, slope_before, low, slope_low, high, slope_high, width), t
            )
            width = high - low
        found = trials.ask(phi, t, ok, record=False)
        return trials.search(t, found, ok & (found <= phi0))


def _next(t, before, slope_before, low, slope_low, high, slope_high, width):
    """The secant through the ends of the bracket, or its middle; without an upper end, a longer step."""
    with np.errstate(all="ignore"):
        bracketed = low + (high - low) * slope_low / (slope_low - slope_high)
        beyond = low + (low - before) * slope_low / (slope_before - slope_low)
    # A halved bracket counts as fast enough, whichever way the half was rounded.
    inside = (bracketed > low) & (bracketed < high) & ~(high - low > 0.501 * width)
    inner = np.where(inside, bracketed, 0.5 * (low + high))
    outer = np.where((beyond > low) & (beyond < 100 * low), beyond, 2 * t)
    return np.where(np.isinf(high), outer, inner)
