"""Two line searches side by side on one function, from a start that the reader drags in the browser."""

import numpy as np

from .. import validate
from ..linesearches import Backtracking, Exact
from ..problems import BoydExp
from .contours import plot_contours
from .figure import check_caption
from .live import element, show_live

SEE = validate.SEARCH
BOYD = BoydExp()
REACH = ((-2.3, 1.3), (-1.2, 1.2))  # where the start may be, as in the script
MOST_TRIES = 500
FLAT = 1e-8  # of the slope at the start: what exact search takes for zero
GAP = 1e-10


def line_paths(*, start=(-1.0, 1.0), alpha=0.1, beta=0.7, caption=None):
    """Show steepest descent on `problems.BoydExp` with backtracking and with exact search, in the browser.

    Both run until f - f* <= 1e-10. The reader drags the start, changes alpha and beta of the backtracking,
    and reads iterations, evaluations along the lines (of f, or of its slope in exact search, which finds it
    to 8 digits) and the mean angle between one step and the next. No kernel is needed: the script follows
    `linesearches.Backtracking` and `linesearches.Exact`, whose paths agree with it up to rounding.

    Parameters
    ----------
    start : two numbers in [-2.3, 1.3] and [-1.2, 1.2]
    alpha : number in [0.01, 0.49], the share of the promised decrease that backtracking asks for
    beta : number in [0.05, 0.95], the factor by which it shortens a step
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range.

    Source: Boyd and Vandenberghe, *Convex Optimization* (2004), section 9.3.2. Explained in chapter 04.

    >>> line_paths(alpha=0.5)
    Traceback (most recent call last):
    ...
    ValueError: alpha must be in [0.01, 0.49], got 0.5; see chapter 04, 'Line search'
    """
    config = checked_config(start, alpha, beta)
    caption = check_caption(caption, "viz.line_paths")
    show_live("line_paths", explorer(config, caption), alt_text(config))


def checked_config(start, alpha, beta):
    """What line_paths.js reads, each value in its range."""
    start = validate.finite_array(start, "start", SEE)
    low, high = np.transpose(REACH)
    if start.shape != (2,) or (start < low).any() or (start > high).any():
        text = "start must be two numbers in [-2.3, 1.3] and [-1.2, 1.2]"
        raise validate.wrong_value(f"{text}, got {validate.shown(start.tolist())}", SEE)
    return {
        "start": start.tolist(),
        "alpha": validate.number(alpha, "alpha", low=0.01, high=0.49, see=SEE),
        "beta": validate.number(beta, "beta", low=0.05, high=0.95, see=SEE),
    }


def descend(start, search):
    """The iterates (K+1, 2) until f - f* <= 1e-10, and the number of evaluations along the lines."""
    path, evaluations = [np.array(start, dtype=float)], 0
    while (f := BOYD.f(path[-1])) - BOYD.f_star > GAP:
        x, g = path[-1], BOYD.grad(path[-1])
        found = search(
            lambda t, x=x, g=g: BOYD.f(x - t[..., np.newaxis] * g),
            lambda t, x=x, g=g: -np.vecdot(BOYD.grad(x - t[..., np.newaxis] * g), g),
            1.0, f, -np.vecdot(g, g),
        )  # fmt: skip
        evaluations += int(found.evaluations)
        path.append(x - found.t * g)
    return np.array(path), evaluations


def both(config):
    """Backtracking's path and evaluations, and those of exact search."""
    backtracking = Backtracking(config["alpha"], config["beta"], MOST_TRIES)
    return descend(config["start"], backtracking), descend(config["start"], Exact(FLAT, MOST_TRIES))


def mean_turn(path):
    """The mean angle between one step and the next, in degrees."""
    a, b = np.diff(path, axis=0)[:-1], np.diff(path, axis=0)[1:]
    across = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return float(np.degrees(np.arctan2(np.abs(across), np.vecdot(a, b)).mean()))


def alt_text(config):
    """What the first view shows, in words."""
    sentences = []
    for name, (path, evaluations) in zip(("Backtracking", "Exact search"), both(config), strict=True):
        turn = f", turning by {mean_turn(path):.0f} degrees on average" if len(path) > 2 else ""
        sentences.append(f"{name} takes {len(path) - 1} steps and {evaluations} evaluations{turn}.")
    return (
        f"Level lines of the three exponentials of Boyd and Vandenberghe with two zigzag paths from "
        f"{tuple(config['start'])} to the minimum. " + " ".join(sentences)
    )


def explorer(config, caption):
    """<lr-line-paths> with a drawing of its first view inside."""
    (backtracking, _), (exact, _) = both(config)
    paths = {"exact": exact, "backtracking": backtracking}  # the colours of the script
    levels = BOYD.f_star + np.array([0.1, 0.5, 1.5, 4, 10, 22, 45, 85])
    window = {"xlim": (-2.4, 1.4), "ylim": (-1.3, 1.3)}
    drawing = plot_contours(BOYD, paths, **window, levels=levels, x_star=BOYD.x_star, equal=True)
    return element("line_paths", config, drawing, alt_text(config), caption)
