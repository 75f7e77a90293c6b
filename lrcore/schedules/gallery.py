"""Examples of every schedule: the reference page plots them, and the tests hold each to what it promises."""

from .compose import clip, hold, join, per_layer, repeat, shift
from .constant import Constant
from .cosine import Cosine
from .cosine_restarts import CosineRestarts
from .cyclic import Cyclic
from .exponential import Exponential
from .inverse_sqrt import InverseSqrt
from .inverse_time import InverseTime
from .linear import Linear
from .multistep import MultiStep
from .noam import Noam
from .one_cycle import OneCycle
from .one_minus_sqrt import OneMinusSqrt
from .piecewise import Piecewise
from .polynomial import Polynomial
from .power_law import PowerLaw
from .slanted_triangular import SlantedTriangular
from .step import Step
from .table import Table
from .warmup import CosineWarmup, ExponentialWarmup, LinearWarmup, SqrtWarmup
from .wsd import WSD

STEPS = 120  # the horizon of the examples is 100: what happens after it is part of a schedule

GALLERY = {
    "Constant": [Constant(0.05)],
    "InverseTime": [InverseTime(0.1, alpha=0.02), InverseTime(0.1, alpha=0.2)],
    "PowerLaw": [PowerLaw(0.1, p=0.25), PowerLaw(0.1, p=0.6), PowerLaw(0.1, p=1.0, t0=20.0)],
    "InverseSqrt": [InverseSqrt(0.1), InverseSqrt(0.1, t0=20.0)],
    "Exponential": [Exponential(0.1, 0.95), Exponential(0.1, 0.5, every=30)],
    "Step": [Step(0.1, every=30, gamma=0.5), Step(0.1, every=30, gamma=0.5, offset=1)],
    "MultiStep": [MultiStep(0.1, [30, 60, 90], gamma=0.3), MultiStep(0.1, [50, 50, 80], gamma=0.3)],
    "Piecewise": [Piecewise([0.1, 0.03, 0.06, 0.01], at=[20, 50, 80])],
    "Table": [Table([0.1, 0.02, 0.08, 0.04])],
    "Linear": [Linear(0.1, 100), Linear(0.02, 50, eta_end=0.08)],
    "Polynomial": [Polynomial(0.1, 100, power=2.0), Polynomial(0.1, 100, power=0.5, eta_end=0.01)],
    "Cosine": [
        Cosine(0.1, 100),
        Cosine(0.1, 100, eta_min=0.02, exponent=2.0),
        Cosine(0.1, 50, after="mirror"),
    ],
    "OneMinusSqrt": [OneMinusSqrt(0.1, 100), OneMinusSqrt(0.1, 100, eta_min=0.02)],
    "LinearWarmup": [LinearWarmup(0.1, 50), LinearWarmup(0.1, 50, start=0.05)],
    "CosineWarmup": [CosineWarmup(0.1, 50)],
    "SqrtWarmup": [SqrtWarmup(0.1, 50)],
    "ExponentialWarmup": [ExponentialWarmup(0.1, 50, start=1e-4)],
    "Noam": [Noam(512, warmup=25), Noam(512, warmup=50)],
    "CosineRestarts": [
        CosineRestarts(0.1, T0=10, T_mult=2),
        CosineRestarts(0.1, T0=25, eta_min=0.01, decay=0.6),
        CosineRestarts(0.1, T0=33.3, cycles=3),
    ],
    "Cyclic": [
        Cyclic(0.01, 0.1, up=20),
        Cyclic(0.01, 0.1, up=10, down=30),
        Cyclic(0.01, 0.1, up=20, mode="triangular2"),
        Cyclic(0.01, 0.1, up=20, mode="exp_range", gamma=0.98),
        Cyclic(0.01, 0.1, up=20, mode="welch"),
        Cyclic(0.01, 0.1, up=20, mode="hann"),
    ],
    "OneCycle": [
        OneCycle(0.1, T=100),
        OneCycle(0.1, T=100, anneal="linear", three_phase=True),
        OneCycle(0.1, T=55, pct_start=0.25, three_phase=True),
    ],
    "WSD": [
        WSD(0.1, T=100, warmup=10, decay=30, shape="linear"),
        WSD(0.1, T=100, warmup=10, decay=30, shape="cosine", eta_min=0.01),
        WSD(0.1, T=100, warmup=0, decay=30),
    ],
    "SlantedTriangular": [SlantedTriangular(0.1, T=100), SlantedTriangular(0.1, T=100, cut_frac=0.3)],
    "join": [
        join([LinearWarmup(0.1, 10), Cosine(0.1, 90)], at=[10]),
        join([LinearWarmup(0.1, 20), Step(0.1, every=30, gamma=0.5)], at=[10]),
    ],
    "a * b": [Linear(1.0, 100) * Cyclic(0.0, 0.1, up=10), 0.5 * Cosine(0.1, 100)],
    "clip": [clip(Exponential(0.1, 0.95), low=0.01), clip(Noam(512, warmup=25), high=0.005)],
    "shift": [shift(LinearWarmup(0.1, 20), 1), shift(Exponential(0.1, 0.95), -30)],
    "repeat": [repeat(Polynomial(0.1, 30, power=2.0, eta_end=0.01), every=30)],
    "hold": [hold(Exponential(0.1, 0.8), every=10)],
    "per_layer": list(per_layer(Cosine(0.1, 100), layers=3, decay=1 / 2.6)),
}
