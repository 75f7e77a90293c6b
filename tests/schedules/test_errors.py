"""Every parameter of every schedule is checked at construction, with what was given and what is allowed."""

from dataclasses import fields

import numpy as np
import pytest

from lrcore import schedules
from lrcore.schedules import GALLERY, Plateau, Schedule

KINDS = {type(s).__name__: s for many in GALLERY.values() for s in many} | {"Plateau": Plateau(0.1)}
NESTED = {"schedule", "schedules", "factors"}  # tested in test_compose
FIELDS = [(name, f.name) for name, s in KINDS.items() for f in fields(s) if f.name not in NESTED]
SEQUENCES = {"values", "at", "milestones"}


def with_(name, field, value):
    example = KINDS[name]
    parameters = {f.name: getattr(example, f.name) for f in fields(example)}
    return type(example)(**(parameters | {field: value}))


@pytest.mark.parametrize(("name", "field"), FIELDS)
@pytest.mark.parametrize("value", ["x", len, 1j, [[1.0], [2.0, 3.0]], {"a": 1}], ids=repr)
def test_what_is_no_number_is_refused(name, field, value):
    with pytest.raises((ValueError, TypeError), match=f"{name}: {field} must be .*got.*see chapter 0"):
        with_(name, field, value)


@pytest.mark.parametrize(("name", "field"), FIELDS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, True, -1.5], ids=repr)
def test_what_is_no_finite_number_in_range_is_refused(name, field, value):
    if type(getattr(KINDS[name], field)) is bool and value is True:
        return
    if (name, field) == ("Shift", "by") and value == -1.5:
        return
    with pytest.raises((ValueError, TypeError), match=f"{name}: {field} must be .*got"):
        with_(name, field, value)


@pytest.mark.parametrize(("name", "field"), [f for f in FIELDS if f[1] in SEQUENCES])
@pytest.mark.parametrize("value", [[-1.0], [np.nan], [[1.0]], 3.0, "abc", [1.0, None]], ids=repr)
def test_sequences_of_something_else_are_refused(name, field, value):
    with pytest.raises((ValueError, TypeError), match=f"{name}: {field} must be "):
        with_(name, field, value)


RANGES = [
    (lambda: schedules.Constant(0.0), r"Constant: eta0 must be in \(0, inf\), got 0\.0; see chapter 01"),
    (lambda: schedules.Cosine(0.1, 0), r"Cosine: T must be in \(0, inf\), got 0; see chapter 06"),
    (
        lambda: schedules.Cosine(0.1, 10, 0.2),
        r"Cosine: eta_min must be in \[0, eta0\] = \[0, 0\.1\], got 0\.2",
    ),
    (lambda: schedules.Cosine(0.1, 10, after="stop"), r"after must be one of 'hold', 'mirror', got 'stop'"),
    (lambda: schedules.Polynomial(0.1, 10, eta_end=0.2), r"eta_end must be in \[0, eta0\]"),
    (lambda: schedules.OneMinusSqrt(0.1, 10, 0.2), r"eta_min must be in \[0, eta0\]"),
    (lambda: schedules.CosineRestarts(0.1, 10, eta_min=0.2), r"eta_min must be in \[0, eta0\]"),
    (lambda: schedules.CosineRestarts(0.1, 10, T_mult=0.5), r"T_mult must be in \[1, inf\)"),
    (lambda: schedules.CosineRestarts(0.1, 10, decay=1.5), r"decay must be in \(0, 1\]"),
    (lambda: schedules.CosineRestarts(0.1, 10, cycles=0), "cycles must be at least 1"),
    (lambda: schedules.Exponential(0.1, 0.0), r"gamma must be in \(0, inf\)"),
    (lambda: schedules.Exponential.with_kappa(0.1, np.inf), "kappa must be finite"),
    (lambda: schedules.Step(0.1, 0), r"every must be in \(0, inf\)"),
    (lambda: schedules.Step(0.1, 10, offset=0.5), "offset must be a whole number"),
    (lambda: schedules.MultiStep(0.1, [20, 10]), "milestones must be a sequence of steps in ascending order"),
    (lambda: schedules.Piecewise([0.1], at=[3]), "one value more than boundaries, got 1 values and 1"),
    (lambda: schedules.Piecewise([], at=[]), "values must be a sequence of numbers"),
    (lambda: schedules.Table([]), "values must be a sequence of numbers"),
    (lambda: schedules.Linear(0.0, 10), "eta0 and eta_end must not both be 0"),
    (lambda: schedules.LinearWarmup(0.1, 10, start=0.2), r"start must be in \[0, eta0\]"),
    (lambda: schedules.ExponentialWarmup(0.1, 10, start=0.0), r"start must be in \(0, inf\)"),
    (lambda: schedules.Noam(512, warmup=0), "warmup must be at least 1"),
    (lambda: schedules.Cyclic(0.2, 0.1, 10), r"eta_min must be in \[0, eta_max\]"),
    (lambda: schedules.Cyclic(0.0, 0.1, 10, mode="sine"), "mode must be one of 'triangular'"),
    (lambda: schedules.Cyclic(0.0, 0.1, 10, gamma=1.1), r"gamma must be in \(0, 1\]"),
    (lambda: schedules.Cyclic(0.0, 0.1, 2.5), "up must be a whole number"),
    (lambda: schedules.OneCycle(0.1, 1), "T must be at least 2"),
    (lambda: schedules.OneCycle(0.1, 100, pct_start=1.2), r"pct_start must be in \[0, 1\]"),
    (lambda: schedules.OneCycle(0.1, 100, 0.6, three_phase=True), r"pct_start must be in \[0, 0\.5\]"),
    (lambda: schedules.OneCycle(0.1, 100, pct_start=0.01), "not 1/T"),  # torch divides 0 by 0 there
    (lambda: schedules.OneCycle(0.1, 100, three_phase=1), "three_phase must be True or False"),
    (lambda: schedules.OneCycle(0.1, 100).momentum(0.9, 0.8), r"high must be in \[0\.9, 1\)"),
    (lambda: schedules.WSD(0.1, 100, 60, 60), r"warmup \+ decay must be at most T=100, got 60 \+ 60"),
    (lambda: schedules.WSD(0.1, 100, 10, 0), "decay must be at least 1"),
    (lambda: schedules.WSD(0.1, 100, 10, 10, start=0.2), r"start must be in \[0, eta0\]"),
    (lambda: schedules.WSD(0.1, 100, 10, 10, eta_min=0.2), r"eta_min must be in \[0, eta0\]"),
    (lambda: schedules.SlantedTriangular(0.1, 5), r"cut_frac must be in \[1/T, 1\) = \[0\.2, 1\)"),
    (lambda: schedules.SlantedTriangular(0.1, 50, cut_frac=1.0), r"cut_frac must be in \(0, 1\)"),
    (lambda: Plateau(0.1, factor=1.0), r"factor must be in \(0, 1\)"),
    (lambda: Plateau(0.1, convention="mxnet"), "convention must be one of 'torch', 'keras', 'optax'"),
]


@pytest.mark.parametrize(("make", "text"), RANGES)
def test_ranges(make, text):
    with pytest.raises((ValueError, TypeError), match=text):
        make()


@pytest.mark.parametrize("k", [0.5, np.array([1.0]), "1", None, True, [[1], [2, 3]]], ids=repr)
def test_steps_are_whole_numbers(k):
    for schedule in (KINDS["Cosine"], KINDS["Join"]):
        with pytest.raises(TypeError, match="whole number or an integer array"):
            schedule(k)
        with pytest.raises(ValueError, match="steps count from 0"):
            schedule([-1])


def test_unknown_names_are_told():
    with pytest.raises(AttributeError, match="no attribute 'Cosin'; it has .*Cosine"):
        schedules.Cosin  # noqa: B018
    assert {"Cosine", "join", "from_torch"} <= set(dir(schedules)) and issubclass(schedules.Cosine, Schedule)


@pytest.mark.parametrize("name", schedules.__all__)
def test_every_public_name_says_what_it_is(name):
    """A formula or what it does, the errors, and the chapter."""
    thing = getattr(schedules, name)
    if not callable(thing):
        return
    text = thing.__doc__
    assert text
    if name in {"Schedule", "PlateauState"} or text.startswith("What `"):
        return
    for part in ("Raises", "chapter", ">>>"):
        if part == "Raises" and "See `Warmup`" in text:
            continue
        assert part in text or name in {"Exponential"} and part == "Raises", f"{name} lacks {part}"
