"""Rate and momentum together: where all modes between mu and L die out, and where they do so fastest."""

from typing import NamedTuple

import numpy as np

from ... import validate
from .checks import SEE, curvatures
from .two_steps import FORMS, spectral_radius


class Optimum(NamedTuple):
    """A rate, a momentum and the factor by which they shrink the distance per step in the long run."""

    eta: float
    beta: float
    radius: float


def worst_radius(eta, mu, L, beta=0.0, form="classical"):
    """The largest `spectral_radius` of the curvatures from mu to L: the factor per step in the long run.

    In all three forms the radius never falls again once it has risen with the curvature, so that the worst
    is at mu or at L. Shapes broadcast. Raises ValueError or TypeError unless eta > 0, 0 <= beta < 1,
    0 <= mu <= L and L > 0. Source: Lessard, Recht and Packard (2016). Explained in chapter 03.

    >>> worst_radius(0.15, 1.0, 10.0, beta=[0.0, 0.25]).round(6)
    array([0.85    , 0.779129])
    """
    mu, L = curvatures(mu, L)
    return np.maximum(spectral_radius(eta, mu, beta, form), spectral_radius(eta, L, beta, form))


def region(eta, beta, mu, L, form="classical"):
    """`worst_radius` on a grid, shape (len(beta), len(eta)): a map with the stable region where it is < 1.

    `eta` and `beta` are the axes, each (n,). Raises as `worst_radius`, and ValueError for axes of another
    shape. Explained in chapter 03.

    >>> (region([0.1, 0.2, 0.3], [0.0, 0.9], mu=1.0, L=10.0) < 1).tolist()
    [[True, False, False], [True, True, True]]
    """
    eta, beta = validate.positive_rates(eta, SEE), validate.finite_array(beta, "beta", SEE)
    if eta.ndim != 1 or beta.ndim != 1:
        raise validate.wrong_value(
            f"eta and beta are the axes of a grid, each of shape (n,), got {eta.shape} and {beta.shape}", SEE
        )
    return worst_radius(eta, mu, L, beta[:, np.newaxis], form)


def optimal(mu, L, form="classical"):
    """The rate and the momentum with the least `worst_radius`, as an `Optimum`; kappa = L/mu.

    =============== ==================================== ========================================= ==========
    form            eta                                  beta                                      radius
    =============== ==================================== ========================================= ==========
    ``"classical"`` 4/(sqrt L + sqrt mu)^2               ((sqrt kappa - 1)/(sqrt kappa + 1))^2     sqrt beta
    ``"ema"``       the same over 1 - beta               the same                                  the same
    ``"nesterov"``  4/(3 L + mu)                         (s - 2)/(s + 2), s = sqrt(3 kappa + 1)    1 - 2/s
    =============== ==================================== ========================================= ==========

    Optimal for quadratics. In the classical form both ends are double roots: a run is slower at first, by a
    factor that grows with k.

    Raises ValueError or TypeError unless 0 < mu <= L. Source: Polyak (1964); Lessard, Recht and Packard
    (2016), proposition 1. Explained in chapter 03.

    >>> [round(v, 6) for v in optimal(1.0, 10.0)]
    [0.230886, 0.269874, 0.519494]
    """
    validate.choice(form, "form", FORMS, SEE)
    mu, L = _strongly_convex(mu, L)
    if form == "nesterov":
        s = np.sqrt(3 * L / mu + 1)
        return Optimum(4 / (3 * L + mu), float((s - 2) / (s + 2)), float(1 - 2 / s))
    radius = float((np.sqrt(L / mu) - 1) / (np.sqrt(L / mu) + 1))
    eta = float(4 / (np.sqrt(L) + np.sqrt(mu)) ** 2)
    return Optimum(eta / (1 - radius**2) if form == "ema" else eta, radius**2, radius)


def nesterov_textbook(mu, L):
    """eta = 1/L and beta = (sqrt kappa - 1)/(sqrt kappa + 1), good for every function with these constants.

    On quadratics the radius is 1 - 1/sqrt kappa. Raises ValueError or TypeError unless 0 < mu <= L. Source:
    Nesterov, *Introductory Lectures on Convex Optimization* (2004). Explained in chapter 03.

    >>> [round(v, 6) for v in nesterov_textbook(1.0, 10.0)]
    [0.1, 0.519494, 0.683772]
    """
    mu, L = _strongly_convex(mu, L)
    root = np.sqrt(L / mu)
    return Optimum(1 / L, float((root - 1) / (root + 1)), float(1 - 1 / root))


def _strongly_convex(mu, L):
    mu = validate.number(mu, "mu", low=0, low_allowed=False, see=SEE)
    return mu, validate.number(L, "L", low=mu, see=SEE)
