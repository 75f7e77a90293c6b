"""Schedules made of schedules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore.problems import Quadratic
from lrcore.schedules import (
    Constant,
    Cosine,
    Exponential,
    Linear,
    LinearWarmup,
    Plateau,
    Product,
    Step,
    clip,
    from_json,
    hold,
    join,
    per_layer,
    repeat,
    shift,
)

K = np.arange(200)
A, B, C = LinearWarmup(0.1, 20), Cosine(0.1, 60, 0.01), Exponential(0.05, 0.9)


def by_hand(schedules, at, k):
    """The schedule whose turn it is, at its own time."""
    turn = sum(k >= a for a in at)
    return schedules[turn](int(k) - ([0, *at][turn]))


@given(st.lists(st.integers(0, 150), min_size=2, max_size=2).map(sorted), st.randoms())
@settings(max_examples=40, deadline=None)
def test_join(at, random):
    """Each starts at its own 0; a boundary given twice, or 0, leaves one out; sorted and unsorted steps."""
    steps = K.tolist()
    random.shuffle(steps)
    joined = join([A, B, C], at=at)
    for k in (K, np.array(steps)):
        np.testing.assert_allclose(joined(k), [by_hand([A, B, C], at, one) for one in k], rtol=0, atol=1e-16)


def test_product_scale_and_bounds():
    np.testing.assert_array_equal((A * C)(K), A(K) * C(K))
    np.testing.assert_array_equal((2 * A)(K), 2 * A(K))
    np.testing.assert_array_equal((A * 0.5)(K), 0.5 * A(K))
    np.testing.assert_array_equal(clip(C, 0.01, 0.03)(K), np.clip(C(K), 0.01, 0.03))
    np.testing.assert_array_equal(clip(C, low=0.01)(K), np.maximum(C(K), 0.01))
    np.testing.assert_array_equal(clip(C, high=0.01)(K), np.minimum(C(K), 0.01))
    assert (A * B) * C == A * (B * C) == Product((A, B, C)), "products are flat"
    assert (0.5 * A).factors == (0.5, A) and clip(A, 0.02)(0) == 0.02


def test_other_clocks():
    np.testing.assert_array_equal(shift(B, 7)(K), B(K + 7))
    np.testing.assert_array_equal(shift(B, -7)(K), B(np.maximum(K - 7, 0)))
    np.testing.assert_array_equal(repeat(B, 30)(K), B(K % 30))
    np.testing.assert_array_equal(hold(C, 10)(K), C(K // 10))
    np.testing.assert_allclose(hold(Exponential(0.1, 0.5), 10)(K), Step(0.1, 10, 0.5)(K), atol=1e-17)


def test_one_for_each_layer():
    layers = per_layer(B, layers=3, decay=1 / 2.6)
    assert layers[2](K).tolist() == B(K).tolist()
    for lower, upper in zip(layers, layers[1:], strict=False):
        np.testing.assert_allclose(lower(K), upper(K) / 2.6, rtol=1e-14)


def test_compositions_nest_and_keep_their_text():
    nested = clip(join([0.5 * A, repeat(hold(C, 3) * B, 40), shift(B, 5)], at=[20, 140]), 1e-3, 0.08)
    text = (
        "clip(join([0.5 * LinearWarmup(eta0=0.1, T=20), "
        "repeat(hold(Exponential(eta0=0.05, gamma=0.9), every=3) * "
        "Cosine(eta0=0.1, T=60, eta_min=0.01), every=40), shift(Cosine(eta0=0.1, T=60, eta_min=0.01), 5)], "
        "at=[20, 140]), 0.001, 0.08)"
    )
    assert repr(nested) == text and eval(text) == nested
    assert from_json(nested.to_json()) == nested
    expected = [
        by_hand([0.5 * A, lambda k: C(k % 40 // 3) * B(k % 40), lambda k: B(k + 5)], [20, 140], k) for k in K
    ]
    np.testing.assert_allclose(nested(K), np.clip(expected, 1e-3, 0.08), rtol=0, atol=1e-16)


@pytest.mark.parametrize(
    "function",
    [
        lambda k: 0.1 / (1 + k),
        lambda k: 0.1 if k < 20 else 0.01,  # takes one number only
        lambda k: 0.3,
        [0.5] * 300 and (lambda k: np.linspace(1, 0.1, 300)[k]),  # needs whole numbers
    ],
)
def test_a_plain_function_is_a_schedule_too(function):
    one_by_one = np.array([float(function(int(k))) for k in K])
    np.testing.assert_array_equal((1.0 * shift(function, 0))(K), one_by_one)
    np.testing.assert_array_equal((function * Constant(1.0))(K), one_by_one)
    joined = join([A, function], at=[20])
    np.testing.assert_array_equal(joined(K)[20:], one_by_one[:-20])
    assert joined == join([A, function], at=[20]) and hash(joined)
    with pytest.raises(TypeError, match="plain function cannot be written as JSON"):
        joined.to_json()
    with pytest.raises(TypeError, match="not for the plain function"):
        joined.code("torch")


@pytest.mark.parametrize(("function", "value"), [(lambda k: 1 / k, "inf"), (lambda k: 1.0 - k, "-1")])
def test_a_plain_function_that_gives_no_rate_is_told(function, value):
    with pytest.raises(ValueError, match=f"rate must be finite and at least 0, .*gives {value} at its step"):
        shift(function, 0)(np.arange(5))


def test_a_schedule_drives_a_run():
    from lrcore import run

    schedule = join([LinearWarmup(0.1, 10, start=0.01), Cosine(0.1, 90, 0.001)], at=[10])
    result = run(Quadratic([1.0, 10.0]), [1.0, 1.0], schedule, steps=100)
    np.testing.assert_array_equal(result.eta, schedule(np.arange(100)))


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: join([A, B], at=[]), ValueError, "got 2 schedules and 0 boundaries"),
        (lambda: join([A, B], at=[-1]), ValueError, r"ascending order, each in \[0, inf\)"),
        (lambda: join([A, B, C], at=[5, 4]), ValueError, "ascending order"),
        (lambda: join([A, B], at=5), ValueError, "must be a sequence of steps"),
        (lambda: join(A, at=[]), TypeError, "sequence of one or more schedules"),
        (lambda: join([A, 0.1], at=[5]), TypeError, "must be a schedule or a function of the step"),
        (lambda: join([A, Cosine], at=[5]), TypeError, "must be a schedule or a function of the step"),
        (lambda: join([A, Plateau(0.1)], at=[5]), TypeError, "must be a schedule or a function of the step"),
        (lambda: -1 * A, ValueError, r"must be in \[0, inf\)"),
        (lambda: A * float("nan"), ValueError, "must be finite"),
        (lambda: A * "2", TypeError, "unsupported operand|can't multiply"),
        (lambda: clip(A, 0.2, 0.1), ValueError, r"low must be in \[0, high\]"),
        (lambda: clip(0.1), TypeError, "must be a schedule"),
        (lambda: shift(A, None), TypeError, "by must be real numbers"),
        (lambda: repeat(A, 0), ValueError, r"every must be in \(0, inf\)"),
        (lambda: hold(A, 2.5), TypeError, "every must be a whole number"),
        (lambda: per_layer(A, 0, 0.5), ValueError, "layers must be at least 1"),
        (lambda: per_layer(A, 3, 1.5), ValueError, r"decay must be in \(0, 1\]"),
        (lambda: from_json("{"), ValueError, "read from JSON text"),
        (lambda: from_json(None), ValueError, "read from JSON text"),
        (lambda: from_json('{"type": "Cosin"}'), ValueError, "unknown schedule 'Cosin'.*Cosine"),
        (lambda: from_json('{"type": "Cosine", "lr": 1}'), ValueError, "Cosine has eta0, T.*gives lr"),
        (lambda: from_json('{"type": "Cosine", "eta0": -1, "T": 1}'), ValueError, "eta0 must be in"),
    ],
)
def test_errors(make, error, text):
    with pytest.raises(error, match=text):
        make()


def test_a_product_is_a_schedule_of_numbers_and_schedules_only():
    assert Linear(1.0, 10) * 2 == Product((Linear(1.0, 10), 2))
