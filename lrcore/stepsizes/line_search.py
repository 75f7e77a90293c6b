"""A line search at every step."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..schedules import fields
from .rule import Rule, column, dot


def _search(value, name, see):
    if isinstance(value, type) or not callable(value):
        example = "linesearches.Backtracking()"
        raise validate.wrong_type(
            f"{name} is a line search, such as {example}, got {validate.shown(value)}", see
        )
    return value


@dataclass(frozen=True, repr=False)
class LineSearch(Rule):
    """eta_k = the step that `search` finds on phi(t) = f(x_k + t d_k), tried first at t0.

    With `growth` the first trial of step k is growth times the step found before, and t0 only at step 0: a
    memory that saves trials where the steps of neighbours are alike. A row in which the search fails stops
    with the status "failed-search". Each phi and phi' that is asked for is counted in ``Run.evaluations``.

    Raises ValueError or TypeError unless t0 > 0, growth >= 1 and `search` follows the protocol of
    `lrcore.linesearches`. Source: Nocedal and Wright, *Numerical Optimization* (2006), chapter 3. Explained
    in chapter 04.

    >>> from lrcore import run
    >>> from lrcore.linesearches import Exact
    >>> from lrcore.problems import Quadratic
    >>> run(Quadratic([1.0, 10.0]), [10.0, 1.0], LineSearch(Exact()), steps=3).eta.round(6)
    array([0.181818, 0.181818, 0.181818])
    """

    see = validate.SEARCH
    search: object = fields.checked(_search)
    t0: float = fields.positive(default=1.0)
    growth: float = fields.number(1.0, optional=True, default=None)

    def init(self, x):
        """The step found before, none yet."""
        return np.full(x.shape[:-1], self.t0)

    def __call__(self, k, point, d, before):
        phi, dphi = point.line(d)
        t0 = before if self.growth is None or k == 0 else self.growth * before
        found = self.search(phi, dphi, t0, point.f, dot(point.g, d), point.active)
        keep = before if self.growth is None else np.where(found.ok & (found.t > 0), found.t, before)
        return column(found.t, d), keep
