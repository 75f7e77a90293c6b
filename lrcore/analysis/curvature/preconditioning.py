"""Dividing by the diagonal: what it does to the condition number, and where it does nothing."""

import numpy as np

from ... import validate

SEE = validate.CURVATURE


def condition(H):
    """lambda_max/lambda_min of a symmetric H, shape (d, d); inf unless it is positive definite.

    Raises ValueError or TypeError unless H is symmetric and finite. Explained in chapters 02 and 10.

    >>> condition([[2.0, 1.9], [1.9, 2.0]]).__round__(9)
    39.0
    """
    eigenvalues = np.linalg.eigvalsh(_symmetric(H))
    low, high = eigenvalues[0], eigenvalues[-1]
    # a Hessian that is singular has a least eigenvalue of the size of rounding errors, of either sign
    return float(high / low) if low > len(eigenvalues) * np.finfo(float).eps * abs(high) else np.inf


def preconditioned(H, diagonal=None):
    r"""The matrix that descent with a rate for each coordinate sees.

    .. math:: D^{-1/2}\,H\,D^{-1/2},\qquad D=\operatorname{diag}(D_1,\dots,D_d)

    with D_i the entries of `diagonal`, by default those of the diagonal of H (Jacobi). Descent with a rate
    eta_i = eta/D_i for each coordinate converges as plain descent does on this matrix. With D the diagonal of
    H its condition number is at most d times that of the best diagonal scaling (A. van der Sluis, 1969).
    Where the diagonal of H is constant nothing changes.

    `diagonal` (d,), each > 0: a diagonal with zeros or negative entries is first made positive, as in |h| +
    mu. Raises ValueError or TypeError otherwise. Explained in chapter 10.

    >>> preconditioned([[100.0, 0.0], [0.0, 0.25]])
    array([[1., 0.],
           [0., 1.]])
    """
    H = _symmetric(H)
    d = np.diag(H) if diagonal is None else validate.finite_array(diagonal, "diagonal", SEE)
    if d.shape != H.shape[:1] or (d <= 0).any():
        raise validate.wrong_value(
            f"a diagonal to divide by has {len(H)} entries > 0 (take |h| + mu), got {validate.shown(d)}", SEE
        )
    return H / np.sqrt(d) / np.sqrt(d)[:, np.newaxis]


def condition_before_after(H, diagonal=None):
    """`condition` of H and of `preconditioned` H. Raises as they do. Explained in chapter 10.

    >>> H = [[100.0, 9.0, 0.5], [9.0, 1.0, 0.05], [0.5, 0.05, 0.01]]
    >>> [round(kappa, 2) for kappa in condition_before_after(H)]
    [13691.85, 22.88]
    """
    return condition(H), condition(preconditioned(H, diagonal))


def _symmetric(H):
    H = validate.finite_array(H, "H", SEE)
    square = H.ndim == 2 and H.shape[0] == H.shape[1] and H.size > 0
    if not square or np.abs(H - H.T).max() > 1e-8 * np.abs(H).max():
        raise validate.wrong_value(f"H must be symmetric, shape (d, d), got {validate.shown(H)}", SEE)
    return H
