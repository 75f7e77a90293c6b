"""What is minimised: a value, a gradient and the constants that are known. Leading axes are batch axes."""

from .boyd_exp import BoydExp
from .digits import digits
from .function import Function
from .huber import Huber
from .logistic import Logistic
from .minibatches import Minibatches
from .mlp import MLP
from .noisy_quadratic import NoisyQuadratic
from .problem import Problem
from .quadratic import Quadratic
from .rosenbrock import Rosenbrock

__all__ = [
    "MLP",
    "BoydExp",
    "Function",
    "Huber",
    "Logistic",
    "Minibatches",
    "NoisyQuadratic",
    "Problem",
    "Quadratic",
    "Rosenbrock",
    "digits",
]
