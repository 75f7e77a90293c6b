"""Schedules for torch optimizers, and torch schedulers as schedules. Only this package imports torch."""

from .scheduler import ScheduleLR, from_torch_scheduler, to_torch

__all__ = ["ScheduleLR", "from_torch_scheduler", "to_torch"]
