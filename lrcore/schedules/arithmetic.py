"""The arithmetic that schedules are written in, on NumPy arrays; `code.Symbols` is the same on symbols."""

from itertools import pairwise
from math import pi

import numpy as np
from numpy import cos, floor, log, maximum, minimum, sqrt, where

__all__ = ["cos", "floor", "log", "maximum", "minimum", "pi", "select", "sqrt", "take", "where"]


def take(values, index):
    """values[index] for whole numbers index, given as floats."""
    return np.take(values, index.astype(np.intp))


def select(t, at, pieces):
    """pieces[i](t - at[i-1]) where at[i-1] <= t < at[i]; each piece sees only its own times."""
    if (t[1:] >= t[:-1]).all():  # arange(steps) as a rule: slices cost nothing
        cuts = [0, *np.searchsorted(t, at), t.size]
        parts = [slice(*cut) for cut in pairwise(cuts)]
    else:
        number = np.searchsorted(at, t, side="right")
        parts = [number == i for i in range(len(pieces))]
    out = np.empty_like(t)
    for start, piece, part in zip((0.0, *at), pieces, parts, strict=True):
        own = t[part]
        if own.size:
            out[part] = piece(own - start)
    return out
