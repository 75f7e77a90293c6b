"""Barzilai and Borwein's steps: a secant through the last two gradients."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..schedules import fields
from .rule import Rule, column, divided, dot


@dataclass(frozen=True, repr=False)
class BarzilaiBorwein(Rule):
    """With s = x_k - x_{k-1} and y = g_k - g_{k-1},

    * ``form="long"``:  eta_k = s^T s / s^T y   (the eta that brings s/eta nearest to y),
    * ``form="short"``: eta_k = s^T y / y^T y   (the eta that brings eta y nearest to s),
      never longer than the other.

    On a quadratic both are inverses of Rayleigh quotients of H, so 1/L <= eta <= 1/mu: rates above 2/L
    occur, f is not monotone, and it converges nevertheless. Where s^T y <= 0 (negative curvature between
    the two points, or no move at all) the last rate is kept. eta0 is the rate of step 0, eta_max a ceiling.

    Raises ValueError or TypeError unless eta0 > 0, eta_max > 0 and the form is one of the two.
    Source: Barzilai and Borwein, IMA J. Numer. Anal. 8 (1988). Explained in chapter 04.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([2.0, 10.0]), [1.0, 0.0], BarzilaiBorwein(eta0=0.1), steps=3).eta
    array([0.1, 0.5, 0.5])
    """

    see = validate.SEARCH
    eta0: float = fields.positive()
    form: str = fields.name("long", "short", default="long")
    eta_max: float = fields.positive(optional=True, default=None)

    def __call__(self, k, point, d, state):
        if state is None:
            eta = np.full(d.shape[:-1], self.eta0)
        else:
            x, g, before = state
            s, y = point.x - x, point.g - g
            sy = dot(s, y)
            wanted = divided(dot(s, s), sy, before) if self.form == "long" else divided(sy, dot(y, y), before)
            eta = np.minimum(
                np.where(sy > 0, wanted, before), np.inf if self.eta_max is None else self.eta_max
            )
        return column(eta, d), (point.x, point.g, eta)
