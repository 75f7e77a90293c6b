"""Searches for a step t along a line, on phi(t) = f(x + t d) and its slope.

A search is called as ``search(phi, dphi, t0, phi0, dphi0, active=None)`` and returns a `Search`. It never
sees x: everything it asks for is phi or phi', at one t for each row of a batch.
"""

from .backtracking import Backtracking
from .conditions import armijo, curvature, goldstein, strong_curvature
from .exact import Exact
from .goldstein_search import Goldstein
from .search import Search
from .wolfe import Wolfe

__all__ = [
    "Backtracking",
    "Exact",
    "Goldstein",
    "Search",
    "Wolfe",
    "armijo",
    "curvature",
    "goldstein",
    "strong_curvature",
]
