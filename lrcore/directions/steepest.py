"""Steepest descent: straight down."""

from dataclasses import dataclass

from .direction import Direction


@dataclass(frozen=True, repr=False)
class Steepest(Direction):
    """Against the gradient, so that x_{k+1} = x_k - eta g_k. No state.

    .. math:: d_k = -g_k

    Source: A. Cauchy (1847). Explained in chapter 01.

    >>> Steepest()(0, 3.0, None)
    (-3.0, None)
    """

    def init(self, x):
        return None

    def __call__(self, k, g, state):
        return -g, state

    def scale(self, k, state):
        return 1.0
