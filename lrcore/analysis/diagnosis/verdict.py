"""What a loss curve says about its learning rate."""

from dataclasses import asdict, dataclass

import numpy as np

from ... import validate
from .evidence import Evidence, measure
from .rules import judge, lower

SEE = validate.PRACTICE
LEAST = 20  # losses, below which no verdict is given
VERDICTS = ("diverging", "oscillating", "noise-limited plateau", "too slow", "fine", "not decided")


@dataclass(frozen=True)
class Diagnosis:
    """``verdict``, one of six; ``because``: the evidence in a sentence; ``next``: what to try; ``evidence``:
    the numbers, or None where the curve was too short or not finite.
    """

    verdict: str
    because: str
    next: str
    evidence: Evidence | None = None

    def __str__(self):
        return f"{self.verdict}: {self.because}\nNext: {self.next}"

    def to_dict(self):
        """Plain values for JSON; a number that is not defined is None."""
        numbers = None
        if self.evidence is not None:
            numbers = {k: v if np.isfinite(v) else None for k, v in asdict(self.evidence).items()}
        return {"verdict": self.verdict, "because": self.because, "next": self.next, "evidence": numbers}


def diagnose(losses, rate=None):
    """What the losses of one run say about its learning rate, with the evidence and the next thing to try.

    ========================= ==============================================================================
    verdict                   if, in this order
    ========================= ==============================================================================
    ``diverging``             the losses end as nan or inf; or above their start; or rise ever faster
    ``oscillating``           the second half goes up and down in turn, or repeats itself, and does not calm
    ``not decided``           nothing stands out of the noise; or it rises slowly, as a validation loss does
                              in overfitting; or nearly all of the fall is recent
    ``too slow``              it still falls, and a fifth or more of the whole fall is in the second half
    ``fine``                  it still falls, most of the fall is behind; or it is level without noise; or
                              it goes up and down and calms
    ``noise-limited plateau`` it is level, and noise of 0.1 % or more of the fall remains
    ========================= ==============================================================================

    Falling is judged against the scatter of ten block means, so a slow descent in noise is told from a
    plateau; alternation is judged by the sign of the correlation between neighbours, which noise leaves at 0
    or above. See `Evidence` for the numbers. Losses alone cannot tell a noisy plateau that a lower rate would
    lift from the least loss measured on random batches, nor a minimum from a bounce between two points of
    equal loss: the next step proposed is the experiment that can.

    Parameters: `losses` (n,), one for each step or epoch, in order; `rate` the learning rate of the run, if
    it was constant, used to say which rate to try. Raises ValueError or TypeError for losses that are not a
    sequence of numbers, that have a gap (nan or inf before finite ones), and for a rate that is not positive.

    Explained in chapter 11.

    >>> k = np.arange(300)
    >>> noise = np.random.default_rng(0).standard_normal(300)
    >>> print(diagnose(np.exp(-k / 10) + 0.05 * noise**2, rate=0.1).verdict)
    noise-limited plateau
    >>> print(diagnose(1.1**k, rate=0.1))
    diverging: it ends at 1.33e+12, above its start, 1.
    Next: a lower rate: 0.0333.
    """
    losses = validate.real_array(losses, "losses", SEE)
    if losses.ndim != 1 or losses.size == 0:
        raise validate.wrong_value(f"losses must have shape (n,) with n >= 1, got {losses.shape}", SEE)
    if rate is not None:
        rate = validate.number(rate, "rate", low=0, low_allowed=False, see=SEE)
    finite = np.isfinite(losses)
    good = len(losses) if finite.all() else int(finite.argmin())
    if finite[good:].any():
        raise validate.wrong_value(
            f"losses[{good}] is {losses[good]:g} but later ones are finite: leave out gaps before asking", SEE
        )
    if good < len(losses):
        return Diagnosis(
            "diverging", f"from number {good} on (counted from 0) losses are nan or inf.", lower(rate)
        )
    if good < LEAST:
        return Diagnosis(
            "not decided", f"{good} losses are too few, at least {LEAST} are needed.", "record more of them."
        )
    found = measure(losses)
    return Diagnosis(*judge(found, rate), found)
