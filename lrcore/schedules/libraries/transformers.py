"""``transformers.get_scheduler``: the base rate is the optimizer's lr, ``base_lr`` here."""

from ..compose.join import join
from ..compose.shift import shift
from ..constant import Constant
from ..cosine import Cosine
from ..cosine_restarts import CosineRestarts
from ..inverse_sqrt import InverseSqrt
from ..linear import Linear
from ..piecewise import Piecewise
from ..polynomial import Polynomial
from ..warmup import CosineWarmup, LinearWarmup, SqrtWarmup
from ..wsd import DECAYS
from .adapted import adapted, after_warmup, not_covered
from .torch import plateau

WARMUPS = {"linear": LinearWarmup, "cosine": CosineWarmup, "1-sqrt": SqrtWarmup}


def constant(base_lr):
    return Constant(base_lr)


def constant_with_warmup(base_lr, num_warmup_steps):
    return after_warmup(Constant(base_lr), 0.0, base_lr, num_warmup_steps)


def linear(base_lr, num_warmup_steps, num_training_steps):
    left = num_training_steps - num_warmup_steps
    decay = Linear(base_lr, left) if left > 0 else Piecewise([0.0], at=[])
    return after_warmup(decay, 0.0, base_lr, num_warmup_steps)


def cosine(base_lr, num_warmup_steps, num_training_steps, num_cycles=0.5):
    return cosine_with_min_lr(base_lr, num_warmup_steps, num_training_steps, num_cycles, min_lr=0.0)


def cosine_with_min_lr(
    base_lr, num_warmup_steps, num_training_steps, num_cycles=0.5, min_lr=None, min_lr_rate=None
):
    eta_min = _floor(base_lr, min_lr, min_lr_rate)
    half = _rest(num_warmup_steps, num_training_steps) / (2 * num_cycles)
    decay = Cosine(base_lr, half, eta_min, after="mirror")
    return after_warmup(decay, 0.0, base_lr, num_warmup_steps)


def cosine_warmup_with_min_lr(
    base_lr,
    num_warmup_steps,
    num_training_steps,
    num_cycles=0.5,
    min_lr=None,
    min_lr_rate=None,
    warmup_lr_rate=None,
):
    eta_min = _floor(base_lr, min_lr, min_lr_rate)
    half = _rest(num_warmup_steps, num_training_steps) / (2 * num_cycles)
    decay = shift(Cosine(base_lr, half, eta_min, after="mirror"), 1)
    if num_warmup_steps == 0:
        return decay
    if warmup_lr_rate is None:
        warmup = shift(LinearWarmup(base_lr, num_warmup_steps), 1)
    else:
        warmup = LinearWarmup(base_lr, max(1, num_warmup_steps - 1), start=warmup_lr_rate * base_lr)
    return join([warmup, decay], at=[num_warmup_steps])


def cosine_with_restarts(base_lr, num_warmup_steps, num_training_steps, num_cycles=1):
    length = _rest(num_warmup_steps, num_training_steps) / num_cycles
    return after_warmup(CosineRestarts(base_lr, length, cycles=num_cycles), 0.0, base_lr, num_warmup_steps)


def polynomial(base_lr, num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0):
    decay = Polynomial(base_lr, num_training_steps - num_warmup_steps, power, lr_end)
    return after_warmup(decay, 0.0, base_lr, num_warmup_steps)


def inverse_sqrt(base_lr, num_warmup_steps, timescale=None):
    timescale = (num_warmup_steps or 10_000) if timescale is None else timescale
    return after_warmup(InverseSqrt(base_lr, timescale), 0.0, base_lr, num_warmup_steps)


def warmup_stable_decay(
    base_lr,
    num_warmup_steps,
    num_decay_steps,
    num_training_steps=None,
    num_stable_steps=None,
    warmup_type="linear",
    decay_type="cosine",
    min_lr_ratio=0.0,
    num_cycles=0.5,
):
    if warmup_type not in WARMUPS or decay_type not in DECAYS:
        raise not_covered(f"warmup_type {warmup_type!r} or decay_type {decay_type!r}")
    if num_stable_steps is None:
        if num_training_steps is None:
            raise not_covered("warmup_stable_decay without num_training_steps or num_stable_steps")
        num_stable_steps = num_training_steps - num_warmup_steps - num_decay_steps
    low = min_lr_ratio * base_lr
    if decay_type == "cosine":
        decay = Cosine(base_lr, num_decay_steps / (2 * num_cycles), low, after="mirror")
    else:
        decay = DECAYS[decay_type](base_lr, num_decay_steps, low)
    stable = num_warmup_steps + num_stable_steps
    parts, at = [Constant(base_lr), decay, Piecewise([low], at=[])], [stable, stable + num_decay_steps]
    if num_warmup_steps:
        parts = [WARMUPS[warmup_type](base_lr, num_warmup_steps, low), *parts]
        at = [num_warmup_steps, *at]
    return join(parts, at)


TRANSFORMERS = {
    "constant": constant,
    "constant_with_warmup": constant_with_warmup,
    "linear": linear,
    "cosine": cosine,
    "cosine_with_restarts": cosine_with_restarts,
    "polynomial": polynomial,
    "inverse_sqrt": inverse_sqrt,
    "cosine_with_min_lr": cosine_with_min_lr,
    "cosine_warmup_with_min_lr": cosine_warmup_with_min_lr,
    "warmup_stable_decay": warmup_stable_decay,
    "reduce_lr_on_plateau": plateau,
}


def from_transformers(name, /, **parameters):
    """The schedule of ``transformers.get_scheduler(name, optimizer, ...)``.

    base_lr is the optimizer's lr. All parameters are given by name, those of ``scheduler_specific_kwargs``
    too. Cosines go on past num_training_steps and rise again, as the library's do.
    The name ``"reduce_lr_on_plateau"`` gives a `Plateau`; ``"greedy"`` is missing.

    Raises ValueError for another name, TypeError for parameters that transformers does not have; values are
    checked by the schedule. Version: transformers 5.23. Explained in chapters 06 and 07.

    >>> from_transformers("linear", base_lr=0.1, num_warmup_steps=10, num_training_steps=100)
    join([Linear(eta0=0.0, T=10, eta_end=0.1), Linear(eta0=0.1, T=90)], at=[10])
    """
    return adapted("transformers", TRANSFORMERS, name, parameters)


def _rest(warmup, total):
    """The steps after the warmup, at least 1 as in the library."""
    return max(1, total - warmup)


def _floor(base_lr, min_lr, min_lr_rate):
    if (min_lr is None) == (min_lr_rate is None):
        raise not_covered("a cosine without exactly one of min_lr and min_lr_rate")
    return min_lr if min_lr is not None else min_lr_rate * base_lr
