"""A quadratic bowl whose gradient comes with noise: every average over the noise has a closed form."""

import numpy as np

from .. import validate
from .problem import Problem
from .quadratic import Quadratic


class NoisyQuadratic(Quadratic):
    r"""The bowl f(x) = 1/2 (x - x*)^T H (x - x*), of which step k sees the gradient H (x - x*) + xi_k.

    xi_k is Gaussian with mean 0 and, in mode i (eigenvector u_i), standard deviation sigma_i / sqrt(batch).
    ``at(k)`` is the problem of step k, the tilted bowl f(x) + xi_k . (x - x*). Its noise depends on `seed`
    and k alone, and every row of a batch has its own: row 0 has the noise of a single run. ``f``, ``grad``,
    ``hessian`` are those without noise.

    With c_i = u_i . (x - x*), one step makes of E c_i^2 (1 - eta lambda_i)^2 E c_i^2 + eta^2 sigma_i^2 / B.

    Parameters
    ----------
    eigenvalues, x_star, basis, angle : as in `Quadratic`
    sigma : number >= 0 or (d,)
        Standard deviation of the gradient of one sample, in every mode; units f/x.
    batch : int >= 1
        B, the number of samples of which a step sees the mean.
    seed : int >= 0

    Raises ValueError or TypeError otherwise.

    Source: Schaul, Zhang and LeCun, ICML 2013, for the model. Explained in chapter 05.

    >>> p = NoisyQuadratic([2.0], sigma=1.0)
    >>> p.stationary([0.1, 0.5, 0.9, 1.1])  # eta sigma^2 / (lambda (2 - eta lambda)) for each rate
    array([[0.02777778],
           [0.25      ],
           [2.25      ],
           [       inf]])
    >>> mean, square = p.moments([1.0], eta=0.1, steps=2)
    >>> mean[:, 0], square[:, 0]
    (array([1.  , 0.8 , 0.64]), array([1.   , 0.65 , 0.426]))
    """

    def __init__(self, eigenvalues, sigma=1.0, batch=1, seed=0, x_star=None, basis=None, angle=None):
        super().__init__(eigenvalues, x_star, basis, angle)
        see = validate.NOISE
        sigma = validate.finite_array(sigma, "sigma", see)
        if sigma.shape not in ((), (self.dim,)) or (sigma < 0).any():
            raise validate.wrong_value(
                f"sigma must be one number >= 0 or {self.dim} of them, got {validate.shown(sigma)}", see
            )
        self.sigma = np.broadcast_to(sigma, (self.dim,)).copy()
        self.batch = validate.count(batch, "batch", see=see)
        self.seed = validate.count(seed, "seed", low=0, see=see)

    def at(self, k):
        """The problem of step k."""
        return _Tilted(self, validate.count(k, "k", low=0, see=validate.NOISE))

    def noise(self, k, shape):
        """xi_k for points of that shape (*B, d)."""
        xi = np.random.default_rng([self.seed, k]).standard_normal(shape) * self.sigma / np.sqrt(self.batch)
        return xi if self._aligned else xi @ self.basis.T

    def moments(self, x0, eta, steps=None):
        """E c_i and E c_i^2 before steps 0, 1, ..., steps: two arrays of shape (steps + 1, *B, d).

        `x0` (*B, d); `eta` one rate for all `steps`, or the rate of each step, shape (steps,) or (steps, *B).
        """
        see = validate.NOISE
        eta, c = validate.positive_rates(eta, see), self.modes(x0)
        if eta.ndim == 0:
            eta = np.full(validate.count(steps, "steps", low=0, see=see), eta)
        mean, square = [c], [c**2]
        for rate in eta[..., np.newaxis]:
            factor = 1.0 - rate * self.eigenvalues
            mean.append(factor * mean[-1])
            square.append(factor**2 * square[-1] + rate**2 * self.sigma**2 / self.batch)
        rows = np.broadcast_shapes(c.shape, square[-1].shape)
        return tuple(np.stack([np.broadcast_to(a, rows) for a in moment]) for moment in (mean, square))

    def expected_f(self, x0, eta, steps=None):
        """E f before steps 0, 1, ..., steps, shape (steps + 1, *B); arguments as in `moments`."""
        return 0.5 * self.moments(x0, eta, steps)[1] @ self.eigenvalues

    def stationary(self, eta):
        """The limit of E c_i^2 at a constant rate, eta sigma^2 / (B lambda (2 - eta lambda)); (*B, d).

        inf where it grows for ever: at eta lambda >= 2 and at lambda <= 0.
        """
        eta = validate.positive_rates(eta, validate.NOISE)[..., np.newaxis]
        room = self.eigenvalues * (2.0 - eta * self.eigenvalues)
        stable = room > 0
        return np.where(stable, eta * self.sigma**2 / self.batch / np.where(stable, room, 1.0), np.inf)

    def __repr__(self):
        noise = self.sigma.tolist() if np.ptp(self.sigma) else f"{self.sigma[0]:g}"
        return f"NoisyQuadratic({self.eigenvalues.tolist()}, sigma={noise}, batch={self.batch})"


class _Tilted(Problem):
    """The bowl that one step sees: f(x) + xi . (x - x*), the same xi for every call with one shape of x."""

    def __init__(self, whole, k):
        self.whole, self.k, self.dim, self.L, self.mu = whole, k, whole.dim, whole.L, whole.mu
        self.hessian, self.hess_diag = whole.hessian, whole.hess_diag
        self._xi = None

    def _noise(self, shape):
        if self._xi is None or self._xi.shape != shape:
            self._xi = self.whole.noise(self.k, shape)
        return self._xi

    def f(self, x):
        x = validate.point(x, self.dim)
        return self.whole.f(x) + np.vecdot(self._noise(x.shape), x - self.whole.x_star)

    def grad(self, x):
        x = validate.point(x, self.dim)
        return self.whole.grad(x) + self._noise(x.shape)

    def __repr__(self):
        return f"{self.whole!r}.at({self.k})"
