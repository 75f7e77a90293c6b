"""Problems: gradients and Hessians against torch, constants against eigenvalues, minima against scipy."""

import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torch_oracles import torch_huber, torch_logistic, torch_mlp, torch_quadratic

from lrcore import run
from lrcore.problems import MLP, Function, Huber, Logistic, Minibatches, Problem, Quadratic, digits

RNG = np.random.default_rng(11)
X12, Y12 = RNG.standard_normal((12, 3)), RNG.integers(0, 2, 12)
IMAGES, LABELS = RNG.standard_normal((9, 5)), np.array([0, 1, 2, 3, 0, 1, 2, 3, 3])
ROTATION = np.linalg.qr(RNG.standard_normal((4, 4)))[0]


def cases():
    bowl = Quadratic([1.0, 3.0, 10.0, 0.5], x_star=[1.0, 2.0, 3.0, 4.0], basis=ROTATION)
    yield "turned bowl", bowl, torch_quadratic(bowl)
    aligned = Quadratic([1.0, -2.0, 0.0])
    yield "aligned saddle", aligned, torch_quadratic(aligned)
    logistic = Logistic(X12, Y12, l2=0.1)
    yield "logistic", logistic, torch_logistic(logistic, Y12)
    signs = Logistic(X12, 2 * Y12 - 1)
    yield "logistic, labels -1 and 1", signs, torch_logistic(signs, Y12)
    huber = Huber(0.8, L=3.0, dim=3)
    yield "huber", huber, torch_huber(huber)
    for loss in ("cross-entropy", "squared"):
        for hidden in ((), (6,), (6, 4)):
            net = MLP(IMAGES, LABELS, hidden=hidden, loss=loss)
            yield f"mlp {hidden} {loss}", net, torch_mlp(net)


CASES = {name: (problem, oracle) for name, problem, oracle in cases()}


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradient_equal_torch_autograd(name):
    problem, oracle = CASES[name]
    points = np.random.default_rng(1).standard_normal((6, problem.dim)) * 1.3
    for x in points:
        t = torch.tensor(x, requires_grad=True)
        value = oracle(t)
        (slope,) = torch.autograd.grad(value, t)
        assert problem.f(x) == pytest.approx(value.item(), rel=1e-12, abs=1e-12)
        assert np.allclose(problem.grad(x), slope.numpy(), rtol=1e-12, atol=1e-12)
        f, g = problem.value_and_grad(x)
        assert f == problem.f(x) and np.array_equal(g, problem.grad(x))


@pytest.mark.parametrize("name", CASES)
def test_leading_axes_are_batch_axes(name):
    problem, _ = CASES[name]
    x = np.random.default_rng(2).standard_normal((2, 3, problem.dim))
    f, g = problem.f(x), problem.grad(x)
    assert f.shape == (2, 3) and g.shape == x.shape
    for i in np.ndindex(2, 3):
        assert f[i] == pytest.approx(problem.f(x[i]), rel=1e-13)
        assert np.allclose(g[i], problem.grad(x[i]), rtol=1e-12, atol=1e-14)
    if hasattr(problem, "hessian"):
        H = problem.hessian(x)
        assert H.shape == (2, 3, problem.dim, problem.dim)
        assert np.allclose(H[1, 2], problem.hessian(x[1, 2]), rtol=1e-13)
        h = problem.hess_diag(x)
        assert h.shape == x.shape and np.allclose(h, np.diagonal(H, axis1=-2, axis2=-1), rtol=1e-13)


@pytest.mark.parametrize("name", [n for n, (p, _) in CASES.items() if hasattr(p, "hessian")])
def test_hessian_equals_torch(name):
    problem, oracle = CASES[name]
    x = np.random.default_rng(3).standard_normal(problem.dim)
    H = torch.autograd.functional.hessian(oracle, torch.tensor(x)).numpy()
    assert np.allclose(problem.hessian(x), H, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", CASES)
def test_a_point_of_the_wrong_shape_is_told(name):
    problem, _ = CASES[name]
    for x in (1.0, np.zeros(problem.dim + 1), np.zeros((problem.dim, problem.dim + 2))):
        with pytest.raises(ValueError, match="coordinates last"):
            problem.f(x)
        with pytest.raises(ValueError, match="coordinates last"):
            problem.grad(x)
    with pytest.raises(TypeError, match="real numbers"):
        problem.grad(["a"] * problem.dim)


# --- Quadratic ----------------------------------------------------------------------


def test_quadratic_knows_its_constants():
    q = Quadratic([10.0, 1.0, 4.0], x_star=[1.0, 2.0, 3.0], basis=np.eye(3)[:, [2, 0, 1]])
    assert (q.dim, q.L, q.mu, q.kappa, q.f_star) == (3, 10.0, 1.0, 10.0, 0.0)
    assert np.allclose(q.H @ q.basis, q.basis * q.eigenvalues)
    assert q.f(q.x_star) == 0 and np.all(q.grad(q.x_star) == 0)
    assert np.allclose(np.linalg.eigvalsh(q.H), sorted(q.eigenvalues))


def test_angle_turns_the_first_eigenvector():
    q = Quadratic([1.0, 10.0], angle=np.pi / 6)
    u = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert np.allclose(q.grad(u), 1.0 * u) and np.allclose(q.modes(2 * u), [2.0, 0.0])


@pytest.mark.parametrize("spacing, middle", [("log", 10.0), ("linear", 50.5)])
def test_from_condition_has_the_condition_asked_for(spacing, middle):
    axes = Quadratic.from_condition(100.0, dim=3, spacing=spacing)
    assert axes.eigenvalues == pytest.approx([1.0, middle, 100.0]) and np.array_equal(axes.basis, np.eye(3))
    turned = Quadratic.from_condition(100.0, 3, mu=0.5, spacing=spacing, seed=1, x_star=[1.0, 2.0, 3.0])
    assert np.linalg.eigvalsh(turned.H) == pytest.approx([0.5, middle / 2, 50.0], rel=1e-12)
    assert np.linalg.cond(turned.H) == pytest.approx(turned.kappa) == pytest.approx(100.0)
    assert np.abs(turned.H - np.diag(np.diag(turned.H))).min() == 0 < np.abs(turned.H).min()
    assert turned.f([1.0, 2.0, 3.0]) == 0
    assert not np.allclose(turned.basis, Quadratic.from_condition(100.0, 3, seed=2).basis)


def test_random_rotations_are_uniform():
    first = np.array([Quadratic.from_condition(2.0, seed=s).basis[:, 0] for s in range(400)])
    angle = np.arctan2(first[:, 1], first[:, 0])  # uniform on the circle: the mean vector has length ~ 0.05
    assert np.hypot(np.cos(angle).mean(), np.sin(angle).mean()) < 0.15
    assert np.histogram(angle, bins=4, range=(-np.pi, np.pi))[0].min() > 70


def test_flat_and_saddle():
    assert Quadratic([0.0, 2.0]).kappa == np.inf
    saddle = Quadratic([-1.0, 2.0])
    assert saddle.mu == -1.0 and saddle.L == 2.0 and saddle.f_star is None


# --- Logistic -----------------------------------------------------------------------


def test_logistic_L_is_read_from_the_data():
    for l2 in (0.0, 0.3):
        p = Logistic(X12, Y12, l2)
        assert p.L == pytest.approx(np.linalg.eigvalsh(X12.T @ X12)[-1] / 48 + l2, rel=1e-12)
        # at w = 0 every p(1-p) is 1/4: the bound is attained, so no smaller L would do
        assert p.L == pytest.approx(np.linalg.eigvalsh(p.hessian(np.zeros(3)))[-1], rel=1e-12)
        assert p.mu == l2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 30), st.floats(0, 2))
def test_logistic_curvature_never_exceeds_L_nor_falls_below_mu(seed, scale, l2):
    rng = np.random.default_rng(seed)
    n, d = rng.integers(1, 20), rng.integers(1, 6)
    p = Logistic(scale * rng.standard_normal((n, d)), rng.integers(0, 2, n), l2)
    eigenvalues = np.linalg.eigvalsh(p.hessian(rng.standard_normal((5, d)) * rng.exponential(2)))
    assert eigenvalues.max() <= p.L * (1 + 1e-12)
    assert eigenvalues.min() >= p.mu - 1e-12 * p.L


def test_logistic_minimum_equals_scipy_and_scikit_learn():
    p = Logistic(X12, Y12, l2=0.1)
    scipy_says = minimize(p.f, np.zeros(3), jac=p.grad, method="BFGS", options={"gtol": 1e-10})
    model = LogisticRegression(C=1 / (12 * 0.1), fit_intercept=False, tol=1e-12, max_iter=10_000).fit(
        X12, Y12
    )
    assert np.allclose(p.x_star, scipy_says.x, atol=1e-8)
    assert np.allclose(p.x_star, model.coef_[0], atol=1e-6)
    assert p.f_star == pytest.approx(scipy_says.fun, rel=1e-14)
    assert np.linalg.norm(p.grad(p.x_star)) < 1e-15
    r = run(p, np.zeros(3), 1 / p.L, steps=2000, tol=1e-10)
    assert r.status == "converged" and np.allclose(r.x_last, p.x_star, atol=1e-9)


def test_logistic_on_separable_data_falls_for_ever():
    p = Logistic([[1.0], [2.0], [-1.0]], [1, 1, 0])
    assert p.x_star is None and p.f_star is None and p.kappa == np.inf
    w = np.array([[1.0], [10.0], [100.0], [300.0]])
    f, slope = p.f(w), p.grad(w)[:, 0]
    assert np.all(np.diff(f) < 0) and np.all(slope < 0)  # no rounding to 0: digits kept far out
    assert f[2] == pytest.approx(2 / 3 * np.exp(-100), rel=1e-12)
    assert slope[3] == pytest.approx(-2 / 3 * np.exp(-300), rel=1e-12)


# --- Huber --------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 5, 20, 100])
@pytest.mark.parametrize("dim", [1, 3])
def test_huber_attains_the_tight_bound(k, dim):
    L, R = 3.0, 2.0
    h = Huber(R / (2 * k + 1), L=L, dim=dim)
    x0 = np.zeros(dim)
    x0[-1] = -R
    r = run(h, x0, 1 / L, steps=k)
    assert r.f[-1] == pytest.approx(L * R**2 / (4 * k + 2), rel=1e-13)
    for other in (0.5, 0.9, 1.1, 2.0):  # any other threshold does better: this one is the worst case
        better = run(Huber(h.threshold * other, L=L, dim=dim), x0, 1 / L, steps=k).f[-1]
        assert better < r.f[-1] * (1 - 1e-6)


def test_huber_is_smooth_where_its_pieces_meet():
    h = Huber(0.5, L=2.0)
    below, above = np.array([0.5 - 1e-9]), np.array([0.5 + 1e-9])
    assert h.f(below) == pytest.approx(h.f(above), abs=1e-8)
    assert np.allclose(h.grad(below), h.grad(above), atol=1e-8)
    assert h.grad([0.0]) == 0 and h.f_star == 0


# --- MLP ----------------------------------------------------------------------------


def test_mlp_init_has_the_stated_spread_and_zero_biases():
    net = MLP(RNG.standard_normal((3, 400)), [0, 1, 2], hidden=(300,))
    (W1, b1), (W2, b2) = net.unpack(net.init(seed=5, gain=0.7))
    assert W1.shape == (400, 300) and W2.shape == (300, 3)
    assert W1.std() == pytest.approx(0.7 / np.sqrt(400), rel=0.02)
    assert W2.std() == pytest.approx(0.7 / np.sqrt(300), rel=0.1)
    assert not b1.any() and not b2.any()
    assert np.array_equal(net.init(5), net.init(5)) and not np.array_equal(net.init(5), net.init(6))
    batch = net.init(5, batch=(2, 3))
    assert batch.shape == (2, 3, net.dim) and np.all(batch == net.init(5))


def test_mlp_accuracy_counts_right_answers():
    net = MLP(np.eye(3), [0, 1, 2], hidden=())
    right = np.concatenate([np.eye(3).ravel(), np.zeros(3)])
    always_first = np.concatenate([np.zeros(9), [1.0, 0.0, 0.0]])
    assert net.accuracy(np.stack([right, always_first])).tolist() == [1.0, 1 / 3]


def test_mlp_trains_as_torch_does_on_the_same_minibatches():
    X, labels = digits(300)
    net = MLP(X, labels, hidden=(16,))
    p = Minibatches(net, size=6, seed=4)
    x0, steps = net.init(4), 60
    r = run(p, x0, 0.1, steps=steps)
    x = torch.tensor(x0, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    for k in range(steps):
        optimizer.zero_grad()
        torch_mlp(net.subset(p.indices(k)))(x).backward()
        optimizer.step()
    assert np.allclose(r.x_last, x.detach().numpy(), atol=1e-12)


# --- Minibatches --------------------------------------------------------------------


def test_an_epoch_is_a_permutation_without_its_last_partial_batch():
    p = Minibatches(Logistic(X12, Y12), size=5, seed=1)
    assert p.steps_per_epoch == 2
    epochs = [np.concatenate([p.indices(2 * e), p.indices(2 * e + 1)]) for e in range(3)]
    for samples in epochs:
        assert len(samples) == len(set(samples)) == 10 and set(samples) <= set(range(12))
    assert not np.array_equal(epochs[0], epochs[1])


def test_minibatches_depend_on_seed_and_step_alone():
    p, again = (Minibatches(Logistic(X12, Y12), size=4, seed=9) for _ in range(2))
    forwards = [p.indices(k) for k in range(9)]
    backwards = [again.indices(k) for k in reversed(range(9))][::-1]
    assert all(map(np.array_equal, forwards, backwards))
    other = Minibatches(Logistic(X12, Y12), size=4, seed=10)
    assert not all(np.array_equal(other.indices(k), forwards[k]) for k in range(3))


@pytest.mark.parametrize("whole", [Logistic(X12, Y12, 0.2), MLP(IMAGES, LABELS, hidden=(4,), loss="squared")])
def test_minibatch_gradients_average_to_the_full_gradient(whole):
    p = Minibatches(whole, size=3)
    x = np.random.default_rng(0).standard_normal(whole.dim)
    mean = np.mean([p.at(k).grad(x) for k in range(p.steps_per_epoch)], axis=0)
    assert np.allclose(mean, whole.grad(x), atol=1e-14)
    assert p.f(x) == whole.f(x) and np.array_equal(p.grad(x), whole.grad(x))
    assert (p.dim, p.L, p.mu, p.kappa) == (whole.dim, whole.L, whole.mu, whole.kappa)


# --- digits -------------------------------------------------------------------------


def test_digits_are_scikit_learns():
    X, labels = digits()
    raw = load_digits()
    assert X.shape == (1797, 64) and np.array_equal(X * 16, raw.data) and np.array_equal(labels, raw.target)
    assert X.min() == 0 and X.max() == 1
    few, few_labels = digits(200, center=True)
    assert np.allclose(few.mean(0), 0, atol=1e-15) and np.allclose(few, X[:200] - X[:200].mean(0))
    assert np.array_equal(few_labels, labels[:200])


def test_digits_without_scikit_learn_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ModuleNotFoundError, match="pip install scikit-learn"):
        digits()


def test_problems_keep_their_own_copy_of_what_they_are_made_of():
    X, lam, x_star = X12.copy(), np.array([1.0, 2.0]), np.array([3.0, 4.0])
    made = [Logistic(X, Y12), MLP(X, Y12, hidden=(2,)), Quadratic(lam, x_star)]
    before = [p.f(np.ones(p.dim)) for p in made]
    X[:], lam[:], x_star[:] = 7.0, 7.0, 7.0
    assert [p.f(np.ones(p.dim)) for p in made] == before


def test_a_name_that_is_not_there_is_told_with_those_that_are():
    from lrcore import analysis, problems

    for module, name in ((problems, "Huber"), (analysis, "sharpness")):
        with pytest.raises(AttributeError, match=name):
            _ = module.huber_loss
        assert set(module.__all__) <= set(dir(module))
        assert all(getattr(module, each) is not None for each in module.__all__)


# --- constants and errors -----------------------------------------------------------


def test_function_carries_what_is_known():
    p = Function(lambda x: (x**2).sum(-1) + 3, lambda x: 2 * x, dim=2, L=2, mu=2.0, x_star=[0, 0])
    assert (p.L, p.mu, p.kappa, p.f_star) == (2.0, 2.0, 1.0, 3.0)
    curved = Function(
        p.f, p.grad, dim=2, hessian=lambda x: np.broadcast_to([[2.0, 1.0], [1.0, 3.0]], (*x.shape, 2))
    )
    assert curved.hess_diag(np.zeros((5, 2))).tolist() == [[2.0, 3.0]] * 5 and not hasattr(p, "hessian")
    bare = Function(p.f, p.grad, dim=2)
    assert (bare.L, bare.mu, bare.kappa, bare.x_star, bare.f_star) == (None,) * 5


def test_every_problem_is_a_problem_with_a_short_name():
    everything = [p for p, _ in CASES.values()]
    everything += [Function(len, len, dim=1), Minibatches(Logistic(X12, Y12), size=2)]
    for problem in everything:
        assert isinstance(problem, Problem)
        assert repr(problem).startswith(type(problem).__name__ + "(") and len(repr(problem)) < 90


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: Quadratic([]), ValueError, r"shape \(d,\)"),
        (lambda: Quadratic([[1.0]]), ValueError, r"shape \(1, 1\)"),
        (lambda: Quadratic([1.0, np.nan]), ValueError, "finite"),
        (lambda: Quadratic("ab"), TypeError, "real numbers"),
        (lambda: Quadratic([1.0, 2.0], x_star=[1.0]), ValueError, "x_star"),
        (lambda: Quadratic([1.0, 2.0], basis=np.ones((2, 2))), ValueError, "orthonormal"),
        (lambda: Quadratic([1.0, 2.0, 3.0], angle=0.1), ValueError, "give basis"),
        (lambda: Quadratic([1.0, 2.0], basis=np.eye(2), angle=0.1), ValueError, "either"),
        (lambda: Quadratic.from_condition(0.5), ValueError, "kappa"),
        (lambda: Quadratic.from_condition(2.0, dim=1), ValueError, "dim"),
        (lambda: Quadratic.from_condition(2.0, spacing="square"), ValueError, "spacing"),
        (lambda: Quadratic.from_condition(2.0, mu=0.0), ValueError, "mu"),
        (lambda: Quadratic.from_condition(2.0, seed=0.5), TypeError, "seed"),
        (lambda: Function(len, len, dim=1, hessian=2.0), TypeError, "hessian must be a function"),
        (lambda: Logistic([1.0, 2.0], [0, 1]), ValueError, "samples, features"),
        (lambda: Logistic(np.zeros((0, 2)), []), ValueError, "at least 1"),
        (lambda: Logistic(X12, Y12[:5]), ValueError, "one label per row"),
        (lambda: Logistic(X12, Y12 + 1), ValueError, "0/1 or -1/"),
        (lambda: Logistic(X12, Y12, l2=-0.1), ValueError, "l2"),
        (lambda: Logistic(X12 * np.nan, Y12), ValueError, "finite"),
        (lambda: Huber(0.0), ValueError, "threshold"),
        (lambda: Huber(1.0, L=-1.0), ValueError, "L must be"),
        (lambda: Huber(1.0, dim=0), ValueError, "dim"),
        (lambda: MLP(IMAGES, LABELS, hidden=(0,)), ValueError, "width"),
        (lambda: MLP(IMAGES, LABELS, hidden="32"), TypeError, "width"),
        (lambda: MLP(IMAGES, LABELS, loss="hinge"), ValueError, "'cross-entropy', 'squared'"),
        (lambda: MLP(IMAGES, LABELS[:4]), ValueError, "one label per row"),
        (lambda: MLP(IMAGES, LABELS - 1), ValueError, "whole numbers"),
        (lambda: MLP(IMAGES, LABELS + 0.5), ValueError, "whole numbers"),
        (lambda: MLP(IMAGES, LABELS).init(seed=-1), ValueError, "seed"),
        (lambda: MLP(IMAGES, LABELS).init(seed="a"), TypeError, "seed"),
        (lambda: MLP(IMAGES, LABELS).init(0, gain=np.inf), ValueError, "gain"),
        (lambda: MLP(IMAGES, LABELS).init(0, batch=(2.5,)), TypeError, "batch"),
        (lambda: Function(1.0, len, dim=1), TypeError, "f must be a function"),
        (lambda: Function(len, len, dim=1, L=-1), ValueError, "L must be"),
        (lambda: Function(len, len, dim=2, x_star=[0.0]), ValueError, "x_star"),
        (lambda: Minibatches(Quadratic([1.0]), 1), TypeError, "LeastSquares, MLP"),
        (lambda: Minibatches(Logistic(X12, Y12), 13), ValueError, "at most"),
        (lambda: Minibatches(Logistic(X12, Y12), 0), ValueError, "at least 1"),
        (lambda: digits(0), ValueError, "at least 1"),
        (lambda: digits(1798), ValueError, "1797"),
        (lambda: digits(10.0), TypeError, "whole number"),
        (lambda: Problem().f([1.0]), NotImplementedError, "has no f"),
        (lambda: Problem().grad([1.0]), NotImplementedError, "has no grad"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words):
        make()
