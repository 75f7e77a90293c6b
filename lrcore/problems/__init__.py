"""What is minimised: a value, a gradient and the constants that are known. Leading axes are batch axes."""

from .digits import digits
from .function import Function
from .huber import Huber
from .logistic import Logistic
from .minibatches import Minibatches
from .mlp import MLP
from .problem import Problem
from .quadratic import Quadratic

__all__ = ["MLP", "Function", "Huber", "Logistic", "Minibatches", "Problem", "Quadratic", "digits"]
