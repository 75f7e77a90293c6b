"""Curves with their names at their ends: anything against x, losses of runs, sharpness over a training."""

from collections.abc import Mapping

import numpy as np

from .labels import label_ends, mark_values, names_above
from .style import COLORS, CYCLE, INK, new_figure


def plot_curves(
    x, curves, *, ax=None, xlabel="", ylabel="", logx=False, logy=False, xlim=None, ylim=None, marks=None,
    markers=False, names="ends",
):  # fmt: skip
    """Curves over a common x, or over one each, named at their right ends.

    Parameters
    ----------
    x : (n,) array, or None when each curve brings its own
    curves : dict of label -> (n,) array, or label -> (x, y)
    marks : dict of x -> label, optional
        Vertical hairlines with a name, for example `{1 / L: "1/L", 2 / L: "2/L"}`.
    markers : bool
        Dots at the points, for measurements rather than functions.
    names : "ends", "above"
        Where the labels stand. Curves that wind about each other are named in a row above the axes.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_curves([0, 1, 2], {"one": [1, 2, 3], "two": [3, 2, 1]}, xlabel="x")
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['two', 'one']
    """
    if not isinstance(curves, Mapping) or not curves:
        raise TypeError("plot_curves: curves is a dict of label -> values with at least one entry")
    if names not in ("ends", "above"):
        raise ValueError(f"plot_curves: names is 'ends' or 'above', got {names!r}")
    if ax is None:
        _, ax = new_figure()
    pairs = []
    for (label, values), look in zip(curves.items(), _looks(len(curves)), strict=True):
        own_x, y = values if x is None else (x, values)
        own_x, y = np.asarray(own_x, float), np.asarray(y, float)
        y = np.where(np.isfinite(y), y, np.nan)  # an infinite loss is a gap, not a line to nowhere
        if own_x.shape != y.shape or y.ndim != 1:
            raise ValueError(
                f"plot_curves: {label!r} has {y.shape} values over {own_x.shape} places; both must be (n,)"
            )
        ax.plot(own_x, y, **look, marker="o" if markers else None, label=label)
        pairs.append((own_x, y, label))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if logx:
        ax.set_xscale("log")
    if logy:
        ax.set_yscale("log")
    ax.margins(x=0 if not markers else 0.03)
    if xlim is not None:
        ax.set_xlim(xlim)
    if ylim is not None:
        ax.set_ylim(ylim)
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    if names == "above":
        names_above(ax)
    elif any(label for *_, label in pairs):
        label_ends(ax, pairs)
    if marks:
        mark_values(ax, marks)
    return ax.figure


def plot_losses(
    runs, *, ax=None, labels=None, f_star=0.0, log=True, xlabel="step k", ylabel=None, xlim=None, ylim=None
):
    """Loss against step of one or several runs, on a log axis, each named at its end; × where one diverged.

    Parameters
    ----------
    runs : Run, or dict of label -> Run or (n,) array of losses at steps 0, 1, ...
        A Run over a batch of rates shape (B,) gives one curve a row.
    labels : sequence of str, optional
        Names of the rows of a batched Run; "η = 0.1" by default.
    f_star : float
        Subtracted from every loss, for the gap f − f*.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lrcore import problems, run
    >>> r = run(problems.Quadratic([1.0, 10.0]), [1.0, 1.0], [0.01, 0.1], steps=20)
    >>> fig = plot_losses(r)
    >>> sorted(text.get_text() for text in fig.axes[0].texts)
    ['η = 0.01', 'η = 0.1']
    """
    curves, crosses = {}, []
    for label, k, f, diverged in _losses(runs, labels):
        if label in curves:
            raise ValueError(f"plot_losses: two curves are called {label!r}")
        curves[label] = (k, f - f_star)
        if diverged and np.isfinite(f).any():
            last = np.flatnonzero(np.isfinite(f))[-1]
            crosses.append((k[last], f[last] - f_star))
    if ylabel is None:
        ylabel = "f − f*" if f_star else "loss f"
    if ylim is None and log:
        ylim = _loss_limits([f for _, f in curves.values()])
    figure = plot_curves(
        None, curves, ax=ax, xlabel=xlabel, ylabel=ylabel, logy=log, xlim=xlim, ylim=ylim
    )  # fmt: skip
    axes = figure.axes[-1] if ax is None else ax
    for k, f in crosses:
        axes.plot(k, f, marker="x", ms=9, mew=2, color=INK, ls="none")
    return figure


def plot_sharpness(k, sharpness, eta, *, loss=None, loss_k=None, ylim=None, xlabel="step k"):
    """Sharpness (largest eigenvalue of the Hessian) over a training, with the line 2/η; the loss above it.

    Parameters
    ----------
    k : (n,) array of steps
    sharpness : (n,) array, or dict of label -> (n,) array with `eta` a dict of the same labels
    eta : float or dict of label -> float
    loss : (m,) array or dict, optional
        Drawn in a panel of its own over the same steps (`loss_k`, or 0, 1, ... m-1).

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_sharpness([0, 1, 2], [5.0, 18.0, 20.0], 0.1)
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['2/η = 20']
    """
    runs = sharpness if isinstance(sharpness, Mapping) else {"": sharpness}
    rates = eta if isinstance(eta, Mapping) else dict.fromkeys(runs, eta)
    if set(rates) != set(runs):
        raise ValueError(f"plot_sharpness: eta is given for {sorted(rates)}, sharpness for {sorted(runs)}")
    if loss is None:
        _, ax = new_figure()
    else:
        _, (top, ax) = new_figure(height=4.4, nrows=2, sharex=True, height_ratios=[1, 1.4])
        losses = loss if isinstance(loss, Mapping) else {"": loss}
        for values, look in zip(losses.values(), _looks(len(losses)), strict=True):
            steps = np.arange(len(values)) if loss_k is None else loss_k
            top.plot(steps, values, **look)
        top.set(yscale="log", ylabel="loss f")
    ends = []
    for (label, values), look in zip(runs.items(), _looks(len(runs)), strict=True):
        ax.plot(k, values, **look)
        limit = 2 / rates[label]
        ax.axhline(limit, color=look["color"] if len(runs) > 1 else INK, lw=1.3, ls=(0, (5, 3)))
        name = f"2/η = {limit:.4g}"
        ends.append((np.asarray(k), np.full(len(k), limit), f"{label}: {name}" if label else name))
    ax.set(xlabel=xlabel, ylabel="sharpness (largest λ)")
    ax.margins(x=0)
    ax.set_ylim(ylim if ylim is not None else (0, None))
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    label_ends(ax, ends)
    return ax.figure


def plot_bars(values, *, xlabel="", log=False, reference=None, xlim=None, format="{:.3g}"):
    """Horizontal bars with their values written behind them.

    Parameters
    ----------
    values : dict of label -> number
        A value that is not finite gets no bar, and says so.
    reference : (x, label), optional
        A vertical hairline to compare with.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_bars({"a": 1.0, "b": float("inf")})
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['1', 'inf']
    """
    if not isinstance(values, Mapping) or not values:
        raise TypeError("plot_bars: values is a dict of label -> number with at least one entry")
    numbers = np.array(list(values.values()), dtype=float)
    finite = np.isfinite(numbers)
    _, ax = new_figure(height=0.9 + 0.36 * len(values))
    rows = np.arange(len(numbers))
    ax.barh(rows[finite], numbers[finite], height=0.62, color=COLORS["blue"], edgecolor="none", log=log)
    ax.set_yticks(rows, list(values))
    ax.set_ylim(len(numbers) - 0.5, -0.5)
    ax.grid(False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(xlabel)
    if xlim is not None:
        ax.set_xlim(xlim)
    elif log and (numbers[finite] > 0).any():
        ax.set_xlim(left=numbers[finite & (numbers > 0)].min() / 3)  # or the smallest bar has no length
    start = ax.get_xlim()[0]
    for row, number in zip(rows, numbers, strict=True):
        at = max(number, start) if np.isfinite(number) else start
        ax.annotate(
            format.format(number), (at, row), xytext=(4, 0), textcoords="offset points", va="center",
            annotation_clip=False,
        )  # fmt: skip
    if reference is not None:
        mark_values(ax, dict([reference]))
    return ax.figure


def _looks(n):
    """Colour and dash pattern of n curves; past six they repeat and only the names tell them apart."""
    return [look for _, look in zip(range(n), CYCLE(), strict=False)]


def _losses(runs, labels):
    """Yield (label, k, f, diverged) of whatever plot_losses takes."""
    if isinstance(runs, Mapping):
        if labels is not None:
            raise TypeError("plot_losses: the labels are the keys of the dict already")
        for label, entry in runs.items():
            if hasattr(entry, "status"):
                yield from _rows(entry, [label] if np.ndim(entry.f) == 1 else None)
            else:
                f = np.asarray(entry, dtype=float)
                yield label, np.arange(len(f)), f, False
    elif hasattr(runs, "status"):
        yield from _rows(runs, labels)
    else:
        raise TypeError("plot_losses: give a Run, or a dict of label -> Run or array of losses")


def _rows(run, labels):
    """The curves of a Run, one for each rate of its batch."""
    f = np.asarray(run.f, dtype=float)
    if f.ndim > 2:
        raise ValueError(f"plot_losses: the run has a batch of shape {f.shape[1:]}; pick rows to draw")
    status = np.atleast_1d(run.status)
    f = f.reshape(len(f), -1)
    if labels is None:
        first = np.broadcast_to(np.asarray(run.eta, dtype=float)[0], f.shape[1:])
        labels = [f"η = {rate:.4g}" for rate in first]
    if len(labels) != f.shape[1]:
        raise ValueError(f"plot_losses: {len(labels)} labels for {f.shape[1]} curves")
    for row, label in enumerate(labels):
        yield label, np.asarray(run.k), f[:, row], str(status[row]) == "diverged"


def _loss_limits(losses, decades_above=2, decades_below=16):
    """Limits of a log axis: a diverging run may leave through the top without flattening the others."""
    starts = [f[0] for f in losses if len(f) and np.isfinite(f[0]) and f[0] > 0]
    good = [f[np.isfinite(f) & (f > 0)] for f in losses]
    everything = np.concatenate(good)
    if not len(everything) or not starts:
        return None
    top = min(everything.max(), max(starts) * 10**decades_above)
    bottom = max(everything.min(), top / 10 ** (decades_below + decades_above))
    pad = (top / bottom) ** 0.04 if top > bottom else 2.0
    return bottom / pad, top * pad
