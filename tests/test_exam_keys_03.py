"""Sheet 03: its keys against runs made step by step, and its options against measured outcomes."""

import numpy as np
from scipy.optimize import minimize
from test_exam_keys import SHEETS, every


def heavy_ball(slope, x, eta, beta, steps, form="sum"):
    """All iterates; `form` is "sum", "average", "damped" (torch's dampening) or "nesterov"."""
    v, path = 0.0, [x]
    for k in range(steps):
        g = slope(x)
        weight = 1 - beta if form == "average" or (form == "damped" and k) else 1.0
        v = beta * v + weight * g
        x = x - eta * (g + beta * v if form == "nesterov" else v)
        path.append(x)
    return np.array(path)


def question(name):
    return next(data for data in SHEETS["03"].questions if data["id"] == name)


def converges(L, eta, beta, form="sum"):
    """Bounded well below its start after many steps, whatever the transient."""
    with np.errstate(over="ignore", invalid="ignore"):
        return abs(heavy_ball(lambda x: L * x, 1.0, eta, beta, 4000, form)[-1]) < 1e-3


def test_key_two_steps():
    for v, key in every("03", "q1"):

        def slope(x, a=v["a"], h=1e-6):
            return a * ((x + h) ** 2 - (x - h) ** 2) / (2 * h)

        assert np.isclose(heavy_ball(slope, v["x0"], v["eta"], v["beta"], 2)[-1], key)


def test_key_from_average_to_sum():
    for v, key in every("03", "q2"):
        average = heavy_ball(np.sin, 2.0, v["lr"], v["beta"], 30, "average")
        np.testing.assert_allclose(heavy_ball(np.sin, 2.0, key, v["beta"], 30), average, rtol=1e-10)


def test_key_late_steps():
    for v, key in every("03", "q3"):
        path = heavy_ball(lambda x, g=v["g"]: g, 0.0, v["lr"], v["beta"], 1000)
        assert np.isclose(path[-2] - path[-1], key)


def test_dampening_is_an_average_from_the_first_gradient():
    damped = heavy_ball(np.sin, 2.0, 0.3, 0.9, 20, "damped")
    x, v = 2.0, np.sin(2.0)
    for k in range(20):
        v = 0.9 * v + 0.1 * np.sin(x)
        x = x - 0.3 * v
        assert np.isclose(damped[k + 1], x)
    assert not np.isclose(heavy_ball(np.sin, 2.0, 0.3, 0.9, 20, "average")[-1], x)
    assert "first gradient" in next(o["en"] for o in question("q4")["options"] if o.get("correct"))


def test_match_one_pair_four_modes():
    found = {}
    for lam in (2, 10, 24, 30):
        path = heavy_ball(lambda x, lam=lam: lam * x, 1.0, 0.1, 0.25, 60)
        late = path[20:41]
        if abs(path[-1]) > 1:
            found[lam] = "grows"
        elif (late > 0).all():
            found[lam] = "overdamped"
        elif (late[1:] * late[:-1] < 0).all():
            found[lam] = "alternates"
        else:  # turns with the angle of the roots, and shrinks by the root of beta
            found[lam] = "oscillates"
            size = [np.hypot(path[k], path[k + 1]) for k in (0, 50)]
            assert 0.4 < (size[1] / size[0]) ** (1 / 50) < 0.55
    assert {item["label"]: item["key"] for item in question("q5")["items"]} == found


def test_key_limits():
    for name, form in (("q6", "average"), ("q11", "nesterov")):
        for v, key in every("03", name):
            assert converges(v["L"], 0.985 * key, v["beta"], form)
            assert not converges(v["L"], 1.015 * key, v["beta"], form)


def test_key_factor_of_a_mode():
    for v, key in every("03", "q7"):
        path = heavy_ball(lambda x, lam=v["lam"]: lam * x, 1.0, 0.1, v["beta"], 400)
        size = np.abs(path)
        tops = [size[k : k + 60].max() for k in (60, 260)]
        assert np.isclose((tops[1] / tops[0]) ** (1 / 200), key, rtol=3e-3)


def test_key_best_pair():
    def worst(p, mu, L):
        eta, beta = p[0] / L, p[1]
        if not (0 <= beta < 1 and eta > 0):
            return 2.0
        return max(np.abs(np.roots([1, eta * lam - 1 - beta, beta])).max() for lam in (mu, L))

    def search(mu, L):
        grid = [(e, b) for e in np.linspace(0.2, 4, 39) for b in np.linspace(0, 0.98, 50)]
        start = min(grid, key=lambda p: worst(p, mu, L))
        options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000}
        return minimize(worst, start, (mu, L), method="Nelder-Mead", options=options).x

    for v, key in every("03", "q8"):
        assert np.isclose(search(1.0, float(v["kappa"]))[1], key, rtol=0.02)
    for v, key in every("03", "q9"):
        assert np.isclose(search(float(v["mu"]), float(v["L"]))[0] / v["L"], key, rtol=0.02)


def test_key_transient():
    for v, key in every("03", "q10"):
        root = np.sqrt(v["kappa"])
        eta, beta = 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
        assert np.isclose(heavy_ball(lambda x: x, 1.0, eta, beta, v["k"])[-1], key)


def test_multi_which_converge():
    codes = {
        "plain-stable": converges(10, 0.19, 0.0),
        "heavy-stable": converges(10, 0.19, 0.9),
        "average-stable": converges(10, 0.19, 0.9, "average"),
        "nesterov-unstable": converges(10, 0.19, 0.9, "nesterov"),
        "effective-unstable": converges(10, 0.19 / (1 - 0.9), 0.0),
    }
    assert {option["code"]: bool(option.get("correct")) for option in question("q12")["options"]} == codes


def test_key_growing_momentum():
    """The guarantee holds on walls of every width, and that of plain descent asks for less."""
    for v, key in every("03", "q14"):
        gaps = []
        for delta in np.geomspace(1e-3, 1, 40) * v["R"]:
            x = y = float(v["R"])
            t = 1.0
            for _ in range(v["k"]):
                after = x - np.clip(x, -delta, delta)  # a step of 1/L on the Huber function
                t, before = (1 + np.sqrt(1 + 4 * t * t)) / 2, t
                x, y = after + (before - 1) / t * (after - y), after
            gaps.append(v["L"] * (y * y / 2 if abs(y) <= delta else delta * abs(y) - delta**2 / 2))
        assert max(gaps) <= key and max(gaps) > key / 5
        assert key < v["L"] * v["R"] ** 2 / (4 * v["k"] + 2)


def test_key_effective_rate():
    for v, key in every("03", "q18"):
        late = []
        for eta, beta in ((1.0, 0.95), (v["f"], v["low"])):
            path = heavy_ball(lambda x: 1.0, 0.0, eta, beta, 2000)
            late.append(path[-2] - path[-1])
        assert np.isclose(late[1] / late[0], key)


def test_choice_which_rate_is_safe():
    """Just below 2(1 - beta)/L no run rises above its start; the larger ranges offered are not safe."""
    L, starts = 25.0, np.linspace(-6, 6, 61)

    def slope(x):
        return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))

    def loss(x):
        return np.where(
            x < 1, 12.5 * x**2, np.where(x < 2, x**2 / 2 + 24 * x - 12, 12.5 * x**2 - 24 * x + 36)
        )

    def rises(eta, beta):
        return (loss(heavy_ball(slope, starts, eta, beta, 60)) > loss(starts) * (1 + 1e-9) + 1e-12).any()

    for beta in (0.3, 4 / 9, 0.9):
        assert not rises(0.999 * 2 * (1 - beta) / L, beta)
        assert rises(0.99 * 2 * (1 + beta) / L, beta)
    assert rises(0.99 * 2 / L, 0.9) and rises(1 / 9, 4 / 9)
    assert next(o["en"] for o in question("q19")["options"] if o.get("correct")) == "η < 2(1 − β)/L"
