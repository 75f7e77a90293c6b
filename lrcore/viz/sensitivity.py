"""How much the choice of the rate matters: loss against rate, for one method or several."""

from collections.abc import Mapping

import numpy as np

from .curves import plot_curves
from .style import CYCLE, INK


def plot_sensitivity(sweeps, *, ax=None, xlabel="learning rate η", ylabel=None, ylim=None, names="ends"):
    """The loss of each rate of a sweep, on log axes: median over the seeds, and their range as a band.

    A dot marks the best rate, × the rates (along the top) at which most runs were lost.

    Parameters
    ----------
    sweeps : Sweep, Comparison, or dict of name -> Sweep

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lrcore import problems, sweep
    >>> s = sweep(problems.Quadratic([1.0, 10.0]), [1.0, 1.0], [0.01, 0.03, 0.1, 0.3], steps=40)
    >>> fig = plot_sensitivity({"gradient descent": s})
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['gradient descent']
    """
    sweeps = getattr(sweeps, "sweeps", sweeps)
    if hasattr(sweeps, "sensitivity"):
        sweeps = {"": sweeps}
    if not isinstance(sweeps, Mapping) or not all(hasattr(s, "sensitivity") for s in sweeps.values()):
        raise TypeError("plot_sensitivity: give a Sweep, a Comparison, or a dict of name -> Sweep")
    curves = {name: (s.rates, s.sensitivity) for name, s in sweeps.items()}
    if ylabel is None:
        ylabel = " or ".join(sorted({f"{s.judge} loss" for s in sweeps.values()}))
    figure = plot_curves(
        None, curves, ax=ax, xlabel=xlabel, ylabel=ylabel, logx=True, logy=True, ylim=ylim, names=names
    )
    axes = figure.axes[-1] if ax is None else ax
    for look, s in zip(CYCLE(), sweeps.values(), strict=False):
        of_seed = s.final if s.judge == "final" else s.lowest
        whole = np.isfinite(of_seed).all(1)
        if len(s.seeds) > 1:
            low, high = (np.where(whole, extreme(of_seed, axis=1), np.nan) for extreme in (np.min, np.max))
            axes.fill_between(s.rates, low, high, color=look["color"], alpha=0.2, lw=0)
        if s.best is not None:
            axes.plot(s.best_rate, s.best_loss, marker="o", ms=8, color=look["color"], ls="none")
        lost = s.rates[~np.isfinite(s.sensitivity)]
        if len(
            lost
        ):  # markers that are not clipped take up room at the figure's corner even if there are none
            top = np.full(len(lost), 0.97)
            places = axes.get_xaxis_transform()
            axes.plot(lost, top, "x", ms=7, mew=2, color=INK, transform=places, clip_on=False)
    return figure
