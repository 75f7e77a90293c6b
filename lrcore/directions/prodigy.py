"""Prodigy: Adam's direction in the units of an estimated distance to the solution."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction


@dataclass(frozen=True, repr=False)
class Prodigy(Direction):
    r"""With D_k an estimate of the distance |x_0 - x*|, and beta_3 = sqrt(beta_2),

    .. math::

        m_{k+1} &= \beta_1 m_k + (1-\beta_1)\, D_k\, g_k, \\
        v_{k+1} &= \beta_2 v_k + (1-\beta_2)\, D_k^2\, g_k^2, \\
        r_{k+1} &= \beta_3 r_k + \tfrac{D_k^2}{D_0}\, g_k^\top (x_0-x_k), \\
        s_{k+1} &= \beta_3 s_k + \tfrac{D_k^2}{D_0}\, g_k, \\
        D_{k+1} &= \max\{ D_k,\ r_{k+1} / \lVert s_{k+1}\rVert_1 \}, \\
        d_k &= -D_k\, m_{k+1} / (\sqrt{v_{k+1}} + D_{k+1}\varepsilon)

    The rate of the run is a multiplier, 1 by default, and a schedule for it a good idea. D_0 = d0 is any
    number below the distance. Proved for convex f.

    Raises ValueError or TypeError unless 0 <= beta1, beta2 < 1, d0 > 0, eps >= 0.
    Source: Mishchenko and Defazio, ICML 2024, in the form of their program. Explained in chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import Quadratic
    >>> r = run(Quadratic([1.0]), [3.0], 1.0, Prodigy(), steps=200)
    >>> bool(r.f[-1] < 1e-3 * r.f[0])
    True
    """

    see = validate.LEARNED
    uses_point = True
    beta1: float = 0.9
    beta2: float = 0.999
    d0: float = 1e-6
    eps: float = 1e-8

    def __post_init__(self):
        self._check_memory("beta1", "beta2")
        self._check_size("eps")
        validate.number(self.d0, "d0", low=0, low_allowed=False, see=self.see)

    def init(self, x):
        """x_0, m, v, D (*B, 1), r (*B, 1), s, and the factor of the last step for each coordinate."""
        zero, one = np.zeros_like(x), np.zeros((*x.shape[:-1], 1))
        return x, zero, zero, one + self.d0, one, zero, zero

    def __call__(self, k, point, state):
        x0, m, v, D, r, s, _ = state
        g, beta3, weight = point.g, np.sqrt(self.beta2), D * D / self.d0
        m = self.beta1 * m + (1 - self.beta1) * D * g
        v = self.beta2 * v + (1 - self.beta2) * D * D * g * g
        r = beta3 * r + weight * np.vecdot(g, x0 - point.x)[..., np.newaxis]
        s = beta3 * s + weight * g
        size = np.abs(s).sum(-1, keepdims=True)
        moved = size > 0  # otherwise no gradient has been seen yet
        grown = np.where(moved, np.maximum(D, r / np.where(moved, size, 1.0)), D)
        bottom = np.sqrt(v) + grown * self.eps
        step = np.where(moved & (bottom > 0), D / np.where(bottom > 0, bottom, 1.0), 0.0)
        return -step * m, (x0, m, v, grown, r, s, step * D)

    def scale(self, k, state):
        return state[-1]
