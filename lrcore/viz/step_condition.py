"""The steps that conditions of line search accept along a line, as their constants move, in the browser."""

import numpy as np
from numpy.polynomial import Polynomial

from .. import validate
from ..linesearches import Backtracking, armijo, curvature, goldstein, strong_curvature
from .figure import check_caption
from .live import element, show_live
from .style import COLORS, INK, PAPER, new_figure

SEE = validate.SEARCH
TWO_DIPS = (1.0, -4.0, 18.0, -29.0, 15.0)


def step_condition(phi=TWO_DIPS, *, t=0.05, c1=0.1, c2=0.2, shrink=0.5, t0=1.0, reach=1.1, caption=None):
    """Show phi(t) along a line and the steps that Armijo, Wolfe and Goldstein accept, in the browser.

    Armijo asks for phi(t) <= phi(0) + c1 t phi'(0). Wolfe asks for phi'(t) >= c2 phi'(0) too, strong Wolfe
    for |phi'(t)| <= c2 |phi'(0)|, Goldstein for phi(t) >= phi(0) + (1 - c1) t phi'(0) (c1 < 1/2). The reader
    moves t, c1, c2 and the factor of backtracking, and sees the steps that backtracking tries and the one
    that it takes. No kernel is needed; the conditions are those of `lrcore.linesearches`.

    Parameters
    ----------
    phi : 3 to 8 numbers, the coefficients of a polynomial phi, constant first, with phi'(0) < 0; by default
        one with two dips, of which Armijo's condition leaves out the bump between them
    t : number in (0, reach], the step that is looked at
    c1, c2 : numbers with 0.01 <= c1 < c2 <= 0.99, c1 <= 0.9
    shrink : number in [0.1, 0.95], the factor of backtracking
    t0 : number in (0, reach], the first step that backtracking tries
    reach : number > 0, the longest step that is drawn
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range.

    Source: Nocedal and Wright, *Numerical Optimization*, section 3.1. Explained in chapter 04.

    >>> step_condition([0.0, 1.0, 1.0])
    Traceback (most recent call last):
    ...
    ValueError: phi must fall at 0, but phi'(0) = 1; see chapter 04, 'Line search'
    """
    config = checked_config(phi, t, c1, c2, shrink, t0, reach)
    caption = check_caption(caption, "viz.step_condition")
    show_live("step_condition", explorer(config, caption), alt_text(config))


def checked_config(phi, t, c1, c2, shrink, t0, reach):
    """What step_condition.js reads, each value in its range."""
    phi = validate.finite_array(phi, "phi", SEE)
    if phi.ndim != 1 or not 3 <= len(phi) <= 8:
        raise validate.wrong_value(f"phi must be 3 to 8 coefficients, got shape {phi.shape}", SEE)
    if not phi[1] < 0:
        raise validate.wrong_value(f"phi must fall at 0, but phi'(0) = {phi[1]:g}", SEE)
    reach = validate.number(reach, "reach", low=0, low_allowed=False, see=SEE)
    c1 = validate.number(c1, "c1", low=0.01, high=0.9, see=SEE)
    c2 = validate.number(c2, "c2", low=0.02, high=0.99, see=SEE)
    if not c1 < c2:
        raise validate.wrong_value(f"c1 must be less than c2, got c1={c1:g} and c2={c2:g}", SEE)
    return {
        "phi": phi.tolist(),
        "t": validate.number(t, "t", low=0, high=reach, low_allowed=False, see=SEE),
        "c1": c1,
        "c2": c2,
        "shrink": validate.number(shrink, "shrink", low=0.1, high=0.95, see=SEE),
        "t0": validate.number(t0, "t0", low=0, high=reach, low_allowed=False, see=SEE),
        "reach": reach,
    }


def accepted(config, t):
    """Which of the steps t each condition accepts: name -> array of bool."""
    phi, c1, c2 = Polynomial(config["phi"]), config["c1"], config["c2"]
    f, slope, f0, slope0 = phi(t), phi.deriv()(t), *config["phi"][:2]
    enough = armijo(f, t, f0, slope0, c1)
    return {
        "Armijo": enough,
        "Wolfe": enough & curvature(slope, slope0, c2),
        "strong Wolfe": enough & strong_curvature(slope, slope0, c2),
        "Goldstein": goldstein(f, t, f0, slope0, c1),
    }


def trials(config):
    """The steps that backtracking tries; the last is taken."""
    phi = Polynomial(config["phi"])
    search = Backtracking(config["c1"], config["shrink"])
    found = search(phi, phi.deriv(), config["t0"], *config["phi"][:2])
    return [float(t) for t, _ in found.trials]


def intervals(config, name):
    """The accepted steps of (0, reach] as [(low, high)], to a 5000th of the reach."""
    t = config["reach"] * np.arange(1, 5001) / 5000
    edges = np.diff(accepted(config, t)[name].astype(int), prepend=0, append=0)
    return list(zip(t[edges[:-1] > 0], t[np.flatnonzero(edges < 0) - 1], strict=True))


def alt_text(config):
    """What the first view shows, in words."""
    parts = []
    for name in accepted(config, 0.5):
        ranges = [f"{low:.3f} to {high:.3f}" for low, high in intervals(config, name)]
        parts.append(f"{name} accepts {' and '.join(ranges) or 'no step'}")
    tried = ", ".join(f"{t:.3g}" for t in trials(config))
    return (
        f"A function along a line with the steps that are accepted at c1 = {config['c1']:g} and "
        f"c2 = {config['c2']:g}: {'; '.join(parts)}. Backtracking by {config['shrink']:g} tries {tried} "
        "and takes the last."
    )


def explorer(config, caption):
    """<lr-step-condition> with a drawing of its first view inside."""
    phi, c1, reach = Polynomial(config["phi"]), config["c1"], config["reach"]
    figure, (ax, bars) = new_figure(5.2, 4.2, nrows=2, sharex=True, height_ratios=(3, 2))
    t = np.linspace(0, reach, 151)
    f0, slope0 = config["phi"][:2]
    ax.plot(t, phi(t), color=INK)
    ax.plot(t, f0 + c1 * t * slope0, color=COLORS["vermillion"])
    tried = np.array(trials(config))
    ax.plot(tried, phi(tried), "o", mfc=PAPER, mec=COLORS["vermillion"], mew=2)
    ax.plot(tried[-1], phi(tried[-1]), "o", color=COLORS["vermillion"])
    drop = f0 - phi(t).min()
    ax.set(ylim=(f0 - 1.12 * drop, max(phi(tried).max(), f0) + 0.12 * drop), ylabel="φ(t)")
    names = list(accepted(config, 0.5))
    for row, name in enumerate(names):
        spans = [(low, high - low) for low, high in intervals(config, name)]
        bars.broken_barh(spans, (row - 0.25, 0.5), color=COLORS["blue"])
    bars.set(xlim=(0, reach), xlabel="step t", yticks=range(len(names)), yticklabels=names)
    bars.invert_yaxis()
    return element("step_condition", config, figure, alt_text(config), caption)
