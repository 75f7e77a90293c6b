"""What is minimised: a value, a gradient and the constants that are known. Leading axes are batch axes.

Each name is imported at its first use: so many files would make ``import lrcore`` slow.
"""

from importlib import import_module

HOMES = {
    "boyd_exp": "BoydExp",
    "datasets": "breast_cancer diabetes digits wine",
    "function": "Function",
    "heavy_ball_counterexample": "HeavyBallCounterexample",
    "huber": "Huber",
    "least_squares": "LeastSquares",
    "logistic": "Logistic",
    "minibatches": "Minibatches",
    "mlp": "MLP",
    "noisy_quadratic": "NoisyQuadratic",
    "problem": "Problem",
    "quadratic": "Quadratic",
    "reddi_counterexample": "ReddiCounterexample",
    "rosenbrock": "Rosenbrock",
    "softmax": "Softmax",
}
HOME = {name: home for home, names in HOMES.items() for name in names.split()}
__all__ = sorted(HOME)


def __getattr__(name):
    if name not in HOME:
        raise AttributeError(
            f"module 'lrcore.problems' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    value = getattr(import_module(f"{__name__}.{HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
