"""When is a step t long enough and short enough? The conditions, as functions of the numbers they compare.

phi0 = phi(0), dphi0 = phi'(0) < 0. Everything broadcasts, and NaN satisfies nothing. Explained in chapter 04.
"""


def armijo(phi_t, t, phi0, dphi0, c1):
    """phi(t) <= phi(0) + c1 t phi'(0): a step short enough to earn the share c1 of what the slope promised.

    On a quadratic along -g this is t <= 2 (1 - c1) t_exact. Source: L. Armijo (1966).

    >>> armijo(0.5, 0.5, phi0=1.0, dphi0=-1.0, c1=0.5)
    True
    """
    return phi_t <= phi0 + c1 * t * dphi0


def goldstein(phi_t, t, phi0, dphi0, c):
    """phi(0) + (1 - c) t phi'(0) <= phi(t) <= phi(0) + c t phi'(0): neither too long nor too short.

    On a quadratic along -g this is 2 c t_exact <= t <= 2 (1 - c) t_exact. Source: A. A. Goldstein (1965).

    >>> goldstein(0.5, 0.5, phi0=1.0, dphi0=-1.0, c=0.25)
    False
    """
    return (phi_t <= phi0 + c * t * dphi0) & (phi_t >= phi0 + (1 - c) * t * dphi0)


def curvature(dphi_t, dphi0, c2):
    """phi'(t) >= c2 phi'(0): the slope has flattened, so that t is long enough. Source: P. Wolfe (1969).

    >>> curvature(-0.5, -1.0, c2=0.9), curvature(3.0, -1.0, c2=0.9)
    (True, True)
    """
    return dphi_t >= c2 * dphi0


def strong_curvature(dphi_t, dphi0, c2):
    """|phi'(t)| <= c2 |phi'(0)|: near a point of slope 0, from either side. Source: P. Wolfe (1969).

    >>> strong_curvature(-0.5, -1.0, c2=0.9), strong_curvature(3.0, -1.0, c2=0.9)
    (True, False)
    """
    return abs(dphi_t) <= c2 * abs(dphi0)
