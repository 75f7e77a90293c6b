"""The noise of a real problem, from the gradients of its samples."""

import numpy as np

from ... import validate

SEE = validate.NOISE


def gradient_samples(problem, x):
    """The gradient of every sample at x, shape (n, d); their mean is grad f(x).

    `problem` has samples: `Logistic`, `Softmax`, `LeastSquares`, `MLP`. Raises TypeError for another and
    ValueError for an x that does not fit. Explained in chapter 05.

    >>> from lrcore.problems import LeastSquares
    >>> gradient_samples(LeastSquares([[1.0], [2.0]], [1.0, 0.0]), [1.0])
    array([[0.],
           [4.]])
    """
    if not (hasattr(problem, "subset") and hasattr(problem, "n")):
        raise validate.wrong_type(f"a problem with samples is needed, got {validate.shown(problem)}", SEE)
    x = validate.finite_array(x, "x", SEE)
    if x.shape != (problem.dim,):
        raise validate.wrong_value(f"x must have shape ({problem.dim},), got {x.shape}", SEE)
    return np.array([problem.subset([i]).grad(x) for i in range(problem.n)])


def noise_scale(problem, x):
    """trace C / |grad f|^2, with C the covariance of the samples' gradients: a batch size.

    In a batch of that size the noise is as large as the gradient. Much smaller batches: noise rules, and
    twice the batch is worth twice the rate; much larger ones are wasted. inf where the gradient is 0. Raises
    as `gradient_samples`. Source: McCandlish, Kaplan, Amodei and others, arXiv:1812.06162. Explained in
    chapter 05.

    >>> from lrcore.problems import LeastSquares
    >>> noise_scale(LeastSquares([[1.0], [2.0]], [1.0, 0.0]), [1.0])
    1.0
    """
    G = gradient_samples(problem, x)
    mean = G.mean(0)
    spread, size = np.square(G - mean).sum() / len(G), mean @ mean
    return float(spread / size) if size > 0 else np.inf


def plateau(problem, eta, size=1, x=None):
    """The mean of f - f* at which descent on random batches of `size` comes to rest, for small rates.

    sum_i eta C_ii / (2 size (2 - eta lambda_i)), with lambda_i the eigenvalues of the Hessian at the
    minimiser and C_ii the variance of the samples' gradients there along its eigenvectors. For batches drawn
    with replacement: in permutations (`Minibatches`) the noises of an epoch cancel in part, and at small
    rates the plateau is much lower. The noise is taken as that at the minimiser and the curvature as
    constant, which is good while the rate is small.

    Parameters: `eta` one rate or an array; `size` >= 1; `x` (d,) the minimiser, by default
    ``problem.x_star``. Returns the shape of eta; inf where eta lambda >= 2. Raises ValueError or TypeError
    for a problem without samples, without ``hessian`` or without a known minimiser.

    Source: Bottou, Curtis and Nocedal, *SIAM Review* 60 (2018), for the bound eta L M/(2 c mu). Explained in
    chapter 05.

    >>> from lrcore.problems import LeastSquares
    >>> p = LeastSquares([[1.0], [1.0]], [-1.0, 1.0])  # curvature 1, noise of variance 1 at the minimum
    >>> plateau(p, [0.1, 0.2]).round(6)
    array([0.026316, 0.055556])
    """
    eta = validate.positive_rates(eta, SEE)
    size = validate.count(size, "size", see=SEE)
    x = getattr(problem, "x_star", None) if x is None else x
    if x is None or not hasattr(problem, "hessian"):
        raise validate.wrong_value(
            f"{validate.shown(problem)} has no known minimiser or no hessian: the plateau is not known", SEE
        )
    G = gradient_samples(problem, x)
    lam, U = np.linalg.eigh(problem.hessian(validate.finite_array(x, "x", SEE)))
    C = np.square((G - G.mean(0)) @ U).mean(0)
    room = 2.0 - eta[..., np.newaxis] * lam
    stable = (room > 0).all(-1)
    loss = (eta[..., np.newaxis] * C / (2 * size * np.where(room > 0, room, 1.0))).sum(-1)
    return np.where(stable, loss, np.inf)[()]
