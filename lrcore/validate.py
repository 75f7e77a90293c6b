"""Checks of what a reader passes in.

Every error says what was given, what is allowed, and where the book explains it.
"""

import numbers

import numpy as np

RATE = "chapter 01, 'What is a learning rate?'"
STABILITY = "chapter 02, 'Stability'"
MOMENTUM = "chapter 03, 'Momentum'"
SEARCH = "chapter 04, 'Line search'"
NOISE = "chapter 05, 'Noise and the Robbins-Monro conditions'"
DECAY = "chapter 06, 'Decay'"
CYCLES = "chapter 07, 'Warmup, restarts, cycles, plateaus'"
ADAPTIVE = "chapter 08, 'Adaptive methods'"
LEARNED = "chapter 09, 'Learning the learning rate'"
CURVATURE = "chapter 10, 'Curvature'"
PRACTICE = "chapter 11, 'Choosing and diagnosing'"


def wrong_value(text, see=RATE):
    return ValueError(f"{text}; see {see}")


def wrong_type(text, see=RATE):
    return TypeError(f"{text}; see {see}")


def shown(value):
    """A short text for a value in an error message."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an object whose repr fails must not hide the message about it
        text = f"an object of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def real_array(value, name, see=RATE):
    """`value` as a float64 array; a TypeError for booleans, strings, complex numbers and other objects."""
    try:
        array = np.asarray(value)
    except Exception:  # ragged lists, tensors that refuse, objects with a broken __array__
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        raise wrong_type(f"{name} must be real numbers (int or float), got {shown(value)}", see)
    return np.asarray(array, dtype=np.float64)


def finite_array(value, name, see=RATE):
    """As `real_array`, and a ValueError when an entry is NaN or infinite."""
    array = real_array(value, name, see)
    if not np.isfinite(array).all():
        raise wrong_value(f"{name} must be finite, got {shown(value)}", see)
    return array


def number(value, name, *, low=-np.inf, high=np.inf, low_allowed=True, high_allowed=True, see=RATE):
    """`value` as a finite float in the interval from `low` to `high`."""
    array = finite_array(value, name, see)
    if array.ndim:
        raise wrong_type(f"{name} must be one number, got an array of shape {array.shape}", see)
    above = low <= array if low_allowed else low < array
    below = array <= high if high_allowed else array < high
    if not (above and below):
        left = "[" if low_allowed and low > -np.inf else "("
        right = "]" if high_allowed and high < np.inf else ")"
        raise wrong_value(f"{name} must be in {left}{low:g}, {high:g}{right}, got {shown(value)}", see)
    return float(array)


def count(value, name, *, low=1, see=RATE):
    """`value` as an int of at least `low`; booleans and floats such as 10.0 are not counts."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise wrong_type(f"{name} must be a whole number (int), got {shown(value)}", see)
    if value < low:
        raise wrong_value(f"{name} must be at least {low}, got {shown(value)}", see)
    return int(value)


def choice(value, name, allowed, see=RATE):
    """`value` if it is one of the `allowed` names."""
    if not isinstance(value, str) or value not in allowed:
        raise wrong_value(f"{name} must be one of {', '.join(map(repr, allowed))}, got {shown(value)}", see)
    return value


def point(x, dim, name="x", see=RATE):
    """`x` as a float64 array of shape (..., dim); its entries may be infinite or NaN."""
    if type(x) is not np.ndarray or x.dtype != np.float64:
        x = real_array(x, name, see)
    if x.ndim == 0 or x.shape[-1] != dim:
        raise wrong_value(f"{name} must have shape (..., {dim}), coordinates last, got shape {x.shape}", see)
    return x


def features(X, see=RATE):
    """A copy of `X` as a finite float64 array of shape (n, p), both at least 1."""
    X = finite_array(X, "X", see).copy()
    if X.ndim != 2 or 0 in X.shape:
        raise wrong_value(f"X must have shape (samples, features), both at least 1, got {X.shape}", see)
    return X


def class_labels(labels, n, see=RATE):
    """`labels` as an int array of shape (n,) with values 0, 1, 2, ..."""
    array = finite_array(labels, "labels", see)
    if array.shape != (n,):
        raise wrong_value(f"labels must hold one label per row of X, shape ({n},), got {array.shape}", see)
    if (array < 0).any() or (array != np.floor(array)).any():
        raise wrong_value(f"labels must be whole numbers 0, 1, 2, ..., got {shown(labels)}", see)
    return array.astype(np.intp)


def positive_rates(eta, see=RATE):
    """`eta` as a float64 array of rates, each finite and greater than 0."""
    array = real_array(eta, "the learning rate eta", see)
    if array.size == 0:
        raise wrong_value(f"eta holds no learning rate at all: its shape is {array.shape}", see)
    wrong = ~(np.isfinite(array) & (array > 0))
    if wrong.any():
        first = array[wrong].flat[0]
        raise wrong_value(
            f"a learning rate must be finite and greater than 0, got {first:g} in eta={shown(eta)}", see
        )
    return array


def step_numbers(k, see=RATE):
    """`k` as given, when it is a step number or an array of them: whole numbers from 0."""
    try:
        array = np.asarray(k)
    except Exception:  # ragged lists
        array = np.asarray(None)
    if array.dtype.kind not in "iu":
        raise wrong_type(f"a step number must be a whole number or an integer array, got {shown(k)}", see)
    if array.size and array.min() < 0:
        raise wrong_value(f"steps count from 0, got k={shown(k)}", see)
    return k
