"""Schedules: pure functions of the step that take an int or an integer array."""

import pickle

import numpy as np
import pytest

from lrcore.schedules import Constant


def test_constant_has_one_value_at_every_step_and_the_shape_of_k():
    schedule = Constant(0.25)
    assert schedule(0) == schedule(10**9) == schedule(np.int64(3)) == 0.25 and isinstance(schedule(0), float)
    assert np.array_equal(schedule(np.arange(5)), np.full(5, 0.25))
    assert schedule(np.zeros((2, 3), dtype=np.uint8)).shape == (2, 3)
    assert schedule([0, 1, 2]).tolist() == [0.25] * 3


def test_schedules_are_values():
    assert Constant(0.1) == Constant(0.1) != Constant(0.2) and repr(Constant(0.1)) == "Constant(eta0=0.1)"
    assert pickle.loads(pickle.dumps(Constant(0.1))) == Constant(0.1)
    with pytest.raises(AttributeError):
        Constant(0.1).eta0 = 0.2


@pytest.mark.parametrize("eta0", [0.0, -0.1, np.nan, np.inf])
def test_a_rate_out_of_range_is_told(eta0):
    with pytest.raises(ValueError, match="eta0 must be .*chapter 01"):
        Constant(eta0)


@pytest.mark.parametrize("eta0", ["0.1", None, 1j, True, [0.1, 0.2]])
def test_what_is_not_one_number_is_told(eta0):
    with pytest.raises(TypeError, match="eta0 must be .*chapter 01"):
        Constant(eta0)


@pytest.mark.parametrize("k", [0.5, np.array([0.0, 1.0]), "0", None, True])
def test_steps_are_whole_numbers(k):
    with pytest.raises(TypeError, match="whole number"):
        Constant(0.1)(k)


def test_steps_count_from_zero():
    with pytest.raises(ValueError, match="count from 0"):
        Constant(0.1)(np.array([0, -1]))
