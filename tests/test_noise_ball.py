"""The noise ball: its random numbers, its walk and its closed form, in Python and as node replays them."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives
from scipy import stats

from lrcore import run, viz
from lrcore.problems import NoisyQuadratic
from lrcore.viz.noise_ball import checked_config, explorer, gaussians, limit, mulberry32, walk

DEFAULTS = dict(
    eta=0.4, h=2.0, sigma=1.0, batch=1, start=(1.6, 1.0), steps=80, walkers=300, seed=1
)  # fmt: skip
REPLAY = """{
  const noise = a.gaussians(c.seed, c.steps * c.walkers);
  const x = a.walk(noise, c.walkers, c.start, c);
  return {
    bits: Array.from({ length: 50 }, (_, n) => a.random(c.seed, n)),
    noise: Array.from(noise), x: Array.from(x),
    found: a.measured(x, c.walkers), form: a.expected(c.start, c, c.steps), limit: a.stationary(c),
  };
}"""


@pytest.fixture(scope="module")
def replayed():
    """40 configurations over the whole range, among them the edge and beyond."""
    draw = np.random.default_rng(2)
    cases = []
    for i in range(40):
        h = draw.uniform(1, 5)
        eta = [draw.uniform(0.01, 1.9) / h, 2 / h, min(2.2, 2.3 / h), draw.uniform(0.01, 0.2)][i % 4]
        cases.append(checked_config(
            eta, h, draw.uniform(0, 3), 2 ** int(draw.integers(9)), draw.uniform(-1.6, 1.6, 2), 30, 11,
            int(draw.integers(2**31)),
        ))  # fmt: skip
    return replay("noise_ball", cases, REPLAY)


def mulberry(seed):
    """The generator as its author wrote it, with a state that moves on; C's 32-bit arithmetic."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = state
        t = ((t ^ (t >> 15)) * (t | 1)) & 0xFFFFFFFF
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield t ^ (t >> 14)


def test_both_draw_the_same_integers(replayed):
    for case, js in replayed:
        bits = mulberry32(case["seed"], np.arange(50))
        assert np.array_equal(js["bits"], bits)
        author = mulberry(case["seed"])
        assert [next(author) for _ in range(50)] == bits.tolist()


def test_the_numbers_are_gaussian_and_independent():
    x = gaussians(7, (20_000,))
    assert stats.kstest(x.ravel(), "norm").pvalue > 0.01
    assert abs(np.corrcoef(x.T)[0, 1]) < 0.03
    assert abs(np.corrcoef(x[1:, 0], x[:-1, 0])[0, 1]) < 0.03
    assert np.square(x).mean() == pytest.approx(1, abs=0.03)


def test_walks_agree(replayed):
    """log and cos may differ in the last digit; a walk that shrinks errors keeps it there."""
    for case, js in replayed:
        shape = (case["steps"], case["walkers"], 2)
        np.testing.assert_allclose(
            np.reshape(js["noise"], shape), gaussians(case["seed"], shape[:2]), rtol=1e-14, atol=2e-15
        )
        ours = walk(case)
        theirs = np.reshape(js["x"], ours.shape)
        np.testing.assert_allclose(theirs, ours, rtol=1e-12, atol=1e-12 * np.abs(ours).max())
        np.testing.assert_allclose(js["found"], np.square(ours).mean((1, 2)), rtol=1e-12)


class Given(NoisyQuadratic):
    """The bowl of lrcore with the noise of this figure."""

    def __init__(self, config):
        super().__init__([config["h"]] * 2, config["sigma"], config["batch"])
        self.numbers = gaussians(config["seed"], (config["steps"], config["walkers"]))

    def noise(self, k, shape):
        return self.numbers[k] * (self.sigma / np.sqrt(self.batch))


@pytest.mark.parametrize("change", [{}, {"eta": 0.9, "batch": 16}, {"eta": 1.1, "sigma": 2.5}])
def test_the_walk_is_a_run_of_lrcore(change):
    config = checked_config(**{**DEFAULTS, "walkers": 20, **change})
    start = np.tile(config["start"], (20, 1))
    never = np.finfo(float).max
    r = run(Given(config), start, config["eta"], steps=80, record_x=True, bound=never)
    np.testing.assert_allclose(r.x, walk(config), rtol=1e-13)


def test_the_closed_form_is_that_of_the_noisy_bowl(replayed):
    for case, js in replayed:
        bowl = NoisyQuadratic([case["h"]] * 2, case["sigma"], case["batch"])
        _, square = bowl.moments(case["start"], case["eta"], case["steps"])
        np.testing.assert_allclose(js["form"], square.mean(-1), rtol=1e-13)
        if abs(case["eta"] * case["h"] - 2) < 1e-9:
            assert js["limit"] == "inf"
        else:
            assert float(js["limit"]) == pytest.approx(limit(case), rel=1e-13)


def test_the_cloud_has_the_variance_of_the_closed_form():
    """300 walkers, 600 coordinates: chi-square with 600 degrees of freedom once the start is forgotten."""
    for change in ({}, {"eta": 0.1}, {"eta": 0.9}, {"batch": 8, "sigma": 3.0, "h": 5.0, "eta": 0.2}):
        config = checked_config(**{**DEFAULTS, **change})
        x = walk(config)[-1]
        share = np.square(x).sum() / limit(config)
        if change.get("eta") == 0.1:  # (1 - 0.2)^160: forgotten too
            assert limit(config) == pytest.approx(0.0277778, rel=1e-5)
        assert 0.001 < stats.chi2(x.size).cdf(share) < 0.999, change


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"eta": 0}, "eta must be in (0, 2.2]"),
        ({"eta": 2.3}, "eta must be in (0, 2.2]"),
        ({"h": 0.5}, "h must be in [1, 5]"),
        ({"sigma": -1}, "sigma must be in [0, 3]"),
        ({"batch": 3}, "batch must be a power of 2"),
        ({"batch": 512}, "batch must be a power of 2"),
        ({"batch": 1.5}, "batch"),
        ({"start": (3, 0)}, "start must be two numbers"),
        ({"start": 1}, "start must be two numbers"),
        ({"steps": 301}, "steps must be at most 300"),
        ({"walkers": 0}, "walkers"),
        ({"seed": 2**31}, "seed must be at most"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.noise_ball(**wrong)


def test_two_lives(monkeypatch):
    _, _, alt = two_lives(monkeypatch, viz.noise_ball, "η = 0.4")
    assert "learning rate 0.4, noise 1 and batch 1" in alt


@pytest.mark.parametrize("change", [{"eta": 1.2}, {"eta": 2.2, "h": 5.0, "steps": 300}])
def test_a_view_beyond_the_edge_can_stand_first(change):
    config = checked_config(**{**DEFAULTS, **change})
    assert "<svg" in explorer(config, None) and "too large" in explorer(config, None)
