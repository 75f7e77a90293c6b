"""What every step-size rule offers."""

import numpy as np

from .. import validate
from ..schedules.parameters import Parameters


class Rule(Parameters):
    """A rule for eta_k that looks at the run, the base of all rules here: frozen dataclasses.

    * ``init(x) -> state`` for a start x of shape (*B, d).
    * ``rule(k, point, d, state) -> (eta, state)`` for step k, where ``point.x``, ``point.g``, ``point.f`` and
      ``point.line(d)`` are the iterate, the gradient, the value and the line ahead, and d the direction
      (*B, d). eta has shape (*B, 1), or (*B, d); nan in a row means that it has no step to make.

    Leading axes are batch axes: a rule treats each row by itself.
    """

    see = validate.LEARNED

    def init(self, x):
        return None


def column(eta, like):
    """One rate for each row, as shape (*B, 1); `like` has shape (*B, d)."""
    return np.broadcast_to(eta, like.shape[:-1])[..., np.newaxis]


def dot(a, b):
    """The inner products of rows: (*B, d) and (*B, d) to (*B)."""
    return np.vecdot(a, b)


def divided(a, b, otherwise):
    """a / b where b is not 0, and `otherwise` where it is."""
    return np.where(b == 0, otherwise, a / np.where(b == 0, 1.0, b))
