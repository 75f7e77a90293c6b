"""Sheet 09: its keys against runs of the rules, and its functions against lrcore's."""

from itertools import product

import numpy as np
from scipy.optimize import minimize_scalar
from test_exam_keys import every

from lrcore import problems, run
from lrcore.exam import Exam
from lrcore.exam.page import SEEDS
from lrcore.stepsizes import AdGD, DAdaptation, DeltaBarDelta, DoG, Hypergradient


class Seen:
    """A point of which a rule sees iterate and gradient only."""

    def __init__(self, x, g):
        self.x, self.g = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(g, float))


def fed(rule, points):
    """The rates of a rule that is shown these (x, g), one a step."""
    state, rates = rule.init(np.atleast_1d(np.asarray(points[0][0], float))), []
    for k, (x, g) in enumerate(points):
        seen = Seen(x, g)
        eta, state = rule(k, seen, -seen.g, state)
        rates.append(float(np.ravel(eta)[0]))
    return rates


def test_key_delta_bar_delta():
    for v, key in every("09", "q2"):
        rule = DeltaBarDelta(v["eta0"], kappa=0.01, phi=v["phi"], theta=0.5)
        r = run(problems.Quadratic([float(v["h"])]), [float(v["x0"])], rule, steps=2)
        assert np.isclose(r.x_last[0], key)


def test_key_pure_noise():
    for v, key in every("09", "q3"):
        rule = DeltaBarDelta(0.5, kappa=v["kappa"], phi=v["phi"], theta=0.0, eta_min=0.0)
        last = [
            fed(rule, [(0.0, s) for s in signs])[-1] for signs in product((-1.0, 1.0), repeat=int(v["k"]) + 1)
        ]
        assert np.isclose(np.mean(last), key)


def test_key_hypergradient():
    for v, key in every("09", "q4"):
        rule = Hypergradient(0.1, beta=v["beta"])
        r = run(problems.Quadratic([float(v["h"])]), [float(v["x0"])], rule, steps=2)
        assert np.isclose(r.eta[1], key)


def test_key_units():
    for v, key in every("09", "q5"):
        one, many = problems.Quadratic([1.0, 0.3]), problems.Quadratic([1.0 * v["B"], 0.3 * v["B"]])
        a = run(one, [1.0, 2.0], Hypergradient(0.1, beta=v["beta"]), steps=30)
        b = run(many, [1.0, 2.0], Hypergradient(0.1 / v["B"], beta=key), steps=30)
        assert np.allclose(a.x_last, b.x_last, rtol=1e-10)


def test_key_adgd():
    for v, key in every("09", "q7"):
        # theta_0 is infinite: a first secant of 1/(2 eta1) gives eta_1
        points = [(0.0, 0.0), (1.0, 1 / (2 * v["eta1"]))]
        points.append((1.0 + v["dx"], points[-1][1] + v["dg"]))
        rates = fed(AdGD(0.1), points)
        assert np.isclose(rates[1], v["eta1"]) and np.isclose(rates[2], key)


def test_adgd_is_asked_where_either_term_is_the_smaller():
    """Somebody who knows one term only must not be right with all numbers, nor with those of the page."""
    growth_counts = {np.isclose(key, np.sqrt(1 + 10 * v["eta1"]) * v["eta1"]) for v, key in every("09", "q7")}
    assert growth_counts == {True, False}
    on_the_page = set()
    for seed in SEEDS:
        question = Exam("09", seed).questions["q7"]
        v, key = question.values, question.evaluate(question.data["key"])
        on_the_page.add(bool(np.isclose(key, v["dx"] / (2 * v["dg"]))))
    assert on_the_page == {True, False}


def test_key_best_next_rate():
    for v, key in every("09", "q9"):
        nodes, weights = np.polynomial.hermite_e.hermegauss(12)
        g = v["h"] * (v["e"] - v["sigma"] * nodes)
        best = minimize_scalar(lambda eta, v=v, g=g, w=weights: w @ (v["e"] - eta * g) ** 2).x
        assert np.isclose(best, key, rtol=1e-6)


def test_key_lower_bound():
    for v, key in every("09", "q11"):
        # The program's estimate after two steps of the same rate is twice the bound, or what it was before.
        d0 = v["eta"] * v["g0"]
        rule = DAdaptation(d0)
        rates = fed(rule, [(0.0, v["g0"]), (-d0, v["g1"]), (0.0, 1.0)])
        assert np.isclose(rates[0], v["eta"]) and np.isclose(rates[1], v["eta"])
        assert np.isclose(rates[2] * v["g0"], max(d0, 2 * key))


def test_key_dog():
    for v, key in every("09", "q12"):
        path = [0.0, v["far"], 0.1, v["now"]]
        assert np.isclose(fed(DoG(1e-9), [(x, v["g"]) for x in path])[-1], key, rtol=1e-6)
