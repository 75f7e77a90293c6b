"""What a rate and a momentum do to one mode: the matrix that takes two iterates to the next two."""

import numpy as np

from ... import validate
from .checks import SEE, momentum, positive
from .one_step import gd_factor

METHODS = ("gd", "momentum", "ema", "nesterov")
FORMS = ("classical", "ema", "nesterov")


def max_rate(L, method="gd", beta=0.0):
    """The edge of stability on a quadratic of largest curvature L: runs converge below and diverge above.

    ==================== =============================
    ``"gd"``             2 / L  (beta is not used)
    ``"momentum"``       2 (1 + beta) / L
    ``"ema"``            2 (1 + beta) / ((1 - beta) L)
    ``"nesterov"``       2 (1 + beta) / ((1 + 2 beta) L)
    ==================== =============================

    Units x^2/f. Shapes of L and beta broadcast. Raises ValueError or TypeError unless L > 0 and 0 <= beta
    < 1. Source: Lessard, Recht and Packard, *SIAM J. Optim.* 26 (2016); Cohen et al., ICLR 2021.
    Explained in chapters 02 and 03.

    >>> [round(float(max_rate(10.0, m, beta=0.9)), 6) for m in METHODS]
    [0.2, 0.38, 3.8, 0.135714]
    """
    L, beta = positive(L, "L"), momentum(beta)
    validate.choice(method, "method", METHODS, SEE)
    growth = {
        "gd": 1.0 + 0.0 * beta,
        "momentum": 1.0 + beta,
        "ema": (1.0 + beta) / (1.0 - beta),
        "nesterov": (1.0 + beta) / (1.0 + 2.0 * beta),
    }
    return 2.0 * growth[method] / L


def iteration_matrix(eta, lam, beta=0.0, form="classical"):
    """M with (x_{k+1}, x_k) = M (x_k, x_{k-1}) for the error in a mode of curvature lambda, (..., 2, 2).

    * ``"classical"`` [[1 + beta - eta lambda, -beta], [1, 0]]; with beta = 0, gradient descent,
    * ``"ema"`` the same with eta (1 - beta) for eta,
    * ``"nesterov"`` [[(1 + beta)(1 - eta lambda), -beta (1 - eta lambda)], [1, 0]].

    Raises ValueError or TypeError unless eta > 0, 0 <= beta < 1 and the form is one of these. Source:
    Lessard, Recht and Packard (2016). Explained in chapters 02 and 03.

    >>> iteration_matrix(0.1, 10.0, beta=0.5)
    array([[ 0.5, -0.5],
           [ 1. ,  0. ]])
    """
    validate.choice(form, "form", FORMS, SEE)
    eta, beta = validate.positive_rates(eta, SEE), momentum(beta)
    r, beta = np.broadcast_arrays(gd_factor(eta * (1.0 - beta) if form == "ema" else eta, lam), beta)
    M = np.zeros((*r.shape, 2, 2))
    M[..., 0, 0], M[..., 0, 1] = ((1 + beta) * r, -beta * r) if form == "nesterov" else (r + beta, -beta)
    M[..., 1, 0] = 1.0
    return M


def spectral_radius(eta, lam, beta=0.0, form="classical"):
    """The largest |eigenvalue| of `iteration_matrix`: below 1 the mode dies out, above 1 it grows.

    With trace T and determinant D it is sqrt D where T^2 < 4 D (a complex pair: the mode oscillates), else
    |T|/2 + sqrt(T^2/4 - D).

    Raises as `iteration_matrix`. Explained in chapters 02 and 03.

    >>> spectral_radius(0.15, [1.0, 10.0])
    array([0.85, 0.5 ])
    """
    M = iteration_matrix(eta, lam, beta, form)
    half, D = M[..., 0, 0] / 2, -M[..., 0, 1]
    inside = half**2 - D
    return np.where(inside < 0, np.sqrt(np.maximum(D, 0)), np.abs(half) + np.sqrt(np.maximum(inside, 0)))
