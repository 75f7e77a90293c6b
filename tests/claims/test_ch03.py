"""The claims of chapter 03, each against a closed form, exact arithmetic or another library."""

from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from scipy.linalg import solve_discrete_lyapunov
from scipy.optimize import brentq, minimize

from lrcore import directions, problems, run
from lrcore.analysis import stability

torch.set_num_threads(1)  # a handful of numbers in every tensor
BETAS = (0.1, 0.5, 0.81, 0.9, 0.99)


def radius(u, beta, nesterov=False):
    """The largest modulus of the roots of a mode with u = eta lambda, from its polynomial."""
    roots = np.roots([1, -(1 + beta) * (1 - u), beta * (1 - u)] if nesterov else [1, u - 1 - beta, beta])
    return np.abs(roots).max()


def in_torch(gradient, x0, steps, lr, **options):
    """The iterates (steps + 1, d) of torch.optim.SGD; `lr` is a number or a list with one for each step."""
    w = torch.tensor(np.array(x0, dtype=float), requires_grad=True)
    sgd = torch.optim.SGD([w], lr=1.0, **options)
    path = [w.detach().numpy().copy()]
    for k in range(steps):
        sgd.param_groups[0]["lr"] = lr[k] if np.ndim(lr) else lr
        w.grad = torch.as_tensor(gradient(path[-1]))
        sgd.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def in_optax(gradient, x0, steps, transformation):
    x = jnp.asarray(np.array(x0, dtype=np.float32))
    state, path = transformation.init(x), [np.asarray(x)]
    for _ in range(steps):
        if not np.isfinite(path[-1]).all() or np.abs(path[-1]).max() > 1e30:
            break  # it diverges
        step, state = transformation.update(jnp.asarray(gradient(path[-1])), state)
        x = x + step
        path.append(np.asarray(x))
    return np.array(path)


def turned(eigenvalues, seed=0):
    d = len(eigenvalues)
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]
    return problems.Quadratic(eigenvalues, basis=basis)


def logistic(l2):
    rng = np.random.default_rng(3)
    X = rng.standard_normal((60, 4)) * [1.0, 2.0, 0.5, 1.0]
    return problems.Logistic(X, (X[:, 0] + rng.standard_normal(60) > 0).astype(float), l2=l2)


@pytest.mark.claim("claim-03-terminal")
def test_terminal_velocity():
    g = np.array([3.0, -0.5])
    for beta in BETAS:
        path = in_torch(lambda x: g, [0.0, 0.0], 60, lr=0.02, momentum=beta)
        k = np.arange(1, 61)[:, None]
        np.testing.assert_allclose(-np.diff(path, axis=0) / 0.02, (1 - beta**k) / (1 - beta) * g, rtol=1e-10)
        slope = problems.Function(lambda x: x @ g, lambda x: np.broadcast_to(g, x.shape), dim=2)
        ours = run(slope, [0.0, 0.0], 0.02, directions.Momentum(beta), steps=60, record_x=True).x
        np.testing.assert_allclose(ours, path, rtol=1e-10)
        # The average tends to the gradient itself, so its late steps are those of plain descent.
        ema = run(slope, [0.0, 0.0], 0.02, directions.Momentum(beta, form="ema"), steps=3000, record_x=True).x
        np.testing.assert_allclose(ema[-1] - ema[-2], -0.02 * g, rtol=1e-6)


@pytest.mark.claim("claim-03-conventions")
def test_three_conventions():
    H, x0 = turned([0.5, 2.0, 7.0]), np.array([1.0, -2.0, 0.5])
    for beta in (0.5, 0.9):
        rates = 0.1 / (1 + np.arange(60)) ** 0.3  # (a) holds for a schedule too
        average = run(H, x0, lambda k: 0.1 / (1 + k) ** 0.3, directions.Momentum(beta, form="ema"), steps=60,
                      record_x=True).x  # fmt: skip
        np.testing.assert_allclose(
            average, in_torch(H.grad, x0, 60, list((1 - beta) * rates), momentum=beta), atol=1e-12
        )
        constant = run(H, x0, 0.1, directions.Momentum(beta, form="ema"), steps=60, record_x=True).x
        oracle = in_optax(H.grad, x0, 60, optax.chain(optax.ema(beta, debias=False), optax.scale(-0.1)))
        np.testing.assert_allclose(constant, oracle, atol=1e-4)  # optax computes in 32 bits here
        # (b) dampening = beta is the average that starts at the first gradient ...
        dampened = in_torch(H.grad, x0, 60, 0.1, momentum=beta, dampening=beta)
        x, v = x0, H.grad(x0)
        for k in range(60):
            v = beta * v + (1 - beta) * H.grad(x)
            x = x - 0.1 * v
            np.testing.assert_allclose(dampened[k + 1], x, atol=1e-12)
        assert np.abs(dampened - constant).max() > 0.1, "it is not the average from zero"
        # ... and on the same gradients its velocity is beta^k g_0 ahead.
        gradients = np.random.default_rng(1).standard_normal((30, 3))
        feed = iter(gradients)
        steps = -np.diff(
            in_torch(lambda x, feed=feed: next(feed), x0, 30, 1.0, momentum=beta, dampening=beta), axis=0
        )
        ema = np.zeros(3)
        for k, g in enumerate(gradients, start=1):
            ema = beta * ema + (1 - beta) * g
            np.testing.assert_allclose(steps[k - 1] - ema, beta**k * gradients[0], atol=1e-9)


@pytest.mark.claim("claim-03-regimes")
def test_regimes():
    for beta in BETAS:
        low, high = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
        for u in np.r_[low * np.array([0.01, 0.5, 0.999]), np.linspace(low, high, 9)[1:-1] * 1.0001,
                       np.linspace(high, 2 * (1 + beta), 5)[1:-1], 2.01 * (1 + beta)]:  # fmt: skip
            roots = np.roots([1, u - 1 - beta, beta])
            ours = np.linalg.eigvals(stability.iteration_matrix(u, 1.0, beta=beta))
            np.testing.assert_allclose(np.sort_complex(ours), np.sort_complex(roots), atol=1e-7)
            if low < u < high:
                assert np.all(roots.imag != 0)
                np.testing.assert_allclose(np.abs(roots), np.sqrt(beta), rtol=1e-9)
            else:
                assert np.all(roots.imag == 0) and np.all((roots > 0) == (u < 1))
                assert np.abs(roots).max() >= np.sqrt(beta)
            assert (np.abs(roots).max() < 1) == (u < 2 * (1 + beta))
        edge = np.sort(np.roots([1, 2 * (1 + beta) - 1 - beta, beta]))
        np.testing.assert_allclose(edge, [-1, -beta], rtol=1e-9)
    # The worked example: an oscillation takes 5.7 steps.
    angle = np.abs(np.angle(np.roots([1, 1.0 - 1.81, 0.81])[0]))
    assert 2 * np.pi / angle == pytest.approx(5.7, abs=0.05)


@pytest.mark.claim("claim-03-region")
def test_stability_region():
    L = 5.0
    for beta in (0.0, *BETAS):
        edge = brentq(lambda u, beta=beta: radius(u, beta) - 1, 0.5, 5.0, xtol=1e-12)
        assert edge / L == pytest.approx(2 * (1 + beta) / L, rel=1e-6)
        assert stability.max_rate(L, "momentum", beta) == pytest.approx(edge / L, rel=1e-6)
        ema = stability.max_rate(L, "ema", beta)
        assert ema == pytest.approx(2 * (1 + beta) / ((1 - beta) * L))
        if beta <= 0.9:  # runs on both sides of the edge, the average by optax
            for share in (0.97, 1.03):
                heavy = in_torch(lambda x: L * x, [1.0], 1000, share * edge / L, momentum=beta)
                rule = optax.chain(optax.ema(beta, debias=False), optax.scale(-share * float(ema)))
                average = in_optax(lambda x: np.float32(L) * x, [1.0], 600, rule)
                assert (abs(heavy[-1, 0]) < 1e-3) == (share < 1)
                assert (abs(average[-1, 0]) < 1e-3) == (share < 1)


@pytest.mark.claim("claim-03-effective")
def test_effective_rate():
    for beta in (0.04, 0.5, 0.81, 0.9, 0.99):
        end = (1 - np.sqrt(beta)) ** 2
        shares, speeds = np.array([1e-4, 0.01, 0.1, 0.5, 0.9, 0.999]), []
        for u in end * shares:
            s = 1 - np.roots([1, u - 1 - beta, beta]).real.max()
            assert u / (1 - beta) * (1 - 1e-9) <= s <= (1 + np.sqrt(beta)) * u / (1 - beta)
            speeds.append(s / u)
        assert np.all(np.diff(speeds) > 0)
        assert speeds[0] * (1 - beta) == pytest.approx(1, abs=1e-3)  # both ends of the range are reached
        assert (1 - np.sqrt(beta)) / end * (1 - beta) == pytest.approx(1 + np.sqrt(beta))
        for w in (1e-4, 0.01, 0.3, 3.0):
            t = np.roots([1, -w - 1 - beta, beta]).real.max() - 1
            assert w <= t <= w / (1 - beta)
            saddle = problems.Function(lambda x: -(x[..., 0] ** 2) / 2, lambda x: -x, dim=1)
            grown = np.diff(np.log(run(saddle, [1e-12], w, directions.Momentum(beta), 400, record_x=True,
                                       bound=1e300).x[:, 0]))  # fmt: skip
            late = grown[np.isfinite(grown)]
            assert (late <= np.log1p(t) + 1e-9).all() and late[0] == pytest.approx(np.log1p(w))
            if w >= 0.01:
                assert late[-1] == pytest.approx(np.log1p(t), rel=1e-3)


@pytest.mark.claim("claim-03-best-pair")
def test_best_pair():
    for mu, L in ((1.0, 25.0), (0.5, 3.0), (2.0, 2000.0)):
        lam, s = np.geomspace(mu, L, 60), np.sqrt(L / mu)
        best = stability.optimal(mu, L)
        assert best.eta == pytest.approx(4 / (np.sqrt(L) + np.sqrt(mu)) ** 2)
        assert best.beta == pytest.approx(((s - 1) / (s + 1)) ** 2)
        assert best.radius == pytest.approx((s - 1) / (s + 1))
        assert max(radius(best.eta * each, best.beta) for each in lam) == pytest.approx(best.radius, abs=1e-6)

        def worst(p, lam=lam, L=L):
            eta, beta = np.exp(p[0]) / L, 1 / (1 + np.exp(-p[1]))
            return max(radius(eta * each, beta) for each in lam[[0, 20, 40, -1]])

        found = [
            minimize(worst, p, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 2000})
            for p in ((0.0, 0.0), (0.5, 1.0), (1.0, 3.0))
        ]
        least = min(found, key=lambda each: each.fun)
        assert best.radius - 1e-6 <= least.fun <= best.radius + 1e-3
        assert np.exp(least.x[0]) / L == pytest.approx(best.eta, rel=0.02)
        assert 1 / (1 + np.exp(-least.x[1])) == pytest.approx(best.beta, rel=0.02)
    # No pair on a fine grid is better.
    eta, beta = np.linspace(0.001, 0.16, 160), np.linspace(0, 0.99, 100)
    assert stability.region(eta, beta, 1.0, 25.0).min() >= 2 / 3


@pytest.mark.claim("claim-03-transient")
def test_transient():
    for mu, L in ((1.0, 25.0), (1.0, 400.0)):
        eta, beta, rho = stability.optimal(mu, L)
        k = np.arange(81)
        for lam, expected in ((mu, (1 + (1 - rho) * k) * rho**k), (L, (1 + (1 + rho) * k) * (-rho) ** k)):
            path = in_torch(lambda x, lam=lam: lam * x, [1.0], 80, eta, momentum=beta)[:, 0]
            np.testing.assert_allclose(path, expected, rtol=1e-6, atol=1e-12)
        x = run(
            turned([mu, L]), turned([mu, L]).basis[:, 1], eta, directions.Momentum(beta), 1, record_x=True
        ).x
        assert np.linalg.norm(x[1]) == pytest.approx(rho * (2 + rho)) and rho * (2 + rho) > 1


@pytest.mark.claim("claim-03-cycle")
def test_three_cycle():
    def slope(x):
        return 25 * x if x < 1 else (x + 24 if x < 2 else 25 * x - 24)

    cycle = [Fraction(792, 1225), Fraction(-2208, 1225), Fraction(2592, 1225)]
    for i in range(3):
        before, x = cycle[i - 1], cycle[i]
        assert x - slope(x) / 9 + Fraction(4, 9) * (x - before) == cycle[(i + 1) % 3]
        assert not 1 <= x <= 2
    bend = problems.HeavyBallCounterexample()
    grid = np.linspace(-3, 5, 801)[:, None]
    np.testing.assert_allclose(bend.grad(grid)[:, 0], [slope(x) for x in grid[:, 0]], rtol=1e-12)
    ratio = np.diff(bend.grad(grid)[:, 0]) / np.diff(grid[:, 0])
    assert ratio.min() == pytest.approx(1) and ratio.max() == pytest.approx(25)  # mu and L
    # Torch, from 3.3: caught, and a deviation from the cycle shrinks by 2/3 a step (times k: a double root).
    path = in_torch(lambda x: bend.grad(x), [3.3], 120, 1 / 9, momentum=4 / 9)[:, 0]
    points = np.array([float(each) for each in cycle])
    off = np.abs(path[:, None] - points).min(axis=1)
    assert off[-1] < 1e-12 and np.abs(np.diff(path[-4:])).min() > 1
    rates = (off[40] / off[20]) ** (1 / 20)
    assert 2 / 3 - 0.01 < rates < 2 / 3 * 1.06
    for start in (2.0, 4.0, -1.0):
        end = in_torch(lambda x: bend.grad(x), [start], 200, 1 / 9, momentum=4 / 9)[-1, 0]
        assert abs(end) < 1e-9
    for eta, way in ((1 / 13, directions.Steepest()), (1 / 25, directions.Nesterov(2 / 3))):
        assert np.abs(run(bend, np.linspace(-6, 6, 49)[:, None], eta, way, steps=600).x_last).max() < 1e-9


@pytest.mark.claim("claim-03-energy")
def test_energy_falls():
    wavy = problems.Function(
        lambda x: np.cos(x).sum(-1) + (x**2).sum(-1) / 20, lambda x: -np.sin(x) + x / 10, dim=2, L=1.1
    )
    starts = np.random.default_rng(0).uniform(-15, 15, (40, 2))
    cases = ((wavy, starts), (problems.HeavyBallCounterexample(), np.linspace(-6, 6, 40)[:, None]))
    for problem, x0 in cases:
        for beta in (0.0, 0.5, 0.9, 0.98):
            for share in (0.3, 0.999, 2.5):
                eta = share * 2 * (1 - beta) / problem.L
                steps = 400 if share < 1 else 6  # any rate will do, also one that diverges
                r = run(problem, x0, eta, directions.Momentum(beta), steps=steps, record_x=True)
                d = np.diff(r.x, axis=0)
                squares = (d**2).sum(-1)
                E = r.f[1:] + beta / (2 * eta) * squares
                E = np.concatenate([r.f[:1], E])
                bound = -((1 - beta) / eta - problem.L / 2) * squares
                assert (np.diff(E, axis=0) <= bound + 1e-9 * (1 + abs(E[1:]))).all()
                if share < 1:
                    assert (r.f <= r.f[0] * (1 + 1e-12) + 1e-12).all()
        settled = run(
            problem, x0, 1.6 * (1 - 0.9) / problem.L, directions.Momentum(0.9), steps=4000, every=4000
        )
        assert settled.grad_norm[-1].max() < 1e-6
    # On L x^2 / 2 the bound is tight where d_k = d_{k-1} or beta = 0, so no larger coefficient will do.
    f0, f1 = run(turned([4.0]), [3.0], 0.3, steps=1).f
    assert f1 - f0 == pytest.approx(-(1 / 0.3 - 4 / 2) * (0.3 * 12) ** 2)


@pytest.mark.claim("claim-03-nesterov-range")
def test_nesterov_range():
    L = 10.0
    for beta in (0.0, *BETAS):
        edge = brentq(lambda u, beta=beta: radius(u, beta, nesterov=True) - 1, 1.001, 2.5, xtol=1e-12)
        assert edge == pytest.approx(2 * (1 + beta) / (1 + 2 * beta), rel=1e-6)
        assert stability.max_rate(L, "nesterov", beta) == pytest.approx(edge / L, rel=1e-6)
        for u in np.linspace(0.001, edge * 0.999, 40):
            assert radius(u, beta, nesterov=True) < 1
        if beta:
            assert edge < 2, "smaller than the range of plain descent"
            for share in (0.98, 1.02):
                path = in_torch(lambda x: L * x, [1.0], 1500, share * edge / L, momentum=beta, nesterov=True)
                ours = run(turned([L]), [1.0], share * edge / L, directions.Nesterov(beta), 60, record_x=True)
                assert (abs(path[-1, 0]) < 1e-3) == (share < 1)
                np.testing.assert_allclose(ours.x[:, 0], path[:61, 0], rtol=1e-7, atol=1e-12)


@pytest.mark.claim("claim-03-nesterov-tunings")
def test_nesterov_tunings():
    for mu, L in ((1.0, 25.0), (1.0, 4.0), (1.0, 900.0)):
        kappa, lam = L / mu, np.geomspace(mu, L, 200)
        s = np.sqrt(3 * kappa + 1)
        textbook, best = stability.nesterov_textbook(mu, L), stability.optimal(mu, L, "nesterov")
        root = np.sqrt(kappa)
        assert textbook[:2] == pytest.approx((1 / L, (root - 1) / (root + 1)))
        assert best[:2] == pytest.approx((4 / (3 * L + mu), (s - 2) / (s + 2)))
        for (eta, beta, _), expected in ((textbook, 1 - 1 / root), (best, 1 - 2 / s)):
            found = max(radius(eta * each, beta, nesterov=True) for each in lam)
            assert found == pytest.approx(expected, abs=1e-6)

        def worst(p, lam=lam, L=L):
            eta, beta = np.exp(p[0]) / L, 1 / (1 + np.exp(-p[1]))
            return max(radius(eta * each, beta, nesterov=True) for each in lam[[0, 100, -1]])

        least = min(
            minimize(worst, p, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}).fun
            for p in ((0.0, 0.0), (0.2, 1.0), (0.2, 3.0))
        )
        assert best.radius - 1e-6 <= least <= best.radius + 1e-3


@pytest.mark.claim("claim-03-nesterov-strong")
def test_nesterov_strongly_convex():
    regression = logistic(0.05)
    for problem, x0 in (
        (regression, np.array([[3.0, -3.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0]])),
        (problems.HeavyBallCounterexample(), np.array([[3.3], [-5.0], [1.5], [40.0]])),
        (turned([1.0, 3.0, 50.0]), np.random.default_rng(0).standard_normal((5, 3))),
    ):
        eta, beta, _ = stability.nesterov_textbook(problem.mu, problem.L)
        q = 1 / np.sqrt(problem.kappa)
        x = run(problem, x0, eta, directions.Nesterov(beta), steps=80, record_x=True).x
        y = np.concatenate([x[:1], x[:-1] - eta * problem.grad(x[:-1])])
        np.testing.assert_allclose(x[1:], y[1:] + beta * (y[1:] - y[:-1]), rtol=1e-9, atol=1e-12)
        z = x + (x - y) / q
        V = problem.f(y) - problem.f_star + problem.mu / 2 * ((z - problem.x_star) ** 2).sum(-1)
        assert (V[1:] <= (1 - q) * V[:-1] + 1e-12).all()
        gap = problem.f(y) - problem.f_star
        assert (gap <= (1 - q) ** np.arange(81)[:, None] * V[0] + 1e-12).all()
    # The loss itself need not fall, which is why it is not the Lyapunov function.
    assert (np.diff(gap, axis=0) > 1e-9).any()


@pytest.mark.claim("claim-03-nesterov-convex")
def test_nesterov_convex():
    t, factors = 1.0, []
    for _ in range(5):
        t, before = (1 + np.sqrt(1 + 4 * t * t)) / 2, t
        factors.append((before - 1) / t)
    np.testing.assert_allclose(factors, [0, 0.281754, 0.434043, 0.531064, 0.598779], atol=1e-6)
    rng = np.random.default_rng(5)
    cases = [
        (problems.Huber(delta, L=3.0, dim=3), rng.standard_normal(3) * 4)
        for delta in (1e-3, 2 / 41, 2 / 401, 1.0)
    ]
    cases += [
        (turned([0.0, 1e-4, 0.01, 1.0, 5.0]), rng.standard_normal(5)),
        (logistic(1e-3), np.full(4, 5.0)),
    ]
    for problem, x0 in cases:
        L, k = problem.L, np.arange(1, 301)
        x = run(problem, x0, 1 / L, directions.Nesterov(None), steps=300, record_x=True).x
        y = np.concatenate([x[:1], x[:-1] - problem.grad(x[:-1]) / L])
        t = [0.0, 1.0]
        while len(t) < 303:
            t.append((1 + np.sqrt(1 + 4 * t[-1] ** 2)) / 2)
        t = np.array(t)
        R2 = np.sum((x0 - problem.x_star) ** 2)
        gap = problem.f(y) - problem.f_star
        assert (gap[1:] <= L * R2 / (2 * t[1:301] ** 2) + 1e-13).all()
        assert (L * R2 / (2 * t[1:301] ** 2) <= 2 * L * R2 / (k + 1) ** 2).all()
        z = t[1:302, None] * x - (t[1:302, None] - 1) * y
        E = t[:301] ** 2 * gap + L / 2 * ((z - problem.x_star) ** 2).sum(-1)
        assert (np.diff(E) <= 1e-9 * E[0]).all()
    # Plain descent breaks this bound on its worst function: the theorem is about the method.
    wall = problems.Huber(2 / 401, L=3.0)
    f = run(wall, [2.0], 1 / 3, steps=200).f
    assert f[-1] > 10 * 2 * 3 * 4 / 201**2


@pytest.mark.claim("claim-03-floor")
def test_noise_floor_of_momentum():
    h, sigma = 2.0, 1.5
    for beta in (0.0, 0.5, 0.9):
        theta = (1 - beta) / (1 + beta)
        draws = np.random.default_rng(1).standard_normal((3000, 400)) * sigma
        v = np.zeros(400)
        squares = []
        for k, xi in enumerate(draws):
            v = beta * v + (1 - beta) * xi
            if k > 100:
                squares.append(np.mean(v * v))
        assert np.mean(squares) == pytest.approx(theta * sigma**2, rel=0.01)
        for effective in (0.05, 0.4, 0.95):
            eta = (1 - beta) * effective
            floor = effective * sigma**2 / (2 * (2 - theta * effective * h))
            # The covariance of (e_k, e_{k-1}) solves Lyapunov's equation.
            M = np.array([[1 + beta - eta * h, -beta], [1.0, 0.0]])
            P = solve_discrete_lyapunov(M, np.diag([eta**2 * sigma**2, 0.0]))[0, 0]
            assert h / 2 * P == pytest.approx(floor, rel=1e-9)
            e, v, losses = np.zeros(400), np.zeros(400), []
            for k, xi in enumerate(draws):
                v = beta * v + h * e + xi
                e = e - eta * v
                if k > 500:
                    losses.append(h / 2 * np.mean(e * e))
            assert np.mean(losses) == pytest.approx(floor, rel=0.02)


@pytest.mark.claim("claim-03-schedule")
def test_rate_inside_or_outside(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import keras

    H, x0, beta = turned([0.5, 2.0, 7.0]), np.array([1.0, -2.0, 0.5]), 0.9
    rates = np.r_[np.full(10, 0.01), np.full(10, 0.03), np.full(10, 0.002)]
    for inside in (False, True):
        before, x, path = x0, x0, [x0]
        for k, eta in enumerate(rates):
            memory = beta if inside or k == 0 else beta * eta / rates[k - 1]
            before, x = x, x - eta * H.grad(x) + memory * (x - before)
            path.append(x)
        if inside:
            w = keras.Variable(x0, dtype="float64")
            sgd = keras.optimizers.SGD(learning_rate=1.0, momentum=beta)
            for eta, point in zip(rates, path[:-1], strict=True):
                np.testing.assert_allclose(keras.ops.convert_to_numpy(w), point, atol=1e-5)
                sgd.learning_rate = eta
                slope = H.grad(keras.ops.convert_to_numpy(w).astype(float))
                sgd.apply([keras.ops.convert_to_tensor(slope, dtype="float64")], [w])
        else:
            np.testing.assert_allclose(path, in_torch(H.grad, x0, 30, list(rates), momentum=beta), atol=1e-12)
        ours = directions.Momentum(beta)
        kept = np.array(path)
    schedule = run(H, x0, lambda k: rates[k], ours, steps=30, record_x=True).x
    assert np.abs(schedule - kept).max() > 0.05, "inside and outside differ under a schedule"
