"""Rates that fall, and iterates that are averaged: how fast the noise goes."""

import numpy as np

from ... import validate

SEE = validate.NOISE


def decay_limit(c, lam, sigma=1.0):
    """The limit of t E x_t^2 with eta_t = c/(t + t0): c^2 sigma^2 / (2 c lambda - 1) if c lambda > 1/2.

    Least, sigma^2/lambda^2, at c = 1/lambda. For c lambda <= 1/2 it is inf: E x_t^2 falls more slowly than
    1/t, as t^(-2 c lambda) below 1/2. Shapes broadcast. Raises ValueError or TypeError unless c > 0, lambda
    > 0 and sigma >= 0. Source: K. L. Chung, *Ann. Math. Stat.* 25 (1954). Explained in chapter 05.

    >>> decay_limit([0.3, 0.75, 1.0, 2.0, 5.0], 1.0).round(4)
    array([   inf, 1.125 , 1.    , 1.3333, 2.7778])
    """
    c, lam, sigma = (
        validate.positive_rates(c, SEE),
        _positive(lam, "lam"),
        _positive(sigma, "sigma", zero=True),
    )
    room = 2 * c * lam - 1
    return np.where(room > 0, c**2 * sigma**2 / np.where(room > 0, room, 1.0), np.inf)[()]


def polyak_ruppert(lam, sigma=1.0):
    """The limit of t E a_t^2 of the average a_t of x_1, ..., x_t: sigma^2/lambda^2, the best there is.

    For rates that fall like t^(-p) with 1/2 < p < 1, whatever their size. Raises ValueError or TypeError
    unless lambda > 0 and sigma >= 0. Source: Ruppert (1988); Polyak and Juditsky, *SIAM J. Control Optim.*
    30 (1992). Explained in chapter 05.

    >>> polyak_ruppert(0.5)
    np.float64(4.0)
    """
    return _positive(sigma, "sigma", zero=True) ** 2 / _positive(lam, "lam") ** 2


def moments_of_average(rates, lam, sigma=1.0, x0=0.0):
    """E x_t^2 and E a_t^2 for t = 1, ..., T, exactly, where a_t is the average of x_1, ..., x_t; two (T,).

    x_{t+1} = x_t - eta_t (lambda x_t + noise), f = lambda x^2/2. `rates` (T,) are eta_0, ..., eta_{T-1}. With
    S_t = t a_t the step is S_{t+1} = S_t + x_{t+1}, so that E x^2, E x S and E S^2 follow one another.

    Raises ValueError or TypeError unless the rates are > 0 and of shape (T,), lambda is finite, sigma >= 0.
    Explained in chapter 05.

    >>> last, average = moments_of_average(0.1 * np.ones(1000), lam=1.0)
    >>> (1000 * last[-1]).round(3), (1000 * average[-1]).round(3)
    (np.float64(52.632), np.float64(0.986))
    """
    rates, lam = validate.positive_rates(rates, SEE), validate.number(lam, "lam", see=SEE)
    if rates.ndim != 1:
        raise validate.wrong_value(f"rates must have shape (T,), got {rates.shape}", SEE)
    sigma = validate.number(sigma, "sigma", low=0, see=SEE)
    xx, xs, ss = validate.number(x0, "x0", see=SEE) ** 2, 0.0, 0.0
    last, total = np.empty(len(rates)), np.empty(len(rates))
    for t, eta in enumerate(rates.tolist()):
        factor = 1 - eta * lam
        xx = factor**2 * xx + eta**2 * sigma**2
        cross = factor * xs  # E x_{t+1} S_t
        ss += 2 * cross + xx
        xs = cross + xx
        last[t], total[t] = xx, ss
    return last, total / np.arange(1, len(rates) + 1) ** 2


def _positive(value, name, zero=False):
    array = validate.finite_array(value, name, SEE)
    if (array < 0).any() or (not zero and (array == 0).any()):
        allowed = "at least 0" if zero else "greater than 0"
        raise validate.wrong_value(f"{name} must be {allowed}, got {validate.shown(value)}", SEE)
    return array
