"""Newton and its diagonal: exact on quadratics, known behaviour at negative and at no curvature."""

from types import SimpleNamespace

import numpy as np
import pytest
from three_problems import LOGISTIC, PARTS, ROSENBROCK, Three, path

from lrcore.directions import DiagonalNewton, Newton
from lrcore.problems import Function, Quadratic

RNG = np.random.default_rng(3)
BASIS = np.linalg.qr(RNG.standard_normal((4, 4)))[0]


def step(direction, problem, x):
    x = np.asarray(x, float)
    point = SimpleNamespace(x=x, g=problem.grad(x), problem=problem)
    return direction(0, point, direction.init(x))


@pytest.mark.parametrize("damping", [0.0, 0.3, 50.0])
def test_newton_solves_with_the_hessian(damping):
    x = RNG.standard_normal((20, 7))
    H, g = Three().hessian(x) + damping * np.eye(7), Three().grad(x)
    expected = -np.linalg.solve(H, g[..., np.newaxis])[..., 0]
    d, _ = step(Newton(damping), Three(), x)
    assert np.allclose(d, expected, rtol=1e-9, atol=1e-9)


def test_newton_ends_on_a_quadratic_in_one_step():
    bowl = Quadratic([1e-3, 1.0, 10.0, 1e3], x_star=[1.0, -2.0, 3.0, 0.5], basis=BASIS)
    x = path(Newton(), 1.0, 1, RNG.standard_normal((5, 4)), bowl)[1]
    assert np.allclose(x, bowl.x_star, atol=1e-9)


def test_newton_doubles_its_digits():
    errors = np.linalg.norm(path(Newton(), 1.0, 6, np.zeros(3), LOGISTIC) - LOGISTIC.x_star, axis=-1)
    assert errors[-1] < 1e-14 and (errors[2:5] < 5 * errors[1:4] ** 2 + 1e-15).all()


@pytest.mark.parametrize("how, downhill", [("keep", False), ("absolute", True), ("shift", True)])
def test_what_happens_at_a_saddle(how, downhill):
    saddle = Quadratic([10.0, 2.0, -1.0, -0.01], basis=BASIS)
    x = RNG.standard_normal((50, 4))
    d, _ = step(Newton(0.001, how), saddle, x)
    c, e = saddle.modes(d), saddle.modes(x)
    slopes = saddle.eigenvalues * e * c  # the slope along d is the sum of these
    assert (slopes[:, :2] < 0).all() and ((slopes[:, 2:] < 0) == downhill).all()
    if how == "keep":
        assert np.allclose(step(Newton(0.0), saddle, x)[0], -x, atol=1e-10)  # straight to the saddle
    if how == "absolute":
        assert np.allclose(c, -saddle.eigenvalues * e / (np.abs(saddle.eigenvalues) + 0.001), rtol=1e-8)
    if how == "shift":
        assert np.allclose(c, -saddle.eigenvalues * e / (saddle.eigenvalues + 1.001), rtol=1e-8)


def test_shift_leaves_a_convex_problem_alone():
    bowl = Quadratic([0.5, 2.0, 3.0, 9.0], basis=BASIS)
    x = RNG.standard_normal((5, 4))
    assert np.allclose(step(Newton(0.4, "shift"), bowl, x)[0], -x, atol=1e-12)


def test_no_curvature_gives_no_step_rather_than_an_error():
    valley = Quadratic([1.0, 0.0])
    x = np.array([1.0, 1.0])
    assert not np.isfinite(step(Newton(), valley, x)[0]).all()
    assert np.isfinite(step(Newton(0.1), valley, x)[0]).all()
    assert np.isfinite(step(Newton(0.1, "shift"), valley, x)[0]).all()


def test_the_diagonal_divides_by_the_curvature_of_each_coordinate():
    x = RNG.standard_normal((20, 2))
    d, rate = step(DiagonalNewton(0.2), ROSENBROCK, x)
    h = np.stack([1200 * x[:, 0] ** 2 - 400 * x[:, 1] + 2, np.full(20, 200.0)], axis=-1)
    assert (h[:, 0] < 0).any() and np.allclose(rate, 1 / (np.abs(h) + 0.2), rtol=1e-12)
    assert np.array_equal(d, -rate * ROSENBROCK.grad(x))


def test_the_diagonal_of_a_full_hessian_is_the_same():
    x = RNG.standard_normal((20, 7))
    _, rate = step(DiagonalNewton(), Three(), x)
    for problem, part in PARTS:
        h = np.diagonal(problem.hessian(x[:, part]), axis1=-2, axis2=-1)
        assert np.allclose(rate[:, part], 1 / (np.abs(h) + 1e-3), rtol=1e-12)


def test_the_diagonal_is_newton_on_an_unrotated_bowl_and_not_on_a_rotated_one():
    x = np.array([3.0, -2.0])
    straight, turned = Quadratic([1.0, 100.0]), Quadratic([1.0, 100.0], angle=np.pi / 4)
    assert np.allclose(x + step(DiagonalNewton(1e-12), straight, x)[0], 0, atol=1e-9)
    assert np.abs(x + step(DiagonalNewton(1e-12), turned, x)[0]).max() > 0.1


@pytest.mark.parametrize(
    "direction, word", [(Newton(), "hessian"), (DiagonalNewton(), "hess_diag")], ids=repr
)
def test_a_problem_without_curvature_is_told(direction, word):
    flat = Function(lambda x: x.sum(-1), np.ones_like, dim=2)
    with pytest.raises(TypeError, match=f"needs a problem with {word}.*Function.*chapter 10"):
        step(direction, flat, np.ones(2))
