"""Real data that comes with scikit-learn: 1797 pictures of handwritten digits, and three small tables."""

import numpy as np

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
    X, labels = _load("digits")
    if n is not None and validate.count(n, "n") > len(X):
        raise ValueError(f"n must be at most {len(X)}, the number of digits there are, got {n}")
    X = X[:n] / 16.0
    return (X - X.mean(0) if center else X), labels[:n].copy()


def breast_cancer(standardize=True, intercept=False):
    """569 tumours: X (569, 30) measurements, y (569,) 0 malignant or 1 benign.

    `standardize` gives every column mean 0 and standard deviation 1. Without it the columns differ by a
    factor of 10^5 in size, and the condition number of a fit is beyond 10^12 instead of 10^5. `intercept`
    appends a column of ones. Raises ModuleNotFoundError without scikit-learn.

    Source: Street, Wolberg and Mangasarian (1993), UCI. Used from chapter 02 on.

    >>> X, y = breast_cancer()
    >>> X.shape, y[:3].tolist()
    ((569, 30), [0, 0, 0])
    """
    return _table("breast_cancer", standardize, intercept)


def wine(standardize=True, intercept=False):
    """178 wines: X (178, 13) chemical measurements, y (178,) grower 0, 1 or 2. Arguments as `breast_cancer`.

    Source: M. Forina (1988), UCI. Used from chapter 08 on.

    >>> [np.unique(part).tolist() for part in wine()[1:]]
    [[0, 1, 2]]
    """
    return _table("wine", standardize, intercept)


def diabetes(standardize=True, intercept=False):
    """442 patients: X (442, 10) measurements, y (442,) progress of the disease, 25 to 346.

    `standardize` gives the columns of X and y itself mean 0 and standard deviation 1. Other arguments as
    `breast_cancer`.

    Source: Efron, Hastie, Johnstone and Tibshirani, *Ann. Stat.* 32 (2004). Used from chapter 05 on.

    >>> X, y = diabetes()
    >>> X.shape, y.std().round(12)
    ((442, 10), np.float64(1.0))
    """
    X, y = _table("diabetes", standardize, intercept, scaled=False)
    return X, (y - y.mean()) / y.std() if standardize else y


def _table(name, standardize, intercept, **options):
    X, y = _load(name, **options)
    X = validate.features(X)
    if standardize:
        X = (X - X.mean(0)) / X.std(0)
    return (np.column_stack([X, np.ones(len(X))]) if intercept else X), y.copy()


def _load(name, **options):
    try:
        from sklearn import datasets
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{name}() needs scikit-learn: pip install scikit-learn") from error
    return getattr(datasets, f"load_{name}")(return_X_y=True, **options)
