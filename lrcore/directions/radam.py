"""RAdam: Adam that does not divide while its average of squares is too young to be trusted."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction
from .epsilon import PLACES, root


@dataclass(frozen=True, repr=False)
class RAdam(Direction):
    r"""Adam times a factor r_t, where t = k + 1, m and v are as in `Adam` and rho_t is the number of
    gradients that the average of squares is worth:

    .. math::

        \rho_\infty &= \frac{2}{1-\beta_2} - 1 \\
        \rho_t &= \rho_\infty - \frac{2t\,\beta_2^t}{1-\beta_2^t} \\
        r_t^2 &= \frac{(\rho_t-4)(\rho_t-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho_t} \\
        d_k &= -r_t\,\frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon}

    while rho_t > 5. Before that r_t does not exist, or is next to nothing, and the step is

    .. math::

        d_k = -\hat m_t

    At beta2 = 0.999 the first five steps are plain momentum, not divided by anything: a rate that is safe
    for Adam can blow up there. So the rate eta has two units: x^2/f at first, then x.

    ``eps_place="uncorrected"``, the default, is torch's (sqrt(v) + eps)/sqrt(1 - beta2^t); optax has it
    outside. Raises ValueError or TypeError unless the betas are in [0, 1), eps >= 0, the place one of three.

    Source: Liu, Jiang, He, Chen, Liu, Gao and Han, ICLR 2020. Explained in chapters 07 and 08.

    >>> [round(RAdam().rho(t), 3) for t in (1, 5, 6)]
    [1.0, 4.996, 5.994]
    >>> RAdam()(0, np.array([4.0]), (np.zeros(1), np.zeros(1)))[0].round(6)
    array([-4.])
    """

    see = validate.ADAPTIVE
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    eps_place: str = "uncorrected"

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("eps")
        self._check_choice("eps_place", PLACES)

    def init(self, x):
        """m_0 and v_0."""
        return np.zeros_like(x), np.zeros_like(x)

    def rho(self, t):
        """The effective number of gradients in v^ after t of them."""
        return 2 / (1 - self.beta2) - 1 - 2 * t * self.beta2**t / (1 - self.beta2**t)

    def rectification(self, t):
        """r_t, or None where v^ is not used yet."""
        rho, rho_inf = self.rho(t), 2 / (1 - self.beta2) - 1
        if rho <= 5:
            return None
        return np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))

    def __call__(self, k, g, state):
        m, v = state
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g * g
        m_hat = m / (1 - self.beta1 ** (k + 1))
        return -m_hat * self.scale(k, (m, v)), (m, v)

    def scale(self, k, state):
        v, r = state[1], self.rectification(k + 1)
        if r is None:
            return np.ones_like(v)
        return r / root(v, self.eps, self.eps_place, 1 - self.beta2 ** (k + 1))
