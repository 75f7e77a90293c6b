"""AdaGrad: each coordinate divides its rate by the root of the sum of its squared gradients."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction
from .epsilon import OUTSIDE_OR_INSIDE, root


@dataclass(frozen=True, repr=False)
class AdaGrad(Direction):
    r"""The gradient divided by the root of the sum of all squared gradients so far, s_0 = initial:

    .. math::

        s_{k+1} &= s_k + g_k^2 \\
        d_k &= -\frac{g_k}{\sqrt{s_{k+1}} + \varepsilon}

    All operations act on each coordinate. ``lr_decay`` divides step k by 1 + k lr_decay besides. The sum
    never shrinks: under a constant gradient step k has length 1/sqrt(k+1). The rate eta is in units of x: a
    gradient multiplied by c makes the same steps.

    ``eps_place="inside"`` puts eps into the root, sqrt(s + eps). torch: outside, initial 0, eps 1e-10;
    optax and Keras: inside, initial 0.1, eps 1e-7. With eps = 0 and initial = 0 a coordinate whose gradient
    is 0 from the start gives nan (0/0).

    Raises ValueError or TypeError unless lr_decay, initial and eps are at least 0 and the place is one of
    the two.

    Source: Duchi, Hazan and Singer, *JMLR* 12 (2011). Explained in chapter 08.

    >>> rule = AdaGrad()
    >>> d, s = rule(0, np.array([4.0, 0.01]), rule.init(np.zeros(2)))
    >>> d.round(6)
    array([-1., -1.])
    """

    see = validate.ADAPTIVE
    lr_decay: float = 0.0
    initial: float = 0.0
    eps: float = 1e-10
    eps_place: str = "outside"

    def __post_init__(self):
        self._check_size("lr_decay", "initial", "eps")
        self._check_choice("eps_place", OUTSIDE_OR_INSIDE)

    def init(self, x):
        return np.full_like(x, self.initial)

    def __call__(self, k, g, s):
        s = s + g * g
        return -g / (1 + k * self.lr_decay) / root(s, self.eps, self.eps_place), s

    def scale(self, k, s):
        return 1.0 / (1 + k * self.lr_decay) / root(s, self.eps, self.eps_place)
