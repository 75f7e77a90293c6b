"""lrcore: one equation, x_{k+1} = x_k + eta_k d_k, taken apart.

``schedules`` are the rules for eta_k that only count steps and ``stepsizes`` those that look at the run,
``linesearches`` among them; ``directions`` are the rules for d_k, ``problems`` are what is minimised. ``run``
puts them together, ``sweep`` and ``compare`` do it for many rates and methods, and ``analysis`` says what to
expect. These need only NumPy. What is in LATER, such as ``viz`` (figures) and ``exam`` (graded exercises), is
imported at its first use, so ``import lrcore`` stays about as quick as ``import numpy``.
"""

from importlib import import_module

from . import analysis, directions, problems, schedules
from .compare import Comparison, compare
from .record import Run
from .run import run
from .study import Study, study
from .sweep import sweep
from .sweep_record import Sweep

LATER = ("exam", "linesearches", "stepsizes", "viz")

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "Run",
    "Study",
    "Sweep",
    "analysis",
    "compare",
    "directions",
    "problems",
    "run",
    "schedules",
    "study",
    "sweep",
]
__all__ += LATER


def __getattr__(name):
    if name in LATER:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'lrcore' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__():
    return sorted({*globals(), *LATER})
