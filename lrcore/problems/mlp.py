"""A small tanh network with hand-written backpropagation, batched over parameter vectors."""

import numpy as np

from .. import validate
from .becker_lecun import becker_lecun
from .problem import Problem

LOSSES = ("cross-entropy", "squared")


class MLP(Problem):
    r"""The mean loss of a tanh network on n labelled samples, a function of one flat vector of parameters.

    z_1 = X W_1 + b_1, h_1 = tanh z_1, ..., z_m = h_{m-1} W_m + b_m are the outputs. The loss is averaged
    over the samples:

    * ``"cross-entropy"``: log sum_j exp z_j - z_label,
    * ``"squared"``: 1/2 sum_j (z_j - [j = label])^2, the sum over outputs, not their mean.

    Parameters: `X` (n, p) real; `labels` (n,) whole numbers 0, 1, ..., c-1; `hidden` widths of the hidden
    layers. A parameter vector holds W_1 (row by row, fan_in x fan_out), b_1, W_2, b_2, ...; ``dim`` is
    its length. ``L``, ``mu`` and ``x_star`` are None: no bound on the curvature holds everywhere, which
    is why chapter 02 measures the sharpness.

    Raises ValueError or TypeError for labels, shapes, widths or a loss name that are not as above.

    Source: Rumelhart, Hinton and Williams, *Nature* 323 (1986). Used in chapters 01 and 02.

    >>> net = MLP([[0.0, 1.0], [1.0, 0.0]], [0, 1], hidden=(3,))
    >>> net.dim, net.init(seed=0).shape, net.init(seed=0, batch=(4,)).shape
    (17, (17,), (4, 17))
    >>> net.f(np.zeros(17)).round(6)  # nothing known: log 2
    np.float64(0.693147)
    """

    def __init__(self, X, labels, hidden=(32,), loss="cross-entropy"):
        X = validate.features(X)
        labels = validate.class_labels(labels, len(X))
        hidden = hidden if isinstance(hidden, (tuple, list)) else (hidden,)
        sizes = (X.shape[1], *(validate.count(h, "a width in hidden") for h in hidden), int(labels.max()) + 1)
        self.sizes, self.loss = sizes, validate.choice(loss, "loss", LOSSES)
        self.dim = sum((i + 1) * o for i, o in zip(sizes, sizes[1:], strict=False))
        self._assign(X, labels, np.eye(sizes[-1])[labels])

    def _assign(self, X, labels, onehot):
        self.X, self.labels, self._onehot, self.n = X, labels, onehot, len(X)

    def subset(self, indices):
        """The same network on some of the samples, for minibatches."""
        part = object.__new__(MLP)
        part.sizes, part.loss, part.dim = self.sizes, self.loss, self.dim
        part._assign(self.X[indices], self.labels[indices], self._onehot[indices])
        return part

    def init(self, seed, gain=1.0, batch=()):
        """Random start: W ~ N(0, gain^2/fan_in), b = 0; shape (*batch, dim).

        All rows of a batch are equal on purpose: then curves of different rates differ by the rate alone.
        """
        rng = np.random.default_rng(validate.count(seed, "seed", low=0))
        gain = validate.number(gain, "gain", low=0)
        batch = batch if isinstance(batch, (tuple, list)) else (batch,)
        x = np.zeros(self.dim)
        for W, _ in self.unpack(x):
            W[...] = rng.standard_normal(W.shape) * (gain / np.sqrt(W.shape[0]))
        return np.tile(x, (*(validate.count(b, "a size in batch") for b in batch), 1))

    def unpack(self, x):
        """[(W_1, b_1), ..., (W_m, b_m)]: views into x of shape (..., fan_in, fan_out) and (..., fan_out)."""
        x = validate.point(x, self.dim)
        layers, start = [], 0
        for i, o in zip(self.sizes, self.sizes[1:], strict=False):
            middle, end = start + i * o, start + (i + 1) * o
            layers.append((x[..., start:middle].reshape(*x.shape[:-1], i, o), x[..., middle:end]))
            start = end
        return layers

    def _forward(self, layers):
        """Inputs of all layers, and the outputs z (..., n, classes)."""
        inputs = [self.X]
        for W, b in layers:
            z = inputs[-1] @ W + b[..., None, :]
            inputs.append(np.tanh(z) if len(inputs) < len(layers) else z)
        return inputs[:-1], inputs[-1]

    def _loss(self, z):
        """The mean loss (...), and its derivative in z (..., n, classes)."""
        if self.loss == "squared":
            error = z - self._onehot
            return 0.5 * np.square(error).sum((-2, -1)) / self.n, error / self.n
        z = z - z.max(-1, keepdims=True)
        p = np.exp(z)
        total = p.sum(-1, keepdims=True)
        chosen = z[..., np.arange(self.n), self.labels]
        return (np.log(total[..., 0]) - chosen).mean(-1), (p / total - self._onehot) / self.n

    def f(self, x):
        return self._loss(self._forward(self.unpack(x))[1])[0]

    def grad(self, x):
        return self.value_and_grad(x)[1]

    def value_and_grad(self, x):
        layers = self.unpack(x)
        inputs, z = self._forward(layers)
        f, delta = self._loss(z)
        g = np.empty(np.shape(x))
        slopes = self.unpack(g)
        for i in reversed(range(len(layers))):
            h, (slope_W, slope_b) = inputs[i], slopes[i]
            np.matmul(h.swapaxes(-1, -2), delta, out=slope_W)
            np.sum(delta, axis=-2, out=slope_b)
            if i:
                delta = (delta @ layers[i][0].swapaxes(-1, -2)) * (1 - h * h)
        return f, g

    def backward_parts(self, x):
        """What `becker_lecun` sweeps back: layers, their inputs, df/dz and d^2f/dz^2 of the outputs z."""
        layers = self.unpack(x)
        inputs, z = self._forward(layers)
        delta = self._loss(z)[1]
        p = self.n * delta + self._onehot  # the probabilities, if the loss is the cross-entropy
        curvature = np.ones_like(p) if self.loss == "squared" else p * (1 - p)
        return layers, inputs, delta, curvature / self.n

    def hess_diag(self, x):
        """The diagonal of the Hessian by `becker_lecun`: exact in some cases, else an estimate; (..., d)."""
        return becker_lecun(self, x)

    def accuracy(self, x):
        """The share of samples whose largest output is the label; shape (...)."""
        z = self._forward(self.unpack(x))[1]
        return (z.argmax(-1) == self.labels).mean(-1)

    def __repr__(self):
        return f"MLP({'-'.join(map(str, self.sizes))}, n={self.n}, loss={self.loss!r})"
