"""The optimizer race: surfaces, methods, runs and sweeps as node replays them, against lrcore."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives

from lrcore import run, sweep, viz
from lrcore.viz.optimizer_race import (
    LOST,
    METHODS,
    RATES,
    SURFACES,
    TINY,
    alt_text,
    bound,
    checked_config,
    explorer,
)

DEFAULTS = dict(surface="bowl", methods=("descent", "momentum", "adagrad", "adam"), start=None, steps=100)
# Sums of products round as the library of the machine likes, and exp in another last digit than in a browser.
INEXACT = ("turned", "exponentials")
REPLAY = """{
  const surface = a.SURFACES[c.surface];
  const all = c.methods.map((name) => {
    const method = a.METHODS[name];
    const { losses, best } = a.sweep(surface, method, c.start, c.steps);
    const races = [...a.RATES.keys()].filter((i) => i % 6 === 0 || i === best).map((i) => {
      const path = [];
      return [i, { path, ...a.race(surface, method, c.start, a.RATES[i], c.steps, path) }];
    });
    return [name, { losses, best, races }];
  });
  return Object.fromEntries(all);
}"""


@pytest.fixture(scope="module")
def replayed():
    """[(configuration, {method: what node found})]: each surface from its own start and from two others."""
    draw, cases = np.random.default_rng(4), []
    for name, shape in SURFACES.items():
        left, right, low, high = shape.window
        starts = [None, *draw.uniform((left, low), (right, high), (2, 2)).round(2)]
        steps = (100, 60, 30) if name in INEXACT else (100, 200, 30)
        cases += [checked_config(name, list(METHODS), x, k) for x, k in zip(starts, steps, strict=True)]
    return replay("optimizer_race", cases, REPLAY)


def in_python(case, name):
    problem, start = SURFACES[case["surface"]].problem, np.array(case["start"])
    options = dict(steps=case["steps"], bound=bound(problem, start))
    rule = METHODS[name][1]
    return run(problem, start, RATES, rule, record_x=True, **options), sweep(
        problem, start, RATES, rule, **options
    )


def best(case, s):
    """The index of the lowest last loss; the first of those that are below rounding."""
    return int(np.argmin(np.maximum(s.sensitivity - SURFACES[case["surface"]].problem.f_star, 1e-15)))


def rows(js):
    """(index of the rate, the run at it) for those that node was asked for."""
    return [(int(i), race) for i, race in js["races"]]


def test_runs_are_those_of_lrcore_to_the_bit(replayed):
    """Every method, where each operation rounds alike on every machine; f is a sum that numpy may fuse."""
    for case, found in replayed:
        if case["surface"] in INEXACT:
            continue
        for name, js in found.items():
            r, s = in_python(case, name)
            for i, race in rows(js):
                path, told = np.array(race["path"], float), f"{name} at {RATES[i]:g} on {case}"
                assert np.array_equal(path, r.x[: len(path), i]), told
                assert race["diverged"] == (r.status[i] == "diverged"), told
                assert len(path) - 1 == r.stop_step[i], told
                np.testing.assert_allclose(race["rises"], r.f[: len(path), i], rtol=1e-14, err_msg=told)
            np.testing.assert_allclose(np.array(js["losses"], float), s.sensitivity, rtol=1e-14)
            assert js["best"] == best(case, s), (name, case)


def test_runs_are_those_of_lrcore_up_to_rounding(replayed):
    """At rates up to the best one. AdaDelta is chaotic there: it is tested where nothing is rounded."""
    for case, found in replayed:
        if case["surface"] not in INEXACT:
            continue
        least = SURFACES[case["surface"]].problem.f_star
        for name, js in found.items():
            if name == "adadelta":
                continue
            r, s = in_python(case, name)
            for i, race in rows(js):
                if i > js["best"]:
                    continue
                path = np.array(race["path"], float)
                assert race["diverged"] == (r.status[i] == "diverged")
                np.testing.assert_allclose(path, r.x[: len(path), i], rtol=0, atol=1e-12)
                np.testing.assert_allclose(race["rises"], r.f[: len(path), i] - least, rtol=1e-10, atol=1e-12)
            # The last loss may be a matter of rounding, and then several rates are best.
            assert s.sensitivity[int(js["best"])] <= s.best_loss + 1e-12, (name, case)
            if s.best_loss > least + 1e-12:
                assert js["best"] == best(case, s), (name, case)


def test_rates_and_limits_are_the_same():
    look = "return { rates: a.RATES, names: Object.keys(a.METHODS), lost: a.LOST };"
    [(_, js)] = replay("optimizer_race", [0], look)
    assert np.array_equal(js["rates"], RATES) and js["names"] == list(METHODS) and js["lost"] == LOST
    assert RATES[[0, -1]].tolist() == [1e-4, 1e3] and len(RATES) == 71
    assert np.allclose(np.diff(np.log10(RATES)), 0.1, atol=0.005)


def test_surfaces_are_the_problems_of_lrcore():
    points = np.random.default_rng(5).uniform(-2, 2, (40, 2)).tolist()
    look = """{
      const { start, window, rises, minima, least, value, gradient, level } = a.SURFACES[c[0]];
      return { start, window, rises, minima, least, f: c[1].map(value), g: c[1].map(gradient),
        levels: rises.map((rise) => level(rise).flat()) };
    }"""
    for (name, _), js in replay("optimizer_race", [[name, points] for name in SURFACES], look):
        shape = SURFACES[name]
        problem = shape.problem
        assert js["start"] == list(shape.start) and js["rises"] == list(shape.rises)
        assert [js["window"][side] for side in ("left", "right", "low", "high")] == list(shape.window)
        assert js["least"] == pytest.approx(problem.f_star, rel=1e-15, abs=0)
        np.testing.assert_allclose(problem.grad(np.array(js["minima"], float)), 0, atol=1e-12)
        np.testing.assert_allclose(problem.f(np.array(js["minima"], float)), problem.f_star, rtol=1e-14)
        assert any(np.allclose(point, problem.x_star) for point in js["minima"])
        np.testing.assert_allclose(js["f"], problem.f(np.array(points)), rtol=1e-12)
        np.testing.assert_allclose(js["g"], problem.grad(np.array(points)), rtol=1e-12, atol=1e-12)
        left, right, low, high = shape.window
        for rise, loops in zip(js["rises"], js["levels"], strict=True):
            loops = np.array(loops, float)
            seen = (np.abs(loops - [(left + right) / 2, (low + high) / 2]) <= [3.4, 2.7]).all(1)
            assert seen.sum() >= 8, (name, rise)
            np.testing.assert_allclose(problem.f(loops[seen]), problem.f_star + rise, rtol=1e-8)


def test_the_two_wells_have_a_saddle_and_their_gradient():
    problem = SURFACES["saddle"].problem
    x = np.random.default_rng(1).uniform(-2, 2, (50, 2))
    for axis in range(2):
        h = 1e-6 * np.eye(2)[axis]
        slope = (problem.f(x + h) - problem.f(x - h)) / 2e-6
        np.testing.assert_allclose(problem.grad(x)[:, axis], slope, atol=1e-7)
    origin = np.zeros(2)
    assert not problem.grad(origin).any()
    assert problem.f(np.array([0.1, 0])) < problem.f(origin) < problem.f(np.array([0, 0.1]))


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("steps", [50, 100, 200])
def test_no_best_rate_is_at_an_end_of_the_grid(surface, steps):
    """So that no method is held back by the choice of the rates."""
    for name in METHODS:
        case = checked_config(surface, [name], None, steps)
        _, s = in_python(case, name)
        assert 3 <= best(case, s) <= len(RATES) - 4, (name, s)


def test_divergence_is_no_handicap():
    """A stricter or a wider idea of it would choose the same rates at the first view of each surface."""
    for surface, shape in SURFACES.items():
        start, least = np.array(shape.start), shape.problem.f_star
        for name, (_, rule) in METHODS.items():
            chosen = []
            for lost in (300, LOST, 1e4):
                limit = least + lost * (shape.problem.f(start) - least)
                s = sweep(shape.problem, start, RATES, rule, 100, bound=limit)
                chosen.append(best({"surface": surface}, s))
            assert len(set(chosen)) == 1, (surface, name, chosen)


def test_the_alt_text_says_what_a_sweep_finds():
    text = alt_text(checked_config(**{**DEFAULTS, "surface": "rosenbrock", "methods": ["adam", "lion"]}))
    banana, start = SURFACES["rosenbrock"].problem, [-1.2, 1.0]
    for name, title in (("adam", "Adam"), ("lion", "Lion")):
        s = sweep(banana, start, RATES, METHODS[name][1], 100, bound=24_200.0)
        assert f"{title} at {s.best_rate:.3g} reaches {s.best_loss:.2g}" in text
    assert "Rosenbrock's valley from (-1.2, 1.0)" in text
    assert f"AdaGrad at 0.794 reaches less than {TINY:.0e}" in alt_text(checked_config(**DEFAULTS))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"surface": "beale"}, "surface must be one of 'bowl', 'turned', 'rosenbrock'"),
        ({"methods": "adam"}, "methods must be a sequence"),
        ({"methods": 3}, "methods must be a sequence"),
        ({"methods": []}, "methods must be different, at least one"),
        ({"methods": ["adam", "adam"]}, "methods must be different"),
        ({"methods": ["sgd"]}, "a method must be one of 'descent', 'momentum'"),
        ({"start": (3.1, 0)}, "start must be two numbers in [-3, 3] and [-2.4, 2.4]"),
        ({"start": 1}, "start must be two numbers"),
        ({"start": (np.nan, 0)}, "start must be finite"),
        ({"steps": 210}, "steps must be a multiple of 10 up to 200"),
        ({"steps": 15}, "steps must be a multiple of 10"),
        ({"steps": 0}, "steps must be at least 10"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.optimizer_race(**wrong)


def test_two_lives(monkeypatch):
    _, book, _ = two_lives(monkeypatch, viz.optimizer_race)
    assert "best rate: that with the lowest f after 100 steps among 71 rates from 0.0001 to 1000" in book


@pytest.mark.parametrize("surface", SURFACES)
def test_each_surface_can_stand_first(surface):
    """With all methods, from a corner, and from the minimum, where every loss is 0."""
    shape = SURFACES[surface]
    corner = (shape.window[0], shape.window[3])
    for start in (corner, tuple(shape.problem.x_star)):
        config = checked_config(surface, list(METHODS)[:6], start, 20)
        assert "<svg" in explorer(config, None)
