"""lrcore: one equation, x_{k+1} = x_k + eta_k d_k, taken apart.

``schedules`` are the rules for eta_k, ``directions`` are the rules for d_k, ``problems`` are what is
minimised, ``run`` puts them together and ``analysis`` says what to expect. These need only NumPy. ``viz``
(figures) and ``exam`` (graded exercises) are imported at their first use, so ``import lrcore`` stays
about as quick as ``import numpy``.
"""

from importlib import import_module

from . import analysis, directions, problems, schedules
from .record import Run
from .run import run

__version__ = "0.1.0"
__all__ = ["Run", "analysis", "directions", "exam", "problems", "run", "schedules", "viz"]


def __getattr__(name):
    if name in ("viz", "exam"):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'lrcore' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return sorted([*globals(), "viz", "exam"])
