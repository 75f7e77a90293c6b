"""Adamax: Adam with the largest recent gradient in place of the root of the mean square."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class Adamax(Direction):
    r"""The largest recent gradient stands below, u_0 = 0, where t = k + 1 and m is that of `Adam`:

    .. math::

        u_t &= \max\bigl(\beta_2 u_{t-1},\ \lvert g_k\rvert + \varepsilon\bigr) \\
        d_k &= -\frac{\hat m_t}{u_t}

    All operations act on each coordinate; u needs no bias correction. The paper has no eps; torch and optax
    have it where it stands here, Keras beside u_t. The rate eta is in units of x; the first step is -sign(g)
    up to eps, and with beta1 < beta2 no step is longer than eta (1 - beta1)/(1 - beta1/beta2), 1.009 eta by
    default.

    Raises ValueError or TypeError unless the betas are in [0, 1) and eps >= 0; with eps = 0 a coordinate
    whose gradient is 0 from the start gives nan (0/0).

    Source: Kingma and Ba, ICLR 2015, section 7.1. Explained in chapter 08.

    >>> rule = Adamax()
    >>> d, state = rule(0, np.array([4.0, -0.01]), rule.init(np.zeros(2)))
    >>> d.round(5)
    array([-1.,  1.])
    """

    see = validate.ADAPTIVE
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("eps")

    def init(self, x):
        """m_0 and u_0."""
        return np.zeros_like(x), np.zeros_like(x)

    def __call__(self, k, g, state):
        m, u = state
        m = self.beta1 * m + (1 - self.beta1) * g
        u = np.maximum(self.beta2 * u, np.abs(g) + self.eps)
        return -m / (1 - self.beta1 ** (k + 1)) / u, (m, u)

    def scale(self, k, state):
        return 1.0 / state[1]
