"""What the schedule studio offers: families of schedules, their sliders, and how parts become one."""

from dataclasses import dataclass, fields

from .. import schedules as s
from .. import validate

TOP = 10_000  # the longest horizon
MOST = 6  # schedules at a time


@dataclass(frozen=True)
class Control:
    """A parameter and its slider.

    ``kind`` is "number" (even steps), "log" (1, 1.2, 1.5, 2, ... times powers of 10; with low = 0 also 0),
    "count" (whole numbers, on such a scale), "choice" (one of ``options``) or "steps" (a list of steps).
    """

    name: str
    label: str
    kind: str
    low: float = 0
    high: float = 0
    default: object = None
    step: float = 0.01
    options: tuple = ()


@dataclass(frozen=True)
class Family:
    """One main part. ``floor`` says how it takes one: "no", "clip", or the name of a parameter."""

    kind: type
    words: str
    controls: tuple = ()
    floor: str = "clip"
    warmup: bool = True
    restarts: bool = True
    peak: bool = True


def count(name, label, default, high=TOP, low=1):
    return Control(name, label, "count", low, high, default)


GAMMA = Control("gamma", "factor gamma, γ", "number", 0.01, 1.0, 0.5)
EVERY = count("every", "every … steps", 30)
T0 = Control("t0", "time scale t0", "log", 1.0, 10_000.0, 1.0)

ETA0 = Control("eta0", "peak rate eta0, η₀", "log", 1e-6, 10.0, 0.1)
FLOOR = Control("floor", "floor", "log", 0.0, 10.0, 0.0)
START = Control("start", "first rate, start", "log", 0.0, 10.0, 0.0)
LENGTH = count("W", "warmup steps W", 10, low=0)
RESTART = count("T0", "restart every T0 steps, 0: never", 0, low=0)
T_MULT = count("T_mult", "T_mult, growth of the cycles", 1, high=4)
HORIZON = count("T", "horizon T, steps", 100)

FAMILIES = {
    "constant": Family(s.Constant, "constant", floor="no", restarts=False),
    "step": Family(s.Step, "step decay", (EVERY, GAMMA, count("offset", "offset, steps early", 0, 10, 0))),
    "multistep": Family(
        s.MultiStep,
        "multistep decay",
        (Control("milestones", "milestones", "steps", 0, TOP, (50, 75)), GAMMA),
    ),
    "exponential": Family(s.Exponential, "exponential", (GAMMA, EVERY)),
    "inverse_time": Family(
        s.InverseTime, "inverse time", (Control("alpha", "alpha, α", "log", 1e-4, 10.0, 0.1),)
    ),
    "power": Family(
        s.PowerLaw, "power law", (Control("p", "power p", "number", 0.0, 2.0, 0.6, 0.05), T0)
    ),
    "inverse_sqrt": Family(s.InverseSqrt, "inverse square root", (T0,)),
    "linear": Family(s.Linear, "linear", floor="eta_end"),
    "polynomial": Family(
        s.Polynomial, "polynomial", (Control("power", "power", "number", 0.1, 5.0, 2.0, 0.1),), "eta_end"
    ),
    "cosine": Family(s.Cosine, "cosine", floor="eta_min"),
    "wsd": Family(
        s.WSD,
        "stable, then decay",
        (
            count("decay", "decay, last steps", 20),
            Control("shape", "shape", "choice", default="1-sqrt", options=("1-sqrt", "linear", "cosine")),
        ),
        "eta_min",
    ),
    "one_cycle": Family(
        s.OneCycle,
        "one cycle",
        (
            Control("pct_start", "rise, pct_start", "number", 0.0, 1.0, 0.3),
            Control("div_factor", "div_factor", "log", 1.0, 1e4, 25.0),
            Control("final_div_factor", "final_div_factor", "log", 1.0, 1e6, 1e4),
            Control("anneal", "anneal", "choice", default="cosine", options=("cosine", "linear")),
            Control("phases", "phases", "choice", default="2", options=("2", "3")),
        ),
        floor="no",
        warmup=False,
    ),
    "cyclic": Family(
        s.Cyclic,
        "triangular cycle",
        (
            count("up", "steps up", 20),
            count("down", "steps down", 20),
            Control(
                "mode", "mode", "choice", default="triangular",
                options=("triangular", "triangular2", "exp_range", "welch", "hann"),
            ),
            Control("gamma", "gamma of exp_range", "number", 0.9, 1.0, 0.99, 0.001),
        ),
        "eta_min",
        warmup=False,
        restarts=False,
    ),
    "noam": Family(
        s.Noam,
        "Noam",
        (
            count("d_model", "d_model", 512),
            count("warmup", "warmup", 10),
            Control("scale", "scale", "log", 1e-3, 1e3, 1.0),
        ),
        "no",
        warmup=False,
        restarts=False,
        peak=False,
    ),
}  # fmt: skip

WARMUPS = {
    "linear": s.LinearWarmup,
    "cosine": s.CosineWarmup,
    "sqrt": s.SqrtWarmup,
    "exponential": s.ExponentialWarmup,
}

MAIN = Control("main", "main part", "choice", default="cosine", options=tuple(FAMILIES))
WARMUP = Control("warmup", "warmup", "choice", default="none", options=("none", *WARMUPS))
HEAD = (
    HORIZON,
    count("k", "step k", 50, low=0),
    count("on", "selected schedule", 1, high=MOST),
    Control("view", "view", "choice", default="mine", options=("mine", "words")),
)


def compose(one, T):
    """The schedule of `lrcore.schedules` that a record of the studio stands for, over T steps.

    A record has ``main``, ``eta0``, ``p`` (the main part's own parameters), ``warmup``, ``W``, ``start``,
    ``floor``, ``T0`` (0: no restarts) and ``T_mult``.
    """
    family = FAMILIES[one["main"]]
    W = one["W"] if family.warmup and one["warmup"] != "none" else 0
    if T <= W:
        raise validate.wrong_value(f"the warmup must be shorter than T={T}, got {W}", validate.CYCLES)
    again = one["T0"] if family.restarts else 0
    inside = one["main"] == "wsd" and one["warmup"] == "linear" and not again
    main = _main(one, family, again or (T if inside else T - W), W if inside else 0)
    if family.floor == "clip" and one["floor"]:
        main = s.clip(main, low=one["floor"])
    if again and not isinstance(main, s.CosineRestarts):
        main = s.repeat(main, every=again)
    if W == 0 or inside:
        return main
    return s.join([WARMUPS[one["warmup"]](one["eta0"], W, one["start"]), main], at=[W])


def _main(one, family, span, W):
    """The main part of `span` steps, W of them a warmup of its own."""
    p, floor = dict(one["p"]), {family.floor: one["floor"]} if family.floor not in ("no", "clip") else {}
    if one["main"] == "cosine" and one["T0"]:
        return s.CosineRestarts(one["eta0"], span, one["T_mult"], **floor)
    if one["main"] == "one_cycle":
        p["three_phase"] = p.pop("phases") == "3"
    if one["main"] == "wsd":
        p |= {"warmup": W, "start": one["start"] if W else 0.0}
    names = [f.name for f in fields(family.kind)]
    given = {"eta0": one["eta0"], "eta_max": one["eta0"], "T": span}
    return family.kind(**{name: given[name] for name in names if name in given}, **p, **floor)
