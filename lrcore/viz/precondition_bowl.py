"""Precondition the bowl: what dividing by a diagonal, or by the whole Hessian, does to a turned quadratic."""

import numpy as np

from .. import validate
from ..analysis import curvature, stability
from ..directions import DiagonalNewton, Newton, Steepest
from ..problems import Quadratic
from ..run import run
from .contours import plot_contours
from .figure import check_caption
from .live import element, show_live

SEE = validate.CURVATURE
REACH = (3.0, 2.4)  # the start can be moved so far to either side, as in the script
MOST_KAPPA = 100.0
MOST_STEPS = 1000
TARGET = 1e-6  # of f at the start
NOTHING_ADDED = 1e-300  # a damping must be positive; this one changes no digit
RULES = {"none": Steepest(), "diagonal": DiagonalNewton(NOTHING_ADDED), "full": Newton()}


def precondition_bowl(
    *, kappa=25.0, degrees=20.0, precondition="diagonal", rate=1.0, start=(-2.2, 1.2), caption=None
):
    """Show x <- x - eta P^-1 g on a turned bowl in the plane with three preconditioners P, in the browser.

    The bowl f = x^T H x/2 has the curvatures 1 and kappa. P is the identity ("none"), the diagonal of H
    ("diagonal") or H itself ("full", Newton's method); eta is `rate` times the best constant one, 2/(mu' +
    L'), for the eigenvalues mu' and L' of P^(-1/2) H P^(-1/2). The reader stretches and turns the bowl, drags
    the start, and sees the path in x and in the coordinates z = P^(1/2) x, where it is one of plain descent;
    kappa before and after, and the steps until f <= 1e-6 f(x_0), stand in a table. No kernel is needed: the
    script follows `lrcore.run` with `Steepest`, `DiagonalNewton` and `Newton` up to rounding.

    Parameters
    ----------
    kappa : number in [1, 100], the condition number of H at first
    degrees : number in [0, 90], by how much the flat direction is turned out of the horizontal
    precondition : "none", "diagonal" or "full"
    rate : number in [0.05, 2.2], the multiple of the best rate
    start : two numbers, at most 3 and 2.4 from the minimum at the origin
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range.

    Explained in chapter 10.

    >>> precondition_bowl(kappa=0.5)
    Traceback (most recent call last):
    ...
    ValueError: kappa must be in [1, 100], got 0.5; see chapter 10, 'Curvature'
    """
    config = checked_config(kappa, degrees, precondition, rate, start)
    caption = check_caption(caption, "viz.precondition_bowl")
    show_live("precondition_bowl", explorer(config, caption), alt_text(config))


def checked_config(kappa, degrees, precondition, rate, start):
    """What precondition_bowl.js reads, each value in its range."""
    start = validate.finite_array(start, "start", SEE)
    if start.shape != (2,) or (np.abs(start) > REACH).any():
        text = f"start must be two numbers, at most {REACH[0]:g} and {REACH[1]:g} from 0"
        raise validate.wrong_value(f"{text}, got {validate.shown(start.tolist())}", SEE)
    return {
        "kappa": validate.number(kappa, "kappa", low=1, high=MOST_KAPPA, see=SEE),
        "degrees": validate.number(degrees, "degrees", low=0, high=90, see=SEE),
        "precondition": validate.choice(precondition, "precondition", tuple(RULES), SEE),
        "rate": validate.number(rate, "rate", low=0.05, high=2.2, see=SEE),
        "start": start.tolist(),
    }


def bowl(config):
    return Quadratic([1.0, config["kappa"]], angle=np.radians(config["degrees"]))


def seen_by_descent(config, name):
    """P^(-1/2) H P^(-1/2), the matrix on which descent in z runs."""
    H = bowl(config).H
    return {"none": H, "diagonal": curvature.preconditioned(H), "full": np.eye(2)}[name]


def simulate(config, name):
    """The Run with the preconditioner `name`, and the first step with f <= 1e-6 f(x_0), None without one.

    The run is at least as long as the contraction of the worst start needs, or MOST_STEPS long.
    """
    problem, start = bowl(config), np.array(config["start"])
    low, high = np.linalg.eigvalsh(seen_by_descent(config, name))
    eta, f0 = config["rate"] * stability.best_rate(low, high), float(problem.f(start))
    steps = stability.steps_to(TARGET, stability.contraction(eta, low, high) ** 2) + 1
    bound = 1e6 * f0 + 1e-300
    r = run(problem, start, eta, RULES[name], min(MOST_STEPS, steps), record_x=True, bound=bound)
    reached = np.flatnonzero(r.f <= TARGET * f0)
    return r, int(reached[0]) if len(reached) else None


def alt_text(config):
    """What the first view shows, in words."""
    name = config["precondition"]
    before, after = (curvature.condition(seen_by_descent(config, each)) for each in ("none", name))
    _, steps = simulate(config, name)
    by = {"none": "without a preconditioner", "diagonal": "divided by its diagonal", "full": "divided by H"}
    fate = f"takes {steps} steps" if steps is not None else f"does not get there in {MOST_STEPS} steps"
    return (
        f"Level lines of a bowl of condition number {before:.3g}, turned by {config['degrees']:g} degrees, "
        f"{by[name]}, which makes it {after:.3g}. The path from {tuple(config['start'])} with "
        f"{config['rate']:g} times the best rate {fate} to a millionth of the loss at the start."
    )


def explorer(config, caption):
    """<lr-precondition-bowl> with a drawing of its first view inside."""
    paths = {}
    for name in ("diagonal", "none", "full"):  # the colours of the script
        r, steps = simulate(config, name)
        paths["no preconditioner" if name == "none" else name] = r.x[: 200 if steps is None else steps + 1]
    window = {"xlim": (-REACH[0], REACH[0]), "ylim": (-REACH[1], REACH[1])}
    drawing = plot_contours(bowl(config), paths, **window, x_star=(0, 0), equal=True)
    return element("precondition_bowl", config, drawing, alt_text(config), caption)
