"""Fields that hold schedules."""

from ... import validate
from .. import fields
from ..parameters import Parameters
from ..schedule import Schedule


def part(value, name, see):
    """A schedule or a plain function of the step."""
    pure = isinstance(value, Schedule) or not isinstance(value, Parameters)  # Plateau needs a metric too
    if isinstance(value, type) or not callable(value) or not pure:
        raise validate.wrong_type(
            f"{name} must be a schedule or a function of the step, such as Cosine(0.1, 100), got "
            f"{validate.shown(value)}",
            see,
        )
    return value


def schedule():
    """One schedule or plain function of the step."""
    return fields.checked(part)


def schedules(*, numbers=False):
    """One or more of them, with numbers >= 0 among them if that is allowed; kept as a tuple."""

    def check(value, name, see):
        if isinstance(value, Schedule) or not isinstance(value, (tuple, list)) or not value:
            raise validate.wrong_type(
                f"{name} must be a sequence of one or more schedules, got {validate.shown(value)}", see
            )
        return tuple(_factor(one, name, see) if numbers else part(one, name, see) for one in value)

    return fields.checked(check)


def _factor(value, name, see):
    if callable(value):
        return part(value, name, see)
    return fields.number().metadata["check"](value, name, see)
