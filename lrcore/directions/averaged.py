"""Polyak-Ruppert averaging: step as before, and answer with the mean of the iterates."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction
from .steepest import Steepest


@dataclass(frozen=True, repr=False)
class Averaged(Direction):
    """The steps of `direction`, judged at the mean of the iterates x_start, ..., x_k.

    The iterates are those of `direction`; f, grad f and the recorded x are those of the mean, which until
    step `start` is the iterate itself. Averaging removes noise that the rate lets through: with rates c/k^p,
    1/2 < p < 1, the mean has the variance that the best constant in c/k would give, whatever c.

    Raises ValueError or TypeError unless `direction` is a direction and start a whole number >= 0.
    Source: D. Ruppert (1988); Polyak and Juditsky, SIAM J. Control Optim. 30 (1992). Explained in chapter 05.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0]), [1.0], 0.5, Averaged(), steps=2, record_x=True).x[:, 0].round(4)
    array([1.    , 0.75  , 0.5833])
    """

    see = validate.NOISE
    uses_point = True
    direction: object = Steepest()
    start: int = 0

    def __post_init__(self):
        if isinstance(self.direction, type) or not callable(getattr(self.direction, "init", None)):
            raise validate.wrong_type(
                f"Averaged takes a direction, such as Steepest(), got {validate.shown(self.direction)}",
                self.see,
            )
        validate.count(self.start, "start", low=0, see=self.see)

    def init(self, x):
        """The state of the direction, how many iterates are in the mean, and the mean."""
        return self.direction.init(x), 0, np.zeros_like(x)

    def __call__(self, k, point, state):
        inner, n, mean = state
        d, inner = self.direction(
            k, point if getattr(self.direction, "uses_point", False) else point.g, inner
        )
        if k >= self.start:
            n, mean = n + 1, mean + (point.x - mean) / (n + 1)
        return d, (inner, n, mean)

    def answer(self, x, state):
        """The mean with x in it."""
        _, n, mean = state
        return mean + (x - mean) / (n + 1)

    @property
    def scale(self):
        """That of `direction`, and none where it has none."""
        scale = self.direction.scale
        return lambda k, state: scale(k, state[0])
