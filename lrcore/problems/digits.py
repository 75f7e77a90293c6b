"""Real data that comes with scikit-learn: 1797 small pictures of handwritten digits."""

from .. import validate


def digits(n=None, center=False):
    """The first `n` of the 1797 digits (None: all): grey values X (n, 64) in [0, 1], labels (n,) 0 to 9.

    `center` subtracts the mean picture of the samples returned. Raises ModuleNotFoundError without
    scikit-learn, ValueError or TypeError for an `n` outside 1 to 1797.

    Source: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits* (1998), UCI; as in
    scikit-learn's ``load_digits``.

    >>> X, labels = digits(3)
    >>> X.shape, labels
    ((3, 64), array([0, 1, 2]))
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("digits() needs scikit-learn: pip install scikit-learn") from error
    X, labels = load_digits(return_X_y=True)
    if n is not None and validate.count(n, "n") > len(X):
        raise ValueError(f"n must be at most {len(X)}, the number of digits there are, got {n}")
    X = X[:n] / 16.0
    return (X - X.mean(0) if center else X), labels[:n].copy()
