"""Do the rates of a schedule satisfy the Robbins-Monro conditions? A verdict by closed form, or none."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .tails import tail_of


@dataclass(frozen=True, eq=False)
class Verdict:
    """What `robbins_monro` returns.

    =================== ========================================================================
    ``sum``             the sum of eta_k over all k: "diverges", "converges" or "not decided"
    ``squares``         the same for the sum of eta_k^2
    ``satisfied``       True if the sum diverges and that of the squares converges, False if one
                        of the two is known to fail, None if it is not decided
    ``reason``          the closed form behind the verdict, or why there is none
    ``steps``           (n,) numbers of steps of the partial sums
    ``partial_sums``    (n,) sums of eta_k over the first so many steps
    ``partial_squares`` (n,) sums of eta_k^2
    =================== ========================================================================

    Partial sums are evidence, never a proof: 1/(k + 1) and 1/(k + 1)^1.01 look alike for a million steps.
    """

    sum: str
    squares: str
    satisfied: bool | None
    reason: str
    steps: np.ndarray
    partial_sums: np.ndarray
    partial_squares: np.ndarray

    def __repr__(self):
        answer = {True: "satisfied", False: "not satisfied", None: "not decided"}[self.satisfied]
        return f"Verdict({answer}: sum {self.sum}, squares {self.squares}; {self.reason})"


def robbins_monro(schedule, steps=100_000):
    """Whether sum eta_k = infinity and sum eta_k^2 < infinity: what the conditions ask of the rates.

    The verdict rests on the tail: every schedule of `lrcore.schedules`, joined, repeated, held, shifted,
    clipped or multiplied, is in the long run 0 or between two multiples of gamma^k k^(-p), so that both
    sums are known. A plain function, or a product of two schedules that oscillate, is "not decided".
    Partial sums over up to `steps` steps are given as evidence either way. A finite run satisfies neither
    or both at will: the conditions are about the schedule held for ever. They are sufficient for
    convergence under noise, not necessary.

    Raises TypeError unless the schedule is a schedule or a plain function of the step, ValueError unless
    steps >= 10.

    Source: Robbins and Monro, Ann. Math. Stat. 22 (1951), theorem 2. Explained in chapter 05.

    >>> from lrcore.schedules import InverseSqrt, InverseTime
    >>> robbins_monro(InverseTime(0.1, alpha=1.0))
    Verdict(satisfied: sum diverges, squares converges; in the long run like k^-1)
    >>> robbins_monro(InverseSqrt(0.1))
    Verdict(not satisfied: sum diverges, squares diverges; in the long run like k^-0.5)
    """
    from ..schedules import shift
    from ..schedules.compose.operands import part

    part(schedule, "schedule", validate.NOISE)
    steps = validate.count(steps, "steps", low=10, see=validate.NOISE)
    tail = tail_of(schedule)
    total, squares = tail.sums()
    if total == "diverges" and squares == "converges":
        satisfied = True
    elif total == "converges" or squares == "diverges":
        satisfied = False
    else:
        satisfied = None
    eta = shift(schedule, 0)(np.arange(steps))  # shift makes a checked schedule of a plain function
    marks = np.unique(np.geomspace(10, steps, 2 * int(np.log10(steps))).round().astype(int))
    return Verdict(
        total, squares, satisfied, tail.reason, marks, np.cumsum(eta)[marks - 1], np.cumsum(eta**2)[marks - 1]
    )
