"""The momentum map's arithmetic is lrcore's: what Python runs here, node replays."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives

from lrcore import viz
from lrcore.analysis import stability
from lrcore.viz.momentum_map import FORMS, METHODS, MOST_BETA, checked_config, simulate

REPLAY = """{
  const { form, L, kappa, eta, beta, steps, r } = c;
  const [mu, h] = [L / kappa, [eta * L / kappa, eta * L]];
  return {
    path: a.descend(form, [mu, L], eta, beta, steps), edge: a.edge(form, beta), best: a.best(form, mu, L),
    radius: h.map((each) => a.radius(form, each, beta)), regime: h.map((each) => a.regime(form, each, beta)),
    swing: a.swing(form, beta), within: a.within(form, r, beta), level: a.level(form, kappa, r),
  };
}"""


@pytest.fixture(scope="module")
def replayed():
    """300 pairs, a third of each form, half of them at rates that mean something."""
    draw = np.random.default_rng(5)
    cases = []
    for i in range(300):
        form = FORMS[i % 3]
        L, kappa, beta = 10 ** draw.uniform(-2, 2), 10 ** draw.uniform(0, 2), draw.uniform(0, 0.98)
        beta = 0.0 if i % 10 == 0 else beta
        edge = float(stability.max_rate(L, METHODS[form], beta))
        eta = (
            [edge, 1.01 * edge, 1 / L, 0.99 * edge][i // 6 % 4] if i // 3 % 2 else draw.uniform(0.02, 4.2) / L
        )
        cases.append({"form": form, "L": L, "kappa": kappa, "eta": eta, "beta": beta, "steps": 80,
                      "r": draw.uniform(0.05, 1)})  # fmt: skip
    return replay("momentum_map", cases, REPLAY)


def radius(form, h, beta):
    return stability.spectral_radius(h, 1.0, beta, form)


def test_runs_are_equal_to_the_bit(replayed):
    for case, js in replayed:
        assert np.array_equal(js["path"], simulate(case).x), case


def test_radii_and_edges_are_those_of_stability(replayed):
    for case, js in replayed:
        modes = [case["L"] / case["kappa"], case["L"]]
        expected = stability.spectral_radius(case["eta"], modes, case["beta"], case["form"])
        # a double root loses half the digits in the eigenvalues that the reference computes
        np.testing.assert_allclose(js["radius"], expected, rtol=3e-8)
        assert js["edge"] == pytest.approx(
            float(stability.max_rate(1.0, METHODS[case["form"]], case["beta"])), rel=1e-15
        )


def test_regimes_say_what_the_eigenvalues_are(replayed):
    seen = set()
    for case, js in replayed:
        for lam, name in zip((case["L"] / case["kappa"], case["L"]), js["regime"], strict=True):
            seen.add(name)
            M = stability.iteration_matrix(case["eta"], lam, case["beta"], case["form"])
            roots = np.linalg.eigvals(M)
            larger = roots[np.abs(roots).argmax()]
            assert (name == "diverging") == (abs(larger) > 1 + 1e-9), case
            assert (name == "edge") == (abs(abs(larger) - 1) <= 1e-9), case
            if name == "oscillating":
                assert abs(larger.imag) > 0
            elif name in ("monotone", "alternating"):
                assert larger.imag == 0 and (larger.real > 0) == (name == "monotone")
            elif name == "one step":
                assert abs(larger) < 1e-7
    assert seen == {"monotone", "alternating", "oscillating", "edge", "diverging", "one step"}


def test_roots_turn_complex_where_the_map_says(replayed):
    for case, js in replayed:
        form, beta = case["form"], case["beta"]
        if beta < 0.01:
            continue
        low, high = js["swing"]
        for h, complex_ in (
            (low * 0.99, False),
            (low * 1.01, True),
            (high * 0.99, True),
            (high * 1.01, False),
        ):
            roots = np.linalg.eigvals(stability.iteration_matrix(h, 1.0, beta, form))
            assert (abs(roots.imag).max() > 0) == complex_, (form, beta, h)


def test_bands_end_where_the_radius_is_theirs(replayed):
    """At both ends of the interval the radius is r, inside it is less, outside more."""
    empty = 0
    for case, js in replayed:
        form, beta, r = case["form"], case["beta"], case["r"]
        if js["within"] is None:
            empty += 1
            assert radius(form, np.linspace(0.001, 4 / (1 - beta), 400), beta).min() > r
            continue
        low, high = js["within"]
        if low <= high:
            np.testing.assert_allclose(
                radius(form, [max(low, 1e-9), high], beta)[int(low < 0) :], r, rtol=1e-6
            )
            assert radius(form, high * 1.001, beta) > r
            assert radius(form, low + 0.5 * (high - low), beta) <= r * (1 + 1e-9)
            if low > 1e-6:
                assert radius(form, low * 0.999, beta) > r
    assert empty > 20


def test_bands_hold_the_pairs_that_are_fast_enough(replayed):
    """The drawn polygon against the definition, at random pairs of the plane."""
    from matplotlib.path import Path

    draw = np.random.default_rng(1)
    inside = 0
    for case, js in replayed[:60]:
        pairs = draw.uniform([0.01, 0], [4.2, 0.98], (200, 2))
        rho = stability.worst_radius(pairs[:, 0], 1 / case["kappa"], 1.0, pairs[:, 1], case["form"])
        clear = np.abs(rho - case["r"]) > 0.02  # between two rows the border is drawn straight
        corners = js["level"]
        found = Path(corners).contains_points(pairs) if corners else np.zeros(200, bool)
        assert (found == (rho < case["r"]))[clear].all(), case
        inside += found.sum()
    assert inside > 1000


@pytest.mark.parametrize("form", FORMS)
def test_the_best_pair_is_that_of_stability(form):
    cases = [{"form": form, "kappa": kappa, "mu": 10.0 / kappa} for kappa in (1.5, 10.0, 70.0)]
    for case, js in replay("momentum_map", cases, "return a.best(c.form, c.mu, 10)"):
        found = stability.optimal(case["mu"], 10.0, form)
        assert (js["eta"], js["beta"], js["rho"]) == pytest.approx(found, rel=1e-14)


def test_the_best_pair_has_double_roots():
    cases = [{"form": form, "kappa": kappa} for form in ("classical", "ema") for kappa in (2.0, 10.0, 100.0)]
    expression = """{
      const { eta, beta } = a.best(c.form, 10 / c.kappa, 10);
      return [eta * 10 / c.kappa, eta * 10].map((h) => a.regime(c.form, h, beta));
    }"""
    for case, js in replay("momentum_map", cases, expression):
        assert js == ["double root", "double root"], case


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kappa": 0.5}, "kappa must be in [1, 100]"),
        ({"eta": 0}, "eta must be in (0,"),
        ({"eta": 0.5}, "eta must be in (0, 0.42]"),
        ({"beta": 1.0}, "beta must be in [0, 0.99]"),
        ({"beta": "0.9"}, "beta must be"),
        ({"form": "adam"}, "form must be one of 'classical', 'ema', 'nesterov'"),
        ({"L": -1}, "L must be in (0"),
        ({"steps": 501}, "at most 500"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.momentum_map(**wrong)


def test_two_lives(monkeypatch):
    _, _, alt = two_lives(monkeypatch, viz.momentum_map, "η = 1/L")
    assert "best pair is 0.231 and 0.27; the marked pair, 0.1 and 0.9" in alt


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_stand_first(form):
    config = checked_config(10.0, None, MOST_BETA, form, 10.0, 60)
    assert "<svg" in viz.momentum_map.__globals__["explorer"](config, None)
