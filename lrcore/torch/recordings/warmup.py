"""Chapter 07: how long to warm up, and four reasons for doing it, each as an experiment."""

from functools import partial
from typing import NamedTuple

import torch
from torch.nn import functional

from ...schedules import Constant, Cosine, Linear, join
from ..digits import MOMENTUM, PLAIN, load, mlp, train
from ..sharpness import sharpness
from ..transformer import transformer
from .recording import Recording, grid, warmed_up

WAIT = 1e-9  # of the rate: the optimizer sees gradients and goes nowhere


def waiting(rest, steps):
    """The time of a warmup without its steps: averages fill up at the starting point, then `rest`."""
    return join([Constant(WAIT), rest], at=[steps])


def lengths(T=500):
    parts = {f"{percent} %": T * percent // 100 for percent in (0, 1, 5, 10, 20, 40)}
    return {
        name: partial(train, schedule=warmed_up(Cosine(1.0, T - w), w), steps=T) for name, w in parts.items()
    }


class Sharp(NamedTuple):
    k: int
    train: float
    validation: float
    error: float
    sharpness: float


def sharp(eta, seed, *, gain, warmup, steps=400):
    """Three hidden layers, plain SGD in batches of 50; also the sharpness of the whole training loss."""
    net = mlp(seed, hidden=(32, 32, 32), gain=gain)
    schedule, at = warmed_up(Constant(1.0), warmup), (0, 10, 20, 50, 100, 200, steps)
    options = dict(schedule=schedule, optimizer=PLAIN, steps=steps, batch=50, at=at, model=lambda seed: net)
    for row in train(eta, seed, **options):
        finite = abs(row.train) < float("inf")
        top = sharpness(net, functional.cross_entropy, load().train, tol=0.01).value if finite else row.train
        yield Sharp(*row, top)


def scaled(eta, seed, *, batch, warmup=0, epochs=16):
    """The rate is eta for a batch of 8 and grows in proportion to the batch; the epochs are kept equal."""
    epoch = 1000 // batch
    T, w = epochs * epoch, warmup * epoch
    schedule = warmed_up(Cosine(1.0, T - w), w)
    return train(eta * batch / 8, seed, schedule=schedule, optimizer=MOMENTUM, steps=T, batch=batch)


def adam(w=50, T=500):
    """What could stand in for a warmup, if it is there to wait for Adam's averages."""
    trial = partial(train, steps=T, optimizer=torch.optim.Adam, model=partial(mlp, hidden=(32, 32, 32)))
    return {
        "Adam": partial(trial, schedule=Linear(1.0, T)),
        "Adam, warmup": partial(trial, schedule=warmed_up(Linear(1.0, T - w), w)),
        "Adam, waiting": partial(trial, schedule=waiting(Linear(1.0, T - w), w)),
        "RAdam": partial(trial, schedule=Linear(1.0, T), optimizer=torch.optim.RAdam),
        "momentum": partial(trial, schedule=Linear(1.0, T), optimizer=MOMENTUM),
        "momentum, warmup": partial(trial, schedule=warmed_up(Linear(1.0, T - w), w), optimizer=MOMENTUM),
    }


FAST = ("RAdam", "momentum", "momentum, warmup")  # whose rates are larger than Adam's


def norms(w=30, T=120):
    """Six blocks of attention with the norm after each sum, or before each part."""
    shapes = {
        "": Linear(1.0, T),
        ", warmup": warmed_up(Linear(1.0, T - w), w),
        ", waiting": waiting(Linear(1.0, T - w), w),
    }
    trial = partial(train, steps=T, batch=32, optimizer=torch.optim.Adam)
    return {
        norm + name: partial(trial, schedule=shape, model=partial(transformer, post=norm == "post-norm"))
        for norm in ("post-norm", "pre-norm")
        for name, shape in shapes.items()
    }


WARMUP = {
    "07-warmup": Recording(lengths(), grid(0.009, 9), range(8), 2),
    "07-curvature": Recording(
        {
            "usual start": partial(sharp, gain=1.0, warmup=0),
            "usual start, warmup": partial(sharp, gain=1.0, warmup=100),
            "sharp start": partial(sharp, gain=2.0, warmup=0),
            "sharp start, warmup": partial(sharp, gain=2.0, warmup=100),
        },
        grid(0.05, 9),
        range(6),
        3,
    ),
    "07-adam": Recording(
        adam(), {name: grid(0.003 if name in FAST else 0.001, 9) for name in adam()}, range(6), 2
    ),
    "07-large-batch": Recording(
        {
            "8": partial(scaled, batch=8),
            "8, warmup 1": partial(scaled, batch=8, warmup=1),
            "50": partial(scaled, batch=50),
            "50, warmup 1": partial(scaled, batch=50, warmup=1),
            "250": partial(scaled, batch=250),
            "250, warmup 1": partial(scaled, batch=250, warmup=1),
            "250, warmup 4": partial(scaled, batch=250, warmup=4),
        },
        grid(0.001, 10),
        range(6),
        2,
    ),
    "07-post-norm": Recording(norms(), grid(0.001, 7), range(5), 3),
}
