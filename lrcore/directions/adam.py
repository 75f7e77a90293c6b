"""Adam: momentum, divided by the root of a moving average of squares, both corrected for starting at 0."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction
from .epsilon import PLACES, root


@dataclass(frozen=True, repr=False)
class Adam(Direction):
    r"""With t = k + 1, two moving averages that start at 0, both corrected for that start:

    .. math::

        m_t &= \beta_1 m_{t-1} + (1-\beta_1)\,g_k \\
        v_t &= \beta_2 v_{t-1} + (1-\beta_2)\,g_k^2 \\
        \hat m_t &= \frac{m_t}{1-\beta_1^t}, \qquad \hat v_t = \frac{v_t}{1-\beta_2^t} \\
        d_k &= -\frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon}

    All operations act on each coordinate. The first step is -sign(g) up to eps, so the rate eta is in units
    of x and says about how far a coordinate moves in a step. With eps = 0 and beta1^2 < beta2 no step is
    longer than eta times

    .. math::

        \frac{1-\beta_1}{\sqrt{(1-\beta_2)\,(1-\beta_1^2/\beta_2)}}

    which is 7.27 by default; gradients that grow by 11% a step come near to it.

    ``eps_place``: ``"outside"`` as above (torch, optax), ``"inside"`` (optax' eps_root), ``"uncorrected"``
    (Keras, and "epsilon hat" in section 2 of the paper) have the denominators

    .. math::

        \sqrt{\hat v_t} + \varepsilon, \qquad \sqrt{\hat v_t + \varepsilon}, \qquad
        \frac{\sqrt{v_t} + \varepsilon}{\sqrt{1-\beta_2^t}}

    ``bias_correction=False`` puts m_t and v_t in place of the corrected averages. With eps = 0 a coordinate
    whose gradient is 0 from the start gives nan (0/0).

    Raises ValueError or TypeError unless the betas are in [0, 1), eps >= 0, the place one of the three.

    Source: Kingma and Ba, ICLR 2015, algorithm 1. Explained in chapter 08.

    >>> rule = Adam()
    >>> d, state = rule(0, np.array([4.0, -0.01]), rule.init(np.zeros(2)))
    >>> d.round(5)
    array([-1.,  1.])
    """

    see = validate.ADAPTIVE
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    eps_place: str = "outside"
    bias_correction: bool = True

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("eps")
        self._check_choice("eps_place", PLACES)
        self._check_flag("bias_correction")

    def init(self, x):
        """m_0 and v_0."""
        return np.zeros_like(x), np.zeros_like(x)

    def __call__(self, k, g, state):
        m, v = state
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g * g
        return -m / self._correction(self.beta1, k) / self._root(k, v), (m, v)

    def _correction(self, beta, k):
        return 1 - beta ** (k + 1) if self.bias_correction else 1.0

    def _root(self, k, v):
        return root(v, self.eps, self.eps_place, self._correction(self.beta2, k))

    def scale(self, k, state):
        return 1.0 / self._root(k, state[1])
