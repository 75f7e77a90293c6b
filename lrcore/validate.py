"""Checks of what a reader passes in. Every error says what was given, what is allowed, and where the book explains it."""

import numbers

import numpy as np

RATE = "chapter 01, 'What is a learning rate?'"
STABILITY = "chapter 02, 'Stability'"


def shown(value):
    """A short text for a value in an error message."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def real_array(value, name, see=RATE):
    """`value` as a float64 array; a TypeError for booleans, strings, complex numbers, None and other objects."""
    try:
        array = np.asarray(value)
    except Exception:  # ragged lists, tensors that refuse, objects with a broken __array__
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers (int or float), got {shown(value)}; see {see}")
    return np.asarray(array, dtype=np.float64)


def finite_array(value, name, see=RATE):
    """As `real_array`, and a ValueError when an entry is NaN or infinite."""
    array = real_array(value, name, see)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {shown(value)}; see {see}")
    return array


def number(value, name, *, low=-np.inf, high=np.inf, low_allowed=True, high_allowed=True, see=RATE):
    """`value` as a float in the interval from `low` to `high`."""
    array = finite_array(value, name, see)
    if array.ndim:
        raise TypeError(f"{name} must be one number, got an array of shape {array.shape}; see {see}")
    inside = (low <= array if low_allowed else low < array) and (
        array <= high if high_allowed else array < high
    )
    if not inside:
        left, right = (
            "[" if low_allowed and low > -np.inf else "(",
            "]" if high_allowed and high < np.inf else ")",
        )
        raise ValueError(f"{name} must be in {left}{low:g}, {high:g}{right}, got {shown(value)}; see {see}")
    return float(array)


def count(value, name, *, low=1, see=RATE):
    """`value` as an int of at least `low`; booleans and floats such as 10.0 are not counts."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number (int), got {shown(value)}; see {see}")
    if value < low:
        raise ValueError(f"{name} must be at least {low}, got {shown(value)}; see {see}")
    return int(value)


def choice(value, name, allowed, see=RATE):
    """`value` if it is one of the `allowed` names."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(
            f"{name} must be one of {', '.join(map(repr, allowed))}, got {shown(value)}; see {see}"
        )
    return value


def point(x, dim, name="x", see=RATE):
    """`x` as a float64 array of shape (..., dim)."""
    if type(x) is not np.ndarray or x.dtype != np.float64:
        x = real_array(x, name, see)
    if x.ndim == 0 or x.shape[-1] != dim:
        raise ValueError(
            f"{name} must have shape (..., {dim}): {dim} coordinate(s) in the last axis, got shape {x.shape}; see {see}"
        )
    return x


def positive_rates(eta, see=RATE):
    """`eta` as a float64 array of rates, each finite and greater than 0."""
    array = real_array(eta, "the learning rate eta", see)
    if array.size == 0:
        raise ValueError(f"eta holds no learning rate at all: its shape is {array.shape}; see {see}")
    wrong = ~(np.isfinite(array) & (array > 0))
    if wrong.any():
        raise ValueError(
            f"a learning rate must be finite and greater than 0, got {array[wrong].flat[0]:g} in eta={shown(eta)}; see {see}"
        )
    return array


def features(X, see=RATE):
    """`X` as a finite float64 array of shape (n, p), both at least 1."""
    X = finite_array(X, "X", see)
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(
            f"X must have shape (samples, features), both at least 1, got shape {X.shape}; see {see}"
        )
    return X


def class_labels(labels, n, see=RATE):
    """`labels` as an int array of shape (n,) with values 0, 1, 2, ..."""
    array = finite_array(labels, "labels", see)
    if array.shape != (n,):
        raise ValueError(
            f"labels must hold one label per row of X, shape ({n},), got shape {array.shape}; see {see}"
        )
    if (array < 0).any() or (array != np.floor(array)).any():
        raise ValueError(f"labels must be whole numbers 0, 1, 2, ..., got {shown(labels)}; see {see}")
    return array.astype(np.intp)


def step_numbers(k, see=RATE):
    """`k` as given, when it is a step number or an array of them: whole numbers from 0."""
    array = np.asarray(k)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"a step number k must be a whole number or an integer array, got {shown(k)}; see {see}"
        )
    if array.size and array.min() < 0:
        raise ValueError(f"steps count from 0, got k={shown(k)}; see {see}")
    return k


def problem(value):
    """A TypeError unless `value` has f and grad."""
    if isinstance(value, type) or not (
        callable(getattr(value, "f", None)) and callable(getattr(value, "grad", None))
    ):
        raise TypeError(
            f"a problem has f(x) and grad(x), such as problems.Quadratic([1, 10]) or problems.Function(f, grad, dim), "
            f"got {shown(value)}; see {RATE}"
        )


def direction(value):
    """A TypeError unless `value` has init and can be called."""
    if isinstance(value, type) or not (callable(value) and callable(getattr(value, "init", None))):
        raise TypeError(
            f"a direction has init(x) and can be called, such as directions.Steepest() or directions.Momentum(0.9), "
            f"got {shown(value)}; see {RATE}"
        )


def start(x0, problem):
    """`x0` as a finite float64 array of shape (..., d) that fits the problem."""
    x = finite_array(x0, "the start x0")
    return point(x, getattr(problem, "dim", x.shape[-1] if x.ndim else 1), "the start x0")


def bound(value):
    """The bound on f as a float (inf is allowed, NaN is not), or None."""
    if value is None:
        return None
    array = real_array(value, "bound")
    if array.ndim or np.isnan(array):
        raise ValueError(
            f"bound must be one number that f should not exceed, or None, got {shown(value)}; see {RATE}"
        )
    return float(array)


def returned(value, shape, what, problem):
    """What a problem returned, when its shape is the one that x asks for."""
    if type(value) is not np.ndarray:
        value = real_array(value, f"what {what} of {shown(problem)} returns")
    if value.shape != shape:
        rule = "(..., d) to (...)" if what == "f" else "(..., d) to (..., d)"
        raise ValueError(
            f"{what} of {shown(problem)} must map shape {rule}: expected {shape}, got {value.shape}; see {RATE}"
        )
    return value
