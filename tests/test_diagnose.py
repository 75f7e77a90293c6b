"""The diagnosis of loss curves: on curves of known cause, and what it promises beyond them."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loss_curves import bowl, confusion, heavy_ball_cycle, lopsided

from lrcore.analysis import diagnose
from lrcore.analysis.diagnosis import VERDICTS

RNG = np.random.default_rng(1)
K = np.arange(600)
DESCENT = 2 * np.exp(-K / 20)


def verdict(losses, **options):
    return diagnose(losses, **options).verdict


def test_curves_of_known_cause_are_told_apart():
    table, wrong = confusion((7, 8), verdict)
    total, right = Counter(), Counter()
    for (cause, said), count in table.items():
        total[cause] += count
        right[cause] += count * (said == cause)
    assert set(total) == set(VERDICTS) and sum(total.values()) == 102
    assert sum(right.values()) >= 0.95 * 102, wrong
    assert all(right[cause] >= 0.75 * total[cause] for cause in total), wrong
    # where it errs, it does not send the reader the wrong way
    opposite = {("diverging", "too slow"), ("too slow", "diverging"), ("noise-limited plateau", "too slow")}
    assert not opposite & set(table)


def test_a_plateau_is_told_from_a_slow_descent_under_the_same_noise():
    noise = 0.1 * RNG.standard_normal(600)
    assert verdict(DESCENT + 1 + noise) == "noise-limited plateau"
    assert verdict(2 - K / 600 + noise) == "too slow"
    slopes = [0.0, 0.2, 1.0, 3.0]
    trends = [diagnose(3 - slope * K / 600 + noise).evidence.trend for slope in slopes]
    assert trends == sorted(trends, reverse=True) and abs(trends[0]) < 4 < -trends[2]


def test_a_regular_alternation_is_not_noise():
    spread = 0.1
    noisy = diagnose(DESCENT + 1 + spread * RNG.standard_normal(600))
    swinging = diagnose(DESCENT + 1 + spread * (-1.0) ** K)
    assert (noisy.verdict, swinging.verdict) == ("noise-limited plateau", "oscillating")
    assert swinging.evidence.alternation < -0.95 and abs(noisy.evidence.alternation) < 0.2
    assert swinging.evidence.noise == pytest.approx(noisy.evidence.noise, rel=0.1)


@pytest.mark.parametrize("period", [3, 5, 12, 40])
def test_the_period_of_a_swing_is_found(period):
    found = diagnose(1 + DESCENT + 0.2 * np.cos(2 * np.pi * K / period))
    assert found.verdict == "oscillating" and found.evidence.period % period == 0


def test_cycles_of_two_and_of_three_points_are_oscillations():
    assert verdict(lopsided(2.5, 150)) == verdict(heavy_ball_cycle(200)) == "oscillating"
    assert diagnose(heavy_ball_cycle(200)).evidence.period % 3 == 0


@pytest.mark.parametrize(
    "eta_L, expected", [(0.002, "too slow"), (1.0, "fine"), (1.9, "fine"), (2.1, "diverging")]
)
def test_one_bowl_at_four_rates(eta_L, expected):
    assert verdict(bowl(5, eta_L, 150)) == expected


def test_an_alternation_is_seen_through_noise():
    found = diagnose(DESCENT + 1 + 0.1 * (-1.0) ** K + 0.07 * RNG.standard_normal(600))
    assert found.verdict == "oscillating" and -0.8 < found.evidence.alternation < -0.5


@pytest.mark.parametrize("period", [2, 10, 25])
def test_swings_that_calm_or_are_tiny_are_fine(period):
    swing = np.cos(2 * np.pi * K / period)
    assert verdict(DESCENT + 3 + swing) == "oscillating"
    assert verdict(DESCENT + 3 + swing * np.exp(-K / 150)) == "fine"
    assert verdict(DESCENT + 3 + 1e-4 * swing) == "fine"


def test_when_the_fall_happened_decides_between_three_verdicts():
    noise = 0.01 * RNG.standard_normal(600)
    late = 2 - 1.5 / (1 + np.exp(-(K - 500) / 10))
    assert verdict((K + 1.0) ** -0.5) == "fine"  # 2 % of the fall in the second half
    assert verdict(np.exp(-K / 400) + noise) == "too slow"  # 32 %
    assert verdict(late + noise) == "not decided"  # all of it


@pytest.mark.parametrize("scale", [1e-200, 1e-6, 1e6, 1e200])
def test_the_unit_of_the_loss_does_not_matter(scale):
    noise = RNG.standard_normal(600)
    for losses in (
        DESCENT + 1 + 0.1 * noise,
        DESCENT + 1 + 0.1 * (-1.0) ** K,
        3 - K / 300 + 0.1 * noise,
        bowl(5, 1.0, 150),
        bowl(5, 2.2, 150),
    ):
        one, other = diagnose(losses), diagnose(scale * losses)
        assert one.verdict == other.verdict
        assert other.evidence.noise == pytest.approx(scale * one.evidence.noise, rel=1e-6)
        assert other.evidence.trend == pytest.approx(one.evidence.trend, rel=1e-3)


def test_losses_that_end_as_nan_or_inf_have_diverged():
    for last in (np.nan, np.inf, -np.inf):
        for length in (1, 5, 500):
            found = diagnose([*DESCENT[:length], last, np.nan])
            assert found.verdict == "diverging" and f"number {length} on" in found.because
    assert verdict([np.nan]) == "diverging"


def test_a_run_that_ends_above_its_start_has_diverged():
    assert verdict(0.5 + np.concatenate([DESCENT[:50], np.full(200, 7.0)])) == "diverging"
    assert verdict(1.1**K) == verdict(1.1**K - 5) == "diverging"


def test_nothing_is_decided_where_nothing_can_be():
    assert verdict(np.full(100, 0.3)) == verdict(2 + 0.1 * RNG.standard_normal(400)) == "not decided"
    assert verdict(DESCENT[:19]) == "not decided" != verdict(DESCENT[:20])
    assert "at least 20" in diagnose(DESCENT[:19]).because
    assert diagnose([1.0]).evidence is None


def test_an_overfitting_curve_is_not_called_a_rate_that_is_too_high():
    found = diagnose(DESCENT + 0.5 + 0.0005 * K + 0.01 * RNG.standard_normal(600))
    assert found.verdict == "not decided" and "overfitting" in found.next


def test_noise_alone_rarely_looks_like_a_verdict():
    said = Counter(verdict(5 + RNG.standard_normal(200)) for _ in range(300))
    assert said["not decided"] >= 294
    walk = Counter()
    for _ in range(100):  # noise with a memory of some ten steps
        losses = np.convolve(RNG.standard_normal(1100), 0.9 ** np.arange(100), "valid")
        walk[verdict(50 + losses)] += 1
    assert walk["not decided"] >= 90


def test_the_next_thing_to_try_names_a_rate():
    noise = 0.1 * RNG.standard_normal(600)
    assert "0.0333" in diagnose(1.1**K, rate=0.1).next
    assert "0.3." in diagnose(2 - K / 600 + noise, rate=0.1).next
    assert "0.0333" in diagnose(DESCENT + 1 + noise, rate=0.1).next
    assert "by 3 to 10" in diagnose(1.1**K).next
    # where nothing can be seen the rate may be too high or too low
    assert "0.01 and 1;" in diagnose(2 + noise, rate=0.1).next and "ten times" in diagnose(2 + noise).next
    assert str(diagnose(1.1**K)).startswith(
        "diverging: it ends at 2.15e+24, above its start, 1."
    ) and "\nNext: " in str(diagnose(K * 1.0))


def test_a_million_losses():
    k = np.arange(1_000_000)
    noise = RNG.standard_normal(len(k))
    assert verdict(np.exp(-k / 1e4) + 1 + 0.3 * noise) == "noise-limited plateau"
    assert verdict(2 - k / 1e6 + 0.3 * noise) == "too slow"
    assert verdict(1 + 0.1 * (-1.0) ** k) == "oscillating"


def test_evidence_is_what_it_says():
    losses = np.concatenate([[9.0], np.linspace(5, 1, 199)])
    e = diagnose(losses).evidence
    assert (e.steps, e.start) == (200, 9.0) and e.end == pytest.approx(losses[-10:].mean())
    assert e.fall == pytest.approx(9 - losses[-10:].mean()) and e.apart
    assert e.share == pytest.approx((losses[100:110].mean() - losses[-10:].mean()) / e.fall)
    assert e.speeding == pytest.approx(1.0, abs=1e-6)
    assert e.noise == pytest.approx(0, abs=1e-9)
    noise = diagnose(losses + 0.1 * RNG.standard_normal(200)).evidence.noise
    assert noise == pytest.approx(0.1, rel=0.25)


def test_evidence_goes_into_json():
    for losses in (DESCENT, np.full(30, 2.0), [1.0], [np.nan], 1e-320 * DESCENT, -DESCENT):
        said = json.loads(json.dumps(diagnose(losses).to_dict(), allow_nan=False))
        assert said["verdict"] in VERDICTS and said["because"] and said["next"]


@pytest.mark.parametrize(
    "losses, rate, kind, words",
    [
        ([], None, ValueError, r"shape \(n,\) with n >= 1"),
        ([[1.0, 2.0]], None, ValueError, "shape"),
        (3.0, None, ValueError, "shape"),
        (["high", "low"], None, TypeError, "losses must be real numbers"),
        ([1.0, None, 2.0], None, TypeError, "real numbers"),
        ([1.0, np.nan, 2.0], None, ValueError, r"losses\[1\] is nan but later ones are finite"),
        ([1.0, 2.0], 0.0, ValueError, "rate must be in"),
        ([1.0, 2.0], "0.1", TypeError, "rate must be real"),
        ([1.0, 2.0], [0.1, 0.2], TypeError, "one number"),
    ],
)
def test_what_cannot_be_diagnosed_is_told(losses, rate, kind, words):
    with pytest.raises(kind, match=words) as told:
        diagnose(losses, rate)
    assert "chapter 11" in str(told.value)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60)
    | st.lists(st.sampled_from([0.0, 5e-324, 1e-300, 1.0, -1.0, 1e300, 1.79e308, -1.79e308]), min_size=20)
)
def test_any_finite_losses_get_a_verdict_and_no_warning(losses):
    said = json.loads(json.dumps(diagnose(losses).to_dict(), allow_nan=False))
    assert said["verdict"] in VERDICTS
