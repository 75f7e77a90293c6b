"""What to expect from a rate: `stability` on quadratics, `sharpness` of any problem."""

from . import sharpness, stability

__all__ = ["sharpness", "stability"]
