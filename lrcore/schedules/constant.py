"""The schedule that does nothing."""

from dataclasses import dataclass

import numpy as np

from .. import validate


@dataclass(frozen=True)
class Constant:
    """eta_k = eta0 for every step k = 0, 1, 2, ...; k is an int or an integer array, and so is the result.

    Raises ValueError or TypeError unless eta0 is finite and greater than 0. Explained in chapter 01.

    >>> Constant(0.1)(7), Constant(0.1)(np.arange(3))
    (0.1, array([0.1, 0.1, 0.1]))
    """

    eta0: float

    def __post_init__(self):
        validate.number(self.eta0, "eta0", low=0, low_allowed=False)

    def __call__(self, k):
        k = validate.step_numbers(k)
        return float(self.eta0) if np.ndim(k) == 0 else np.full(np.shape(k), float(self.eta0))
