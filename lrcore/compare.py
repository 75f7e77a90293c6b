"""A fair comparison: every method at the best rate of its own sweep."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .saving import read, write
from .sweep import sweep
from .sweep_record import Sweep
from .validate import PRACTICE, shown, wrong_type, wrong_value


@dataclass(frozen=True, repr=False)
class Comparison:
    """The sweeps of several methods, by name: ``comparison["Adam"]``. Explained in chapter 11."""

    sweeps: dict

    def __getitem__(self, name):
        return self.sweeps[name]

    @property
    def ranking(self):
        """The names, the lowest loss at its best rate first; a method that never worked comes last."""
        return sorted(self.sweeps, key=lambda name: self.sweeps[name].best_loss)

    def table(self):
        """One entry for each method, in the order of `ranking`: its best rate, the losses of its seeds there.

        ``tried`` is the number of rates, for who tries more finds more, and ``lost`` the number of runs that
        diverged or failed.
        """
        columns = ("method", "rate", "loss", "least", "most", "edge", "tried", "lost")
        rows = [(name, *_line(self.sweeps[name])) for name in self.ranking]
        return {c: np.array(values) for c, values in zip(columns, zip(*rows, strict=True), strict=True)}

    def to_dict(self):
        """The comparison as what JSON can hold, for `from_dict`."""
        return {"type": "Comparison", "sweeps": {name: s.to_dict() for name, s in self.sweeps.items()}}

    @classmethod
    def from_dict(cls, entries):
        if not isinstance(entries, dict) or entries.get("type") != "Comparison":
            raise wrong_type(f"a Comparison is read from what to_dict wrote, got {shown(entries)}", PRACTICE)
        sweeps = entries.get("sweeps")
        if not isinstance(sweeps, dict) or not sweeps:
            raise wrong_value(f"a Comparison has at least one Sweep, got {shown(sweeps)}", PRACTICE)
        return cls({name: Sweep.from_dict(one) for name, one in sweeps.items()})

    def save(self, path):
        """Write the comparison to a file, as JSON."""
        write(path, self.to_dict())

    @classmethod
    def load(cls, path):
        return cls.from_dict(read(path))

    def __repr__(self):
        return "\n".join(f"{name}: {self.sweeps[name]!r}" for name in self.ranking)


def compare(methods, problem=None, x0=None, rates=None, **arguments):
    """Every method at its best rate: a `sweep` for each.

    Parameters
    ----------
    methods : dict of name -> direction, trial(eta, seed), or dict of arguments of `sweep`
        such as ``{"GD": Steepest(), "Adam, cosine": {"direction": Adam(), "schedule": Cosine(1.0, 100)}}``.
    problem, x0 : as for `sweep`; none for trials
    rates : (R,), or dict of name -> (R,)
        One grid for all, or each method its own. Methods whose rates have other units need other grids; who
        gets more rates gets more chances.
    arguments : what else `sweep` takes, the same for all

    Returns
    -------
    Comparison

    Raises ValueError or TypeError as `sweep` does.

    Explained in chapter 11.

    >>> from lrcore.directions import Momentum, Steepest
    >>> from lrcore.problems import Quadratic
    >>> methods = {"plain": Steepest(), "momentum": Momentum(0.5)}
    >>> compare(methods, Quadratic([1.0, 20.0]), [1.0, 1.0], [0.01, 0.03, 0.09, 0.27], steps=40)
    momentum: Sweep(4 rates, 1 seed: 1 diverged, 3 running; best rate 0.09, final loss 1.71883e-11)
    plain: Sweep(4 rates, 1 seed: 1 diverged, 3 running; best rate 0.09, final loss 0.000264589)
    """
    if not isinstance(methods, Mapping) or not methods:
        raise wrong_type(
            f"methods is a dict of name -> direction, trial or arguments of sweep, got {shown(methods)}",
            PRACTICE,
        )
    if isinstance(rates, Mapping) and set(rates) != set(methods):
        raise wrong_value(f"rates are given for {sorted(rates)}, methods are {sorted(methods)}", PRACTICE)
    sweeps = {}
    for name, method in methods.items():
        grid = rates[name] if isinstance(rates, Mapping) else rates
        own = {"problem": problem, "x0": x0, "rates": grid} | arguments | _arguments(method)
        sweeps[name] = sweep(**own)
    return Comparison(sweeps)


def _arguments(method):
    if isinstance(method, Mapping):
        return dict(method)
    return {"direction": method} if hasattr(method, "init") else {"problem": method}


def _line(s):
    lost = int(np.isin(s.status, ("diverged", "failed")).sum())
    if s.best is None:
        return np.nan, np.inf, np.nan, np.nan, "", len(s.rates), lost
    there = (s.final if s.judge == "final" else s.lowest)[s.best]
    return s.best_rate, s.best_loss, np.nanmin(there), np.nanmax(there), s.edge, len(s.rates), lost
