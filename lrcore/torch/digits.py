"""Real data for comparisons: scikit-learn's digits, a small network, and a loop with nothing hidden.

The task is made hard enough for rates to matter. 1000 images train, in batches of 8, and a tenth of their
labels is replaced by a random digit, so that gradients stay noisy until the end: without that, the network
learns all images by heart, the noise dies out by itself, and a constant rate is as good as any schedule. 397
images choose the rate and 400 judge it; their labels are right. The split is the same for all seeds: a seed
makes the initial weights and the order of the images, so that runs of one seed are pairs.
"""

from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from ..arguments import rates_of_steps
from ..schedules import Plateau
from ..validate import DECAY, count, number, shown, wrong_type, wrong_value

PLAIN = torch.optim.SGD
MOMENTUM = partial(torch.optim.SGD, momentum=0.9)
WRONG_LABELS = 0.1


class Digits(NamedTuple):
    """Three pairs of images (n, 64), pixels from 0 to 1, and labels (n,)."""

    train: tuple
    validation: tuple
    test: tuple


class Row(NamedTuple):
    """After k steps: two losses (mean cross-entropy, nats), and how many test images are misread, percent."""

    k: int
    train: float
    validation: float
    error: float


@cache
def load(wrong_labels=WRONG_LABELS):
    """The digits, split; this part of the training labels is replaced by random ones (some are right)."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(x))
    x, y = torch.tensor(x[order] / 16), torch.tensor(y[order])
    wrong = rng.random(1000) < wrong_labels
    y[:1000][torch.from_numpy(wrong)] = torch.from_numpy(rng.integers(0, 10, wrong.sum()))
    return Digits((x[:1000], y[:1000]), (x[1000:1397], y[1000:1397]), (x[1397:], y[1397:]))


def mlp(seed=0, hidden=(32,), gain=1.0):
    """64 -> hidden layers with tanh -> 10, in double precision; weights N(0, gain^2/fan_in), biases 0."""
    torch.manual_seed(seed)
    sizes = (64, *hidden, 10)
    layers = [torch.nn.Linear(*pair) for pair in pairwise(sizes)]
    for layer in layers:
        torch.nn.init.normal_(layer.weight, std=gain / layer.in_features**0.5)
        torch.nn.init.zeros_(layer.bias)
    parts = [part for layer in layers for part in (layer, torch.nn.Tanh())]
    return torch.nn.Sequential(*parts[:-1]).double()


def train(
    eta,
    seed=0,
    *,
    schedule=None,
    optimizer=MOMENTUM,
    steps=1000,
    batch=8,
    momentum=None,
    at=None,
    model=mlp,
):
    """Train on digits at the rate eta * schedule(k), and yield a `Row` after each of the steps `at`.

    Parameters
    ----------
    eta : the rate, which the schedule multiplies
    seed : of the initial weights and of the order of the images
    schedule : function k -> factor, or a `Plateau`; None for a constant rate
        A schedule with peak 1. A `Plateau` sees the validation loss at the end of every epoch.
    optimizer : function (parameters, lr=eta) that makes a torch optimizer
    steps, batch : number of steps, and of images in one; an epoch is a permutation, its last part is dropped
    momentum : function k -> beta for an optimizer with a setting of that name; None leaves it alone
    at : steps after which to measure; None for 10, 20 and the quarters of the run
    model : function of the seed that makes the network

    Stops at the first loss of a batch that is not finite. Sets torch to one thread, for results that
    repeat. Raises ValueError or TypeError for a negative rate or seed, no steps, or a batch that is larger
    than the data. Explained in chapter 06.

    >>> for row in train(0.01, seed=0, steps=200, at=[0, 200]):
    ...     print(f"{row.k:3d}: train {row.train:.1f}, validation {row.validation:.1f}")
      0: train 2.3, validation 2.3
    200: train 0.9, validation 0.6
    """
    torch.set_num_threads(1)
    data = load()
    x, y = data.train
    eta = number(eta, "eta", low=0, see=DECAY)
    seed = count(seed, "seed", low=0, see=DECAY)
    steps, batch = count(steps, "steps", see=DECAY), count(batch, "batch", see=DECAY)
    if batch > len(x):
        raise wrong_value(f"batch must be at most {len(x)}, the images there are, got {batch}", DECAY)
    if at is not None and not np.iterable(at):
        raise wrong_type(f"at must be a sequence of steps, got {shown(at)}", DECAY)
    at = {10, 20, *(steps * part // 4 for part in (1, 2, 3, 4))} if at is None else set(at)
    net = model(seed)
    plateau = schedule if isinstance(schedule, Plateau) else None
    factors = np.ones(steps) if schedule is None or plateau else rates_of_steps(schedule, steps)
    state = plateau and plateau.init()
    update = optimizer(net.parameters(), lr=eta)
    batches = _batches(len(x), batch, np.random.default_rng(seed))
    for k in range(steps):
        if k in at:
            yield measured(k, net, data)
        if plateau and k and k % (len(x) // batch) == 0:
            factors[k:], state = plateau(measured(k, net, data).validation, state)
        for group in update.param_groups:
            group["lr"] = eta * factors[k]
            if momentum is not None:
                group["momentum"] = momentum(k)
        picked = next(batches)
        loss = functional.cross_entropy(net(x[picked]), y[picked])
        update.zero_grad()
        loss.backward()
        update.step()
        if not loss.isfinite():
            break
    yield measured(k + 1, net, data)


def measured(k, net, data):
    """The `Row` of a network after k steps."""
    with torch.no_grad():
        train, validation = (float(functional.cross_entropy(net(x), y)) for x, y in data[:2])
        x, y = data.test
        return Row(k, train, validation, 100 * float((net(x).argmax(1) != y).double().mean()))


def _batches(n, size, rng):
    while True:
        order = torch.from_numpy(rng.permutation(n))
        yield from order[: n - n % size].view(-1, size)
