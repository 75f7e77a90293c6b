"""What the rates of a schedule do in the long run, schedule by schedule."""

from dataclasses import dataclass

import numpy as np

LONGEST_CYCLE = 10_000_000
ROUNDING = 1e-9  # an exponent this close to its border, but not on it, may be a rounded one: no verdict


@dataclass(frozen=True)
class Tail:
    """What rates do in the long run: they are between two positive multiples of gamma^k k^(-p).

    ``steady`` says whether that holds for each k, or for the sums over one cycle only; a size of None is
    unknown, and 0 is 0 from some step on.
    """

    size: tuple[float, float] | int | None
    reason: str
    steady: bool = True

    def sums(self):
        """The verdicts on the sum and on the sum of squares."""
        if self.size is None:
            return "not decided", "not decided"
        if self.size == 0:
            return "converges", "converges"
        gamma, p = self.size
        return _verdict(gamma, p), _verdict(gamma, 2 * p)


def _verdict(gamma, p):
    """Whether the sum of gamma^k k^(-p) diverges."""
    if gamma != 1:
        border = abs(gamma - 1) < ROUNDING**1.5
        return "not decided" if border else "diverges" if gamma > 1 else "converges"
    if p != 1 and abs(p - 1) < ROUNDING:
        return "not decided"
    return "diverges" if p <= 1 else "converges"


def like(gamma=1.0, p=0.0, steady=True):
    """The tail gamma^k k^(-p)."""
    if gamma == 1 and p == 0:
        return constant(steady)
    text = " ".join(([f"{gamma:.6g}^k"] if gamma != 1 else []) + ([f"k^-{p:.6g}"] if p else []))
    return Tail((gamma, p), f"in the long run like {text}", steady)


def constant(steady=True):
    """The tail of rates that stay above 0, each of them or in the mean over a cycle."""
    text = "stays above a positive rate" if steady else "has a positive mean over each cycle"
    return Tail((1.0, 0.0), f"in the long run it {text}", steady)


ZERO = Tail(0, "0 from some step on: only finitely many terms")


def ends_at(value):
    """The tail of a schedule that stays at its last value."""
    return constant() if value > 0 else ZERO


TAILS = {}  # by the name of the class: importing every schedule here would make `import lrcore` slow


def tail_of(schedule):
    """The tail of a schedule; unknown for a plain function of the step."""
    kind = type(schedule)
    if kind.__module__.startswith("lrcore.schedules."):
        return TAILS[kind.__name__](schedule)
    return Tail(None, "no closed form is known; the partial sums are evidence only")


def of(*names):
    """Register what a function says of the tails of these schedules."""

    def register(function):
        TAILS.update(dict.fromkeys(names, function))
        return function

    return register


@of("MultiStep", "OneCycle", "SlantedTriangular", "WSD")
def _(s):
    return tail_of(s._parts)


@of("Constant")
def _(s):
    return constant()


@of("InverseTime")
def _(s):
    return like(p=1.0) if s.alpha > 0 else constant()


@of("PowerLaw")
def _(s):
    return like(p=s.p)


@of("InverseSqrt", "Noam")
def _(s):
    return like(p=0.5)


@of("Exponential", "Step")
def _(s):
    return like(gamma=s.gamma ** (1 / s.every))


@of("Piecewise", "Table")
def _(s):
    return ends_at(s.values[-1])


@of("Linear", "Polynomial")
def _(s):
    return ends_at(s.eta_end)


@of("OneMinusSqrt")
def _(s):
    return ends_at(s.eta_min)


@of("Cosine")
def _(s):
    return ends_at(s.eta_min) if s.after == "hold" else constant(steady=s.eta_min > 0)


@of("CosineRestarts")
def _(s):
    if s.cycles is not None:
        return ends_at(s.eta_min)
    if s.eta_min > 0 or s.decay == 1:
        return constant(steady=s.eta_min > 0)
    if s.T_mult == 1:
        return like(gamma=s.decay ** (1 / s.T0), steady=False)
    return like(p=-np.log(s.decay) / np.log(s.T_mult), steady=False)  # cycle i is at steps of about T_mult^i


@of("LinearWarmup", "CosineWarmup", "SqrtWarmup", "ExponentialWarmup")
def _(s):
    return constant()


@of("Cyclic")
def _(s):
    if s.eta_min > 0:
        return constant()
    period = s.up + (s.up if s.down is None else s.down)
    gamma = {"triangular2": 0.5 ** (1 / period), "exp_range": s.gamma}.get(s.mode, 1.0)
    return like(gamma=gamma, steady=False)


@of("Join")
def _(s):
    return tail_of(s.schedules[-1])


@of("Shift")
def _(s):
    return tail_of(s.schedule)


@of("Hold")
def _(s):
    tail = tail_of(s.schedule)
    if not isinstance(tail.size, tuple):
        return tail
    gamma, p = tail.size
    return like(gamma ** (1 / s.every), p, tail.steady)


@of("Repeat")
def _(s):
    if s.every != int(s.every) or s.every > LONGEST_CYCLE:
        return Tail(
            None, f"repeated every {s.every:g} steps, which is no whole number or too long to look through"
        )
    eta = s(np.arange(int(s.every)))
    return constant(steady=eta.min() > 0) if eta.max() > 0 else ZERO


@of("Clip")
def _(s):
    tail = tail_of(s.schedule)
    if tail.size is None and s.high is None:
        return tail
    grows = tail.size is None or (tail.size != 0 and tail.size[0] > 1)
    if s.low > 0 and (not grows or s.high is not None):
        return constant()
    if tail.size is not None and grows and s.high is not None:
        return constant(tail.steady)
    return tail


@of("Product")
def _(s):
    tails = [ends_at(f) if not callable(f) else tail_of(f) for f in s.factors]
    if any(tail.size == 0 for tail in tails):
        return ZERO
    unknown = [tail for tail in tails if tail.size is None]
    if unknown:
        return unknown[0]
    if sum(not tail.steady for tail in tails) > 1:
        return Tail(None, "a product of schedules that touch 0 at different steps; no closed form")
    gammas, powers = zip(*(tail.size for tail in tails), strict=True)
    return like(float(np.prod(gammas)), sum(powers), all(tail.steady for tail in tails))
