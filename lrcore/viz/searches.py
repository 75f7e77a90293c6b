"""What a line search sees and does: φ(t), the line that Armijo's condition draws, and the trials in order."""

import numpy as np

from .labels import label_ends
from .style import COLORS, INK, PAPER, new_figure


def plot_search(phi, found, phi0, dphi0, c1, *, t_max, ylim=None, ax=None):
    """φ(t), the Armijo line φ(0) + c₁ t φ′(0), and the trials of a backtracking search, numbered.

    Crosses are trials that were refused, the full dot is the step found. A trial above the axes is drawn as
    an arrow at their top.

    Parameters
    ----------
    phi : function of an array of t
    found : Search
        Of one line: its trials are pairs of numbers.
    phi0, dphi0 : float
        φ(0) and φ′(0) < 0.
    c1 : float
    t_max : float
        Right end of the axis.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lrcore.linesearches import Backtracking
    >>> phi, dphi = lambda t: (t - 0.3) ** 2, lambda t: 2 * (t - 0.3)
    >>> found = Backtracking(c1=0.1, shrink=0.5)(phi, dphi, 1.0, phi(0), dphi(0))
    >>> fig = plot_search(phi, found, phi(0), dphi(0), 0.1, t_max=1.1)
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['Armijo', 'φ', '1', '2']
    """
    if np.ndim(found.t):
        raise ValueError(f"plot_search: the search of one line, got searches of shape {np.shape(found.t)}")
    if ax is None:
        _, ax = new_figure()
    t = np.linspace(0, t_max, 121)
    curve, line = np.array([float(phi(each)) for each in t]), phi0 + c1 * t * dphi0
    ax.plot(t, curve, color=COLORS["blue"], ls="-")
    ax.plot(t, line, color=COLORS["vermillion"], ls=(0, (6, 2)))
    ax.plot(0, phi0, "o", ms=8, mfc=PAPER, mec=COLORS["blue"], mew=2, zorder=4, clip_on=False)
    ax.set(xlim=(0, t_max), xlabel="t", ylabel="φ(t)")
    if ylim is not None:
        ax.set_ylim(ylim)
    ax.set_ylim(ax.get_ylim())
    label_ends(ax, [(t, curve, "φ"), (t, line, "Armijo")])
    low, high = ax.get_ylim()
    for number, (place, value) in enumerate(found.trials, start=1):
        place, value = float(place), float(value)
        inside = np.isfinite(value) and value <= high
        y = value if inside else high - 0.03 * (high - low)
        accepted = bool(found.ok) and place == float(found.t)
        look = (
            {"marker": "o", "color": COLORS["green"]} if accepted else {"marker": "x", "color": INK, "mew": 2}
        )
        ax.plot(place, y, ls="none", ms=8, zorder=5, **(look if inside else {**look, "marker": "^"}))
        ax.annotate(
            str(number), (place, y), xytext=(9, -13), textcoords="offset points", ha="center", color=INK
        )
    return ax.figure
