"""Sheet 08: its keys against torch's optimizers and against runs, its functions against torch's as well."""

import numpy as np
import pytest
import torch
from test_exam_keys import SHEETS, every

from lrcore import run
from lrcore.directions import Adam
from lrcore.problems import NoisyQuadratic, ReddiCounterexample
from lrcore.schedules import InverseSqrt


def moved(optimizer, gradients, x=0.0, **options):
    """The weights before and after each step of torch's optimizer under these gradients."""
    w = torch.tensor(np.atleast_1d(np.asarray(x, float)).copy(), requires_grad=True)
    opt, path = optimizer([w], **options), [w.detach().numpy().copy()]
    for g in gradients:
        w.grad = torch.tensor(np.atleast_1d(np.asarray(g, float)).copy())
        opt.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def written(name, function):
    """The function of the bank's key."""
    data = next(data for data in SHEETS["08"].questions if data["id"] == name)
    found = {"np": np}
    exec(data["key"], found)
    return found[function]


def test_key_first_steps():
    data = next(data for data in SHEETS["08"].questions if data["id"] == "q1")
    told = {target["label"]: target["en"] for target in data["targets"]}
    for g in (0.02, 7.0):
        step = {
            "adam": moved(torch.optim.Adam, [g], lr=1.0, eps=0.0),
            "rmsprop": moved(torch.optim.RMSprop, [g], lr=1.0, alpha=0.99, eps=0.0),
            "radam": moved(torch.optim.RAdam, [g], lr=1.0, eps=0.0),
        }
        for name, path in step.items():
            told_length = g if told[name] == "|g|η" else float(told[name].removesuffix("η") or 1)
            assert np.isclose(abs(path[1, 0]), told_length), name
    # torch corrects AMSGrad; its paper does not
    uncorrected = (1 - 0.9) * 7.0 / np.sqrt((1 - 0.999) * 7.0**2)
    assert np.isclose(uncorrected, float(told["amsgrad"].removesuffix("η")), rtol=1e-3)


def test_key_adagrad_constant_gradient():
    for v, key in every("08", "q2"):
        path = moved(torch.optim.Adagrad, [v["g"]] * 4, lr=v["eta"], eps=0.0)
        assert np.isclose(-path[-1, 0], key)


def test_key_rmsprop_begins():
    for v, key in every("08", "q3"):
        path = moved(torch.optim.RMSprop, [v["g"]], lr=v["eta"], alpha=v["alpha"], eps=0.0)
        assert np.isclose(-path[-1, 0], key)


def test_key_adam_by_hand():
    for v, key in every("08", "q4"):
        path = moved(torch.optim.Adam, [v["g1"], v["g2"]], lr=v["eta"], eps=0.0)
        assert np.isclose(path[2, 0] - path[1, 0], key)


def test_key_adadelta_begins():
    for v, key in every("08", "q5"):
        path = moved(torch.optim.Adadelta, [1e4], lr=1.0, rho=v["rho"], eps=10.0 ** -v["n"])
        assert np.isclose(-path[1, 0], key, rtol=1e-6)


def test_key_a_loss_times_1000():
    g = np.random.default_rng(0).normal(size=30) + 0.3
    one, sums = (moved(torch.optim.Adam, c * g, lr=0.01, eps=0.0) for c in (1.0, 1000.0))
    assert np.allclose(one, sums, rtol=1e-10)


def test_key_to_and_fro():
    for v, key in every("08", "q7"):
        rule = Adam(v["beta1"], 0.999, eps=0.0)
        # the state of the cycle itself: gradients ha, -ha, ... since long ago
        gradients = v["h"] * key * np.where(np.arange(2000) % 2, -1.0, 1.0)
        state = rule.init(np.zeros(1))
        for k, g in enumerate(gradients):
            d, state = rule(k, np.array([g]), state)
        x = gradients[-1] / v["h"]
        assert np.isclose(x + v["eta"] * d[0], -x, rtol=1e-6)


def test_key_larger_batches():
    # Heights at rest: noise falls by the root of the factor of the batch.
    for k in (4, 16):
        keys = {v["eta"]: key for v, key in every("08", "q8") if v["k"] == k}
        eta, key = min(keys), keys[min(keys)]
        height = []
        for rate, sigma in ((10 * eta, 1.0), (10 * key, 1.0 / np.sqrt(k))):
            r = run(NoisyQuadratic([1.0], sigma), np.zeros((2000, 1)), rate, Adam(), 800, every=800)
            height.append(r.f[-1].mean())
        assert np.isclose(height[0], height[1], rtol=0.1)


def test_key_decay_is_tied_to_the_rate():
    for v, key in every("08", "q9"):
        n = 200
        old = moved(torch.optim.AdamW, [0.0] * n, 1.0, lr=v["eta0"], weight_decay=v["w"])[-1, 0]
        new = moved(torch.optim.AdamW, [0.0] * n * v["m"], 1.0, lr=v["eta1"], weight_decay=key)[-1, 0]
        assert np.isclose(np.log(old), np.log(new), rtol=1e-3)


def test_key_memory():
    w = torch.ones(1000, requires_grad=True)
    opt = torch.optim.Adam([w])
    w.grad = torch.ones(1000)
    opt.step()
    size = sum(s.numel() * s.element_size() for s in opt.state[w].values() if s.numel() > 1)
    for v, key in every("08", "q11"):
        assert np.isclose(size / 1000 * v["n"], key)


def test_key_reddi():
    lines, falling = ReddiCounterexample(large=3.0), InverseSqrt(0.5)
    r = run(lines, [0.0], falling, Adam(0.0, 0.1, eps=0.0, bias_correction=False), 600)
    assert r.x_last[0] > 0.9 and lines.slope > 0


def test_key_epsilon():
    for v, key in every("08", "q13"):
        # beside the uncorrected root eps counts as eps/sqrt(1 - beta2) beside the corrected one, in step 1
        path = moved(torch.optim.Adam, [v["c"] * 1e-7], lr=1.0, eps=1e-7 / np.sqrt(1 - 0.999))
        assert np.isclose(-path[1, 0], key)
        rule = Adam(eps=1e-7, eps_place="uncorrected")
        d, _ = rule(0, np.array([v["c"] * 1e-7]), rule.init(np.zeros(1)))
        assert np.isclose(-d[0], key)


def clipped(g, c):
    w = torch.zeros(len(g), dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor(np.asarray(g, float).copy())
    torch.nn.utils.clip_grad_norm_([w], c)
    return w.grad.numpy()


def test_key_clipping():
    for v, key in every("08", "q14"):
        assert np.isclose(clipped([v["g1"], v["g2"]], v["c"])[0], key, rtol=1e-6)


def test_adam_step_is_torchs():
    step, rng = written("q19", "adam_step"), np.random.default_rng(1)
    gradients, m, v = rng.normal(size=(20, 3)), np.zeros(3), np.zeros(3)
    path = moved(torch.optim.Adam, gradients, np.zeros(3), lr=0.1)
    for t, g in enumerate(gradients, start=1):
        assert np.allclose(step(g, m, v, t, 0.1), path[t] - path[t - 1], atol=1e-12)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2


def test_adagrad_rates_are_torchs():
    gradients = np.random.default_rng(2).normal(size=(12, 3))
    path = moved(torch.optim.Adagrad, gradients, np.zeros(3), lr=0.3, eps=0.0)
    assert np.allclose(-np.diff(path, axis=0) / gradients, written("q20", "adagrad_rates")(gradients, 0.3))


def test_adamw_move_is_torchs():
    x, g = np.array([2.0, -1.0, 0.5]), np.array([0.3, -4.0, 1.0])
    path = moved(torch.optim.AdamW, [g], x, lr=0.1, weight_decay=0.3)
    assert np.allclose(written("q21", "adamw_move")(x, g, g**2, 0.1, 0.3), path[1], atol=1e-12)


@pytest.mark.parametrize("size", [0.01, 1.0, 50.0])
def test_clip_by_norm_is_torchs(size):
    g = size * np.array([1.0, -2.0, 0.5])
    assert np.allclose(written("q22", "clip_by_norm")(g, 1.2), clipped(g, 1.2), rtol=1e-5)
