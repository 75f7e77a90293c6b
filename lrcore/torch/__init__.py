"""For a reader's own torch model: schedules for its optimizer, a range test, its sharpness.

Only this package imports torch.
"""

from .range_test import RangeTest, range_test
from .scheduler import ScheduleLR, from_torch_scheduler, to_torch
from .sharpness import Sharpness, sharpness

__all__ = [
    "RangeTest",
    "ScheduleLR",
    "Sharpness",
    "from_torch_scheduler",
    "range_test",
    "sharpness",
    "to_torch",
]
