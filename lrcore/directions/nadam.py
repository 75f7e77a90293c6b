"""NAdam: Adam with Nesterov's look-ahead, in the three versions that carry the name."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class NAdam(Direction):
    r"""Adam with the momentum of the next step, where t = k + 1 and m and v are those of `Adam`:

    .. math::

        \mu_t &= \beta_1\bigl(1 - \tfrac12\,0.96^{\,t\psi}\bigr) \\
        P_t &= \mu_1\mu_2\cdots\mu_t \\
        a_t &= \frac{1-\mu_t}{1-P_t}\,g_k + \frac{\mu_{t+1}}{1-P_{t+1}}\,m_t \\
        d_k &= -\frac{a_t}{\sqrt{\hat v_t} + \varepsilon}

    The momentum mu_t warms up. Three programs, three methods: torch has psi = 0.004, Keras psi = 1, and optax
    no warmup of mu: ``psi=None``, mu_t = beta1. The rate eta is in units of x.

    Raises ValueError or TypeError unless the betas are in [0, 1), eps >= 0, psi >= 0 or None.

    Source: T. Dozat, ICLR 2016 workshop. Explained in chapter 08.

    >>> for psi in (0.004, 1.0, None):
    ...     rule = NAdam(psi=psi)
    ...     print(rule(0, np.array([4.0]), rule.init(np.zeros(1)))[0].round(4))
    [-1.0565]
    [-1.0628]
    [-1.4737]
    """

    see = validate.ADAPTIVE
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    psi: float | None = 0.004

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("eps", *(() if self.psi is None else ("psi",)))

    def init(self, x):
        """m_0, v_0 and P_0."""
        return np.zeros_like(x), np.zeros_like(x), 1.0

    def _mu(self, t):
        return self.beta1 if self.psi is None else self.beta1 * (1 - 0.5 * 0.96 ** (t * self.psi))

    def __call__(self, k, g, state):
        m, v, product = state
        mu, mu_next = self._mu(k + 1), self._mu(k + 2)
        product = product * mu
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g * g
        ahead = (1 - mu) / (1 - product) * g + mu_next / (1 - product * mu_next) * m
        return -ahead / self._root(k, v), (m, v, product)

    def _root(self, k, v):
        return np.sqrt(v / (1 - self.beta2 ** (k + 1))) + self.eps

    def scale(self, k, state):
        return 1.0 / self._root(k, state[1])
