"""What a run leaves behind, and how it is written down while it runs."""

from dataclasses import dataclass

import numpy as np

from . import validate

BLOW_UP = 1e12  # a run whose f has grown so many times is not coming back, and later numbers teach nothing


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """The record of `lrcore.run`. B is the shape of the batch, () for one run; K is the number of steps made.

    ============== ================ =========================================================================
    ``x_last``     (*B, d)          the last iterate; of a stopped row, the iterate at which it stopped
    ``x``          (len(k), *B, d)  the iterates of the recorded steps, or None
    ``k``          (len(k),)        the recorded steps 0, every, 2 every, ...
    ``f``          (len(k), *B)     f there, on all samples; nan after a row has diverged
    ``grad_norm``  (len(k), *B)     |grad f| there; nan where the full gradient was not computed
    ``eta``        (K, *B)          the rate used by step 0, 1, ..., K-1
    ``status``     (*B)             "running" (all steps used), "converged" (|grad f| <= tol), "diverged"
    ``stop_step``  (*B)             the step at which the row stopped; K if it is still running
    ============== ================ =========================================================================

    Explained in chapter 01.
    """

    x_last: np.ndarray
    x: np.ndarray | None
    k: np.ndarray
    f: np.ndarray
    grad_norm: np.ndarray
    eta: np.ndarray
    status: np.ndarray
    stop_step: np.ndarray

    def __repr__(self):
        if self.status.ndim == 0:
            end = f"f = {self.f[0]:.6g} at step 0, {self.f[-1]:.6g} at step {self.k[-1]}"
            return f"Run({len(self.eta)} steps, {self.status}, {end})"
        names, counts = np.unique(self.status, return_counts=True)
        rows = ", ".join(f"{c} {name}" for name, c in zip(names, counts, strict=True))
        return f"Run({len(self.eta)} steps, batch {self.status.shape}: {rows})"


class Recorder:
    """Preallocated records of a run, and the tests that stop its rows."""

    def __init__(self, shape, steps, every, tol, bound, record_x):
        batch, rows = shape[:-1], steps // every + 1
        self.steps, self.every, self.tol, self.bound = steps, every, tol, bound
        try:
            self.f, self.norm = np.empty((rows, *batch)), np.empty((rows, *batch))
            self.x = np.empty((rows, *shape)) if record_x else None
        except MemoryError:
            raise validate.wrong_value(
                f"{rows} records of shape {shape if record_x else batch} do not fit into memory: record "
                "fewer steps with every=..., or leave out record_x"
            ) from None
        self.status = np.full(batch, "running", dtype="<U9")
        self.stop_step = np.full(batch, steps)
        self.active, self.all_active, self.any_active = np.full(batch, True), True, True
        self.rows = 0

    def look(self, k, x, f, norm):
        """Record step k if it is one to record, then stop the rows that have diverged or converged."""
        if k == 0 and self.bound is None:
            self.bound = np.minimum(BLOW_UP * (1 + np.abs(f)), np.finfo(float).max)
        if k % self.every == 0:
            self._write(x, f, norm)
        in_bounds = (f <= self.bound) & (f > -np.inf)  # false for NaN, where `f > bound` would be false too
        if self.tol == 0 and in_bounds.all():
            return
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

    def run(self, x_last, rates):
        """The finished record; a copy, so that a run that ended early holds no more memory than it needs."""
        made = self.steps if self.any_active else int(self.stop_step.max())
        short = self.rows < len(self.f)
        f, norm, x = (
            a if a is None or not short else a[: self.rows].copy() for a in (self.f, self.norm, self.x)
        )
        k = np.arange(self.rows) * self.every
        return Run(x_last, x, k, f, norm, rates[:made], self.status, self.stop_step)
