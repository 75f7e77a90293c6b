"""Momentum, in the forms that books and programs mix up."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction

FORMS = ("classical", "ema")


@dataclass(frozen=True, repr=False)
class Momentum(Direction):
    """Heavy ball: d_k = -v_{k+1} with v_0 = 0 and

    * ``form="classical"``: v_{k+1} = beta v_k + g_k, as in torch.optim.SGD(momentum=beta),
    * ``form="ema"``: v_{k+1} = beta v_k + (1 - beta) g_k, an exponential moving average of gradients.

    The ema form with rate eta is the classical form with rate eta (1 - beta): one convention's 0.1 is the
    other's 0.01 at beta = 0.9.

    ``dampening`` is torch's: v_{k+1} = beta v_k + (1 - dampening) g_k, but v_1 = g_0. So dampening = beta is
    not the ema form: its first gradient weighs 1/(1 - beta) times as much as the others.

    Raises ValueError or TypeError unless 0 <= beta < 1, 0 <= dampening < 1, the form is one of the two, and
    dampening is 0 in the ema form.

    Source: B. T. Polyak (1964) for the classical form. Explained in chapters 01 and 03.

    >>> Momentum(0.9)(0, np.array([1.0]), np.array([2.0]))
    (array([-2.8]), array([2.8]))
    """

    see = validate.MOMENTUM
    beta: float = 0.9
    form: str = "classical"
    dampening: float = 0.0

    def __post_init__(self):
        self._check_memory("beta", "dampening")
        self._check_choice("form", FORMS)
        if self.form == "ema" and self.dampening:
            raise validate.wrong_value(
                f"dampening belongs to the classical form; the ema form has 1 - beta in its place, got "
                f"dampening={self.dampening!r}",
                self.see,
            )

    def __call__(self, k, g, v):
        if self.form == "ema":
            weight = 1.0 - self.beta
        else:
            weight = 1.0 if k == 0 else 1.0 - self.dampening
        v = self.beta * v + weight * g
        return -v, v

    def scale(self, k, v):
        return np.ones_like(v)
