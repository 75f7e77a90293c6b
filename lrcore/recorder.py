"""How a run is written down while it runs, and what stops its rows."""

import numpy as np

from . import validate
from .record import Run

BLOW_UP = 1e12  # a run whose f has grown so many times is not coming back, and later numbers teach nothing


class Recorder:
    """Preallocated records of a run, and the tests that stop its rows."""

    def __init__(self, shape, steps, every, tol, bound, record_x, record_rate, by_rule):
        self.batch, rows = shape[:-1], steps // every + 1
        self.steps, self.every, self.tol, self.bound = steps, every, tol, bound
        self.f, self.norm = _empty(rows, self.batch), _empty(rows, self.batch)
        self.x = _empty(rows, shape) if record_x else None
        self.eta = self.evaluations = np.empty((0, *self.batch)) if by_rule else None
        self.rate = np.empty((0, *shape)) if record_rate else None
        self.status = np.full(self.batch, "running", dtype="<U13")
        self.stop_step = np.full(self.batch, steps)
        self.active, self.all_active, self.any_active = np.full(self.batch, True), True, True
        self.rows = 0

    def look(self, k, x, f, norm):
        """Record step k if it is one to record, then stop the rows that have diverged or converged."""
        if k == 0 and self.bound is None:
            self.bound = np.minimum(BLOW_UP * (1 + np.abs(f)), np.finfo(float).max)
        if k == 0:
            self.lowest_bound = np.min(self.bound)  # nan where f(x0) is, and then nothing is below it
        if k % self.every == 0:
            self._write(x, f, norm)
        low, high = (f, f) if f.ndim == 0 else (f.min(), f.max())
        if self.tol == 0 and -np.inf < low and high <= self.lowest_bound:  # false for NaN
            return
        in_bounds = (f <= self.bound) & (f > -np.inf)  # false for NaN, where `f > bound` would be false too
        self._stop(k, ~in_bounds, "diverged")
        if self.tol > 0:
            self._stop(k, norm <= self.tol, "converged")

    def _write(self, x, f, norm):
        i, self.rows = self.rows, self.rows + 1
        self.f[i], self.norm[i] = f, norm
        if self.x is not None:
            self.x[i] = x
        if not self.all_active:
            gone = self.status == "diverged"
            self.f[i, gone] = self.norm[i, gone] = np.nan
            if self.x is not None:
                self.x[i, gone] = np.nan

    def _stop(self, k, rows, status):
        rows = rows & self.active
        if rows.any():
            self.status[rows], self.stop_step[rows] = status, k
            self.active = self.active & ~rows
            self.all_active, self.any_active = False, bool(self.active.any())

    def rule_said(self, point, eta):
        """Record what a step-size rule used, eta (*B, 1) or (*B, d), and stop the rows where it is nan."""
        k = point.k
        if k == 0:
            self.eta = _empty(self.steps, (*self.batch, 1))
            self.evaluations = _empty(self.steps, self.batch, dtype=int)
        if (
            eta.shape[-1] > self.eta.shape[-1]
        ):  # one rate for each coordinate, perhaps after a while of waiting
            before = self.eta[:k]
            self.eta = _empty(self.steps, eta.shape)
            self.eta[:k] = before
        failed = np.isnan(eta).any(-1) & self.active
        if failed.any():
            self._stop(k, failed & ~np.isfinite(point.f), "diverged")  # no rule can help a lost row
            self._stop(k, failed, "failed-search")
        if not self.all_active:
            eta = np.where(self.active[..., np.newaxis], eta, np.nan)
        self.eta[k] = eta
        self.evaluations[k] = point.evaluations

    def scaled(self, k, eta, scale):
        """Record the rate of each coordinate."""
        if k == 0:
            self.rate = _empty(self.steps, scale.shape)
        self.rate[k] = eta * scale
        if not self.all_active:
            self.rate[k, ~self.active] = np.nan

    def run(self, x_last, rates=None):
        """The finished record; a copy, so that a run that ended early holds no more memory than it needs."""
        made = self.steps if self.any_active else int(self.stop_step.max())
        f, norm, x = (_first(self.rows, a) for a in (self.f, self.norm, self.x))
        eta, rate, evaluations = (_first(made, a) for a in (self.eta, self.rate, self.evaluations))
        k = np.arange(self.rows) * self.every
        if rates is not None:
            eta = rates[:made]
        elif eta.shape[1:] == (*self.batch, 1):
            eta = eta[..., 0]
        return Run(x_last, x, k, f, norm, eta, self.status, self.stop_step, rate, evaluations)


def _empty(rows, shape, dtype=float):
    try:
        return np.empty((rows, *shape), dtype)
    except MemoryError:
        raise validate.wrong_value(
            f"{rows} records of shape {shape} do not fit into memory: record fewer steps with every=..., or "
            "leave out record_x and record_rate"
        ) from None


def _first(rows, records):
    return records if records is None or len(records) == rows else records[:rows].copy()
