"""Sharpness, against eigvalsh, scipy's eigsh and torch's Hessian-vector products."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, eigsh
from torch_oracles import torch_mlp

from lrcore import run
from lrcore.analysis.sharpness import PowerResult, hvp, lanczos, power_iteration, sharpness, spectrum
from lrcore.problems import MLP, Function, Logistic, Quadratic, digits


def symmetric(eigenvalues, seed=0):
    d = len(eigenvalues)
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]
    return (basis * eigenvalues) @ basis.T, basis


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 0.8), min_size=1, max_size=12), st.floats(0.01, 100), st.integers(0, 1000))
def test_power_iteration_finds_the_largest_eigenvalue(shares, top, seed):
    A, basis = symmetric(np.array([1.0, *shares]) * top, seed)
    found = power_iteration(lambda v: A @ v, len(A), iterations=200, seed=seed)
    assert found.value == pytest.approx(top, rel=1e-9)
    assert abs(found.vector @ basis[:, 0]) == pytest.approx(1, abs=1e-9)
    assert found.residual == pytest.approx(np.linalg.norm(A @ found.vector - found.value * found.vector))


def test_the_error_shrinks_by_the_squared_ratio():
    # diag(3, 2) from (1, 1): the angle to the top has tangent (2/3)^k, and the value is 3 - sin^2 of it
    A = np.array([3.0, 2.0])
    values = [power_iteration(lambda v: A * v, 2, k, v0=[1.0, 1.0]).value for k in (1, 5, 9)]
    tangent = (2 / 3) ** np.array([0, 4, 8])
    assert values == pytest.approx(3 - tangent**2 / (1 + tangent**2), rel=1e-13)


def test_the_residual_bounds_the_distance_to_an_eigenvalue():
    eigenvalues = np.array([5.0, 4.9, 1.0])
    A, _ = symmetric(eigenvalues, seed=3)
    for iterations in (1, 3, 10, 30):
        found = power_iteration(lambda v: A @ v, 3, iterations)
        assert np.abs(eigenvalues - found.value).min() <= found.residual + 1e-12


def test_a_tolerance_and_a_warm_start_save_iterations():
    A, _ = symmetric(np.linspace(1, 10, 20), seed=1)
    cold = power_iteration(lambda v: A @ v, 20, 1000, tol=1e-3)
    warm = power_iteration(lambda v: A @ v, 20, 1000, v0=cold.vector, tol=1e-3)
    assert 1 < cold.iterations < 1000 and warm.iterations == 1
    assert cold.residual <= 1e-3 * cold.value


def test_zero_and_defined_signs():
    assert power_iteration(lambda v: 0 * v, 3).value == 0.0
    negative = power_iteration(lambda v: np.array([-5.0, 2.0]) * v, 2, 300)
    assert negative.value == pytest.approx(-5.0)  # the largest in magnitude, with its sign
    by_hand = PowerResult(1.5, np.ones(1), 0.25, 7)
    assert repr(by_hand) == "PowerResult(value=1.5, residual=0.25, iterations=7)"


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_the_length_of_the_start_does_not_matter(size):
    found = power_iteration(lambda v: np.array([3.0, 2.0]) * v, 2, 60, v0=[size, size])
    assert found.value == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize("loss", ["cross-entropy", "squared"])
def test_hvp_of_a_network_equals_torch(loss):
    X, labels = digits(60, center=True)
    net = MLP(X, labels, hidden=(20, 10), loss=loss)
    x, rng = net.init(1), np.random.default_rng(2)
    for scale in (1e-3, 1.0, 50.0):  # the length of v must not matter
        v = scale * rng.standard_normal(net.dim)
        _, exact = torch.autograd.functional.hvp(torch_mlp(net), torch.tensor(x), torch.tensor(v))
        error = np.linalg.norm(hvp(net, x, v) - exact.numpy()) / np.linalg.norm(exact.numpy())
        assert error < 1e-7


def test_hvp_uses_a_hessian_where_there_is_one():
    q = Quadratic([1.0, 4.0], angle=0.4)
    assert np.array_equal(hvp(q, [5.0, 6.0], [1.0, 2.0]), q.H @ [1.0, 2.0])
    plain = Function(q.f, q.grad, dim=2)
    assert np.allclose(hvp(plain, [5.0, 6.0], [1.0, 2.0]), q.H @ [1.0, 2.0], rtol=1e-9)
    assert np.array_equal(hvp(plain, [5.0, 6.0], [0.0, 0.0]), [0.0, 0.0])


def test_hvp_takes_a_gradient_written_for_one_point():
    toy = Function(
        lambda x: (x[0] * x[1] - 1) ** 2 / 2,
        lambda x: (x[0] * x[1] - 1) * np.array([x[1], x[0]]),
        dim=2,
    )
    H = np.array([[2.25, 2 * 1.5 * 0.5 - 1], [2 * 1.5 * 0.5 - 1, 0.25]])
    assert np.allclose(hvp(toy, [0.5, 1.5], [1.0, 2.0]), H @ [1.0, 2.0], rtol=1e-8)


def test_sharpness_of_logistic_regression_is_the_top_of_its_hessian():
    rng = np.random.default_rng(0)
    p = Logistic(rng.standard_normal((40, 6)), rng.integers(0, 2, 40), l2=0.1)
    x = rng.standard_normal(6)
    assert sharpness(p, x, 500).value == pytest.approx(np.linalg.eigvalsh(p.hessian(x))[-1], rel=1e-9)
    assert sharpness(p, x, 500).value <= p.L


@pytest.mark.parametrize(
    "eigenvalues, top", [([-30.0, 1.0, 10.0], 10.0), ([-3.0, -1.0], -1.0), ([-2.0], -2.0)]
)
def test_sharpness_is_the_largest_eigenvalue_not_the_largest_magnitude(eigenvalues, top):
    q = Quadratic(eigenvalues)
    assert sharpness(q, np.zeros(q.dim), 500).value == pytest.approx(top, rel=1e-9)


def test_sharpness_of_a_network_equals_eigsh_while_it_trains():
    X, labels = digits(100, center=True)
    net = MLP(X, labels, hidden=(16, 16), loss="squared")
    x, v = net.init(0, gain=0.7), None
    for _ in range(3):
        found = sharpness(net, x, iterations=100, v0=v)
        A = LinearOperator((net.dim, net.dim), matvec=lambda u, x=x: hvp(net, x, u.ravel()))
        assert found.value == pytest.approx(eigsh(A, k=1, which="LA", tol=1e-8)[0][0], rel=3e-3)
        x, v = run(net, x, 0.4, steps=150).x_last, found.vector


# --- Lanczos ------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 12), st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_lanczos_run_to_the_end_finds_the_whole_spectrum(dim, seed, scale):
    eigenvalues = scale * np.random.default_rng(seed).standard_normal(dim)  # of both signs
    A, _ = symmetric(eigenvalues, seed)
    found = lanczos(lambda v: A @ v, dim, n=dim, iterations=dim, seed=seed)
    exact = np.linalg.eigvalsh(A)[::-1]
    assert len(found.values) == dim and found.values == pytest.approx(exact, abs=1e-9 * scale)
    assert np.allclose(found.vectors @ found.vectors.T, np.eye(dim), atol=1e-9)
    assert np.allclose(A @ found.vectors.T, found.vectors.T * found.values, atol=1e-8 * scale)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 40), st.integers(1, 15), st.integers(0, 1000))
def test_lanczos_is_never_behind_power_iteration_and_never_above_the_top(dim, iterations, seed):
    A, _ = symmetric(np.random.default_rng(seed).exponential(size=dim), seed)
    fast = lanczos(lambda v: A @ v, dim, iterations=iterations, seed=seed)
    slow = power_iteration(lambda v: A @ v, dim, min(iterations, dim), seed=seed)
    top = np.linalg.eigvalsh(A)[-1]
    assert slow.value * (1 - 1e-12) <= fast.values[0] <= top * (1 + 1e-12)
    true = np.linalg.norm(A @ fast.vectors[0] - fast.values[0] * fast.vectors[0])
    assert fast.residuals[0] == pytest.approx(true, abs=1e-12 * top)
    assert np.abs(np.linalg.eigvalsh(A) - fast.values[0]).min() <= true + 1e-12 * top


def test_lanczos_needs_a_tenth_of_the_products():
    A, _ = symmetric(np.linspace(0.01, 1, 200), seed=2)  # a top that hardly stands out
    fast = lanczos(lambda v: A @ v, 200, iterations=40)
    slow = power_iteration(lambda v: A @ v, 200, iterations=400)
    assert 1 - fast.values[0] < (1 - slow.value) / 5


def test_a_tolerance_and_a_small_span_end_lanczos_early():
    A, _ = symmetric(np.linspace(1, 10, 50), seed=1)
    found = lanczos(lambda v: A @ v, 50, n=3, iterations=50, tol=1e-6)
    assert 3 < found.iterations < 50 and (found.residuals <= 1e-6 * found.values).all()
    a = np.linspace(1, 10, 50)
    two = lanczos(lambda v: a * v, 50, n=3, iterations=30, v0=np.eye(50)[0] + np.eye(50)[7])
    assert two.iterations == 2 and len(two.values) == 2  # the start spans two eigenvectors, no more
    assert two.values == pytest.approx([a[7], 1.0], rel=1e-12)
    assert lanczos(lambda v: 0 * v, 4).values.tolist() == [0.0]
    assert repr(found).startswith("LanczosResult(values=[10.") and "residual<=" in repr(found)


def test_spectrum_of_a_network_equals_eigsh():
    X, labels = digits(80, center=True)
    net = MLP(X, labels, hidden=(10,))
    x = net.init(3)
    A = LinearOperator((net.dim, net.dim), matvec=lambda u: hvp(net, x, u.ravel()))
    exact = eigsh(A, k=5, which="LA", tol=1e-10)[0][::-1]
    assert spectrum(net, x, n=5, iterations=60).values == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: power_iteration(lambda v: v, 0), ValueError, "dim"),
        (lambda: power_iteration(lambda v: v, 2.0), TypeError, "dim"),
        (lambda: power_iteration(lambda v: v, 2, iterations=0), ValueError, "iterations"),
        (lambda: power_iteration(lambda v: v, 2, v0=[0.0, 0.0]), ValueError, "v0"),
        (lambda: power_iteration(lambda v: v, 2, v0=[1.0]), ValueError, "v0"),
        (lambda: power_iteration(lambda v: v, 2, tol=-1), ValueError, "tol"),
        (lambda: power_iteration(lambda v: v[:1], 2), ValueError, "2 finite numbers"),
        (lambda: power_iteration(lambda v: v / 0, 2), ValueError, "2 finite numbers"),
        (lambda: power_iteration(None, 2), TypeError, "matvec"),
        (lambda: power_iteration(lambda v: v, 2, seed="a"), TypeError, "seed"),
        (lambda: power_iteration(lambda v: "up", 2), TypeError, "matvec"),
        (lambda: lanczos(lambda v: v, 3, n=4), ValueError, "n must be at most"),
        (lambda: lanczos(lambda v: v, 3, n=2, iterations=1), ValueError, "n must be at most"),
        (lambda: lanczos(lambda v: v[:1], 3), ValueError, "3 finite numbers"),
        (lambda: lanczos(3, 3), TypeError, "matvec"),
        (lambda: lanczos(lambda v: v, 2, v0=[0.0, 0.0]), ValueError, "v0"),
        (lambda: spectrum(Quadratic([1.0]), [np.nan]), ValueError, "finite"),
        (lambda: hvp(Quadratic([1.0]), [1.0], [1.0, 2.0]), ValueError, "shape"),
        (lambda: hvp(Quadratic([1.0]), [[1.0]], [[1.0]]), ValueError, "shape"),
        (lambda: hvp(Quadratic([1.0]), [np.nan], [1.0]), ValueError, "finite"),
        (lambda: sharpness(Quadratic([1.0]), [1.0, 2.0]), ValueError, "shape"),
        (lambda: sharpness(Quadratic([1.0]), [np.inf]), ValueError, "finite"),
        (lambda: sharpness(Quadratic([1.0]), "a"), TypeError, "real numbers"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 02" in str(caught.value)
