"""The kinds of parameters that schedules have: checked at construction, with the range in the message."""

from dataclasses import MISSING, field

import numpy as np

from .. import validate


def checked(check, default=MISSING):
    """A dataclass field whose value is replaced by check(value, name, see)."""
    return field(default=default, metadata={"check": check})


def number(low=0.0, high=np.inf, *, low_allowed=True, high_allowed=True, optional=False, default=MISSING):
    """A real number in the interval from low to high; or None, if that is allowed."""

    def check(value, name, see):
        if optional and value is None:
            return None
        allowed = {"low_allowed": low_allowed, "high_allowed": high_allowed}
        validate.number(value, name, low=low, high=high, see=see, **allowed)
        return _plain(value)

    return checked(check, default)


def positive(default=MISSING, optional=False):
    """A real number greater than 0; or None, if that is allowed."""
    return number(low_allowed=False, optional=optional, default=default)


def whole(low=1, default=MISSING, optional=False):
    """An int of at least `low`; or None, if that is allowed."""

    def check(value, name, see):
        if optional and value is None:
            return None
        return validate.count(value, name, low=low, see=see)

    return checked(check, default)


def name(*allowed, default=MISSING):
    """One of a few names."""
    return checked(lambda value, name, see: validate.choice(value, name, allowed, see), default)


def flag(default=MISSING):
    """True or False."""

    def check(value, name, see):
        if not isinstance(value, (bool, np.bool_)):
            raise validate.wrong_type(f"{name} must be True or False, got {validate.shown(value)}", see)
        return bool(value)

    return checked(check, default)


def numbers():
    """One or more real numbers, each at least 0; kept as a tuple."""

    def check(value, name, see):
        array = validate.finite_array(value, name, see)
        if array.ndim != 1 or array.size == 0 or array.min() < 0:
            given = validate.shown(value)
            raise validate.wrong_value(
                f"{name} must be a sequence of numbers, each in [0, inf), got {given}", see
            )
        return tuple(map(_plain, value))

    return checked(check)


def boundaries():
    """Step numbers in ascending order, each at least 0; kept as a tuple."""

    def check(value, name, see):
        array = validate.finite_array(value, name, see)
        if array.ndim != 1 or (array.size and array.min() < 0) or (np.diff(array) < 0).any():
            given = validate.shown(value)
            raise validate.wrong_value(
                f"{name} must be a sequence of steps in ascending order, each in [0, inf), got {given}", see
            )
        return tuple(map(_plain, value))

    return checked(check)


def _plain(value):
    """A Python int or float, so that repr and JSON do not depend on where a number came from."""
    return value.item() if hasattr(value, "item") else value
