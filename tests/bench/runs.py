"""How fast are runs? Ratios of times taken in turn, since the machine may be busy.

    python tests/bench/runs.py

Each time is the least of three, each ratio the median over repetitions in which both sides take turns.
Exits with 1 if a limit is broken.
The sweep has 1000 rates and 1000 steps on a bowl of 10 dimensions; every side keeps f and |grad f| of each
step, in float64. The other sides are written as their own documentation has it.
"""

import subprocess
import sys
from statistics import median
from time import perf_counter

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

from lrcore import problems, run
from lrcore.directions import Adam, Steepest
from lrcore.linesearches import Backtracking
from lrcore.point import Point

jax.config.update("jax_enable_x64", True)
RATES, STEPS, REPETITIONS, TORCH_RATES = np.geomspace(1e-3, 0.19, 1000), 1000, 9, 2
BOWL = problems.Quadratic.from_condition(10.0, dim=10, seed=0)
START = np.ones(BOWL.dim)


def seconds(function):
    start = perf_counter()
    function()
    return perf_counter() - start


def least(function):
    """The least of three times, since the machine may be busy."""
    return min(seconds(function) for _ in range(3))


def ratio(one, other, repetitions=REPETITIONS):
    """How many times longer `one` takes than `other`, measured in turn."""
    one(), other()
    return median(least(one) / least(other) for _ in range(repetitions))


# --- the sweep ----------------------------------------------------------------------------


def of_optax(optimizer):
    H = jnp.asarray(BOWL.H)

    def f(x):
        return 0.5 * x @ H @ x

    def losses(rate):
        rule = optimizer(rate)

        def step(carry, _):
            x, state = carry
            value, g = jax.value_and_grad(f)(x)
            updates, state = rule.update(g, state, x)
            return (optax.apply_updates(x, updates), state), (value, jnp.linalg.norm(g))

        x = jnp.asarray(START)
        return jax.lax.scan(step, (x, rule.init(x)), None, STEPS)[1]

    compiled = jax.jit(jax.vmap(losses))
    return lambda: jax.block_until_ready(compiled(RATES))


def of_torch(optimizer, rates):
    H = torch.tensor(BOWL.H)
    for rate in rates:
        x = torch.tensor(START, requires_grad=True)
        rule, f, norm = optimizer([x], lr=float(rate)), [], []
        for _ in range(STEPS):
            rule.zero_grad()
            loss = 0.5 * x @ H @ x
            loss.backward()
            f.append(loss.item())
            norm.append(x.grad.norm().item())
            rule.step()


def sweeps():
    for name, direction, theirs, slow, limit in (
        ("GD", Steepest(), optax.sgd, torch.optim.SGD, 1.3),
        ("Adam", Adam(), optax.adam, torch.optim.Adam, 1.8),
    ):

        def own(direction=direction):
            return run(BOWL, START, RATES, direction, steps=STEPS)

        own()
        cold = median(seconds(of_optax(theirs)) / least(own) for _ in range(5))
        warm = of_optax(theirs)
        assert np.allclose(np.array(warm()[0]).T[:200], own().f[:200], rtol=1e-9)  # the same work
        yield f"sweep, {name}: own time / optax, compiled before", ratio(own, warm), "at most", limit
        # An optimizer of torch takes as long for each rate, so that a few of them tell the time of all.
        few = RATES[:TORCH_RATES]
        torch_time = ratio(lambda slow=slow, few=few: of_torch(slow, few), own, 3) * len(RATES) / TORCH_RATES
        if name == "GD":
            yield f"sweep, {name}: optax, first call / own time", cold, "at least", 4
            yield f"sweep, {name}: torch.optim / own time", torch_time, "at least", 400
        else:
            yield f"sweep, {name}: optax, first call / own time", cold, "", None
            yield f"sweep, {name}: torch.optim / own time", torch_time, "", None


# --- one run ------------------------------------------------------------------------------


def bare_loop(problem, x, eta, steps):
    f, norm = np.empty(steps + 1), np.empty(steps + 1)
    for k in range(steps):
        f[k], g = problem.value_and_grad(x)
        norm[k] = np.linalg.norm(g)
        x = x - eta * g
    return f, norm, x


def backtracking():
    rows = 1000
    X = np.random.default_rng(0).standard_normal((rows, BOWL.dim))
    c1, shrink = 0.1, 0.7

    def one_by_one():
        found = np.empty(rows)
        for i, x in enumerate(X):
            f, g = BOWL.value_and_grad(x)
            t, decrease = 1.0, c1 * g @ g
            while BOWL.f(x - t * g) > f - t * decrease:
                t *= shrink
            found[i] = t
        return found

    def batched():
        f, g = BOWL.value_and_grad(X)
        here = Point(0, BOWL, X, g, np.full(rows, True), f)
        return Backtracking(c1, shrink)(*here.line(-g), np.ones(rows), f, -np.vecdot(g, g)).t

    assert np.array_equal(one_by_one(), batched())
    return ratio(one_by_one, batched)


def imports():
    def fresh(module):
        return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)

    return ratio(fresh("lrcore"), fresh("numpy"))


def single():
    bowl, x = problems.Quadratic([1.0, 10.0]), np.ones(2)
    own = ratio(lambda: run(bowl, x, 0.1, steps=10_000), lambda: bare_loop(bowl, x, 0.1, 10_000))
    yield "one run of 10,000 steps: own time / bare numpy loop", own, "at most", 1.5
    yield "backtracking on 1000 rows: Python loop / own time", backtracking(), "at least", 50
    yield "import lrcore / import numpy", imports(), "at most", 1.3


def main():
    broken = 0
    for what, value, side, limit in (*sweeps(), *single()):
        wrong = limit is not None and (value > limit if side == "at most" else value < limit)
        broken += wrong
        told = f"({side} {limit})" if side else ""
        print(f"{value:8.2f}  {what}  {told}{'  BROKEN' if wrong else ''}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
