"""The rules for d_k in x_{k+1} = x_k + eta_k d_k.

A direction has ``init(x) -> state`` and ``__call__(k, g, state) -> (d, state)``, where g is the gradient
at step k.
"""

from .momentum import Momentum
from .steepest import Steepest

__all__ = ["Momentum", "Steepest"]
