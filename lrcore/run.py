"""The loop x_{k+1} = x_k + eta_k d_k, for one rate or for many at once."""

import sys
from time import monotonic

import numpy as np

from . import validate
from .directions import Steepest
from .rates import rates_of_steps
from .record import Recorder

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
    problem : has ``f``, ``grad`` and perhaps ``dim``, ``value_and_grad``; with ``at(k)``, step k uses ``problem.at(k)``.
    x0 : (d,) or (*B, d), the start.
    eta : the rate, in units of x^2/f. A number > 0; an array of rates of shape B, one run for each; or a schedule, a
        function of the step number that gets ``arange(steps)``, or one number at a time if it cannot take an array.
        B and the batch axes of x0 are broadcast against each other.
    direction : has ``init(x) -> state`` and ``__call__(k, g, state) -> (d, state)``.
    steps : int >= 1.
    record_x : whether to keep the iterates too.
    every : f and |grad f| are recorded, and rows tested for stopping, at steps 0, every, 2 every, ... and tested
        once more after the last step.
    tol : a row has converged when |grad f| <= tol; 0 makes all the steps.
    bound : a row has diverged when ``not f <= bound``, which NaN meets too; by default 1e12 (1 + |f(x0)|).
    progress : whether to write the step number to stderr now and then.

    A stopped row is frozen. A diverged row records nan from then on, a converged row the same values again. When all rows
    have stopped the run ends, and the record is shorter. With ``at(k)`` the full gradient is computed only if `tol` asks
    for it, otherwise ``grad_norm`` is nan.

    Returns a `Run`. Raises ValueError or TypeError for rates that are not finite and greater than 0, a start that does
    not fit the problem, a number of steps below 1, a problem or direction that returns the wrong shape. Numbers that
    overflow raise nothing: they end in the status "diverged". Explained in chapter 01.

    >>> from lrcore.problems import Quadratic
    >>> r = run(Quadratic([1.0, 10.0]), [1.0, 1.0], eta=[0.1, 0.19, 0.21], steps=1000, tol=1e-8)
    >>> r
    Run(197 steps, batch (3,): 2 converged, 1 diverged)
    >>> r.stop_step
    array([175, 197, 147])
    """
    steps, every = validate.count(steps, "steps"), validate.count(every, "every")
    tol, bound = validate.number(tol, "tol", low=0), validate.bound(bound)
    validate.problem(problem)
    validate.direction(direction)
    x = validate.start(x0, problem)
    rates = rates_of_steps(eta, steps, x.shape[:-1])
    x = np.array(np.broadcast_to(x, (*rates.shape[1:], x.shape[-1])))

    stochastic = hasattr(problem, "at")
    record = Recorder(x.shape, steps, every, tol, bound, record_x)
    told = monotonic() if progress else None
    with np.errstate(all="ignore"):  # overflow is an outcome here, and has a status
        state = direction.init(x)
        for k in range(steps + 1):
            g = None
            if k % every == 0 or k == steps:
                f, g = _look(problem, x, with_grad=tol > 0 or not stochastic)
                record.look(k, x, f, np.nan if g is None else np.sqrt(np.vecdot(g, g)))
                if k == steps or not record.any_active:
                    break
            if stochastic:
                g = _slope(problem.at(k), x)
            elif g is None:
                g = _slope(problem, x)
            d, state = direction(k, g, state)
            x_next = x + rates[k, ..., np.newaxis] * d
            x = x_next if record.all_active else np.where(record.active[..., np.newaxis], x_next, x)
            if progress:
                told = _tell(told, k, steps)
    return record.run(x, rates)


def _look(problem, x, with_grad):
    """f and, if wanted, its gradient at x, of the right shapes."""
    if not with_grad:
        return validate.returned(problem.f(x), x.shape[:-1], "f", problem), None
    if hasattr(problem, "value_and_grad"):
        f, g = problem.value_and_grad(x)
    else:
        f, g = problem.f(x), problem.grad(x)
    return validate.returned(f, x.shape[:-1], "f", problem), validate.returned(g, x.shape, "grad", problem)


def _slope(problem, x):
    return validate.returned(problem.grad(x), x.shape, "grad", problem)


def _tell(told, k, steps):
    if (now := monotonic()) - told < 0.5 and k + 1 < steps:
        return told
    print(f"\rstep {k + 1} of {steps}", end="\n" if k + 1 == steps else "", file=sys.stderr, flush=True)
    return now
