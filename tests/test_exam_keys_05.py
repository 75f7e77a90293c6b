"""Sheet 05: its keys against the moments of noisy descent, step by step."""

import numpy as np
from test_exam_keys import SHEETS, every

from lrcore import problems, schedules
from lrcore.analysis.noise import moments_of_average
from lrcore.analysis.rate_sums import robbins_monro


def mean_square(rates, h, sigma, m=1.0):
    for eta in rates:
        m = (1 - eta * h) ** 2 * m + eta**2 * sigma**2
    return m


def question(name):
    return next(data for data in SHEETS["05"].questions if data["id"] == name)


def test_key_noise_ball():
    for v, key in every("05", "q1"):
        steps = np.full(3000, v["eta"])
        assert np.isclose(mean_square(steps, v["h"], v["sigma"] / np.sqrt(v["B"])), key)


def test_key_rate_for_a_plateau():
    for v, key in every("05", "q2"):
        assert np.isclose(v["h"] / 2 * mean_square(np.full(3000, key), v["h"], v["sigma"]), v["eps"])


def test_key_memory_of_the_start():
    for v, key in every("05", "q3"):
        share, steps = 1.0, 0
        while share > 1 / v["D"]:
            share, steps = share * (1 - v["eta"] * v["h"]) ** 2, steps + 1
        assert steps == key


def test_ticks_two_sums():
    asked = {
        "inverse-time": schedules.InverseTime(0.1, alpha=0.01),
        "three-quarters": schedules.PowerLaw(1.0, p=0.75),
        "inverse-root": schedules.InverseSqrt(1.0),
        "constant": schedules.Constant(0.001),
        "geometric": schedules.Exponential(1.0, 0.99),
        "cosine": schedules.Cosine(1.0, 1_000_000),
    }
    wanted = {option["code"]: option.get("correct", False) for option in question("q4")["options"]}
    assert {code: robbins_monro(s).satisfied for code, s in asked.items()} == wanted


def test_match_fates():
    """q5: two starts show what is remembered, three lengths the power of t."""
    k = np.arange(160_000)
    rates = {
        "ball": 0.1 + 0 * k,
        "short": 0.1 * 0.95**k,
        "slow": 0.2 / (k + 1),
        "outside": 0.5 / np.sqrt(k + 1),
    }
    items = {item["key"]: item["en"] for item in question("q5")["items"]}
    assert items == {
        "ball": "η = 0.1",
        "short": "η = 0.1·0.95ᵏ",
        "slow": "η = 0.2/(k + 1)",
        "outside": "η = 0.5/√(k + 1)",
    }
    for name, eta in rates.items():
        early, late = (mean_square(eta[:n], 1, 1, m=100) for n in (10_000, 160_000))
        near = mean_square(eta, 1, 1, m=1)
        power = np.log(early / late) / np.log(16)
        if name == "ball":
            assert abs(power) < 1e-6 and np.isclose(late, near)
        elif name == "short":
            assert abs(power) < 1e-6 and late > 2 * near
        else:
            assert np.isclose(power, {"slow": 0.4, "outside": 0.5}[name], atol=0.01)


def test_key_distance_of_a_decaying_rate():
    for v, key in every("05", "q6"):
        assert np.isclose(sum(v["G"] * v["eta0"] * v["gamma"] ** k for k in range(2000)), key)


def test_key_constants_in_one_over_t():
    t = np.arange(100_000)
    for v, key in every("05", "q8"):
        assert np.isclose(len(t) * mean_square(v["c"] / (t + 10), v["h"], v["sigma"]), key, rtol=2e-3)
    for v, key in every("05", "q9"):
        if key < 1e3:  # ten times smaller takes no longer than this loop
            first, more = 2000, round(2000 * key)
            rates = v["c"] / (np.arange(more) + 1)
            # from far away, so that what is left of the start is all there is
            shares = [mean_square(rates[:n], v["h"], 0) for n in (first, more)]
            assert np.isclose(shares[0] / shares[1], 10, rtol=0.01)


def test_key_average():
    for v, key in every("05", "q10"):
        average = moments_of_average(np.full(v["T"], v["eta"]), float(v["h"]), float(v["sigma"]))[1][-1]
        assert np.isclose(average, key, rtol=0.05)


def test_key_convex_bound():
    for v, key in every("05", "q12"):
        eta = np.geomspace(1e-6, 1, 200_001)
        bound = (v["R"] ** 2 + v["G"] ** 2 * key * eta**2) / (2 * key * eta)
        assert np.isclose(bound.min(), v["eps"], rtol=1e-6)


def test_key_common_minimum():
    for v, key in every("05", "q13"):
        factors = [
            np.mean([(1 - s * key * v["h1"]) ** 2, (1 - s * key * v["h2"]) ** 2]) for s in (0.999, 1.001)
        ]
        assert factors[0] < 1 < factors[1]


def test_key_critical_batch():
    eta = np.linspace(1e-4, 1, 100_000)
    for v, key in every("05", "q14"):
        best = [np.max(eta - eta**2 / 2 * (1 + noise)) for noise in (0, v["Bc"] / v["B"])]
        assert np.isclose(best[0] / best[1], key, rtol=1e-6)


def test_key_early_stopping():
    """q17: the rates of N steps add up to about N^(1 − p), and that sum is to grow like m^(1/(2r + 2))."""
    for v, key in every("05", "q17"):
        sums = np.cumsum(np.arange(1, 3_000_001) ** -v["p"])
        first = 100_000
        wanted = sums[first - 1] * v["m"] ** (1 / (2 * v["r"] + 2))
        assert np.isclose(np.searchsorted(sums, wanted) / first, key, rtol=0.03)


def test_choice_importance_without_weights():
    """q15: descent on mean (x − y)²/2 settles at the mean of y, with the weights at another point."""
    y = np.array([0.0, 0.0, 3.0])
    ends = []
    for weighted in (True, False):
        x = 0.5
        for _ in range(4000):
            p = np.abs(x - y) / np.abs(x - y).sum()
            x -= 0.01 * np.sum(p * (x - y) / (len(y) * p if weighted else 1))
        ends.append(x)
    assert np.isclose(ends[0], y.mean()) and abs(ends[1] - y.mean()) > 0.1


def test_key_permutations():
    """q16: the mean square at the ends of epochs, over many permutations, against independent draws."""
    rng = np.random.default_rng(0)
    for v, key in every("05", "q16"):
        share, n = v["eta"] * v["h"], v["n"]
        weights = share * (1 - share) ** np.arange(n)[::-1]
        c = rng.permuted(np.tile(np.linspace(-1, 1, n), (20_000, 1)), axis=1)
        epoch = np.mean((c @ weights) ** 2)  # what one epoch adds
        rest = epoch / (1 - (1 - share) ** (2 * n))
        independent = share**2 / (1 - (1 - share) ** 2) * np.mean(np.linspace(-1, 1, n) ** 2)
        assert np.isclose(rest / independent, key, rtol=0.06)


def test_choice_budget():
    """q18: what each schedule leaves after 1000 steps at its best first rate, as in the chapter."""
    bowl, k = problems.NoisyQuadratic([0.1, 2.0], sigma=1.0), np.arange(1000)
    shapes = {
        "both": schedules.InverseTime(1.0, 0.02),
        "exponential": schedules.Exponential(1.0, 0.996),
        "linear": schedules.Linear(1.0, 1000),
        "cosine": schedules.Cosine(1.0, 1000),
        "root": schedules.InverseSqrt(1.0),
        "constant": schedules.Constant(1.0),
    }
    tops = np.geomspace(0.01, 0.99, 60)
    left = {
        name: np.nanmin(bowl.expected_f([3.0, 3.0], shape(k)[:, None] * tops)[-1])
        for name, shape in shapes.items()
    }
    others = [left[name] / left["both"] for name in ("exponential", "linear", "cosine")]
    assert 0.8 < min(others) and max(others) < 1.2
    assert left["root"] > 1.2 * left["cosine"] and left["constant"] == max(left.values())
