"""Nesterov's accelerated gradient: momentum whose gradient is taken where the momentum leads."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class Nesterov(Direction):
    """d_k = -(g_k + beta v_{k+1}) with v_{k+1} = beta v_k + g_k, v_0 = 0, as torch.optim.SGD(nesterov=True).

    The iterate is the look-ahead point: with y_{k+1} = x_k - eta g_k and y_0 = x_0, a constant rate makes
    x_{k+1} = y_{k+1} + beta (y_{k+1} - y_k).

    With ``beta=None`` the factor grows, as for convex functions without mu: v_{k+1} = beta_k v_k + g_k,
    d_k = -(g_k + beta_{k+1} v_{k+1}), where beta_{k+1} = (t_{k+1} - 1)/t_{k+2}, t_1 = 1 and
    t_{k+1} = (1 + sqrt(1 + 4 t_k^2))/2: 0, 0.28, 0.43, 0.53, ... Then f(y_k) - f* <= 2 L R^2/(k+1)^2 at
    eta = 1/L.

    Raises ValueError or TypeError unless 0 <= beta < 1 or beta is None.

    Source: Y. Nesterov (1983); this form: Sutskever, Martens, Dahl and Hinton, ICML 2013. Explained in
    chapter 03.

    >>> Nesterov(0.9)(0, np.array([1.0]), (np.array([2.0]), 0.9, 1.0))[0]
    array([-3.52])
    """

    see = validate.MOMENTUM
    beta: float | None = 0.9

    def __post_init__(self):
        if self.beta is not None:
            self._check_memory("beta")

    def init(self, x):
        """v_0, the factor beta_0 of the step, and t_1."""
        return np.zeros_like(x), 0.0 if self.beta is None else self.beta, 1.0

    def __call__(self, k, g, state):
        v, beta, t = state
        v = beta * v + g
        if self.beta is None:
            t, before = (1.0 + np.sqrt(1.0 + 4.0 * t**2)) / 2.0, t
            beta = (before - 1.0) / t
        return -(g + beta * v), (v, beta, t)

    def scale(self, k, state):
        return np.ones_like(state[0])
