"""Hutchinson's estimate of a diagonal from products with random vectors."""

from dataclasses import dataclass

import numpy as np

from ... import validate
from ..sharpness.products import checked

SEE = validate.CURVATURE
PROBES = ("rademacher", "gaussian")


@dataclass(frozen=True, eq=False)
class Hutchinson:
    """The estimate: ``value`` (dim,), its standard ``error`` (dim,) (nan for one sample), ``samples``."""

    value: np.ndarray
    error: np.ndarray
    samples: int

    def __repr__(self):
        return f"Hutchinson(value={np.array2string(self.value, precision=4)}, samples={self.samples})"


def hutchinson(matvec, dim, samples=10, probe="rademacher", seed=0):
    r"""An unbiased estimate of the diagonal of H from products with random vectors.

    .. math:: \hat h = \frac1m\sum_{s=1}^mz_s\odot Hz_s,\qquad\mathbb E\,zz^\top=I

    over m = `samples` independent z, the product taken entry by entry. `matvec` maps v to H v, for a problem
    ``lambda v: hvp(problem, x, v)``. ``"rademacher"``: entries -1 or 1; exact after one sample when H is
    diagonal. ``"gaussian"``: standard normal, with a larger variance; see `hutchinson_variance`. Returns a
    `Hutchinson`. Raises ValueError or TypeError for a product that is not `dim` finite numbers, samples < 1,
    another probe.

    Source: M. F. Hutchinson (1990) for the trace; Bekas, Kokiopoulou and Saad (2007) for the diagonal.
    Explained in chapter 10.

    >>> hutchinson(lambda v: np.array([3.0, 5.0]) * v, dim=2, samples=1).value
    array([3., 5.])
    """
    dim, samples = validate.count(dim, "dim", see=SEE), validate.count(samples, "samples", see=SEE)
    validate.choice(probe, "probe", PROBES, SEE)
    rng = np.random.default_rng(validate.count(seed, "seed", low=0, see=SEE))
    shape = (samples, dim)
    z = rng.standard_normal(shape) if probe == "gaussian" else rng.choice([-1.0, 1.0], shape)
    product = checked(matvec, dim)
    found = np.array([v * product(v) for v in z])
    error = found.std(0, ddof=1) / np.sqrt(samples) if samples > 1 else np.full(dim, np.nan)
    return Hutchinson(found.mean(0), error, samples)


def hutchinson_variance(H, probe="rademacher"):
    r"""The variance of one sample z_i (H z)_i, shape (dim,); of the mean of m samples, 1/m of it.

    For ``"rademacher"`` and ``"gaussian"`` probes, in this order,

    .. math::

        \sum_{j\ne i}H_{ij}^2
        \qquad\text{and}\qquad
        \sum_{j\ne i}H_{ij}^2+2H_{ii}^2

    Raises ValueError or TypeError
    for an H that is not square and finite and for another probe. Explained in chapter 10.

    >>> H = [[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [-2.0, 0.5, 2.0]]
    >>> hutchinson_variance(H), hutchinson_variance(H, "gaussian")
    (array([5.  , 1.25, 4.25]), array([37.  , 19.25, 12.25]))
    """
    H = validate.finite_array(H, "H", SEE)
    if H.ndim != 2 or H.shape[0] != H.shape[1]:
        raise validate.wrong_value(f"H must be square, got shape {H.shape}", SEE)
    validate.choice(probe, "probe", PROBES, SEE)
    own = np.diag(H) ** 2
    return (H**2).sum(1) - own + (2 * own if probe == "gaussian" else 0)
