"""Schedules multiplied by each other and by numbers."""

from dataclasses import dataclass

from ..schedule import Schedule, rates
from . import operands


@dataclass(frozen=True, repr=False)
class Product(Schedule):
    """eta_k = the product of all factors, which are schedules, plain functions of the step or numbers >= 0.

    Written ``a * b`` and ``0.5 * a``. Raises TypeError for other factors, ValueError for numbers that are
    negative or not finite. Counterpart: torch ``ChainedScheduler`` of schedulers without a floor. Explained
    in chapter 06.

    >>> from lrcore.schedules import Linear, Step
    >>> 0.5 * Linear(1.0, 4) * Step(1.0, every=2)
    0.5 * Linear(eta0=1.0, T=4) * Step(eta0=1.0, every=2)
    >>> (0.5 * Linear(1.0, 4) * Step(1.0, every=2))(range(4)).round(4)
    array([0.5   , 0.375 , 0.025 , 0.0125])
    """

    factors: tuple = operands.schedules(numbers=True)

    def __post_init__(self):
        super().__post_init__()
        flat = [f.factors if isinstance(f, Product) else (f,) for f in self.factors]
        object.__setattr__(self, "factors", sum(flat, ()))

    def _eta(self, t, xp):
        eta = rates(self.factors[0], t, xp)
        for factor in self.factors[1:]:
            eta = eta * rates(factor, t, xp)
        return eta

    def __repr__(self):
        return " * ".join(map(repr, self.factors))
