"""The problems of lrcore written in torch: oracles for values, gradients and Hessians by autograd."""

import numpy as np
import torch


def torch_quadratic(q):
    H, x_star = torch.tensor(q.H), torch.tensor(q.x_star)
    return lambda x: 0.5 * (x - x_star) @ H @ (x - x_star)


def torch_logistic(p, y):
    X, signs = torch.tensor(p.X), torch.tensor(np.where(y > 0, 1.0, -1.0))
    return lambda w: torch.nn.functional.softplus(-signs * (X @ w)).mean() + p.l2 / 2 * (w @ w)


def torch_huber(h):
    delta = torch.tensor(h.threshold, dtype=torch.float64)

    def f(x):
        r = torch.sqrt((x**2).sum())
        return h.L * torch.nn.functional.huber_loss(r, 0 * r, delta=float(delta), reduction="sum")

    return f


def torch_mlp(net):
    """The same network from torch's own layers and losses, its parameters cut from the flat vector."""
    X, labels = torch.tensor(net.X), torch.tensor(net.labels)

    def f(x):
        h, start, last = X, 0, len(net.sizes) - 2
        for m, (i, o) in enumerate(zip(net.sizes, net.sizes[1:], strict=False)):
            W, b = x[start : start + i * o].reshape(i, o), x[start + i * o : start + i * o + o]
            h = torch.nn.functional.linear(h, W.T, b)
            h = h if m == last else torch.tanh(h)
            start += i * o + o
        if net.loss == "cross-entropy":
            return torch.nn.functional.cross_entropy(h, labels)
        target = torch.nn.functional.one_hot(labels, net.sizes[-1]).double()
        return torch.nn.functional.mse_loss(h, target, reduction="sum") / (2 * len(labels))

    return f


def torch_rosenbrock(p):
    return lambda x: (p.b * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def torch_boyd(p):
    rows = torch.tensor([[1.0, 3.0], [1.0, -3.0], [-1.0, 0.0]], dtype=torch.float64)
    return lambda x: torch.exp(rows @ x - 0.1).sum()


def torch_heavy_ball_counterexample(x):
    """The integral of the slope, written from its definition and not as three parabolas."""
    relu = torch.relu(x[0] - 1) ** 2 - torch.relu(x[0] - 2) ** 2  # slope 25 x - 24 (x - 1) between 1 and 2
    return 12.5 * x[0] ** 2 - 12 * relu


def torch_least_squares(p):
    X, y = torch.tensor(p.X), torch.tensor(p.y)
    return lambda w: torch.nn.functional.mse_loss(X @ w, y) / 2 + p.l2 / 2 * (w @ w)


def torch_softmax(p):
    X, labels = torch.tensor(p.X), torch.tensor(p.labels)
    return lambda w: (
        torch.nn.functional.cross_entropy(X @ w.reshape(X.shape[1], -1), labels) + p.l2 / 2 * (w @ w)
    )
