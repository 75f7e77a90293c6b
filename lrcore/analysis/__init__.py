"""What to expect from a rate, and what to make of what happened.

`stability` on quadratics, `sharpness` and `curvature` of any problem, `noise` and `robbins_monro` where
gradients are noisy, `convergence` of a run; `diagnose` for a loss curve alone, `range_rules` for that of a
range test. All are imported at their first use.
"""

from importlib import import_module

MODULES = ("convergence", "curvature", "diagnosis", "noise", "range_rules", "sharpness", "stability")
HOME = {"diagnose": "diagnosis", "robbins_monro": "rate_sums"}
__all__ = sorted([*MODULES, *HOME])


def __getattr__(name):
    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in HOME:
        raise AttributeError(
            f"module 'lrcore.analysis' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    value = getattr(import_module(f"{__name__}.{HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
