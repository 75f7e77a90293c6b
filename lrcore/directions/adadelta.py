"""AdaDelta: steps whose units come out right."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class AdaDelta(Direction):
    r"""The gradient times the root mean square of past steps over that of gradients, both 0 at the start:

    .. math::

        v_{k+1} &= \rho v_k + (1-\rho)\,g_k^2 \\
        D_k &= \frac{\sqrt{u_k+\varepsilon}}{\sqrt{v_{k+1}+\varepsilon}}\;g_k \\
        u_{k+1} &= \rho u_k + (1-\rho)\,D_k^2 \\
        d_k &= -D_k

    D has the units of x, so the paper has no rate: eta = 1. But eps takes its place: the first step is
    sqrt(eps/(1 - rho)) long (if eps is small beside g^2), whatever the gradient. torch and optax: rho 0.9,
    eps 1e-6, rate 1; the paper: rho 0.95; Keras multiplies by a rate of 0.001.

    Raises ValueError or TypeError unless 0 <= rho < 1 and eps >= 0 (with eps = 0 it never leaves the start).

    Source: M. D. Zeiler, arXiv:1212.5701 (2012), algorithm 1. Explained in chapters 08 and 09.

    >>> rule = AdaDelta(rho=0.95)
    >>> d, state = rule(0, np.array([4.0, -90.0]), rule.init(np.zeros(2)))
    >>> d.round(5)
    array([-0.00447,  0.00447])
    """

    see = validate.ADAPTIVE
    rho: float = 0.9
    eps: float = 1e-6

    def __post_init__(self):
        self._check_memory("rho")
        self._check_size("eps")

    def init(self, x):
        """v_0, u_0 and the scale of the step before the first."""
        return np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)

    def __call__(self, k, g, state):
        v, u, _ = state
        v = self.rho * v + (1 - self.rho) * g * g
        ratio = np.sqrt(u + self.eps) / np.sqrt(v + self.eps)
        delta = ratio * g
        u = self.rho * u + (1 - self.rho) * delta * delta
        return -delta, (v, u, ratio)

    def scale(self, k, state):
        return state[2]  # kept, because u has moved on
