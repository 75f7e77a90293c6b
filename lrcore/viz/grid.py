"""The values of a slider: what they may be, how they are found and how they are written."""

import math
from numbers import Real

MAX_FRAMES = 200  # beyond that a page is heavier than a video; a continuous explorer is the better tool


def check_values(name, values):
    """The grid as a list of Python numbers or strings, at least two, all different."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise TypeError(f"viz.explore: {name} must be a sequence of values, got {values!r}")
    values = [v.item() if hasattr(v, "item") and getattr(v, "ndim", 0) == 0 else v for v in values]
    if len(values) < 2:
        raise ValueError(f"viz.explore: {name} has {len(values)} values; a slider needs at least two")
    if len(values) > MAX_FRAMES:
        raise ValueError(f"viz.explore: {name} has {len(values)} values; at most {MAX_FRAMES} are drawn")
    if all(isinstance(v, str) for v in values):
        if not all(v.strip() for v in values):
            raise ValueError(f"viz.explore: {name} has a blank among its values")
    elif all(isinstance(v, Real) and not isinstance(v, bool) for v in values):
        for v in values:
            if not math.isfinite(v):
                raise ValueError(f"viz.explore: {name} has the value {v!r}; all must be finite")
    else:
        kinds = ", ".join(sorted({type(v).__name__ for v in values}))
        raise TypeError(f"viz.explore: {name} must be all numbers or all texts, got {kinds}")
    seen = set()
    for v in values:
        if v in seen:
            raise ValueError(f"viz.explore: {name} has the value {v!r} twice")
        seen.add(v)
    return values


def find(name, values, value):
    """Index of `value` in the grid; a float finds its neighbour within rounding."""
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if value in values:
        return values.index(value)
    if isinstance(value, Real) and isinstance(values[0], Real):
        nearest = min(range(len(values)), key=lambda i: abs(values[i] - value))
        if math.isclose(values[nearest], value, rel_tol=1e-9, abs_tol=1e-12 * max(map(abs, values))):
            return nearest
    raise ValueError(f"viz.explore: {value!r} is not among the values of {name}: {brief(values)}")


def brief(values):
    shown = [repr(v) for v in values]
    return ", ".join(shown if len(shown) <= 8 else [*shown[:4], "...", *shown[-2:]])


def check_texts(name, values, format):
    """How each value is written: all different, or a reader could not tell two positions apart."""
    if format is not None:
        texts = [format(v) for v in values]
        if not all(isinstance(t, str) and t.strip() for t in texts):
            raise TypeError(f"viz.explore: format must return a text for every value of {name}")
        if len(set(texts)) < len(texts):
            raise ValueError(f"viz.explore: format writes two values of {name} alike")
        return texts
    if isinstance(values[0], str):
        return list(values)
    for digits in range(4, 18):
        texts = [f"{v:.{digits}g}".replace("-", "−") for v in values]
        if len(set(texts)) == len(texts):
            break
    return texts
