"""AMSGrad: Adam whose denominators never shrink, in the three forms that carry the name."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction

FORMS = ("paper", "libraries", "optax")


@dataclass(frozen=True, repr=False)
class AMSGrad(Direction):
    r"""Adam with the largest v so far in its place. With t = k + 1 and m, v as in `Adam`, ``form="paper"`` is

    .. math::

        w_t &= \max(w_{t-1},\ v_t) \\
        d_k &= -\frac{m_t}{\sqrt{w_t} + \varepsilon}

    without bias correction. ``form="libraries"``, torch and Keras (Keras with eps beside the root of w_t),
    has the same w_t, and corrects it:

    .. math::

        d_k = -\frac{\hat m_t}{\sqrt{w_t/(1-\beta_2^t)} + \varepsilon}

    ``form="optax"``, the default there, takes the largest of the corrected averages:

    .. math::

        w_t &= \max(w_{t-1},\ \hat v_t) \\
        d_k &= -\frac{\hat m_t}{\sqrt{w_t} + \varepsilon}

    The three make different steps. The paper's first step is (1 - beta1)/sqrt(1 - beta2), 3.16, times the
    rate. The denominator grows only in the paper's and in optax' form: the libraries' correction falls
    towards 1 while w stands still. The rate eta is in units of x.

    Raises ValueError or TypeError unless the betas are in [0, 1), eps >= 0, the form is one of the three.

    Source: Reddi, Kale and Kumar, ICLR 2018, algorithm 2. Explained in chapter 08.

    >>> for form in FORMS:
    ...     rule = AMSGrad(form=form)
    ...     print(form, rule(0, np.array([4.0]), rule.init(np.zeros(1)))[0].round(4))
    paper [-3.1623]
    libraries [-1.]
    optax [-1.]
    """

    see = validate.ADAPTIVE
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    form: str = "paper"

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("eps")
        self._check_choice("form", FORMS)

    def init(self, x):
        """m_0, v_0 and w_0."""
        return np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)

    def __call__(self, k, g, state):
        m, v, w = state
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g * g
        w = np.maximum(w, v / (1 - self.beta2 ** (k + 1)) if self.form == "optax" else v)
        m_hat = m if self.form == "paper" else m / (1 - self.beta1 ** (k + 1))
        return -m_hat / self._root(k, w), (m, v, w)

    def _root(self, k, w):
        if self.form == "libraries":
            w = w / (1 - self.beta2 ** (k + 1))
        return np.sqrt(w) + self.eps

    def scale(self, k, state):
        return 1.0 / self._root(k, state[2])
