"""Schedules against their formulas as published, written out step by step, and against known numbers."""

import math

import numpy as np
import pytest
from scipy.signal import windows

from lrcore.schedules import (
    WSD,
    Cosine,
    CosineRestarts,
    Cyclic,
    Exponential,
    ExponentialWarmup,
    InverseSqrt,
    InverseTime,
    Noam,
    OneCycle,
    OneMinusSqrt,
    PowerLaw,
    Schedule,
    SlantedTriangular,
    SqrtWarmup,
    Step,
    Table,
)

K = np.arange(400)


def slanted(k, T, cut_frac, ratio, eta_max):
    """Howard and Ruder (2018), equation 3."""
    cut = math.floor(T * cut_frac)
    p = k / cut if k < cut else 1 - (k - cut) / (cut * (1 / cut_frac - 1))
    return eta_max * (1 + max(p, 0) * (ratio - 1)) / ratio


def noam(k, d, w):
    """Vaswani et al. (2017), equation 3, steps from 1."""
    n = k + 1
    return d**-0.5 * min(n**-0.5, n * w**-1.5)


def sgdr(k, eta0, eta_min, T0, mult):
    """Loshchilov and Hutter (2017): count through the cycles."""
    T = T0
    while k >= T:
        k, T = k - T, T * mult
    return eta_min + 0.5 * (eta0 - eta_min) * (1 + math.cos(math.pi * k / T))


def wsd(k, eta0, T, warmup, decay):
    """Hu et al. (2024) with the 1 - sqrt of Haegele et al. (2024)."""
    if k < warmup:
        return eta0 * k / warmup
    if k < T - decay:
        return eta0
    return eta0 * (1 - math.sqrt(min(1, (k - (T - decay)) / decay)))


FORMULAS = [
    (InverseTime(0.1, 0.3), lambda k: 0.1 / (1 + 0.3 * k)),
    (PowerLaw(0.1, 0.75), lambda k: 0.1 / (k + 1) ** 0.75),
    (PowerLaw(0.1, 0.75, t0=30), lambda k: 0.1 * math.pow(30 / (30 + k), 0.75)),
    (InverseSqrt(0.1), lambda k: 0.1 / math.sqrt(k + 1)),
    (InverseSqrt(0.1, t0=7), lambda k: 0.1 * math.sqrt(7 / (7 + k))),
    (Exponential.with_kappa(0.1, 0.05), lambda k: 0.1 * math.exp(-0.05 * k)),
    (Exponential(0.1, 0.5, every=13), lambda k: 0.1 * math.exp(-math.log(2) * k / 13)),
    (Step(0.1, 10, 0.5, offset=1), lambda k: 0.1 * 0.5 ** ((1 + k) // 10)),
    (Noam(512), lambda k: noam(k, 512, 4000)),
    (Noam(100, warmup=50, scale=2.0), lambda k: 2 * noam(k, 100, 50)),
    (CosineRestarts(0.1, 10, T_mult=2, eta_min=0.01), lambda k: sgdr(k, 0.1, 0.01, 10, 2)),
    (CosineRestarts(0.1, 1, T_mult=3), lambda k: sgdr(k, 0.1, 0.0, 1, 3)),
    (CosineRestarts(0.1, 7, T_mult=1), lambda k: sgdr(k, 0.1, 0.0, 7, 1)),
    (SlantedTriangular(0.1, 300), lambda k: slanted(k, 300, 0.1, 32, 0.1)),
    (SlantedTriangular(0.1, 305, 0.3, 10), lambda k: slanted(k, 305, 0.3, 10, 0.1)),
    (WSD(0.1, 300, 20, 100), lambda k: wsd(k, 0.1, 300, 20, 100)),
    (OneMinusSqrt(0.1, 300), lambda k: 0.1 * (1 - math.sqrt(min(k / 300, 1)))),
    (SqrtWarmup(0.1, 300), lambda k: 0.1 * (1 - math.sqrt(1 - min(k / 300, 1)))),
    (ExponentialWarmup(0.1, 300, 1e-6), lambda k: 1e-6 * math.exp(min(k / 300, 1) * math.log(1e5))),
    (Cosine(0.1, 300), lambda k: 0.1 * math.cos(math.pi * min(k, 300) / 600) ** 2),
    (Cosine(0.1, 30, after="mirror"), lambda k: 0.1 * math.cos(math.pi * k / 60) ** 2),
    (Table([0.3, 0.1, 0.2]), lambda k: [0.3, 0.1, 0.2][min(k, 2)]),
]


@pytest.mark.parametrize(
    ("schedule", "formula"), FORMULAS, ids=lambda x: repr(x) if isinstance(x, Schedule) else "formula"
)
def test_formula(schedule, formula):
    expected = [formula(int(k)) for k in K]
    np.testing.assert_allclose(schedule(K), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("half", [1, 2, 5, 30])
@pytest.mark.parametrize(
    ("mode", "window"),
    [
        ("triangular", windows.bartlett),
        ("hann", windows.hann),
        ("welch", lambda n: 1 - np.linspace(-1, 1, n) ** 2),
    ],
)
def test_cyclic_windows(mode, window, half):
    one = window(2 * half + 1)[:-1]
    expected = 0.01 + 0.09 * np.tile(one, 3)
    np.testing.assert_allclose(Cyclic(0.01, 0.1, half, mode=mode)(np.arange(6 * half)), expected, atol=1e-15)


def test_cyclic_windows_half_way_up():
    assert [Cyclic(0, 1.0, 10, mode=m)(5) for m in ("triangular", "welch")] == [0.5, 0.75]
    assert Cyclic(0, 1.0, 10, mode="hann")(5) == pytest.approx(0.5, abs=1e-15)


def test_known_numbers():
    peak = Noam(512)(3999)
    assert peak == pytest.approx(6.98771e-4, rel=1e-6) and peak == pytest.approx(
        (512 * 4000) ** -0.5, rel=1e-14
    )
    assert Exponential(1.0, math.exp(-0.05)).half_life == pytest.approx(13.863, abs=5e-4)
    assert Exponential.with_kappa(1.0, 0.05).gamma == pytest.approx(0.951229, abs=5e-7)
    assert Exponential(1.0, 1.0).half_life == math.inf
    restarts = CosineRestarts(1.0, 10, T_mult=2)
    assert [restarts.start(i) for i in range(4)] == [0, 10, 30, 70]
    assert restarts([10, 30, 70]).tolist() == [1, 1, 1]
    assert restarts(9) == pytest.approx(0.02447, abs=5e-6)  # the floor is never reached before a restart
    assert Cosine(0.1, 100, 0.001)(99) == pytest.approx(0.00102443, abs=5e-9)  # range(100) stops short of it
    assert np.argmax(OneCycle(1.0, 100)(np.arange(100))) == 29  # not 30
    drops = Step(0.1, 10)(np.arange(21)), Step(0.1, 10, offset=1)(np.arange(21))
    assert [np.flatnonzero(np.diff(eta))[0] + 1 for eta in drops] == [10, 9]


@pytest.mark.parametrize("T_mult", [2, 3, 5, 7, 1.5])
@pytest.mark.parametrize("T0", [1, 3, 10, 1000])
def test_restarts_come_exactly_when_they_should(T_mult, T0):
    """The cycle number is found by a logarithm, whose rounding must not miss one."""
    schedule = CosineRestarts(1.0, T0, T_mult=T_mult)
    starts = [schedule.start(i) for i in range(1, 15)]
    starts = [int(k) for k in starts if k == int(k)]
    assert starts and schedule(starts).tolist() == [1.0] * len(starts)
    assert (schedule(np.array(starts) - 1) < 1).all() or T0 == 1


def test_past_the_horizon():
    assert Cosine(0.1, 10, 0.02)([10, 11, 10**9]).tolist() == [0.02] * 3
    assert Cosine(0.1, 10, after="mirror")(20) == 0.1
    assert WSD(0.1, 10, 2, 4, eta_min=0.01)([10, 10**9]).tolist() == [0.01] * 2
    last = OneCycle(1.0, 10)(9)
    assert OneCycle(1.0, 10)([10, 10**9]).tolist() == [last] * 2
    assert CosineRestarts(0.1, 10, cycles=2)([19, 20, 10**9])[1:].tolist() == [0.0] * 2
    assert SlantedTriangular(0.32, 20)([20, 10**9]) == pytest.approx([0.01] * 2, abs=1e-16)
