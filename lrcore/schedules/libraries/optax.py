"""``optax.schedules``, and ``optax.contrib.reduce_on_plateau``."""

from itertools import accumulate
from operator import mul

from ..compose.clip import clip
from ..compose.join import join
from ..compose.shift import shift
from ..constant import Constant
from ..cosine import Cosine
from ..exponential import Exponential
from ..linear import Linear
from ..piecewise import Piecewise
from ..plateau import Plateau
from ..polynomial import Polynomial
from ..ramps import through
from ..step import Step
from .adapted import adapted, after_warmup, not_covered


def constant(value):
    return Constant(value)


def polynomial(init_value, end_value, power, transition_steps, transition_begin=0):
    if power == 1:
        return linear(init_value, end_value, transition_steps, transition_begin)
    return _later(Polynomial(init_value, transition_steps, power, end_value), transition_begin)


def linear(init_value, end_value, transition_steps, transition_begin=0):
    return _later(Linear(init_value, transition_steps, end_value), transition_begin)


def piecewise_constant(init_value, boundaries_and_scales=None):
    values, at = _scaled(init_value, boundaries_and_scales)
    return Piecewise(values, at)


def piecewise_interpolate(interpolate_type, init_value, boundaries_and_scales=None):
    values, at = _scaled(init_value, boundaries_and_scales)
    return through(values, [0, *at], interpolate_type)


def exponential(
    init_value, transition_steps, decay_rate, transition_begin=0, staircase=False, end_value=None
):
    if staircase:
        decay = Step(init_value, transition_steps, decay_rate)
    else:
        decay = Exponential(init_value, decay_rate, transition_steps)
    decay = _later(decay, transition_begin)
    if end_value is None:
        return decay
    return clip(decay, low=end_value) if decay_rate < 1 else clip(decay, high=end_value)


def cosine(init_value, decay_steps, alpha=0.0, exponent=1.0):
    return Cosine(init_value, decay_steps, alpha * init_value, exponent)


def linear_onecycle(
    transition_steps, peak_value, pct_start=0.3, pct_final=0.85, div_factor=25.0, final_div_factor=1e4
):
    first = peak_value / div_factor
    knots = [0, int(pct_start * transition_steps), int(pct_final * transition_steps), transition_steps]
    return through([first, peak_value, first, first / final_div_factor], knots, "linear")


def cosine_onecycle(transition_steps, peak_value, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    values = [peak_value / div_factor, peak_value, peak_value / (div_factor * final_div_factor)]
    return through(values, [0, int(pct_start * transition_steps), transition_steps], "cosine")


def warmup_constant(init_value, peak_value, warmup_steps):
    return Linear(init_value, warmup_steps, peak_value)


def warmup_cosine(init_value, peak_value, warmup_steps, decay_steps, end_value=0.0, exponent=1.0):
    decay = Cosine(peak_value, decay_steps - warmup_steps, end_value, exponent)
    return after_warmup(decay, init_value, peak_value, warmup_steps)


def warmup_exponential(
    init_value,
    peak_value,
    warmup_steps,
    transition_steps,
    decay_rate,
    transition_begin=0,
    staircase=False,
    end_value=None,
):
    decay = exponential(peak_value, transition_steps, decay_rate, transition_begin, staircase, end_value)
    return after_warmup(decay, init_value, peak_value, warmup_steps)


def sgdr(cosine_kwargs):
    cycles = [warmup_cosine(**one) for one in cosine_kwargs]
    ends = list(accumulate(one["decay_steps"] for one in cosine_kwargs))
    return join(cycles, at=ends[:-1])


def join_schedules(schedules, boundaries):
    return join(schedules, at=boundaries)


def plateau(
    init_value=1.0,
    factor=0.1,
    patience=10,
    rtol=1e-4,
    atol=0.0,
    cooldown=0,
    accumulation_size=1,
    min_scale=0.0,
):
    if accumulation_size != 1:
        raise not_covered("reduce_on_plateau with accumulation_size > 1: average the metric first")
    if patience < 1:
        raise not_covered("reduce_on_plateau with patience 0, which reduces after an improvement")
    floor = min_scale * init_value
    return Plateau(init_value, factor, patience, rtol, atol, "min", cooldown, floor, 0.0, "optax")


OPTAX = {
    "constant_schedule": constant,
    "polynomial_schedule": polynomial,
    "linear_schedule": linear,
    "piecewise_constant_schedule": piecewise_constant,
    "piecewise_interpolate_schedule": piecewise_interpolate,
    "exponential_decay": exponential,
    "cosine_decay_schedule": cosine,
    "linear_onecycle_schedule": linear_onecycle,
    "cosine_onecycle_schedule": cosine_onecycle,
    "warmup_constant_schedule": warmup_constant,
    "warmup_cosine_decay_schedule": warmup_cosine,
    "warmup_exponential_decay_schedule": warmup_exponential,
    "sgdr_schedule": sgdr,
    "join_schedules": join_schedules,
    "reduce_on_plateau": plateau,
}


def from_optax(name, /, **parameters):
    """The schedule ``optax.<name>(**parameters)``, with optax' names and defaults.

    ``join_schedules`` takes schedules of lrcore. ``reduce_on_plateau`` gives a `Plateau`, scaled by
    init_value (1 in optax, where it multiplies the updates). Settings in which optax falls back to a
    constant with a log message (horizons of 0) are refused.

    Raises ValueError for another name, TypeError for parameters that optax does not have; values are
    checked by the schedule. Version: optax 0.2.8. Explained in chapters 06 and 07.

    >>> from_optax("exponential_decay", init_value=0.1, transition_steps=10, decay_rate=0.5, end_value=0.01)
    clip(Exponential(eta0=0.1, gamma=0.5, every=10), 0.01, None)
    """
    return adapted("optax", OPTAX, name, parameters)


def _later(schedule, begin):
    return shift(schedule, -begin) if begin > 0 else schedule


def _scaled(init_value, boundaries_and_scales):
    """The values between boundaries, and the boundaries in order."""
    pairs = sorted((boundaries_and_scales or {}).items())
    return list(accumulate([init_value, *(scale for _, scale in pairs)], mul)), [at for at, _ in pairs]
