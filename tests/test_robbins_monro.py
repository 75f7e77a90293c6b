"""Verdicts on the Robbins-Monro conditions, against known series and against partial sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore.analysis import robbins_monro
from lrcore.analysis.tails import TAILS
from lrcore.schedules import (
    GALLERY,
    WSD,
    Constant,
    Cosine,
    CosineRestarts,
    Cyclic,
    Exponential,
    ExponentialWarmup,
    InverseSqrt,
    InverseTime,
    Linear,
    LinearWarmup,
    MultiStep,
    Noam,
    OneCycle,
    Piecewise,
    Plateau,
    Polynomial,
    PowerLaw,
    Schedule,
    Step,
    Table,
    clip,
    hold,
    join,
    repeat,
    shift,
)

DIV, CONV, NONE = "diverges", "converges", "not decided"
KNOWN = [
    (Constant(0.1), DIV, DIV),
    (InverseTime(0.1, 0.5), DIV, CONV),
    (InverseTime(0.1, 0.0), DIV, DIV),
    (PowerLaw(0.1, 1.0), DIV, CONV),
    (PowerLaw(0.1, 0.51), DIV, CONV),
    (PowerLaw(0.1, 0.5), DIV, DIV),
    (PowerLaw(0.1, 1.1), CONV, CONV),
    (PowerLaw(0.1, 0.0), DIV, DIV),
    (InverseSqrt(0.1), DIV, DIV),  # often said to satisfy the conditions; it does not
    (Noam(512), DIV, DIV),
    (Exponential(0.1, 0.95), CONV, CONV),
    (Exponential(0.1, 1.0), DIV, DIV),
    (Exponential(0.1, 1.01), DIV, DIV),
    (Step(0.1, 30, 0.1), CONV, CONV),
    (MultiStep(0.1, [30, 60]), DIV, DIV),  # stays at its last rate
    (Piecewise([0.1, 0.0], [50]), CONV, CONV),
    (Table([0.1, 0.2]), DIV, DIV),
    (Linear(0.1, 100), CONV, CONV),
    (Linear(0.1, 100, 0.01), DIV, DIV),
    (Polynomial(0.1, 100, 2.0), CONV, CONV),
    (Cosine(0.1, 100), CONV, CONV),
    (Cosine(0.1, 100, 0.001), DIV, DIV),  # from lambda_max down to lambda_min and there: never satisfied
    (Cosine(0.1, 100, after="mirror"), DIV, DIV),
    (CosineRestarts(0.1, 10), DIV, DIV),
    (CosineRestarts(0.1, 10, cycles=3), CONV, CONV),
    (CosineRestarts(0.1, 10, decay=0.5), CONV, CONV),
    (CosineRestarts(0.1, 10, T_mult=2, decay=0.5), DIV, CONV),  # cycles double while peaks halve: like 1/k
    (CosineRestarts(0.1, 10, T_mult=2, decay=0.4), CONV, CONV),
    (CosineRestarts(0.1, 10, T_mult=2, decay=0.8), DIV, DIV),
    (CosineRestarts(0.1, 10, T_mult=2, decay=0.5, eta_min=0.01), DIV, DIV),
    (Cyclic(0.01, 0.1, 10), DIV, DIV),
    (Cyclic(0.0, 0.1, 10), DIV, DIV),
    (Cyclic(0.0, 0.1, 10, mode="triangular2"), CONV, CONV),
    (Cyclic(0.0, 0.1, 10, mode="exp_range", gamma=0.99), CONV, CONV),
    (Cyclic(0.01, 0.1, 10, mode="triangular2"), DIV, DIV),
    (OneCycle(0.1, 100), DIV, DIV),  # its last rate is small, and stays
    (WSD(0.1, 100, 10, 20), CONV, CONV),
    (LinearWarmup(0.1, 10), DIV, DIV),
    (ExponentialWarmup(0.1, 10, 0.001), DIV, DIV),
    (join([LinearWarmup(0.1, 10), InverseTime(0.1, 0.1)], at=[10]), DIV, CONV),
    (join([InverseTime(0.1, 0.1), Cosine(0.1, 50)], at=[10**6]), CONV, CONV),
    (0.5 * InverseTime(0.1, 0.1), DIV, CONV),
    (0.0 * InverseTime(0.1, 0.1), CONV, CONV),
    (InverseSqrt(1.0) * InverseSqrt(0.1), DIV, CONV),
    (InverseSqrt(1.0) * PowerLaw(0.1, 0.6), CONV, CONV),
    (InverseTime(1.0, 0.1) * Cyclic(0.0, 0.1, 10), DIV, CONV),
    (Exponential(0.1, 0.5) * Exponential(0.1, 2.0), DIV, DIV),
    (Cyclic(0.0, 0.1, 10) * Cyclic(0.0, 0.1, 7), NONE, NONE),
    (clip(Exponential(0.1, 0.9), low=0.001), DIV, DIV),
    (clip(InverseTime(0.1, 0.1), high=0.01), DIV, CONV),
    (clip(Exponential(0.1, 1.1), high=1.0), DIV, DIV),
    (clip(Exponential(0.1, 1.1), low=0.001), DIV, DIV),
    (clip(lambda k: k, low=0.01), NONE, NONE),
    (clip(lambda k: k, low=0.01, high=1.0), DIV, DIV),
    (clip(Cosine(0.1, 10), high=1.0), CONV, CONV),
    (shift(InverseTime(0.1, 0.1), 100), DIV, CONV),
    (hold(InverseTime(0.1, 0.1), 100), DIV, CONV),
    (hold(Exponential(0.1, 0.5), 100), CONV, CONV),
    (hold(Cosine(0.1, 10), 100), CONV, CONV),
    (repeat(Cosine(0.1, 30), 50), DIV, DIV),
    (repeat(Piecewise([0.0, 1.0], [50]), 50), CONV, CONV),
    (repeat(Cosine(0.1, 30), 33.3), NONE, NONE),
    (lambda k: 1 / (k + 1), NONE, NONE),
    (join([Constant(0.1), lambda k: 1 / (k + 1)], at=[10]), NONE, NONE),
    (InverseTime(0.1, 1.0) * (lambda k: 1.0), NONE, NONE),
]


@pytest.mark.parametrize(("schedule", "total", "squares"), KNOWN, ids=lambda x: str(x).partition(" at 0x")[0])
def test_known_series(schedule, total, squares):
    verdict = robbins_monro(schedule, steps=1000)
    assert (verdict.sum, verdict.squares) == (total, squares)
    expected = {(DIV, CONV): True, (NONE, NONE): None}.get((total, squares), False)
    assert verdict.satisfied is expected and verdict.reason


def test_a_border_that_rounding_may_have_moved_is_not_decided():
    third = CosineRestarts(0.1, 10, T_mult=3, decay=1 / 3 + 1e-12)  # 3 decay is 1, but for rounding
    verdict = robbins_monro(third, steps=100)
    assert (verdict.sum, verdict.squares, verdict.satisfied) == (NONE, CONV, None)
    assert robbins_monro(PowerLaw(0.1, 1 + 1e-6), steps=100).sum == CONV


@given(st.floats(0.05, 3.0), st.sampled_from([1.0, 0.9]), st.sampled_from([0.5, 1.0]))
@settings(max_examples=60, deadline=None)
def test_the_verdict_agrees_with_how_the_sums_grow(p, gamma, scale):
    """Sums over blocks of doubled length shrink if and only if the series converges (Cauchy)."""
    schedule = scale * PowerLaw(0.1, p) * Exponential(1.0, gamma)
    verdict = robbins_monro(schedule, steps=100)
    eta = schedule(np.arange(1 << 16))
    for power, found in ((1, verdict.sum), (2, verdict.squares)):
        if gamma == 1 and abs(power * p - 1) < 0.05:
            continue  # too near the border to be seen in so many steps
        blocks = [np.sum(eta[1 << i : 2 << i] ** power) for i in range(12, 16)]
        assert (blocks[-1] < 0.99 * blocks[0]) == (found == CONV) or blocks[0] == 0


@pytest.mark.parametrize(
    "schedule", [s for many in GALLERY.values() for s in many], ids=lambda s: repr(s)[:60]
)
def test_every_schedule_has_a_verdict_and_sums_as_evidence(schedule):
    verdict = robbins_monro(schedule, steps=5000)
    assert verdict.sum != NONE or "touch 0" in verdict.reason
    eta = schedule(np.arange(5000))
    assert verdict.steps[0] == 10 and verdict.steps[-1] == 5000
    for n, total, squares in zip(verdict.steps, verdict.partial_sums, verdict.partial_squares, strict=True):
        assert total == pytest.approx(eta[:n].sum(), rel=1e-12)
        assert squares == pytest.approx((eta[:n] ** 2).sum(), rel=1e-12)
    if verdict.sum == CONV and verdict.reason.startswith("0 from"):
        assert eta[-1] == 0


def test_partial_sums_of_the_inverse_square_root():
    verdict = robbins_monro(PowerLaw(1.0, 0.5), steps=1_000_000)
    assert verdict.partial_sums[-1] == pytest.approx(1998.5, abs=0.1)
    assert verdict.partial_squares[-1] == pytest.approx(np.log(1e6) + np.euler_gamma, abs=1e-5)


def test_a_schedule_of_ones_own_is_not_decided():
    class Mine(Schedule):
        def _eta(self, t, xp):
            return 1 / (1 + t)

    assert robbins_monro(Mine(), steps=10).satisfied is None
    assert "Mine" not in TAILS


def test_the_text():
    assert repr(robbins_monro(InverseTime(0.1, 1.0), 100)) == (
        "Verdict(satisfied: sum diverges, squares converges; in the long run like k^-1)"
    )


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((0.1,), TypeError, "must be a schedule or a function of the step.*chapter 05"),
        ((Constant,), TypeError, "must be a schedule"),
        ((Plateau(0.1),), TypeError, "must be a schedule"),  # what it does depends on the metric
        ((Constant(0.1), 5), ValueError, "steps must be at least 10"),
        ((lambda k: 1 / k,), ValueError, "gives inf at its step 0"),
    ],
)
def test_errors(arguments, error, text):
    with pytest.raises(error, match=text):
        robbins_monro(*arguments)
