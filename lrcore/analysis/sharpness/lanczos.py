"""The Lanczos method: the best estimate of the largest eigenvalues that a number of products allows."""

from dataclasses import dataclass

import numpy as np

from ... import validate
from .products import SEE, checked, hvp, start


@dataclass(frozen=True, eq=False)
class LanczosResult:
    """Estimates of the largest eigenvalues, largest first: ``values`` (n,), unit ``vectors`` (n, dim),
    ``residuals`` (n,) |A v - value v|, and the number of ``iterations``, one product each.
    """

    values: np.ndarray
    vectors: np.ndarray
    residuals: np.ndarray
    iterations: int

    def __repr__(self):
        values, worst = np.array2string(self.values, precision=6), self.residuals.max()
        return f"LanczosResult(values={values}, residual<={worst:.2g}, iterations={self.iterations})"


def lanczos(matvec, dim, n=1, iterations=50, v0=None, seed=0, tol=0.0):
    r"""The `n` algebraically largest eigenvalues of a symmetric A, given only v -> A v.

    .. math::

        \beta_mq_{m+1} &= Aq_m-\alpha_mq_m-\beta_{m-1}q_{m-1} \\
        \alpha_m &= q_m^\top Aq_m,\quad\lVert q_{m+1}\rVert=1

    The q are orthonormal and span q_1, A q_1, A^2 q_1, ...; T is the tridiagonal matrix with the alpha on its
    diagonal and the beta beside it. The eigenvalues of T are the stationary values of v.Av on that span.
    Power iteration uses the last of these vectors only: after as many products its value is never larger.
    Every new vector is made orthogonal to all before it, which costs memory for `iterations` vectors and
    keeps out spurious copies.

    Parameters: `matvec` maps (dim,) to (dim,); 1 <= n <= iterations, at most dim of them are made; `v0` and
    `seed` as in `power_iteration`; stops early when all residuals are <= tol |value|. An eigenvalue to which
    the start is orthogonal is not found, and of a repeated one only one copy is. Returns a `LanczosResult`,
    with fewer than n values if the span is exhausted. Raises as `power_iteration`.

    Source: C. Lanczos (1950); Golub and Van Loan, *Matrix Computations* (2013). Explained in chapter 10.

    >>> A = np.diag([1.0, 2.0, 10.0, 9.9])
    >>> lanczos(lambda v: A @ v, dim=4, n=2).values.round(9)
    array([10. ,  9.9])
    """
    dim, n = validate.count(dim, "dim", see=SEE), validate.count(n, "n", see=SEE)
    iterations = min(dim, validate.count(iterations, "iterations", see=SEE))
    if n > iterations:
        raise validate.wrong_value(f"n must be at most iterations and dim, {iterations}, got {n}", SEE)
    tol = validate.number(tol, "tol", low=0, see=SEE)
    q, product = start(dim, v0, seed), checked(matvec, dim)
    Q, alpha, beta = [], [], []
    for m in range(1, iterations + 1):
        Q.append(q)
        w = product(q)
        size = np.linalg.norm(w)
        alpha.append(q @ w)
        basis = np.array(Q)
        for _ in range(2):  # twice is enough: once leaves rounding errors that grow
            w = w - basis.T @ (basis @ w)
        beta.append(np.linalg.norm(w))
        values, S = np.linalg.eigh(np.diag(alpha) + np.diag(beta[:-1], 1) + np.diag(beta[:-1], -1))
        top = slice(-1, -min(n, m) - 1, -1)
        residuals = beta[-1] * np.abs(S[-1, top])
        if beta[-1] <= 1e-14 * size or (m >= n and (residuals <= tol * np.abs(values[top])).all()):
            break
        q = w / beta[-1]
    return LanczosResult(values[top], S[:, top].T @ basis, residuals, m)


def spectrum(problem, x, n=1, iterations=50, v0=None, seed=0, tol=0.0):
    """The `n` largest eigenvalues of the Hessian at x, by `lanczos` on `hvp`; the first is the sharpness.

    Units f/x^2. Raises as `lanczos` and `hvp`. Explained in chapter 10.

    >>> from lrcore.problems import Quadratic
    >>> spectrum(Quadratic([-30.0, 1.0, 10.0]), [0.0, 0.0, 0.0], n=2).values.round(9)
    array([10.,  1.])
    """
    x = validate.finite_array(x, "x", SEE)
    return lanczos(lambda v: hvp(problem, x, v), x.size, n, iterations, v0, seed, tol)
