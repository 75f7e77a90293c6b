"""The noise ball: where a constant rate comes to rest in the mean."""

import numpy as np

from ... import validate
from ..stability import iteration_matrix

SEE = validate.NOISE


def stationary_variance(eta, lam, sigma=1.0, batch=1, beta=0.0, form="classical"):
    """The limit of E x_t^2 on f = lambda x^2/2 when every gradient has noise of variance sigma^2/batch.

    * descent (beta = 0): eta sigma^2 / (batch lambda (2 - eta lambda)),
    * ``"classical"`` momentum: eta sigma^2 (1 + beta) / (batch (1 - beta) lambda (2(1 + beta) - eta lambda)),
    * ``"ema"``: the same with eta (1 - beta) for eta.

    All, ``"nesterov"`` too, from one formula: x_{t+1} = a x_t + b x_{t-1} + noise of variance s^2 has the
    variance (1 - b) s^2 / ((1 + b) ((1 - b)^2 - a^2)). inf where the rate is not stable.

    Shapes broadcast. Raises ValueError or TypeError unless eta > 0, lambda is finite, sigma >= 0, batch > 0,
    0 <= beta < 1. Source: Box and Jenkins, *Time Series Analysis* (1970), for the second-order process.
    Explained in chapter 05.

    >>> stationary_variance([0.1, 0.5, 0.9, 1.1], 2.0).round(6)
    array([0.027778, 0.25    , 2.25    ,      inf])
    >>> [stationary_variance(0.1, 2.0, beta=0.9, form=f).round(4).item() for f in ("classical", "ema")]
    [0.2639, 0.0251]
    """
    sigma, batch = validate.finite_array(sigma, "sigma", SEE), validate.finite_array(batch, "batch", SEE)
    if (sigma < 0).any() or (batch <= 0).any():
        raise validate.wrong_value("sigma must be >= 0 and batch > 0", SEE)
    M = iteration_matrix(eta, lam, beta, form)
    a, b = M[..., 0, 0], M[..., 0, 1]
    used = np.asarray(eta, float) * (1.0 - np.asarray(beta, float)) if form == "ema" else eta
    room = (1 + b) * ((1 - b) ** 2 - a**2)
    stable = (room > 0) & (np.abs(b) < 1)
    noise = (1 - b) * np.square(used) * sigma**2 / batch
    return np.where(stable, noise / np.where(stable, room, 1.0), np.inf)[()]


def stationary_loss(eta, lam, sigma=1.0, batch=1, beta=0.0, form="classical"):
    """lambda/2 times `stationary_variance`: for descent eta sigma^2 / (2 batch (2 - eta lambda)).

    For a bowl with several modes, the sum over them. Raises as `stationary_variance`. Explained in
    chapter 05.

    >>> stationary_loss([0.1, 0.01, 0.001], 10.0)  # plateaus in proportion to the rate, once it is small
    array([0.05      , 0.00263158, 0.00025126])
    """
    return 0.5 * np.asarray(lam, float) * stationary_variance(eta, lam, sigma, batch, beta, form)
