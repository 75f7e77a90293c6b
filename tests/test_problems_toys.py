"""The small test functions of the field, against torch's autograd, scipy and the numbers of their sources."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize, rosen, rosen_der, rosen_hess
from torch_oracles import torch_boyd, torch_rosenbrock

from lrcore.problems import BoydExp, Problem, Rosenbrock

CASES = {
    "rosenbrock": (Rosenbrock(), torch_rosenbrock(Rosenbrock())),
    "rosenbrock 5-D": (Rosenbrock(7.0, dim=5), torch_rosenbrock(Rosenbrock(7.0, dim=5))),
    "boyd": (BoydExp(), torch_boyd(BoydExp())),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives_equal_torch_row_by_row(name):
    problem, oracle = CASES[name]
    x = np.random.default_rng(1).standard_normal((2, 3, problem.dim))
    f, g, H, h = problem.f(x), problem.grad(x), problem.hessian(x), problem.hess_diag(x)
    assert f.shape == (2, 3) and g.shape == h.shape == x.shape and H.shape == (*x.shape, problem.dim)
    for i in np.ndindex(2, 3):
        t = torch.tensor(x[i], requires_grad=True)
        (slope,) = torch.autograd.grad(oracle(t), t)
        second = torch.autograd.functional.hessian(oracle, t.detach()).numpy()
        assert f[i] == pytest.approx(oracle(t).item(), rel=1e-13)
        assert np.allclose(g[i], slope.numpy(), rtol=1e-12, atol=1e-12)
        assert np.allclose(H[i], second, rtol=1e-12, atol=1e-12)
        assert np.allclose(h[i], np.diag(second), rtol=1e-12)
    assert isinstance(problem, Problem) and repr(problem).startswith(type(problem).__name__)
    assert np.abs(problem.grad(problem.x_star)).max() < 1e-15
    assert problem.f(problem.x_star) == pytest.approx(problem.f_star, rel=1e-15)


def test_rosenbrock_is_scipys():
    p, x = Rosenbrock(dim=4), np.random.default_rng(2).standard_normal((50, 4))
    assert np.allclose(p.f(x), rosen(x.T), rtol=1e-13)
    for point, g, H in zip(x, p.grad(x), p.hessian(x), strict=True):
        assert np.allclose(g, rosen_der(point), rtol=1e-12, atol=1e-11)
        assert np.allclose(H, rosen_hess(point), rtol=1e-12, atol=1e-11)


def test_rosenbrock_condition_numbers():
    p = Rosenbrock()
    eigenvalues = np.linalg.eigvalsh(p.hessian(p.x_star))
    assert eigenvalues == pytest.approx([0.39936, 1001.60064], rel=1e-5)
    assert eigenvalues[1] / eigenvalues[0] == pytest.approx(2508.01, rel=1e-6)
    assert np.linalg.cond(p.hessian([-1.2, 1.0])) == pytest.approx(63.74, abs=0.005)


def test_boyd_minimum_and_curvature():
    p = BoydExp()
    found = minimize(p.f, [-1.0, 1.0], jac=p.grad, method="BFGS", options={"gtol": 1e-12})
    assert np.allclose(found.x, p.x_star, atol=1e-8) and found.fun == pytest.approx(p.f_star, rel=1e-15)
    assert p.f_star == pytest.approx(2.5592666966582156, rel=1e-15)
    assert np.allclose(p.hessian(p.x_star), np.diag([p.f_star, 4.5 * p.f_star]), rtol=1e-14)
    starts = np.array([[-1.0, 1.0], [1.0, 1.0], [-2.0, 1.0], [0.1, 0.1]])
    assert p.f(starts) - p.f_star == pytest.approx([6.6028, 47.30, 6.592, 0.350], rel=1e-3)


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: Rosenbrock(0.0), ValueError, "b must be"),
        (lambda: Rosenbrock(dim=1), ValueError, "dim must be at least 2"),
        (lambda: Rosenbrock(dim=2.0), TypeError, "dim"),
        (lambda: BoydExp().f([1.0, 2.0, 3.0]), ValueError, "coordinates last"),
        (lambda: Rosenbrock().grad("ab"), TypeError, "real numbers"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words):
        make()
