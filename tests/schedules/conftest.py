"""The five libraries that schedules are compared with. They are installed for the tests only."""

import importlib
import importlib.util
import os
import sys
import types
from contextlib import contextmanager
from unittest.mock import MagicMock

import pytest

os.environ["KERAS_BACKEND"] = "torch"  # numpy and jax would compute in float32 even when told otherwise


@contextmanager
def shell(name, **modules):
    """For a while `name` is an empty package in its place, with `modules` given: its files can be imported.

    Only these names are taken back afterwards. Restoring sys.modules as a whole would throw out torch too,
    if it was first imported here, and torch does not survive a second import.
    """
    package = types.ModuleType(name)
    package.__path__ = list(importlib.util.find_spec(name).submodule_search_locations)
    given = {name: package} | {f"{name}.{module}": value for module, value in modules.items()}
    sys.modules.update(given)
    try:
        yield
    finally:
        for one in given:
            del sys.modules[one]


@pytest.fixture(scope="session")
def timm():
    """timm.scheduler. ``import timm`` asks for torchvision, which the schedulers do not use."""
    with shell("timm"):
        return importlib.import_module("timm.scheduler")


@pytest.fixture(scope="session")
def transformers():
    """transformers.optimization, the file as it is.

    ``import transformers`` asks for tokenizers and a hub client. The file itself takes three modules from
    it, for a logger, an enum and two classes that no schedule uses.
    """
    with shell("transformers", trainer_pt_utils=MagicMock(), trainer_utils=MagicMock(), utils=MagicMock()):
        return importlib.import_module("transformers.optimization")


@pytest.fixture(scope="session")
def keras():
    """keras, computing in float64."""
    import keras

    keras.config.set_floatx("float64")
    return keras


@pytest.fixture
def keras_in_float32(keras):
    """keras as it computes unless told otherwise."""
    keras.config.set_floatx("float32")
    yield keras
    keras.config.set_floatx("float64")


@pytest.fixture(scope="session")
def optax():
    """optax, computing in float64."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    return optax


@pytest.fixture(scope="session")
def stepped():
    """`stepped(make, lr, steps)`: the rates that the scheduler make(optimizer) sets, step by step."""
    import torch

    def stepped(make, lr, steps, group=0):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr, momentum=0.9)
        scheduler = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[group]["lr"])
            optimizer.step()
            scheduler.step()
        return rates

    return stepped
