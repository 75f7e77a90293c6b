"""What a rate does to one mode of curvature lambda, and to all modes between mu and L."""

import math

import numpy as np

from ... import validate
from .checks import SEE, curvatures

REGIMES = ("monotone", "one step", "alternating", "edge", "diverging")
# eta * lambda is a rounded product: 1 - eta lambda is taken for 0 or -1 when it is so up to a few roundings.
ROUNDING = 4 * np.finfo(float).eps


def gd_factor(eta, lam):
    """1 - eta lambda: by this a step of gradient descent multiplies the error in a mode of curvature lambda.

    Shapes broadcast. Raises ValueError or TypeError for a rate that is not finite and > 0 or a lambda
    that is not finite. Source: Boyd and Vandenberghe (2004). Explained in chapter 02.

    >>> gd_factor(0.15, [1.0, 10.0])
    array([ 0.85, -0.5 ])
    """
    return 1.0 - validate.positive_rates(eta, SEE) * validate.finite_array(lam, "lam", SEE)


def regime(eta, lam):
    """What gradient descent does in a mode, read from r = 1 - eta lambda.

    ``"monotone"`` 0 < r < 1, ``"one step"`` r = 0, ``"alternating"`` -1 < r < 0, ``"edge"`` |r| = 1
    (neither shrinks nor grows), ``"diverging"`` |r| > 1 (negative curvature always is). A str for
    numbers, an array of str for arrays; r is compared up to rounding. Raises as `gd_factor`. Explained in
    chapter 02.

    >>> regime(0.15, [1.0, 10.0]).tolist(), regime(0.2, 10.0)
    (['monotone', 'alternating'], 'edge')
    """
    r = gd_factor(eta, lam)
    near = ROUNDING * (1 + np.abs(1 - r))
    tests = [np.abs(np.abs(r) - 1) <= near, np.abs(r) > 1, np.abs(r) <= near, r > 0]
    names = np.select(tests, ["edge", "diverging", "one step", "monotone"], "alternating")
    return names if names.ndim else str(names)


def best_rate(mu, L):
    """2 / (mu + L): the constant rate with the least `contraction` for curvatures from mu to L.

    That contraction is (kappa - 1)/(kappa + 1) with kappa = L/mu.

    Units x^2/f. Raises ValueError or TypeError unless 0 <= mu <= L and L > 0. Source: Polyak,
    *Introduction to Optimization* (1987). Explained in chapter 02.

    >>> round(float(best_rate(1.0, 10.0)), 6)
    0.181818
    """
    mu, L = curvatures(mu, L)
    return 2.0 / (mu + L)


def contraction(eta, mu, L):
    """max(|1 - eta mu|, |1 - eta L|): a step multiplies the distance to x* by at most this.

    On a quadratic f - f* is multiplied by at most its square.

    Shapes broadcast. Raises ValueError or TypeError unless eta > 0, 0 <= mu <= L and L > 0. Source:
    Polyak (1987). Explained in chapter 02.

    >>> round(float(contraction(best_rate(1.0, 10.0), 1.0, 10.0)), 6)
    0.818182
    """
    mu, L = curvatures(mu, L)
    return np.maximum(np.abs(gd_factor(eta, mu)), np.abs(gd_factor(eta, L)))


def steps_to(eps, rho):
    """The first k with rho^k <= eps: how many steps at contraction rho shrink an error to the share eps.

    An int, or ``inf`` for rho >= 1. Raises ValueError or TypeError unless 0 < eps < 1 and rho >= 0.
    Explained in chapter 02.

    >>> steps_to(1e-6, 0.9), steps_to(0.25, 0.5), steps_to(0.1, 1.0)
    (132, 2, inf)
    """
    eps = validate.number(eps, "eps", low=0, high=1, low_allowed=False, high_allowed=False, see=SEE)
    rho = validate.number(rho, "rho", low=0, see=SEE)
    if rho >= 1:
        return math.inf
    if rho <= eps:
        return 1
    ratio = math.log(eps) / math.log(rho)
    # log 0.25 / log 0.5 may come out as 2.0000000000000004, and the answer is 2 all the same
    return round(ratio) if math.isclose(ratio, round(ratio), rel_tol=1e-12) else math.ceil(ratio)
