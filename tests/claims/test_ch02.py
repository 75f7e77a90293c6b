"""The claims of chapter 02, each against a closed form, exact arithmetic or another library."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import torch
from scipy.optimize import linprog, lsq_linear, minimize, minimize_scalar
from scipy.sparse.linalg import LinearOperator, eigsh
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import Lasso

from lrcore import directions, problems, run
from lrcore.analysis import sharpness, stability

torch.set_num_threads(1)  # most tensors here have a handful of numbers


def rotation(d, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]


def bowl(eigenvalues, seed=0):
    return problems.Quadratic(eigenvalues, basis=rotation(len(eigenvalues), seed))


def torch_gradient(f):
    """The gradient of a torch function as a numpy function."""
    gradient = torch.func.grad(f)
    return lambda x: gradient(torch.as_tensor(x)).numpy()


@cache
def noisy_labels(n=40, d=4, seed=3):
    """Features and labels that no hyperplane separates."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) * np.array([1.0, 2.0, 0.5, 1.0])
    y = (X[:, 0] + 2 * rng.standard_normal(n) > 0).astype(float)
    wrong = -(2 * y - 1)[:, None] * X
    feasible = linprog(np.zeros(d), A_ub=wrong, b_ub=-np.ones(n), bounds=[(None, None)] * d)
    assert feasible.status == 2, "the sample is separable"
    return X, y


def logistic_in_torch(X, y, l2=0.0):
    X, signs = torch.as_tensor(X), torch.as_tensor(2.0 * y - 1)
    return lambda w: torch.nn.functional.softplus(-signs * (X @ w)).mean() + l2 / 2 * (w @ w)


@pytest.mark.claim("claim-02-modes")
def test_mode_by_mode():
    H, x0 = bowl([0.5, 1.0, 3.0, 8.0]), np.array([1.0, -2.0, 0.5, 3.0])
    c = H.basis.T @ x0
    for eta in (0.03, 0.125, 0.2, 0.249):
        r = run(H, x0, eta, steps=30, record_x=True)
        by_power = np.linalg.matrix_power(np.eye(4) - eta * H.H, 30) @ x0
        by_modes = H.basis @ ((1 - eta * H.eigenvalues) ** 30 * c)
        np.testing.assert_allclose(r.x_last, by_power, atol=1e-12)
        np.testing.assert_allclose(r.x_last, by_modes, atol=1e-12)
        np.testing.assert_allclose(
            r.f[-1], 0.5 * np.sum(H.eigenvalues * (1 - eta * H.eigenvalues) ** 60 * c**2), rtol=1e-9
        )
    # Just inside 2/L every start converges, just outside the same starts diverge.
    starts = np.random.default_rng(1).standard_normal((20, 1, 4))
    r = run(H, starts, np.array([0.999, 1.001]) * 2 / H.L, steps=40_000, every=1000, tol=1e-9)
    assert (r.status[:, 0] == "converged").all() and (r.status[:, 1] == "diverged").all()


@pytest.mark.claim("claim-02-best-rate")
def test_best_rate_and_steps():
    for mu, L in ((1.0, 1.5), (1.0, 10.0), (0.02, 30.0)):
        kappa = L / mu
        grid = np.linspace(mu, L, 2001)

        def worst(eta, grid=grid):
            return np.abs(1 - eta * grid).max()

        found = minimize_scalar(worst, bounds=(0, 2 / L), method="bounded", options={"xatol": 1e-12})
        best = stability.best_rate(mu, L)
        assert found.x == pytest.approx(best, rel=1e-5) and best == pytest.approx(2 / (mu + L))
        rho = stability.contraction(best, mu, L)
        assert rho == pytest.approx((kappa - 1) / (kappa + 1)) and found.fun == pytest.approx(rho, rel=1e-5)
        # Attained: an error along an extreme eigenvector shrinks by exactly this factor.
        H = bowl([mu, 0.5 * (mu + L), L])
        for i in (0, 2):
            assert np.linalg.norm(run(H, H.basis[:, i], best, steps=1).x_last) == pytest.approx(rho)
        for eps in (1e-2, 1e-6):
            k = int(np.ceil(kappa / 2 * np.log(1 / eps)))
            assert rho**k <= eps and stability.steps_to(eps, rho) <= k
            starts = np.random.default_rng(2).standard_normal((50, 3))
            left = np.linalg.norm(run(H, starts, best, steps=k).x_last, axis=1)
            assert (left <= eps * np.linalg.norm(starts, axis=1)).all()


@pytest.mark.claim("claim-02-edge")
def test_swing_at_the_edge():
    H, x0 = bowl([1.0, 4.0, 10.0, 10.0]), np.array([2.0, -1.0, 0.5, 1.5])
    top = H.basis[:, 2:] @ (H.basis[:, 2:].T @ x0)  # the part in the two-dimensional eigenspace of L
    for k in (400, 401):
        r = run(H, x0, 2 / H.L, steps=k)
        np.testing.assert_allclose(r.x_last, (-1) ** k * top, atol=1e-9)
        assert r.f[-1] == pytest.approx(0.5 * H.L * top @ top)
        assert r.status == "running"
    assert stability.regime(2 / H.L, H.L) == "edge"


@pytest.mark.claim("claim-02-iteration-matrix")
def test_iteration_matrix_of_momentum():
    for beta in (0.0, 0.3, 0.9, 0.99):
        limit = 2 * (1 + beta)
        for eta_lam in limit * np.array([0.001, 0.1, 0.5, 0.9, 0.999, 1.001, 1.5]):
            roots = np.roots([1, -(1 + beta - eta_lam), beta])
            assert (np.abs(roots).max() < 1) == (eta_lam < limit)
            ours = np.linalg.eigvals(stability.iteration_matrix(eta_lam, 1.0, beta=beta))
            np.testing.assert_allclose(np.sort_complex(ours), np.sort_complex(roots), atol=1e-7)
        assert stability.max_rate(5.0, "momentum", beta) == pytest.approx(limit / 5.0)
    for beta in (0.0, 0.3, 0.9):  # torch's own momentum, on both sides of the limit
        for share in (0.98, 1.02):
            eta = share * 2 * (1 + beta) / 5.0
            x = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
            optimizer = torch.optim.SGD([x], lr=eta, momentum=beta)
            path = []
            for _ in range(400):
                optimizer.zero_grad()
                (2.5 * x**2).sum().backward()
                optimizer.step()
                path.append(x.item())
            assert (abs(path[-1]) < 1e-3) == (share < 1)
            mode, way = problems.Quadratic([5.0]), directions.Momentum(beta)
            ours = run(mode, [1.0], eta, way, steps=40, record_x=True)
            np.testing.assert_allclose(ours.x[1:, 0], path[:40], rtol=1e-9)


@pytest.mark.claim("claim-02-descent-lemma")
def test_descent_lemma():
    X, y = noisy_labels()
    rng = np.random.default_rng(4)
    cases = (
        (lambda x: torch.cos(x).sum(), 1.0, 3),  # not convex
        (lambda x: (2 * torch.log(torch.cosh(x / 2))).sum(), 0.5, 2),
        (logistic_in_torch(X, y, 0.1), problems.Logistic(X, y, l2=0.1).L, 4),
    )
    for f, L, d in cases:
        gradient = torch_gradient(f)
        for times in (0.1, 1.0, 1.9, 2.0, 3.0):
            for x in rng.standard_normal((50, d)) * 3:
                g = gradient(x)
                eta = times / L
                after, before = f(torch.as_tensor(x - eta * g)).item(), f(torch.as_tensor(x)).item()
                assert after <= before - eta * (1 - times / 2) * (g @ g) + 1e-12
    # Equality on L/2 x^2, which is why no larger range of rates can be promised.
    for times in (0.5, 1.0, 1.9, 2.0, 2.1):
        f0, f1 = run(bowl([4.0]), [3.0], times / 4.0, steps=1).f
        assert f1 == pytest.approx(f0 - times / 4.0 * (1 - times / 2) * 12.0**2)


@pytest.mark.claim("claim-02-convex")
def test_convex_rate():
    X, y = noisy_labels()
    rng = np.random.default_rng(5)
    for problem in (problems.Logistic(X, y), problems.Huber(0.1, L=3.0, dim=4), bowl([0.0, 0.01, 1.0, 5.0])):
        x0 = rng.standard_normal(4)
        r = run(problem, x0, 1 / problem.L, steps=300)
        for u in [*(rng.standard_normal((20, 4)) * 2), np.zeros(4)]:  # most of them are no minimisers
            bound = problem.L * np.sum((x0 - u) ** 2) / (2 * r.k[1:])
            assert (r.f[1:] - problem.f(u) <= bound + 1e-12).all()


@pytest.mark.claim("claim-02-huber")
def test_huber_attains_the_bound():
    L, R = Fraction(3), Fraction(2)
    for k in (1, 2, 5, 20, 137):
        delta, x = R / (2 * k + 1), R
        for _ in range(k):
            x -= min(x, delta)  # the gradient over L of the Huber function, for x > 0
        assert x > delta, "still on the wall"
        exact = L * delta * x - L * delta**2 / 2
        assert exact == L * R**2 / (4 * k + 2)
        wall = problems.Huber(float(delta), L=3.0)
        assert run(wall, [2.0], 1 / 3, steps=k).f[-1] == pytest.approx(float(exact), rel=1e-12)
        # No other wall is worse after k steps: the bound holds for all thresholds.
        for threshold in np.geomspace(1e-3, 10, 60):
            f = run(problems.Huber(threshold, L=3.0), [2.0], 1 / 3, steps=k).f[-1]
            assert f <= float(exact) * (1 + 1e-12)


@pytest.mark.claim("claim-02-strongly-convex")
def test_strongly_convex_rate():
    X, y = noisy_labels()
    problem, f = problems.Logistic(X, y, l2=0.2), logistic_in_torch(X, y, 0.2)
    oracle = minimize(
        lambda w: f(torch.as_tensor(w)).item(), np.zeros(4), jac=torch_gradient(f), method="BFGS",
        options={"gtol": 1e-12},
    ).x  # fmt: skip
    np.testing.assert_allclose(problem.x_star, oracle, atol=1e-6)
    x0 = np.array([3.0, -3.0, 2.0, 1.0])
    for eta in (0.3 / problem.L, 1 / problem.L, stability.best_rate(problem.mu, problem.L), 1.95 / problem.L):
        rho = max(abs(1 - eta * problem.mu), abs(1 - eta * problem.L))
        distance = np.linalg.norm(run(problem, x0, eta, steps=60, record_x=True).x - problem.x_star, axis=1)
        assert (distance[1:] <= rho * distance[:-1] + 1e-12).all()
        assert rho < 1 and stability.contraction(eta, problem.mu, problem.L) == pytest.approx(rho)


@pytest.mark.claim("claim-02-nonconvex")
def test_nonconvex_rate():
    def f(x):  # curvature between -1 and 1.1, infimum at least -d
        return (np.cos(x) + 0.05 * x**2).sum(-1)

    waves = problems.Function(f, lambda x: -np.sin(x) + 0.1 * x, dim=2, L=1.1)
    lowest = 2 * minimize_scalar(lambda x: np.cos(x) + 0.05 * x**2, bounds=(0, 10), method="bounded").fun
    for eta in (0.2, 1 / 1.1, 1.6):
        for x0 in ([0.1, 0.2], [9.0, -0.01], [30.0, 12.0]):
            r = run(waves, x0, eta, steps=200)
            least = np.minimum.accumulate(r.grad_norm[:-1] ** 2)
            share = eta * (1 - eta * 1.1 / 2)
            assert (share * np.cumsum(r.grad_norm[:-1] ** 2) <= r.f[0] - r.f[1:] + 1e-12).all()
            assert (least <= (r.f[0] - lowest) / (r.k[1:] * share)).all()
    # The sum of the guaranteed decreases, from which the bound comes, is exact on a parabola.
    for eta in (0.05, 0.25, 0.45):
        r = run(bowl([4.0]), [3.0], eta, steps=20)
        gained = eta * (1 - eta * 4.0 / 2) * np.cumsum(r.grad_norm[:-1] ** 2)
        np.testing.assert_allclose(gained, r.f[0] - r.f[1:], rtol=1e-12)
    # Half of the bound would be false: on a straight wall the gradient does not fall for 50 steps.
    r = run(problems.Huber(1.0, L=3.0), [50.0], 1 / 3, steps=50)
    bound = 2 * 3.0 * r.f[0] / 50
    assert bound / 2 < r.grad_norm[:-1].min() ** 2 == pytest.approx(9.0) and 9.0 < bound


@pytest.mark.claim("claim-02-logistic")
def test_logistic_smoothness():
    X, y = noisy_labels()
    for l2 in (0.0, 0.3):
        problem, f = problems.Logistic(X, y, l2=l2), logistic_in_torch(X, y, l2)
        assert problem.L == pytest.approx(np.linalg.eigvalsh(X.T @ X)[-1] / (4 * len(X)) + l2)
        for w in [np.zeros(4), *(np.random.default_rng(6).standard_normal((20, 4)) * 3)]:
            hessian = torch.autograd.functional.hessian(f, torch.as_tensor(w)).numpy()
            eigenvalues = np.linalg.eigvalsh(hessian)
            assert eigenvalues[0] >= l2 - 1e-12 and eigenvalues[-1] <= problem.L + 1e-12
            np.testing.assert_allclose(problem.hessian(w), hessian, atol=1e-12)
            if not w.any():
                assert eigenvalues[-1] == pytest.approx(problem.L)


@pytest.mark.claim("claim-02-attracts")
def test_which_minimisers_attract():
    # A function that is no quadratic, with curvatures 1 and 5 at its minimum 0.
    U, lam = rotation(2, seed=7), np.array([1.0, 5.0])
    curved = problems.Function(
        lambda x: (lam * np.log(np.cosh(x @ U))).sum(-1), lambda x: (lam * np.tanh(x @ U)) @ U.T, dim=2
    )
    r = run(curved, 1e-6 * U[:, 1], np.array([0.99, 1.02]) * 2 / 5, steps=3000, record_x=True)
    distance = np.linalg.norm(r.x, axis=-1)
    assert distance[-1, 0] < 1e-12 and distance[:, 1].max() > 0.1 and distance[-100:, 1].min() > 0.1

    raw, labels = load_breast_cancer(return_X_y=True)
    problem = problems.Logistic((raw - raw.mean(0)) / raw.std(0), labels, l2=0.01)
    f = logistic_in_torch(problem.X, labels, 0.01)
    at_minimum = torch.autograd.functional.hessian(f, torch.as_tensor(problem.x_star)).numpy()
    limit = 2 / np.linalg.eigvalsh(at_minimum)[-1]
    assert limit > 10 * 2 / problem.L
    r = run(problem, problem.x_star + 1e-5, limit * np.array([0.95, 1.05]), steps=1500)
    assert r.f[-1, 0] - problem.f_star < 1e-12 and r.f[-100:, 1].min() - problem.f_star > 1e-4
    assert (r.status == "running").all()  # the gradient is bounded: it circles, it does not explode


@pytest.mark.claim("claim-02-power")
def test_power_iteration():
    lam = np.array([7.0, 6.0, 3.0, 0.5, 0.0])
    U, v0 = rotation(5, seed=8), np.array([1.0, -0.5, 2.0, 0.3, 1.0])
    H = (U * lam) @ U.T
    c = U.T @ v0 / np.linalg.norm(v0)
    tangent = np.sum(c[1:] ** 2) / c[0] ** 2
    for k in range(60):
        found = sharpness.power_iteration(lambda v: H @ v, dim=5, iterations=k + 1, v0=v0)
        gap = lam[0] - found.value
        assert -1e-12 <= gap <= (lam[0] - lam[-1]) * (6 / 7) ** (2 * k) * tangent + 1e-12
    # With two modes the bound is attained in the limit: neither its rate nor its factor can be smaller.
    for k in (20, 40):
        found = sharpness.power_iteration(
            lambda v: np.array([7.0, 6.0]) * v, dim=2, iterations=k + 1, v0=np.array([1.0, 3.0])
        )
        exact = (6 / 7) ** (2 * k) * 9.0
        assert 7.0 - found.value == pytest.approx(exact / (1 + exact), rel=1e-6)

    pixels, labels = problems.digits(n=100, center=True)
    net = problems.MLP(pixels, labels, hidden=(10,), loss="squared")
    x = net.init(seed=0)
    operator = LinearOperator(
        (net.dim, net.dim), matvec=lambda v: sharpness.hvp(net, x, v.ravel()), dtype=float
    )
    oracle = eigsh(operator, k=1, which="LA", v0=np.ones(net.dim), return_eigenvectors=False)[0]
    assert sharpness.sharpness(net, x, iterations=300).value == pytest.approx(oracle, rel=2e-3)


@pytest.mark.claim("claim-02-eos")
def test_network_at_the_edge():
    pixels, labels = problems.digits(n=200, center=True)
    net = problems.MLP(pixels, labels, hidden=(50, 50), loss="squared")
    rates, x = np.array([0.05, 0.3, 0.4, 0.5]), net.init(seed=1, gain=0.7)
    r = run(net, x, rates, steps=1500)
    uphill = np.diff(r.f, axis=0) > 0
    assert not uphill[:, 0].any() and (uphill[:, 1:].mean(0) > 0.005).all()
    last = r.f[-100:].mean(0)  # at the edge rounding errors grow: single values differ between machines
    assert (last[1:] < r.f[0, 1:] / 15).all() and (last[1:] < last[0] / 2).all()

    # Sharpness over the second half by torch's exact products and scipy's eigenvalues.
    late = run(net, x, rates, steps=1500, record_x=True, every=150).x[5:]
    inputs, target = torch.as_tensor(pixels), torch.as_tensor(np.eye(10)[labels])

    def loss(flat):
        h, start = inputs, 0
        for i, (fan_in, fan_out) in enumerate(((64, 50), (50, 50), (50, 10))):
            W = flat[start : start + fan_in * fan_out].reshape(fan_in, fan_out)
            start += (fan_in + 1) * fan_out
            h = h @ W + flat[start - fan_out : start]
            h = torch.tanh(h) if i < 2 else h
        return 0.5 * ((h - target) ** 2).sum(1).mean()

    def top(flat):
        flat = torch.as_tensor(flat)
        _, product = torch.func.vjp(torch.func.grad(loss), flat)
        operator = LinearOperator(
            (net.dim, net.dim), matvec=lambda v: product(torch.as_tensor(v.ravel()))[0].numpy(), dtype=float
        )
        return eigsh(operator, k=1, which="LA", v0=np.ones(net.dim), tol=1e-3, return_eigenvectors=False)[0]

    for i, eta in enumerate(rates):
        mean = np.mean([top(flat) for flat in late[:, i]])
        assert mean * eta / 2 < 0.2 if i == 0 else 0.97 < mean * eta / 2 < 1.08


@pytest.mark.claim("claim-02-toy")
def test_toy_settles_inside_the_circle():
    def f(z):
        return 0.5 * (z[0] * z[1] - 1) ** 2

    for x in (0.3, 1.0, 2.5):
        z = torch.tensor([x, 1 / x], dtype=torch.float64)
        eigenvalues = torch.linalg.eigvalsh(torch.autograd.functional.hessian(f, z)).numpy()
        np.testing.assert_allclose(eigenvalues, [0.0, x**2 + x**-2], atol=1e-12)
    toy = problems.Function(
        lambda z: 0.5 * (z[..., 0] * z[..., 1] - 1) ** 2,
        lambda z: (z[..., :1] * z[..., 1:] - 1) * z[..., ::-1],
        dim=2,
    )
    starts = np.random.default_rng(9).uniform(0.2, 3.0, (200, 1, 2))
    rates = np.array([0.1, 0.2, 0.3, 0.5, 0.9])
    r = run(toy, starts, rates, steps=5000, every=100, tol=1e-10)
    settled = r.status == "converged"
    assert settled.mean() > 0.5
    shape = (*settled.shape, 2)
    radius = (np.broadcast_to(r.x_last, shape) ** 2).sum(-1)
    assert (radius <= 2 / rates * (1 + 1e-6))[settled].all()
    # Beside a minimum outside the circle the run leaves; beside one inside it stays.
    x = 2.0  # x^2 + y^2 = 4.25, the limit is 2/4.25
    for share, stays in ((0.95, True), (1.05, False)):
        path = run(toy, [x, 1 / x + 1e-6], share * 2 / 4.25, steps=2000, record_x=True).x
        assert (np.linalg.norm(path[-1] - [x, 1 / x]) < 1e-4) == stays
    # Above rate 1 no minimum is inside: runs from generic starts never settle.
    assert not (run(toy, starts[:, 0], 1.05, steps=3000, every=100, tol=1e-10).status == "converged").any()


@pytest.mark.claim("claim-02-separable")
def test_separable_data():
    rng = np.random.default_rng(10)
    X = rng.standard_normal((30, 3)) + 0.2
    signs = np.sign(X @ np.array([1.0, -1.0, 0.5]))
    # A separator from linear programming: maximise the margin over the box |u_i| <= 1, then normalise.
    signed = signs[:, None] * X
    program = linprog(
        [0, 0, 0, -1], A_ub=np.c_[-signed, np.ones(30)], b_ub=np.zeros(30), bounds=[(-1, 1)] * 3 + [(0, None)]
    )
    u = program.x[:3] / np.linalg.norm(program.x[:3])
    margin = (signed @ u).min()
    assert margin > 0
    problem = problems.Logistic(X, signs)
    r = run(problem, np.zeros(3), 1 / problem.L, steps=20_000, record_x=True)
    k = r.k[1:]
    assert (r.f[1:] <= 1 / k + problem.L * np.log(k) ** 2 / (2 * margin**2 * k)).all()
    norms = np.linalg.norm(r.x, axis=1)
    assert (np.diff(r.f) < 0).all() and (np.diff(norms) > 0).all() and norms[-1] > 1.2 * norms[2000]
    assert problem.x_star is None and problem.f(1e3 * u) < 1e-9 < problem.f(u)
    # A tolerance is met long before anything has converged.
    early = run(problem, np.zeros(3), 1 / problem.L, steps=20_000, tol=1e-2)
    assert early.status == "converged" and np.linalg.norm(early.x_last) < 0.5 * norms[-1]


@pytest.mark.claim("claim-02-implicit-bias")
def test_descent_keeps_to_its_start():
    rng = np.random.default_rng(11)
    A, b = rng.standard_normal((3, 7)), rng.standard_normal(3)
    L = np.linalg.eigvalsh(A.T @ A / 3)[-1]
    under = problems.Function(
        lambda w: np.sum((w @ A.T - b) ** 2, -1) / 6, lambda w: (w @ A.T - b) @ A / 3, dim=7, L=L
    )
    for start in (np.zeros(7), rng.standard_normal(7)):
        expected = start + np.linalg.pinv(A) @ (b - A @ start)
        for times in (0.5, 1.0, 1.9):
            found = run(under, start, times / L, steps=5000).x_last
            np.testing.assert_allclose(found, expected, atol=1e-9)
            np.testing.assert_allclose(A @ found, b, atol=1e-9)
    shortest = np.linalg.lstsq(A, b, rcond=None)[0]
    np.testing.assert_allclose(run(under, np.zeros(7), 1 / L, steps=5000).x_last, shortest, atol=1e-9)


@pytest.mark.claim("claim-02-coordinate")
def test_coordinate_descent():
    H, b = bowl([0.5, 1.0, 4.0], seed=12).H, np.array([1.0, -2.0, 0.5])

    def f(x, H=H, b=b):
        return 0.5 * x @ H @ x - b @ x

    assert np.diag(H).max() <= np.linalg.eigvalsh(H)[-1]
    x, losses = np.array([2.0, 1.0, -3.0]), []
    for k in range(12):
        i = k % 3
        g = H[i] @ x - b[i]
        e = np.eye(3)[i]
        exact = minimize_scalar(lambda t, x=x, e=e: f(x + t * e)).x
        assert -g / H[i, i] == pytest.approx(exact, abs=1e-6)
        before = f(x)
        x = x - g / H[i, i] * e
        assert f(x) == pytest.approx(before - g**2 / (2 * H[i, i]))
        losses.append(f(x))
    # In other units: x = s z, the losses are the same.
    s = np.array([0.01, 1.0, 300.0])
    scaled, z, same = s[:, None] * H * s, np.array([2.0, 1.0, -3.0]) / s, []
    for k in range(12):
        i = k % 3
        z = z - (scaled[i] @ z - s[i] * b[i]) / scaled[i, i] * np.eye(3)[i]
        same.append(f(s * z))
    np.testing.assert_allclose(same, losses, rtol=1e-9)
    # The guaranteed decrease for a function that is no quadratic.
    X, y = noisy_labels()
    loss = logistic_in_torch(X, y)
    gradient, limits = torch_gradient(loss), (X**2).sum(0) / (4 * len(X))
    for w in np.random.default_rng(13).standard_normal((20, 4)) * 2:
        g = gradient(w)
        for i in range(4):
            after = loss(torch.as_tensor(w - g[i] / limits[i] * np.eye(4)[i])).item()
            assert after <= loss(torch.as_tensor(w)).item() - g[i] ** 2 / (2 * limits[i]) + 1e-12


@pytest.mark.claim("claim-02-subgradient")
def test_subgradient_floor():
    eta = Fraction(3, 10)
    for m in (0, 1, 7):
        x, best = (m + Fraction(1, 2)) * eta, []
        for _ in range(50):
            best.append(abs(x))
            x -= eta if x > 0 else -eta
        assert min(best) == eta / 2 == eta * 1**2 / 2 and best[-1] == eta / 2
        for k in range(1, 51):
            assert min(best[:k]) <= best[0] ** 2 / (2 * eta * k) + eta / 2
    # The bound, for the sum of |a_i x - b_i| with an oracle from linear programming.
    rng = np.random.default_rng(14)
    A, b = rng.standard_normal((12, 3)), rng.standard_normal(12)
    one = np.eye(12)
    program = linprog(
        np.r_[np.zeros(3), np.ones(12)], A_ub=np.block([[A, -one], [-A, -one]]), b_ub=np.r_[b, -b],
        bounds=[(None, None)] * 3 + [(0, None)] * 12,
    )  # fmt: skip
    x0 = np.array([3.0, -2.0, 1.0])
    R, G = np.linalg.norm(x0 - program.x[:3]), np.linalg.norm(A, axis=1).sum()
    for rate in (0.001, 0.01, 0.1):
        x, least = x0, np.inf
        for k in range(1, 1001):
            least = min(least, np.abs(A @ x - b).sum())
            assert least - program.fun <= R**2 / (2 * rate * k) + rate * G**2 / 2
            x = x - rate * A.T @ np.sign(A @ x - b)


@pytest.mark.claim("claim-02-proximal")
def test_proximal_steps():
    rng = np.random.default_rng(15)
    X, alpha = rng.standard_normal((40, 6)) * np.array([1, 2, 1, 0.5, 1, 1]), 0.3
    y = X @ np.array([1.0, 0, 0, 2.0, 0, 0]) + 0.5 * rng.standard_normal(40)
    H, c = X.T @ X / 40, X.T @ y / 40
    L = np.linalg.eigvalsh(H)[-1]

    def smooth(w):
        return 0.5 * np.mean((X @ w - y) ** 2)

    def shrink(z, t):
        return np.sign(z) * np.maximum(np.abs(z) - alpha * t, 0)

    def clip(z, t):
        return np.clip(z, -0.2, 0.5)

    oracles = (
        Lasso(alpha=alpha, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(X, y).coef_,
        lsq_linear(X, y, bounds=(-0.2, 0.5), tol=1e-14).x,
    )
    penalties = (lambda w: alpha * np.abs(w).sum(), lambda w: 0.0)
    for prox, penalty, oracle in zip((shrink, clip), penalties, oracles, strict=True):
        for times in (0.5, 1.0, 1.5, 1.9):
            eta = times / L
            w = prox(np.full(6, 2.0), eta)
            for _ in range(800):
                after = prox(w - eta * (H @ w - c), eta)
                drop = smooth(w) + penalty(w) - smooth(after) - penalty(after)
                assert drop >= (1 / eta - L / 2) * np.sum((after - w) ** 2) - 1e-12
                w = after
            np.testing.assert_allclose(w, oracle, atol=1e-6)
    # A sum of the definition: the map really is the minimiser of h(u) + (u - z)^2/(2 t).
    for z in (-1.3, 0.1, 0.9):
        u = minimize_scalar(lambda u, z=z: alpha * abs(u) + (u - z) ** 2 / (2 * 0.7)).x
        assert u == pytest.approx(float(shrink(z, 0.7)), abs=1e-6)
    # The bounce between the walls of [0, 1]: 2(x - 1/2)^2 at eta = 0.6 > 2/L = 0.5.
    x, seen = 1.0, []
    for _ in range(6):
        x = min(max(x - 0.6 * 4 * (x - 0.5), 0.0), 1.0)
        seen.append(x)
    assert seen == [0.0, 1.0] * 3


@pytest.mark.claim("claim-02-minmax")
def test_descent_ascent_rotates():
    def step(z, eta, mu, ell):
        """Both players move at once, by torch's gradients of mu/2 x^2 + ell x y - mu/2 y^2."""
        gx, gy = torch_gradient(lambda z: mu / 2 * z[0] ** 2 + ell * z[0] * z[1] - mu / 2 * z[1] ** 2)(z)
        return np.array([z[0] - eta * gx, z[1] + eta * gy])

    z = np.array([1.0, -0.4])
    for mu, ell in ((0.0, 2.0), (0.5, 2.0), (3.0, 0.1)):
        for eta in (0.01, 0.2, 0.9):
            growth = np.sum(step(z, eta, mu, ell) ** 2) / np.sum(z**2)
            assert growth == pytest.approx((1 - eta * mu) ** 2 + eta**2 * ell**2)
            converges = growth < 1
            limit = 2 * mu / (mu**2 + ell**2)
            assert converges == (eta < limit)
    J = 2.0 * np.array([[0.0, 1.0], [-1.0, 0.0]])
    for eta in (0.1, 0.4, 0.49, 0.51):
        ahead = np.eye(2) - eta * J @ (np.eye(2) - eta * J)
        size = np.abs(np.linalg.eigvals(ahead)).max()
        a = (eta * 2.0) ** 2
        assert size == pytest.approx(np.sqrt(1 - a + a**2)) and (size < 1) == (eta * 2.0 < 1)
    for eta, bounded in ((0.4, True), (0.99, True), (1.01, False)):
        in_turns = np.array([[1.0, 0.0], [2.0 * eta, 1.0]]) @ np.array([[1.0, -2.0 * eta], [0.0, 1.0]])
        largest = max(np.linalg.norm(np.linalg.matrix_power(in_turns, k)) for k in range(400))
        assert (largest < 100) == bounded
