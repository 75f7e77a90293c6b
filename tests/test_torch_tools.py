"""The range test and the sharpness of a torch model: right numbers, and a model left as it was."""

import copy
import json
import random

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from lrcore.analysis.range_rules import disagreement, smoothed, suggestions
from lrcore.torch import range_test, sharpness
from lrcore.torch.untouched import untouched

X = torch.tensor(np.random.default_rng(0).standard_normal((60, 4)))
LABELS = (X.sum(1) > 0).long() + (X[:, 0] > 1).long()
Y = X @ torch.tensor([[1.0], [2.0], [-1.0], [0.5]], dtype=torch.float64) + 0.3


class Net(torch.nn.Module):
    """All that a range test could disturb: batch norm, dropout, tied weights, a buffer that is replaced."""

    def __init__(self):
        super().__init__()
        self.first, self.norm = torch.nn.Linear(4, 6), torch.nn.BatchNorm1d(6)
        self.drop, self.last = torch.nn.Dropout(0.2), torch.nn.Linear(6, 6)
        self.tied, self.out = torch.nn.Linear(6, 6), torch.nn.Linear(6, 3)
        self.tied.weight = self.last.weight
        self.register_buffer("calls", torch.zeros(()), persistent=False)
        self.double()

    def forward(self, x):
        self.calls = self.calls + 1
        h = self.drop(torch.tanh(self.norm(self.first(x))))
        return self.out(torch.tanh(self.tied(torch.tanh(self.last(h)))))


class Noisy(torch.utils.data.Dataset):
    """Samples that take from all three global random number generators."""

    def __len__(self):
        return len(X)

    def __getitem__(self, i):
        noise = random.random() + np.random.rand() + float(torch.rand(()))  # noqa: NPY002
        return X[i] + 0.01 * noise, LABELS[i]


OPTIMIZERS = {
    "Adam": lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True),
    "Adam, tensor lr": lambda p: torch.optim.Adam(p, lr=torch.tensor(0.01, dtype=torch.float64)),
    "SGD": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "LBFGS": lambda p: torch.optim.LBFGS(p, lr=0.1, max_iter=2),
}


def setting(name, warm=3):
    """A model in the middle of training: net, optimizer, loader, one step function."""
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    net = Net()
    net.norm.eval()  # as when a layer is frozen
    optimizer = OPTIMIZERS[name](net.parameters())
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 50)
    generator = torch.Generator().manual_seed(3)
    loader = torch.utils.data.DataLoader(Noisy(), batch_size=16, shuffle=True, generator=generator)

    def train(steps):
        losses = []
        for _, (x, y) in zip(range(steps), loader, strict=False):

            def closure(x=x, y=y):
                optimizer.zero_grad()
                loss = F.cross_entropy(net(x), y)
                loss.backward()
                losses.append(loss.item())
                return loss

            optimizer.step(closure)
            schedule.step()
        return losses

    train(warm)
    return net, optimizer, loader, generator, train


def everything(net, optimizer, generator):
    """All bits that should not change, and the identities of the objects that hold them."""
    buffers = dict(net.named_buffers())
    tensors = {n: t.detach().clone() for n, t in [*net.named_parameters(), *buffers.items()]}
    grads = {n: None if p.grad is None else p.grad.clone() for n, p in net.named_parameters()}
    identities = [id(t) for t in [*net.parameters(), *net.buffers()]]
    identities += [id(p.grad) for p in net.parameters()] + [id(g) for g in optimizer.param_groups]
    identities += [id(v) for s in optimizer.state.values() for v in s.values() if isinstance(v, torch.Tensor)]
    identities += [id(g["lr"]) for g in optimizer.param_groups if isinstance(g["lr"], torch.Tensor)]
    modes = [m.training for m in net.modules()]
    randoms = [random.getstate(), np.random.get_state(), torch.get_rng_state(), generator.get_state()]  # noqa: NPY002
    state = copy.deepcopy(optimizer.state_dict())
    return tensors, grads, modes, state, randoms, identities, set(vars(optimizer))


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (torch.Tensor, np.ndarray)):
        return type(a) is type(b) and a.dtype == b.dtype and bool((a == b).all())
    return a == b


def endings():
    calls = []

    def breaks(outputs, targets):
        calls.append(0)
        if len(calls) % 5 == 0:
            raise KeyboardInterrupt
        return F.cross_entropy(outputs, targets)

    return {
        "to the end": (F.cross_entropy, {"high": 0.1}, None),
        "blow-up": (lambda o, t: F.cross_entropy(1e3 * o, t), {"low": 1e-3, "high": 1e3}, None),
        "not finite": (lambda o, t: F.cross_entropy(o, t) * torch.tensor(torch.nan), {}, None),
        "interrupted": (breaks, {}, KeyboardInterrupt),
        "wrong loss": (lambda o, t: o, {}, TypeError),
        "wrong batch": (F.cross_entropy, {"batches": [(X, LABELS), X]}, TypeError),
    }


@pytest.mark.parametrize("ending", endings())
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("warm", [0, 3])
def test_a_range_test_leaves_everything_as_it_was(name, ending, warm):
    net, optimizer, loader, generator, _ = setting(name, warm)
    loss_fn, options, error = endings()[ending]
    before = everything(net, optimizer, generator)
    options = {"batches": loader, "steps": 30} | options
    if error is None:
        range_test(net, loss_fn, optimizer=optimizer, **options)
    else:
        with pytest.raises(error):
            range_test(net, loss_fn, optimizer=optimizer, **options)
    assert all(map(same, before, everything(net, optimizer, generator)))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on_as_if_there_had_been_no_measurement(name):
    *_, train = setting(name)
    expected = train(6)
    net, optimizer, loader, _, train = setting(name)
    range_test(net, F.cross_entropy, loader, optimizer, steps=20)
    range_test(net, F.cross_entropy, loader, steps=20)
    sharpness(net, F.cross_entropy, (X, LABELS), 5)
    assert train(6) == expected


def test_untouched_would_notice():
    net, optimizer, _, generator, train = setting("Adam")
    before = everything(net, optimizer, generator)
    with untouched(net, optimizer):
        net.train()
        train(1)
        assert not any(map(same, before[:4], everything(net, optimizer, generator)[:4]))
    after = everything(net, optimizer, generator)
    assert all(map(same, before[:4], after[:4]))
    assert not same(before[4], after[4])  # the loader was not given, so its generator has moved on


def test_gradients_that_the_optimizer_does_not_know_are_kept():
    net, _, loader, generator, _ = setting("SGD")
    part = torch.optim.SGD(net.first.parameters(), lr=0.1)
    before = everything(net, part, generator)
    range_test(net, F.cross_entropy, loader, part, steps=5)
    assert before[1]["out.weight"].any() and all(map(same, before, everything(net, part, generator)))


def test_a_loss_that_looks_at_the_model_sees_the_model_that_is_trained():
    model = torch.nn.Linear(4, 1).double()
    seen = []

    def loss_fn(outputs, targets):
        seen.append(model.weight.detach().clone())
        return F.mse_loss(outputs, targets) + 0.1 * (model.weight**2).sum()

    range_test(model, loss_fn, [(X, Y)], low=1e-3, high=0.1, steps=5)
    assert not torch.equal(seen[0], seen[-1]) and torch.equal(seen[0], model.weight)


@pytest.mark.parametrize("lr", [None, 0.5, torch.tensor(0.5, dtype=torch.float64)], ids=repr)
@pytest.mark.parametrize("spacing", ["exponential", "linear"])
def test_the_curve_is_that_of_a_plain_loop(spacing, lr):
    model = torch.nn.Linear(4, 1).double()
    W, b = model.weight.detach().numpy().copy(), model.bias.detach().numpy().copy()
    k = np.arange(40) / 39
    rates = 1e-4 * (1e-1 / 1e-4) ** k if spacing == "exponential" else 1e-4 + (1e-1 - 1e-4) * k
    batches = [(X[i : i + 20], Y[i : i + 20]) for i in (0, 20, 40)]
    losses = []
    for step, rate in enumerate(rates):
        x, y = (t.numpy() for t in batches[step % 3])
        r = x @ W.T + b - y
        losses.append((r**2).mean())
        W, b = W - rate * 2 / 20 * r.T @ x, b - rate * 2 / 20 * r.sum(0)
    optimizer = None if lr is None else torch.optim.SGD(model.parameters(), lr=lr)
    found = range_test(model, F.mse_loss, batches, optimizer, 1e-4, 1e-1, steps=40, spacing=spacing)
    assert np.allclose(found.rates, rates, rtol=1e-12) and np.allclose(found.losses, losses, rtol=1e-10)
    assert found.suggestions == suggestions(found.rates, found.losses) and found.stopped == "at the end"
    assert np.array_equal(found.smooth, smoothed(found.losses))
    assert found.disagreement == disagreement(found.suggestions)
    assert json.loads(json.dumps(found.to_dict()))["losses"] == found.losses.tolist()
    assert "lr-finder" in repr(found) and "at the end" in repr(found)


def test_a_range_test_stops_where_the_average_loss_has_blown_up():
    model = torch.nn.Linear(4, 1).double()
    options = {"low": 1e-3, "high": 1e3, "steps": 200}
    free = range_test(model, F.mse_loss, [(X, Y + 1.0)], **options, blow_up=np.inf)
    for factor in (*np.linspace(1.01, 5, 40), 100.0):
        found = range_test(model, F.mse_loss, [(X, Y + 1.0)], **options, blow_up=factor)
        n = len(found.losses)
        lowest = np.minimum.accumulate(found.smooth)
        assert found.stopped == "blow-up" and n < 200
        assert found.smooth[-1] > factor * lowest[-1]
        assert (found.smooth[:-1] <= factor * lowest[:-1]).all()
        assert np.array_equal(found.losses, free.losses[:n])


def test_a_negative_loss_is_no_blow_up():
    model = torch.nn.Linear(4, 1).double()
    found = range_test(model, lambda o, t: F.mse_loss(o, t) - 1e4, [(X, Y)], high=0.1)
    assert found.stopped == "at the end" and found.losses.max() < 0


def test_a_loss_that_is_not_finite_ends_the_test_and_is_recorded():
    model = torch.nn.Linear(4, 1).double()
    found = range_test(model, F.mse_loss, [(X, Y)], low=1.0, high=1e300, blow_up=np.inf)
    assert found.stopped == "not finite" and not np.isfinite(found.losses[-1])
    assert np.isfinite(found.losses[:-1]).all() and torch.isfinite(model.weight).all()


def test_a_fast_sweep_overestimates_what_is_stable():
    # f = sum(h x^2)/2 with 2/L = 0.2, without noise: the sharp direction has died out when it turns unstable
    model = torch.nn.Linear(2, 1, bias=False).double()
    model.weight.data = torch.tensor([[3.0, -2.0]], dtype=torch.float64)
    h = torch.tensor([1.0, 10.0], dtype=torch.float64)

    def loss_fn(outputs, targets):
        return (h * model.weight[0] ** 2).sum() / 2

    found = range_test(model, loss_fn, [(X[:, :2], Y)], low=1e-3, high=10.0, steps=100)
    first_rise = found.rates[1:][np.diff(found.losses) > 0][0]
    assert first_rise > 2 * 0.2


@pytest.mark.parametrize(
    "change, kind, words",
    [
        ({"model": "net"}, TypeError, "torch.nn.Module"),
        ({"model": torch.nn.ReLU()}, ValueError, "nothing can be learnt"),
        ({"loss_fn": 3}, TypeError, "loss_fn must be a function"),
        ({"optimizer": "Adam"}, TypeError, "torch optimizer"),
        ({"low": 0.0}, ValueError, r"low must be in \(0, inf\)"),
        ({"low": 1.0, "high": 0.1}, ValueError, "high must be in"),
        ({"steps": 1}, ValueError, "at least 2"),
        ({"steps": 10.0}, TypeError, "whole number"),
        ({"spacing": "log"}, ValueError, "'exponential', 'linear', got 'log'"),
        ({"blow_up": 1.0}, ValueError, "greater than 1"),
        ({"blow_up": np.nan}, ValueError, "greater than 1"),
        ({"batches": []}, ValueError, "a list or a DataLoader"),
        ({"batches": iter([(X, Y)])}, ValueError, "a list or a DataLoader, not a generator"),
        ({"batches": [X]}, TypeError, r"pair \(inputs, targets\), got Tensor"),
        ({"loss_fn": lambda o, t: o.detach().sum()}, TypeError, "one number with a gradient"),
        ({"loss_fn": lambda o, t: 1.0}, TypeError, "one number with a gradient, got 1.0"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, dict) else "",
)
def test_what_a_range_test_cannot_use_is_told(change, kind, words):
    arguments = {"model": torch.nn.Linear(4, 1).double(), "loss_fn": F.mse_loss, "batches": [(X, Y)]}
    with pytest.raises(kind, match=words) as told:
        range_test(**(arguments | change))
    assert "chapter 11" in str(told.value)


def full_hessian(model, loss_fn, batch):
    """All second derivatives of the batch loss, by autograd, in the order of the trainable parameters."""
    parts = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    buffers = {n: b.clone() for n, b in model.named_buffers()}

    def f(flat):
        cut = flat.split([p.numel() for p in parts.values()])
        new = {n: c.reshape(p.shape) for (n, p), c in zip(parts.items(), cut, strict=True)}
        return loss_fn(torch.func.functional_call(model, (new, buffers), batch[0]), batch[1])

    flat = torch.cat([p.reshape(-1) for p in parts.values()])
    return torch.autograd.functional.hessian(f, flat).numpy()


def small_net(seed):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3)).double()


@pytest.mark.parametrize("method", ["lanczos", "power"])
@pytest.mark.parametrize("seed", [0, 1])
def test_sharpness_is_the_largest_eigenvalue(method, seed):
    model = small_net(seed)
    found = sharpness(model, F.cross_entropy, (X, LABELS), 3000, method=method, tol=1e-9)
    H = full_hessian(model, F.cross_entropy, (X, LABELS))
    top = np.linalg.eigvalsh(H)[-1]
    assert found.value == pytest.approx(top, rel=1e-8) and found.bound == pytest.approx(2 / top, rel=1e-8)
    assert np.allclose(H @ found.vector, top * found.vector, atol=1e-6 * top)
    assert np.linalg.norm(H @ found.vector - found.value * found.vector) == pytest.approx(
        found.residual, abs=1e-8
    )


@pytest.mark.parametrize("method", ["lanczos", "power"])
def test_the_largest_is_not_the_largest_in_magnitude(method):
    model = small_net(2)

    def upside_down(outputs, targets):
        return -F.cross_entropy(outputs, targets)

    values = np.linalg.eigvalsh(full_hessian(model, upside_down, (X, LABELS)))
    assert -values[0] > values[-1] > 0
    found = sharpness(
        model, upside_down, (X, LABELS), 20_000 if method == "power" else 60, method=method, tol=1e-6
    )
    assert found.value == pytest.approx(values[-1], rel=1e-4)


def test_without_positive_curvature_every_rate_is_within_the_bound():
    model = torch.nn.Linear(4, 1).double()
    found = sharpness(model, lambda o, t: -F.mse_loss(o, t), (X, Y), 30)
    assert found.value < 1e-9 and (found.bound == np.inf or found.bound > 1e9)


def test_gradient_descent_turns_unstable_at_the_bound():
    model = torch.nn.Linear(4, 1).double()
    bound = sharpness(model, F.mse_loss, (X, Y), tol=1e-12).bound
    ends = []
    for factor in (0.99, 1.01):
        net = copy.deepcopy(model)
        for _ in range(2000):
            net.zero_grad()
            F.mse_loss(net(X), Y).backward()
            with torch.no_grad():
                for p in net.parameters():
                    p -= factor * bound * p.grad
        ends.append(F.mse_loss(net(X), Y).item())
    assert ends[0] < 1e-6 and ends[1] > 1e6


def test_frozen_parameters_have_no_curvature():
    model = small_net(3)
    model[0].requires_grad_(False)
    found = sharpness(model, F.cross_entropy, (X, LABELS), 60, tol=1e-10)
    H = full_hessian(model, F.cross_entropy, (X, LABELS))
    assert found.vector.shape == (18,) and H.shape == (18, 18)
    assert found.value == pytest.approx(np.linalg.eigvalsh(H)[-1], rel=1e-8)


def test_parameters_that_the_loss_does_not_use_count_as_flat():
    model = torch.nn.ModuleDict({"used": torch.nn.Linear(4, 1), "idle": torch.nn.Linear(4, 1)}).double()
    model.forward = lambda x: model["used"](x)
    alone = sharpness(model["used"], F.mse_loss, (X, Y), tol=1e-10)
    both = sharpness(model, F.mse_loss, (X, Y), tol=1e-10)
    assert both.value == pytest.approx(alone.value, rel=1e-9) and np.allclose(both.vector[5:], 0, atol=1e-9)


def test_float32_models_work_and_a_start_helps():
    model = small_net(0).float()
    batch = (X.float(), LABELS)
    found = sharpness(model, F.cross_entropy, batch, tol=1e-4)
    exact = sharpness(small_net(0), F.cross_entropy, (X, LABELS), 60, tol=1e-10)
    assert found.value == pytest.approx(exact.value, rel=1e-4)
    again = sharpness(model, F.cross_entropy, batch, tol=1e-3, v0=found.vector)
    assert again.iterations <= 2 and again.value == pytest.approx(exact.value, rel=1e-4)


@pytest.mark.parametrize("training", [True, False])
def test_sharpness_leaves_everything_as_it_was_and_keeps_the_mode(training):
    net, optimizer, _, generator, _ = setting("Adam")
    net.train(training)
    before = everything(net, optimizer, generator)
    sharpness(net, F.cross_entropy, (X, LABELS), 4)
    with pytest.raises(ZeroDivisionError):
        sharpness(net, lambda o, t: 1 / 0, (X, LABELS))
    assert all(map(same, before, everything(net, optimizer, generator)))


@pytest.mark.parametrize(
    "change, kind, words",
    [
        ({"model": None}, TypeError, "torch.nn.Module"),
        ({"batch": X}, TypeError, r"pair \(inputs, targets\), got Tensor"),
        ({"method": "arnoldi"}, ValueError, "'lanczos', 'power'"),
        ({"iterations": 0}, ValueError, "at least 1"),
        ({"v0": np.ones(3)}, ValueError, "v0 must have shape"),
        ({"loss_fn": lambda o, t: o}, TypeError, "one number"),
        ({"batch": (X * np.nan, Y)}, ValueError, "finite"),
    ],
)
def test_what_sharpness_cannot_use_is_told(change, kind, words):
    arguments = {"model": torch.nn.Linear(4, 1).double(), "loss_fn": F.mse_loss, "batch": (X, Y)}
    with pytest.raises(kind, match=words):
        sharpness(**(arguments | change))


@pytest.mark.parametrize(
    "change, error, text",
    [
        ({"optimizer": torch.optim.SGD(torch.nn.Linear(3, 1).parameters(), lr=0.1)}, ValueError, "no param"),
        ({"batches": None}, TypeError, "batches must be a list or a DataLoader"),
        ({"blow_up": [2.0, 3.0]}, ValueError, "blow_up must be greater than 1"),
        ({"model": torch.nn.LazyLinear(1)}, ValueError, "call it once on a batch first"),
    ],
)
def test_a_range_test_that_could_not_mean_anything_says_so(change, error, text):
    given = {"model": torch.nn.Linear(3, 1), "batches": [(torch.ones(4, 3), torch.ones(4, 1))]}
    with pytest.raises(error, match=f"{text}.*see chapter 11"):
        range_test(**(given | {"loss_fn": torch.nn.functional.mse_loss} | change))


@pytest.mark.parametrize("batch", [(X[:0], Y[:0]), (X * np.nan, Y)], ids=["empty", "nan"])
def test_a_batch_without_a_loss_has_no_sharpness(batch):
    with pytest.raises(ValueError, match="the loss of this batch is nan.*see chapter 10"):
        sharpness(torch.nn.Linear(4, 1).double(), F.mse_loss, batch)


@pytest.mark.parametrize("method", ["lanczos", "power"])
def test_a_loss_that_is_linear_in_the_weights_bounds_no_rate(method):
    found = sharpness(torch.nn.Linear(4, 1).double(), lambda out, _: out.mean(), (X, Y), method=method)
    assert (found.value, found.bound) == (0.0, np.inf)
