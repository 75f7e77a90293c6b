"""The keys of the bank against the thing itself: simulated here, not derived once more."""

import numpy as np
import pytest

from lrcore.exam.bank import load, names, variants

SHEETS = {name: load(name) for name in names()}


def every(sheet, name):
    data = next(data for data in SHEETS[sheet].questions if data["id"] == name)
    found = [(question.values, question.evaluate(data["key"])) for question in variants(SHEETS[sheet], data)]
    assert found
    return found


def descend(slope, x, eta, steps=1):
    for _ in range(steps):
        x = x - eta * slope(x)
    return x


def slope_of(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def test_key_one_update():
    for v, key in every("01", "q3"):
        assert np.isclose(v["x0"] - v["eta"] * slope_of(lambda x: v["a"] * x**2 + v["b"] * x, v["x0"]), key)  # noqa: B023


def test_key_count_the_updates():
    for v, key in every("01", "q4"):
        updates = 0
        for _ in range(v["epochs"]):
            left = v["n"]
            while left >= v["batch"]:
                left, updates = left - v["batch"], updates + 1
        assert updates == key


def test_key_change_the_unit():
    for v, key in every("01", "q6"):
        metres = descend(lambda x: np.sin(x), 2.0, v["eta"], 7)
        fine = descend(lambda z: np.sin(z / v["c"]) / v["c"], 2.0 * v["c"], key, 7)  # noqa: B023
        assert np.isclose(fine, v["c"] * metres, rtol=1e-12)


def test_key_sum_or_mean():
    for v, key in every("01", "q7"):
        x = np.linspace(-1, 2, v["n"])
        mean = descend(lambda w: np.mean(w - x), 3.0, v["eta"], 5)  # noqa: B023
        assert np.isclose(descend(lambda w: np.sum(w - x), 3.0, key, 5), mean, rtol=1e-12)  # noqa: B023


def test_key_two_forms_of_momentum():
    for v, key in every("01", "q8"):
        one = other = 1.0
        v1 = v2 = 0.0
        for _ in range(20):
            v1, v2 = v["beta"] * v1 + np.sin(one), v["beta"] * v2 + (1 - v["beta"]) * np.sin(other)
            one, other = one - v["eta"] * v1, other - key * v2
        assert np.isclose(one, other, rtol=1e-12)


def test_key_log_axis_and_distance():
    for v, key in every("01", "q9"):
        assert np.isclose(10.0 ** v["p"] * key ** v["steps"], 10.0 ** v["q"])
    for v, key in every("01", "q10"):
        x = descend(lambda x: x, 1.0, 1 - key)
        assert np.isclose(x**2, v["r"])  # the loss x²/2 from 1/2


def test_key_rate_from_a_loss_curve():
    for v, key in every("01", "q15"):
        h = 1 / key
        assert 0 < v["eta"] * h < 1, "from one side"
        assert np.isclose(descend(lambda x: h * x, 1.0, v["eta"], v["n"]) ** 2, 0.1)  # noqa: B023
        assert abs(descend(lambda x: h * x, 1.0, key)) < 1e-12  # noqa: B023


@pytest.mark.parametrize("name", ["q1", "q2"])
def test_key_largest_stable_rate(name):
    for v, key in every("02", name):
        H = [[v["a"], v["b"]], [v["b"], v["a"]]] if name == "q1" else np.diag([2 * v["a"], 2 * v["b"]])
        sizes = [np.abs(descend(lambda x: H @ x, np.ones(2), r * key, 400)).max() for r in (0.98, 1.02)]  # noqa: B023
        assert sizes[0] < 1e-2 and sizes[1] > 1e2


def test_key_best_rate_and_contraction():
    rates = np.linspace(0.001, 1, 100_000)
    for v, key in every("02", "q3"):
        slowest = np.max([np.abs(1 - rates * h) for h in (v["mu"], v["L"])], axis=0)
        assert np.isclose(rates[slowest.argmin()], key, rtol=1e-3)
    for v, key in every("02", "q4"):
        slowest = np.max([np.abs(1 - rates * h) for h in (1, v["kappa"])], axis=0)
        assert np.isclose(slowest.min(), key, rtol=1e-3)


def test_key_one_step_in_two_dimensions():
    for v, key in every("02", "q16"):

        def f(x, y, v=v):
            return (v["a"] * x**2 + v["c"] * y**2) / 2 + v["b"] * x * y

        assert np.isclose(v["x0"] - v["eta"] * slope_of(lambda x: f(x, v["y0"]), v["x0"]), key)  # noqa: B023


def test_key_steps():
    for v, key in every("02", "q7"):
        distance, steps = 1.0, 0
        while distance > 10.0 ** -v["digits"]:
            distance, steps = distance * v["rho"], steps + 1
        assert steps == key


def test_key_curvature_of_logistic_regression():
    for v, key in every("02", "q8"):
        X = np.array([[v["a"], 0], [0, v["b"]], [0, -v["b"]]])

        def f(w, X=X):
            return np.mean(np.log1p(np.exp(X @ w)))

        h = 1e-3
        worst = max((f(h * u) - 2 * f(0 * u) + f(-h * u)) / h**2 for u in np.eye(2))
        assert np.isclose(worst, key, rtol=1e-4)  # attained at w = 0, where p = 1/2


def test_key_iteration_matrix():
    for v, key in every("02", "q9"):
        M = np.eye(2) - v["eta"] * np.array([[v["a"], v["b"]], [v["b"], v["a"]]])
        assert np.isclose(np.abs(np.linalg.eigvals(M)).max(), key)


def test_key_guaranteed_decrease_is_attained_by_a_parabola():
    for v, key in every("02", "q10"):
        x = v["g"] / v["L"]
        after = descend(lambda x: v["L"] * x, x, v["eta"])  # noqa: B023
        assert np.isclose(v["L"] / 2 * (x**2 - after**2), key)


def test_key_subgradient():
    for v, key in every("02", "q11"):
        x, best = v["x0"], np.inf
        for _ in range(50):
            best, x = min(best, v["a"] * abs(x)), x - v["eta"] * v["a"] * np.sign(x)
        assert np.isclose(best, key)


def test_key_coordinate_descent():
    for v, key in every("02", "q12"):

        def f(x, y, v=v):
            return (v["a"] * x**2 + 4 * x * y + v["c"] * y**2) / 2

        x = v["x0"] - slope_of(lambda x: f(x, v["y0"]), v["x0"]) / v["a"]  # noqa: B023
        y = v["y0"] - slope_of(lambda y: f(x, y), v["y0"]) / v["c"]  # noqa: B023
        assert np.isclose(y, key, rtol=1e-6)


def test_key_min_max():
    for v, key in every("02", "q13"):
        x, y = 3.0, 4.0
        for _ in range(v["k"]):
            x, y = x - v["eta"] * y, y + v["eta"] * x
        assert np.isclose(np.hypot(x, y) / 5, key)


def described(distances):
    """What a sequence of errors does, in the words in which the bank names its targets."""
    start, end = distances[0], distances[-1]
    crossed = start * distances[1] < 0
    if np.isclose(abs(start), abs(end)):
        return "swings"
    if abs(end) < abs(start):
        return "across" if crossed else "slow"
    return "apart" if crossed else "away"


@pytest.mark.parametrize(
    "sheet, name, pairs",
    [
        ("01", "q14", {(4, 0.02): "slow", (4, 0.3): "across", (4, 0.6): "apart"}),
        ("02", "q15", {(1, 0.2): "slow", (8, 0.2): "across", (10, 0.2): "swings", (12, 0.2): "apart"}),
    ],
)
def test_match_regimes(sheet, name, pairs):
    synonyms = {"decays": "slow", "alternates": "across", "grows": "apart"}
    data = next(data for data in SHEETS[sheet].questions if data["id"] == name)
    for item, ((h, eta), expected) in zip(data["items"], pairs.items(), strict=True):
        assert item["label"] == (eta if sheet == "01" else h)
        found = described([descend(lambda x: h * x, 1.0, eta, k) for k in range(6)])  # noqa: B023
        assert found == expected == synonyms.get(item["key"], item["key"])


def test_choice_averaged_momentum():
    """Sheet 01, q16: the average with 0.1 repeats the sum with 0.01, on any gradients."""
    one = other = 1.0
    v1 = v2 = 0.0
    for _ in range(50):
        v1, v2 = 0.9 * v1 + np.sin(one), 0.9 * v2 + 0.1 * np.sin(other)
        one, other = one - 0.01 * v1, other - 0.1 * v2
    assert np.isclose(one, other, rtol=1e-12)


def test_choice_fixed_rate():
    """Sheet 01, q17: the mean of x² under the noise of each option; only constant noise leaves a floor."""
    ends = {}
    for noise in ("exact", "vanishes", "constant"):
        second_moment = 1.0
        for _ in range(2000):
            variance = {"exact": 0.0, "vanishes": second_moment, "constant": 1.0}[noise]
            second_moment = (1 - 0.1) ** 2 * second_moment + 0.1**2 * variance
        ends[noise] = second_moment
    assert ends["exact"] < 1e-12 and ends["vanishes"] < 1e-12 and ends["constant"] > 0.05


def test_choice_loss_decay():
    """Sheet 01, q18: 0.95^k in the loss or in the rate, for each of the methods, with torch's optimisers."""
    torch = pytest.importorskip("torch")
    methods = {
        "plain": (torch.optim.SGD, {}),
        "momentum": (torch.optim.SGD, {"momentum": 0.9}),
        "weight-decay": (torch.optim.SGD, {"weight_decay": 0.5}),
        "adam": (torch.optim.Adam, {}),
    }
    same = {}
    for name, (optimizer, options) in methods.items():
        ends = []
        for on_loss in (True, False):
            w = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
            steps = optimizer([w], lr=0.05, **options)
            for k in range(20):
                steps.param_groups[0]["lr"] = 0.05 * (1.0 if on_loss else 0.95**k)
                steps.zero_grad()
                ((w - 1) ** 2 * (0.95**k if on_loss else 1.0)).backward()
                steps.step()
            ends.append(w.item())
        same[name] = np.isclose(*ends, rtol=1e-9)
    assert same == {"plain": True, "momentum": False, "weight-decay": False, "adam": False}


def test_match_three_classes():
    """Sheet 02, q17: each function belongs to one class and breaks the guarantee of the class above."""
    huber = [100.0]  # convex, L = 1, walls of slope 1: the distance shrinks by 1, not by a factor
    saddle = [0.0]  # (x² − 1)²/4 from 0: the gradient is 0 at once, the loss is not
    for _ in range(50):
        huber.append(huber[-1] - np.clip(huber[-1], -1, 1))
        saddle.append(saddle[-1] - (saddle[-1] ** 3 - saddle[-1]) / 4)
    assert huber[1] / huber[0] == 0.99
    for k in range(1, 51):
        assert abs(huber[k]) - 0.5 <= 100**2 / (2 * k)
    assert saddle[-1] == 0 and (saddle[-1] ** 2 - 1) ** 2 / 4 == 0.25


def test_choice_proximal_steps():
    """Sheet 02, q19: the lasso loss falls at 1.9/L, where 2/(L + α) would forbid it, and not at 2.5/L."""
    curvature, alpha = 1.0, 3.0

    def losses(eta, w=20.0):
        found = []
        for _ in range(30):
            found.append(curvature * (w - 5) ** 2 / 2 + alpha * abs(w))
            w = w - eta * curvature * (w - 5)
            w = np.sign(w) * max(abs(w) - eta * alpha, 0)
        return np.array(found)

    assert 1.9 / curvature > 2 / (curvature + alpha)
    assert np.all(np.diff(losses(1.9 / curvature)) <= 0)
    assert np.any(np.diff(losses(2.5 / curvature)) > 0)


def test_choice_noise_floor():
    """Sheet 01, q11: the plateau of E f for f = x²/2, step noise 1, halves with a small rate."""
    floors = []
    for eta in (0.02, 0.01):
        second_moment = 1.0
        for _ in range(5000):
            second_moment = (1 - eta) ** 2 * second_moment + eta**2
        floors.append(second_moment / 2)
    assert np.isclose(floors[1] / floors[0], 0.5, rtol=0.01)


def test_choice_separable_data():
    """Sheet 02, q14: the loss tends to 0 and the weight grows like log k."""
    w, seen = 0.0, {}
    for k in range(1, 40_001):
        w += 2.0 / (1 + np.exp(w))
        seen[k] = w
    assert np.log1p(np.exp(-w)) < 1e-4
    assert np.isclose(seen[40_000] - seen[20_000], np.log(2), rtol=1e-2)
    assert np.isclose(seen[20_000] - seen[10_000], np.log(2), rtol=1e-2)


def test_the_four_measured_curves_look_as_the_answers_say():
    from lrcore.exam.curves import four_losses

    rates = [0.5, 0.1, 0.01, 0.001]
    k, f = four_losses(tuple(rates))
    end = np.median(f[-len(f) // 4 :], axis=0)
    rises, plateau, lowest, slow = f.T
    assert rises[len(f) // 4 :].min() > 5 * f[0, 0] and rises.max() > 10 * f[0, 0]
    assert plateau[1] == f[1].min() and end[1] > 3 * end[2]
    assert np.median(plateau[len(f) // 2 :]) > 0.8 * np.median(plateau[1 : len(f) // 2])
    assert end[2] == end.min() and lowest[1] < slow[1]
    assert np.all(np.diff(slow) < 0) and slow[-1] < 0.95 * slow[-4]


def test_multi_what_the_right_number_depends_on():
    """Sheet 01, q22: a line fitted with momentum; which change, made alone, leaves its predictions alone?"""
    x, y = np.linspace(1, 2, 7), np.linspace(0, 3, 7) ** 2

    def path(scale=1.0, unit=1.0, fresh=1.0, order=slice(None), constant=0.0, steps=20):
        inputs, found, w, v = x[order] / unit, [], 0.0, 0.0
        for _ in range(steps):

            def loss(w, inputs=inputs):
                return scale * np.mean((w * inputs - y[order]) ** 2) + constant

            v = 0.9 * v + fresh * (loss(w + 1e-3) - loss(w - 1e-3)) / 2e-3  # exact on a parabola
            w -= 0.02 * v
            found.append(w / unit)
        return found

    changes = {
        "sum-changes": path(scale=7),
        "unit-changes": path(unit=1000),
        "convention-changes": path(fresh=0.1),
        "constant-added": path(constant=5),
        "order-of-samples": path(order=slice(None, None, -1)),
        "more-steps": path(steps=40)[:20],
    }
    data = next(data for data in SHEETS["01"].questions if data["id"] == "q22")
    for option in data["options"]:
        same = np.allclose(changes[option["code"]], path(), rtol=1e-6)
        assert same == (not option.get("correct", False)), option["code"]


def test_ordering_one_step_of_momentum():
    """Sheet 01, q23: the order of the bank, done action by action, is torch's step."""
    torch = pytest.importorskip("torch")
    data = next(data for data in SHEETS["01"].questions if data["id"] == "q23")
    batches, at = [1.0, -2.0, 0.5], {"w": 3.0, "v": 0.0}
    actions = {
        "draw": lambda k: at.update(c=batches[k]),
        "gradient": lambda k: at.update(g=at["w"] - at["c"]),
        "velocity": lambda k: at.update(v=0.9 * at["v"] + at["g"]),
        "move": lambda k: at.update(w=at["w"] - 0.1 * at["v"]),
        "record": lambda k: at.update(loss=(at["w"] - at["c"]) ** 2 / 2),
    }
    w = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    for k, c in enumerate(batches):
        for item in data["items"]:
            actions[item["key"]](k)
        optimizer.zero_grad()
        ((w - c) ** 2 / 2).backward()
        optimizer.step()
        assert np.isclose(at["w"], w.item(), rtol=1e-12)
        assert np.isclose(at["loss"], (w.item() - c) ** 2 / 2, rtol=1e-12)


def test_multi_what_the_descent_lemma_promises():
    """Sheet 02, q24: the cosine from near a top, L = 1, and a saddle that descent does not leave."""
    promised = {}
    for eta in (1.0, 1.9):
        x = [1e-3]
        for _ in range(200):
            x.append(x[-1] + eta * np.sin(x[-1]))
        losses, slopes = np.cos(x), np.abs(np.sin(x))
        promised[eta] = np.all(np.diff(losses) <= 1e-15)
        assert slopes.min() < 1e-6 and slopes[1] > slopes[0]
    lowest = -1.0 / 4  # of x²/2 + y⁴/4 − y²/2, from (1, 0)
    x, y = 1.0, 0.0
    for _ in range(200):
        x, y = x - 0.5 * x, y - 0.5 * (y**3 - y)
    codes = {
        "never-rises": promised[1.0],
        "short-gradients": True,
        "up-to-two": promised[1.9],
        "gradient-falls": False,
        "finds-the-lowest": bool(np.isclose(x**2 / 2 + y**4 / 4 - y**2 / 2, lowest)),
    }
    data = next(data for data in SHEETS["02"].questions if data["id"] == "q24")
    assert {option["code"]: bool(option.get("correct")) for option in data["options"]} == codes


def test_ordering_rates_by_speed():
    """Sheet 02, q25: the distance after 30 steps from the worst start, the smallest first."""
    rates = {"best": 2 / 11, "inverse": 0.1, "edge": 0.195, "small": 0.02, "beyond": 0.21}
    left = {}
    for name, rate in rates.items():
        left[name] = max(abs(descend(lambda x, h=h: h * x, 1.0, rate, 30)) for h in (1, 10))
    data = next(data for data in SHEETS["02"].questions if data["id"] == "q25")
    assert [item["key"] for item in data["items"]] == sorted(left, key=left.get)
