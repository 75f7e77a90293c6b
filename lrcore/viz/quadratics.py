"""Descent on a quadratic: the path on a parabola, and the factor |1 − ηλ| of each mode."""

import numpy as np

from .labels import label_ends, mark_values
from .style import COLORS, INK, PAPER, new_figure

RATE_LABELS = ("1/L", "2/(μ+L)", "2/L")


def rate_marks(eigenvalues):
    """The three rates that matter for a spectrum: `{1/L: "1/L", 2/(μ+L): ..., 2/L: ...}`.

    With a single curvature (μ = L) the first two are one.

    >>> rate_marks([1.0, 4.0])
    {0.25: '1/L', 0.4: '2/(μ+L)', 0.5: '2/L'}
    """
    eigenvalues = np.asarray(eigenvalues, dtype=float)
    mu, L = float(eigenvalues.min()), float(eigenvalues.max())
    if mu == L:
        return {1 / L: "1/L", 2 / L: "2/L"}
    return dict(zip((1 / L, 2 / (mu + L), 2 / L), RATE_LABELS, strict=True))


def plot_parabola_path(path, curvature=1.0, *, x_star=0.0, xlim=None, ylim=None, ax=None):
    """The iterates of a run on f(x) = ½ λ (x − x*)², joined in order; the start is hollow.

    Parameters
    ----------
    path : (K+1,) array of iterates, or a Run in one dimension made with record_x=True
    curvature : float
        λ > 0.
    xlim, ylim : optional
        Fix them in an explorer. By default the start fits, and a run that diverges leaves the axes.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_parabola_path([2.0, -1.0, 0.5], curvature=3.0)
    >>> [float(x) for x in fig.axes[0].get_xlim()]
    [-3.0, 3.0]
    """
    x = iterates(path, 1)[:, 0]
    if not curvature > 0:
        raise ValueError(f"plot_parabola_path: the curvature must be positive, got {curvature!r}")
    if ax is None:
        _, ax = new_figure()
    reach = 1.5 * max(abs(x[0] - x_star), 1e-12)
    xlim = (x_star - reach, x_star + reach) if xlim is None else xlim

    def f(x):
        return 0.5 * curvature * (x - x_star) ** 2

    grid = np.linspace(*xlim, 121)
    top = f(np.asarray(xlim)).max()
    ax.plot(grid, f(grid), color=INK, ls="-", lw=1.4, alpha=0.65)
    # Points far outside are cut off: an SVG path with coordinates of 1e12 upsets renderers.
    shown = x[: first_outside(x, *xlim) + 1]
    far = 4 * (xlim[1] - xlim[0])
    shown = np.clip(shown, xlim[0] - far, xlim[1] + far)
    ax.plot(shown, f(shown), color=COLORS["vermillion"], ls="-", marker="o", lw=1.6, clip_on=True)
    ax.plot(x[0], f(x[0]), "o", ms=8, mfc=PAPER, mec=COLORS["vermillion"], mew=2, zorder=4)
    ax.set(xlim=xlim, ylim=(-0.05 * top, top) if ylim is None else ylim, xlabel="x", ylabel="f(x)")
    return ax.figure


def plot_spectrum(eigenvalues, eta, *, lam_max=None, ymax=1.6, ax=None):
    """|1 − ηλ| against curvature λ at one rate, with a stem at each eigenvalue: which modes shrink?

    Full blue dots shrink, vermillion diamonds grow, a hollow square neither (within rounding).

    Parameters
    ----------
    eigenvalues : (d,) array of positive numbers
    eta : float
    lam_max : float, optional
        Right end of the axis.
    ymax : float
        Top of the axis; a mode beyond it is drawn at the edge with an arrow.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_spectrum([1.0, 4.0, 10.0], eta=0.15)
    >>> fig.axes[0].get_xlabel()
    'curvature λ'
    """
    lam = np.sort(np.asarray(eigenvalues, dtype=float))
    if lam.ndim != 1 or not len(lam) or not (lam > 0).all():
        raise ValueError(f"plot_spectrum: eigenvalues must be positive numbers (d,), got {eigenvalues!r}")
    if ax is None:
        _, ax = new_figure()
    lam_max = 1.08 * lam.max() if lam_max is None else lam_max
    grid = np.unique(np.r_[0, lam_max, 1 / eta, 2 / eta])
    grid = grid[grid <= lam_max]
    ax.plot(grid, np.abs(1 - eta * grid), color=INK, ls="-", lw=1.4, alpha=0.65)
    ax.axhline(1, color=INK, lw=1.3, ls=(0, (5, 3)))
    factor = np.abs(1 - eta * lam)
    edge = np.isclose(factor, 1, rtol=0, atol=1e-9)
    shrink, grow = (factor < 1) & ~edge, (factor > 1) & ~edge
    ax.vlines(lam, 0, np.minimum(factor, ymax), color=INK, lw=1, alpha=0.35)
    looks = (
        (shrink, {"marker": "o", "color": COLORS["blue"]}),
        (grow, {"marker": "D", "color": COLORS["vermillion"]}),
        (edge, {"marker": "s", "mfc": PAPER, "mec": INK, "mew": 1.8, "color": INK}),
    )
    for which, look in looks:
        inside = which & (factor <= ymax)
        if inside.any():
            ax.plot(lam[inside], factor[inside], ls="none", ms=8, clip_on=False, zorder=4, **look)
    beyond = factor > ymax
    if beyond.any():
        ax.plot(lam[beyond], np.full(beyond.sum(), 0.97 * ymax), "^", ms=9, color=COLORS["vermillion"])
    ax.set(xlim=(0, lam_max), ylim=(0, ymax), xlabel="curvature λ", ylabel="|1 − ηλ|")
    return ax.figure


def plot_mode_factors(eigenvalues, eta=None, *, eta_max=None, ymax=1.6, marks=True, ax=None):
    """|1 − ηλ| against the rate η, one V for each eigenvalue; the slowest mode decides, drawn bold.

    Parameters
    ----------
    eigenvalues : (d,) array of positive numbers
    eta : float, optional
        The rate in use, as a vertical line with a dot on the curve that decides.
    eta_max : float, optional
        Right end of the axis; 2.4/L by default.
    marks : bool
        Mark 1/L, 2/(μ+L) and 2/L.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> fig = plot_mode_factors([1.0, 4.0])
    >>> sorted(text.get_text() for text in fig.axes[0].texts)
    ['1/L', '2/(μ+L)', '2/L', 'λ = 1', 'λ = 4']
    """
    lam = np.unique(np.asarray(eigenvalues, dtype=float))
    if not len(lam) or not (lam > 0).all():
        raise ValueError(f"plot_mode_factors: eigenvalues must be positive, got {eigenvalues!r}")
    if ax is None:
        _, ax = new_figure()
    eta_max = 2.4 / lam.max() if eta_max is None else eta_max
    kinks = np.r_[1 / lam, 2 / (lam.min() + lam.max()), ymax and (1 + ymax) / lam]
    grid = np.unique(np.r_[np.linspace(0, eta_max, 25), kinks[kinks <= eta_max]])
    factors = np.abs(1 - np.outer(grid, lam))
    ax.plot(grid, factors.max(axis=1), color=INK, ls="-", lw=4.5, alpha=0.22, solid_capstyle="round")
    for column, value in enumerate(lam):
        look = {"color": COLORS["blue"], "ls": "-"} if value == lam[0] else None
        if value == lam[-1]:
            look = {"color": COLORS["vermillion"], "ls": (0, (6, 2))}
        look = look or {"color": INK, "ls": (0, (1.5, 1.5)), "alpha": 0.6, "lw": 1.2}
        ax.plot(grid, factors[:, column], **look)
    ax.axhline(1, color=INK, lw=1.3, ls=(0, (5, 3)))
    ax.set(xlim=(0, eta_max), ylim=(0, ymax), xlabel="learning rate η", ylabel="|1 − ηλ|")
    if eta is not None:
        ax.axvline(eta, color=COLORS["green"], lw=2)
        worst = np.abs(1 - eta * lam).max()
        if worst <= ymax:
            ax.plot(eta, worst, "o", ms=9, color=COLORS["green"], zorder=4)
    named = {lam[0], lam[-1]}
    label_ends(ax, [(grid, factors[:, i], f"λ = {v:.4g}") for i, v in enumerate(lam) if v in named])
    if marks:
        mark_values(ax, rate_marks(lam))
    return ax.figure


def iterates(path, dim):
    """The iterates as an array (K+1, dim), from a Run or an array; checked."""
    if hasattr(path, "status"):
        if path.x is None:
            raise ValueError("the run did not record its iterates: run(..., record_x=True)")
        path = path.x
    x = np.asarray(path, dtype=float)
    if dim == 1 and x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2 or x.shape[1] != dim or not len(x):
        raise ValueError(f"a path in {dim} dimension(s) has shape (K+1, {dim}), got {x.shape}")
    return x


def first_outside(x, low, high):
    """Index of the first value outside [low, high] or not finite; the last index if there is none."""
    outside = np.flatnonzero(~((x >= low) & (x <= high)))
    return len(x) - 1 if not len(outside) else int(outside[0])
