"""The digits, their networks and the loop, against torch's own schedulers and a loop written out here."""

from functools import partial

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy
from torch.optim import lr_scheduler

from lrcore.schedules import Cosine, OneCycle, Plateau
from lrcore.torch.digits import MOMENTUM, PLAIN, load, mlp, train
from lrcore.torch.transformer import transformer


def torch_loop(model, optimizer, steps, batch=8, seed=0, scheduler=None, every=None):
    """The loss at the end and the rates, by torch alone; `scheduler` steps each step, `every` each epoch."""
    (x, y), (xv, yv) = load().train, load().validation
    rng, rates = np.random.default_rng(seed), []
    for k in range(steps):
        if k % (1000 // batch) == 0:
            order = rng.permutation(1000)
            if every and k:
                every.step(cross_entropy(model(xv), yv).item())
        start = k % (1000 // batch) * batch
        rows = torch.from_numpy(order[start : start + batch])
        optimizer.zero_grad()
        cross_entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()
        rates.append(optimizer.param_groups[0]["lr"])
        if scheduler:
            scheduler.step()
    return cross_entropy(model(x), y).item(), np.array(rates)


def last(*args, **options):
    return list(train(*args, **options))[-1]


def test_the_data():
    x, y = load_digits(return_X_y=True)
    parts = load()
    assert [len(labels) for _, labels in parts] == [1000, 397, 400]
    together = np.concatenate([images.numpy() for images, _ in parts])
    assert np.array_equal(np.sort(together * 16, axis=0), np.sort(x, axis=0))  # all of them, each once
    right = load(0.0)
    true = {image.tobytes(): label for image, label in zip(x / 16, y, strict=True)}
    for part in right:
        assert [true[i.tobytes()] for i in part[0].numpy()] == part[1].tolist()
    wrong = [float((a[1] != b[1]).double().mean()) for a, b in zip(parts, right, strict=True)]
    assert 0.06 < wrong[0] < 0.12 and wrong[1:] == [0, 0]  # 9 of 10 random labels are wrong
    assert all(torch.equal(a[0], b[0]) for a, b in zip(parts, right, strict=True))


def test_the_network_starts_as_it_says():
    net = mlp(3, hidden=(400, 300), gain=2.0)
    layers = [layer for layer in net if hasattr(layer, "weight")]
    assert [tuple(layer.weight.shape) for layer in layers] == [(400, 64), (300, 400), (10, 300)]
    for layer in layers:
        assert float(layer.weight.detach().std() * layer.in_features**0.5) == pytest.approx(2, rel=0.05)
        assert not layer.bias.any() and layer.weight.dtype == torch.float64
    assert not torch.equal(mlp(3)[0].weight, mlp(4)[0].weight)


@pytest.mark.parametrize("factory", [PLAIN, MOMENTUM, torch.optim.Adam])
def test_it_is_the_loop_of_torch_with_its_scheduler(factory):
    model, T = mlp(5), 300
    optimizer = factory(model.parameters(), lr=0.02)
    loss, _ = torch_loop(model, optimizer, T, 8, 5, lr_scheduler.CosineAnnealingLR(optimizer, T))
    assert last(0.02, 5, schedule=Cosine(1.0, T), optimizer=factory, steps=T).train == pytest.approx(
        loss, rel=1e-9
    )


def test_a_last_part_of_an_epoch_is_dropped():
    model = mlp(1)
    loss, _ = torch_loop(model, PLAIN(model.parameters(), lr=0.1), 60, batch=30, seed=1)
    assert last(0.1, 1, optimizer=PLAIN, steps=60, batch=30).train == pytest.approx(loss, rel=1e-9)


def test_the_plateau_is_that_of_torch_on_the_validation_loss():
    model, T = mlp(0), 1500
    optimizer = MOMENTUM(model.parameters(), lr=0.3)
    every = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience=0)
    loss, rates = torch_loop(model, optimizer, T, every=every)
    assert len(set(rates)) >= 3  # it came down twice at least
    schedule = Plateau(1.0, factor=0.1, patience=0)
    assert last(0.3, schedule=schedule, steps=T).train == pytest.approx(loss, rel=1e-6)


def test_momentum_can_follow_a_schedule():
    rate = OneCycle(1.0, 200)
    given = last(0.05, schedule=rate, steps=200, momentum=lambda k: 0.95 - 0.1 * rate(k))
    model = mlp(0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    beta = iter([0.95 - 0.1 * float(rate(k)) for k in range(200)])
    optimizer.register_step_pre_hook(lambda o, *_: o.param_groups[0].update(momentum=next(beta)))
    scheduler = lr_scheduler.LambdaLR(optimizer, lambda k: float(rate(k)))
    assert given.train == pytest.approx(torch_loop(model, optimizer, 200, scheduler=scheduler)[0], rel=1e-9)
    assert given.train != pytest.approx(last(0.05, schedule=rate, steps=200).train, rel=1e-3)


def test_what_a_row_says_and_when():
    net = mlp(0)
    rows = list(train(0.05, steps=40, at=[0, 7], model=lambda seed: net))
    assert [row.k for row in rows] == [0, 7, 40]
    assert [r.k for r in train(0.05, steps=40)] == [10, 20, 30, 40]
    (x, y), (xv, yv), (xt, yt) = load()
    with torch.no_grad():
        assert rows[-1].train == float(cross_entropy(net(x), y))
        assert rows[-1].validation == float(cross_entropy(net(xv), yv))
        assert rows[-1].error == pytest.approx(100 * float((net(xt).argmax(1) != yt).double().mean()))
    assert list(train(0.05, steps=40)) == list(train(0.05, steps=40))  # bit by bit
    assert list(train(0.05, seed=1, steps=40)) != list(train(0.05, steps=40))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"steps": 2.5}, "steps must be a whole number"),
        ({"batch": 0}, "batch must be at least 1, got 0"),
        ({"batch": 1001}, "batch must be at most 1000, the images there are, got 1001"),
        ({"eta": np.nan}, "eta must be finite, got nan"),
        ({"eta": -0.1}, r"eta must be in \[0, inf\), got -0.1"),
        ({"eta": "fast"}, "eta must be real numbers"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"at": 5}, "at must be a sequence of steps"),
    ],
)
def test_wrong_arguments_are_sentences(options, says):
    with pytest.raises((TypeError, ValueError), match=says):
        list(train(**{"eta": 0.1, "steps": 3} | options))


def test_it_stops_where_nothing_is_finite_any_more():
    rows = list(train(1e307, optimizer=PLAIN, steps=500, at=[400]))
    assert len(rows) == 1 and rows[0].k < 20 and not np.isfinite(rows[0].train)


@pytest.mark.parametrize("post", [True, False])
def test_the_transformer_norms_where_it_says(post):
    net = transformer(0, post=post)
    x = load().train[0][:5]
    tokens = net.blocks(net.embed(x.view(-1, 8, 8)) + net.place)
    spread = tokens.var(-1, correction=0)
    assert torch.allclose(spread, torch.ones_like(spread), atol=1e-3) == post
    assert (
        last(
            0.003, steps=60, batch=32, optimizer=torch.optim.Adam, model=partial(transformer, post=post)
        ).train
        < 2.2
    )


def test_attention_is_that_of_torch():
    block = transformer(0).blocks[0]
    theirs = torch.nn.MultiheadAttention(16, 1, batch_first=True).double()
    with torch.no_grad():
        theirs.in_proj_weight.copy_(block.heads.weight)
        theirs.in_proj_bias.copy_(block.heads.bias)
        theirs.out_proj.load_state_dict(block.out.state_dict())
        x = torch.randn(3, 8, 16, dtype=torch.float64)
        assert torch.allclose(block.attention(x), theirs(x, x, x)[0])
