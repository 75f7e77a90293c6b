"""Regression problems on data: torch's autograd, eigenvalues, scikit-learn's minima; and the tables."""

import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from torch_oracles import torch_least_squares, torch_softmax

from lrcore import run
from lrcore.problems import (
    Function,
    LeastSquares,
    Logistic,
    Minibatches,
    Problem,
    Softmax,
    breast_cancer,
    diabetes,
    digits,
    wine,
)
from lrcore.problems.newton_minimum import newton_minimum

RNG = np.random.default_rng(7)
X, Y, LABELS = RNG.standard_normal((15, 4)), RNG.standard_normal(15), np.arange(15) % 3
WINE, GROWER = wine()
CASES = {
    "least squares": (LeastSquares(X, Y), torch_least_squares(LeastSquares(X, Y))),
    "ridge": (LeastSquares(X, Y, 0.3), torch_least_squares(LeastSquares(X, Y, 0.3))),
    "softmax": (Softmax(X, LABELS), torch_softmax(Softmax(X, LABELS))),
    "softmax, l2": (Softmax(X, LABELS, 0.2), torch_softmax(Softmax(X, LABELS, 0.2))),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives_equal_torch_row_by_row(name):
    problem, oracle = CASES[name]
    x = np.random.default_rng(1).standard_normal((2, 3, problem.dim))
    (f, g), H, h = problem.value_and_grad(x), problem.hessian(x), problem.hess_diag(x)
    assert np.array_equal(f, problem.f(x)) and np.array_equal(g, problem.grad(x))
    assert f.shape == (2, 3) and g.shape == h.shape == x.shape and H.shape == (*x.shape, problem.dim)
    for i in np.ndindex(2, 3):
        t = torch.tensor(x[i], requires_grad=True)
        (slope,) = torch.autograd.grad(oracle(t), t)
        second = torch.autograd.functional.hessian(oracle, t.detach()).numpy()
        assert f[i] == pytest.approx(oracle(t).item(), rel=1e-12)
        assert np.allclose(g[i], slope.numpy(), rtol=1e-12, atol=1e-13)
        assert np.allclose(H[i], second, rtol=1e-12, atol=1e-13)
        assert np.allclose(h[i], np.diag(second), rtol=1e-12, atol=1e-13)
    assert isinstance(problem, Problem) and repr(problem).startswith(type(problem).__name__)


# --- least squares ------------------------------------------------------------------


def test_least_squares_constants_and_minimum():
    for l2 in (0.0, 0.3):
        p = LeastSquares(X, Y, l2)
        eigenvalues = np.linalg.eigvalsh(p.hessian(np.zeros(4)))
        assert (p.mu, p.L) == pytest.approx((eigenvalues[0], eigenvalues[-1]), rel=1e-12)
        model = Ridge(alpha=15 * l2, fit_intercept=False) if l2 else LinearRegression(fit_intercept=False)
        assert np.allclose(p.x_star, model.fit(X, Y).coef_, rtol=1e-10)
        assert np.linalg.norm(p.grad(p.x_star)) < 1e-14
        assert p.f_star == pytest.approx(p.f(p.x_star), rel=1e-15)


def test_dependent_columns_leave_a_flat_direction():
    twice = np.column_stack([X, X[:, 0]])
    p = LeastSquares(twice, Y)
    assert p.mu == 0.0 and p.kappa == np.inf and LeastSquares(X[:2], Y[:2]).mu == 0.0
    assert LeastSquares(twice, Y, 0.1).mu == 0.1
    assert np.allclose(p.x_star, np.linalg.pinv(twice) @ Y) and np.allclose(p.grad(p.x_star), 0, atol=1e-14)


def test_descent_on_least_squares_keeps_its_promise():
    p = LeastSquares(*diabetes())
    assert p.kappa == pytest.approx(470.08, abs=0.01)
    r = run(p, np.zeros(10), 1 / p.L, steps=500)
    gap = r.f - p.f_star
    assert (gap <= (1 - 1 / p.kappa) ** (2 * r.k) * gap[0] * (1 + 1e-9)).all()
    assert run(p, np.zeros(10), 2.01 / p.L, steps=4000).status == "diverged"


# --- softmax ------------------------------------------------------------------------


def test_softmax_bound_is_attained_by_two_classes():
    for l2 in (0.0, 0.3):
        p = Softmax(X, np.arange(15) % 2, l2)
        assert np.linalg.eigvalsh(p.hessian(np.zeros(8)))[-1] == pytest.approx(p.L, rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 30), st.floats(0, 2))
def test_softmax_curvature_never_exceeds_L_nor_falls_below_mu(seed, scale, l2):
    rng = np.random.default_rng(seed)
    n, d = rng.integers(1, 12), rng.integers(1, 4)
    p = Softmax(scale * rng.standard_normal((n, d)), rng.integers(0, 4, n), l2)
    eigenvalues = np.linalg.eigvalsh(p.hessian(rng.standard_normal((5, p.dim)) * rng.exponential(2)))
    assert eigenvalues.max() <= p.L * (1 + 1e-12)
    assert eigenvalues.min() >= p.mu - 1e-12 * p.L


def test_softmax_minimum_equals_scikit_learns():
    p = Softmax(WINE, GROWER, l2=0.1)
    model = LogisticRegression(C=1 / (178 * 0.1), fit_intercept=False, tol=1e-12, max_iter=5000)
    W = model.fit(WINE, GROWER).coef_.T
    assert np.allclose(p.x_star, W.ravel(), atol=1e-6)
    assert np.linalg.norm(p.grad(p.x_star)) < 1e-14 and p.f_star <= p.f(W.ravel())
    assert p.accuracy(p.x_star) == (model.predict(WINE) == GROWER).mean()
    r = run(p, np.zeros(p.dim), 1 / p.L, steps=2000, tol=1e-9)
    assert r.status == "converged" and np.allclose(r.x_last, p.x_star, atol=1e-7)
    assert Softmax(WINE, GROWER).x_star is None


def test_softmax_of_two_classes_is_logistic_regression():
    labels, w = np.arange(15) % 2, RNG.standard_normal(4)
    both = np.stack([np.zeros(4), w], axis=1).ravel()
    assert Softmax(X, labels).f(both) == pytest.approx(Logistic(X, labels).f(w), rel=1e-13)


def test_softmax_far_out_neither_overflows_nor_loses_the_loss():
    p = Softmax([[1.0], [1.0]], [0, 1])
    f, g = p.value_and_grad(np.array([[1e4, -1e4], [300.0, -300.0]]))
    assert f.tolist() == [1e4, 300.0] and np.isfinite(g).all()


def test_the_digits_fit():
    images, labels = digits(400)
    p = Softmax(images, labels, l2=1e-3)
    r = run(p, np.zeros(p.dim), 1 / p.L, steps=200)
    assert (np.diff(r.f) < 0).all() and p.accuracy(r.x_last) > 0.9 and p.dim == 640


def test_newton_steps_are_damped_where_full_ones_run_away():
    p = Function(
        lambda x: np.sqrt(1 + (x - 3) ** 2).sum(-1),
        lambda x: (x - 3) / np.sqrt(1 + (x - 3) ** 2),
        dim=2,
        hessian=lambda x: (1 + (x - 3) ** 2)[..., None] ** -1.5 * np.eye(2),
    )  # x - 3 would become -(x - 3)^3: 27, then 27^3
    assert np.allclose(newton_minimum(p), 3.0, atol=1e-12)


# --- minibatches and tables ---------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_minibatches_average_to_the_whole(name):
    whole, _ = CASES[name]
    p, x = Minibatches(whole, size=5, seed=2), np.ones(whole.dim)
    parts = [p.at(k) for k in range(3)]
    assert np.allclose(np.mean([part.f(x) for part in parts]), whole.f(x), rtol=1e-13)
    assert np.allclose(np.mean([part.grad(x) for part in parts], axis=0), whole.grad(x), atol=1e-14)
    assert np.allclose(np.mean([part.hess_diag(x) for part in parts], axis=0), p.hess_diag(x), rtol=1e-12)
    assert np.array_equal(p.hessian(x), whole.hessian(x))
    assert (p.L, p.mu, p.n) == (whole.L, whole.mu, 15)


@pytest.mark.parametrize(
    "table, shape", [(breast_cancer, (569, 30)), (wine, (178, 13)), (diabetes, (442, 10))]
)
def test_tables(table, shape):
    scaled, _ = table()
    raw, y = table(standardize=False, intercept=True)
    assert scaled.shape == shape and raw.shape == (shape[0], shape[1] + 1) and len(y) == shape[0]
    assert np.allclose(scaled.mean(0), 0, atol=1e-12) and np.allclose(scaled.std(0), 1)
    assert np.allclose((raw[:, :-1] - raw[:, :-1].mean(0)) / raw[:, :-1].std(0), scaled)
    assert (raw[:, -1] == 1).all()


def test_standardizing_is_worth_eight_orders_of_magnitude():
    raw, scaled = (LeastSquares(*breast_cancer(standardize=s)).kappa for s in (False, True))
    assert raw > 1e12 and 0.9e5 < scaled < 1.1e5


def test_tables_without_scikit_learn_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ModuleNotFoundError, match="pip install scikit-learn"):
        wine()


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: LeastSquares(X, Y[:3]), ValueError, "one target per row"),
        (lambda: LeastSquares(X, Y, -1.0), ValueError, "l2"),
        (lambda: LeastSquares(X[0], Y), ValueError, "samples, features"),
        (lambda: LeastSquares(X, np.full(15, np.nan)), ValueError, "finite"),
        (lambda: Softmax(X, LABELS[:3]), ValueError, "one label per row"),
        (lambda: Softmax(X, LABELS - 0.5), ValueError, "whole numbers"),
        (lambda: Softmax(X, LABELS, "a"), TypeError, "l2"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 02" in str(caught.value)
