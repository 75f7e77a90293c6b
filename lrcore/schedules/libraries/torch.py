"""``torch.optim.lr_scheduler``: the base rate is the optimizer's lr, ``base_lr`` here."""

from ... import validate
from ..compose.join import join
from ..compose.product import Product
from ..cosine import Cosine
from ..cosine_restarts import CosineRestarts
from ..cyclic import Cyclic
from ..exponential import Exponential
from ..linear import Linear
from ..multistep import MultiStep
from ..one_cycle import OneCycle
from ..piecewise import Piecewise
from ..plateau import Plateau
from ..polynomial import Polynomial
from ..step import Step
from .adapted import adapted, not_covered


def constant(base_lr, factor=1 / 3, total_iters=5):
    validate.number(factor, "factor", low=0, high=1, see=validate.DECAY)
    return Piecewise([base_lr * factor, base_lr], at=[total_iters])


def linear(base_lr, start_factor=1 / 3, end_factor=1.0, total_iters=5):
    validate.number(start_factor, "start_factor", low=0, high=1, low_allowed=False, see=validate.DECAY)
    validate.number(end_factor, "end_factor", low=0, high=1, see=validate.DECAY)
    return Linear(base_lr * start_factor, total_iters, base_lr * end_factor)


def polynomial(base_lr, total_iters=5, power=1.0):
    return Polynomial(base_lr, total_iters, power)


def step(base_lr, step_size, gamma=0.1):
    return Step(base_lr, step_size, gamma)


def multistep(base_lr, milestones, gamma=0.1):
    return MultiStep(base_lr, sorted(milestones), gamma)


def exponential(base_lr, gamma):
    return Exponential(base_lr, gamma)


def cosine(base_lr, T_max, eta_min=0.0):
    return Cosine(base_lr, T_max, eta_min, after="mirror")


def warm_restarts(base_lr, T_0, T_mult=1, eta_min=0.0):
    return CosineRestarts(base_lr, T_0, T_mult, eta_min)


def one_cycle(
    max_lr,
    total_steps=None,
    epochs=None,
    steps_per_epoch=None,
    pct_start=0.3,
    anneal_strategy="cos",
    cycle_momentum=True,
    base_momentum=0.85,
    max_momentum=0.95,
    div_factor=25.0,
    final_div_factor=1e4,
    three_phase=False,
):
    if total_steps is None:
        if epochs is None or steps_per_epoch is None:
            raise not_covered("OneCycleLR without total_steps or both epochs and steps_per_epoch")
        total_steps = epochs * steps_per_epoch
    anneal = {"cos": "cosine"}.get(anneal_strategy, anneal_strategy)
    return OneCycle(max_lr, total_steps, pct_start, div_factor, final_div_factor, anneal, three_phase)


def cyclic(
    base_lr,
    max_lr,
    step_size_up=2000,
    step_size_down=None,
    mode="triangular",
    gamma=1.0,
    cycle_momentum=True,
    base_momentum=0.8,
    max_momentum=0.9,
):
    return Cyclic(base_lr, max_lr, step_size_up, step_size_down, mode, gamma)


def lambda_(base_lr, lr_lambda):
    return Product((base_lr, lr_lambda))


def sequential(schedulers, milestones):
    return join(schedulers, at=milestones)


MULTIPLICATIVE = (Step, MultiStep, Piecewise, Linear, Polynomial, Exponential, Cosine)


def chained(base_lr, schedulers):
    for one in schedulers:
        if not isinstance(one, MULTIPLICATIVE) or getattr(one, "eta_min", 0) > 0:
            raise not_covered(
                f"{one!r} in a ChainedScheduler does not multiply the rate by a factor of its own"
            )
    return Product((base_lr ** (1 - len(schedulers)), *schedulers))


def plateau(
    base_lr,
    mode="min",
    factor=0.1,
    patience=10,
    threshold=1e-4,
    threshold_mode="rel",
    cooldown=0,
    min_lr=0.0,
    eps=1e-8,
):
    validate.choice(threshold_mode, "threshold_mode", ("rel", "abs"), validate.CYCLES)
    rtol, atol = (threshold, 0.0) if threshold_mode == "rel" else (0.0, threshold)
    return Plateau(base_lr, factor, patience, rtol, atol, mode, cooldown, min_lr, eps, "torch")


TORCH = {
    "ConstantLR": constant,
    "LinearLR": linear,
    "PolynomialLR": polynomial,
    "StepLR": step,
    "MultiStepLR": multistep,
    "ExponentialLR": exponential,
    "CosineAnnealingLR": cosine,
    "CosineAnnealingWarmRestarts": warm_restarts,
    "OneCycleLR": one_cycle,
    "CyclicLR": cyclic,
    "LambdaLR": lambda_,
    "SequentialLR": sequential,
    "ChainedScheduler": chained,
    "ReduceLROnPlateau": plateau,
}


def from_torch(name, /, **parameters):
    """The schedule of ``torch.optim.lr_scheduler.<name>(optimizer, **parameters)``.

    base_lr is the optimizer's lr; all other parameters and defaults are torch's. The parameters of cycled
    momentum are accepted and change nothing here (see `OneCycle.momentum`). ``SequentialLR`` and
    ``ChainedScheduler`` take schedules in place of schedulers. ChainedScheduler is a product only for
    schedulers that multiply, and a chained cosine only up to T_max. ``MultiplicativeLR`` has no closed form
    and is missing. ``ReduceLROnPlateau`` gives a `Plateau`.

    Raises ValueError for another name, TypeError for parameters that torch does not have; values are
    checked by the schedule. Version: torch 2.13. Explained in chapters 06 and 07.

    >>> from_torch("CosineAnnealingLR", base_lr=0.1, T_max=50)
    Cosine(eta0=0.1, T=50, after='mirror')
    """
    return adapted("torch", TORCH, name, parameters)
