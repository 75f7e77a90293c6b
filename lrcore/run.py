"""The loop x_{k+1} = x_k + eta_k d_k, for one rate or for many at once."""

import sys
from math import sqrt
from time import monotonic

import numpy as np

from .arguments import (
    checked_bound,
    checked_direction,
    checked_problem,
    checked_rows,
    checked_start,
    given_rates,
    given_scale,
    is_rule,
    rates_of_steps,
    returned,
)
from .directions import Steepest
from .point import Point
from .recorder import Recorder
from .validate import ADAPTIVE, count, number, shown, wrong_value

STEEPEST = Steepest()


def run(
    problem,
    x0,
    eta,
    direction=STEEPEST,
    steps=100,
    *,
    record_x=False,
    record_rate=False,
    every=1,
    tol=0.0,
    bound=None,
    progress=False,
):
    """Make `steps` steps x_{k+1} = x_k + eta_k d_k and record what happens.

    Parameters
    ----------
    problem : object with ``f`` and ``grad``
        If it has ``value_and_grad``, that is used where both are needed; if it has ``at(k)``, step k uses the
        gradient of ``problem.at(k)``; if it has ``project(x)``, every step ends at the projection.
    x0 : (d,) or (*B, d)
        The start.
    eta : number, array of shape B, schedule or step-size rule
        The rate, in units of x^2/f. An array makes one run for each rate. A schedule is a function of the
        step number that gets ``arange(steps)``, or one number at a time if it cannot take an array. The
        batch axes of eta and of x0 are broadcast against each other. A rule looks at the run: it has
        ``init(x) -> state`` and ``__call__(k, point, d, state) -> (eta, state)`` with a `Point`, and eta of
        shape (*B, 1) or (*B, d); nan stops a row, because there is no step to make.
    direction : object with ``init(x) -> state`` and ``__call__(k, g, state) -> (d, state)``
        With the attribute ``uses_point = True`` it gets a `Point` in place of g. If it has ``answer(x,
        state)``, f and grad f are recorded at that point and the record holds it in place of the iterate.
    steps : int >= 1
    record_x : bool
        Whether to keep the iterates too.
    record_rate : bool
        Whether to keep the rate of every coordinate, eta_k times ``direction.scale(k, state)``.
    every : int >= 1
        f and |grad f| are recorded, and rows tested for stopping, at steps 0, every, 2 every, ...; rows are
        tested once more after the last step.
    tol : float >= 0
        A row has converged when |grad f| <= tol; 0 makes all the steps.
    bound : float
        A row has diverged when ``not f <= bound``, which NaN meets too; by default 1e12 (1 + |f(x0)|).
        It has also diverged when f is -inf.
    progress : bool
        Whether to write the step number to stderr now and then.

    Returns
    -------
    Run
        A stopped row is frozen. A diverged row records nan from then on, another one the same values
        again. When all rows have stopped the run ends, and the record is shorter. With ``at(k)`` the full
        gradient is computed only if `tol` asks for it, otherwise ``grad_norm`` is nan.

    Raises
    ------
    ValueError, TypeError
        For rates that are not finite and greater than 0, a start that does not fit the problem, a number of
        steps below 1, a problem, direction or rule that returns the wrong shape. Numbers that overflow raise
        nothing: they end in the status "diverged".

    Explained in chapter 01, step-size rules in chapters 04 and 09.

    >>> from lrcore.problems import Quadratic
    >>> r = run(Quadratic([1.0, 10.0]), [1.0, 1.0], eta=[0.1, 0.19, 0.21], steps=1000, tol=1e-8)
    >>> r
    Run(197 steps, batch (3,): 2 converged, 1 diverged)
    >>> r.stop_step
    array([175, 197, 147])
    """
    steps, every = count(steps, "steps"), count(every, "every")
    tol, bound = number(tol, "tol", low=0), checked_bound(bound)
    problem, direction = checked_problem(problem), checked_direction(direction)
    if record_rate and not callable(getattr(direction, "scale", None)):
        raise wrong_value(f"{shown(direction)} has no rate of each coordinate to record", ADAPTIVE)
    x = checked_start(x0, problem)
    rule = eta if is_rule(eta) else None
    if rule is None:
        rates = rates_of_steps(eta, steps, x.shape[:-1])
        x = np.broadcast_to(x, (*rates.shape[1:], x.shape[-1]))
    x = np.array(x)

    stochastic, projected = hasattr(problem, "at"), hasattr(problem, "project")
    judged, sees_point = hasattr(direction, "answer"), getattr(direction, "uses_point", False)
    record = Recorder(x.shape, steps, every, tol, bound, record_x, record_rate, rule is not None)
    told = monotonic()
    with np.errstate(all="ignore"):  # overflow is an outcome here, and has a status
        checked_rows(problem, x)
        y, state, memory = x, direction.init(x), None if rule is None else rule.init(x)
        fixed = rule is None and rates.strides[0] == 0
        step = np.broadcast_to(rates[0, ..., np.newaxis], x.shape) + np.zeros_like(x) if fixed else None
        move = np.empty_like(x)
        for k in range(steps + 1):
            f = g = None
            y = x if not judged else np.where(record.active[..., np.newaxis], _answer(direction, x, state), y)
            if k % every == 0 or k == steps:
                f, g = _value_and_slope(problem, y, with_slope=tol > 0 or not stochastic)
                record.look(k, y, f, np.nan if g is None else _norm(g))
                if k == steps or not record.any_active:
                    break
            here = problem.at(k) if stochastic else problem
            if stochastic or judged:
                f = g = None  # those of another function, or of another point
            if g is None:
                g = returned(here.grad(x), x.shape, "grad")
            point = Point(k, here, x, g, record.active, f) if sees_point or rule is not None else None
            d, state = direction(k, point if sees_point else g, state)
            d = returned(d, x.shape, "the direction")
            if rule is None:
                if not fixed:
                    step = rates[k, ..., np.newaxis]
            else:
                step, memory = given_rates(rule(k, point, d, memory), x.shape)
                record.rule_said(point, step)
                if not record.any_active:
                    break
            if record_rate:
                record.scaled(k, step, given_scale(direction, k, state, x.shape))
            x_next = x + np.multiply(step, d, out=move)
            if projected:
                x_next = returned(problem.project(x_next), x.shape, "project")
            x = x_next if record.all_active else np.where(record.active[..., np.newaxis], x_next, x)
            if progress:
                told = _tell(told, k + 1, steps)
    return record.run(y, None if rule is not None else rates)


def _norm(g):
    return sqrt(g.dot(g)) if g.ndim == 1 else np.sqrt(np.vecdot(g, g))  # the first is quicker


def _answer(direction, x, state):
    return returned(direction.answer(x, state), x.shape, "the direction's answer")


def _value_and_slope(problem, x, with_slope):
    """f(x) and, if wanted, its gradient; else None for it."""
    if with_slope and hasattr(problem, "value_and_grad"):
        f, g = problem.value_and_grad(x)
    else:
        f, g = problem.f(x), problem.grad(x) if with_slope else None
    return returned(f, x.shape[:-1], "f"), returned(g, x.shape, "grad") if with_slope else None


def _tell(told, made, steps):
    if (now := monotonic()) - told < 0.5 and made < steps:
        return told
    print(f"\rstep {made} of {steps}", end="\n" if made == steps else "", file=sys.stderr, flush=True)
    return now
