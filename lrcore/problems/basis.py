"""Orthonormal bases: given, turned in the plane, or random."""

import numpy as np

from .. import validate


def orthonormal(d, basis=None, angle=None):
    """`basis` checked, or the axes of the plane turned by `angle`, or the coordinate axes."""
    see = validate.STABILITY
    if basis is not None and angle is not None:
        raise ValueError("give either basis or angle, not both")
    if angle is not None:
        if d != 2:
            raise validate.wrong_value(
                f"angle turns a bowl with 2 eigenvalues, this one has {d}: give basis", see
            )
        c, s = np.cos(a := validate.number(angle, "angle", see=see)), np.sin(a)
        return np.array([[c, -s], [s, c]])
    if basis is None:
        return np.eye(d)
    basis = validate.finite_array(basis, "basis", see)
    if basis.shape != (d, d) or not np.allclose(basis.T @ basis, np.eye(d), atol=1e-8):
        raise validate.wrong_value(
            f"basis must hold {d} orthonormal eigenvectors as columns, shape ({d}, {d})", see
        )
    return basis


def random_rotation(d, seed):
    """An orthonormal basis (d, d), every one equally likely.

    Source: F. Mezzadri, *Notices of the AMS* 54 (2007): QR of a Gaussian matrix, with the signs put right.
    """
    Q, R = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))
    return Q * np.sign(np.diag(R))
