"""What a run leaves behind."""

from dataclasses import dataclass, fields

import numpy as np

from .saving import packed, read, unpacked, write


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
    ``x_last`` and ``x``, and f and grad f there.

    Records are compared with ==, kept with `save` and `load`, and drawn by `lrcore.viz.plot_losses`: no
    record knows how to draw itself, so that running needs no figures. Explained in chapter 01.
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

    def __eq__(self, other):
        """Whether two records hold the same numbers, nan being equal to nan."""
        if not isinstance(other, Run):
            return NotImplemented
        return all(_same(getattr(self, field.name), getattr(other, field.name)) for field in fields(self))

    __hash__ = None

    def table(self):
        """The record as columns of equal length, one entry for each recorded step of each row.

        ``row`` counts the rows of the batch; ``eta`` (nan where no step was made), ``x``, ``rate`` and what
        else the record holds stand in a column, or in one for each coordinate: ``x_0``, ``x_1``, ...
        ``pandas.DataFrame(run.table())`` makes a data frame of it.

        >>> from lrcore import problems, run
        >>> r = run(problems.Quadratic([1.0]), [[1.0], [2.0]], 0.5, steps=1)
        >>> {name: r.table()[name].tolist() for name in ("row", "k", "eta", "f")}
        {'row': [0, 0, 1, 1], 'k': [0, 1, 0, 1], 'eta': [0.5, nan, 0.5, nan], 'f': [0.5, 0.125, 2.0, 0.5]}
        """
        rows, n = self.status.size, len(self.k)
        table = {
            "row": np.repeat(np.arange(rows), n),
            "k": np.tile(self.k, rows),
            "status": np.repeat(self.status.ravel(), n),
            "f": _by_row(self.f, rows),
            "grad_norm": _by_row(self.grad_norm, rows),
        }
        for name in ("eta", "evaluations", "rate"):
            if (used := getattr(self, name)) is not None:
                unused = np.full((n, *used.shape[1:]), 0 if used.dtype == int else np.nan, used.dtype)
                made = self.k < len(used)
                unused[made] = used[self.k[made]]
                table |= _columns(name, unused, rows, self.f.shape)
        return table if self.x is None else table | _columns("x", self.x, rows, self.f.shape)

    def to_dict(self):
        """The record as numbers, texts, lists and dicts: what JSON can hold, for `from_dict`."""
        return {"type": "Run"} | {f.name: packed(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_dict(cls, entries):
        """The record that `to_dict` wrote; ValueError or TypeError for anything else."""
        return cls(**unpacked(entries, "Run", [field.name for field in fields(cls)]))

    def save(self, path):
        """Write the record to a file, as JSON; every number comes back exactly as it was."""
        write(path, self.to_dict())

    @classmethod
    def load(cls, path):
        """The record that `save` wrote."""
        return cls.from_dict(read(path))


def _same(a, b):
    if a is None or b is None:
        return a is b
    return a.dtype.kind == b.dtype.kind and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def _by_row(values, rows):
    """(n, *B) as (rows * n,), all of row 0 first."""
    return values.reshape(len(values), rows).T.ravel()


def _columns(name, values, rows, shape):
    """One column, or one for each coordinate where `values` has an axis more than `shape`."""
    if values.ndim == len(shape):
        return {name: _by_row(values, rows)}
    return {f"{name}_{i}": _by_row(values[..., i], rows) for i in range(values.shape[-1])}
