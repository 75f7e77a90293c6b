"""Lion: only the sign of the momentum counts."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class Lion(Direction):
    r"""The sign of an average, with one memory in the step and another in the state, and w = weight_decay:

    .. math::

        c_k &= \beta_1 m_k + (1-\beta_1)\,g_k \\
        d_k &= -\operatorname{sign}(c_k) - w\,x_k \\
        m_{k+1} &= \beta_2 m_k + (1-\beta_2)\,g_k

    Every coordinate moves by the whole rate, whatever its gradient, so eta is in units of x and x ends in
    steps of that size around a minimum; only a falling rate brings it closer. There is no ``scale``: the step
    does not depend on the size of the gradient.

    It is called ``direction(k, point, state)``, because it needs ``point.x`` beside the gradient
    ``point.g``. Raises ValueError or TypeError unless the betas are in [0, 1) and weight_decay >= 0.

    Source: Chen, Liang, Huang, Real and others, NeurIPS 2023. Explained in chapter 08.

    >>> from types import SimpleNamespace
    >>> rule, point = Lion(), SimpleNamespace(x=np.array([10.0, 1.0]), g=np.array([3.0, -0.001]))
    >>> rule(0, point, rule.init(point.x))[0]
    array([-1.,  1.])
    """

    see = validate.ADAPTIVE
    uses_point = True
    beta1: float = 0.9
    beta2: float = 0.99
    weight_decay: float = 0.0

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("weight_decay")

    def __call__(self, k, point, m):
        c = self.beta1 * m + (1 - self.beta1) * point.g
        m = self.beta2 * m + (1 - self.beta2) * point.g
        return -(np.sign(c) + self.weight_decay * point.x), m
