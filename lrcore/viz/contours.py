"""Contours of a function of two variables, with the paths of runs on them."""

from collections.abc import Mapping

import numpy as np

from .labels import names_above
from .quadratics import iterates
from .style import COLORS, CYCLE, INK, PAPER, new_figure


def plot_contours(f, paths=None, *, xlim, ylim, levels=9, x_star=None, equal=False, ax=None, size=None):
    """Contour lines of `f` with the iterates of one run or several, joined in order.

    Parameters
    ----------
    f : function of an array (..., 2) -> (...), for example `problem.f`, or a Problem
    paths : (K+1, 2) array, a Run made with record_x=True, or dict of label -> either
    xlim, ylim : (low, high)
    levels : int or increasing sequence
        A number of levels spaced so that the lines of a quadratic are equally far apart.
    x_star : (2,) array, optional
        The minimiser, drawn as a cross.
    equal : bool
        One unit is as long on both axes, so that right angles look right.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_contours(lambda x: (x**2).sum(axis=-1), [[1, 1], [0.5, 0.5]], xlim=(-1, 1), ylim=(-1, 1))
    >>> fig.axes[0].get_xlabel()
    'x₁'
    """
    f = getattr(f, "f", f)
    if ax is None:
        _, ax = new_figure(*(size or (5.2, 3.5)))
    # 81 points a side: smooth at 600 px, and an SVG of 15 kB.
    x, y = np.linspace(*xlim, 81), np.linspace(*ylim, 81)
    z = np.asarray(f(np.stack(np.meshgrid(x, y), axis=-1)), dtype=float)
    if z.shape != (len(y), len(x)):
        raise ValueError(f"plot_contours: f maps (..., 2) to (...), but {(len(y), len(x), 2)} to {z.shape}")
    if np.ndim(levels) == 0:
        low = np.nanmin(z) if x_star is None else float(f(np.asarray(x_star, dtype=float)))
        high = np.nanmax(z)
        levels = low + (high - low) * (np.arange(1, levels + 1) / (levels + 1)) ** 2
    ax.contour(x, y, z, levels=levels, colors=INK, linewidths=0.9, alpha=0.35, linestyles="solid")
    if x_star is not None:
        ax.plot(*x_star, marker="+", ms=12, mew=2, color=INK, ls="none")
    named = paths if isinstance(paths, Mapping) else {} if paths is None else {"": paths}
    for (label, path), look in zip(named.items(), CYCLE(), strict=False):
        points = visible_part(iterates(path, 2), xlim, ylim)
        if len(named) == 1:
            look = {"color": COLORS["vermillion"], "linestyle": "-"}
        marker = {"marker": "o", "ms": 4.5} if len(points) <= 60 else {}
        ax.plot(*points.T, lw=1.6, label=label, **look, **marker)
        ax.plot(*points[0], "o", ms=8, mfc=PAPER, mec=look["color"], mew=2, zorder=4)
    if equal:
        ax.set_aspect("equal", adjustable="box")
    ax.set(xlim=xlim, ylim=ylim, xlabel="x₁", ylabel="x₂")
    if any(named):
        names_above(ax)  # paths end where all others end
    return ax.figure


def visible_part(points, xlim, ylim):
    """The path up to the first point far outside the window, so that a diverging run has small numbers."""
    low, high = np.array([xlim[0], ylim[0]]), np.array([xlim[1], ylim[1]])
    span = high - low
    outside = ~np.isfinite(points).all(axis=1) | (points < low - span).any(1) | (points > high + span).any(1)
    if outside.any():
        last = int(np.argmax(outside))
        points = points[: last + 1].copy()
        if not np.isfinite(points[last]).all():
            points = points[:last]
        else:
            points[last] = np.clip(points[last], low - 4 * span, high + 4 * span)
    return points if len(points) else np.array([low])
