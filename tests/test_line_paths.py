"""The two paths: searches, paths and level lines of the script against lrcore and scipy."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives
from scipy.optimize import brentq

from lrcore import viz
from lrcore.problems import BoydExp
from lrcore.viz.line_paths import both, checked_config, explorer, mean_turn

BOYD = BoydExp()
REPLAY = """{
  const [slow, fast] = [a.descend(c.start, a.backtracking, c), a.descend(c.start, a.exact)];
  return { slow, fast, turns: [slow, fast].map((r) => a.meanTurn(r.path)) };
}"""
# start: steps of backtracking with 0.1 and 0.7, and of exact search, until f - f* <= 1e-10
KNOWN = {(-1.0, 1.0): (29, 11), (1.0, 1.0): (28, 16), (-2.0, 1.0): (27, 21), (0.1, 0.1): (24, 24)}


@pytest.fixture(scope="module")
def replayed():
    """The known starts and 40 others, with settings over the whole range."""
    draw = np.random.default_rng(4)
    cases = [checked_config(start, 0.1, 0.7) for start in KNOWN]
    for _ in range(40):
        start = draw.uniform((-2.3, -1.2), (1.3, 1.2)).round(2)
        cases.append(checked_config(start, draw.uniform(0.01, 0.49), draw.uniform(0.05, 0.95)))
    return replay("line_paths", cases, REPLAY)


def test_function_and_gradient_are_those_of_lrcore():
    draw = np.random.default_rng(0)
    points = draw.uniform(-3, 3, (100, 2))
    expression = "return [a.value(c.x), a.gradient(c.x)]"
    for case, (f, g) in replay("line_paths", [{"x": x.tolist()} for x in points], expression):
        assert f == pytest.approx(BOYD.f(case["x"]), rel=1e-14)
        # a sum of terms of both signs: rounding is relative to the terms
        np.testing.assert_allclose(g, BOYD.grad(case["x"]), atol=3e-14 * f, rtol=0)


def test_paths_and_counts_are_those_of_lrcore(replayed):
    for case, js in replayed:
        for theirs, (path, evaluations) in zip((js["slow"], js["fast"]), both(case), strict=True):
            assert len(theirs["path"]) == len(path), case
            # an exact step is found to 8 digits of the slope, and what is left of it turns the next one
            np.testing.assert_allclose(theirs["path"], path, atol=1e-9)
            assert theirs["evaluations"] == pytest.approx(evaluations, rel=0.02), case


def test_steps_of_the_known_starts(replayed):
    for case, js in replayed[: len(KNOWN)]:
        steps = len(js["slow"]["rates"]), len(js["fast"]["rates"])
        assert steps == KNOWN[tuple(case["start"])]
    first = replayed[0][1]["slow"]["rates"][:5]
    np.testing.assert_allclose(first, 0.7 ** np.array([7, 4, 5, 4, 5]), rtol=1e-12)


def test_a_step_of_one_is_always_too_long():
    """Wherever the start can be, and wherever descent leads from there."""
    x = np.stack(np.meshgrid(np.linspace(-2.3, 1.3, 200), np.linspace(-1.2, 1.2, 200)), axis=-1)
    g = BOYD.grad(x)
    with np.errstate(all="ignore"):
        slope = -np.vecdot(BOYD.grad(x - g), g)
    assert not (slope < 0).any()


def test_exact_steps_are_roots_of_the_slope(replayed):
    for case, js in replayed[:15]:
        for x, t in zip(js["fast"]["path"][:6], js["fast"]["rates"][:6], strict=False):
            d = -BOYD.grad(np.array(x))
            root = brentq(lambda s, x=x, d=d: BOYD.grad(x + s * d) @ d, t / 3, 3 * t, xtol=1e-15)
            assert t == pytest.approx(root, rel=1e-7), case


def test_backtracking_takes_the_first_power_that_decreases_enough(replayed):
    for case, js in replayed[:15]:
        alpha, beta = case["alpha"], case["beta"]
        for x, t in zip(js["slow"]["path"], js["slow"]["rates"], strict=False):
            g = BOYD.grad(np.array(x))

            def enough(s, x=x, g=g, alpha=alpha):
                return BOYD.f(x - s * g) - BOYD.f(x) + alpha * s * g @ g

            assert round(np.log(t) / np.log(beta), 6) % 1 == pytest.approx(0, abs=1e-5)
            assert enough(t) <= 1e-15
            if t < 1:
                assert enough(t / beta) > -1e-15


def test_exact_search_turns_by_right_angles_and_backtracking_by_more(replayed):
    for case, js in replayed:
        for theirs, (path, _) in zip(js["turns"], both(case), strict=True):
            if len(path) > 2:
                assert theirs == pytest.approx(mean_turn(path), abs=1e-4)
        if len(js["fast"]["path"]) > 3:
            assert js["turns"][1] == pytest.approx(90, abs=1e-4)
    assert replayed[0][1]["turns"][0] == pytest.approx(146, abs=0.5)


def test_level_lines_are_level():
    for case, corners in replay(
        "line_paths", [{"rise": r} for r in (0.01, 0.5, 10, 85)], "return a.level(c.rise)"
    ):
        np.testing.assert_allclose(BOYD.f(np.array(corners)), BOYD.f_star + case["rise"], rtol=1e-9)
        x, y = np.transpose(corners)
        # beyond its ends the level is nowhere to be found, within them it is
        across = np.linspace(-4, 4, 4001)
        for share, there in ((0.999, True), (1.001, False)):
            row = BOYD.f(np.stack([across, np.full_like(across, share * y.max())], axis=-1))
            assert (row.min() < BOYD.f_star + case["rise"]) == there
        assert y.max() == pytest.approx(-y.min()) and (x.min() < -np.log(2) / 2 < x.max())


def test_a_start_in_the_minimum_has_nothing_to_do():
    ((_, js),) = replay("line_paths", [{"start": BOYD.x_star.tolist(), "alpha": 0.1, "beta": 0.7}], REPLAY)
    assert js["slow"]["rates"] == js["fast"]["rates"] == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"start": (2, 0)}, "start must be two numbers in"),
        ({"start": 1}, "start must be two numbers in"),
        ({"start": (0, float("nan"))}, "start"),
        ({"alpha": 0.5}, "alpha must be in [0.01, 0.49]"),
        ({"beta": 1}, "beta must be in [0.05, 0.95]"),
        ({"beta": "half"}, "beta must be"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.line_paths(**wrong)


def test_two_lives(monkeypatch):
    _, _, alt = two_lives(monkeypatch, viz.line_paths, "α = 0.1")
    assert "Backtracking takes 29 steps" in alt
    assert "Exact search takes 11 steps" in alt


def test_a_start_in_the_minimum_can_stand_first():
    assert "takes 0 steps" in explorer(checked_config(BOYD.x_star, 0.1, 0.7), None)
