"""Sharpness: the largest eigenvalues of the Hessian, from gradients alone."""

from .lanczos import LanczosResult, lanczos, spectrum
from .power import PowerResult, power_iteration, sharpness
from .products import hvp

__all__ = ["LanczosResult", "PowerResult", "hvp", "lanczos", "power_iteration", "sharpness", "spectrum"]
