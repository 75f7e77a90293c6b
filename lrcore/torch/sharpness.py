"""The sharpness of a reader's own model, and the rates that it allows."""

from dataclasses import dataclass

import numpy as np
import torch

from .. import validate
from ..analysis.sharpness import lanczos, power_iteration
from .range_test import checked_model, one_number, trainable
from .untouched import untouched

METHODS = ("lanczos", "power")


@dataclass(frozen=True, eq=False)
class Sharpness:
    """``value``: the largest eigenvalue found of the Hessian of the batch loss; ``bound``: 2/value, above
    which plain gradient descent on this batch is locally unstable (inf unless value > 0); ``vector`` (d,)
    the direction, in the order of the trainable parameters; ``residual`` |Hv - value v|; ``iterations``.
    """

    value: float
    bound: float
    vector: np.ndarray
    residual: float
    iterations: int

    def __repr__(self):
        return (
            f"Sharpness(value={self.value:.6g}, bound={self.bound:.4g}, residual={self.residual:.2g}, "
            f"iterations={self.iterations})"
        )


def sharpness(model, loss_fn, batch, iterations=30, *, method="lanczos", v0=None, seed=0, tol=1e-3):
    """The largest eigenvalue of the Hessian of loss_fn(model(inputs), targets) in the trainable parameters.

    By exact Hessian-vector products (differentiating the gradient), so d x d numbers are never stored.
    ``"lanczos"`` keeps one vector for each iteration; ``"power"`` keeps one only, needs more iterations, and
    twice as many where the eigenvalue of largest magnitude is negative.

    The bound 2/value holds for plain gradient descent on this batch, now: curvature changes while training.
    With heavy ball it is (2 + 2 beta)/value. It says nothing about rates of Adam.

    Parameters: `model` in the mode (train or eval) that is asked about; dropout draws one mask. `batch` a
    pair (inputs, targets). At most `iterations`; stops when residual <= tol |value|. `v0` (d,) a start, such
    as the last ``vector``, else random from `seed`. Model, gradients, buffers and random numbers are left as
    they were.

    Returns `Sharpness`. Raises ValueError or TypeError for arguments that are not as above.

    Source: Cohen, Kaur, Li, Kolter and Talwalkar, ICLR 2021; B. Pearlmutter (1994) for the products.
    Explained in chapters 02 and 10.

    >>> model = torch.nn.Linear(2, 1, bias=False)
    >>> x, y = torch.tensor([[1.0, 0.0], [0.0, 3.0]]), torch.zeros(2, 1)
    >>> sharpness(model, torch.nn.functional.mse_loss, (x, y)).bound  # the Hessian is diag(1, 9)
    0.222...
    """
    checked_model(model, loss_fn)
    validate.choice(method, "method", METHODS, validate.CURVATURE)
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise validate.wrong_type(
            f"batch must be a pair (inputs, targets), got {type(batch).__name__}", validate.CURVATURE
        )
    parameters = trainable(model)
    sizes = [p.numel() for p in parameters]
    with untouched(model), torch.enable_grad():
        loss = one_number(loss_fn(model(batch[0]), batch[1]))
        if not torch.isfinite(loss):
            raise validate.wrong_value(
                f"the loss of this batch is {loss.item()}: it is empty, or data or weights are not finite",
                validate.CURVATURE,
            )
        gradients = torch.autograd.grad(loss, parameters, create_graph=True, materialize_grads=True)

        def product(v):
            parts = torch.from_numpy(v).split(sizes)
            along = [part.to(p).reshape(p.shape) for part, p in zip(parts, parameters, strict=True)]
            curved = [pair for pair in zip(gradients, along, strict=True) if pair[0].requires_grad]
            if not curved:  # the loss is linear in all weights
                return np.zeros_like(v)
            slopes, along = zip(*curved, strict=True)
            Hv = torch.autograd.grad(slopes, parameters, along, retain_graph=True, materialize_grads=True)
            return torch.cat([h.reshape(-1) for h in Hv]).double().cpu().numpy()

        if method == "lanczos":
            found = lanczos(product, sum(sizes), 1, iterations, v0, seed, tol)
            value, vector, residual = (float(found.values[0]), found.vectors[0], float(found.residuals[0]))
            made = found.iterations
        else:
            found = power_iteration(product, sum(sizes), iterations, v0, seed, tol)
            value, vector, residual, made = found.value, found.vector, found.residual, found.iterations
            if value < 0:
                shift = -value
                found = power_iteration(
                    lambda v: product(v) + shift * v, sum(sizes), iterations, None, seed, tol
                )
                value, vector, residual = found.value - shift, found.vector, found.residual
                made += found.iterations
    return Sharpness(value, 2 / value if value > 0 else np.inf, vector, residual, made)
