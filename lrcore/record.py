"""What a run leaves behind."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """The record of `lrcore.run`. B is the shape of the batch, () for one run; K is the number of steps made.

    =============== ================ ========================================================================
    ``x_last``      (*B, d)          the last iterate; of a stopped row, the iterate at which it stopped
    ``x``           (len(k), *B, d)  the iterates of the recorded steps, or None
    ``k``           (len(k),)        the recorded steps 0, every, 2 every, ...
    ``f``           (len(k), *B)     f there, on all samples; nan after a row has diverged
    ``grad_norm``   (len(k), *B)     |grad f| there; nan where the full gradient was not computed
    ``eta``         (K, *B)          the rate used by step 0, 1, ..., K-1; (K, *B, d) of a rule with one rate
                                     per coordinate; of a step-size rule, nan once a row has stopped
    ``status``      (*B)             "running" (all steps used), "converged" (|grad f| <= tol), "diverged",
                                     "failed-search" (the step-size rule found no step to make)
    ``stop_step``   (*B)             the step at which the row stopped; K if it is still running
    ``rate``        (K, *B, d)       the rate of each coordinate, eta times the direction's scale, or None
    ``evaluations`` (K, *B)          how often the step-size rule called phi or phi', or None without a rule
    =============== ================ ========================================================================

    A direction that judges its method at another point than the iterate (an average) has that point in
    ``x_last`` and ``x``, and f and grad f there. Explained in chapter 01.
    """

    x_last: np.ndarray
    x: np.ndarray | None
    k: np.ndarray
    f: np.ndarray
    grad_norm: np.ndarray
    eta: np.ndarray
    status: np.ndarray
    stop_step: np.ndarray
    rate: np.ndarray | None = None
    evaluations: np.ndarray | None = None

    def __repr__(self):
        if self.status.ndim == 0:
            end = f"f = {self.f[0]:.6g} at step 0, {self.f[-1]:.6g} at step {self.k[-1]}"
            return f"Run({len(self.eta)} steps, {self.status}, {end})"
        names, counts = np.unique(self.status, return_counts=True)
        rows = ", ".join(f"{c} {name}" for name, c in zip(names, counts, strict=True))
        return f"Run({len(self.eta)} steps, batch {self.status.shape}: {rows})"
