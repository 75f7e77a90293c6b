"""The numbers of a loss curve on which a verdict can stand."""

from dataclasses import dataclass

import numpy as np

BLOCKS = 10  # the second half of a curve is looked at in so many parts
CERTAIN = 4.0  # standard errors


@dataclass(frozen=True)
class Evidence:
    """What was measured. The second half of the curve is cut into 10 blocks; levels are means of blocks.

    =============== =========================================================================================
    ``steps``       number of losses
    ``start``       the first loss; or, where noise hides the fall from it, the mean of the first tenth
    ``end``         the mean of the last block
    ``fall``        start - end
    ``certainty``   the fall in units of its standard error
    ``apart``       whether all losses of the last quarter are below, or all above, those of the first
    ``share``       the part of the fall that happened in the second half
    ``trend``       t-value of the slope through the 10 block means: below -4 it falls, above 4 it rises
    ``speeding``    the change over the last five levels, divided by that over the first five
    ``noise``       standard deviation of the losses around the best cubic
    ``alternation`` correlation of neighbouring deviations: near -1 for up, down, up, down; 0 for white noise
    ``period``      the lag, at least 3, at which the deviations repeat themselves best
    ``repetition``  their correlation at that lag
    ``shrinking``   the spread of the last quarter, divided by that of the quarter before it
    =============== =========================================================================================
    """

    steps: int
    start: float
    end: float
    fall: float
    certainty: float
    apart: bool
    share: float
    trend: float
    speeding: float
    noise: float
    alternation: float
    period: int
    repetition: float
    shrinking: float


@np.errstate(all="ignore")  # in the largest units a fall may be inf; it is no less a fall
def measure(losses):
    """The `Evidence` of a curve of at least 20 finite losses."""
    losses = losses / (unit := np.abs(losses).max() or 1.0)  # so that squares cannot overflow
    half = losses[len(losses) // 2 :]
    blocks = np.array_split(half, BLOCKS)
    levels = np.array([block.mean() for block in blocks])
    deviations = _detrended(half, degree=3)
    noise = np.sqrt(deviations @ deviations / (len(half) - 4))
    trend, scatter = _trend(levels)
    start, certainty = _start(losses, half, levels[-1], noise, scatter)
    fall = start - levels[-1]
    period, repetition = _repetition(deviations)
    return Evidence(
        steps=len(losses),
        start=float(start * unit),
        end=float(levels[-1] * unit),
        fall=float(fall * unit),
        certainty=float(certainty),
        apart=_apart(losses),
        share=float(_ratio(levels[0] - levels[-1], fall)),
        trend=float(trend),
        speeding=float(_ratio(levels[-1] - levels[5], levels[4] - levels[0])),
        noise=float(noise * unit),
        alternation=float(_correlation(deviations, 1)),
        period=period,
        repetition=repetition,
        shrinking=float(
            _ratio(np.std(_detrended(half[len(half) // 2 :])), np.std(_detrended(half[: len(half) // 2])))
        ),
    )


def _detrended(values, degree=1):
    """Deviations from the best polynomial; zeros where there are too few points for one."""
    if len(values) <= degree + 1:
        return np.zeros(len(values))
    t = np.linspace(-1, 1, len(values))
    legendre = np.polynomial.legendre
    return values - legendre.legval(t, legendre.legfit(t, values, degree))


def _trend(levels):
    """The t-value of the slope through the levels, and their scatter around the line."""
    t = np.arange(len(levels)) - (len(levels) - 1) / 2
    slope = t @ levels / (t @ t)
    scatter = np.sqrt(np.sum((levels - levels.mean() - slope * t) ** 2) / (len(levels) - 2))
    error = scatter / np.sqrt(t @ t)
    if error <= 1e-13 * np.abs(levels).max():  # rounding only
        error = 1e-13 * np.abs(levels).max()
    return _ratio(slope, error), scatter


def _start(losses, half, end, noise, scatter):
    """Where the curve began, and by how many standard errors that is above its end.

    The noise of losses that have grown or shrunk a lot is seen better in their logarithms.
    """
    tenth = losses[: max(1, len(losses) // 10)]
    found = [
        (losses[0], _ratio(losses[0] - end, np.hypot(noise, scatter))),
        (tenth.mean(), _ratio(tenth.mean() - end, np.hypot(noise / np.sqrt(len(tenth)), scatter))),
    ]
    if losses.min() > 0:
        logs = np.log(half)
        found.append((losses[0], _ratio(np.log(losses[0]) - logs.mean(), logs.std())))
    sure = [one for one in found if abs(one[1]) > CERTAIN]
    return sure[0] if sure else max(found, key=lambda one: np.nan_to_num(abs(one[1]), nan=-1.0))


def _apart(losses):
    quarter = len(losses) // 4
    first, last = losses[:quarter], losses[-quarter:]
    return bool(last.max() < first.min() or first.max() < last.min())


def _correlation(deviations, lag):
    return _ratio(deviations[:-lag] @ deviations[lag:], deviations @ deviations)


def _repetition(deviations):
    """(lag, correlation) of the best repetition after the correlation has first been negative.

    Random walks around a level lose their memory once; only what is periodic gets it back. Lags of more than
    a fifth of the stretch are left out: what is left of a trend would look periodic there.
    """
    n = len(deviations)
    spectrum = np.abs(np.fft.rfft(deviations, 2 * n)) ** 2
    products = np.fft.irfft(spectrum)[: n // 5 + 1]
    lags = np.arange(len(products))
    correlation = products / (products[0] or 1.0)
    negative = np.flatnonzero(correlation < 0)
    late = lags[max(3, negative[0]) :] if len(negative) else lags[:0]
    if len(late) == 0:
        return 0, 0.0
    best = late[correlation[late].argmax()]
    return int(best), float(correlation[best])


def _ratio(a, b):
    return a / b if b else np.nan
