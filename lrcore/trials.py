"""Trainings that are not ours: any function of the rate and a seed, run one by one or in parallel.

A trial that fails is an outcome, as divergence is one, and must not cost the results of the others.
"""

import sys
from collections.abc import Iterator

import numpy as np

from .record import Run
from .validate import PRACTICE, count, real_array, shown, wrong_value


def attempt(trial, eta, seed):
    """(losses (n,), status, reason) of one trial, whatever it does."""
    losses = []
    try:
        result = trial(eta, seed)
        if isinstance(result, Run):
            return _of_run(result)
        if isinstance(result, (Iterator, list, tuple)):  # what an iterator gave before it failed is kept
            for loss in result:
                losses.append(_numbers(loss))
            result = losses
        losses = np.atleast_1d(_numbers(result))
    except (Exception, SystemExit) as error:
        return np.ravel(losses).astype(float), "failed", f"{type(error).__name__}: {error}"
    return losses, *_verdict(losses)


def _numbers(result):
    if result is None:
        raise ValueError("it returned nothing, neither a loss nor losses")
    if hasattr(result, "detach"):  # a torch tensor that still wants its gradient
        result = result.detach()
    return real_array(result, "a loss")


def _of_run(result):
    if result.status.ndim:
        return (
            np.empty(0),
            "failed",
            f"it returned runs of a batch of shape {result.status.shape}, not one run",
        )
    return result.f, str(result.status), ""


def _verdict(losses):
    if losses.ndim > 1 or losses.size == 0:
        return "failed", f"it returned an array of shape {losses.shape}, not one loss or a sequence of them"
    if not np.isfinite(losses[-1]):
        bad = np.flatnonzero(~np.isfinite(losses))[0]
        return "diverged", f"the loss is {losses[bad]:g} at entry {bad}"
    return "finished", ""


def attempts(trial, pairs, jobs, progress):
    """What `attempt` gives for each (eta, seed), in their order."""
    outcomes = [(np.empty(0), "failed", "it never ended")] * len(pairs)
    bar = Bar(len(pairs)) if progress else None
    try:
        for i, outcome in _finished(trial, pairs, jobs):
            outcomes[i] = outcome
            if bar:
                bar.one_more(outcome[1])
    except Exception as error:  # not a trial but what carries them: a worker that was killed, a lost cluster
        reason = f"the workers failed, {type(error).__name__}: {error}"
        outcomes = [(o[0], o[1], reason) if o[2] == "it never ended" else o for o in outcomes]
    return [(losses if losses.ndim == 1 else np.empty(0), *rest) for losses, *rest in outcomes]


def _finished(trial, pairs, jobs):
    """Yield (index, outcome) as the trials end."""
    if jobs == 1:
        yield from (_numbered(i, trial, *pair) for i, pair in enumerate(pairs))
        return
    try:
        from joblib import Parallel, delayed
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("jobs other than 1 need joblib: pip install joblib") from error
    calls = (delayed(_numbered)(i, trial, *pair) for i, pair in enumerate(pairs))
    yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(calls)


def _numbered(i, trial, eta, seed):
    return i, attempt(trial, eta, seed)


def checked_jobs(jobs):
    if isinstance(jobs, int) and jobs == -1:
        return jobs
    try:
        return count(jobs, "jobs", see=PRACTICE)
    except ValueError:
        raise wrong_value(
            f"jobs must be the number of trials at a time, at least 1, or -1 for all there is room for, "
            f"got {shown(jobs)}",
            PRACTICE,
        ) from None


class Bar:
    """[#####.....] on stderr."""

    WIDTH = 30

    def __init__(self, total):
        self.total, self.done, self.bad = total, 0, 0

    def one_more(self, status):
        self.done, self.bad = self.done + 1, self.bad + (status in ("failed", "diverged"))
        full = self.WIDTH * self.done // self.total
        line = f"\r[{'#' * full:.<{self.WIDTH}}] {self.done} of {self.total} trials, {self.bad} lost"
        print(line, end="\n" if self.done == self.total else "", file=sys.stderr, flush=True)
