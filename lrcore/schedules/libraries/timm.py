"""``timm.scheduler``: the base rate is the optimizer's lr, ``base_lr`` here; step(k) comes before epoch k."""

from ..compose.join import join
from ..compose.product import Product
from ..compose.shift import shift
from ..constant import Constant
from ..cosine import Cosine
from ..inverse_sqrt import InverseSqrt
from ..multistep import MultiStep
from ..plateau import Plateau
from ..polynomial import Polynomial
from ..power_law import PowerLaw
from ..step import Step
from ..wsd import DECAYS, WSD
from .adapted import adapted, after_warmup, not_covered


def cosine(
    base_lr,
    t_initial,
    lr_min=0.0,
    cycle_mul=1.0,
    cycle_decay=1.0,
    cycle_limit=1,
    warmup_t=0,
    warmup_lr_init=0.0,
    warmup_prefix=False,
    t_in_epochs=True,
    noise_range_t=None,
    k_decay=1.0,
):
    _plain(noise_range_t, k_decay)
    cycles = _cycles(Cosine, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return _warmed(cycles, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


def poly(
    base_lr,
    t_initial,
    power=0.5,
    lr_min=0.0,
    cycle_mul=1.0,
    cycle_decay=1.0,
    cycle_limit=1,
    warmup_t=0,
    warmup_lr_init=0.0,
    warmup_prefix=False,
    t_in_epochs=True,
    noise_range_t=None,
    k_decay=1.0,
):
    _plain(noise_range_t, k_decay)

    def decay(eta0, T, eta_min):
        return Polynomial(eta0, T, power, eta_min)

    cycles = _cycles(decay, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return _warmed(cycles, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


def step(
    base_lr,
    decay_t,
    decay_rate=1.0,
    warmup_t=0,
    warmup_lr_init=0.0,
    warmup_prefix=True,
    t_in_epochs=True,
    noise_range_t=None,
):
    _plain(noise_range_t)
    return _warmed(Step(base_lr, decay_t, decay_rate), base_lr, warmup_t, warmup_lr_init, warmup_prefix)


def multistep(
    base_lr,
    decay_t,
    decay_rate=1.0,
    warmup_t=0,
    warmup_lr_init=0.0,
    warmup_prefix=True,
    t_in_epochs=True,
    noise_range_t=None,
):
    _plain(noise_range_t)
    drops = MultiStep(base_lr, [max(t - 1, 0) for t in decay_t], decay_rate)
    return _warmed(drops, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


def wsd(
    base_lr,
    t_initial,
    decay_t,
    lr_min=0.0,
    stable_fn="constant",
    stable_timescale=None,
    stable_power=0.5,
    decay_fn="1-sqrt",
    warmup_t=0,
    warmup_lr_init=0.0,
    t_in_epochs=True,
    noise_range_t=None,
):
    _plain(noise_range_t)
    if decay_fn not in DECAYS:
        raise not_covered(f"decay_fn {decay_fn!r}; covered are {', '.join(DECAYS)}")
    if stable_fn == "constant":
        return WSD(base_lr, warmup_t + t_initial, warmup_t, decay_t, decay_fn, lr_min, warmup_lr_init)
    if lr_min:
        raise not_covered(f"stable_fn {stable_fn!r} with lr_min > 0")
    timescale = warmup_t if stable_timescale is None else stable_timescale
    if stable_fn == "rsqrt":
        stable = InverseSqrt(base_lr, timescale)
    elif stable_fn == "power":
        stable = PowerLaw(base_lr, stable_power, timescale)
    else:
        raise not_covered(f"stable_fn {stable_fn!r}; covered are 'constant', 'rsqrt', 'power'")
    fade = join([Constant(1.0), DECAYS[decay_fn](1.0, decay_t)], at=[t_initial - decay_t])
    return after_warmup(Product((stable, fade)), warmup_lr_init, base_lr, warmup_t)


def plateau(base_lr, decay_rate=0.1, patience_t=10, threshold=1e-4, cooldown_t=0, lr_min=0.0, mode="max"):
    return Plateau(base_lr, decay_rate, patience_t, threshold, 0.0, mode, cooldown_t, lr_min)


TIMM = {
    "CosineLRScheduler": cosine,
    "PolyLRScheduler": poly,
    "StepLRScheduler": step,
    "MultiStepLRScheduler": multistep,
    "WSDLRScheduler": wsd,
    "PlateauLRScheduler": plateau,
}


def from_timm(name, /, **parameters):
    """The schedule of ``timm.scheduler.<name>(optimizer, **parameters)``.

    base_lr is the optimizer's lr; all other parameters and defaults are timm's. The rate of epoch (or
    update) k is what ``scheduler.step(k)`` sets before it. Noise, k_decay, ``TanhLRScheduler``, and WSD
    with a decay other than "linear", "cosine" and "1-sqrt" are not covered. ``PlateauLRScheduler`` gives a
    `Plateau` (timm's mode is "max" by default), without its warmup.

    Raises ValueError for another name or a setting that is not covered, TypeError for parameters that timm
    does not have; values are checked by the schedule. Version: timm 1.0.31. Explained in chapters 06 and
    07.

    >>> from_timm("MultiStepLRScheduler", base_lr=0.1, decay_t=[10, 20], decay_rate=0.5)
    MultiStep(eta0=0.1, milestones=(9, 19), gamma=0.5)
    """
    return adapted("timm", TIMM, name, parameters)


def _plain(noise_range_t, k_decay=1.0):
    if noise_range_t is not None or k_decay != 1:
        raise not_covered("noise and k_decay of timm's schedulers")


def _cycles(make, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit):
    """make(peak, length, lr_min) for each cycle, one after the other; lr_min stays after the last."""
    lengths = [t_initial * cycle_mul**i for i in range(cycle_limit)]
    parts = [make(base_lr * cycle_decay**i, length, lr_min) for i, length in enumerate(lengths)]
    starts = [sum(lengths[:i]) for i in range(1, cycle_limit)]
    return join(parts, at=starts) if starts else parts[0]


def _warmed(schedule, base_lr, warmup_t, warmup_lr_init, warmup_prefix):
    """Without a prefix the schedule runs from step 0, unseen until the warmup is over."""
    later = schedule if warmup_prefix or not warmup_t else shift(schedule, warmup_t)
    return after_warmup(later, warmup_lr_init, base_lr, warmup_t)
