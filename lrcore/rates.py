"""From what a reader calls eta (a number, an array, a schedule) to the rate of every step."""

import numpy as np

from . import validate


def rates_of_steps(eta, steps, batch=()):
    """The rates of steps 0, ..., steps-1 for every row, shape (steps, *B).

    B is the shape of the rates broadcast against `batch`. Nothing is copied for a constant rate: the result is a
    read-only view.

    >>> rates_of_steps([0.1, 0.2], steps=3).tolist()
    [[0.1, 0.2], [0.1, 0.2], [0.1, 0.2]]
    >>> rates_of_steps(lambda k: 1 / (1 + k), steps=3).round(3).tolist()
    [1.0, 0.5, 0.333]
    """
    if callable(eta):
        rates = _of_schedule(eta, steps)
    else:
        rates = validate.positive_rates(eta)[np.newaxis]
    own = rates.shape[1:]
    try:
        rows = np.broadcast_shapes(own, batch)
    except ValueError:
        raise ValueError(
            f"rates of shape {own} do not go with starts of batch shape {batch}: give one start for all rates, or one rate "
            f"for all starts, or as many of one as of the other; see {validate.RATE}"
        ) from None
    rates = rates.reshape(len(rates), *(1,) * (len(rows) - len(own)), *own)
    return np.broadcast_to(rates, (steps, *rows))


def _of_schedule(schedule, steps):
    """The values of a schedule, shape (1,) or (steps, ...); asked all at once if it can, else one step at a time."""
    with np.errstate(all="ignore"):  # 1/k at k = 0 becomes inf and is reported below, with its step
        try:
            values = np.asarray(schedule(np.arange(steps)))
        except Exception:  # `0.1 if k < 9 else 0.01` or math.cos(k): fine schedules, but not of arrays
            values = np.asarray([_at_step(schedule, k) for k in range(steps)])
    values = validate.real_array(values, "what the schedule returns")
    if values.ndim == 0:
        values = values[np.newaxis]
    elif len(values) != steps:
        raise ValueError(
            f"the schedule returned shape {values.shape} for {steps} step numbers; allowed are one rate for each, shape "
            f"({steps},), or ({steps}, *B) for a batch; see {validate.RATE}"
        )
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        where = np.argwhere(wrong)[0]
        raise ValueError(
            f"a learning rate must be finite and greater than 0, but the schedule gives {values[tuple(where)]:g} at step "
            f"{where[0]} (steps count from 0); see {validate.RATE}"
        )
    return values


def _at_step(schedule, k):
    try:
        return schedule(k)
    except Exception as error:
        raise ValueError(
            f"the schedule failed at step {k} (steps count from 0) with {type(error).__name__}: {error}; see {validate.RATE}"
        ) from error
