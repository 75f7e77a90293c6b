"""The rules for eta_k that depend on the step number alone.

A schedule is a pure function of the step: ``schedule(k) -> eta`` for an int k or an integer array,
counting from 0. Any function of that kind will do, such as ``lambda k: 0.1 / (1 + k)``.
"""

from .constant import Constant

__all__ = ["Constant"]
