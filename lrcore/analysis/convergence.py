"""How fast does f fall? A factor per step, a power of the step, or no verdict."""

from dataclasses import dataclass

import numpy as np

from .. import validate

SEE = validate.STABILITY
CLOSE = 0.03  # exp(-k^1.1) passes for linear, exp(-k^1.2) does not
FEWEST = 20  # points; two lines through fewer say little about which of them goes on


@dataclass(frozen=True, repr=False)
class Fit:
    """What `fit` returns.

    ================= ==========================================================================
    ``kind``          "linear" (f - f* like factor^k), "power law" (like k^-exponent) or
                      "not decided"
    ``factor``        by which f - f* shrinks per step, else None; of a distance |x - x*| the root
    ``exponent``      of the power law, else None
    ``spread``        how far the two halves of the window disagree on that number, else None
    ``window``        first and last step that were used, or None
    ``linear_error``  by how much the line through the first half misses the second, as a share of
                      the whole fall of log(f - f*); nan where it could not be had
    ``power_error``   the same for the power law
    ``reason``        in words
    ================= ==========================================================================

    A verdict is about the window. What looks like a power law for a thousand steps may be linear after ten
    thousand: on a bowl it is, as soon as the flattest mode is all that is left.
    """

    kind: str
    reason: str
    factor: float | None = None
    exponent: float | None = None
    spread: float | None = None
    window: tuple[int, int] | None = None
    linear_error: float = np.nan
    power_error: float = np.nan

    def __repr__(self):
        return f"Fit({self.kind}: {self.reason})"


def fit(losses, f_star, skip=0.25):
    """Which law f - f* follows: both are fitted to the first half of a window and judged by the second half.

    A law wins if it foretells the second half to 3 % of the whole fall, and three times better than the
    other. The window leaves out the first share `skip` of the steps, and all after f - f* has come down to
    rounding errors. Where f goes up and down, the largest value still to come is fitted.

    Parameters: `losses` a `Run` of one row or an array (n,) of the values at steps 0, 1, 2, ...; `f_star` the
    least value: without it no law can be told. Returns a `Fit`. Raises ValueError or TypeError for losses of
    another shape, a skip outside [0, 1), and an f_star that is above some loss.

    Source: the two laws are those of Nesterov, *Introductory Lectures on Convex Optimization* (2004).
    Explained in chapter 02.

    >>> k = np.arange(1, 1000)
    >>> fit(0.9**k[:200], f_star=0.0)
    Fit(linear: f - f* shrinks by 0.9 per step, steps 50 to 199)
    >>> fit(3 + 7 / k**2, f_star=3.0)
    Fit(power law: f - f* falls like k^-2, steps 249 to 998)
    """
    k, f = _values(losses)
    f_star = validate.number(f_star, "f_star", see=SEE)
    skip = validate.number(skip, "skip", low=0, high=1, high_allowed=False, see=SEE)
    if not np.isfinite(f).all():
        return Fit("not decided", f"f is not finite from step {k[~np.isfinite(f)][0]} on")
    gap, rounding = f - f_star, 100 * np.finfo(float).eps * np.maximum(np.abs(f), abs(f_star))
    if (gap < -rounding).any():
        raise validate.wrong_value(f"f_star = {f_star:g} is above a loss of {f.min():g}", SEE)
    above = gap > np.maximum(rounding, np.finfo(float).tiny)
    last = np.flatnonzero(above)[-1] + 1 if above.any() else 0
    first = int(skip * last)
    first += k[first] == 0  # a power law has no value at step 0
    k, largest = k[first:last], np.maximum.accumulate(gap[:last][::-1])[::-1][first:]
    if len(k) < FEWEST:
        return Fit("not decided", f"only {len(k)} steps to judge by, {FEWEST} are needed")
    return _verdict(k, np.log(largest))


def _verdict(k, y):
    window, fall = (int(k[0]), int(k[-1])), y[0] - y[-1]
    steps = f"steps {k[0]} to {k[-1]}"
    if fall < 0.1:
        return Fit("not decided", f"f - f* falls by less than 10 %, {steps}", window=window)
    (line, line_spread, line_error), (power, power_spread, power_error) = (
        _line(t, y, fall) for t in (k.astype(float), np.log(k))
    )
    errors = {"window": window, "linear_error": line_error, "power_error": power_error}
    if line_error <= CLOSE and power_error > 3 * line_error:
        factor = float(np.exp(line))
        reason = f"f - f* shrinks by {factor:.6g} per step, {steps}"
        return Fit("linear", reason, factor=factor, spread=factor * line_spread, **errors)
    if power_error <= CLOSE and line_error > 3 * power_error:
        reason = f"f - f* falls like k^-{-power:.3g}, {steps}"
        return Fit("power law", reason, exponent=-power, spread=power_spread, **errors)
    which = (
        "both laws fit" if max(line_error, power_error) <= CLOSE else "neither law foretells the second half"
    )
    return Fit("not decided", f"{which}, {steps}", **errors)


def _line(t, y, fall):
    """The slope of y over t, how far the halves disagree on it, and the error of the first on the second."""
    half = len(t) // 2
    slope, level = np.polyfit(t[:half], y[:half], 1)
    error = np.sqrt(np.mean((level + slope * t[half:] - y[half:]) ** 2)) / fall
    spread = abs(slope - np.polyfit(t[half:], y[half:], 1)[0])
    return float(np.polyfit(t, y, 1)[0]), float(spread), float(error)


def _values(losses):
    """Steps and losses, both (n,), of a run or an array."""
    if hasattr(losses, "f") and hasattr(losses, "k"):
        k, f = losses.k, losses.f
    else:
        f = validate.real_array(losses, "losses", SEE)
        k = np.arange(len(f)) if f.ndim else None
    if f.ndim != 1 or f.size == 0:
        raise validate.wrong_value(
            f"one run at a time: losses must have shape (n,), such as run.f[:, 0], got shape {f.shape}", SEE
        )
    return k, f
