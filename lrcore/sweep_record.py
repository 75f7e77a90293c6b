"""What a sweep over rates leaves behind."""

from dataclasses import dataclass, fields

import numpy as np

from .saving import packed, read, unpacked, write
from .validate import PRACTICE, wrong_value

LOST = ("diverged", "failed")
TEXTS = ("status", "reason", "judge")


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """The losses of one method at R rates and S seeds.

    =========== ========== ===================================================================================
    ``rates``   (R,)       the rates, from the smallest to the largest
    ``seeds``   (S,)       the seeds
    ``final``   (R, S)     the last loss; nan where it is not finite
    ``lowest``  (R, S)     the lowest loss on the way; nan where there was none
    ``status``  (R, S)     that of `Run`, or of a trial: "finished", "diverged" (its last loss is not finite),
                           "failed" (it raised an error or returned no loss)
    ``reason``  (R, S)     what went wrong with a trial, or ""
    ``k``       (n,)       the steps of the losses
    ``losses``  (R, S, n)  the whole curves, nan where a curve has ended
    ``judge``   ()         "final" or "lowest": by which of the two a rate is judged
    =========== ========== ===================================================================================

    Explained in chapter 11.
    """

    rates: np.ndarray
    seeds: np.ndarray
    final: np.ndarray
    lowest: np.ndarray
    status: np.ndarray
    reason: np.ndarray
    k: np.ndarray
    losses: np.ndarray
    judge: np.ndarray

    @classmethod
    def of(cls, rates, seeds, judge, k, losses, status, reason):
        """The sweep with these losses (R, S, n)."""
        finite = np.isfinite(losses)
        lowest = np.where(finite, losses, np.inf).min(-1, initial=np.inf)
        ends = np.maximum(losses.shape[-1] - 1 - np.isnan(losses[..., ::-1]).argmin(-1), 0)
        final = np.take_along_axis(losses, ends[..., np.newaxis], -1)[..., 0]
        final = np.where(np.isin(status, LOST), np.nan, final)
        lowest = np.where(finite.any(-1), lowest, np.nan)
        return cls(rates, seeds, final, lowest, status, reason, k, losses, np.array(judge))

    @property
    def sensitivity(self):
        """The loss of each rate, shape (R,): the median over the seeds, in which a lost run counts as inf."""
        return np.median(self._judged(), axis=1)

    def _judged(self):
        loss = self.final if self.judge == "final" else self.lowest
        return np.where(np.isin(self.status, LOST) | ~np.isfinite(loss), np.inf, loss)

    @property
    def best(self):
        """The index of the best rate, or None when most runs at every rate were lost."""
        curve = self.sensitivity
        return int(np.argmin(curve)) if np.isfinite(curve).any() else None

    @property
    def best_rate(self):
        return None if self.best is None else float(self.rates[self.best])

    @property
    def best_loss(self):
        return np.inf if self.best is None else float(self.sensitivity[self.best])

    @property
    def edge(self):
        """ "lower" or "upper" when the best rate is the first or the last: a better one may lie beyond."""
        if self.best is None or 0 < self.best < len(self.rates) - 1:
            return ""
        return "lower" if self.best == 0 else "upper"

    @property
    def counts(self):
        """How many runs ended in each status."""
        names, counts = np.unique(self.status, return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))

    def table(self):
        """One entry for each rate and seed, as columns; ``pandas.DataFrame(sweep.table())`` takes them."""
        rates, seeds = np.meshgrid(self.rates, self.seeds, indexing="ij")
        columns = {"rate": rates, "seed": seeds} | {
            name: getattr(self, name) for name in ("final", "lowest", "status", "reason")
        }
        return {name: column.ravel() for name, column in columns.items()}

    def to_dict(self):
        """The sweep as what JSON can hold, for `from_dict`."""
        return {"type": "Sweep"} | {f.name: packed(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_dict(cls, entries):
        parts = unpacked(entries, "Sweep", [field.name for field in fields(cls)])
        R, S, n = (np.size(parts[name]) for name in ("rates", "seeds", "k"))
        shapes = {"rates": (R,), "seeds": (S,), "k": (n,), "losses": (R, S, n), "judge": ()}
        for name, part in parts.items():
            kind, shape = "text" if name in TEXTS else "numbers", shapes.get(name, (R, S))
            if part is None or part.shape != shape or (part.dtype.kind == "U") != (kind == "text"):
                raise wrong_value(
                    f"{name} of a Sweep of {R} rates and {S} seeds must be {kind}, {shape}", PRACTICE
                )
        return cls(**parts)

    def save(self, path):
        """Write the sweep to a file, as JSON."""
        write(path, self.to_dict())

    @classmethod
    def load(cls, path):
        return cls.from_dict(read(path))

    def __repr__(self):
        counts = ", ".join(f"{n} {status}" for status, n in self.counts.items())
        size = f"Sweep({_many(self.rates, 'rate')}, {_many(self.seeds, 'seed')}: {counts}; "
        if self.best is None:
            return size + "no rate worked)"
        edge = f" at the {self.edge} edge of the grid, so try rates beyond it" if self.edge else ""
        return size + f"best rate {self.best_rate:.4g}{edge}, {self.judge} loss {self.best_loss:.6g})"


def _many(things, name):
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
