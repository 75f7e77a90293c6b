"""Diagonals of Hessians against torch's autograd; estimates against their variances; condition numbers."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from torch_oracles import torch_mlp

from lrcore import run
from lrcore.analysis.curvature import (
    becker_lecun,
    condition,
    condition_before_after,
    hess_diag,
    hutchinson,
    hutchinson_variance,
    preconditioned,
)
from lrcore.analysis.sharpness import hvp
from lrcore.problems import MLP, BoydExp, Function, Minibatches, Quadratic, Rosenbrock, digits

RNG = np.random.default_rng(3)
X, LABELS = RNG.standard_normal((20, 5)), np.arange(20) % 4
M = np.array([[4, 1, -2], [1, 3, 0.5], [-2, 0.5, 2]])


def torch_diagonal(net, x):
    return torch.autograd.functional.hessian(torch_mlp(net), torch.tensor(x)).diagonal().numpy()


def net_and_point(hidden, loss, seed=0):
    net = MLP(X, LABELS, hidden=hidden, loss=loss)
    return net, np.random.default_rng(seed).standard_normal(net.dim) * 0.7


# --- Becker and LeCun ---------------------------------------------------------------


@pytest.mark.parametrize("hidden, loss", [((7,), "squared"), ((), "squared"), ((), "cross-entropy")])
def test_the_sweep_is_exact_where_it_says_so(hidden, loss):
    for seed in range(3):
        net, x = net_and_point(hidden, loss, seed)
        exact = torch_diagonal(net, x)
        assert np.abs(becker_lecun(net, x) - exact).max() < 1e-13 * np.abs(exact).max() * 10
        assert np.array_equal(net.hess_diag(x), becker_lecun(net, x))
    if hidden:
        assert exact.min() < -0.01  # a network's curvature is negative along some parameters


def test_gauss_newton_drops_the_second_derivative_and_the_sign():
    net, x = net_and_point((7,), "squared")

    def outputs(t):  # all outputs of all samples, to differentiate once
        W, b = t[:35].reshape(5, 7), t[35:42]
        return (torch.tanh(torch.tensor(X) @ W + b) @ t[42:70].reshape(7, 4) + t[70:]).ravel()

    J = torch.func.jacrev(outputs)(torch.tensor(x)).numpy()
    found = becker_lecun(net, x, "gauss-newton")
    assert np.allclose(found, (J**2).sum(0) / 20, rtol=1e-12)
    assert found.min() >= 0 > becker_lecun(net, x).min()
    # with straight units there is nothing to drop
    flat, y = net_and_point((), "squared")
    assert np.array_equal(becker_lecun(flat, y), becker_lecun(flat, y, "gauss-newton"))


@pytest.mark.parametrize(
    "hidden, loss", [((7, 6), "squared"), ((7,), "cross-entropy"), ((7, 6), "cross-entropy")]
)
def test_elsewhere_the_sweep_is_an_estimate_and_exact_in_the_last_layer(hidden, loss):
    errors = []
    for seed in range(5):
        net, x = net_and_point(hidden, loss, seed)
        exact, found = torch_diagonal(net, x), becker_lecun(net, x)
        last = (hidden[-1] + 1) * 4
        assert np.allclose(found[-last:], exact[-last:], rtol=1e-12, atol=1e-14)
        errors.append(np.linalg.norm(found[:-last] - exact[:-last]) / np.linalg.norm(exact[:-last]))
    assert 0.05 < np.median(errors) < 0.6  # a rough estimate, of a tenth to a half, but an estimate


def test_the_sweep_is_batched_and_works_on_minibatches():
    net, _ = net_and_point((6, 3), "cross-entropy")
    x = RNG.standard_normal((2, 3, net.dim))
    found = becker_lecun(net, x)
    assert found.shape == x.shape and np.allclose(found[1, 2], becker_lecun(net, x[1, 2]), rtol=1e-12)
    batches = Minibatches(net, size=5)
    parts = [batches.at(k).hess_diag(x[0, 0]) for k in range(4)]
    assert np.allclose(np.mean(parts, axis=0), found[0, 0], rtol=1e-11)


# --- exact --------------------------------------------------------------------------


def test_the_exact_diagonal():
    assert np.array_equal(hess_diag(Rosenbrock(), [-1.2, 1.0]), [1330.0, 200.0])
    p = BoydExp()
    assert np.allclose(
        hess_diag(Function(p.f, p.grad, dim=2), [0.3, -0.2]), p.hess_diag([0.3, -0.2]), rtol=1e-8
    )
    net, x = net_and_point((7, 6), "cross-entropy")
    exact = torch_diagonal(net, x)
    assert np.abs(hess_diag(net, x) - exact).max() < 1e-7 * np.abs(exact).max()


# --- Hutchinson ---------------------------------------------------------------------


@pytest.mark.parametrize("probe", ["rademacher", "gaussian"])
def test_hutchinson_is_unbiased_with_the_stated_variance(probe):
    n = 40_000
    found = hutchinson(lambda v: M @ v, 3, samples=n, probe=probe, seed=1)
    variance = hutchinson_variance(M, probe)
    assert (np.abs(found.value - np.diag(M)) < 4.5 * np.sqrt(variance / n)).all()
    assert found.error == pytest.approx(np.sqrt(variance / n), rel=0.05)
    assert found.samples == n


def test_the_variances_of_the_book():
    assert hutchinson_variance(M).tolist() == [5, 1.25, 4.25]
    assert hutchinson_variance(M, "gaussian").tolist() == [37, 19.25, 12.25]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_all_sign_vectors_together_give_the_diagonal_and_the_variance(d, seed):
    A = np.random.default_rng(seed).standard_normal((d, d))
    A = A + A.T
    z = np.array(list(product([-1.0, 1.0], repeat=d)))
    estimates = z * (z @ A)
    assert np.allclose(estimates.mean(0), np.diag(A), atol=1e-12)
    assert np.allclose(estimates.var(0), hutchinson_variance(A), atol=1e-10)


def test_hutchinson_of_a_network_within_its_own_error():
    net, x = net_and_point((7,), "cross-entropy")
    found = hutchinson(lambda v: hvp(net, x, v), net.dim, samples=400)
    z = (found.value - torch_diagonal(net, x)) / found.error
    assert np.abs(z).max() < 5 and z.std() == pytest.approx(1, abs=0.25)
    assert np.isnan(hutchinson(lambda v: v, 2, samples=1).error).all()


# --- condition numbers --------------------------------------------------------------


@pytest.mark.parametrize(
    "H, before, after",
    [
        (np.diag([100, 1, 0.01]), 1e4, 1.0),
        ([[100, 9, 0.5], [9, 1, 0.05], [0.5, 0.05, 0.01]], 13691.85, 22.88),
        ([[2, 1.9], [1.9, 2]], 39.0, 39.0),  # a constant diagonal: no help
    ],
)
def test_conditions_of_the_book(H, before, after):
    assert condition_before_after(H) == pytest.approx((before, after), rel=1e-4)
    assert condition(H) == pytest.approx(np.linalg.cond(np.array(H, float)), rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 4), st.integers(0, 10**6))
def test_the_jacobi_scaling_is_within_d_of_the_best(d, seed):
    A = np.random.default_rng(seed).standard_normal((d + 2, d)) * np.geomspace(1, 30, d)
    H = A.T @ A
    ours = condition_before_after(H)[1]
    best = minimize(
        lambda t: np.log(condition(preconditioned(H, np.exp(t)))), np.log(np.diag(H)), method="Nelder-Mead"
    )
    assert ours <= d * np.exp(best.fun) * (1 + 1e-9)
    assert np.allclose(np.diag(preconditioned(H)), 1)


def test_descent_per_coordinate_is_descent_on_the_preconditioned_bowl():
    H = np.array([[100.0, 9.0, 0.5], [9.0, 1.0, 0.05], [0.5, 0.05, 0.01]])
    kappa = condition_before_after(H)[1]
    lam, U = np.linalg.eigh(preconditioned(H))
    eta, root = 2 / (lam[0] + lam[-1]), np.sqrt(np.diag(H))
    x = np.ones(3)
    y = run(Quadratic(lam, basis=U), root * x, eta, steps=50).x_last
    for _ in range(50):
        x = x - eta / np.diag(H) * (H @ x)
    assert np.allclose(root * x, y, rtol=1e-10)
    assert np.linalg.norm(y) <= ((kappa - 1) / (kappa + 1)) ** 50 * np.linalg.norm(root) * (1 + 1e-9)


def test_condition_of_singular_and_indefinite_matrices():
    assert condition(np.diag([1.0, 0.0])) == condition(np.diag([1.0, -1.0])) == np.inf
    for seed in range(20):  # the eigenvalues 0 come out as roundings of either sign
        v = np.random.default_rng(seed).standard_normal((5, 4))
        assert condition(v @ v.T) == np.inf


def test_where_the_real_network_stands():
    images, labels = digits(100, center=True)
    net = MLP(images, labels, hidden=(8,), loss="squared")
    x = net.init(0)
    exact = becker_lecun(net, x)  # exact here, 602 numbers for the price of about one gradient
    few = hutchinson(lambda v: hvp(net, x, v), net.dim, samples=20)
    assert np.abs((few.value - exact) / np.maximum(few.error, 1e-12)).mean() < 1.5
    assert np.corrcoef(few.value, exact)[0, 1] > 0.9


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: becker_lecun(Quadratic([1.0]), [1.0]), TypeError, "MLP"),
        (lambda: becker_lecun(net_and_point((), "squared")[0], [1.0], "exact"), ValueError, "form must be"),
        (lambda: hess_diag(Rosenbrock(), [[1.0, 1.0]]), ValueError, "shape"),
        (lambda: hess_diag(Rosenbrock(), [1.0, np.nan]), ValueError, "finite"),
        (lambda: hutchinson(lambda v: v, 2, samples=0), ValueError, "samples"),
        (lambda: hutchinson(lambda v: v, 2, probe="uniform"), ValueError, "probe"),
        (lambda: hutchinson_variance([1.0, 2.0]), ValueError, "square"),
        (lambda: condition([[1.0, 2.0], [3.0, 4.0]]), ValueError, "symmetric"),
        (lambda: preconditioned(np.diag([1.0, -1.0])), ValueError, "entries > 0"),
        (lambda: preconditioned(np.eye(2), [1.0]), ValueError, "entries > 0"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 10" in str(caught.value)
