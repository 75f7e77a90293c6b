"""What to expect from a rate.

`stability` on quadratics, `sharpness` of any problem, `robbins_monro` for schedules under noise.
"""

from . import curvature, noise, sharpness, stability
from .robbins_monro import robbins_monro

__all__ = ["curvature", "noise", "robbins_monro", "sharpness", "stability"]
