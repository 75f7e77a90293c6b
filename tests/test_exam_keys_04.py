"""Sheet 04: its keys against searches that are run here."""

import numpy as np
import pytest
from test_exam_keys import SHEETS, every

from lrcore import problems, run
from lrcore.directions import Newton, Steepest
from lrcore.linesearches import Backtracking, Exact, conditions
from lrcore.stepsizes import BarzilaiBorwein, LineSearch, Polyak


def parabola(best, slope=-1.0):
    return (lambda t: slope * t * (1 - t / (2 * best))), (lambda t: slope * (1 - t / best))


def test_key_exact_step():
    for v, key in every("04", "q1"):
        bowl, x = problems.Quadratic([float(v["a"]), float(v["b"])]), np.array([v["x0"], v["y0"]], float)
        t = np.linspace(0.5 * key, 1.5 * key, 100_001)
        values = bowl.f(x - t[:, None] * bowl.grad(x))
        assert np.isclose(t[values.argmin()], key, rtol=1e-4)


def test_ticks_conditions():
    v, t, slope = {"f0": 10, "ft": 8.5}, 0.5, 3.0
    holds = {
        "armijo-small": conditions.armijo(v["ft"], t, v["f0"], -8, 0.1),
        "armijo-half": conditions.armijo(v["ft"], t, v["f0"], -8, 0.5),
        "goldstein-wide": conditions.goldstein(v["ft"], t, v["f0"], -8, 0.25),
        "goldstein-narrow": conditions.goldstein(v["ft"], t, v["f0"], -8, 0.4),
        "curvature": conditions.curvature(slope, -8, 0.9),
        "strong-curvature": conditions.strong_curvature(slope, -8, 0.1),
    }
    data = next(data for data in SHEETS["04"].questions if data["id"] == "q2")
    assert data["let"] == {"ft": "f0 - 1.5"}
    assert holds == {option["code"]: option.get("correct", False) for option in data["options"]}


def test_key_wolfe_interval():
    for v, key in every("04", "q3"):
        phi, dphi = parabola(v["ts"])
        t = np.linspace(1e-6, 3 * v["ts"], 300_001)
        good = conditions.armijo(phi(t), t, 0, -1, v["c1"])
        good &= conditions.strong_curvature(dphi(t), -1, v["c2"])
        assert np.isclose(good.mean() * 3 * v["ts"], key, rtol=1e-3)


def test_key_backtracks():
    for v, key in every("04", "q6"):
        f = problems.Quadratic([float(v["h"])])
        search = LineSearch(Backtracking(c1=v["c1"], shrink=v["beta"]), t0=1.0)
        for x0 in (0.3, 7.0):
            assert run(f, [x0], search, steps=1).evaluations[0] - 1 == key


def test_key_guaranteed_step():
    """No parabola with curvature up to L makes the search stop below the key, and some come close to it."""
    for v, key in every("04", "q7"):
        search = Backtracking(c1=v["c1"], shrink=v["beta"])
        zero = np.zeros(2001)
        phi, dphi = parabola(1 / np.linspace(v["beta"] * v["L"], v["L"], len(zero)))
        steps = search(phi, dphi, 1 + zero, phi(zero), dphi(zero)).t
        assert key <= steps.min() < 1.5 * key
        # from a first trial just above what a parabola of curvature L accepts, it is attained
        phi, dphi = parabola(1 / v["L"])
        t0 = 2 * (1 - v["c1"]) / v["L"] * (1 + 1e-9)
        assert np.isclose(float(search(phi, dphi, t0, phi(0.0), dphi(0.0)).t), key)


def test_key_worst_start():
    for v, key in every("04", "q9"):
        bowl = problems.Quadratic([1.0, float(v["kappa"])])
        r = run(bowl, [float(v["kappa"]), 1.0], LineSearch(Exact()), steps=v["n"])
        assert np.isclose(r.f[-1] / r.f[0], key)


def test_key_price_of_a_run():
    for v, key in every("04", "q11"):
        values, backtracks = 0, [v["b"] // v["n"]] * v["n"]
        backtracks[0] += v["b"] % v["n"]
        for failed in backtracks:
            values += v["c"]  # the gradient
            values += failed + 1
        assert values == key


def test_key_polyak_with_a_guess():
    for v, key in every("04", "q13"):
        r = run(problems.Quadratic([float(v["h"])]), [float(v["x0"])], Polyak(f_star=-v["delta"]), steps=1)
        assert np.isclose(r.x_last[0], key)


@pytest.mark.parametrize(
    "same, eta, direction",
    [
        (True, LineSearch(Backtracking()), Newton()),
        (False, LineSearch(Exact()), Steepest()),
        (False, Polyak(f_star=problems.BoydExp().f_star), Steepest()),
        (False, BarzilaiBorwein(eta0=0.01), Steepest()),
    ],
)
def test_choice_other_units(same, eta, direction):
    """q14: with x₁ = 1000 z₁ only Newton's points are the same, apart from the units."""
    f, unit = problems.BoydExp(), np.array([1000.0, 1.0])
    scaled = problems.Function(
        lambda z: f.f(unit * z), lambda z: unit * f.grad(unit * z), dim=2,
        hessian=lambda z: unit[:, None] * f.hessian(unit * z) * unit,
    )  # fmt: skip
    x0 = np.array([-0.5, 0.3])
    one = run(f, x0, eta, direction, steps=3, record_x=True).x
    other = run(scaled, x0 / unit, eta, direction, steps=3, record_x=True).x * unit
    assert (one.shape == other.shape and np.allclose(one, other, rtol=1e-8)) == same
