"""The descent explorer: a quadratic bowl in the plane, to be driven by hand in the reader's browser."""

import numpy as np

from .. import validate
from ..directions import Momentum
from ..problems import Quadratic
from ..run import run
from .contours import plot_contours
from .figure import check_caption
from .live import element, show_live

SEE = validate.STABILITY
REACH = (3.0, 2.4)  # the start can be moved so far to either side; descent.js draws this part of the plane
MOST_KAPPA = 100.0


def descent(
    *,
    kappa=10.0,
    eta=None,
    beta=0.0,
    start=(-2.5, 0.6),
    L=10.0,
    angle=0.4,
    steps=60,
    momentum=True,
    caption=None,
):
    """Show gradient descent on 1/2 x^T H x, H of eigenvalues mu = L/kappa and L, in the browser.

    The reader drags the start or moves it by arrow keys, chooses eta on a scale that marks 1/L, 2/(mu+L)
    and 2/L, changes kappa and beta, and plays or steps the run. The simulation needs no kernel: it is a
    script, whose arithmetic is that of `lrcore.run` with `Momentum(beta)` (classical form), to the bit.

    Parameters
    ----------
    kappa : number in [1, 100], the condition number L/mu at first
    eta : number > 0, the rate at first, in units of x^2/f; by default 1.7/L, which overshoots and converges.
        The scale ends at 4.2/L (2.4/L without momentum).
    beta : number in [0, 0.99], the momentum at first
    start : two numbers, the start at first; at most 3 and 2.4 from the minimum at the origin
    L : number > 0, the larger eigenvalue
    angle : number, by how much the flat direction is turned out of the horizontal, in radians
    steps : int in [1, 500], the number of steps that are followed
    momentum : bool, whether the reader can change beta
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range.

    Explained in chapter 02.

    >>> descent(kappa=1000)
    Traceback (most recent call last):
    ...
    ValueError: kappa must be in [1, 100], got 1000; see chapter 02, 'Stability'
    """
    config = checked_config(kappa, eta, beta, start, L, angle, steps, momentum)
    html = explorer(config, check_caption(caption, "viz.descent"))
    show_live("descent", html, alt_text(config))


def checked_config(kappa, eta, beta, start, L, angle, steps, momentum):
    """What descent.js reads, each value in its range."""
    if not isinstance(momentum, bool):
        raise validate.wrong_type(f"momentum must be True or False, got {validate.shown(momentum)}", SEE)
    L = validate.number(L, "L", low=0, low_allowed=False, see=SEE)
    top = (4.2 if momentum else 2.4) / L
    beta = validate.number(beta, "beta", low=0, high=0.99, see=SEE)
    if beta > 0 and not momentum:
        raise validate.wrong_value(f"beta={beta:g} needs momentum=True", SEE)
    start = validate.finite_array(start, "start", SEE)
    if start.shape != (2,) or (np.abs(start) > REACH).any():
        text = f"start must be two numbers, at most {REACH[0]:g} and {REACH[1]:g} from 0"
        raise validate.wrong_value(f"{text}, got {validate.shown(start.tolist())}", SEE)
    steps = validate.count(steps, "steps", see=SEE)
    if steps > 500:
        raise validate.wrong_value(f"steps must be at most 500, got {steps}", SEE)
    eta = 1.7 / L if eta is None else eta
    return {
        "L": L,
        "kappa": validate.number(kappa, "kappa", low=1, high=MOST_KAPPA, see=SEE),
        "eta": validate.number(eta, "eta", low=0, high=top, low_allowed=False, see=SEE),
        "beta": beta,
        "start": start.tolist(),
        "angle": validate.number(angle, "angle", see=SEE),
        "steps": steps,
        "momentum": momentum,
    }


def simulate(config):
    """The run that the explorer shows at first, by `lrcore.run`."""
    bowl = Quadratic([config["L"] / config["kappa"], config["L"]], angle=config["angle"])
    return bowl, run(
        bowl, config["start"], config["eta"], Momentum(config["beta"]), config["steps"], record_x=True
    )


def alt_text(config):
    """What the first view shows, in words."""
    _, r = simulate(config)
    fate = "diverges" if not r.f[-1] <= r.f[0] else f"takes the loss from {r.f[0]:.3g} to {r.f[-1]:.2g}"
    return (
        f"Level lines of a quadratic bowl with condition number {config['kappa']:g} and the path of gradient "
        f"descent from {tuple(config['start'])} with learning rate {config['eta']:.3g}, that is "
        f"{config['eta'] * config['L']:.3g}/L, and momentum {config['beta']:g}; in {config['steps']} steps "
        f"it {fate}."
    )


def explorer(config, caption):
    """<lr-descent> with a drawing of its first view inside."""
    bowl, r = simulate(config)
    aspect = REACH[1] / REACH[0]
    window = {"xlim": (-REACH[0], REACH[0]), "ylim": (-REACH[1], REACH[1])}
    drawing = plot_contours(bowl, r, **window, x_star=(0, 0), size=(5.2, 5.2 * aspect))
    return element("descent", config, drawing, alt_text(config), caption)
