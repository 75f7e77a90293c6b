"""Labels under a slider: where they stand, and in which row so that none covers another."""

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from numbers import Real

# The way of the thumb on a screen of 360 px: less the margins of the page and the thumb. Width of a letter.
TRACK = 300
LETTER = 7.0
GAP = 6
ROWS = 2


@dataclass(frozen=True)
class Tick:
    """A label at the fraction `at` of the track; `index` is its position on the grid, if it is on it."""

    at: float
    label: str
    row: int
    index: int | None


def place_ticks(name, values, ticks):
    """Ticks for `{value: label}`, in rows so that labels do not overlap on a screen 360 px wide."""
    placed, ends = [], [-inf] * ROWS
    found = sorted((locate(name, values, value), label) for value, label in ticks.items())
    for at, label in found:
        if not isinstance(label, str) or not label.strip():
            raise TypeError(f"viz.explore: the label of a tick must be a text, got {label!r}")
        fraction = at / (len(values) - 1)
        middle, half = fraction * TRACK, len(label) * LETTER / 2
        row = next((r for r in range(ROWS) if middle - half >= ends[r] + GAP), None)
        if row is None:
            raise ValueError(
                f"viz.explore: the tick {label!r} would cover its neighbours on a narrow screen;"
                " leave one out or shorten the labels"
            )
        ends[row] = middle + half
        placed.append(Tick(fraction, label, row, round(at) if abs(at - round(at)) < 1e-9 else None))
    return placed


def locate(name, values, value):
    """Where a value stands on the slider, in steps: an integer on the grid, a fraction between."""
    if value in values:
        return float(values.index(value))
    if not isinstance(value, Real) or isinstance(values[0], str):
        raise ValueError(f"viz.explore: the tick {value!r} is not among the values of {name}")
    for i, (a, b) in enumerate(pairwise(values)):
        if min(a, b) <= value <= max(a, b):
            return i + (value - a) / (b - a)
    # A value computed another way may miss the end of the grid by a rounding.
    for i in (0, len(values) - 1):
        if abs(values[i] - value) <= 1e-9 * max(abs(v) for v in values):
            return float(i)
    raise ValueError(
        f"viz.explore: the tick {value!r} lies outside the values of {name},"
        f" {min(values)!r} to {max(values)!r}"
    )
