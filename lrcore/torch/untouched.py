"""What a measurement on a reader's model must leave as it was."""

import copy
import random
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def untouched(model, optimizer=None, batches=None):
    """Within it a model can be trained; afterwards, or after an exception, all is as it was, bit by bit:

    parameters and buffers, gradients, the train or eval mode of every module, the optimizer with its state
    and settings, and the random numbers of Python, NumPy, torch (CPU and CUDA) and of the generators of a
    DataLoader. All tensors stay the same objects, so that whatever else refers to them goes on working.
    What a model keeps outside parameters and buffers is not seen.
    """
    tables = [table for m in model.modules() for table in (m._parameters, m._buffers)]
    tables = [(table, dict(table)) for table in tables]
    tensors = {id(t): t for _, before in tables for t in before.values() if t is not None}
    for group in [] if optimizer is None else optimizer.param_groups:
        tensors |= {id(p): p for p in group["params"]}
    values = [(t, t.detach().clone()) for t in tensors.values()]
    gradients = [
        (t, t.grad, None if t.grad is None else t.grad.clone()) for t in tensors.values() if t.is_leaf
    ]
    modes = [(m, m.training) for m in model.modules()]
    rewind = _random_numbers(batches)
    attributes = None if optimizer is None else _work_on_copies(optimizer, tensors)
    try:
        yield
    finally:
        if optimizer is not None:
            vars(optimizer).clear()
            vars(optimizer).update(attributes)
        for table, before in tables:
            table.clear()
            table.update(before)
        with torch.no_grad():
            for t, value in values:
                t.copy_(value)
            for t, gradient, value in gradients:
                t.grad = gradient
                if gradient is not None:
                    gradient.copy_(value)
        for m, training in modes:
            m.training = training
        rewind()


def _work_on_copies(optimizer, tensors):
    """Give the optimizer copies of all it has but the parameters; returns what it had."""
    attributes = dict(vars(optimizer))
    vars(optimizer).update(copy.deepcopy(attributes, dict(tensors)))  # what stands in this memo is not copied
    return attributes


def _random_numbers(batches):
    """A function that turns all random numbers back to where they are now."""
    owners = (batches, getattr(batches, "sampler", None))
    generators = [getattr(owner, "generator", None) for owner in owners]
    generators = [(g, g.get_state()) for g in generators if isinstance(g, torch.Generator)]
    python, cpu = random.getstate(), torch.get_rng_state()
    numpy = np.random.get_state()  # noqa: NPY002 - the global one, because a reader's dataset may use it
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []

    def rewind():
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        torch.set_rng_state(cpu)
        torch.cuda.set_rng_state_all(cuda)
        for generator, state in generators:
            generator.set_state(state)

    return rewind
