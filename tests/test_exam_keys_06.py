"""Sheet 06: its keys against torch's and optax' schedulers, sums and searches."""

import warnings

import numpy as np
import optax
import torch
from test_exam_keys import SHEETS, every
from torch.optim import lr_scheduler as torch_schedulers

from lrcore import problems, schedules
from lrcore.analysis.rate_sums import robbins_monro
from lrcore.exam.curves import FIGURES
from lrcore.exam.schedule_curves import DECAYS


def question(name):
    return next(data for data in SHEETS["06"].questions if data["id"] == name)


def torch_rates(eta0, steps, make):
    """The rate of torch in each of the steps 0, ..., `steps`."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=eta0)
    scheduler = make(optimizer)
    rates = [eta0]
    for _ in range(steps):
        optimizer.step()
        scheduler.step()
        rates.append(scheduler.get_last_lr()[0])
    return rates


def test_match_curves():
    """q1: each target, read as the formula that it prints, is the curve of the figure."""
    assert set(FIGURES) >= {question("q1")["figure"]}
    k = np.arange(100)
    printed = {
        "0.1·0.5ⁿ with n = ⌊k/20⌋": 0.1 * 0.5 ** (k // 20),
        "0.1·0.955ᵏ": 0.1 * 0.955**k,
        "0.05·(1 + cos(πk/100))": 0.05 * (1 + np.cos(np.pi * k / 100)),
        "0.1/(1 + 0.1k)": 0.1 / (1 + 0.1 * k),
        "0.1·(1 − k/100)²": 0.1 * (1 - k / 100) ** 2,
    }
    formulas = {target["label"]: target["en"] for target in question("q1")["targets"]}
    assert set(printed) == set(formulas.values())
    assert set(DECAYS) == {item["key"] for item in question("q1")["items"]}
    for name, schedule in DECAYS.items():
        assert [f for f, eta in printed.items() if np.allclose(schedule(k), eta)] == [formulas[name]]


def test_key_step_decay():
    for v, key in every("06", "q2"):
        make = lambda o, v=v: torch_schedulers.StepLR(o, v["S"], v["gamma"])  # noqa: E731
        assert np.isclose(torch_rates(v["eta0"], v["e"], make)[-1], key)
    for v, key in every("06", "q16"):
        make = lambda o, v=v: torch_schedulers.MultiStepLR(o, [30, 60, 90], v["gamma"])  # noqa: E731
        assert np.isclose(torch_rates(v["eta0"], 90, make)[:90][-1], key)


def test_key_one_epoch_early():
    for v, key in every("06", "q3"):
        rates = [0.5 ** np.floor((1 + t) / v["S"]) for t in range(200)]
        assert rates.index(1 / 2 ** v["n"]) == key


def test_key_exponential():
    for v, key in every("06", "q4"):
        rate = optax.exponential_decay(1.0, transition_steps=1, decay_rate=float(np.exp(-v["k"])))
        assert np.isclose(rate(key), 0.5, rtol=1e-5)
    for v, key in every("06", "q5"):
        make = lambda o, key=key: torch_schedulers.ExponentialLR(o, np.exp(-key))  # noqa: E731
        assert np.isclose(torch_rates(1.0, v["n"], make)[-1], 1 / v["D"])


def test_key_inverse_time():
    for v, key in every("06", "q6"):
        make = lambda o, key=key: torch_schedulers.LambdaLR(o, lambda t: 1 / (1 + key * t))  # noqa: E731
        assert np.isclose(torch_rates(v["eta0"], v["T"], make)[-1], v["eta0"] / v["D"])


def test_choice_percentage():
    eta = schedules.InverseTime(1.0, alpha=0.1)(np.arange(200))
    lost = 1 - eta[1:] / eta[:-1]
    assert np.all(np.diff(lost) < 0) and np.isclose(eta[10], 0.5) and np.all(np.diff(eta, 2) > 0)


def test_key_cosine():
    for v, key in every("06", "q8"):
        rate = optax.cosine_decay_schedule(v["eta0"], v["T"], alpha=v["low"] / v["eta0"])
        assert np.isclose(rate(int(v["k"])), key, rtol=1e-5)
    for v, key in every("06", "q9"):
        listed = [
            v["low"] + 0.5 * (v["top"] - v["low"]) * (1 + np.cos(t / v["T"] * np.pi)) for t in range(v["T"])
        ]
        assert np.isclose(listed[-1], key)


def test_key_epochs_or_steps():
    for v, key in every("06", "q10"):
        assert v["B"] == int(v["B"])
        make = lambda o, v=v: torch_schedulers.CosineAnnealingLR(o, T_max=v["E"])  # noqa: E731
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # torch says nothing about it
            assert np.isclose(torch_rates(v["eta0"], int(v["B"]), make)[-1], key)


def test_key_polynomial():
    for v, key in every("06", "q11"):
        rate = optax.polynomial_schedule(v["eta0"], v["end"], v["p"], v["T"])
        assert v["k"] == int(v["k"]) and np.isclose(rate(int(v["k"])), key, rtol=1e-5)


def test_ticks_conditions():
    asked = {
        "inverse-time": schedules.InverseTime(1.0, alpha=0.1),
        "power": schedules.PowerLaw(1.0, p=0.6),
        "inverse-root": schedules.InverseSqrt(1.0),
        "step": schedules.Step(1.0, every=30, gamma=0.1),
        "to-a-floor": schedules.Linear(1.0, 100, eta_end=0.01),
        "to-zero": schedules.Linear(1.0, 100),
    }
    wanted = {option["code"]: option.get("correct", False) for option in question("q12")["options"]}
    assert {code: robbins_monro(s).satisfied for code, s in asked.items()} == wanted


def test_order_of_travel():
    k = np.arange(100)
    rates = {
        "geometric": 0.9**k,
        "root": 1 / np.sqrt(k + 1),
        "square": (1 - k / 100) ** 2,
        "cosine": (1 + np.cos(np.pi * k / 100)) / 2,
        "constant": 0.7 + 0 * k,
    }
    assert {item["key"]: item["en"] for item in question("q13")["items"]} == {
        "geometric": "0.9ᵏ",
        "root": "1/√(k + 1)",
        "square": "(1 − k/100)²",
        "cosine": "cosine from 1 to 0",
        "constant": "the constant 0.7",
    }
    assert [item["key"] for item in question("q13")["items"]] == sorted(rates, key=lambda n: rates[n].sum())
    sums = [rates[item["key"]].sum() for item in question("q13")["items"]]
    assert np.allclose(sums, [10, 18.6, 34, 50.5, 70], rtol=0.01), "as the model answer says"
    assert np.all(np.diff(sums) > 0.2 * np.array(sums[:-1])), "far enough apart to be told by hand"


def test_match_symptoms():
    """q17: each change mends its run, and the one that is for none makes the third run worse."""
    bowl, k = problems.NoisyQuadratic([1.0], sigma=0.3), np.arange(100)

    def loss(eta):
        return bowl.expected_f([3.0], np.asarray(eta)[:, None] * np.ones(1))

    assert np.nanmax(loss(2.5 + 0 * k)) > 1e3 > loss(0.5 + 0 * k)[-1]  # a lower rate
    level = loss(0.5 + 0 * k)
    assert np.isclose(level[50], level[-1]) and loss(0.5 * 0.96**k)[-1] < level[-1] / 2  # decay
    stuck, slower, faster = (loss(0.05 * gamma**k)[-1] for gamma in (0.8, 0.98, 0.7))
    assert 0.8**30 < 2e-3 and slower < stuck / 5 and faster > stuck
    slow = loss(0.005 + 0 * k)
    assert np.all(np.diff(slow) < 0) and loss(0.05 + 0 * k)[-1] < slow[-1] / 5  # a higher rate


def test_choice_order():
    """q22: many shuffles of one schedule, mean and variance step by step in two modes."""
    rng = np.random.default_rng(0)
    falling = 0.1 * 0.955 ** np.arange(100)

    def mean_and_noise(rates, h):
        mean, noise = 1.0, 0.0
        for eta in rates:
            mean, noise = (1 - eta * h) * mean, (1 - eta * h) ** 2 * noise + eta**2
        return mean, noise

    for h in (0.5, 8.0):
        mean, least = mean_and_noise(falling, h)
        shuffled = [mean_and_noise(rng.permutation(falling), h) for _ in range(50)]
        assert np.allclose([m for m, _ in shuffled], mean)
        assert min(noise for _, noise in shuffled) > 1.02 * least


def test_key_updates_and_epochs():
    for v, key in every("06", "q23"):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=v["eta0"])
        scheduler = torch_schedulers.StepLR(optimizer, v["S"], v["gamma"])
        used = []
        while len(used) <= v["u"]:
            for _ in range(v["B"]):
                used.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
            scheduler.step()
        assert np.isclose(used[v["u"]], key)


def test_choice_changed_by_hand():
    """q24: which of the two is back at its own rate after the next call, and which at the end is not."""
    halved = {}
    for name, make in {
        "StepLR": lambda o: torch_schedulers.StepLR(o, 5, 0.5),
        "LambdaLR": lambda o: torch_schedulers.LambdaLR(o, lambda step: 0.5 ** (step // 5)),
    }.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        scheduler = make(optimizer)
        for k in range(23):
            optimizer.param_groups[0]["lr"] *= 0.5 if k == 8 else 1
            optimizer.step()
            scheduler.step()
        halved[name] = optimizer.param_groups[0]["lr"] / 0.5 ** (23 // 5)
    assert halved == {"StepLR": 0.5, "LambdaLR": 1.0}
