"""Random schedules of every kind, what holds for each, and the examples of the gallery."""

import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import strategies as st

from lrcore import schedules
from lrcore.schedules import GALLERY

rate = st.floats(1e-6, 1e3)
part = st.floats(0.0, 1.0)
length = st.integers(1, 400)
shrink = st.floats(0.05, 1.0)


@dataclass
class Promise:
    """Random schedules of one kind, and what holds for them."""

    random: Any
    low: Any  # schedule -> least rate
    high: Any  # schedule -> largest rate
    direction: int = 0  # -1 never rises, +1 never falls
    jump: Any = None  # schedule -> largest change from one step to the next, where it is continuous


def floored(kind, top, floor, **more):
    """Schedules whose field `floor` is a part of their field `top`."""

    def make(values):
        values[floor] = values[floor] * values[top]
        return kind(**values)

    return st.fixed_dictionaries({top: rate, floor: part, **more}).map(make)


def cycle_of(s):
    return s.up if s.down is None else min(s.up, s.down)


PROMISES = {
    "Constant": Promise(
        st.builds(schedules.Constant, rate), lambda s: s.eta0, lambda s: s.eta0, -1, lambda s: 0.0
    ),
    "InverseTime": Promise(
        st.builds(schedules.InverseTime, rate, st.floats(0, 10)),
        lambda s: 0.0,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 * s.alpha,
    ),
    "PowerLaw": Promise(
        st.builds(schedules.PowerLaw, rate, st.floats(0, 3), st.floats(0.5, 100)),
        lambda s: 0.0,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 * s.p / s.t0,
    ),
    "InverseSqrt": Promise(
        st.builds(schedules.InverseSqrt, rate, st.floats(0.5, 100)),
        lambda s: 0.0,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 / (2 * s.t0),
    ),
    "Exponential": Promise(
        st.builds(schedules.Exponential, rate, shrink, st.floats(0.5, 50)),
        lambda s: 0.0,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 * s.kappa,
    ),
    "Step": Promise(
        st.builds(schedules.Step, rate, st.floats(1, 50), shrink, st.integers(0, 3)),
        lambda s: 0.0,
        lambda s: s.eta0,
        -1,
    ),
    "MultiStep": Promise(
        st.builds(schedules.MultiStep, rate, st.lists(length, max_size=5).map(sorted), shrink),
        lambda s: s.eta0 * s.gamma ** len(s.milestones),
        lambda s: s.eta0,
        -1,
    ),
    "Piecewise": Promise(
        st.lists(rate, min_size=1, max_size=5).flatmap(
            lambda values: st.lists(length, min_size=len(values) - 1, max_size=len(values) - 1).map(
                lambda at: schedules.Piecewise(values, sorted(at))
            )
        ),
        lambda s: min(s.values),
        lambda s: max(s.values),
    ),
    "Table": Promise(
        st.builds(schedules.Table, st.lists(rate, min_size=1, max_size=50)),
        lambda s: min(s.values),
        lambda s: max(s.values),
    ),
    "Linear": Promise(
        floored(schedules.Linear, "eta0", "eta_end", T=length),
        lambda s: s.eta_end,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 / s.T,
    ),
    "Polynomial": Promise(
        floored(schedules.Polynomial, "eta0", "eta_end", T=length, power=st.floats(1.0, 5.0)),
        lambda s: s.eta_end,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 * s.power / s.T,
    ),
    "Cosine": Promise(
        floored(schedules.Cosine, "eta0", "eta_min", T=length, exponent=st.floats(1.0, 4.0)),
        lambda s: s.eta_min,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 * math.pi / 2 * s.exponent / s.T,
    ),
    "Cosine, mirror": Promise(
        floored(schedules.Cosine, "eta0", "eta_min", T=length, after=st.just("mirror")),
        lambda s: s.eta_min,
        lambda s: s.eta0,
        0,
        lambda s: s.eta0 * math.pi / 2 / s.T,
    ),
    "OneMinusSqrt": Promise(
        floored(schedules.OneMinusSqrt, "eta0", "eta_min", T=length),
        lambda s: s.eta_min,
        lambda s: s.eta0,
        -1,
        lambda s: s.eta0 / math.sqrt(s.T),
    ),
    "LinearWarmup": Promise(
        floored(schedules.LinearWarmup, "eta0", "start", T=length),
        lambda s: s.start,
        lambda s: s.eta0,
        1,
        lambda s: s.eta0 / s.T,
    ),
    "CosineWarmup": Promise(
        floored(schedules.CosineWarmup, "eta0", "start", T=length),
        lambda s: s.start,
        lambda s: s.eta0,
        1,
        lambda s: s.eta0 * math.pi / 2 / s.T,
    ),
    "SqrtWarmup": Promise(
        floored(schedules.SqrtWarmup, "eta0", "start", T=length),
        lambda s: s.start,
        lambda s: s.eta0,
        1,
        lambda s: s.eta0 / math.sqrt(s.T),
    ),
    "ExponentialWarmup": Promise(
        st.tuples(rate, st.floats(1e-6, 1.0), length).map(
            lambda v: schedules.ExponentialWarmup(v[0], v[2], v[0] * v[1])
        ),
        lambda s: s.start,
        lambda s: s.eta0,
        1,
        lambda s: s.eta0 * math.log(s.eta0 / s.start) / s.T,
    ),
    "Noam": Promise(
        st.builds(schedules.Noam, st.integers(1, 4096), length, st.floats(0.1, 10)),
        lambda s: 0.0,
        lambda s: s.scale / math.sqrt(s.d_model * s.warmup),
        0,
        lambda s: s.scale / math.sqrt(s.d_model) * s.warmup**-1.5,
    ),
    "CosineRestarts": Promise(
        floored(
            schedules.CosineRestarts,
            "eta0",
            "eta_min",
            T0=st.floats(1.0, 100.0),
            T_mult=st.floats(1.0, 4.0),
            decay=shrink,
            cycles=st.none() | st.integers(1, 5),
        ),
        lambda s: s.eta_min,
        lambda s: s.eta0,
    ),
    "Cyclic": Promise(
        floored(
            schedules.Cyclic,
            "eta_max",
            "eta_min",
            up=st.integers(1, 100),
            down=st.none() | st.integers(1, 100),
            mode=st.sampled_from(["triangular", "triangular2", "welch", "hann"]),
        ),
        lambda s: s.eta_min,
        lambda s: s.eta_max,
        0,
        lambda s: 2 * s.eta_max / cycle_of(s),
    ),
    "Cyclic, exp_range": Promise(
        floored(schedules.Cyclic, "eta_max", "eta_min", up=length, mode=st.just("exp_range"), gamma=shrink),
        lambda s: s.eta_min,
        lambda s: s.eta_max,
    ),
    "OneCycle": Promise(
        st.builds(
            schedules.OneCycle,
            rate,
            st.integers(10, 900),
            st.floats(0.2, 0.5),
            st.floats(1, 100),
            st.floats(1, 1e4),
            st.sampled_from(["cosine", "linear"]),
            st.booleans(),
        ),
        lambda s: s.eta_max / s.div_factor / s.final_div_factor,
        lambda s: s.eta_max,
        0,
        lambda s: s.eta_max * math.pi / 2 / min(s.pct_start * s.T - 1, 1),
    ),
    "WSD": Promise(
        st.tuples(
            rate, length, length, length, st.sampled_from(["linear", "cosine", "1-sqrt"]), part, part
        ).map(
            lambda v: schedules.WSD(
                v[0], v[1] + v[2] + v[3], v[1], v[2], v[4], eta_min=v[5] * v[0], start=v[6] * v[0]
            )
        ),
        lambda s: min(s.eta_min, s.start),
        lambda s: s.eta0,
        0,
        lambda s: s.eta0 * max(1 / s.warmup, math.pi / 2 / math.sqrt(s.decay)),
    ),
    "SlantedTriangular": Promise(
        st.builds(
            schedules.SlantedTriangular, rate, st.integers(20, 900), st.floats(0.05, 0.9), st.floats(1, 100)
        ),
        lambda s: s.eta_max / s.ratio,
        lambda s: s.eta_max,
        0,
        lambda s: s.eta_max / (math.floor(s.T * s.cut_frac) * min(1, 1 / s.cut_frac - 1)),
    ),
}
ANY = st.one_of([promise.random for promise in PROMISES.values()])
EXAMPLES = [pytest.param(s, id=f"{name}-{i}") for name, many in GALLERY.items() for i, s in enumerate(many)]
