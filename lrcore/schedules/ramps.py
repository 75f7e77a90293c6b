"""A curve through given values at given times."""

from itertools import pairwise

from .compose.join import join
from .compose.shift import shift
from .cosine import Cosine
from .linear import Linear
from .warmup import CosineWarmup


def through(values, knots, anneal):
    """From values[i] at knots[i] to values[i+1] at knots[i+1] in half a cosine or a straight line.

    Knots need not be whole numbers, and may be before 0; a phase that ends before 0 or has no length is
    left out. The last value stays.
    """
    ramps, starts = [], []
    for (a, b), (start, stop) in zip(pairwise(values), pairwise(knots), strict=True):
        if stop > max(start, 0):
            ramp = _ramp(a, b, stop - start, anneal)
            ramps.append(shift(ramp, -start) if start < 0 else ramp)
            starts.append(start)
    return join(ramps, at=starts[1:])


def _ramp(a, b, T, anneal):
    if anneal == "linear":
        return Linear(a, T, b)
    return Cosine(a, T, b) if a >= b else CosineWarmup(b, T, a)
