"""What to expect from a rate, and what to make of what happened.

`stability` on quadratics, `sharpness` and `curvature` of any problem, `noise` and `robbins_monro` where
gradients are noisy, `convergence` of a run; `diagnose` for a loss curve alone, `range_rules` for that of a
range test. All are imported at their first use.
"""

from ..lazy import exports

MODULES = ("convergence", "curvature", "diagnosis", "noise", "range_rules", "sharpness", "stability")
HOMES = {"diagnosis": "diagnose", "rate_sums": "robbins_monro"}
__all__, __getattr__, __dir__ = exports(__name__, HOMES, MODULES)
