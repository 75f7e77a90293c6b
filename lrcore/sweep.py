"""Which rate is best, and how much that matters: one method at many rates, and at several seeds."""

import numpy as np

from .arguments import rates_of_steps
from .directions import Steepest
from .run import run
from .sweep_record import Sweep
from .trials import attempts, checked_jobs
from .validate import PRACTICE, choice, count, finite_array, positive_rates, shown, wrong_type, wrong_value

STEEPEST = Steepest()


def sweep(
    problem,
    x0=None,
    rates=None,
    direction=STEEPEST,
    steps=100,
    *,
    seeds=(0,),
    schedule=None,
    judge="final",
    every=1,
    tol=0.0,
    bound=None,
    jobs=1,
    progress=False,
):
    """One method at many rates.

    Parameters
    ----------
    problem : problem, function of the seed that gives one, or trial
        Without `x0` it is a trial: a function trial(eta, seed) that trains anything and returns its loss, a
        sequence of losses (an iterator keeps what came before an error), or one Run. What it raises is
        recorded as the failure of that rate and seed.
    x0 : (d,), or function of the seed that gives it
    rates : (R,) different rates, in any order
    direction, steps, every, tol, bound : as for `run`
    seeds : whole numbers
        More than one needs a problem, a start or a trial that depends on the seed.
    schedule : schedule
        A run at rate eta then uses eta * schedule(k) at step k: give it the peak 1.
    judge : "final" or "lowest" loss
    jobs : int
        Trials at a time; -1 for as many as joblib's backend offers. ``with joblib.parallel_config("dask"):``
        sends them to a cluster. Needs joblib unless it is 1.
    progress : bool
        Whether to show the progress on stderr.

    Returns
    -------
    Sweep
        All rates (and all starts) are rows of one batched run; only a problem that depends on the seed
        takes a run for each seed.

    Raises ValueError or TypeError as `run` does, and for a grid of rates or seeds that is none.

    Explained in chapter 11.

    >>> from lrcore.problems import Quadratic
    >>> sweep(Quadratic([1.0, 10.0]), [1.0, 1.0], [0.01, 0.03, 0.1, 0.18, 0.3], steps=50)
    Sweep(5 rates, 1 seed: 1 diverged, 4 running; best rate 0.18, final loss 2.22177e-09)
    >>> sweep(lambda eta, seed: 1 / eta if eta < 2 else None, rates=[0.5, 1.0, 2.0])
    Sweep(3 rates, 1 seed: 1 failed, 2 finished; best rate 1, final loss 1)
    """
    rates, seeds = grid(rates), checked_seeds(seeds)
    choice(judge, "judge", ("final", "lowest"), PRACTICE)
    if x0 is not None:
        options = dict(every=every, tol=tol, bound=bound, progress=progress)
        eta = rates if schedule is None else _scheduled(schedule, rates, count(steps, "steps"))
        runs = _runs(problem, x0, eta, seeds, direction, steps, options)
        return _sweep_of_runs(rates, seeds, judge, runs)
    if not callable(problem) or hasattr(problem, "f"):
        raise wrong_type(
            f"a sweep needs a problem and its start x0, or a function trial(eta, seed), got {shown(problem)} "
            "and no x0",
            PRACTICE,
        )
    pairs = [(float(eta), int(seed)) for eta in rates for seed in seeds]
    return _sweep_of_trials(rates, seeds, judge, attempts(problem, pairs, checked_jobs(jobs), progress))


def grid(rates):
    if rates is None:
        raise wrong_type("a sweep needs its rates, such as np.geomspace(1e-3, 1, 13)", PRACTICE)
    rates = positive_rates(rates, PRACTICE)
    if rates.ndim != 1 or len(np.unique(rates)) < len(rates):
        raise wrong_value(
            f"rates must be different numbers, shape (R,), got {shown(rates.tolist())}", PRACTICE
        )
    return np.sort(rates)


def checked_seeds(seeds):
    try:
        seeds = list(seeds)
    except TypeError:
        raise wrong_type(f"seeds must be a sequence such as range(3), got {shown(seeds)}", PRACTICE) from None
    seeds = [count(seed, "a seed", low=0, see=PRACTICE) for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds):
        raise wrong_value(
            f"seeds must be different whole numbers, at least one, got {shown(seeds)}", PRACTICE
        )
    return np.array(seeds)


def _scheduled(schedule, rates, steps):
    shape = rates_of_steps(schedule, steps)
    if shape.ndim != 1:
        raise wrong_value(
            f"the schedule of a sweep gives one rate for each step, got {shape.shape}", PRACTICE
        )
    return lambda k: np.multiply.outer(shape[k], rates)


def _runs(problem, x0, eta, seeds, direction, steps, options):
    """(k, f (n, R, S), status (R, S)): one batched run, or one for each seed that makes its own problem."""
    makes_problem = callable(problem) and not hasattr(problem, "f")
    if len(seeds) > 1 and not (makes_problem or callable(x0)):
        raise wrong_value(
            "nothing here depends on the seed: give the problem or x0 as a function of it, such as "
            "lambda seed: Minibatches(problem, 32, seed)",
            PRACTICE,
        )
    starts = np.stack([_start(x0(int(seed)) if callable(x0) else x0) for seed in seeds])
    if not makes_problem:
        r = run(problem, starts[:, np.newaxis], eta, direction, steps, **options)
        return [(r.k, r.f, r.status)]
    parts = []
    for seed, start in zip(seeds, starts, strict=True):
        r = run(problem(int(seed)), start, eta, direction, steps, **options)
        parts.append((r.k, r.f[:, np.newaxis], r.status[np.newaxis]))
    return parts


def _start(x0):
    x0 = finite_array(x0, "the start x0")
    if x0.ndim != 1:
        raise wrong_value(f"the start of a sweep has shape (d,), got {x0.shape}", PRACTICE)
    return x0


def _sweep_of_runs(rates, seeds, judge, parts):
    k = max((k for k, _, _ in parts), key=len)
    curves = np.concatenate([_longer(f, len(k), status) for _, f, status in parts], axis=1)
    status = np.concatenate([status for _, _, status in parts]).T
    return Sweep.of(rates, seeds, judge, k, curves.transpose(2, 1, 0), status, np.full(status.shape, ""))


def _longer(f, n, status):
    """f (m, S, R) over n steps: a run that ended early repeats its last loss, as a stopped row does."""
    last = np.where(status == "diverged", np.nan, f[-1])
    return np.concatenate([f, np.broadcast_to(last, (n - len(f), *last.shape))])


def _sweep_of_trials(rates, seeds, judge, outcomes):
    shape = len(rates), len(seeds)
    n = max(1, *(len(losses) for losses, _, _ in outcomes))
    curves = np.full((len(outcomes), n), np.nan)
    for row, (losses, _, _) in zip(curves, outcomes, strict=True):
        row[: len(losses)] = losses
    status, reason = (np.array([outcome[i] for outcome in outcomes]).reshape(shape) for i in (1, 2))
    return Sweep.of(rates, seeds, judge, np.arange(n), curves.reshape(*shape, n), status, reason)
