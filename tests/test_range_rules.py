"""The selection rules of range tests against plain loops that follow the programs' own steps."""

import math

import numpy as np
import pytest

from lrcore.analysis.range_rules import disagreement, smoothed, suggestions

RNG = np.random.default_rng(0)


def curve(n, seed):
    """Rates and losses of a noisy range test: flat, falling, rising."""
    rng = np.random.default_rng(seed)
    rates = np.geomspace(1e-6, 10, n)
    fall = 2.3 / (1 + (rates / 10 ** rng.uniform(-4, -1)) ** rng.uniform(0.5, 2))
    return rates, fall + 0.01 * rates**2 + rng.uniform(0, 0.1) * rng.standard_normal(n)


def by_hand(rates, losses):
    """The five rules, element by element."""
    n, average, smooth = len(losses), 0.0, []
    for k in range(n):
        average = 0.98 * average + 0.02 * losses[k]
        smooth.append(average / (1 - 0.98 ** (k + 1)))
    lr, loss = list(rates[n // 10 : -5]), smooth[n // 10 : -5]
    found = {"minimum": lr[loss.index(min(loss))] / 10}
    slopes = [
        (b - a) / (math.log(y) - math.log(x)) for a, b, x, y in zip(loss, loss[1:], lr, lr[1:], strict=False)
    ]
    found["steep"] = lr[slopes.index(min(slopes))]

    length, start, end = [1] * len(loss), 0, 0
    for i in range(1, len(loss)):
        for j in range(i):
            if loss[i] < loss[j] and length[i] < length[j] + 1:
                length[i] = length[j] + 1
            if length[end] < length[i]:
                end = i
                start = end - length[end]
    third = (end - start) / 3
    found["valley"] = lr[start + int(third) + int(third / 2)]

    gradient = list(np.gradient(np.array(loss)))
    found["slide"] = lr[-16]
    for i in range(len(loss) - 15):
        if abs(gradient[-1 - i] - gradient[-16 - i]) <= 0.005:
            break
        found["slide"] = lr[-16 - i]

    other = [losses[0]]
    for k in range(1, n):
        other.append(0.05 * losses[k] + 0.95 * other[-1])
    lr, loss = list(rates[10:-5]), other[10:-5]
    central = [(loss[i + 1] - loss[i - 1]) / 2 for i in range(1, len(loss) - 1)]
    central = [loss[1] - loss[0], *central, loss[-1] - loss[-2]]
    found["lr-finder"] = lr[central.index(min(central))]
    return found


@pytest.mark.parametrize("n", [40, 100, 257])
@pytest.mark.parametrize("seed", range(8))
def test_rules_are_those_of_the_programs(n, seed):
    rates, losses = curve(n, seed)
    found, expected = suggestions(rates, losses), by_hand(rates, losses)
    assert list(found) == list(expected) == ["minimum", "steep", "valley", "slide", "lr-finder"]
    assert found == pytest.approx(expected, rel=1e-12)
    assert disagreement(found) == pytest.approx(max(expected.values()) / min(expected.values()), rel=1e-12)


@pytest.mark.parametrize("n", [60, 110])
def test_a_curve_that_falls_from_the_first_step_shows_what_is_left_out(n):
    rates, losses = np.geomspace(1e-4, 1, n), 1 / (1 + np.arange(n))
    found, expected = suggestions(rates, losses), by_hand(rates, losses)
    assert found == pytest.approx(expected, rel=1e-12)
    assert found["lr-finder"] == rates[10] and found["steep"] == rates[n // 10]


def test_one_curve_and_rates_that_differ_tenfold_and_more():
    factors = [disagreement(suggestions(*curve(100, seed))) for seed in range(30)]
    assert np.median(factors) > 10 and min(factors) > 2


def test_a_curve_is_read_up_to_the_first_loss_that_is_not_finite():
    rates, losses = curve(120, 3)
    broken = losses.copy()
    broken[90], broken[100:] = np.nan, np.inf
    assert suggestions(rates, broken) == suggestions(rates[:90], losses[:90])


@pytest.mark.parametrize("n, told", [(1, 0), (6, 2), (12, 3), (17, 4), (24, 5), (40, 5)])
def test_rules_without_enough_points_say_nan(n, told):
    found = suggestions(*curve(n, 1))
    assert sum(np.isfinite(rate) for rate in found.values()) == told
    assert np.isnan(disagreement(found)) == (told == 0)


def test_a_loss_that_never_falls_gives_the_first_rate_for_the_valley():
    rates = np.geomspace(1e-5, 1, 60)
    assert suggestions(rates, 1 + rates)["valley"] == rates[6]


def test_the_average_of_a_constant_is_the_constant():
    assert np.allclose(smoothed(np.full(50, 3.7)), 3.7, rtol=1e-14)
    losses = RNG.standard_normal(50)
    weights = 0.9 ** np.arange(49, -1, -1)
    assert smoothed(losses, 0.9)[-1] == pytest.approx(weights @ losses / weights.sum(), rel=1e-12)
    assert np.array_equal(smoothed(losses, 0.0), losses)


@pytest.mark.parametrize(
    "rates, losses, words",
    [
        ([1e-3, 1e-2], [1.0], "as many"),
        ([1e-2, 1e-3], [1.0, 2.0], "rise"),
        ([1e-2, -1e-3], [1.0, 2.0], "greater than 0"),
        ([[1e-2, 1e-1]], [[1.0, 2.0]], "as many"),
        ([1e-2, 1e-1], ["a", "b"], "losses must be real"),
    ],
)
def test_bad_curves_are_told(rates, losses, words):
    with pytest.raises((ValueError, TypeError), match=words):
        suggestions(rates, losses)
