"""Sheet 10: its keys against runs, sampled signs and eigenvalues."""

from itertools import product

import numpy as np
from test_exam_keys import every

from lrcore import problems, run
from lrcore.directions import DiagonalNewton, Newton


def test_key_newton_step():
    for v, key in every("10", "q1"):
        f = problems.Function(
            lambda x, v=v: (v["a"] * x**4 / 4 + v["b"] * x**2 / 2).sum(-1),
            lambda x, v=v: v["a"] * x**3 + v["b"] * x,
            dim=1,
            hessian=lambda x, v=v: (3 * v["a"] * x**2 + v["b"])[..., np.newaxis],
        )
        assert np.isclose(run(f, [float(v["x0"])], 1.0, Newton(), steps=1).x_last[0], key)


def test_key_negative_curvature():
    for v, key in every("10", "q2"):
        hill = problems.Quadratic([-float(v["h"])])
        r = run(hill, [v["x0"]], 1.0, DiagonalNewton(v["mu"]), steps=1)
        assert np.isclose(r.x_last[0], key)


def test_key_right_digits():
    for v, key in every("10", "q3"):
        e = v["e0"]
        for _ in range(v["n"]):
            e = v["C"] * e**2
        assert np.isclose(e, key)


def test_key_diagonal():
    for v, key in every("10", "q4"):
        H = np.array([[v["s"] ** 2, v["r"] * v["s"]], [v["r"] * v["s"], 1.0]])
        D = np.diag(np.diag(H) ** -0.5)
        assert np.isclose(np.linalg.cond(D @ H @ D), key)


def test_key_one_vector():
    for v, key in every("10", "q7"):
        z = np.array([-1, 1])
        assert (z * (np.array([[v["a"], v["b"]], [v["b"], v["c"]]]) @ z))[0] == key


def test_key_variance():
    for v, key in every("10", "q8"):
        row = np.array([v["h"], v["b"], v["c"]], float)
        samples = [z[0] * (row @ z) for z in np.array(list(product((-1, 1), repeat=3)))]
        assert np.isclose(np.mean(samples), v["h"]) and np.isclose(np.var(samples) / v["m"], key)


def test_key_products():
    for v, key in every("10", "q11"):
        # Small errors of the Rayleigh quotient: the second direction starts with a share of a millionth.
        share, k, first = 1e-6, 0, None
        while True:
            now = (1 - v["q"]) * share / (1 + share)
            first = first or now
            if now <= first / v["D"] * (1 + 1e-5):
                break
            share, k = share * v["q"] ** 2, k + 1
        assert k == key
