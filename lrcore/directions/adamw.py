"""AdamW: Adam with weight decay beside the step, not inside the gradient."""

from dataclasses import dataclass

from .adam import Adam


@dataclass(frozen=True, repr=False)
class AdamW(Adam):
    r"""The direction of Adam, less the point itself times a factor w = weight_decay:

    .. math::

        d_k = d_k^{\text{Adam}} - w\,x_k

    Beside Adam's step x shrinks by the factor 1 - eta w. The decay is multiplied by the rate, so a schedule
    scales it too, and it is not divided by sqrt(v) as an l2 term in f would be. weight_decay is in units of
    1/x when eta is in units of x. Defaults: torch 0.01, optax 1e-4, Keras 0.004. ``scale`` is that of the
    gradient, as in Adam; the decay has none.

    It is called ``direction(k, point, state)``, because it needs ``point.x`` beside the gradient
    ``point.g``. Raises as Adam, and unless weight_decay >= 0.

    Source: Loshchilov and Hutter, ICLR 2019. Explained in chapter 08.

    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> rule, point = AdamW(), SimpleNamespace(x=np.array([10.0]), g=np.array([3.0]))
    >>> rule(0, point, rule.init(point.x))[0].round(6)
    array([-1.1])
    """

    uses_point = True
    weight_decay: float = 0.01

    def __post_init__(self):
        super().__post_init__()
        self._check_size("weight_decay")

    def __call__(self, k, point, state):
        d, state = super().__call__(k, point.g, state)
        return d - self.weight_decay * point.x, state
