"""The claims of chapter 10, against closed forms, autograd, exact enumeration and general optimisers."""

from itertools import combinations, product

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from scipy.sparse.linalg import eigsh
from torch_oracles import torch_mlp

from lrcore import directions, problems, run
from lrcore.analysis import curvature, sharpness

RNG = np.random.default_rng(10)


def positive_definite(d, seed=0, kappa=None):
    """A random symmetric, positive definite matrix, with the condition number asked for."""
    Q = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]
    lam = np.geomspace(1, kappa or 50.0, d)
    return (Q * lam) @ Q.T


def quadratic(H):
    return problems.Function(lambda x: 0.5 * np.vecdot(x, x @ H), lambda x: x @ H, dim=len(H))


def power_of(M, exponent):
    lam, Q = np.linalg.eigh(M)
    return (Q * lam**exponent) @ Q.T


class Divided:
    """The direction -P^{-1} g with a fixed matrix P."""

    def __init__(self, P):
        self.inverse = np.linalg.inv(P)

    def init(self, x):
        return None

    def __call__(self, k, g, state):
        return -g @ self.inverse, state


# --- one dimension, Newton ----------------------------------------------------------


@pytest.mark.claim("claim-10-one-dimension")
def test_one_dimension():
    for h in (4.0, 0.3, -0.3, -4.0):
        f, star = problems.Quadratic([h], x_star=[1.0]), 1.0
        r = run(f, [[3.0]] * 5, np.array([0.5, 1.0, 1.9, 2.0, 2.1]) / abs(h), steps=3000, every=1)
        if h > 0:
            assert run(f, [3.0], 1 / h, steps=1).x_last == pytest.approx(star, abs=1e-12)
            assert np.allclose(r.x_last[:3], star, atol=1e-12) and abs(r.x_last[3, 0] - star) > 1.9
            assert r.status[4] == "diverged"
        else:
            newton = run(f, [3.0], 1.0, directions.Newton(), steps=1)
            assert (
                newton.x_last == pytest.approx(star, abs=1e-12) and newton.f[1] > newton.f[0]
            )  # the maximum
            far = run(f, [3.0] * 1, 1e-3 / abs(h), steps=100).x_last[0]
            assert far > 3.0  # even a small rate leads away
        for mu in (0.01, 1.0, 30.0):
            step = run(f, [3.0], 1.0, directions.DiagonalNewton(mu), steps=1)
            factor = mu / (h + mu) if h > 0 else 1 + abs(h) / (abs(h) + mu)
            assert (step.x_last[0] - star) / 2.0 == pytest.approx(factor, rel=1e-12)
            assert 0 < factor < 1 if h > 0 else 1 < factor < 2
            assert step.f[1] < step.f[0]


@pytest.mark.claim("claim-10-scalar")
def test_no_number_replaces_the_matrix():
    H = positive_definite(5, kappa=30.0)
    lam, U = np.linalg.eigh(H)
    for g in (*U.T, *RNG.standard_normal((20, 5))):
        newton = np.linalg.solve(H, g)
        eta = newton @ g / (g @ g)  # the best multiple of g
        miss = np.linalg.norm(newton - eta * g) / np.linalg.norm(newton)
        residual = np.linalg.norm(H @ g - (g @ H @ g) / (g @ g) * g) / np.linalg.norm(H @ g)
        assert (miss < 1e-12) == (residual < 1e-12)
    assert np.allclose([np.linalg.solve(H, u) @ u for u in U.T], 1 / lam)
    shares = []
    for x in RNG.standard_normal((300, 5)):
        g = H @ x
        # The best rate of a single step, found by a general optimiser and not by a formula.
        found = minimize(lambda t, x=x, g=g: 0.5 * (x - t * g) @ H @ (x - t * g), 0.1, tol=1e-14)
        share = found.fun / (0.5 * x @ H @ x)
        claimed = 1 - (g @ g) ** 2 / ((g @ H @ g) * (g @ np.linalg.solve(H, g)))
        assert share == pytest.approx(claimed, abs=1e-7)
        shares.append(claimed)
    kappa, worst = 30.0, U[:, 0] / lam[0] + U[:, -1] / lam[-1]  # equal parts of g
    g = H @ worst
    attained = 1 - (g @ g) ** 2 / ((g @ H @ g) * (g @ np.linalg.solve(H, g)))
    assert attained == pytest.approx(((kappa - 1) / (kappa + 1)) ** 2, rel=1e-12) and max(shares) < attained
    assert run(quadratic_with_hessian(H), worst, 1.0, directions.Newton(), 1).f[1] < 1e-25


def quadratic_with_hessian(H):
    return problems.Function(
        lambda x: 0.5 * np.vecdot(x, x @ H), lambda x: x @ H, len(H),
        hessian=lambda x: np.broadcast_to(H, (*x.shape, len(H))),
    )  # fmt: skip


@pytest.mark.claim("claim-10-quadratic-convergence")
def test_quadratic_convergence():
    for problem, x0, radius in (
        (problems.BoydExp(), [0.3, 0.2], 1.0),
        (problems.Rosenbrock(), [1.2, 1.2], 0.4),
    ):
        r = run(problem, x0, 1.0, directions.Newton(), 7, record_x=True)
        error = np.linalg.norm(r.x - problem.x_star, axis=1)
        spots = problem.x_star + radius * RNG.uniform(-1, 1, (4000, 2))
        # A Lipschitz constant of the Hessian on the ball, from derivatives along all directions (sampled).
        step = 1e-4 * RNG.standard_normal((4000, 2))
        change = np.linalg.norm(problem.hessian(spots + step) - problem.hessian(spots), 2, axis=(-2, -1))
        M = 1.05 * (change / np.linalg.norm(step, axis=1)).max()
        checked = 0
        for x, e, after in zip(r.x, error, error[1:], strict=False):
            m = np.linalg.eigvalsh(problem.hessian(x))[0]
            if e < radius and after > 1e-12 and m > 0:
                assert after <= M / (2 * m) * e**2
                checked += 1
        assert checked >= 3
    # The bound is attained: f'' = m + M |x| has the Lipschitz constant M, and m at x_k is m + M |x_k|.
    m, M = 0.7, 3.0
    for e in (0.01, 0.4, 2.0):
        newton = e - (m * e + M * e**2 / 2) / (m + M * e)
        assert newton == pytest.approx(M / (2 * (m + M * e)) * e**2, rel=1e-12)
    # One dimension: f = e^x - x has h = f''' = 1 at its minimum 0, so the limit is 1/2.
    x, ratios = 0.5, []
    for _ in range(4):
        new = x - (np.exp(x) - 1) / np.exp(x)
        ratios.append(new / x**2)
        x = new
    assert ratios[-1] == pytest.approx(0.5, abs=1e-3) and abs(ratios[0] - 0.5) > 0.05


@pytest.mark.claim("claim-10-newton-diverges")
def test_newton_may_diverge():
    f = problems.Function(
        lambda x: np.sqrt(1 + x**2).sum(-1), lambda x: x / np.sqrt(1 + x**2), 1,
        hessian=lambda x: ((1 + x**2) ** -1.5)[..., None],
    )  # fmt: skip
    for x0 in (0.4, 0.9, 0.99):
        r = run(f, [x0], 1.0, directions.Newton(), 8, record_x=True)
        np.testing.assert_allclose(r.x[1:, 0], -(r.x[:-1, 0] ** 3), rtol=1e-9, atol=1e-15)
        assert abs(r.x_last[0]) < 1e-9
    assert abs(run(f, [1.0], 1.0, directions.Newton(), 6).x_last[0]) == pytest.approx(1, abs=1e-9)
    far = run(f, [1.01], 1.0, directions.Newton(), 5, record_x=True).x[:, 0]
    assert (np.diff(np.abs(far)) > 0).all() and abs(far[-1]) > 5
    for eta in (0.1, 1.9):
        assert abs(run(f, [30.0], eta, steps=4000).x_last[0]) < 1e-6
    # the cures: damping on a quadratic mode, and every mode converges
    modes = np.array([0.1, 1.0, 10.0])
    r = run(problems.Quadratic(modes), np.ones(3), 1.0, directions.Newton(2.0), 1)
    np.testing.assert_allclose(r.x_last, 2.0 / (modes + 2.0), rtol=1e-12)


@pytest.mark.claim("claim-10-affine")
def test_who_sees_which_coordinates():
    rng = np.random.default_rng(4)
    X, y = rng.standard_normal((30, 3)) * [1, 3, 0.3], np.arange(30) % 2
    base, rates = problems.Logistic(X, y, l2=0.05), np.array([0.5, 0.8, 1.0, 0.7])
    full = np.array([[2.0, 1.0, 0.0], [0.5, -0.3, 0.2], [0.1, 0.0, 5.0]])
    rotation = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    scaling = np.diag([3.0, 0.2, 40.0])

    class Diagonal(directions.DiagonalNewton):  # without damping, which has units
        def __call__(self, k, point, state):
            return -point.g / self._curvature(point), state

    def gap(A, direction):
        other = problems.Function(
            lambda z: base.f(z @ A.T), lambda z: base.grad(z @ A.T) @ A, 3,
            hessian=lambda z: A.T @ base.hessian(z @ A.T) @ A,
        )  # fmt: skip
        z0 = np.array([0.2, -0.1, 0.3])
        here = run(base, A @ z0, lambda k: rates[k], direction, 4, record_x=True).x
        there = run(other, z0, lambda k: rates[k], direction, 4, record_x=True).x
        return np.abs(there @ A.T - here).max() / np.abs(here).max()

    newton, damped, diagonal, plain = (
        directions.Newton(), directions.Newton(0.1), Diagonal(), directions.Steepest(),
    )  # fmt: skip
    for A in (full, rotation, scaling):
        assert gap(A, newton) < 1e-9
    assert gap(scaling, diagonal) < 1e-9 < 1e-3 < min(gap(rotation, diagonal), gap(full, diagonal))
    for direction in (plain, damped):
        assert gap(rotation, direction) < 1e-9 < 1e-3 < gap(scaling, direction)


# --- preconditioning ----------------------------------------------------------------


@pytest.mark.claim("claim-10-precondition")
def test_preconditioned_descent():
    H, P = positive_definite(4, 1, 300.0), positive_definite(4, 2, 20.0)
    root = power_of(P, 0.5)
    inside = np.linalg.inv(root) @ H @ np.linalg.inv(root)
    lam, U = np.linalg.eigh((inside + inside.T) / 2)
    low, high = lam[0], lam[-1]
    problem, x0, best = quadratic(H), RNG.standard_normal(4), 2 / (low + high)
    r = run(problem, x0, best, Divided(P), 40, record_x=True)
    z = run(quadratic(inside), root @ x0, best, steps=40, record_x=True).x
    np.testing.assert_allclose(r.x @ root, z, atol=1e-10)
    rho = (high - low) / (high + low)
    lengths = np.linalg.norm(r.x @ root, axis=1)
    assert (lengths <= rho ** np.arange(41) * lengths[0] * (1 + 1e-9)).all()
    extreme = np.linalg.inv(root) @ U[:, [0, -1]]  # the two modes that attain it, and no rate does better
    for eta in (best, 1.02 * best, 0.98 * best):
        x = run(problem, extreme.T, eta, Divided(P), 10).x_last
        left = np.linalg.norm(x @ root, axis=1) ** 0.1
        assert left.max() >= rho * (1 - 1e-9)
        assert (left.max() > rho * 1.0001) == (eta != best)
    x = run(problem, extreme[:, 1], np.array([1.99, 2.01]) / high, Divided(P), 3000).f
    assert x[-1, 0] < 1e-6 * x[0, 0] and not x[-1, 1] < x[0, 1]


@pytest.mark.claim("claim-10-angle")
def test_angle_of_a_preconditioned_step():
    for kappa in (1.0, 9.0, 400.0):
        P = positive_definite(4, 3, kappa)
        lam, U = np.linalg.eigh(P)
        bound = 2 * np.sqrt(kappa) / (kappa + 1)

        def cosine(g, P=P):
            d = np.linalg.solve(P, g)
            return g @ d / np.linalg.norm(g) / np.linalg.norm(d)

        for g in RNG.standard_normal((200, 4)):
            assert cosine(g) >= bound - 1e-12 and cosine(g) > 0
        found = min(minimize(cosine, g, tol=1e-14).fun for g in RNG.standard_normal((5, 4)))
        assert found == pytest.approx(bound, abs=1e-6)
        worst = power_of(P, 0.5) @ (U[:, 0] + U[:, -1])
        assert cosine(worst) == pytest.approx(bound, rel=1e-10)


@pytest.mark.claim("claim-10-diagonal")
def test_what_the_diagonal_can_do():
    condition, scaled = curvature.condition, curvature.preconditioned
    assert condition(scaled(np.diag([100, 1, 0.01]))) == pytest.approx(1, rel=1e-12)
    for d in (2, 3, 6):
        rho = 0.4
        H = 7.0 * ((1 - rho) * np.eye(d) + rho)
        assert condition(scaled(H)) == pytest.approx(condition(H), rel=1e-10)  # constant diagonal
        assert np.linalg.eigvalsh(scaled(H))[-1] == pytest.approx(1 + (d - 1) * rho, rel=1e-12)
    for d, seed in product((2, 3, 5), range(8)):
        H = positive_definite(d, seed, 200.0)
        C = scaled(H)
        top = np.linalg.eigvalsh(C)[-1]
        assert 1 <= top <= d
        x0 = power_of(np.diag(np.diag(H)), -0.5) @ np.linalg.eigh(C)[1][:, -1]  # the mode at risk
        left = np.abs(run(quadratic(H), x0, 1.0, Divided(np.diag(np.diag(H))), 200).x_last).max()
        assert (left < np.abs(x0).max()) == (top < 2) and (d > 2 or top < 2)
        # the best diagonal scaling, by a general optimiser
        found = minimize(
            lambda s, H=H: np.log(condition(H * np.exp(np.add.outer(s, s)))), -0.5 * np.log(np.diag(H)),
            method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-9, "fatol": 1e-11},
        )  # fmt: skip
        best = np.exp(found.fun)
        assert best <= condition(C) * (1 + 1e-9) and condition(C) <= d * best
        if d == 2:
            c = abs(H[0, 1]) / np.sqrt(H[0, 0] * H[1, 1])
            assert condition(C) == pytest.approx((1 + c) / (1 - c), rel=1e-9)
            assert condition(C) == pytest.approx(best, rel=1e-6)
    # the three matrices of the chapter; on the second, rate 1 diverges
    mixed = np.array([[100, 9, 0.5], [9, 1, 0.05], [0.5, 0.05, 0.01]])
    assert [round(k, 2) for k in curvature.condition_before_after(mixed)] == [13691.85, 22.88]
    assert np.linalg.eigvalsh(scaled(mixed))[-1] > 2.2
    assert run(quadratic(mixed), np.ones(3), 1.0, Divided(np.diag(np.diag(mixed))), 3000).status == "diverged"
    assert curvature.condition_before_after([[2, 1.9], [1.9, 2]]) == pytest.approx((39, 39))
    # and where it does harm: in three dimensions and more there are such matrices
    X, y = problems.breast_cancer()
    tumours = problems.Logistic(X, y, l2=1e-3)
    before, after = curvature.condition_before_after(tumours.hessian(tumours.x_star))
    assert 1.05 < after / before < 1.3


# --- norms --------------------------------------------------------------------------


@pytest.mark.claim("claim-10-norms")
def test_steepest_descent_in_a_norm():
    rng, d = np.random.default_rng(7), 4
    P, H = positive_definite(d, 5), positive_definite(d, 6)
    signs = np.array(list(product([-1.0, 1.0], repeat=d)))
    rows = {  # length, the step of the table, dual norm, and L of x^T H x / 2: the largest u.Hu over the ball
        "Euclid": (np.linalg.norm, lambda g: -g, np.linalg.norm, np.linalg.eigvalsh(H)[-1]),
        "P": (
            lambda u: np.sqrt(u @ P @ u), lambda g: -np.linalg.solve(P, g),
            lambda g: np.sqrt(g @ np.linalg.solve(P, g)),
            np.linalg.eigvalsh(power_of(P, -0.5) @ H @ power_of(P, -0.5))[-1],
        ),
        "max": (
            lambda u: np.abs(u).max(), lambda g: -np.abs(g).sum() * np.sign(g), lambda g: np.abs(g).sum(),
            max(s @ H @ s for s in signs),  # a convex function is largest at a corner
        ),
        "sum": (
            lambda u: np.abs(u).sum(), lambda g: -g * (np.abs(g) == np.abs(g).max()),
            lambda g: np.abs(g).max(), np.abs(H).max(),
        ),
    }  # fmt: skip
    for length, steepest, dual, L in rows.values():
        worst = 0.0
        for _ in range(50):
            x, g = (v := rng.standard_normal(d)), H @ v
            step = steepest(g)
            assert length(step) == pytest.approx(dual(g), rel=1e-12)
            assert g @ step == pytest.approx(-(dual(g) ** 2), rel=1e-12)
            for u in rng.standard_normal((300, d)):  # no other direction, at its best length, is better
                u = u / length(u)
                assert min(g @ u, 0) ** 2 <= dual(g) ** 2 * (1 + 1e-12)
            f = lambda x: 0.5 * x @ H @ x  # noqa: E731
            for eta in (0.3 / L, 1 / L, 1.9 / L):
                assert f(x + eta * step) <= f(x) - eta * (1 - eta * L / 2) * dual(g) ** 2 + 1e-9 * f(x)
            worst = max(worst, step @ H @ step / length(step) ** 2)
        assert 0.3 * L < worst <= L * (1 + 1e-12)
    # Newton is the norm of the Hessian: L = 1 there, and its steepest step ends at the minimum.
    x = rng.standard_normal(d)
    assert np.allclose(x - np.linalg.solve(H, H @ x), 0, atol=1e-12)
    # matrices: the spectral norm
    G = rng.standard_normal((5, 3))
    U, sigma, Vt = np.linalg.svd(G, full_matrices=False)
    step = -sigma.sum() * U @ Vt
    assert np.linalg.norm(step, 2) == pytest.approx(sigma.sum())
    assert np.vdot(G, step) == pytest.approx(-(sigma.sum() ** 2))
    for _ in range(500):
        other = rng.standard_normal((5, 3))
        assert np.vdot(G, other) <= sigma.sum() * np.linalg.norm(other, 2) * (1 + 1e-12)


# --- the diagonal -------------------------------------------------------------------


@pytest.mark.claim("claim-10-hutchinson")
def test_hutchinson():
    H = np.array([[4, 1, -2], [1, 3, 0.5], [-2, 0.5, 2]])
    z = np.array(list(product([-1.0, 1.0], repeat=3)))
    np.testing.assert_allclose((z * (z @ H)).mean(0), [4, 3, 2], atol=1e-14)
    np.testing.assert_allclose((z * (z @ H)).var(0), [5, 1.25, 4.25], atol=1e-13)
    gauss = np.array([37, 19.25, 12.25])
    n = 400_000
    z = np.random.default_rng(0).standard_normal((n, 3))
    samples = z * (z @ H)
    assert (np.abs(samples.mean(0) - [4, 3, 2]) < 4.5 * np.sqrt(gauss / n)).all()
    np.testing.assert_allclose(samples.var(0), gauss, rtol=0.03)
    for probe, variance in (("rademacher", [5, 1.25, 4.25]), ("gaussian", gauss)):
        np.testing.assert_allclose(curvature.hutchinson_variance(H, probe), variance, rtol=1e-13)
        means = np.array(
            [curvature.hutchinson(lambda v: H @ v, 3, 25, probe, seed).value for seed in range(1500)]
        )
        np.testing.assert_allclose(means.var(0), np.array(variance) / 25, rtol=0.2)  # 1/m of it


@pytest.mark.claim("claim-10-becker-lecun")
def test_what_the_sweep_computes():
    rng = np.random.default_rng(8)
    X, labels = rng.standard_normal((15, 4)), np.arange(15) % 3

    def exact(net, w):
        return torch.autograd.functional.hessian(torch_mlp(net), torch.tensor(w)).diagonal().numpy()

    for hidden in ((), (5,)):
        net = problems.MLP(X, labels, hidden=hidden, loss="squared")
        w = rng.standard_normal(net.dim)
        H = exact(net, w)
        np.testing.assert_allclose(curvature.becker_lecun(net, w), H, atol=1e-12 * np.abs(H).max())

        def outputs(w, net=net):
            h, start = torch.tensor(X), 0
            for m, (i, o) in enumerate(zip(net.sizes, net.sizes[1:], strict=False)):
                z = h @ w[start : start + i * o].reshape(i, o) + w[start + i * o : start + i * o + o]
                h, start = (z if m == len(net.sizes) - 2 else torch.tanh(z)), start + i * o + o
            return h.ravel()

        J = torch.func.jacrev(outputs)(torch.tensor(w)).numpy()
        np.testing.assert_allclose(
            curvature.becker_lecun(net, w, "gauss-newton"), (J**2).sum(0) / 15, rtol=1e-10
        )
    # What is left out is the sum over pairs of units, here for one hidden unit's bias and the cross-entropy.
    net = problems.MLP(X, labels, hidden=(5,))
    w = rng.standard_normal(net.dim)
    (W1, b1), (W2, b2) = net.unpack(w)
    h = np.tanh(X @ W1 + b1)
    p = np.exp(h @ W2 + b2)
    p = p / p.sum(1, keepdims=True)
    pairs = -p[:, :, None] * p[:, None] * (1 - np.eye(3))  # d2f/dz_k dz_l for k != l, of one sample
    missing = ((1 - h**2) ** 2 * np.einsum("uk,ul,ikl->iu", W2, W2, pairs)).mean(0)
    off = exact(net, w) - curvature.becker_lecun(net, w)
    np.testing.assert_allclose(off[20:25], missing, rtol=1e-9)  # the five biases of the hidden layer
    assert np.abs(off[25:]).max() < 1e-13  # the last layer is exact
    for hidden, loss in (((5, 4), "squared"), ((5,), "cross-entropy"), ((5, 4), "cross-entropy")):
        net = problems.MLP(X, labels, hidden=hidden, loss=loss)
        w = rng.standard_normal(net.dim)
        H = exact(net, w)
        assert np.linalg.norm(curvature.becker_lecun(net, w) - H) > 0.01 * np.linalg.norm(H)
        assert curvature.becker_lecun(net, w, "gauss-newton").min() >= 0


@pytest.mark.claim("claim-10-minibatch")
def test_curvature_of_a_batch():
    X, y = RNG.standard_normal((7, 2)) * [1, 4], np.array([0, 1, 0, 1, 1, 0, 1])
    p, w = problems.Logistic(X, y), np.array([0.3, -0.2])
    for batches in (list(combinations(range(7), 3)), list(product(range(7), repeat=3))):
        h = np.array([p.subset(list(b)).hess_diag(w) for b in batches])
        np.testing.assert_allclose(h.mean(0), p.hess_diag(w), rtol=1e-12)
        assert ((1 / h).mean(0) > 1.02 / p.hess_diag(w)).all()
    same = problems.Logistic(np.ones((4, 1)), [0, 1, 0, 1])  # all samples equally curved: equality
    h = np.array([same.subset([i]).hess_diag(np.zeros(1)) for i in range(4)])
    np.testing.assert_allclose((1 / h).mean(0), 1 / same.hess_diag(np.zeros(1)), rtol=1e-12)
    # parabolas with their own curvature and minimum
    hs, cs = np.array([0.5, 1.0, 4.0]), np.array([-1.0, 0.0, 2.0])
    goal = (hs * cs).sum() / hs.sum()
    assert (hs * (goal - cs)).mean() == pytest.approx(0, abs=1e-12)
    assert ((hs * (cs.mean() - cs)) / hs).mean() == pytest.approx(0, abs=1e-12) and abs(
        goal - cs.mean()
    ) > 0.5
    pairs = [(hs[i] * (goal - cs[i])) / hs[j] for i in range(3) for j in range(3)]
    assert np.mean(pairs) == pytest.approx(0, abs=1e-12)
    x, other = 0.0, [hs[i] * (x0 - cs[i]) / hs[j] for x0 in [0.7] for i in range(3) for j in range(3)]
    assert np.mean(other) == pytest.approx((hs * (0.7 - cs)).mean() * (1 / hs).mean(), rel=1e-12)
    # two different samples of one shuffled epoch: -1/(n - 1) of the same sample's bias is left at the minimum
    g = hs * (goal - cs)
    shuffled = np.mean([g[i] / hs[j] for i in range(3) for j in range(3) if i != j])
    assert shuffled == pytest.approx(-np.mean(g / hs) / 2, rel=1e-12) and abs(shuffled) > 0.1
    rng = np.random.default_rng(0)
    for k in range(20_000):
        i = rng.integers(3)
        x -= (x - cs[i]) / (k + 2)
    assert x == pytest.approx(cs.mean(), abs=5 * cs.std() / np.sqrt(20_000))


# --- products and stand-ins ---------------------------------------------------------


@pytest.mark.claim("claim-10-lanczos")
def test_lanczos():
    net = problems.MLP(*problems.wine(), hidden=(4,))
    w = net.init(seed=1)
    H = torch.autograd.functional.hessian(torch_mlp(net), torch.tensor(w)).numpy()
    top = eigsh(H, k=1, which="LA", return_eigenvectors=False)[0]
    better = 0
    for seed in range(4):
        for m in range(1, 15):
            lan = sharpness.lanczos(lambda v: H @ v, net.dim, 1, m, seed=seed).values[0]
            pow_ = sharpness.power_iteration(lambda v: H @ v, net.dim, m, seed=seed).value
            v = np.random.default_rng(seed).standard_normal(net.dim)  # the same start, by hand
            for _ in range(m - 1):
                v = H @ v / np.linalg.norm(H @ v)
            assert v @ H @ v / (v @ v) == pytest.approx(pow_, abs=1e-10)
            assert pow_ <= lan + 1e-12 and lan <= top + 1e-12
            better += lan > pow_ + 1e-6
        assert lan == pytest.approx(top, rel=1e-6)
    assert better > 20
    # r different eigenvalues in the start: r products
    A = np.diag([10.0, 10.0, 9.0, 2.0, -5.0, -5.0])
    for start, r in (([1, 1, 1, 0, 0, 0], 2), ([1, 0, 1, 2, 0, 0], 3), ([1, 2, 1, 2, 1, 1], 4)):
        found = sharpness.lanczos(lambda v: A @ v, 6, r, r, v0=np.array(start, float))
        expected = sorted({A[i, i] for i, s in enumerate(start) if s}, reverse=True)
        np.testing.assert_allclose(found.values, expected, atol=1e-9)
        fewer = sharpness.lanczos(lambda v: A @ v, 6, 1, r - 1, v0=np.array(start, float))
        assert abs(fewer.values[0] - expected[0]) > 1e-3


@pytest.mark.claim("claim-10-gauss-newton")
def test_gauss_newton_fisher_hessian():
    rng = np.random.default_rng(9)
    X, labels = rng.standard_normal((12, 3)), np.arange(12) % 3

    def matrices(outputs, w):
        """G, the Fisher matrix label by label, and the Hessian, all by autograd."""
        w, one = torch.tensor(w), torch.func.jacrev
        p = torch.softmax(outputs(w), 1)
        scores = one(lambda w: torch.log_softmax(outputs(w), 1))(w)  # (n, labels, d)
        fisher = torch.einsum("iy,iya,iyb->ab", p, scores, scores) / 12
        J = one(outputs)(w)
        B = torch.func.vmap(torch.func.hessian(lambda z, y: torch.nn.functional.cross_entropy(z, y)))(
            outputs(w), torch.tensor(labels)
        )
        G = torch.einsum("ioa,iop,ipb->ab", J, B, J) / 12
        loss = lambda w: torch.nn.functional.cross_entropy(outputs(w), torch.tensor(labels))  # noqa: E731
        return G.numpy(), fisher.numpy(), torch.func.hessian(loss)(w).numpy(), J.numpy(), p.numpy()

    def network(w):
        return torch.tanh(torch.tensor(X) @ w[:12].reshape(3, 4)) @ w[12:].reshape(4, 3)

    G, fisher, hessian, J, p = matrices(network, rng.standard_normal(24))
    np.testing.assert_allclose(G, fisher, atol=1e-12)
    by_hand = np.einsum("ioa,iop,ipb->ab", J, p[:, :, None] * (np.eye(3) - p[:, None]), J) / 12
    np.testing.assert_allclose(G, by_hand, atol=1e-12)
    assert np.linalg.eigvalsh(hessian)[0] < -1e-3 and np.linalg.eigvalsh(G)[0] > -1e-12
    G, fisher, hessian, *_ = matrices(lambda w: torch.tensor(X) @ w.reshape(3, 3), rng.standard_normal(9))
    np.testing.assert_allclose(G, fisher, atol=1e-12)
    np.testing.assert_allclose(G, hessian, atol=1e-12)
    # Logistic regression of the package, with labels of the model; those of the data give another matrix.
    p = problems.Logistic(X, (labels > 0).astype(float))
    w = rng.standard_normal(3)
    q = 1 / (1 + np.exp(-X @ w))
    by_label = [(X.T * (weight * (q - label) ** 2)) @ X / 12 for label, weight in ((1, q), (0, 1 - q))]
    np.testing.assert_allclose(sum(by_label), p.hessian(w), atol=1e-13)
    empirical = (X.T * (q - (labels > 0)) ** 2) @ X / 12
    assert np.linalg.norm(empirical - p.hessian(w)) > 0.2 * np.linalg.norm(p.hessian(w))


@pytest.mark.claim("claim-10-muon")
def test_five_steps_of_newton_schulz():
    a, b, c = 3.4445, -4.775, 2.0315
    G = np.random.default_rng(3).standard_normal((7, 4)) * [5, 1, 0.5, 0.1]
    U, sigma, Vt = np.linalg.svd(G, full_matrices=False)
    X, s = G / np.linalg.norm(G), sigma / np.linalg.norm(G)
    assert s.min() > 1 / 500
    for _ in range(5):
        S = X @ X.T
        X, s = a * X + b * S @ X + c * S @ S @ X, a * s + b * s**3 + c * s**5
        np.testing.assert_allclose(X, U * s @ Vt, atol=1e-12)
    matrix = torch.nn.Parameter(torch.zeros(7, 4))
    matrix.grad = torch.tensor(G, dtype=torch.float32)
    torch.optim.Muon([matrix], lr=1.0, weight_decay=0.0).step()
    assert np.abs(-matrix.detach().numpy() / np.sqrt(7 / 4) - X).max() < 0.05  # bfloat16
    # The interval: a grid, and between its points a bound on the slope of each of the five polynomials.
    grid = np.linspace(1 / 500, 1, 4_000_001)
    at = grid
    for _ in range(5):
        at = a * at + b * at**3 + c * at**5
        assert at.max() < 1.21  # where the bound on the slope holds
    reach = np.linspace(0, 1.21, 100_001)
    slope = np.abs(a + 3 * b * reach**2 + 5 * c * reach**4).max()
    slack = slope**5 * (grid[1] - grid[0]) / 2
    assert slope < 4.3 and slack < 2e-4 and 0.68 < at.min() - slack and at.max() + slack < 1.21
    assert 0.681 < at.min() < 0.683 and 1.20 < at.max() < 1.203  # the bounds are not far off
    # No further step brings the values together: the fixed point repels.
    fixed = np.sqrt((-b - np.sqrt(b**2 - 4 * c * (a - 1))) / (2 * c))
    assert a * fixed + b * fixed**3 + c * fixed**5 == pytest.approx(fixed, rel=1e-12)
    assert fixed == pytest.approx(0.868, abs=5e-4)
    assert a + 3 * b * fixed**2 + 5 * c * fixed**4 == pytest.approx(-1.58, abs=5e-3)
    tiny = 1e-7
    for _ in range(5):
        tiny = a * tiny + b * tiny**3 + c * tiny**5
    assert tiny / 1e-7 == pytest.approx(485, rel=1e-3)
    # Shampoo's first step
    for shape in ((4, 4), (6, 3)):
        G = np.random.default_rng(4).standard_normal(shape)
        U, sigma, Vt = np.linalg.svd(G, full_matrices=False)

        def root(M, rank=shape[1]):
            lam, Q = np.linalg.eigh(M)
            return (Q[:, -rank:] * lam[-rank:] ** -0.25) @ Q[:, -rank:].T

        np.testing.assert_allclose(root(G @ G.T) @ G @ root(G.T @ G), U @ Vt, atol=1e-9)
