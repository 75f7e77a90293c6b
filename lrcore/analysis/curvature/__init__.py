"""The diagonal of the Hessian, exact and estimated, and what dividing by it does to the condition."""

from ...problems.becker_lecun import becker_lecun
from .diagonal import hess_diag
from .hutchinson import Hutchinson, hutchinson, hutchinson_variance
from .preconditioning import condition, condition_before_after, preconditioned

__all__ = [
    "Hutchinson",
    "becker_lecun",
    "condition",
    "condition_before_after",
    "hess_diag",
    "hutchinson",
    "hutchinson_variance",
    "preconditioned",
]
