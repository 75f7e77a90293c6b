"""The learning-rate range test on a reader's own model."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import torch

from .. import validate
from ..analysis.range_rules import disagreement, smoothed, suggestions
from .untouched import untouched

SEE = validate.PRACTICE
SPACINGS = {"exponential": np.geomspace, "linear": np.linspace}


@dataclass(frozen=True, eq=False)
class RangeTest:
    """The curve of a range test and what five rules read off it.

    ``rates`` (n,), ``losses`` (n,) raw, ``smooth`` (n,) their `smoothed` average; ``stopped``: "at the end",
    "blow-up" or "not finite"; ``suggestions`` a dict from rule to rate; ``disagreement`` the largest of them
    divided by the smallest.
    """

    rates: np.ndarray
    losses: np.ndarray
    smooth: np.ndarray
    stopped: str
    suggestions: dict
    disagreement: float

    def __repr__(self):
        found = ", ".join(f"{rule} {rate:.3g}" for rule, rate in self.suggestions.items())
        span = f"{len(self.rates)} rates from {self.rates[0]:.3g} to {self.rates[-1]:.3g}"
        return f"RangeTest({span}, stopped {self.stopped}: {found}; they differ {self.disagreement:.3g}-fold)"

    def to_dict(self):
        """All of it as plain numbers and lists, for JSON."""
        arrays = {name: getattr(self, name).tolist() for name in ("rates", "losses", "smooth")}
        rest = {"suggestions": dict(self.suggestions), "disagreement": float(self.disagreement)}
        return arrays | {"stopped": self.stopped} | rest


def range_test(
    model,
    loss_fn,
    batches,
    optimizer=None,
    low=1e-7,
    high=10.0,
    steps=100,
    *,
    spacing="exponential",
    blow_up=4.0,
):
    """Train for a few steps at rising rates, record the loss at each, and put everything back.

    Step k trains on the next batch with rate low (high/low)^(k/(steps-1)), or low + (high - low) k/(steps-1)
    with ``spacing="linear"``. The test stops when a loss is not finite, or when the average loss exceeds
    `blow_up` times the lowest so far. Afterwards, also after an exception, parameters, buffers, gradients,
    modes, optimizer and random numbers are as before, bit by bit.

    Parameters
    ----------
    model : torch.nn.Module, in the mode (train or eval) in which the test should run
    loss_fn : function of (model(inputs), targets) that returns one number with a gradient
    batches : iterable of (inputs, targets), such as a DataLoader or a list; started again when it ends
    optimizer : a torch optimizer of the model; None for ``torch.optim.SGD``. All groups get the same rate.
    low, high : 0 < low < high, in the optimizer's units of a rate
    steps : int >= 2
    blow_up : > 1; inf never stops

    Returns a `RangeTest`. A fast sweep overestimates: directions in which x already is at rest need time to
    show that they are unstable. Raises ValueError or TypeError for settings that are not as above and
    batches that hold no pairs,
    or an optimizer of another model.

    Source: L. N. Smith, WACV 2017, section 3.3 (linear, on the accuracy). Explained in chapter 11.

    >>> _ = torch.manual_seed(0)
    >>> model, x, y = torch.nn.Linear(2, 1), torch.randn(64, 2), torch.randn(64, 1)
    >>> found = range_test(model, torch.nn.functional.mse_loss, [(x, y)], low=1e-4)
    >>> found.stopped, bool(found.disagreement > 2)
    ('blow-up', True)
    """
    low = validate.number(low, "low", low=0, low_allowed=False, see=SEE)
    high = validate.number(high, "high", low=low, low_allowed=False, see=SEE)
    steps = validate.count(steps, "steps", low=2, see=SEE)
    validate.choice(spacing, "spacing", tuple(SPACINGS), SEE)
    limit = validate.real_array(blow_up, "blow_up", SEE)
    if limit.ndim or not limit > 1:
        raise validate.wrong_value(f"blow_up must be greater than 1, got {validate.shown(blow_up)}", SEE)
    checked_model(model, loss_fn)
    if not (optimizer is None or isinstance(optimizer, torch.optim.Optimizer)):
        raise validate.wrong_type(
            f"optimizer must be a torch optimizer, got {validate.shown(optimizer)}", SEE
        )
    if optimizer is not None and not _trains(optimizer, model):
        raise validate.wrong_value("the optimizer holds no parameter of this model, it cannot train it", SEE)
    if not hasattr(batches, "__iter__"):
        raise validate.wrong_type(
            f"batches must be a list or a DataLoader of (inputs, targets), got {validate.shown(batches)}", SEE
        )
    rates = SPACINGS[spacing](low, high, steps)
    with untouched(model, optimizer, batches):
        if optimizer is None:
            optimizer = torch.optim.SGD(trainable(model), lr=low)
        losses, stopped = _sweep(model, loss_fn, pairs(batches), optimizer, rates, blow_up)
    rates, losses = rates[: len(losses)], np.array(losses)
    found = suggestions(rates, losses)
    return RangeTest(rates, losses, smoothed(losses), stopped, found, disagreement(found))


def _sweep(model, loss_fn, batches, optimizer, rates, blow_up):
    losses, average, best, beta = [], 0.0, np.inf, 0.98
    for k, rate in enumerate(rates):
        for group in optimizer.param_groups:
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = float(rate)
        loss = optimizer.step(_closure(model, loss_fn, optimizer, *next(batches)))
        losses.append(loss.item())
        if not isfinite(losses[-1]):
            return losses, "not finite"
        average = beta * average + (1 - beta) * losses[-1]
        now = average / (1 - beta ** (k + 1))
        best = min(best, now)
        if now - best > (blow_up - 1) * abs(best):
            return losses, "blow-up"
    return losses, "at the end"


def _closure(model, loss_fn, optimizer, inputs, targets):
    """The loss with its gradient, as a function: some optimizers, such as LBFGS, ask for it repeatedly."""

    def closure():
        optimizer.zero_grad()
        loss = one_number(loss_fn(model(inputs), targets))
        loss.backward()
        return loss.detach()

    return closure


def pairs(batches):
    """(inputs, targets) for ever, from the start again when they end."""
    while True:
        empty = True
        for batch in batches:
            empty = False
            if not isinstance(batch, (tuple, list)) or len(batch) != 2:
                raise validate.wrong_type(
                    f"a batch must be a pair (inputs, targets), got {type(batch).__name__}", SEE
                )
            yield batch
        if empty:
            raise validate.wrong_value(
                "batches ended and cannot be started again: give a list or a DataLoader, not a generator", SEE
            )


def checked_model(model, loss_fn):
    """A TypeError or ValueError unless the model is a module that can learn and loss_fn a function."""
    if not isinstance(model, torch.nn.Module):
        raise validate.wrong_type(f"model must be a torch.nn.Module, got {validate.shown(model)}", SEE)
    if not callable(loss_fn):
        raise validate.wrong_type(
            f"loss_fn must be a function of (outputs, targets), got {validate.shown(loss_fn)}", SEE
        )
    if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in model.parameters()):
        raise validate.wrong_value("a lazy model has no parameters yet: call it once on a batch first", SEE)
    if not trainable(model):
        raise validate.wrong_value(
            "the model has no parameter with requires_grad, nothing can be learnt", SEE
        )


def trainable(model):
    return [p for p in model.parameters() if p.requires_grad]


def _trains(optimizer, model):
    own = {id(p) for p in trainable(model)}
    return any(id(p) in own for group in optimizer.param_groups for p in group["params"])


def one_number(loss):
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1 or not loss.requires_grad:
        raise validate.wrong_type(
            f"loss_fn must return one number with a gradient, got {validate.shown(loss)}", SEE
        )
    return loss.reshape(())
