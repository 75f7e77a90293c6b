"""Momentum, in the two forms that books and programs mix up."""

from dataclasses import dataclass

import numpy as np

from .. import validate

FORMS = ("classical", "ema")


@dataclass(frozen=True)
class Momentum:
    """Heavy ball: d_k = -v_{k+1} with v_0 = 0 and

    * ``form="classical"``: v_{k+1} = beta v_k + g_k, as in torch.optim.SGD(momentum=beta),
    * ``form="ema"``: v_{k+1} = beta v_k + (1 - beta) g_k, an exponential moving average of gradients.

    The ema form with rate eta is the classical form with rate eta (1 - beta): one convention's 0.1 is the
    other's 0.01 at beta = 0.9. Raises ValueError or TypeError unless 0 <= beta < 1 and the form is one of
    the two.

    Source: B. T. Polyak (1964) for the classical form. Explained in chapters 01 and 03.

    >>> Momentum(0.9)(0, np.array([1.0]), np.array([2.0]))
    (array([-2.8]), array([2.8]))
    """

    beta: float = 0.9
    form: str = "classical"

    def __post_init__(self):
        validate.number(self.beta, "beta", low=0, high=1, high_allowed=False)
        validate.choice(self.form, "form", FORMS)

    def init(self, x):
        return np.zeros_like(x)

    def __call__(self, k, g, v):
        weight = 1.0 if self.form == "classical" else 1.0 - self.beta
        v = self.beta * v + weight * g
        return -v, v
