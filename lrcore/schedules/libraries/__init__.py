"""Schedules under the names and parameters of other libraries, none of which is imported."""

from .keras import from_keras
from .optax import from_optax
from .same_words import same_words
from .timm import from_timm
from .torch import from_torch
from .transformers import from_transformers

__all__ = ["from_keras", "from_optax", "from_timm", "from_torch", "from_transformers", "same_words"]
