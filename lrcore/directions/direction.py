"""What every direction offers."""

from dataclasses import fields

import numpy as np

from .. import validate


class Direction:
    """A rule for d_k in x_{k+1} = x_k + eta_k d_k, the base of all directions here: frozen dataclasses.

    * ``init(x) -> state`` for a start x of shape (*B, d). Leading axes are batch axes: a direction treats
      each row by itself.
    * ``direction(k, g, state) -> (d, state)`` for the gradient g of step k = 0, 1, ...; neither g nor the
      state it is given is changed. With ``uses_point = True`` it is ``direction(k, point, state)``, where
      ``point.x``, ``point.g`` and ``point.problem`` are the iterate, the gradient there and the problem.
    * ``scale(k, state)``, where it exists: the factor, one for each coordinate, by which the step just made
      multiplied the (averaged) gradient; `state` is the one that step k returned. eta_k times the scale is
      the effective rate of each coordinate. It broadcasts against x.
    """

    see = validate.RATE
    uses_point = False

    def init(self, x):
        return np.zeros_like(x)

    def __repr__(self):
        given = [f.name for i, f in enumerate(fields(self)) if i == 0 or getattr(self, f.name) != f.default]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in given)})"

    def _check_memory(self, *names):
        """A ValueError or TypeError unless these fields are in [0, 1)."""
        for name in names:
            validate.number(getattr(self, name), name, low=0, high=1, high_allowed=False, see=self.see)

    def _check_size(self, *names):
        """A ValueError or TypeError unless these fields are finite and at least 0."""
        for name in names:
            validate.number(getattr(self, name), name, low=0, see=self.see)

    def _check_choice(self, name, allowed):
        validate.choice(getattr(self, name), name, allowed, self.see)

    def _check_flag(self, name):
        if not isinstance(value := getattr(self, name), (bool, np.bool_)):
            raise validate.wrong_type(f"{name} must be True or False, got {validate.shown(value)}", self.see)
