"""Precondition the bowl: runs, condition numbers and step counts as node replays them, against lrcore."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives

from lrcore import run, viz
from lrcore.analysis import curvature
from lrcore.directions import DiagonalNewton, Newton
from lrcore.problems import Quadratic
from lrcore.viz.precondition_bowl import (
    MOST_STEPS,
    RULES,
    TARGET,
    alt_text,
    bowl,
    checked_config,
    explorer,
    seen_by_descent,
    simulate,
)

DEFAULTS = dict(kappa=25.0, degrees=20.0, precondition="diagonal", rate=1.0, start=(-2.2, 1.2))
NAMES = ["none", "diagonal", "full"]
REPLAY = """return Object.fromEntries(["none", "diagonal", "full"].map((name) => {
  const r = a.descend(c, name);
  return [name, { ...r, z: r.path.slice(0, 30).map((x) => a.times(r.root, x)) }];
}));"""


@pytest.fixture(scope="module")
def replayed():
    """60 configurations over the whole range, among them the axes, 45 degrees, a round bowl, rates beyond."""
    draw, cases = np.random.default_rng(8), []
    for i in range(60):
        kappa = [1.0, 100.0, draw.uniform(1, 100)][min(i % 6, 2)]
        degrees = [0.0, 90.0, 45.0, draw.uniform(0, 90), draw.uniform(0, 90)][i % 5]
        rate = [1.0, draw.uniform(0.05, 1), draw.uniform(0.9, 2.2)][i % 3]
        start = draw.uniform((-3, -2.4), (3, 2.4))
        cases.append(checked_config(kappa, degrees, NAMES[i % 3], rate, start))
    return replay("precondition_bowl", cases, REPLAY)


def test_runs_are_those_of_lrcore(replayed):
    for case, found in replayed:
        for name in NAMES:
            r, steps = simulate(case, name)
            path = np.array(found[name]["path"], float)
            known = r.x[: len(path)]
            np.testing.assert_allclose(path, known, rtol=1e-9, atol=1e-12 * np.abs(known).max())
            # where rounding decides whether the last step is the one, 1e-6 up to a few digits
            if steps is not None and found[name]["steps"] is not None:
                assert found[name]["steps"] == steps, (case, name)
            else:
                assert found[name]["steps"] is steps is None, (case, name)
            f = np.array(found[name]["f"], float)
            np.testing.assert_allclose(f, r.f[: len(f)], rtol=1e-8, atol=1e-14 * f[0])


def test_plain_and_diagonal_runs_along_the_axes_are_the_same_to_the_bit():
    cases = [
        checked_config(kappa, 0.0, "none", rate, (-2.2, 1.2))
        for kappa in (1, 7.3, 100)
        for rate in (0.6, 1.0)
    ]
    for case, found in replay("precondition_bowl", cases, REPLAY):
        problem = Quadratic([1.0, case["kappa"]])
        for name, rule in (("none", RULES["none"]), ("diagonal", DiagonalNewton(1e-300))):
            path = np.array(found[name]["path"], float)
            if len(path) < 3:
                continue
            eta = found[name]["eta"]
            r = run(problem, case["start"], eta, rule, len(path) - 1, record_x=True)
            if name == "none":
                assert np.array_equal(path, r.x), case
            np.testing.assert_allclose(path, r.x, rtol=1e-12, atol=1e-15)


def test_condition_numbers_and_best_rates_are_those_of_the_analysis(replayed):
    for case, found in replayed:
        H = bowl(case).H
        before, after = curvature.condition_before_after(H)
        for name, kappa in zip(NAMES, (before, after, 1.0), strict=True):
            js = found[name]
            assert js["high"] / js["low"] == pytest.approx(kappa, rel=1e-9), (case, name)
            eigenvalues = np.linalg.eigvalsh(seen_by_descent(case, name))
            np.testing.assert_allclose([js["low"], js["high"]], eigenvalues, rtol=1e-9)
            assert js["eta"] == pytest.approx(case["rate"] * 2 / eigenvalues.sum(), rel=1e-12)


def test_in_z_the_path_is_plain_descent_on_a_bowl_with_those_level_lines(replayed):
    for _, found in replayed:
        for name in NAMES:
            js = found[name]
            seen = Quadratic([js["low"], js["high"]], angle=js["turn"])
            z = np.array(js["z"], float)
            r = run(seen, z[0], js["eta"], steps=max(1, len(z) - 1), record_x=True, bound=np.finfo(float).max)
            np.testing.assert_allclose(z, r.x[: len(z)], rtol=1e-8, atol=1e-10 * np.abs(z).max())
            np.testing.assert_allclose(seen.f(z), np.array(js["f"], float)[: len(z)], rtol=1e-7, atol=1e-12)


def test_the_diagonal_heals_all_along_the_axes_and_nothing_at_45_degrees():
    """And Newton's method heals all: the statement of the figure, by lrcore alone."""
    for kappa in (4.0, 100.0):
        for degrees, healed in ((0.0, 1.0), (90.0, 1.0), (45.0, kappa)):
            case = checked_config(kappa, degrees, "diagonal", 1.0, (-2.2, 1.2))
            assert curvature.condition(seen_by_descent(case, "diagonal")) == pytest.approx(healed)
            _, steps = simulate(case, "diagonal")
            assert steps == (1 if healed == 1 else simulate(case, "none")[1])
        _, steps = simulate(checked_config(kappa, 33.0, "full", 1.0, (-2.2, 1.2)), "full")
        assert steps == 1


def test_more_steps_than_are_made():
    slow = checked_config(100.0, 30.0, "none", 0.05, (3.0, 0.0))
    [(_, js)] = replay("precondition_bowl", [slow], REPLAY)
    assert simulate(slow, "none")[1] is None and js["none"]["steps"] is None
    assert len(js["none"]["path"]) == MOST_STEPS + 1
    assert f"does not get there in {MOST_STEPS} steps" in alt_text(slow)


def test_the_limit_of_the_rate_is_two_over_the_largest_curvature():
    for share in (0.98, 1.02):
        for name in NAMES:
            case = checked_config(10.0, 30.0, name, 1.0, (-2.2, 1.2))
            low, high = np.linalg.eigvalsh(seen_by_descent(case, name))
            case["rate"] = share * (low + high) / high
            [(_, js)] = replay("precondition_bowl", [case], REPLAY)
            assert (js[name]["steps"] is not None) == (share < 1), (name, share)


def test_the_start_at_the_minimum_is_there():
    case = checked_config(**{**DEFAULTS, "start": (0, 0)})
    [(_, js)] = replay("precondition_bowl", [case], REPLAY)
    assert [js[name]["steps"] for name in NAMES] == [0, 0, 0]
    assert [simulate(case, name)[1] for name in NAMES] == [0, 0, 0]
    assert "<svg" in explorer(case, None)


def test_the_alt_text_says_what_happens():
    config = checked_config(**DEFAULTS)
    H = bowl(config).H
    after = curvature.condition(curvature.preconditioned(H))
    r = run(bowl(config), [-2.2, 1.2], 2 / 2.0, DiagonalNewton(1e-300), 100)
    steps = int(np.argmax(r.f <= TARGET * r.f[0]))
    assert alt_text(config) == (
        f"Level lines of a bowl of condition number 25, turned by 20 degrees, divided by its diagonal, which "
        f"makes it {after:.3g}. The path from (-2.2, 1.2) with 1 times the best rate takes {steps} steps to "
        "a millionth of the loss at the start."
    )
    assert RULES["full"] == Newton()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kappa": 0.9}, "kappa must be in [1, 100]"),
        ({"kappa": 101}, "kappa must be in [1, 100]"),
        ({"degrees": -1}, "degrees must be in [0, 90]"),
        ({"degrees": 91}, "degrees must be in [0, 90]"),
        ({"precondition": "jacobi"}, "precondition must be one of 'none', 'diagonal', 'full'"),
        ({"rate": 0}, "rate must be in [0.05, 2.2]"),
        ({"rate": 2.3}, "rate must be in [0.05, 2.2]"),
        ({"start": (3.1, 0)}, "start must be two numbers"),
        ({"start": 1}, "start must be two numbers"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.precondition_bowl(**wrong)


def test_two_lives(monkeypatch):
    _, _, alt = two_lives(monkeypatch, viz.precondition_bowl, "κ = 25")
    assert alt == alt_text(checked_config(**DEFAULTS))
