"""What is minimised: a value, a gradient and the constants that are known. Leading axes are batch axes."""

from .boyd_exp import BoydExp
from .digits import digits
from .function import Function
from .heavy_ball_counterexample import HeavyBallCounterexample
from .huber import Huber
from .least_squares import LeastSquares
from .logistic import Logistic
from .minibatches import Minibatches
from .mlp import MLP
from .noisy_quadratic import NoisyQuadratic
from .problem import Problem
from .quadratic import Quadratic
from .reddi_counterexample import ReddiCounterexample
from .rosenbrock import Rosenbrock
from .softmax import Softmax
from .tables import breast_cancer, diabetes, wine

__all__ = [
    "MLP",
    "BoydExp",
    "Function",
    "HeavyBallCounterexample",
    "Huber",
    "LeastSquares",
    "Logistic",
    "Minibatches",
    "NoisyQuadratic",
    "Problem",
    "Quadratic",
    "ReddiCounterexample",
    "Rosenbrock",
    "Softmax",
    "breast_cancer",
    "diabetes",
    "digits",
    "wine",
]
