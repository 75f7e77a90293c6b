"""A comparison in which every training is measured in several ways: chosen by one, reported by the others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .compare import Comparison
from .saving import read, write
from .sweep import checked_seeds, grid
from .sweep_record import Sweep
from .trials import Bar, checked_jobs
from .validate import PRACTICE, choice, shown, wrong_type, wrong_value

DIGITS = 4  # of a number in a file


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """``study[measure]`` is the `Comparison` of all methods by that measure, for those in `measures`.

    The rate of a method is the one whose median over the seeds is lowest by `judge`; `at_best`
    reports any measure at that rate. Nobody may choose by what is reported, such as the error on test data:
    the best of many is lucky, and the luck does not repeat. Explained in chapter 06.
    """

    comparisons: dict
    judge: str

    def __getitem__(self, measure):
        return self.comparisons[choice(measure, "measure", self.measures, PRACTICE)]

    @property
    def measures(self):
        return tuple(self.comparisons)

    @property
    def methods(self):
        """Their names, the best by `judge` first."""
        return self[self.judge].ranking

    @property
    def seeds(self):
        return self._judged(self.methods[0]).seeds

    def k(self, method):
        """The steps after which this method was measured, shape (n,)."""
        return self._judged(method).k

    def best_rate(self, method):
        """The rate with the lowest median by `judge`, or None if most runs were lost at every rate."""
        return self._judged(method).best_rate

    def at_best(self, method, measure):
        """The last measurement at that rate, one for each seed: shape (S,); nan where the run was lost."""
        best = self._judged(method).best
        if best is None:
            raise wrong_value(
                f"{shown(method)} has no best rate: most runs were lost at every rate", PRACTICE
            )
        return self[measure][method].final[best]

    def table(self):
        """One entry for each method, in the order of `methods`: its best rate, and each measure there.

        ``MEASURE`` is the median over the seeds, ``MEASURE_least`` and ``MEASURE_most`` the range; ``edge``
        is not "" where a better rate may lie beyond the grid, ``lost`` counts the runs that diverged.
        """
        sweeps = {name: self._judged(name) for name in self.methods}
        columns = {
            "method": list(sweeps),
            "rate": [s.best_rate for s in sweeps.values()],
            "edge": [s.edge for s in sweeps.values()],
            "lost": [int((s.status == "diverged").sum()) for s in sweeps.values()],
        }
        for measure in self.measures:
            lost = np.full(len(self.seeds), np.nan)
            values = np.array(
                [lost if s.best is None else self.at_best(n, measure) for n, s in sweeps.items()]
            )
            columns[measure] = np.median(values, axis=1)
            columns[f"{measure}_least"], columns[f"{measure}_most"] = values.min(1), values.max(1)
        return {name: np.array(values) for name, values in columns.items()}

    def _judged(self, method):
        sweeps = self[self.judge].sweeps
        return sweeps[choice(method, "method", tuple(sweeps), PRACTICE)]

    def to_dict(self):
        """The study as what JSON can hold, with 4 digits of every measurement, for `from_dict`."""
        methods = {}
        for name in self[self.judge].sweeps:
            s = self._judged(name)
            measured = {m: _rounded(self[m][name].losses) for m in self.measures}
            methods[name] = {"rates": s.rates.tolist(), "k": s.k.tolist()} | measured
        return {"type": "Study", "judge": self.judge, "seeds": self.seeds.tolist(), "methods": methods}

    @classmethod
    def from_dict(cls, entries):
        if not isinstance(entries, dict) or entries.get("type") != "Study":
            raise wrong_type(f"a Study is read from what to_dict wrote, got {shown(entries)}", PRACTICE)
        try:
            seeds = checked_seeds(entries["seeds"])
            found = {
                name: _sweeps(grid(m["rates"]), seeds, np.array(m["k"], dtype=int), _measured(m, seeds))
                for name, m in entries["methods"].items()
            }
            comparisons = _by_measure(found)
            return cls(comparisons, choice(entries["judge"], "judge", tuple(comparisons)))
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
            raise wrong_value(f"this is no complete Study: {error!r}", PRACTICE) from None

    def save(self, path):
        """Write the study to a file, as JSON."""
        write(path, self.to_dict())

    @classmethod
    def load(cls, path):
        return cls.from_dict(read(path))

    def __repr__(self):
        lines = (f"{name}: {self._judged(name)!r}" for name in self.methods)
        return "\n".join([f"Study of {', '.join(self.measures)}, judged by {self.judge}", *lines])


def study(methods, rates, seeds, judge="validation", *, jobs=1, progress=False):
    """Every method at every rate and seed, measured in several ways.

    Parameters
    ----------
    methods : dict of name -> trial
        A function trial(eta, seed) that trains and yields named tuples: ``k``, the number of steps made, and
        one number for each measure, lower being better. All trials of a method measure after the same steps,
        or stop early, when they diverge. `lrcore.torch.digits.train` is one.
    rates : (R,), or dict of name -> (R,)
    seeds : whole numbers; the same seed is the same luck for all methods, so that their runs are pairs
    judge : the measure by which the rate of each method is chosen
    jobs : trials at a time; more than one needs joblib
    progress : whether to show the progress on stderr

    Returns
    -------
    Study

    Raises ValueError or TypeError for methods, rates or a judge that are not as above.

    Explained in chapter 06.

    >>> from typing import NamedTuple
    >>> class Row(NamedTuple):
    ...     k: int
    ...     train: float
    ...     validation: float
    >>> def trial(eta, seed):
    ...     for k in (1, 10):
    ...         yield Row(k, (1 - eta) ** k, abs((1 - eta) ** k - 0.1 * seed))
    >>> found = study({"descent": trial}, rates=[0.1, 0.2, 1.9], seeds=[0, 1, 2])
    >>> found.best_rate("descent"), found.at_best("descent", "train").round(2).tolist()
    (0.2, [0.11, 0.11, 0.11])
    """
    if not isinstance(methods, Mapping) or not methods or not all(map(callable, methods.values())):
        raise wrong_type(f"methods is a dict of name -> trial(eta, seed), got {shown(methods)}", PRACTICE)
    if not isinstance(rates, Mapping):
        rates = dict.fromkeys(methods, rates)
    if set(rates) != set(methods):
        raise wrong_value(f"rates are given for {sorted(rates)}, methods are {sorted(methods)}", PRACTICE)
    rates, seeds = {name: grid(rates[name]) for name in methods}, checked_seeds(seeds)
    calls = [(name, float(eta), int(seed)) for name in methods for eta in rates[name] for seed in seeds]
    made = dict(zip(calls, _made(methods, calls, checked_jobs(jobs), progress), strict=True))
    measures = made[calls[0]][0]._fields[1:]
    choice(judge, "judge", measures, PRACTICE)
    found = {}
    for name in methods:
        rows = [made[call] for call in calls if call[0] == name]
        k = [row.k for row in max(rows, key=len)]
        # the last row of a run that was lost says when
        if any(row.k != at for one in rows for row, at in zip(one[:-1], k, strict=False)):
            raise wrong_value(f"trials of {shown(name)} measure after different steps", PRACTICE)
        if any(row._fields[1:] != measures for one in rows for row in one):
            raise wrong_value(f"all trials must have the same measures, {shown(name)} has others", PRACTICE)
        losses = np.full((len(rows), len(k), len(measures)), np.nan)
        for out, one in zip(losses, rows, strict=True):
            out[: len(one)] = [row[1:] for row in one]
        losses = losses.reshape(len(rates[name]), len(seeds), *losses.shape[1:])
        measured = {measure: losses[..., i] for i, measure in enumerate(measures)}
        found[name] = _sweeps(rates[name], seeds, np.array(k), measured)
    return Study(_by_measure(found), judge)


def _made(methods, calls, jobs, progress):
    bar = Bar(len(calls)) if progress else None
    if jobs == 1:
        rows = (_rows(methods[name], eta, seed) for name, eta, seed in calls)
    else:
        from joblib import Parallel, delayed

        rows = Parallel(jobs, return_as="generator")(delayed(_rows)(methods[n], *one) for n, *one in calls)
    for one in rows:
        yield one
        if bar:
            bar.one_more("finished" if np.isfinite(one[-1][1:]).all() else "diverged")


def _rows(trial, eta, seed):
    rows = list(trial(eta, seed))
    if not rows or not all(getattr(row, "_fields", ("",))[0] == "k" for row in rows):
        raise wrong_type(f"a trial of a study yields named tuples (k, ...), got {shown(rows)}", PRACTICE)
    return rows


def _sweeps(rates, seeds, k, measured):
    """measure -> Sweep; a run is lost by all measures if it was by one."""
    alive = np.all([np.isfinite(losses[..., -1]) for losses in measured.values()], axis=0)
    status = np.where(alive, "finished", "diverged")
    reason = np.full(status.shape, "")
    return {m: Sweep.of(rates, seeds, "final", k, x, status, reason) for m, x in measured.items()}


def _by_measure(found):
    measures = next(iter(found.values()))
    return {m: Comparison({name: sweeps[m] for name, sweeps in found.items()}) for m in measures}


def _rounded(losses):
    rows = losses.reshape(-1, losses.shape[-1]).tolist()
    return [[float(f"{x:.{DIGITS}g}") if np.isfinite(x) else None for x in row] for row in rows]


def _measured(method, seeds):
    shape = len(method["rates"]), len(seeds), len(method["k"])
    return {m: np.array(x, dtype=float).reshape(shape) for m, x in method.items() if m not in ("rates", "k")}
