"""Reduce on plateau: a rule driven by a metric, as a pure state machine."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np

from .. import validate
from . import fields
from .parameters import Parameters

CONVENTIONS = ("torch", "keras", "optax")


class PlateauState(NamedTuple):
    """The rate in force, the best metric so far, bad epochs since, epochs of cooldown left."""

    eta: float
    best: float
    bad: int = 0
    cooldown: int = 0


@dataclass(frozen=True, repr=False)
class Plateau(Parameters):
    r"""Multiply the rate by `factor`, down to eta_min, when a metric has not improved for a while.

    .. math::

        \text{improved:} \quad & m < b\,(1 - \mathrm{rtol}) - \mathrm{atol} \\
        \text{reduced:} \quad & \eta \leftarrow \max(\mathrm{factor} \cdot \eta,\; \eta_{\min})

    ``state = plateau.init()``, then after each epoch ``eta, state = plateau(metric, state)``. The metric m
    is compared with the best one so far, b, which it replaces if it improves on it; with ``mode="max"`` it
    must be > b (1 + rtol) + atol. NaN never improves. What a while is depends on the convention:

    =========== ===================================== =====================================================
    convention  the rate is reduced after             `cooldown` = c epochs after a reduction
    =========== ===================================== =====================================================
    ``"torch"`` patience + 1 bad epochs in a row      c epochs are not counted as bad
    ``"optax"`` patience (at least 1) bad epochs      c epochs are not counted as bad
    ``"keras"`` patience (at least 1) bad epochs      c - 1 epochs are not counted as bad
    =========== ===================================== =====================================================

    A reduction by eps or less is not made. Raises ValueError or TypeError unless eta0 > 0 is finite, 0 <
    factor < 1, patience and cooldown are whole numbers >= 0, 0 <= rtol < 1, atol >= 0, 0 <= eta_min, eps >=
    0, and mode and convention are among those named.

    Source: the text of torch 2.13, Keras 3.15 and optax 0.2.8. Counterparts: torch ``ReduceLROnPlateau``,
    Keras' callback of the same name (min_delta is atol; rtol and eps are 0),
    ``optax.contrib.reduce_on_plateau`` (eps is 0). Explained in chapter 07.

    >>> losses = [1.0, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]
    >>> [Plateau(1.0, patience=3, convention=c).rates(losses)[5:].tolist() for c in ("torch", "keras")]
    [[1.0, 1.0, 0.1, 0.1], [1.0, 0.1, 0.1, 0.1]]
    """

    see = validate.CYCLES
    eta0: float = fields.positive()
    factor: float = fields.number(high=1.0, low_allowed=False, high_allowed=False, default=0.1)
    patience: int = fields.whole(low=0, default=10)
    rtol: float = fields.number(high=1.0, high_allowed=False, default=1e-4)
    atol: float = fields.number(default=0.0)
    mode: str = fields.name("min", "max", default="min")
    cooldown: int = fields.whole(low=0, default=0)
    eta_min: float = fields.number(default=0.0)
    eps: float = fields.number(default=1e-8)
    convention: str = fields.name(*CONVENTIONS, default="torch")

    def init(self):
        """The state before the first metric."""
        return PlateauState(self.eta0, inf if self.mode == "min" else -inf)

    def __call__(self, metric, state):
        """The rate from now on and the state after one more metric."""
        metric = float(validate.real_array(metric, "metric", self.see))
        eta, best, bad, cooldown = state
        if self.mode == "min":
            improved = metric < best * (1 - self.rtol) - self.atol
        else:
            improved = metric > best * (1 + self.rtol) + self.atol
        counts = cooldown <= (1 if self.convention == "keras" else 0)
        bad = bad + 1 if counts and not improved else 0
        cooldown = max(cooldown - 1, 0)
        if bad >= (self.patience + 1 if self.convention == "torch" else max(self.patience, 1)):
            lower = max(eta * self.factor, self.eta_min)
            eta = lower if eta - lower > self.eps else eta
            bad, cooldown = 0, self.cooldown
        return eta, PlateauState(eta, metric if improved else best, bad, cooldown)

    def rates(self, metrics):
        """The rates in force in epochs 0, 1, ..., len(metrics): metric k is known after epoch k."""
        state = self.init()
        eta = [state.eta]
        for metric in metrics:
            rate, state = self(metric, state)
            eta.append(rate)
        return np.array(eta)
