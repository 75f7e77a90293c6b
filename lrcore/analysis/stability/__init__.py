"""What a rate does on a quadratic: to one mode of curvature lambda, and to all modes between mu and L."""

from .one_step import REGIMES, best_rate, contraction, gd_factor, regime, steps_to
from .region import Optimum, nesterov_textbook, optimal, region, worst_radius
from .two_steps import FORMS, METHODS, iteration_matrix, max_rate, spectral_radius

__all__ = [
    "FORMS",
    "METHODS",
    "REGIMES",
    "Optimum",
    "best_rate",
    "contraction",
    "gd_factor",
    "iteration_matrix",
    "max_rate",
    "nesterov_textbook",
    "optimal",
    "regime",
    "region",
    "spectral_radius",
    "steps_to",
    "worst_radius",
]
