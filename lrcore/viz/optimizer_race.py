"""The optimizer race: the methods of chapter 08 on one surface, each at the best rate of a sweep."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..directions import AdaDelta, AdaGrad, Adam, AMSGrad, Lion, Momentum, Nesterov, RMSProp, Steepest
from ..problems import BoydExp, Function, Quadratic, Rosenbrock
from ..run import run
from ..sweep import sweep
from .contours import plot_contours
from .figure import check_caption
from .live import element, show_live

SEE = validate.ADAPTIVE
METHODS = {
    "descent": ("plain descent", Steepest()),
    "momentum": ("momentum", Momentum()),
    "nesterov": ("Nesterov", Nesterov()),
    "adagrad": ("AdaGrad", AdaGrad()),
    "rmsprop": ("RMSProp", RMSProp()),
    "adadelta": ("AdaDelta", AdaDelta()),
    "adam": ("Adam", Adam()),
    "amsgrad": ("AMSGrad", AMSGrad()),
    "lion": ("Lion", Lion()),
}
RATES = np.array([float(f"{10 ** (-4 + i / 10):.3g}") for i in range(71)])
MOST_STEPS = 200
LOST = 1000  # a run whose f - f* exceeds that of the start so many times has diverged

TINY = 1e-15  # below it a loss is a matter of rounding


def two_wells():
    """f = (x1^2 - 1)^2/4 + 4 x2^2: a saddle at the origin between two minima, with curvatures -1 and 8."""
    well = np.array([1.0, 8.0])
    return Function(
        lambda x: 0.25 * (x[..., 0] ** 2 - 1) ** 2 + 4 * x[..., 1] ** 2,
        lambda x: well * x * np.stack([x[..., 0] ** 2 - 1, np.ones_like(x[..., 1])], axis=-1),
        dim=2,
        x_star=[1.0, 0.0],
    )


@dataclass(frozen=True)
class Surface:
    """A problem, the part of the plane that is shown of it, and where a run starts; as in the script."""

    words: str
    problem: object
    start: tuple
    window: tuple  # left, right, low, high
    rises: tuple  # of the level lines above f*


BOWL_LEVELS = (0.1, 0.5, 2, 6, 14, 30, 60, 110)
SURFACES = {
    "bowl": Surface(
        "a bowl of condition number 50 along the axes",
        Quadratic([1.0, 50.0]), (-2.5, 1.2), (-3, 3, -2.4, 2.4), BOWL_LEVELS,
    ),
    "turned": Surface(
        "a bowl of condition number 50 turned by 45°",
        Quadratic([1.0, 50.0], angle=np.pi / 4), (-2.5, 0.5), (-3, 3, -2.4, 2.4), BOWL_LEVELS,
    ),
    "rosenbrock": Surface(
        "Rosenbrock's valley",
        Rosenbrock(), (-1.2, 1.0), (-2.2, 2.2, -0.9, 2.6), (0.3, 1.5, 5, 15, 50, 150, 400, 1000),
    ),
    "exponentials": Surface(
        "the three exponentials of Boyd and Vandenberghe",
        BoydExp(), (-1.0, 1.0), (-2.4, 1.4, -1.3, 1.3), (0.1, 0.5, 1.5, 4, 10, 22, 45, 85),
    ),
    "saddle": Surface(
        "a saddle between two minima",
        two_wells(), (0.02, 1.2), (-2, 2, -1.6, 1.6), (0.05, 0.15, 0.25, 0.6, 1.5, 3.5, 7, 12),
    ),
}  # fmt: skip


def optimizer_race(
    *,
    surface="bowl",
    methods=("descent", "momentum", "adagrad", "adam"),
    start=None,
    steps=100,
    caption=None,
):
    """Let the methods of chapter 08 race on a surface, each at a rate of its own, in the browser.

    At first every method runs at its best rate: that with the lowest f after `steps` steps among 71 rates
    from 0.0001 to 1000, ten to a decade, from this start; the smallest one, if several end within 1e-15 of
    the minimum. A run whose f - f* exceeds a thousand times that of the start has diverged. Where the loss
    swings, the last one is partly luck, and so is which of several rates that do about as well is best. The
    reader drags the start, changes surface, methods and number of steps, and gives a method another rate;
    the loss at every rate stands beside. No kernel is needed: the script follows `lrcore.run` and
    `lrcore.sweep` with the defaults of the directions.

    Parameters
    ----------
    surface : "bowl" (curvatures 1 and 50 along the axes), "turned" (the same by 45 degrees), "rosenbrock",
        "exponentials" (`BoydExp`) or "saddle" (between two minima), the surface at first
    methods : at least one of "descent", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam",
        "amsgrad", "lion", the methods that are shown at first
    start : two numbers in the window of the surface, optional
    steps : int in [10, 200], a multiple of 10
    caption : str, optional
        By default it says how the rates were chosen.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these.

    Explained in chapter 08.

    >>> optimizer_race(surface="plain")
    Traceback (most recent call last):
    ...
    ValueError: surface must be one of 'bowl', 'turned', 'rosenbrock', 'exponentials', 'saddle', got 'plain...
    """
    config = checked_config(surface, methods, start, steps)
    caption = check_caption(caption, "viz.optimizer_race")
    show_live("optimizer_race", explorer(config, caption), alt_text(config))


def checked_config(surface, methods, start, steps):
    """What optimizer_race.js reads, each value in its range."""
    surface = validate.choice(surface, "surface", tuple(SURFACES), SEE)
    if isinstance(methods, str) or not np.iterable(methods):
        raise validate.wrong_type(
            f"methods must be a sequence such as ('descent', 'adam'), got {validate.shown(methods)}", SEE
        )
    methods = [validate.choice(name, "a method", tuple(METHODS), SEE) for name in methods]
    if not methods or len(set(methods)) < len(methods):
        raise validate.wrong_value(
            f"methods must be different, at least one, got {validate.shown(methods)}", SEE
        )
    shape = SURFACES[surface]
    left, right, low, high = shape.window
    start = shape.start if start is None else start
    start = validate.finite_array(start, "start", SEE)
    if start.shape != (2,) or not (left <= start[0] <= right and low <= start[1] <= high):
        text = f"start must be two numbers in [{left:g}, {right:g}] and [{low:g}, {high:g}]"
        raise validate.wrong_value(f"{text}, got {validate.shown(start.tolist())}", SEE)
    steps = validate.count(steps, "steps", low=10, see=SEE)
    if steps > MOST_STEPS or steps % 10:
        raise validate.wrong_value(
            f"steps must be a multiple of 10 up to {MOST_STEPS}, got {validate.shown(steps)}", SEE
        )
    return {"surface": surface, "methods": methods, "start": start.tolist(), "steps": steps}


def bound(problem, start):
    """Where a run counts as diverged."""
    return problem.f_star + LOST * max(float(problem.f(start)) - problem.f_star, 1e-9)


def best_runs(config):
    """{method: (best rate, Run at it)} by `lrcore.sweep`."""
    problem, start, steps = SURFACES[config["surface"]].problem, np.array(config["start"]), config["steps"]
    limit, runs = bound(problem, start), {}
    for name in config["methods"]:
        rule = METHODS[name][1]
        losses = sweep(problem, start, RATES, rule, steps, bound=limit).sensitivity - problem.f_star
        rate = RATES[np.argmin(np.maximum(losses, TINY))]
        runs[name] = rate, run(problem, start, rate, rule, steps, record_x=True, bound=limit)
    return runs


def alt_text(config):
    """What the first view shows, in words."""
    shape = SURFACES[config["surface"]]
    found = []
    for name, (rate, r) in best_runs(config).items():
        loss = r.f[-1] - shape.problem.f_star
        reached = f"{loss:.2g}" if loss >= TINY else f"less than {TINY:.0e}"
        found.append(f"{METHODS[name][0]} at {rate:.3g} reaches {reached}")
    return (
        f"Paths on {shape.words} from {tuple(config['start'])}, each method at the rate with the lowest loss "
        f"after {config['steps']} steps. Loss above its minimum: {', '.join(found)}."
    )


def fair(config):
    """The caption by default: how the rates were chosen."""
    return (
        f"Every method starts at its best rate: that with the lowest f after {config['steps']} steps among "
        f"{len(RATES)} rates from 0.0001 to 1000, for this surface and this start; the smallest one, if "
        "several end at the minimum up to rounding. Other constants are the defaults of lrcore."
    )


def explorer(config, caption):
    """<lr-optimizer-race> with a drawing of its first view inside."""
    shape = SURFACES[config["surface"]]
    left, right, low, high = shape.window
    paths = {METHODS[name][0]: r for name, (_, r) in best_runs(config).items()}
    drawing = plot_contours(
        shape.problem, paths, xlim=(left, right), ylim=(low, high), x_star=shape.problem.x_star, equal=True,
        levels=shape.problem.f_star + np.array(shape.rises),
    )  # fmt: skip
    return element("optimizer_race", config, drawing, alt_text(config), caption or fair(config))
