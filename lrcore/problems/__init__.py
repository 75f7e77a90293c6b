"""What is minimised: a value, a gradient and the constants that are known. Leading axes are batch axes.

Each name is imported at its first use: so many files would make ``import lrcore`` slow.
"""

from ..lazy import exports

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
__all__, __getattr__, __dir__ = exports(__name__, HOMES)
