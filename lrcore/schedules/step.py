"""Drop by a factor every so many steps."""

from dataclasses import dataclass

from . import fields
from .schedule import Schedule


@dataclass(frozen=True, repr=False)
class Step(Schedule):
    r"""A drop by the factor gamma after each `every` = S steps.

    .. math:: \eta_k = \eta_0\, \gamma^{\lfloor (k + \mathrm{offset})/S \rfloor}

    Without the floor it would be `Exponential`. With ``offset=1`` every drop comes one step early, so that
    the first plateau has every - 1 steps: the form floor((1 + epoch)/every) of many tutorials. Raises
    ValueError or TypeError unless eta0 > 0, every > 0, gamma > 0 are finite and offset is a whole number >=
    0.

    Counterparts: torch ``StepLR``, timm ``StepLRScheduler``, ``keras.ExponentialDecay(staircase=True)``,
    ``optax.exponential_decay(staircase=True)``. Explained in chapter 06.

    >>> Step(0.8, every=3, gamma=0.5)(range(8))
    array([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2])
    >>> Step(0.8, every=3, gamma=0.5, offset=1)(range(8))
    array([0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2])
    """

    eta0: float = fields.positive()
    every: float = fields.positive()
    gamma: float = fields.positive(default=0.1)
    offset: int = fields.whole(low=0, default=0)

    def _eta(self, t, xp):
        return self.eta0 * self.gamma ** xp.floor((t + self.offset) / self.every)
