"""Step-size rules against the programs of their authors, and against optax, in float64.

All are given the same gradients, by lrcore's problems. A rule is compared in two ways: with its state growing
along the library's own path, where nothing amplifies a rounding error, and freely.
"""

import dadaptation
import dog
import jax
import jax.numpy as jnp
import numpy as np
import optax
import prodigyopt
import pytest
import schedulefree
import torch
from three_problems import LOGISTIC, QUADRATIC, ROSENBROCK

from lrcore import run
from lrcore.directions import Averaged, Prodigy, ScheduleFree, Steepest
from lrcore.linesearches import Backtracking
from lrcore.point import Point
from lrcore.stepsizes import DAdaptation, DoG, LineSearch, Polyak

PROBLEMS = {"quadratic": QUADRATIC, "rosenbrock": ROSENBROCK, "logistic": LOGISTIC}
STARTS = {"quadratic": [3.0, -2.0], "rosenbrock": [-1.2, 1.0], "logistic": [0.0, 0.5, -1.0]}
on_all = pytest.mark.parametrize("name", PROBLEMS)
STEPS = 500


def torch_path(make, name, steps=STEPS, look=None):
    """The iterates of a torch optimizer that is given our gradients, and what `look` says after each."""
    problem, x = PROBLEMS[name], torch.tensor(STARTS[name], dtype=torch.float64, requires_grad=True)
    optimizer, made, seen = make([x]), [x.detach().numpy().copy()], []
    for _ in range(steps):
        with np.errstate(all="ignore"):
            x.grad = torch.from_numpy(problem.grad(made[-1]))
        optimizer.step()
        made.append(x.detach().numpy().copy())
        if look is not None:
            seen.append(look(optimizer, x))
    return (np.array(made), np.array(seen)) if look is not None else np.array(made)


def next_points(eta, direction, name, path):
    """Where a rule and a direction lead from each point of a given path, their states growing along it."""
    problem, here = PROBLEMS[name], np.array(path[0])
    rule = eta if callable(eta) else None
    memory, state, made = rule.init(here) if rule else None, direction.init(here), []
    for k, x in enumerate(path[:-1]):
        point = Point(k, problem, x, problem.grad(x), np.array(True))
        d, state = direction(k, point if direction.uses_point else point.g, state)
        rate = eta
        if rule:
            rate, memory = rule(k, point, d, memory)
        made.append(x + rate * d)
    return np.array(made)


def close(ours, theirs):
    assert np.abs(ours - theirs).max() <= 1e-12 * (1 + np.abs(theirs).max())


@on_all
@pytest.mark.parametrize("options", [{}, {"reps_rel": 1e-3}, {"reps_rel": 0.1}])
def test_dog_is_its_authors_program(name, options):
    theirs = torch_path(lambda p: dog.DoG(p, **options), name)
    rule = DoG(r_eps=options.get("reps_rel", 1e-6))
    close(next_points(rule, Steepest(), name, theirs), theirs[1:])
    if name != "rosenbrock":  # its walls reflect a long step at random: no two paths stay together
        close(run(PROBLEMS[name], STARTS[name], rule, steps=STEPS, record_x=True).x, theirs)


@on_all
@pytest.mark.parametrize(
    "options", [{}, {"d0": 1e-3}, {"growth_rate": 1.02, "d0": 1e-4}, {"lr": 0.5, "d0": 1e-5}]
)
def test_d_adaptation_is_its_authors_program(name, options):
    theirs, d = torch_path(
        lambda p: dadaptation.DAdaptSGD(p, **options), name, look=lambda o, x: o.param_groups[0]["d"]
    )
    ours = {"lr": "factor", "growth_rate": "growth", "d0": "d0"}
    rule = DAdaptation(**{ours[key]: value for key, value in options.items()})
    if name == "rosenbrock":  # not convex, which the rule assumes: it runs away after 400 steps
        close(next_points(rule, Steepest(), name, theirs[:400]), theirs[1:400])
    else:
        close(next_points(rule, Steepest(), name, theirs), theirs[1:])
        r = run(PROBLEMS[name], STARTS[name], rule, steps=STEPS)
        norm = np.linalg.norm(PROBLEMS[name].grad(np.array(STARTS[name])))
        close(r.eta[1:] * norm / options.get("lr", 1.0), d[:-1])


@on_all
@pytest.mark.parametrize(
    "options", [{}, {"betas": (0.5, 0.9)}, {"betas": (0.1, 0.99), "d0": 1e-3}, {"eps": 1e-3}]
)
def test_prodigy_is_its_authors_program(name, options):
    theirs = torch_path(lambda p: prodigyopt.Prodigy(p, **options), name)
    betas = dict(zip(("beta1", "beta2"), options.get("betas", (0.9, 0.999)), strict=True))
    ours = Prodigy(**betas, **{key: value for key, value in options.items() if key != "betas"})
    close(next_points(1.0, ours, name, theirs), theirs[1:])
    r = run(PROBLEMS[name], STARTS[name], 1.0, ours, steps=30, record_x=True)
    close(r.x, theirs[:31])


@on_all
@pytest.mark.parametrize("beta", [0.5, 0.9, 0.98])
def test_schedule_free_is_its_authors_program(name, beta):
    rate = {"quadratic": 0.1, "rosenbrock": 5e-4, "logistic": 1.0}[name]
    z_of = lambda o, x: o.state[x]["z"].numpy().copy()  # noqa: E731
    made = []

    def make(p):
        made.append(schedulefree.SGDScheduleFree(p, lr=rate, momentum=beta))
        made[-1].train()
        return made[-1]

    y, z = torch_path(make, name, look=z_of)
    r = run(PROBLEMS[name], STARTS[name], 1.0, ScheduleFree(rate, beta), steps=STEPS, record_x=True)
    made[-1].eval()  # puts the average in the place of y
    close(r.x[-1], made[-1].param_groups[0]["params"][0].detach().numpy())
    close(r.x[1:], (y[1:] - (1 - beta) * z) / beta)


@pytest.mark.parametrize("cap", [0.02, 0.1, 10.0])
@pytest.mark.parametrize("f_star", [0.0, -0.5])
@on_all
def test_polyak_equals_optax(name, f_star, cap):
    problem, rule = PROBLEMS[name], Polyak(f_star=f_star, eta_max=cap)
    step = optax.polyak_sgd(max_learning_rate=cap, f_min=f_star, variant="sps+")
    with jax.enable_x64(True):
        x, theirs = jnp.asarray(STARTS[name]), []
        state = step.init(x)
        for _ in range(100):
            here = np.asarray(x)
            f, g = problem.value_and_grad(here)
            updates, state = step.update(jnp.asarray(g), state, x, value=float(f))
            x = optax.apply_updates(x, updates)
            theirs.append(here)
        theirs.append(np.asarray(x))
    theirs = np.array(theirs)
    # optax takes no step where |g|^2 <= 2.2e-16, ours only where it is 0
    far = np.linalg.norm([problem.grad(x) for x in theirs[:-1]], axis=-1) > 2e-8
    close(next_points(rule, Steepest(), name, theirs)[far], theirs[1:][far])
    assert far.sum() > 10


@on_all
def test_a_warm_start_equals_optax(name):
    problem = PROBLEMS[name]
    formula = {"quadratic": quadratic, "rosenbrock": rosenbrock, "logistic": logistic}[name]
    search = optax.scale_by_backtracking_linesearch(
        60, slope_rtol=0.1, decrease_factor=0.8, increase_factor=1.5, max_learning_rate=np.inf, rtol=0.0
    )
    ours = run(problem, STARTS[name], LineSearch(Backtracking(0.1, 0.8), t0=1.5, growth=1.5), steps=40)
    theirs = []
    with jax.enable_x64(True):
        x = jnp.asarray(STARTS[name])
        state = search.init(x)
        for _ in range(40):
            f, g = jax.value_and_grad(formula)(x)
            u, state = search.update(-g, state, x, value=f, grad=g, value_fn=formula)
            x = optax.apply_updates(x, u)
            theirs.append(float(state.learning_rate))
    far = ours.grad_norm[:-1] > 1e-6  # nearer, a difference of f is all rounding, and decides
    assert np.allclose(ours.eta[far], np.array(theirs)[far], rtol=1e-13) and far.sum() > 20
    assert len(np.unique(ours.eta[far].round(12))) > 5


def quadratic(x):
    return 0.5 * (x - QUADRATIC.x_star) @ QUADRATIC.H @ (x - QUADRATIC.x_star)


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def logistic(x):
    signed = jnp.asarray(LOGISTIC.X * LOGISTIC._signs[:, None])
    return jax.nn.softplus(-signed @ x).mean() + 0.05 * x @ x


@on_all
@pytest.mark.parametrize("start", [0, 7])
def test_the_average_is_the_programs_average_with_equal_weights(name, start):
    rate = {"quadratic": 0.1, "rosenbrock": 5e-4, "logistic": 1.0}[name]
    r = run(PROBLEMS[name], STARTS[name], rate, Averaged(start=start), steps=100, record_x=True)
    plain = run(PROBLEMS[name], STARTS[name], rate, steps=100, record_x=True).x
    model = torch.nn.ParameterDict({"x": torch.nn.Parameter(torch.tensor(plain[start]))})
    average = dog.PolynomialDecayAverager(model, gamma=0.0)
    for k, x in enumerate(plain):
        if k < start:
            assert np.array_equal(r.x[k], x)
            continue
        model["x"].data = torch.tensor(x)
        average.step()
        close(r.x[k], average.averaged_model["x"].detach().numpy())
