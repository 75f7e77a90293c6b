"""What every schedule promises: bounds, direction, continuity, purity, and being a value."""

import pickle
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from promises import ANY, EXAMPLES, PROMISES

from lrcore import schedules
from lrcore.schedules import *  # noqa: F403  (a repr is evaluated with these names)
from lrcore.schedules import GALLERY, Schedule
from lrcore.schedules.schedule import BLOCK

STEPS = np.arange(1000)
SOME = settings(max_examples=40, deadline=None)


@pytest.mark.parametrize("name", PROMISES)
@given(data=st.data())
@SOME
def test_finite_in_bounds_and_monotone_and_continuous_where_promised(name, data):
    promise = PROMISES[name]
    schedule = data.draw(promise.random)
    eta = schedule(STEPS)
    low, high = promise.low(schedule), promise.high(schedule)
    slack = 1e-9 * high
    assert np.isfinite(eta).all() and eta.min() >= low - slack and eta.max() <= high + slack
    changes = np.diff(eta)
    if promise.direction:
        assert (promise.direction * changes >= -slack).all()
    if promise.jump:
        assert np.abs(changes).max() <= promise.jump(schedule) * (1 + 1e-9) + slack


def test_every_schedule_has_promises_and_examples():
    kinds = {
        name
        for name in schedules.__all__
        if isinstance(kind := getattr(schedules, name), type) and issubclass(kind, Schedule)
    } - {"Schedule"}
    composed = {"Clip", "Hold", "Join", "Product", "Repeat", "Shift"}
    assert {name.partition(",")[0] for name in PROMISES} == kinds - composed
    assert {type(s).__name__ for many in GALLERY.values() for s in many} == kinds


@given(ANY, st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
@SOME
def test_pure_and_vectorised_as_scalar(schedule, steps):
    """Any order, twice, one at a time or together, sorted or not."""
    together = schedule(np.array(steps))
    assert np.array_equal(schedule(steps), together)
    same(schedule(steps[::-1]), together[::-1])
    same(schedule(sorted(steps)), together[np.argsort(steps, kind="stable")])
    same(np.array([schedule(k) for k in steps]), together)
    assert all(isinstance(schedule(k), float) for k in (steps[0], np.int32(steps[0])))


def same(a, b):
    """Up to the last bit, in which a processor's vector instructions may differ from its scalar ones."""
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-15 * b.max(initial=0))


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_shapes_and_integer_types(schedule):
    k = np.arange(120)
    expected = schedule(k)
    assert expected.dtype == np.float64
    assert np.array_equal(schedule(k.reshape(2, 3, 20)), expected.reshape(2, 3, 20))
    for dtype in (np.uint8, np.int16, np.uint64):
        assert np.array_equal(schedule(k.astype(dtype)), expected)
    assert schedule(np.zeros((0, 3), dtype=int)).shape == (0, 3)
    assert np.array_equal(k, np.arange(120)), "the steps are not written on"


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_long_arrays_are_no_different(schedule):
    """They are computed block by block."""
    k = np.concatenate([np.arange(BLOCK - 3, BLOCK + 200), np.arange(2 * BLOCK, 0, -7)])
    same(schedule(k), np.concatenate([schedule(piece) for piece in np.array_split(k, 301)]))


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_the_repr_evaluates_back(schedule):
    again = eval(repr(schedule))
    assert again == schedule and hash(again) == hash(schedule) and repr(again) == repr(schedule)
    assert type(again) is type(schedule)


@given(ANY)
@SOME
def test_repr_json_and_pickle_of_random_schedules(schedule):
    for again in (
        eval(repr(schedule)),
        schedules.from_json(schedule.to_json()),
        pickle.loads(pickle.dumps(schedule)),
    ):
        assert again == schedule and hash(again) == hash(schedule)
        assert np.array_equal(again(STEPS), schedule(STEPS))


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_json_and_pickle(schedule):
    for again in (schedules.from_json(schedule.to_json()), pickle.loads(pickle.dumps(schedule))):
        assert again == schedule and np.array_equal(again(STEPS), schedule(STEPS))


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_values_are_frozen_and_differ_when_a_parameter_differs(schedule):
    name = fields(schedule)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(schedule, name, 1)
    others = [s.values[0] for s in EXAMPLES if s.values[0] is not schedule]
    assert schedule not in others and schedule != 0.1


def test_where_numbers_come_from_does_not_matter():
    plain = schedules.Cosine(0.1, 50)
    arrays = schedules.Cosine(np.float64(0.1), np.int64(50))
    assert plain == arrays and repr(plain) == repr(arrays) and plain.to_json() == arrays.to_json()
    lists = schedules.Piecewise([0.1, 0.2], [3])
    assert lists == schedules.Piecewise(np.array([0.1, 0.2]), np.array([3])) and hash(lists)
