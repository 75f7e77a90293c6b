"""Counterexamples: they do to heavy ball and to Adam what their authors proved."""

import math

import numpy as np
import pytest
import torch
from torch_oracles import torch_heavy_ball_counterexample

from lrcore import run
from lrcore.directions import Momentum
from lrcore.problems import HeavyBallCounterexample, Problem, ReddiCounterexample

# --- heavy ball ---------------------------------------------------------------------


def test_the_counterexample_equals_the_integral_of_its_slope():
    p, points = HeavyBallCounterexample(), np.linspace(-2, 4, 61)[:, None] + 0.013
    h = p.hess_diag(points)
    for x, f, g, H in zip(points, p.f(points), p.grad(points), p.hessian(points), strict=True):
        t = torch.tensor(x, requires_grad=True)
        value = torch_heavy_ball_counterexample(t)
        assert f == pytest.approx(value.item(), rel=1e-12)
        assert g == pytest.approx(torch.autograd.grad(value, t)[0].numpy(), rel=1e-12)
        assert (
            H == torch.autograd.functional.hessian(torch_heavy_ball_counterexample, torch.tensor(x)).numpy()
        )
    assert set(h.ravel()) == {1.0, 25.0} == {p.mu, p.L}
    assert p.f([0.0]) == p.f_star == 0 and isinstance(p, Problem)


def test_heavy_ball_locks_on_the_cycle_and_descent_does_not():
    p, ball = HeavyBallCounterexample(), Momentum(HeavyBallCounterexample.beta)
    starts = np.array([[3.3], [2.0], [3.0], [4.0]])
    x = run(p, starts, p.eta, ball, steps=2000, record_x=True).x[-3:, :, 0]
    assert x[:, 0] == pytest.approx(
        p.cycle[(np.arange(3) + np.abs(p.cycle - x[0, 0]).argmin()) % 3], rel=1e-12
    )
    assert np.abs(x[:, 1:]).max() < 1e-12
    assert run(p, p.x0, p.eta * 0.7, steps=500, tol=1e-10).status == "converged"
    # each point of the cycle is the heavy-ball step from the two before it
    before, here, after = np.roll(p.cycle, 1), p.cycle, np.roll(p.cycle, -1)
    assert np.allclose(
        here - p.eta * p.grad(here[:, None])[:, 0] + p.beta * (here - before), after, rtol=1e-14
    )


# --- Reddi, Kale and Kumar ----------------------------------------------------------


def adam_in_a_box(p, alpha, beta2, steps, amsgrad=False, decay=True):
    """The paper's form (no first moment, no bias correction, alpha/sqrt t), on one coordinate."""
    x, v, top, path = 1.0, 0.0, 0.0, []
    slopes = [float(p.at(k).grad([0.0])[0]) for k in range(p.period)]
    for k in range(steps):
        g = slopes[k % p.period]
        v = beta2 * v + (1 - beta2) * g * g
        top = max(top, v) if amsgrad else v
        x = max(-1.0, min(1.0, x - alpha / math.sqrt(k + 1 if decay else 1) * g / math.sqrt(top)))
        path.append(x)
    return path


@pytest.mark.parametrize("alpha, end", [(0.1, 0.99967), (0.5, 0.9983), (0.9, 0.9970)])
def test_adam_goes_to_the_worst_point_of_the_cycle(alpha, end):
    p = ReddiCounterexample(large=3.0)
    path = adam_in_a_box(p, alpha, beta2=0.1, steps=100_000)
    assert path[-1] == pytest.approx(end, abs=6e-5)
    assert all(x == 1.0 for x in path[2:3000:3])  # every third iterate returns to 1
    assert adam_in_a_box(p, alpha, 0.1, 100_000, amsgrad=True)[-1] == -1.0


def test_the_mean_of_the_cycle_is_the_problem():
    for p in (ReddiCounterexample(3.0), ReddiCounterexample(1010.0, 10.0, period=101)):
        x = np.array([[0.5], [-0.25]])
        period = [p.at(k) for k in range(7 * p.period, 8 * p.period)]
        assert np.allclose(np.mean([line.f(x) for line in period], axis=0), p.f(x), rtol=1e-12)
        assert np.allclose(np.mean([line.grad(x) for line in period], axis=0), p.grad(x), rtol=1e-12)
        assert isinstance(p, Problem) and p.f_star == p.f([-1.0]) < p.f([1.0])


def test_the_stochastic_form_draws_the_large_slope_with_its_probability():
    p, n = ReddiCounterexample(1010.0, 10.0, period=100, stochastic=True, seed=3), 2_000_000
    assert p.slope == pytest.approx(0.2)
    x = np.zeros((n, 1))
    line = p.at(5)
    share = (line.grad(x) == 1010.0).mean()
    assert abs(share - 0.01) < 4.5 * math.sqrt(0.01 * 0.99 / n)
    assert np.array_equal(line.grad(x), ReddiCounterexample(1010, 10, 100, True, 3).at(5).grad(x))
    assert not np.array_equal(line.grad(x), p.at(6).grad(x))
    assert np.array_equal(line.f(x + 1), line.grad(x)[:, 0])
    assert line.grad(x)[0] == line.grad(x[0])  # row 0 is the single run


def test_projection_is_the_nearest_point_and_runs_stay_inside():
    p = ReddiCounterexample()
    assert p.project([[-3.0], [0.2], [7.0]]).tolist() == [[-1.0], [0.2], [1.0]]
    x = run(p, [1.0], 0.3, steps=300, record_x=True).x[:, 0]
    assert np.abs(x).max() == 1.0 and x[-30:].max() < 0  # descent goes to the right end of the box


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: ReddiCounterexample(2.0), r"large must exceed \(period - 1\) small = 2"),
        (lambda: ReddiCounterexample(3.0, -1.0), "small"),
        (lambda: ReddiCounterexample(3.0, period=1), "period"),
        (lambda: ReddiCounterexample(3.0, seed=-1), "seed"),
        (lambda: ReddiCounterexample().at(-1), "k must be"),
    ],
)
def test_bad_arguments_are_told(make, words):
    with pytest.raises(ValueError, match=words) as caught:
        make()
    assert "chapter 08" in str(caught.value)
