"""What to expect from a rate, and what to make of what happened.

`stability` on quadratics, `sharpness` and `curvature` of any problem, `noise` and `robbins_monro` where
gradients are noisy, `convergence` of a run.
"""

from . import convergence, curvature, noise, sharpness, stability
from .robbins_monro import robbins_monro

__all__ = ["convergence", "curvature", "noise", "robbins_monro", "sharpness", "stability"]
