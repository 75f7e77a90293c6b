"""Five ways to read one learning rate off the curve of a range test, as programs do it."""

import numpy as np

from .. import validate

SEE = validate.PRACTICE
CUT = 5  # the programs leave out the last points, where the loss is already on its way up


def smoothed(losses, beta=0.98):
    """The moving average of losses, corrected for starting at 0: what fastai records.

    a_k = beta a_{k-1} + (1 - beta) loss_k, divided by 1 - beta^(k+1). Raises ValueError or TypeError unless
    the losses have shape (n,) and 0 <= beta < 1. Explained in chapter 11.

    >>> smoothed([4.0, 2.0, 2.0], beta=0.5).round(3)
    array([4.   , 2.667, 2.286])
    """
    losses = validate.real_array(losses, "losses", SEE)
    if losses.ndim != 1:
        raise validate.wrong_value(f"losses must have shape (n,), got shape {losses.shape}", SEE)
    beta = validate.number(beta, "beta", low=0, high=1, high_allowed=False, see=SEE)
    made, average = np.empty_like(losses), 0.0
    for k, loss in enumerate(losses):
        average = beta * average + (1 - beta) * loss
        made[k] = average / (1 - beta ** (k + 1))
    return made


def minimum(rates, losses):
    """A tenth of the rate at the lowest loss (fastai "minimum")."""
    return rates[losses.argmin()] / 10


def steep(rates, losses):
    """Where the loss falls fastest per ln(rate), forward differences (fastai "steep")."""
    return rates[(np.diff(losses) / np.diff(np.log(rates))).argmin()]


def valley(rates, losses):
    """Half-way through the longest falling subsequence: its start + len//3 + len//6 (fastai's default)."""
    length = np.ones(len(losses), dtype=int)
    for i in range(1, len(losses)):
        length[i] += length[:i].max(where=losses[i] < losses[:i], initial=0)
    end = length.argmax()
    if length[end] == 1:
        return rates[0]
    return rates[end - length[end] + length[end] // 3 + length[end] // 6]


def slide(rates, losses, apart=15, threshold=0.005):
    """From the right, two points `apart` slide down until their slopes agree (fastai "slide")."""
    slopes = np.gradient(losses)
    right, left = -1, -1 - apart
    found = rates[left]
    while left >= -len(losses) and abs(slopes[right] - slopes[left]) > threshold:
        found, right, left = rates[left], right - 1, left - 1
    return found


def lr_finder(rates, losses):
    """Where the loss falls fastest per step, central differences (pytorch-lr-finder)."""
    return rates[np.gradient(losses).argmin()]


def suggestions(rates, losses):
    """The rate that each of five rules reads off one curve: a dict from the rule's name to a float.

    ``minimum``, ``steep``, ``valley`` and ``slide`` read the losses as fastai does: `smoothed`, without the
    first tenth and the last 5 points. ``lr-finder`` reads them as pytorch-lr-finder does: with the average
    a_k = 0.95 a_{k-1} + 0.05 loss_k from a_0 = loss_0, without the first 10 and the last 5. A rule whose
    curve is too short says nan.

    Parameters: `rates` (n,) > 0 and rising, `losses` (n,), raw; they are read up to the first that is not
    finite. Raises ValueError or TypeError otherwise.

    Source: fastai 2.8 ``callback/schedule.py``, pytorch-lr-finder 0.2. Explained in chapter 11.

    >>> rates = np.geomspace(1e-5, 10, 100)
    >>> found = suggestions(rates, 1 / (1 + 100 * rates) + rates**2)
    >>> {rule: float(f"{rate:.2g}") for rule, rate in found.items()}
    {'minimum': 0.061, 'steep': 0.043, 'valley': 0.004, 'slide': 0.038, 'lr-finder': 0.038}
    """
    rates = validate.positive_rates(rates, SEE)
    losses = validate.real_array(losses, "losses", SEE)
    if rates.ndim != 1 or rates.shape != losses.shape or (np.diff(rates) <= 0).any():
        raise validate.wrong_value(
            f"rates must rise and be as many as losses, got shapes {rates.shape} and {losses.shape}", SEE
        )
    good = len(losses) if np.isfinite(losses).all() else int((~np.isfinite(losses)).argmax())
    rates, losses = rates[:good], losses[:good]
    kept = slice(good // 10, good - CUT if good > CUT else 0)
    fastai = rates[kept], smoothed(losses)[kept]
    kept = slice(10, good - CUT if good > CUT else 0)
    finder = rates[kept], _without_correction(losses)[kept]
    read = {"minimum": (minimum, fastai, 1), "steep": (steep, fastai, 2), "valley": (valley, fastai, 1)}
    read |= {"slide": (slide, fastai, 16), "lr-finder": (lr_finder, finder, 2)}
    return {
        name: float(rule(*curve)) if len(curve[0]) >= least else np.nan
        for name, (rule, curve, least) in read.items()
    }


def disagreement(found):
    """The largest of the rates that `suggestions` found, divided by the smallest; nan if there are none.

    >>> disagreement({"minimum": 1e-2, "steep": 4e-2, "slide": np.nan})
    4.0
    """
    rates = [rate for rate in found.values() if np.isfinite(rate)]
    return max(rates) / min(rates) if rates else np.nan


def _without_correction(losses, weight=0.05):
    made = losses.copy()
    for k in range(1, len(losses)):
        made[k] = weight * losses[k] + (1 - weight) * made[k - 1]
    return made
