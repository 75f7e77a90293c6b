"""``keras.optimizers.schedules``, and the callback ReduceLROnPlateau."""

from math import floor

from ..compose.hold import hold
from ..cosine import Cosine
from ..cosine_restarts import CosineRestarts
from ..exponential import Exponential
from ..inverse_time import InverseTime
from ..linear import Linear
from ..piecewise import Piecewise
from ..plateau import Plateau
from ..polynomial import Polynomial
from ..step import Step
from .adapted import adapted, after_warmup, not_covered


def exponential(initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
    if staircase:
        return Step(initial_learning_rate, decay_steps, decay_rate)
    return Exponential(initial_learning_rate, decay_rate, decay_steps)


def inverse_time(initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
    if staircase:
        return hold(InverseTime(initial_learning_rate, decay_rate), decay_steps)
    return InverseTime(initial_learning_rate, decay_rate / decay_steps)


def polynomial(
    initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name=None
):
    if cycle:
        raise not_covered("PolynomialDecay with cycle=True, whose horizon grows with the step")
    if power == 1:
        return Linear(initial_learning_rate, decay_steps, end_learning_rate)
    return Polynomial(initial_learning_rate, decay_steps, power, end_learning_rate)


def cosine(initial_learning_rate, decay_steps, alpha=0.0, name=None, warmup_target=None, warmup_steps=0):
    if warmup_target is None:
        return Cosine(initial_learning_rate, decay_steps, alpha * initial_learning_rate)
    decay = Cosine(warmup_target, decay_steps, alpha * warmup_target)
    return after_warmup(decay, initial_learning_rate, warmup_target, warmup_steps)


def restarts(initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None):
    return CosineRestarts(
        initial_learning_rate, first_decay_steps, t_mul, alpha * initial_learning_rate, m_mul
    )


def piecewise(boundaries, values, name=None):
    return Piecewise(values, at=[floor(boundary) + 1 for boundary in boundaries])


def plateau(
    initial_learning_rate,
    monitor="val_loss",
    factor=0.1,
    patience=10,
    verbose=0,
    mode="min",
    min_delta=1e-4,
    cooldown=0,
    min_lr=0.0,
):
    return Plateau(
        initial_learning_rate, factor, patience, 0.0, min_delta, mode, cooldown, min_lr, 0.0, "keras"
    )


KERAS = {
    "ExponentialDecay": exponential,
    "InverseTimeDecay": inverse_time,
    "PolynomialDecay": polynomial,
    "CosineDecay": cosine,
    "CosineDecayRestarts": restarts,
    "PiecewiseConstantDecay": piecewise,
    "ReduceLROnPlateau": plateau,
}


def from_keras(name, /, **parameters):
    """The schedule of ``keras.optimizers.schedules.<name>(**parameters)``.

    Parameters and defaults are Keras', and what ``get_config()`` of a Keras schedule gives will do.
    Keras computes in float32 unless told otherwise, so that its own rates differ by about 1e-8 relative.
    The callback ``ReduceLROnPlateau`` gives a `Plateau`; it takes the optimizer's rate as
    initial_learning_rate, and mode "min" or "max". ``PolynomialDecay(cycle=True)`` is not covered.

    Raises ValueError for another name, TypeError for parameters that Keras does not have; values are
    checked by the schedule. Version: Keras 3.15. Explained in chapters 06 and 07.

    >>> from_keras("PiecewiseConstantDecay", boundaries=[10], values=[0.1, 0.01])
    Piecewise(values=(0.1, 0.01), at=(11,))
    """
    return adapted("Keras", KERAS, name, parameters)
