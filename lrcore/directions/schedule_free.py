"""Schedule-free descent: averaging inside the method takes the place of a schedule."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class ScheduleFree(Direction):
    r"""Three sequences, of which the gradient is taken at y_k and the answer is x_k. From x_0 = z_0,

    .. math::

        y_k &= (1-\beta)\, z_k + \beta\, x_k, \\
        z_{k+1} &= z_k - \eta\, \nabla f(y_k), \\
        x_{k+1} &= (1-c_k)\, x_k + c_k\, z_{k+1}, \qquad c_k = \tfrac{1}{k+1}

    beta = 0 is Polyak-Ruppert averaging, beta = 1 averaging of the gradient's place too. The iterate of the
    run is y; f and x are recorded at the answer. The rate eta belongs to the method: run it with the rate 1.

    Raises ValueError or TypeError unless eta > 0 and 0 < beta < 1.
    Source: Defazio and others (2024), arXiv:2405.15682. Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> r = run(Quadratic([1.0]), [1.0], 1.0, ScheduleFree(eta=0.5), steps=2, record_x=True)
    >>> r.x[:, 0]
    array([1.   , 0.5  , 0.375])
    """

    see = validate.LEARNED
    uses_point = True
    eta: float
    beta: float = 0.9

    def __post_init__(self):
        validate.number(self.eta, "eta", low=0, low_allowed=False, see=self.see)
        validate.number(self.beta, "beta", low=0, high=1, low_allowed=False, high_allowed=False, see=self.see)

    def init(self, x):
        """z_0."""
        return x

    def __call__(self, k, point, z):
        y, g, c = point.x, point.g, 1.0 / (k + 1)
        # y_{k+1} - y_k with x_k = (y_k - (1 - beta) z_k)/beta put in
        d = c * (z - y) + self.eta * (self.beta * (1 - c) - 1) * g
        return d, z - self.eta * g

    def answer(self, y, z):
        """x = (y - (1 - beta) z) / beta."""
        return y + (1 / self.beta - 1) * (y - z)

    def scale(self, k, z):
        return np.full_like(z, self.eta)
