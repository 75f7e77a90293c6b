"""to_torch is a real LRScheduler with absolute rates; from_torch_scheduler records and touches nothing."""

import copy
import io
import warnings

import numpy as np
import pytest
import torch
from promises import EXAMPLES
from torch.optim import lr_scheduler

from lrcore.schedules import Cosine, Exponential, Linear, LinearWarmup, Table, join, per_layer
from lrcore.torch import from_torch_scheduler, to_torch

SCHEDULE = join([LinearWarmup(0.1, 10), Cosine(0.1, 90)], at=[10])


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def parameters(n=1):
    return [torch.nn.Parameter(torch.ones(3)) for _ in range(n)]


def train(optimizer, scheduler, steps, group=0):
    """As torch asks for it; the rates that updates were made with."""
    rates = []
    for _ in range(steps):
        optimizer.zero_grad()
        sum((p**2).sum() for g in optimizer.param_groups for p in g["params"]).backward()
        rates.append(float(optimizer.param_groups[group]["lr"]))
        optimizer.step()
        scheduler.step()
    return np.array(rates)


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_rates_are_absolute_and_exact(schedule):
    optimizer = torch.optim.SGD(parameters(), lr=123.0)
    scheduler = to_torch(schedule, optimizer)
    assert isinstance(scheduler, lr_scheduler.LRScheduler)
    assert np.array_equal(train(optimizer, scheduler, 40), schedule(np.arange(40)))
    assert scheduler.get_last_lr() == [schedule(40)]


def test_state_dict_round_trip_through_a_safe_file():
    optimizer = torch.optim.Adam(parameters(), lr=1.0)
    scheduler = to_torch(SCHEDULE, optimizer)
    train(optimizer, scheduler, 37)
    file = io.BytesIO()
    torch.save({"optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}, file)
    file.seek(0)
    saved = torch.load(file, weights_only=True)

    fresh = torch.optim.Adam(parameters(), lr=1.0)
    resumed = to_torch(SCHEDULE, fresh)
    fresh.load_state_dict(saved["optimizer"])
    resumed.load_state_dict(saved["scheduler"])
    assert resumed.get_last_lr() == scheduler.get_last_lr() == [SCHEDULE(37)]
    assert resumed.state_dict() == scheduler.state_dict()
    assert np.array_equal(train(fresh, resumed, 50), SCHEDULE(np.arange(37, 87)))


def test_the_order_of_loading_does_not_matter():
    """Even without the optimizer's state the rate is right: it depends on the step alone."""
    first = to_torch(SCHEDULE, torch.optim.SGD(parameters(), lr=1.0))
    first.optimizer.step()
    first.step()
    fresh = torch.optim.SGD(parameters(), lr=1.0)
    resumed = to_torch(SCHEDULE, fresh)
    resumed.load_state_dict(first.state_dict())
    assert fresh.param_groups[0]["lr"] == SCHEDULE(1)


def test_another_schedule_is_noticed_when_a_run_goes_on():
    state = to_torch(SCHEDULE, torch.optim.SGD(parameters(), lr=1.0)).state_dict()
    other = to_torch(Cosine(0.1, 100), torch.optim.SGD(parameters(), lr=1.0))
    with pytest.raises(
        ValueError, match=r"saved with .*join|saved with .*Join.*to_torch\(schedule, optimizer, k="
    ):
        other.load_state_dict(state)


@pytest.mark.parametrize("k", [0, 1, 25, 1000])
def test_start_in_the_middle(k):
    optimizer = torch.optim.SGD(parameters(), lr=1.0)
    scheduler = to_torch(SCHEDULE, optimizer, k=k)
    assert np.array_equal(train(optimizer, scheduler, 20), SCHEDULE(np.arange(k, k + 20)))


def test_param_groups_with_rates_of_their_own():
    layers = per_layer(SCHEDULE, layers=3, decay=1 / 2.6)
    optimizer = torch.optim.SGD([{"params": parameters()} for _ in range(3)], lr=1.0)
    scheduler = to_torch(layers, optimizer)
    train(optimizer, scheduler, 12)
    assert scheduler.get_last_lr() == [layer(12) for layer in layers]
    state = scheduler.state_dict()
    scheduler.load_state_dict(state)
    assert scheduler.get_last_lr() == [layer(12) for layer in layers]


def test_one_schedule_is_for_all_groups_and_for_those_added_later():
    optimizer = torch.optim.SGD([{"params": parameters(), "lr": 3.0}, {"params": parameters()}], lr=1.0)
    scheduler = to_torch(SCHEDULE, optimizer)
    train(optimizer, scheduler, 3)
    assert scheduler.get_last_lr() == [SCHEDULE(3)] * 2
    optimizer.add_param_group({"params": parameters()})
    train(optimizer, scheduler, 2)
    assert scheduler.get_last_lr() == [SCHEDULE(5)] * 3


@pytest.mark.parametrize("optimizer", [torch.optim.Adam, torch.optim.SGD, torch.optim.AdamW])
def test_a_tensor_lr_is_filled_in_place(optimizer):
    lr = torch.tensor(1.0)
    optimizer = optimizer(parameters(), lr=lr)
    assert optimizer.param_groups[0]["lr"] is lr
    scheduler = to_torch(SCHEDULE, optimizer)
    assert optimizer.param_groups[0]["lr"] is lr and float(lr) == 0.0
    np.testing.assert_allclose(train(optimizer, scheduler, 20), SCHEDULE(np.arange(20)), rtol=1e-6)
    assert optimizer.param_groups[0]["lr"] is lr


def test_a_tensor_lr_shared_by_groups_is_parted():
    """SGD(groups, lr=tensor) puts one tensor into all groups; filling it for one would set them all."""
    optimizer = torch.optim.SGD([{"params": parameters()} for _ in range(2)], lr=torch.tensor(1.0))
    scheduler = to_torch(per_layer(SCHEDULE, 2, 0.5), optimizer)
    train(optimizer, scheduler, 10)
    assert [float(g["lr"]) for g in optimizer.param_groups] == pytest.approx([0.05, 0.1])


def test_as_part_of_a_sequence():
    """SequentialLR starts its parts at their own 0."""
    optimizer = torch.optim.SGD(parameters(), lr=1.0)
    parts = [to_torch(LinearWarmup(0.1, 10), optimizer), to_torch(Cosine(0.1, 90), optimizer)]
    scheduler = lr_scheduler.SequentialLR(optimizer, parts, [10])
    assert np.array_equal(train(optimizer, scheduler, 60), SCHEDULE(np.arange(60)))


def test_a_plain_function_is_a_schedule_too():
    optimizer = torch.optim.SGD(parameters(), lr=1.0)
    scheduler = to_torch(lambda k: 0.5 / (1 + k), optimizer)
    np.testing.assert_allclose(train(optimizer, scheduler, 5), 0.5 / (1 + np.arange(5)), rtol=1e-15)
    scheduler.load_state_dict(scheduler.state_dict())
    assert scheduler.get_last_lr() == [pytest.approx(0.5 / 6)]


def test_the_wrong_order_is_still_told():
    scheduler = to_torch(SCHEDULE, torch.optim.SGD(parameters(), lr=1.0))
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda o: to_torch(0.1, o), TypeError, "must be a schedule or a function of the step"),
        (
            lambda o: to_torch([SCHEDULE] * 2, o),
            ValueError,
            "1 param groups and needs as many schedules, got 2",
        ),
        (lambda o: to_torch(SCHEDULE, o, k=-1), ValueError, "k must be at least 0"),
        (lambda o: to_torch(SCHEDULE, o, k=1.5), TypeError, "k must be a whole number"),
        (lambda o: from_torch_scheduler(to_torch(SCHEDULE, o), 0), ValueError, "steps must be at least 1"),
        (
            lambda o: from_torch_scheduler(to_torch(SCHEDULE, o), 3, group=1),
            ValueError,
            r"group must be in \[0, 0\]",
        ),
        (lambda o: from_torch_scheduler(lr_scheduler.ReduceLROnPlateau(o), 3), ValueError, "needs metrics"),
    ],
)
def test_errors(make, error, text):
    with pytest.raises(error, match=text):
        make(torch.optim.SGD(parameters(), lr=1.0))


MAKERS = {
    "StepLR": lambda o: lr_scheduler.StepLR(o, 7, 0.5),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 30, 0.01),
    "OneCycleLR": lambda o: lr_scheduler.OneCycleLR(o, 0.5, 100),
    "CyclicLR": lambda o: lr_scheduler.CyclicLR(o, 0.01, 0.1, 9),
    "MultiplicativeLR": lambda o: lr_scheduler.MultiplicativeLR(o, lambda k: 0.95 if k % 2 else 1.0),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1), lr_scheduler.ExponentialLR(o, 0.9)], [5]
    ),
    "ChainedScheduler": lambda o: lr_scheduler.ChainedScheduler(
        [lr_scheduler.ConstantLR(o), lr_scheduler.ExponentialLR(o, 0.9)]
    ),
    "to_torch": lambda o: to_torch(SCHEDULE, o),
}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("done", [0, 13])
def test_recording_touches_nothing(name, done):
    optimizer = torch.optim.SGD(parameters(2), lr=0.3, momentum=0.9)
    scheduler = MAKERS[name](optimizer)
    train(optimizer, scheduler, done)
    values = [p.detach().clone() for g in optimizer.param_groups for p in g["params"]]
    before = copy.deepcopy((optimizer.state_dict(), scheduler.state_dict()))

    recorded = from_torch_scheduler(scheduler, steps=40)

    assert isinstance(recorded, Table)
    after = optimizer.state_dict(), scheduler.state_dict()
    assert str(after) == str(before)
    assert all(
        torch.equal(a, b)
        for a, b in zip(values, (p for p in optimizer.param_groups[0]["params"]), strict=True)
    )
    assert np.array_equal(train(optimizer, scheduler, 40), recorded(np.arange(40)))


def test_recording_a_group_and_a_plateau():
    optimizer = torch.optim.SGD([{"params": parameters()}, {"params": parameters(), "lr": 0.5}], lr=1.0)
    recorded = from_torch_scheduler(lr_scheduler.ExponentialLR(optimizer, 0.5), steps=5, group=1)
    assert recorded.values == (0.5, 0.25, 0.125, 0.0625, 0.03125)
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)
    assert from_torch_scheduler(plateau, 4, metrics=[1.0, 1.0, 1.0]).values == pytest.approx(
        (1.0, 1.0, 0.1, 0.01)
    )
    assert plateau.last_epoch == 0 and optimizer.param_groups[0]["lr"] == 1.0


def test_recording_needs_no_second_copy_of_the_model():
    """A copy of the parameters of a large model might not fit."""
    large = torch.nn.Parameter(torch.empty(10_000_000))
    optimizer = torch.optim.SGD([large], lr=0.1)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.9)
    from lrcore.torch.scheduler import _light_copy

    clone = _light_copy(scheduler)
    assert sum(p.numel() for g in clone.optimizer.param_groups for p in g["params"]) == 1


def test_both_ways():
    optimizer = torch.optim.SGD(parameters(), lr=1.0)
    for schedule in (SCHEDULE, Exponential(0.1, 0.9), Linear(0.1, 20)):
        recorded = from_torch_scheduler(to_torch(schedule, optimizer), 50)
        assert np.array_equal(recorded(np.arange(50)), schedule(np.arange(50)))
