"""The loop x_{k+1} = x_k + eta_k d_k, for one rate or for many at once."""

import sys
from time import monotonic

import numpy as np

from .arguments import (
    checked_bound,
    checked_direction,
    checked_problem,
    checked_rows,
    checked_start,
    rates_of_steps,
    returned,
)
from .directions import Steepest
from .record import Recorder
from .validate import count, number

STEEPEST = Steepest()


def run(
    problem,
    x0,
    eta,
    direction=STEEPEST,
    steps=100,
    *,
    record_x=False,
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
        gradient of ``problem.at(k)``.
    x0 : (d,) or (*B, d)
        The start.
    eta : number, array of shape B, or schedule
        The rate, in units of x^2/f. An array makes one run for each rate. A schedule is a function of the
        step number that gets ``arange(steps)``, or one number at a time if it cannot take an array. The
        batch axes of eta and of x0 are broadcast against each other.
    direction : object with ``init(x) -> state`` and ``__call__(k, g, state) -> (d, state)``
    steps : int >= 1
    record_x : bool
        Whether to keep the iterates too.
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
        A stopped row is frozen. A diverged row records nan from then on, a converged row the same values
        again. When all rows have stopped the run ends, and the record is shorter. With ``at(k)`` the full
        gradient is computed only if `tol` asks for it, otherwise ``grad_norm`` is nan.

    Raises
    ------
    ValueError, TypeError
        For rates that are not finite and greater than 0, a start that does not fit the problem, a number of
        steps below 1, a problem or direction that returns the wrong shape. Numbers that overflow raise
        nothing: they end in the status "diverged".

    Explained in chapter 01.

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
    x = checked_start(x0, problem)
    rates = rates_of_steps(eta, steps, x.shape[:-1])
    x = np.array(np.broadcast_to(x, (*rates.shape[1:], x.shape[-1])))

    stochastic = hasattr(problem, "at")
    record = Recorder(x.shape, steps, every, tol, bound, record_x)
    told = monotonic()
    with np.errstate(all="ignore"):  # overflow is an outcome here, and has a status
        checked_rows(problem, x)
        state = direction.init(x)
        for k in range(steps + 1):
            g = None
            if k % every == 0 or k == steps:
                f, g = _value_and_slope(problem, x, with_slope=tol > 0 or not stochastic)
                record.look(k, x, f, np.nan if g is None else np.sqrt(np.vecdot(g, g)))
                if k == steps or not record.any_active:
                    break
            if g is None or stochastic:
                g = returned(problem.at(k).grad(x) if stochastic else problem.grad(x), x.shape, "grad")
            d, state = direction(k, g, state)
            x_next = x + rates[k, ..., np.newaxis] * returned(d, x.shape, "the direction")
            x = x_next if record.all_active else np.where(record.active[..., np.newaxis], x_next, x)
            if progress:
                told = _tell(told, k + 1, steps)
    return record.run(x, rates)


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
