"""A quadratic, Rosenbrock's valley and a logistic regression side by side in one vector of 7 coordinates.

Directions that act on each coordinate by itself then need one run, and one compiled function, for all three.
"""

from types import SimpleNamespace

import numpy as np

from lrcore.problems import Logistic, Problem, Quadratic, Rosenbrock

RNG = np.random.default_rng(12)
QUADRATIC = Quadratic([0.99001109, 10.00998891], x_star=[1.06962664, -0.2320888], angle=0.0333)
ROSENBROCK = Rosenbrock()
LOGISTIC = Logistic(RNG.standard_normal((12, 3)), RNG.integers(0, 2, 12), l2=0.1)
PARTS = ((QUADRATIC, slice(0, 2)), (ROSENBROCK, slice(2, 4)), (LOGISTIC, slice(4, 7)))
START = np.array([3.0, -2.0, -1.2, 1.0, 0.0, 0.5, -1.0])


class Three(Problem):
    """f is the sum of the three, so the gradient is made of theirs and the Hessian of their blocks."""

    dim = 7

    def f(self, x):
        return sum(p.f(x[..., part]) for p, part in PARTS)

    def grad(self, x):
        return np.concatenate([p.grad(x[..., part]) for p, part in PARTS], axis=-1)

    def hessian(self, x):
        H = np.zeros((*x.shape, 7))
        for p, part in PARTS:
            H[..., part, part] = p.hessian(x[..., part])
        return H


def per_coordinate(rates):
    """One rate for each problem -> one for each coordinate."""
    return np.repeat(np.asarray(rates, float), [2, 2, 3])


def path(direction, eta, steps, x0=START, problem=None):
    """The iterates of x_{k+1} = x_k + eta d_k, by the barest loop."""
    problem = problem or Three()
    x = np.array(x0)
    state, made = direction.init(x), [x]
    for k in range(steps):
        g = problem.grad(x)
        at = SimpleNamespace(x=x, g=g, problem=problem) if direction.uses_point else g
        d, state = direction(k, at, state)
        x = x + eta * d
        made.append(x)
    return np.array(made)


def next_points(direction, eta, x):
    """Where the direction leads from each point of a given path, its state growing along that path."""
    problem = Three()
    state, made = direction.init(x[0]), []
    for k, x_k in enumerate(x[:-1]):
        g = problem.grad(x_k)
        at = SimpleNamespace(x=x_k, g=g, problem=problem) if direction.uses_point else g
        d, state = direction(k, at, state)
        made.append(x_k + eta * d)
    return np.array(made)


def torch_path(make, rates, steps, x0=START):
    """The iterates of a torch optimizer, given the same gradients: ``make(param_groups)`` makes it."""
    import torch

    problem = Three()
    parts = [torch.tensor(x0[part], requires_grad=True) for _, part in PARTS]
    optimizer = make([{"params": [p], "lr": r} for p, r in zip(parts, rates, strict=True)])
    made = [np.array(x0)]
    for _ in range(steps):
        g = problem.grad(made[-1])
        for p, (_, part) in zip(parts, PARTS, strict=True):
            p.grad = torch.from_numpy(g[part].copy())
        optimizer.step()
        made.append(np.concatenate([p.detach().numpy() for p in parts]))
    return np.array(made)


def jax_grad(x):
    """The gradient of the three again, by autograd of formulas written in jax."""
    import jax
    import jax.numpy as jnp

    H, x_star, signed = QUADRATIC.H, QUADRATIC.x_star, jnp.asarray(LOGISTIC.X * LOGISTIC._signs[:, None])

    def f(x):
        q, (a, b), w = x[:2] - x_star, x[2:4], x[4:]
        rosenbrock = (1 - a) ** 2 + 100 * (b - a**2) ** 2
        return 0.5 * q @ H @ q + rosenbrock + jax.nn.softplus(-signed @ w).mean() + 0.05 * w @ w

    return jax.grad(f)(x)
