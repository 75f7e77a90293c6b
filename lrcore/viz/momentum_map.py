"""The momentum map: how fast each pair (eta, beta) is on a quadratic, to be explored in the browser."""

import numpy as np

from .. import validate
from ..analysis.stability import FORMS, max_rate, optimal, region, worst_radius
from ..directions import Momentum, Nesterov
from ..problems import Quadratic
from ..run import run
from .figure import check_caption
from .live import element, show_live
from .style import COLORS, INK, new_figure

SEE = validate.MOMENTUM
MOST_KAPPA = 100.0
MOST_BETA = 0.99
METHODS = {"classical": "momentum", "ema": "ema", "nesterov": "nesterov"}  # the form's name in max_rate
WIDEST = {
    "classical": 4.2,
    "ema": 12.6,
    "nesterov": 4.2,
}  # eta L at the right end, as in the script


def momentum_map(*, kappa=10.0, eta=None, beta=0.9, form="classical", L=10.0, steps=60, caption=None):
    """Show the plane of eta and beta for a quadratic with curvatures mu = L/kappa and L, in the browser.

    Colour bands say how fast the slower mode shrinks, `analysis.stability.worst_radius`;
    lines mark the edge of stability and where the roots become complex, a diamond the best pair. The
    reader moves a marker and sees the run of that pair; changes kappa and the form. The simulation needs
    no kernel: it is a script, whose arithmetic is that of `lrcore.run`, to the bit.

    Parameters
    ----------
    kappa : number in [1, 100], the condition number L/mu at first; 1 leaves one mode
    eta, beta : the pair at first, eta > 0 in units of x^2/f and beta in [0, 0.99]; by default 1/L and 0.9
    form : "classical", "ema" or "nesterov", at first
    L : number > 0, the larger curvature
    steps : int in [1, 500], the number of steps of the run
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range.

    Source: B. T. Polyak (1964); for the best pairs Lessard, Recht and Packard, *SIAM J. Optim.* 26 (2016),
    Proposition 1. Explained in chapter 03.

    >>> momentum_map(beta=1)
    Traceback (most recent call last):
    ...
    ValueError: beta must be in [0, 0.99], got 1; see chapter 03, 'Momentum'
    """
    config = checked_config(kappa, eta, beta, form, L, steps)
    caption = check_caption(caption, "viz.momentum_map")
    show_live("momentum_map", explorer(config, caption), alt_text(config))


def checked_config(kappa, eta, beta, form, L, steps):
    """What momentum_map.js reads, each value in its range."""
    validate.choice(form, "form", FORMS, SEE)
    L = validate.number(L, "L", low=0, low_allowed=False, see=SEE)
    kappa = validate.number(kappa, "kappa", low=1, high=MOST_KAPPA, see=SEE)
    steps = validate.count(steps, "steps", see=SEE)
    if steps > 500:
        raise validate.wrong_value(f"steps must be at most 500, got {steps}", SEE)
    eta = 1 / L if eta is None else eta
    return {
        "L": L,
        "kappa": kappa,
        "eta": validate.number(eta, "eta", low=0, high=WIDEST[form] / L, low_allowed=False, see=SEE),
        "beta": validate.number(beta, "beta", low=0, high=MOST_BETA, see=SEE),
        "form": form,
        "steps": steps,
    }


def simulate(config):
    """The run that the map shows at first, by `lrcore.run`: each mode starts at 1."""
    beta, form = config["beta"], config["form"]
    direction = Nesterov(beta) if form == "nesterov" else Momentum(beta, form)
    bowl = Quadratic([config["L"] / config["kappa"], config["L"]])
    never = np.finfo(float).max
    return run(bowl, [1.0, 1.0], config["eta"], direction, config["steps"], record_x=True, bound=never)


def alt_text(config):
    """What the first view shows, in words."""
    mu, L, form = config["L"] / config["kappa"], config["L"], config["form"]
    rho = float(worst_radius(config["eta"], mu, L, config["beta"], form))
    best = optimal(mu, L, form)
    fate = f"multiplies the error by {rho:.3g} a step" if rho < 1 else "does not converge"
    return (
        f"Map of learning rate and momentum for the {form} form on a quadratic with curvature "
        f"{L:g} and condition number {config['kappa']:g}: the best pair is {best.eta:.3g} and "
        f"{best.beta:.3g}; "
        f"the marked pair, {config['eta']:.3g} and {config['beta']:.3g}, {fate} in the long run."
    )


def explorer(config, caption):
    """<lr-momentum-map> with a drawing of its first view inside."""
    return element("momentum_map", config, draw_map(config), alt_text(config), caption)


def draw_map(config):
    """The map as a matplotlib figure."""
    L, form = config["L"], config["form"]
    mu, best = L / config["kappa"], optimal(L / config["kappa"], L, form)
    figure, ax = new_figure(5.2, 3.6)
    rate, beta = np.linspace(0.02, WIDEST[form], 85), np.linspace(0, 0.99, 67)
    rho = region(rate / L, beta, mu, L, form)
    levels = [level for level in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95) if level > rho.min()]
    for top in (1, *levels):
        ax.contourf(rate, beta, rho, levels=[0, top], colors=COLORS["blue"], alpha=0.1)
    lines = ax.contour(rate, beta, rho, levels=levels, colors=INK, linewidths=0.7, alpha=0.6)
    ax.clabel(lines, fmt="%g", fontsize=10)
    ax.plot(max_rate(L, METHODS[form], beta) * L, beta, color=COLORS["vermillion"], lw=2.2)
    ax.plot(best.eta * L, best.beta, "D", ms=8, color=COLORS["orange"], mec=INK)
    ax.plot(config["eta"] * L, config["beta"], "o", ms=5, color=INK)
    ax.set(xlim=(0, WIDEST[form]), ylim=(0, 1), xlabel="learning rate η (times L)", ylabel="momentum β")
    return figure
