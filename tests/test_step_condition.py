"""Accepted steps: the script's intervals and trials against lrcore.linesearches and roots of polynomials."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives
from numpy.polynomial import Polynomial

from lrcore import viz
from lrcore.linesearches import Backtracking
from lrcore.viz.step_condition import TWO_DIPS, accepted, checked_config, explorer, trials

NAMES = ("Armijo", "Wolfe", "strong Wolfe", "Goldstein")
REPLAY = """{
  const sets = Object.keys(a.margins(c.phi, 1, c.c1, c.c2)).map(
    (name) => [name, a.accepted(c.phi, name, c.c1, c.c2, c.reach)]);
  return {
    sets: Object.fromEntries(sets), trials: a.trials(c.phi, c.t0, c.shrink, c.c1),
    values: c.points.map((t) => a.polynomial(c.phi, t)),
    slopes: c.points.map((t) => a.polynomial(a.derivative(c.phi), t)),
  };
}"""


@pytest.fixture(scope="module")
def replayed():
    """The two dips with many constants, parabolas, and polynomials drawn at random."""
    draw = np.random.default_rng(6)
    cases = []
    for i in range(90):
        c1, c2 = np.sort(draw.uniform(0.01, 0.9, 2))
        phi, reach = TWO_DIPS, 1.1
        if i % 3 == 1:
            phi, reach = (draw.normal(), -draw.uniform(0.5, 2), draw.uniform(0.5, 2)), draw.uniform(1, 3)
        elif i % 3 == 2:
            phi = (0.0, -draw.uniform(0.5, 3), *draw.normal(size=4) * 4)
        case = checked_config(phi, 0.05, c1, c2, draw.uniform(0.1, 0.95), reach, reach)
        cases.append({**case, "points": draw.uniform(0, reach, 200).tolist()})
    return replay("step_condition", cases, REPLAY)


def test_values_and_slopes(replayed):
    for case, js in replayed:
        phi, t = Polynomial(case["phi"]), np.array(case["points"])
        np.testing.assert_allclose(js["values"], phi(t), rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(js["slopes"], phi.deriv()(t), rtol=1e-13, atol=1e-13)


def test_a_step_is_in_an_interval_when_the_condition_accepts_it(replayed):
    inside = dict.fromkeys(NAMES, 0)
    for case, js in replayed:
        t = np.array(case["points"])
        for name, expected in accepted(case, t).items():
            spans = np.array(js["sets"][name]).reshape(-1, 2)
            found = ((spans[:, :1] <= t) & (t <= spans[:, 1:])).any(axis=0)
            # an interval thinner than a pixel may be missed, and nothing else
            pixel = case["reach"] / 600
            for wrong in t[found != expected]:
                here, left, right = accepted(case, wrong + pixel * np.array([0, -1, 1]))[name]
                assert here != left and here != right, (name, case["phi"], wrong)
            inside[name] += found.sum()
    assert min(inside.values()) > 300, inside


def test_intervals_end_at_the_roots_of_the_condition(replayed):
    """Every end is 0, the reach, or a root of one of the polynomials that the conditions compare."""
    checked = 0
    for case, js in replayed:
        phi, c1, c2, slope0 = Polynomial(case["phi"]), case["c1"], case["c2"], case["phi"][1]
        line = [Polynomial([case["phi"][0], share * slope0]) for share in (c1, 1 - c1)]
        upper, lower = phi - line[0], phi - line[1]
        slopes = [phi.deriv() - c2 * slope0, phi.deriv() + c2 * slope0]
        borders = {"Armijo": [upper], "Wolfe": [upper, slopes[0]], "strong Wolfe": [upper, *slopes],
                   "Goldstein": [upper, lower]}  # fmt: skip
        for name, spans in js["sets"].items():
            roots = np.concatenate([p.roots() for p in borders[name]] + [[0, case["reach"]]])
            for end in np.ravel(spans):
                assert np.abs(roots - end).min() < 1e-6, (name, end)
                checked += 1
    assert checked > 500


def test_a_parabola_has_the_intervals_of_the_textbook():
    """phi = 1 - 2t + t^2, whose exact step is 1: Armijo up to 2(1 - c), Goldstein from 2c to 2(1 - c)."""
    case = checked_config((1.0, -2.0, 1.0), 0.5, 0.2, 0.6, 0.5, 2.5, 2.5)
    ((_, js),) = replay("step_condition", [{**case, "points": []}], REPLAY)
    flat = {name: [x for span in spans for x in span] for name, spans in js["sets"].items()}
    assert flat["Armijo"] == pytest.approx([0, 1.6], abs=1e-9)
    assert flat["Goldstein"] == pytest.approx([0.4, 1.6], abs=1e-9)
    assert flat["Wolfe"] == pytest.approx([0.4, 1.6], abs=1e-9)  # 2t - 2 >= -1.2
    assert flat["strong Wolfe"] == pytest.approx([0.4, 1.6], abs=1e-9)
    assert js["trials"] == [2.5, 1.25]


def test_the_default_view_has_a_bump_that_armijo_leaves_out():
    case = checked_config(TWO_DIPS, 0.05, 0.1, 0.2, 0.5, 1.0, 1.1)
    ((_, js),) = replay("step_condition", [{**case, "points": []}], REPLAY)
    assert len(js["sets"]["Armijo"]) == 2 and js["trials"] == [1.0, 0.5, 0.25]
    at = {name: bool(each) for name, each in accepted(case, 0.05).items()}
    assert at == {"Armijo": True, "Wolfe": False, "strong Wolfe": False, "Goldstein": True}


def test_trials_are_those_of_backtracking(replayed):
    several = 0
    for case, js in replayed:
        phi = Polynomial(case["phi"])
        found = Backtracking(case["c1"], case["shrink"])(phi, phi.deriv(), case["t0"], *case["phi"][:2])
        assert js["trials"] == trials(case) == [float(t) for t, _ in found.trials]
        assert js["trials"][-1] == float(found.t)
        several += len(js["trials"]) > 2
    assert several > 20


def test_goldstein_needs_a_constant_below_one_half():
    case = {**checked_config(TWO_DIPS, 0.05, 0.6, 0.7, 0.5, 1.0, 1.1), "points": []}
    ((_, js),) = replay("step_condition", [case], REPLAY)
    assert js["sets"]["Goldstein"] == [] and not accepted(case, np.linspace(0.01, 1, 50))["Goldstein"].any()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"phi": (0, 1, 1)}, "phi must fall at 0"),
        ({"phi": (0, -1)}, "phi must be 3 to 8 coefficients"),
        ({"phi": "abc"}, "phi"),
        ({"t": 0}, "t must be in (0, 1.1]"),
        ({"t0": 2}, "t0 must be in (0, 1.1]"),
        ({"c1": 0.3, "c2": 0.2}, "c1 must be less than c2"),
        ({"c1": 0}, "c1 must be in [0.01, 0.9]"),
        ({"c2": 1}, "c2 must be in [0.02, 0.99]"),
        ({"shrink": 1}, "shrink must be in [0.1, 0.95]"),
        ({"reach": 0}, "reach must be"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.step_condition(**wrong)


def test_two_lives(monkeypatch):
    _, _, alt = two_lives(monkeypatch, viz.step_condition, "c = 0.1")
    assert "Armijo accepts 0.000 to 0.456 and 0.600 to 0.877" in alt
    assert "tries 1, 0.5, 0.25 and takes the last" in alt


def test_a_condition_that_accepts_nothing_can_stand_first():
    assert "Goldstein accepts no step" in explorer(
        checked_config(TWO_DIPS, 0.05, 0.6, 0.7, 0.5, 1.0, 1.1), None
    )
