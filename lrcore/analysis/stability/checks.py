"""Checks of curvatures and momentum."""

from ... import validate

SEE = validate.STABILITY


def positive(value, name):
    """`value` as an array of finite numbers greater than 0."""
    array = validate.finite_array(value, name, SEE)
    if (array <= 0).any():
        raise validate.wrong_value(f"{name} must be greater than 0, got {validate.shown(value)}", SEE)
    return array


def momentum(beta):
    """`beta` as an array of numbers in [0, 1)."""
    array = validate.finite_array(beta, "beta", SEE)
    if ((array < 0) | (array >= 1)).any():
        raise validate.wrong_value(f"beta must be in [0, 1), got {validate.shown(beta)}", SEE)
    return array


def curvatures(mu, L):
    """`mu` and `L` as arrays with 0 <= mu <= L and L > 0."""
    mu_, L_ = validate.finite_array(mu, "mu", SEE), positive(L, "L")
    if (mu_ < 0).any() or (mu_ > L_).any():
        raise validate.wrong_value(
            f"mu must be in [0, L], got mu={validate.shown(mu)}, L={validate.shown(L)}", SEE
        )
    return mu_, L_
