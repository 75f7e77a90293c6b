"""Where epsilon stands in a square root's denominator: libraries differ, and small gradients notice."""

import numpy as np

OUTSIDE_OR_INSIDE = ("outside", "inside")
PLACES = ("outside", "inside", "uncorrected")


def root(v, eps, place, correction=1.0):
    """The denominator of an adaptive step, from an average v of squares and its bias `correction`.

    * ``"outside"``: sqrt(v/correction) + eps,
    * ``"inside"``: sqrt(v/correction + eps),
    * ``"uncorrected"``: (sqrt(v) + eps)/sqrt(correction), so that eps is larger in early steps.

    Explained in chapter 08.

    >>> [float(root(4.0, 0.25, place, 0.25)) for place in PLACES]
    [4.25, 4.031128874149275, 4.5]
    """
    if place == "inside":
        return np.sqrt(v / correction + eps)
    if place == "uncorrected":
        return (np.sqrt(v) + eps) / np.sqrt(correction)
    return np.sqrt(v / correction) + eps
