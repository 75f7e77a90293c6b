"""Sheet 07: its keys against the rates that the schedulers of torch and optax hand to an optimizer."""

import math
import warnings

import numpy as np
import optax
import torch
from test_exam_keys import SHEETS, every
from torch.optim import lr_scheduler as torch_schedulers

from lrcore import schedules
from lrcore.exam.schedule_curves import SHAPES


def question(name):
    return next(data for data in SHEETS["07"].questions if data["id"] == name)


def sgd(eta, **settings):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=eta, **settings)


def torch_rates(eta, steps, make, **settings):
    """The rate of torch in each of the steps 0, ..., `steps`."""
    optimizer = sgd(eta, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own calls inside SequentialLR
        scheduler = make(optimizer)
        rates = [optimizer.param_groups[0]["lr"]]
        for _ in range(int(steps)):
            optimizer.step()
            scheduler.step()
            rates.append(optimizer.param_groups[0]["lr"])
    return np.array(rates)


def test_match_shapes():
    """q1: what each description promises, on the curves of the figure."""
    eta = {name: schedule(np.arange(100)) for name, schedule in SHAPES.items()}
    assert set(eta) == {item["key"] for item in question("q1")["items"]}
    oracle = optax.warmup_cosine_decay_schedule(0.0, 0.1, 10, 100)
    assert np.allclose(eta["cosine"], [oracle(k) for k in range(100)], atol=1e-6)
    restarts = torch_rates(0.1, 99, lambda o: torch_schedulers.CosineAnnealingWarmRestarts(o, 20, 2))
    assert np.allclose(eta["restarts"], restarts)
    triangles = torch_rates(
        0.1,
        99,
        lambda o: torch_schedulers.CyclicLR(o, 0.0, 0.1, 20, mode="triangular2", cycle_momentum=False),
    )
    assert np.allclose(eta["triangular"], triangles)
    stable = np.interp(np.arange(100), [0, 10, 70, 100], [0, 0.1, 0.1, 0])
    assert np.allclose(eta["stable"], stable)
    one = torch_rates(0.1, 99, lambda o: torch_schedulers.OneCycleLR(o, 0.1, total_steps=100))
    assert np.argmax(one) == 29 and not any(np.allclose(one, curve) for curve in eta.values())


def test_key_warmup():
    for v, key in every("07", "q2"):
        rates = torch_rates(
            v["eta"],
            v["k"],
            lambda o, v=v: torch_schedulers.LinearLR(o, start_factor=v["s"], total_iters=v["w"]),
        )
        assert v["k"] == int(v["k"]) and np.isclose(rates[-1], key)


def test_choice_warmup_from_zero():
    """q3: Adam's averages move at rate 0, the weights do not; and torch's LinearLR refuses to start at 0."""
    x = torch.ones(1, requires_grad=True)
    adam = torch.optim.Adam([x], lr=0.0)
    (x**2).sum().backward()
    adam.step()
    assert x.item() == 1.0 and adam.state[x]["exp_avg"].item() != 0 != adam.state[x]["exp_avg_sq"].item()
    try:
        torch_schedulers.LinearLR(sgd(0.1), start_factor=0.0)
    except ValueError:
        return
    raise AssertionError("LinearLR took a start of 0")


def noam(n, d, w):
    return d**-0.5 * min(n**-0.5, n * w**-1.5)


def test_key_noam():
    for v, key in every("07", "q4"):
        steps = range(1, 4 * v["w"])
        assert np.isclose(max(noam(n, v["d"], v["w"]) for n in steps), key)
    for v, key in every("07", "q5"):
        peak = noam(v["w"], 512, v["w"])
        assert key > v["w"] and np.isclose(noam(key, 512, v["w"]), peak / v["part"])


def test_key_restarts():
    for v, key in every("07", "q6"):
        rates = torch_rates(
            1.0,
            key + 5,
            lambda o, v=v: torch_schedulers.CosineAnnealingWarmRestarts(o, v["T0"], v["m"]),
        )
        jumps = np.flatnonzero(np.diff(rates) > 0.5) + 1
        assert jumps[0] == v["T0"] and jumps[v["i"] - 1] == key
    for v, key in every("07", "q7"):
        rates = torch_rates(
            v["eta"],
            v["k"],
            lambda o, v=v: torch_schedulers.CosineAnnealingWarmRestarts(o, v["T0"], 2),
        )
        assert v["k"] == int(v["k"]) and np.isclose(rates[-1], key)


def cycles(v, mode, steps, up):
    def make(optimizer):
        return torch_schedulers.CyclicLR(optimizer, v["low"], v["top"], up, mode=mode, cycle_momentum=False)

    return torch_rates(0.1, steps, make)


def test_key_triangles():
    for v, key in every("07", "q8"):
        assert np.isclose(v["k"], round(v["k"]))
        assert np.isclose(cycles(v, "triangular", round(v["k"]), v["s"])[-1], key)
    for v, key in every("07", "q9"):
        rates = cycles(v, "triangular2", 10 * v["c"], 5)
        assert np.isclose(rates[10 * (v["c"] - 1) :].max(), key)


def test_key_one_cycle():
    for v, key in every("07", "q10"):
        rates = torch_rates(
            0.1,
            v["N"] - 1,
            lambda o, v=v: torch_schedulers.OneCycleLR(o, 1.0, total_steps=v["N"], pct_start=v["p"]),
        )
        assert np.argmax(rates) == key
    for v, key in every("07", "q11"):

        def make(optimizer, v=v):
            factors = {"div_factor": v["div"], "final_div_factor": v["final"]}
            return torch_schedulers.OneCycleLR(optimizer, v["top"], total_steps=40, **factors)

        assert np.isclose(torch_rates(0.1, 39, make)[-1], key)


def test_ticks_one_cycle():
    optimizer = sgd(0.7, momentum=0)
    scheduler = torch_schedulers.OneCycleLR(optimizer, 1.0, total_steps=30)
    group, seen, raised = optimizer.param_groups[0], [], None
    for call in range(1, 40):
        seen.append((group["lr"], group["momentum"]))
        optimizer.step()
        try:
            scheduler.step()
        except ValueError:
            raised = call
            break
    rate, momentum = np.array(seen[:30]).T
    bends = np.flatnonzero(np.diff(np.sign(np.diff(rate))))
    found = {
        "overwrites": np.isclose(rate[0], 1 / 25),
        "momentum": momentum.max() == 0.95,
        "raises": raised == 31,
        "starts-there": rate[0] == 0.7,
        "together": np.corrcoef(rate, momentum)[0, 1] > 0,
        "three": len(bends) > 1 or rate[20] == rate[0],
    }
    wanted = {option["code"]: option.get("correct", False) for option in question("q12")["options"]}
    assert {code: bool(holds) for code, holds in found.items()} == wanted


def plateau(eta, factor, patience, losses):
    """The rates of the epochs 0, ..., n in torch."""
    optimizer = sgd(eta)
    settings = {"factor": factor, "patience": patience, "threshold": 0, "eps": 0}  # any decrease counts
    scheduler = torch_schedulers.ReduceLROnPlateau(optimizer, **settings)
    rates = [eta]
    for loss in losses:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def test_key_plateau():
    for v, key in every("07", "q13"):
        losses = [*np.linspace(2, 1, v["b"] + 1), *[1.2] * 20]
        assert np.flatnonzero(np.array(plateau(0.1, 0.5, v["p"], losses)) < 0.1)[0] == key
    for v, key in every("07", "q14"):
        losses = [*np.linspace(2, 1, v["b"] + 1), *[1.2] * 30]
        assert np.isclose(plateau(v["eta0"], v["f"], v["p"], losses)[v["e"]], key)


def test_function_plateau_is_torch():
    """q23: the reference on random losses, NaN among them, against torch."""
    scope = {"np": np}
    exec(question("q23")["key"], scope)
    rng = np.random.default_rng(0)
    for patience in (0, 1, 3):
        losses = np.round(rng.uniform(0.5, 1, 60), 2)
        losses[[10, 11, 40]] = np.nan
        wanted = plateau(0.5, 0.7, patience, losses)
        assert np.allclose(scope["plateau_rates"](losses, 0.5, 0.7, patience), wanted)
        assert wanted[-1] < 0.5


def test_key_sequence():
    for v, key in every("07", "q15"):

        def make(optimizer, v=v):
            warmup = torch_schedulers.LinearLR(optimizer, start_factor=v["s"], total_iters=v["W"])
            cosine = torch_schedulers.CosineAnnealingLR(optimizer, T_max=100)
            return torch_schedulers.SequentialLR(optimizer, [warmup, cosine], milestones=[v["m"]])

        rates = torch_rates(0.3, v["m"], make)
        assert np.isclose(rates[v["m"]] / rates[v["m"] - 1], key)


def test_key_chained():
    for v, key in every("07", "q16"):

        def make(optimizer, v=v):
            constant = torch_schedulers.ConstantLR(optimizer, factor=v["f"], total_iters=5)
            exponential = torch_schedulers.ExponentialLR(optimizer, gamma=v["gamma"])
            return torch_schedulers.ChainedScheduler([constant, exponential])

        assert np.isclose(torch_rates(v["eta"], v["k"], make)[-1], key)


def test_key_cool_down():
    for v, key in every("07", "q17"):
        over = (v["k"] - (v["T"] - v["D"])) / v["D"]
        assert math.isclose(v["k"], round(v["k"])) and math.isclose(key, v["eta"] * (1 - math.sqrt(over)))


def test_choice_same_words():
    """q20: the first step at which each is 0."""
    rate = optax.warmup_cosine_decay_schedule(0.0, 1.0, warmup_steps=10, decay_steps=100)
    assert rate(99) > 0 and np.isclose(rate(100), 0, atol=1e-7)

    def make(optimizer):
        warmup = torch_schedulers.LinearLR(optimizer, start_factor=0.1, total_iters=10)
        cosine = torch_schedulers.CosineAnnealingLR(optimizer, T_max=100)
        return torch_schedulers.SequentialLR(optimizer, [warmup, cosine], milestones=[10])

    rates = torch_rates(1.0, 110, make)
    assert rates[100] > 0.01 and np.flatnonzero(rates < 1e-9)[0] == 110


def test_functions_are_the_libraries():
    """q21 and q22: the references against optax and torch."""
    scope = {"np": np}
    exec(question("q21")["key"], scope)
    exec(question("q22")["key"], scope)
    k = np.arange(60)
    # optax begins its warmup at the first rate, eta/w, and reaches eta one step before the cosine starts
    rising = optax.linear_schedule(0.4 / 8, 0.4, 7)
    falling = optax.cosine_decay_schedule(0.4, 32)
    wanted = [float(rising(i)) if i < 8 else float(falling(i - 8)) for i in k]
    assert np.allclose(scope["warmup_cosine"](0.4, 8, 40, k), wanted, atol=1e-6)
    for T0, m in ((7, 2), (5, 1), (4, 3)):
        make = lambda o, T0=T0, m=m: torch_schedulers.CosineAnnealingWarmRestarts(o, T0, m)  # noqa: E731
        assert np.allclose(scope["restarts"](0.4, T0, m, k), torch_rates(0.4, 59, make))


def test_key_window():
    """q24: the parabola through the two ends and the peak of a cycle."""
    for v, key in every("07", "q24"):
        grid = np.arange(2 * v["a"] + 1)
        parabola = np.polyval(np.polyfit([0, v["a"], 2 * v["a"]], [0, 1, 0], 2), grid)
        assert v["k"] == int(v["k"])
        assert np.isclose(v["low"] + (v["top"] - v["low"]) * parabola[int(v["k"])], key)


def test_choice_restart():
    """q25: descent in the shallow of two wells, whose curvature is h, with restarts below 2/h and above."""
    slope = np.polynomial.Polynomial([0.15, -1, 0, 1])
    minimum = max(slope.roots().real)
    h = slope.deriv()(minimum)
    ends = []
    for share in (0.9, 1.6):
        x, far = minimum + 0.01, 0.0
        for k in range(400):
            x -= share * 2 / h * (1 + np.cos(np.pi * (k % 100) / 100)) / 2 * slope(x)
            far = max(far, abs(x - minimum))
        ends.append((far, abs(x - minimum)))
    assert ends[0][0] < 0.02 and ends[0][1] < 1e-9
    assert ends[1][0] > 0.1


def test_key_trunk():
    """q26: the different prefixes of rates of the three runs, each of which is trained once."""
    for v, key in every("07", "q26"):
        trained = 0
        runs = [schedules.WSD(1.0, T, 100, v["D"])(np.arange(T)) for T in (v["T"], 2 * v["T"], 4 * v["T"])]
        for i, rates in enumerate(runs):
            shared = max((np.argmin(np.append(rates[: len(r)] == r, False)) for r in runs[:i]), default=0)
            trained += len(rates) - shared
        assert key == trained
