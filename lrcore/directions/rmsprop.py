"""RMSProp: AdaGrad that forgets."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction
from .epsilon import OUTSIDE_OR_INSIDE, root


@dataclass(frozen=True, repr=False)
class RMSProp(Direction):
    r"""The gradient divided by the root of a moving average of its squares:

    .. math::

        v_{k+1} &= \alpha v_k + (1-\alpha)\,g_k^2 \\
        d_k &= -\frac{g_k}{\sqrt{v_{k+1}} + \varepsilon}

    With ``momentum`` the quotients q_k are summed up, d_k = -b_{k+1} with b_{k+1} = momentum b_k + q_k.
    ``centered=True`` divides by the standard deviation instead, with v_{k+1} - m_{k+1}^2 in the root:

    .. math::

        m_{k+1} = \alpha m_k + (1-\alpha)\,g_k

    All start at 0, without bias correction: the first step has length 1/sqrt(1 - alpha), ten times the rate
    at alpha = 0.99. The rate eta is in units of x.

    ``eps_place="inside"`` puts eps into the root. torch: outside, alpha 0.99; optax: inside, alpha ("decay")
    0.9, eps 1e-8; Keras: inside, alpha ("rho") 0.9, eps 1e-7. Under a constant gradient the deviation goes to
    0 and the step to g/eps, and rounding can make v - m^2 negative: torch and optax give nan, here it is 0.

    Raises ValueError or TypeError unless alpha and momentum are in [0, 1), eps >= 0, centered is a flag.

    Source: Tieleman and Hinton, lecture 6.5 (2012); centred: A. Graves, arXiv:1308.0850 (2013). Explained in
    chapter 08.

    >>> rule = RMSProp(alpha=0.75)
    >>> d, state = rule(0, np.array([4.0, 0.01]), rule.init(np.zeros(2)))
    >>> d.round(5)
    array([-2., -2.])
    """

    see = validate.ADAPTIVE
    alpha: float = 0.99
    momentum: float = 0.0
    centered: bool = False
    eps: float = 1e-8
    eps_place: str = "outside"

    def __post_init__(self):
        self._check_memory("alpha", "momentum")
        self._check_size("eps")
        self._check_flag("centered")
        self._check_choice("eps_place", OUTSIDE_OR_INSIDE)

    def init(self, x):
        """v_0, m_0 and b_0."""
        return np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)

    def __call__(self, k, g, state):
        v, m, b = state
        v = self.alpha * v + (1 - self.alpha) * g * g
        m = self.alpha * m + (1 - self.alpha) * g if self.centered else m
        b = self.momentum * b + g / self._root(v, m)
        return -b, (v, m, b)

    def _root(self, v, m):
        v = np.maximum(v - m * m, 0.0) if self.centered else v
        return root(v, self.eps, self.eps_place)

    def scale(self, k, state):
        v, m, _ = state
        return 1.0 / self._root(v, m)
