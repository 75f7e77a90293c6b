"""What `run` accepts: rates as a number, an array, a schedule or a rule, and objects that fit together."""

from inspect import signature

import numpy as np

from .validate import (
    ADAPTIVE,
    LEARNED,
    SEARCH,
    finite_array,
    point,
    positive_rates,
    real_array,
    shown,
    wrong_type,
    wrong_value,
)


def rates_of_steps(eta, steps, batch=()):
    """The rates of steps 0, ..., steps-1 for every row, shape (steps, *B).

    B is the shape of the rates broadcast against `batch`. Nothing is copied for a constant rate: the result
    is a read-only view.

    >>> rates_of_steps([0.1, 0.2], steps=3).tolist()
    [[0.1, 0.2], [0.1, 0.2], [0.1, 0.2]]
    >>> rates_of_steps(lambda k: 1 / (1 + k), steps=3).round(3).tolist()
    [1.0, 0.5, 0.333]
    """
    rates = _of_schedule(eta, steps) if callable(eta) else positive_rates(eta)[np.newaxis]
    own = rates.shape[1:]
    try:
        rows = np.broadcast_shapes(own, batch)
    except ValueError:
        raise wrong_value(
            f"rates of shape {own} do not go with starts of batch shape {batch}: give one start for all "
            "rates, one rate for all starts, or as many of one as of the other"
        ) from None
    rates = rates.reshape(len(rates), *(1,) * (len(rows) - len(own)), *own)
    return np.broadcast_to(rates, (steps, *rows))


def _of_schedule(schedule, steps):
    """The values of a schedule, shape (1, *B) or (steps, *B)."""
    if isinstance(schedule, type):
        raise wrong_type(f"a schedule is made first, such as schedules.Constant(0.1), got {shown(schedule)}")
    if _is_search(schedule):
        raise wrong_type(
            f"a line search is made a rule first: stepsizes.LineSearch({shown(schedule)})", SEARCH
        )
    with np.errstate(all="ignore"):  # 1/k at k = 0 becomes inf and is reported below, with its step
        try:
            values = schedule(np.arange(steps))
        except Exception:  # `0.1 if k < 9 else 0.01` and math.cos(k) are fine schedules, but not of arrays
            values = [_at_step(schedule, k) for k in range(steps)]
    values = real_array(values, "what the schedule returns")
    if values.ndim == 0:
        values = values[np.newaxis]
    elif len(values) != steps:
        raise wrong_value(
            f"the schedule returned shape {values.shape} for {steps} step numbers; allowed are one rate for "
            f"each, shape ({steps},), or ({steps}, *B) for a batch"
        )
    wrong = np.argwhere(~(np.isfinite(values) & (values > 0)))
    if len(wrong):
        raise wrong_value(
            f"a learning rate must be finite and greater than 0, but the schedule gives "
            f"{values[tuple(wrong[0])]:g} at step {wrong[0][0]} (steps count from 0)"
        )
    return values


def _is_search(function):
    """Whether it is called with phi and phi', and not with a step number."""
    try:
        return list(signature(function).parameters)[:2] == ["phi", "dphi"]
    except (TypeError, ValueError):  # some builtins have no signature
        return False


def _at_step(schedule, k):
    try:
        return schedule(k)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise wrong_value(f"the schedule failed at step {k} (steps count from 0) with {reason}") from error


def is_rule(eta):
    """Whether eta looks at the run: a step-size rule, which has init(x), and not a schedule."""
    if not (callable(getattr(eta, "init", None)) and callable(eta)):
        return False
    if isinstance(eta, type):
        raise wrong_type(
            f"a step-size rule is made first, such as stepsizes.Polyak(), got {shown(eta)}", LEARNED
        )
    try:
        signature(eta.init).bind(None)
        signature(eta).bind(0, None, None, None)
    except TypeError:
        raise wrong_type(
            "a step-size rule has init(x) -> state and is called as rule(k, point, d, state), such as "
            f"stepsizes.Polyak() or stepsizes.OnPlateau(...) around a Plateau, got {shown(eta)}",
            LEARNED,
        ) from None
    except ValueError:  # a callable written in C may not tell its signature
        pass
    return True


def checked_problem(problem):
    """The problem, or a TypeError unless it has f and grad."""
    if isinstance(problem, type) or not all(callable(getattr(problem, name, None)) for name in ("f", "grad")):
        example = "problems.Quadratic([1, 10]) or problems.Function(f, grad, dim)"
        raise wrong_type(f"a problem has f(x) and grad(x), such as {example}, got {shown(problem)}")
    return problem


def checked_direction(direction):
    """The direction, or a TypeError unless it has init and can be called."""
    if isinstance(direction, type) or not (
        callable(direction) and callable(getattr(direction, "init", None))
    ):
        example = "directions.Steepest() or directions.Momentum(0.9)"
        raise wrong_type(
            f"a direction has init(x) and can be called, such as {example}, got {shown(direction)}"
        )
    return direction


def checked_start(x0, problem):
    """`x0` as a finite float64 array of shape (..., d) that fits the problem."""
    x = finite_array(x0, "the start x0")
    if x.size == 0:
        raise wrong_value(f"the start x0 holds no point at all: its shape is {x.shape}")
    return point(x, getattr(problem, "dim", x.shape[-1] if x.ndim else 1), "the start x0")


def checked_rows(problem, x):
    """A ValueError when f or grad of a batch is not f or grad of its rows.

    A function written for one point, with x[0] for the first coordinate where a batch needs x[..., 0], may
    return the right shape and wrong numbers.
    """
    if x.ndim == 1:
        return
    # near x, but with rows that differ, and away from a minimiser where the gradient is all rounding
    probe = x + 1e-3 * (1 + np.abs(x)) * np.cos(np.arange(x.size)).reshape(x.shape)
    last = (-1,) * (x.ndim - 1)
    for what, function, shape in (("f", problem.f, x.shape[:-1]), ("grad", problem.grad, x.shape)):
        together = returned(function(probe), shape, what)[last]
        alone = returned(function(probe[last]), shape[x.ndim - 1 :], what)
        if not np.allclose(together, alone, rtol=1e-6, atol=1e-6 * np.abs(alone).max(), equal_nan=True):
            raise wrong_value(
                f"{what} must treat the rows of a batch alike, but in a batch of {shape[: x.ndim - 1]} the "
                f"last row gives {shown(together)} and by itself {shown(alone)}: write x[..., 0], not x[0], "
                "for the first coordinate"
            )


def checked_bound(bound):
    """The bound on f as a float (inf is allowed, NaN is not), or None."""
    if bound is None:
        return None
    array = real_array(bound, "bound")
    if array.ndim or np.isnan(array):
        raise wrong_value(f"bound must be one number that f should not exceed, or None, got {shown(bound)}")
    return float(array)


def given_rates(said, shape):
    """(eta, state) as a step-size rule gave them, when eta has shape (*B, 1) or `shape`, which is (*B, d)."""
    if not (isinstance(said, tuple) and len(said) == 2):
        raise wrong_type(f"a step-size rule returns a pair (eta, state), got {shown(said)}", LEARNED)
    eta = real_array(said[0], "the rate that the rule returns", LEARNED)
    if eta.shape not in ((*shape[:-1], 1), shape):
        raise wrong_value(
            f"a step-size rule must return one rate for each row, shape {(*shape[:-1], 1)}, or one for each "
            f"coordinate, shape {shape}, got {eta.shape}",
            LEARNED,
        )
    return eta, said[1]


def given_scale(direction, k, state, shape):
    """The factor by which the direction's last step multiplied each coordinate of the gradient."""
    scale = real_array(direction.scale(k, state), f"what {shown(direction)}.scale returns", ADAPTIVE)
    try:
        return np.broadcast_to(scale, shape)
    except ValueError:
        raise wrong_value(
            f"{shown(direction)}.scale must return shape {shape}, got {scale.shape}", ADAPTIVE
        ) from None


def returned(value, shape, what):
    """What a problem or a direction returned, as an array, when it has the shape that x asks for."""
    if not (isinstance(value, (np.ndarray, np.float64)) and value.dtype == np.float64):
        value = real_array(value, f"what {what} returns")
    if value.shape != shape:
        rule = "(..., d) to (...)" if what == "f" else "(..., d) to (..., d)"
        raise wrong_value(f"{what} must map shape {rule}: expected {shape}, got {value.shape}")
    return value
