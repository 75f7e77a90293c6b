"""The plateau rule of the frameworks, driven by f."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..schedules import Plateau, fields
from .rule import Rule, column


def _plateau(value, name, see):
    if not isinstance(value, Plateau):
        raise validate.wrong_type(
            f"{name} is a schedules.Plateau, such as Plateau(0.1), got {validate.shown(value)}", see
        )
    return value


@dataclass(frozen=True, repr=False)
class OnPlateau(Rule):
    r"""The rate that `plateau` has in force, which sees the mean of f over each N = `every` steps.

    .. math:: m_j = \frac1N \sum_{k = jN}^{(j+1)N - 1} f_k(x_k)

    The metric m_j of the steps jN, ..., (j+1)N - 1 acts from step (j+1)N on. f is that of the step's own
    problem: on a stochastic one, take a whole epoch for `every`. NaN is never an improvement.

    Raises ValueError or TypeError unless every >= 1 and `plateau` is a `schedules.Plateau`, which holds the
    formula and its source. Explained in chapter 07.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> rule = OnPlateau(Plateau(2.0, patience=1, factor=0.5))  # at 2/L nothing improves
    >>> run(Quadratic([1.0]), [1.0], rule, steps=5).eta
    array([2., 2., 2., 1., 1.])
    """

    see = validate.CYCLES
    plateau: Plateau = fields.checked(_plateau)
    every: int = fields.whole(default=1)

    def init(self, x):
        """The sum of f since the last look, and a state of `plateau` for every row."""
        rows = x.shape[:-1]
        return np.zeros(rows), [self.plateau.init()] * int(np.prod(rows))

    def __call__(self, k, point, d, state):
        total, states = state
        if k > 0 and k % self.every == 0:
            states = [
                self.plateau(f, s)[1] for f, s in zip(np.ravel(total) / self.every, states, strict=True)
            ]
            total = np.zeros_like(total)
        eta = np.reshape([s.eta for s in states], d.shape[:-1])
        return column(eta, d), (total + point.f, states)
