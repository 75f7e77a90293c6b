"""The descent explorer's arithmetic is lrcore's: what Python runs here, node replays."""

import re

import numpy as np
import pytest
from live_figures import replay, two_lives

from lrcore import problems, run, viz
from lrcore.analysis import stability
from lrcore.directions import Momentum, Steepest
from lrcore.viz.descent import checked_config

REPLAY = """{
  const { mu, L, start, eta, beta, steps } = c;
  const r = a.descend([mu, L], start, eta, beta, steps);
  return {
    path: r.path, f: r.f, edge: a.maxRate(L, beta), best: a.bestRate(mu, L, beta),
    radius: [mu, L].map((lambda) => a.spectralRadius(eta, lambda, beta)),
    regime: [mu, L].map((lambda) => a.regime(eta, lambda, beta)),
    steps: live.stepsTo(0.1, a.spectralRadius(eta, mu, beta)),
  };
}"""


@pytest.fixture(scope="module")
def replayed():
    """300 configurations and what descent.js makes of them; marked rates are among them, exactly."""
    draw = np.random.default_rng(3)
    cases = []
    for i in range(300):
        L, kappa = 10 ** draw.uniform(-2, 2), 10 ** draw.uniform(0, 2)
        beta = 0.0 if i % 3 == 0 else draw.uniform(0, 0.99)
        mu = L / kappa
        marked = [1 / L, 2 / (mu + L), 2 / L, 2 * (1 + beta) / L, 2.1 * (1 + beta) / L, 0.3 / L]
        eta = marked[i // 6 % 6] if i % 2 else draw.uniform(0.02, 4.2) / L
        start = draw.uniform(-3, 3, 2).tolist()
        cases.append({"mu": mu, "L": L, "start": start, "eta": eta, "beta": beta, "steps": 80})
    return replay("descent", cases, REPLAY)


def test_paths_are_equal_to_the_bit(replayed):
    for case, js in replayed:
        bowl = problems.Quadratic([case["mu"], case["L"]])
        direction = Momentum(case["beta"]) if case["beta"] else Steepest()
        never = np.finfo(float).max
        r = run(bowl, case["start"], case["eta"], direction, case["steps"], record_x=True, bound=never)
        assert np.array_equal(js["path"], r.x), case
        # f is a sum of two products, which a dot product may fuse.
        np.testing.assert_allclose(js["f"], r.f, rtol=1e-15)


def test_thresholds_and_radii_are_those_of_stability(replayed):
    for case, js in replayed:
        L, mu, eta, beta = (case[name] for name in ("L", "mu", "eta", "beta"))
        assert js["edge"] == pytest.approx(float(stability.max_rate(L, "momentum", beta)), rel=1e-15)
        # a double root loses half the digits in the eigenvalues that the reference computes
        np.testing.assert_allclose(js["radius"], stability.spectral_radius(eta, [mu, L], beta), rtol=3e-8)
        assert float(js["steps"]) == stability.steps_to(0.1, radius_of(eta, mu, beta))
        # that this is the best rate is shown below
        assert js["best"] == pytest.approx((1 + beta) * float(stability.best_rate(mu, L)), rel=1e-15)


def radius_of(eta, lam, beta):
    """The larger root's modulus in closed form, where numpy's eigenvalues are inexact at a double root."""
    p = 1 + beta - eta * lam
    return np.sqrt(beta) if p * p < 4 * beta else (abs(p) + np.sqrt(p * p - 4 * beta)) / 2


def test_regimes_are_those_of_stability(replayed):
    seen = set()
    for case, js in replayed:
        radius = stability.spectral_radius(case["eta"], [case["mu"], case["L"]], case["beta"])
        for lam, name, rho in zip((case["mu"], case["L"]), js["regime"], radius, strict=True):
            seen.add(name)
            if case["beta"] == 0:
                assert name == stability.regime(case["eta"], lam), case
            elif name == "edge":
                assert rho == pytest.approx(1, abs=1e-7)
            else:
                assert (name == "diverging") == (rho > 1), case
    assert seen == {"monotone", "one step", "alternating", "oscillating", "edge", "diverging"}


def test_the_best_rate_with_momentum_is_best():
    """2 (1 + beta)/(mu + L) minimises the larger of the two spectral radii."""
    eta = np.linspace(0.001, 0.5, 5000)
    for beta in (0.0, 0.3, 0.6):
        worst = np.maximum(*(stability.spectral_radius(eta, lam, beta) for lam in (0.05, 10.0)))
        ours = max(stability.spectral_radius(2 * (1 + beta) / 10.05, lam, beta) for lam in (0.05, 10.0))
        assert ours <= worst.min() * (1 + 1e-9)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kappa": 0.5}, "kappa must be in [1, 100]"),
        ({"kappa": float("nan")}, "kappa must be finite"),
        ({"eta": 0}, "eta must be in (0,"),
        ({"eta": 1.0}, "eta must be in (0, 0.42]"),
        ({"eta": "0.1"}, "eta must be real numbers"),
        ({"beta": 1.0}, "beta must be in [0, 0.99]"),
        ({"beta": 0.5, "momentum": False}, "needs momentum=True"),
        ({"start": (1, 2, 3)}, "start must be two numbers"),
        ({"start": (9, 0)}, "start must be two numbers"),
        ({"L": -1}, "L must be in (0"),
        ({"steps": 0}, "steps"),
        ({"steps": 501}, "at most 500"),
        ({"momentum": "yes"}, "momentum must be True or False"),
        ({"caption": 3}, "caption must be a text"),
    ],
)
def test_wrong_arguments_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.descent(**wrong)


def test_two_lives(monkeypatch):
    two_lives(monkeypatch, viz.descent, "η = 0.17")


def test_default_configuration_teaches():
    """The first view overshoots and converges: above 1/L, below 2/L."""
    config = checked_config(10.0, None, 0.0, (-2.5, 0.6), 10.0, 0.4, 60, True)
    assert stability.regime(config["eta"], [1.0, 10.0]).tolist() == ["monotone", "alternating"]
