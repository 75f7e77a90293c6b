"""The claims of chapter 04, each against a closed form, a root finder or another library."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from scipy.optimize import brentq, line_search, minimize, minimize_scalar

from lrcore import directions, problems, run
from lrcore.linesearches import (
    Backtracking,
    Exact,
    Goldstein,
    Wolfe,
    armijo,
    curvature,
    goldstein,
    strong_curvature,
)
from lrcore.stepsizes import BarzilaiBorwein, LineSearch, Polyak, StochasticArmijo

BOYD = problems.BoydExp()


def bowl(eigenvalues, seed=0):
    d = len(eigenvalues)
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]
    return problems.Quadratic(eigenvalues, basis=basis)


def along(problem, x, d):
    """phi and its slope on the line from x in the direction d."""
    return lambda t: problem.f(x + t * d), lambda t: problem.grad(x + t * d) @ d


def hand_minimum(f, x, d, reach):
    """The minimiser of a convex f along d, by SciPy."""
    return minimize_scalar(lambda t: f(x + t * d), bounds=(0, reach), method="bounded",
                           options={"xatol": 1e-13}).x  # fmt: skip


def wide_logistic(seed=5, n=40, d=3):
    """A logistic regression that is not separable: smooth, strongly convex with the penalty."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) * np.array([1.0, 3.0, 0.3])
    return problems.Logistic(X, (X[:, 0] + 2 * rng.standard_normal(n) > 0).astype(float), l2=0.05)


@pytest.mark.claim("claim-04-exact-step")
def test_exact_step():
    H, rng = bowl([0.5, 2.0, 7.0, 20.0]), np.random.default_rng(1)
    for x in 3 * rng.standard_normal((30, 4)):
        g = H.grad(x)
        t = (g @ g) / (g @ H.H @ g)
        assert 1 / H.L <= t <= 1 / H.mu
        assert t == pytest.approx(hand_minimum(H.f, x, -g, 1 / H.mu), rel=1e-6)
        r = run(H, x, LineSearch(Exact()), steps=1)
        assert r.eta[0] == pytest.approx(t, rel=1e-12)
        assert r.f[0] - r.f[1] == pytest.approx((g @ g) ** 2 / (2 * g @ H.H @ g), rel=1e-9)
        # any other downhill direction: -m/h
        d = -g + rng.standard_normal(4)
        if g @ d < 0:
            m, h = g @ d, d @ H.H @ d
            found = Exact()(*along(H, x, d), 1.0, H.f(x), m)
            assert found.t == pytest.approx(-m / h, rel=1e-12)
    # both ends are attained, on the eigenvectors
    for i, lam in ((0, 0.5), (3, 20.0)):
        assert run(H, H.basis[:, i], LineSearch(Exact()), steps=1).eta[0] == pytest.approx(1 / lam)


@pytest.mark.claim("claim-04-right-angles")
def test_right_angles():
    for problem, x0 in ((BOYD, [-1.0, 1.0]), (wide_logistic(), [1.0, -1.0, 2.0]), (bowl([1.0, 9.0]), [1, 2])):
        r = run(problem, np.array(x0, float), LineSearch(Exact(), growth=1.0), steps=8, record_x=True)
        for k in range(7):
            g, after = problem.grad(r.x[k]), problem.grad(r.x[k + 1])
            assert abs(g @ after) <= 1e-8 * np.linalg.norm(g) * np.linalg.norm(after)
            # the step is the root of the slope that SciPy finds
            root = brentq(along(problem, r.x[k], -g)[1], 0, 3 * r.eta[k], xtol=1e-15)
            assert r.eta[k] == pytest.approx(root, rel=1e-8)
        if problem.dim == 2:
            d = np.diff(r.x, axis=0) / np.linalg.norm(np.diff(r.x, axis=0), axis=1, keepdims=True)
            np.testing.assert_allclose(abs(np.vecdot(d[2:], d[:-2])), 1, atol=1e-6)
    # not so for backtracking
    r = run(BOYD, [-1.0, 1.0], LineSearch(Backtracking()), steps=8, record_x=True)
    d = np.diff(r.x, axis=0)
    assert (
        np.vecdot(d[1:], d[:-1]) < -0.1 * np.linalg.norm(d[1:], axis=1) * np.linalg.norm(d[:-1], axis=1)
    ).all()


@pytest.mark.claim("claim-04-worst-case")
def test_worst_start():
    for kappa in (2.0, 10.0, 300.0):
        rho = (kappa - 1) / (kappa + 1)
        r = run(problems.Quadratic([1.0, kappa]), [kappa, 1.0], LineSearch(Exact()), steps=10, record_x=True)
        np.testing.assert_allclose(r.f[1:] / r.f[:-1], rho**2, rtol=1e-9)
        np.testing.assert_allclose(r.eta, 2 / (1 + kappa), rtol=1e-9)
        signs = (-1.0) ** np.arange(11)
        np.testing.assert_allclose(
            r.x, rho ** np.arange(11)[:, None] * np.stack([kappa + 0 * signs, signs], 1), rtol=1e-8
        )
    H = bowl([1.0, 2.0, 5.0, 10.0])
    starts = np.random.default_rng(3).standard_normal((500, 4))
    f = run(H, starts, LineSearch(Exact()), steps=6).f
    assert (f[1:] <= (9 / 11) ** 2 * f[:-1] * (1 + 1e-9)).all()


@pytest.mark.claim("claim-04-intervals")
def test_intervals_on_a_parabola():
    for m, h in ((-2.0, 5.0), (-0.3, 0.01)):
        exact = -m / h
        phi, dphi = lambda t, m=m, h=h: 1.5 + m * t + h * t * t / 2, lambda t, m=m, h=h: m + h * t
        t = np.linspace(0, 3, 3001)[1:] * exact + 1e-7 * exact  # never exactly on an end
        share = t / exact
        for c in (1e-4, 0.1, 0.25, 0.4, 0.5, 0.7):
            np.testing.assert_array_equal(armijo(phi(t), t, 1.5, m, c), share <= 2 * (1 - c))
            np.testing.assert_array_equal(curvature(dphi(t), m, c), share >= 1 - c)
            np.testing.assert_array_equal(
                strong_curvature(dphi(t), m, c), (share >= 1 - c) & (share <= 1 + c)
            )
            if c < 0.5:
                np.testing.assert_array_equal(
                    goldstein(phi(t), t, 1.5, m, c), (share >= 2 * c) & (share <= 2 * (1 - c))
                )
        # what the searches return lies in their interval, wherever they start
        t0 = exact * np.geomspace(1e-3, 1e3, 25)
        start = (np.full(25, 1.5), np.full(25, m))
        assert (Backtracking(0.3, 0.9)(phi, dphi, t0, *start).t <= 1.4 * exact).all()
        found = Goldstein(0.25)(phi, dphi, t0, *start)
        assert found.ok.all() and (found.t >= 0.5 * exact).all() and (found.t <= 1.5 * exact).all()
        found = Wolfe(c1=0.1, c2=0.3)(phi, dphi, t0, *start)
        assert found.ok.all() and (abs(found.t / exact - 1) <= 0.3).all()


def wavy(a, b, w):
    """Not convex, bounded below by -a/w - 2.1 b, with phi(0) = 0 and the slope -a - 0.3 b there."""

    def phi(t):
        return a * (np.exp(-w * t) - 1) / w + b * (np.cos(5 * t) - 1 - 0.06 * np.sin(5 * t))

    def dphi(t):
        return -a * np.exp(-w * t) - b * (5 * np.sin(5 * t) + 0.3 * np.cos(5 * t))

    assert dphi(0.0) == pytest.approx(-a - 0.3 * b)
    return phi, dphi


@pytest.mark.claim("claim-04-wolfe-exists")
def test_wolfe_steps_exist():
    rng = np.random.default_rng(7)
    for c1, c2 in ((1e-4, 0.9), (0.1, 0.2), (0.4, 0.41), (0.7, 0.9)):
        for _ in range(20):
            phi, dphi = wavy(*rng.uniform(0.1, 1, 3))
            m, t = dphi(0.0), np.linspace(0, 600, 400_001)[1:]
            good = armijo(phi(t), t, 0.0, m, c1) & strong_curvature(dphi(t), m, c2)
            assert (good[1:] & good[:-1]).any(), "no interval of strong Wolfe steps"
            # before the first place where phi meets Armijo's line again, as in the proof
            met = phi(t) >= c1 * t * m
            assert not met.any() or good.argmax() < met.argmax()
    # c1 < c2 is needed: on t^2/2 - t, a step with c1 = 0.9 and c2 = 0.1 does not exist
    t = np.linspace(0, 3, 30_001)[1:]
    assert not (armijo(t * t / 2 - t, t, 0.0, -1.0, 0.9) & strong_curvature(t - 1, -1.0, 0.1)).any()
    # where SciPy finds a step, ours is that one
    x = np.array([-1.0, 1.0])
    g = BOYD.grad(x)
    theirs = line_search(BOYD.f, BOYD.grad, x, -g)[0]
    assert run(BOYD, x, LineSearch(Wolfe()), steps=1).eta[0] == pytest.approx(theirs)


@pytest.mark.claim("claim-04-backtracking")
def test_backtracking_guarantee():
    cases = ((wide_logistic(), 3), (bowl([0.2, 1.0, 30.0]), 3))
    for problem, d in cases:
        x0 = 2 * np.random.default_rng(8).standard_normal((100, d))
        for t0, c1, shrink in ((1.0, 0.1, 0.7), (100.0, 0.5, 0.3), (1e-3, 0.3, 0.5), (1.0, 1e-4, 0.9)):
            least = min(t0, shrink * 2 * (1 - c1) / problem.L)
            r = run(problem, x0, LineSearch(Backtracking(c1, shrink), t0=t0), steps=20)
            moved = r.grad_norm[:-1] > 1e-5
            assert (r.eta >= least * (1 - 1e-12))[moved].all()
            fall = c1 * least * r.grad_norm[:-1] ** 2
            assert (r.f[:-1] - r.f[1:] >= fall * (1 - 1e-6) - 1e-15)[moved].all()
            gap = r.f - problem.f_star
            factor = 1 - 2 * problem.mu * c1 * least
            assert (gap[1:] <= factor * gap[:-1] + 1e-14)[moved].all()
            bound = gap[0] / (c1 * least * 20)
            assert ((r.grad_norm[:-1] ** 2).min(0) <= bound).all()
    # the bound is attained: on a parabola, with t0 a hair above an accepted step over shrink
    L, c1, shrink = 4.0, 0.25, 0.5
    t0 = 2 * (1 - c1) / L * (1 + 1e-9)
    r = run(problems.Quadratic([L]), [1.0], LineSearch(Backtracking(c1, shrink), t0=t0), steps=1)
    assert r.eta[0] == pytest.approx(shrink * 2 * (1 - c1) / L, rel=1e-6)
    # and the sequence is optax's
    jax.config.update("jax_enable_x64", True)
    chapter = {"slope_rtol": 0.1, "decrease_factor": 0.7}
    ours = run(BOYD, [-1.0, 1.0], LineSearch(Backtracking()), steps=5).eta
    np.testing.assert_allclose(
        optax_rates(5, increase_factor=float("inf"), max_learning_rate=1.0, **chapter), ours, rtol=1e-9
    )
    # the traps: warm by default, and with increase_factor 1 a rate never rises again
    assert not np.allclose(optax_rates(5), ours, rtol=1e-2)
    stuck = optax_rates(5, increase_factor=1.0, max_learning_rate=1.0, **chapter)
    assert (np.diff(stuck) <= 0).all() and ours[1] > 2 * stuck[1]
    with pytest.raises(ValueError, match="not found in the state"):
        optax_rates(1, store_grad=False)


def three_exponentials(x):
    return jnp.exp(x[0] + 3 * x[1] - 0.1) + jnp.exp(x[0] - 3 * x[1] - 0.1) + jnp.exp(-x[0] - 0.1)


def optax_rates(steps, store_grad=True, **settings):
    search = optax.scale_by_backtracking_linesearch(50, store_grad=store_grad, **settings)
    solver, x, rates = optax.chain(optax.sgd(1.0), search), jnp.array([-1.0, 1.0]), []
    state = solver.init(x)
    for _ in range(steps):
        value, grad = optax.value_and_grad_from_state(three_exponentials)(x, state=state)
        updates, state = solver.update(grad, state, x, value=value, grad=grad, value_fn=three_exponentials)
        x = optax.apply_updates(x, updates)
        rates.append(float(optax.tree.get(state, "learning_rate")))
    return np.array(rates)


def wolfes_function(gamma):
    """Convex, kinked on the negative first axis, unbounded below: of chapter 04, written from its formula."""

    def f(x):
        a, b = x[..., 0], abs(x[..., 1])
        return np.where(b <= a, np.sqrt(a * a + gamma * b * b), (a + gamma * b) / np.sqrt(1 + gamma))

    def grad(x):
        a, b = x[..., 0], x[..., 1]
        r = np.sqrt(np.where(abs(b) <= a, a * a + gamma * b * b, 1.0))
        inside = np.stack([a / r, gamma * b / r], -1)
        outside = np.stack([1 + 0 * a, gamma * np.sign(b)], -1) / np.sqrt(1 + gamma)
        return np.where((abs(b) <= a)[..., None], inside, outside)

    return problems.Function(f, grad, dim=2)


@pytest.mark.claim("claim-04-kink")
def test_kink_trap():
    rng = np.random.default_rng(9)
    for gamma in (2.0, 4.0, 9.0):
        problem, rho = wolfes_function(gamma), (gamma - 1) / (gamma + 1)
        x, y = 3 * rng.standard_normal((2, 2000, 2))
        assert (problem.f((x + y) / 2) <= (problem.f(x) + problem.f(y)) / 2 + 1e-12).all()  # convex
        step = 1e-6 * rng.standard_normal((2000, 2))
        smooth = (abs(x[:, 1]) > 1e-3) | (x[:, 0] > 0)  # differentiable off the half axis
        slope = (problem.f(x + step) - problem.f(x - step)) / 2
        np.testing.assert_allclose(slope[smooth], np.vecdot(problem.grad(x), step)[smooth], atol=1e-11)
        r = run(problem, [gamma, 1.0], LineSearch(Exact()), steps=20, record_x=True)
        k = np.arange(21)
        np.testing.assert_allclose(r.x, np.stack([gamma * rho**k, (-rho) ** k], 1), rtol=1e-6)
        for k in range(5):  # the step is the global minimiser of the line, which SciPy finds too
            d = -problem.grad(r.x[k])
            assert r.eta[k] == pytest.approx(hand_minimum(problem.f, r.x[k], d, 10 * r.eta[k]), rel=1e-5)
        assert (r.f > 0).all() and problem.f(np.array([-100.0, 0.0])) < -20
        assert run(problem, [gamma, 1.0], 0.2, steps=1000).f[-1] < -5
    # backtracking from the chapter's start stops, too
    stopped = run(wolfes_function(4.0), [4.0, 1.0], LineSearch(Backtracking()), steps=200)
    assert abs(stopped.f[-1]) < 0.05 and stopped.eta[-1] < 1e-9


@pytest.mark.claim("claim-04-polyak")
def test_polyak_step():
    X = np.random.default_rng(10).standard_normal((12, 3))
    target = X @ np.array([1.0, -2.0, 0.5])
    absolute = problems.Function(  # kinked everywhere it matters; the minimum 0 is at a known place
        lambda w: abs(w @ X.T - target).mean(-1), lambda w: np.sign(w @ X.T - target) @ X / 12, dim=3,
        x_star=np.array([1.0, -2.0, 0.5]),
    )  # fmt: skip
    for problem in (absolute, wide_logistic(), bowl([0.1, 1.0, 9.0])):
        x_star, f_star, steps = problem.x_star, float(problem.f_star), 300
        x0 = x_star + np.random.default_rng(11).standard_normal((20, 3))
        r = run(problem, x0, Polyak(f_star=f_star), steps=steps, record_x=True)
        gap, size = (r.f - f_star)[:-1], r.grad_norm[:-1]
        np.testing.assert_allclose(r.eta[0], gap[0] / size[0] ** 2, rtol=1e-9)
        away = np.sum((r.x - x_star) ** 2, axis=-1)
        alive = gap > 1e-10
        promised = np.divide(gap, size, out=np.zeros_like(gap), where=alive) ** 2
        assert (away[1:] <= away[:-1] - promised + 1e-12)[alive].all()
        k = np.arange(1, steps + 1)[:, None]
        best = np.minimum.accumulate(gap, axis=0)
        assert (best <= size.max(0) * np.sqrt(away[0] / k) + 1e-12).all()
        if problem.L is not None:
            assert (best <= 2 * problem.L * away[0] / k + 1e-12).all()
        # no other rate makes the bound smaller
        eta = r.eta[0] * np.array([[0.5], [0.9], [1.1], [2.0]])
        assert (-2 * eta * gap[0] + (eta * size[0]) ** 2 > -(gap[0] ** 2) / size[0] ** 2).all()
    assert run(problems.Quadratic([4.0]), [3.0], Polyak(), steps=1).eta[0] == pytest.approx(1 / (2 * 4.0))


@pytest.mark.claim("claim-04-polyak-guess")
def test_polyak_guess():
    problem = wide_logistic()
    x_star, f_star = problem.x_star, float(problem.f_star)
    w, guess, errors = np.array([2.0, -1.0, 1.0]), 0.0, []
    for _ in range(8):
        error = f_star - guess
        errors.append(error)
        r = run(problem, w, Polyak(f_star=guess, c=2.0), steps=400, record_x=True)
        gap = r.f - f_star
        away = np.linalg.norm(r.x - x_star, axis=1)
        far = gap[:-1] >= error / 3
        assert (np.diff(away)[far] <= 1e-12).all()
        np.testing.assert_allclose(r.eta[0], (r.f[0] - guess) / (2 * r.grad_norm[0] ** 2), rtol=1e-9)
        assert gap.min() <= error
        w, guess = r.x_last, (r.f.min() + guess) / 2
        assert guess <= f_star and f_star - guess <= error / 2 * (1 + 1e-12)
    assert errors[-1] <= errors[0] / 2**7
    # a guess that is too high stops the run there
    r = run(problem, [2.0, -1.0, 1.0], Polyak(f_star=f_star + 0.05), steps=3000)
    assert r.f[-1] == pytest.approx(f_star + 0.05, abs=1e-3) and r.eta[-1] < 1e-2 * r.eta[0]


@pytest.mark.claim("claim-04-bb")
def test_barzilai_borwein():
    H = bowl([0.5, 1.0, 4.0, 9.0, 25.0])
    x0 = np.random.default_rng(12).standard_normal(5)
    for form in ("long", "short"):
        r = run(H, x0, BarzilaiBorwein(eta0=0.05, form=form), steps=25, record_x=True)
        s = np.diff(r.x, axis=0)[:-1]
        y = s @ H.H
        long, short = np.vecdot(s, s) / np.vecdot(s, y), np.vecdot(s, y) / np.vecdot(y, y)
        np.testing.assert_allclose(r.eta[1:], long if form == "long" else short, rtol=1e-4)
        assert (short <= long * (1 + 1e-9)).all()
        for rates in (long, short):
            assert (rates >= (1 - 1e-9) / H.L).all() and (rates <= (1 + 1e-9) / H.mu).all()
        if form == "long":  # the exact step of the point before
            g = r.x[:24] @ H.H
            np.testing.assert_allclose(r.eta[1:], np.vecdot(g, g) / np.vecdot(g, g @ H.H), rtol=1e-4)
            first = run(H, x0, LineSearch(Exact()), steps=1).eta[0]
            assert r.eta[1] == pytest.approx(first, rel=1e-9) and r.eta[2] != pytest.approx(first, rel=1e-3)
    # what the text says: not monotone, above 2/L, and far ahead of exact search and of the best constant rate
    steep, one = problems.Quadratic([1.0, 3.0, 10.0, 30.0, 100.0]), np.ones(5)
    late = run(steep, one, BarzilaiBorwein(eta0=0.01), steps=60)
    assert (np.diff(late.f[:40]) > 0).any() and (late.eta * 100 > 2).mean() > 0.5
    rules = (BarzilaiBorwein(eta0=0.01), LineSearch(Exact()), 2 / 101)
    needed = [int(np.argmax(run(steep, one, rule, steps=1000).f <= 1e-12)) for rule in rules]
    assert needed[0] * 5 < min(needed[1:])


@pytest.mark.claim("claim-04-newton")
def test_newton_is_affine_invariant():
    A = np.array([[3.0, 1.0], [0.5, -0.2]])
    other = problems.Function(
        lambda z: BOYD.f(z @ A.T), lambda z: BOYD.grad(z @ A.T) @ A, dim=2,
        hessian=lambda z: A.T @ BOYD.hessian(z @ A.T) @ A,
    )  # fmt: skip
    for x0 in ([-2.0, 1.0], [1.0, 1.0], [0.5, -1.2]):
        z0, rule = np.linalg.solve(A, x0), LineSearch(Backtracking())
        here = run(BOYD, x0, rule, directions.Newton(), steps=6, record_x=True)
        there = run(other, z0, rule, directions.Newton(), steps=6, record_x=True)
        early = here.f[:-1] - BOYD.f_star > 1e-9  # later both sides of Armijo's test are rounding
        assert early.sum() >= 4 and (here.eta[early] <= 1).all()
        np.testing.assert_allclose(there.eta[early], here.eta[early], rtol=1e-12)
        np.testing.assert_allclose(there.x[:5] @ A.T, here.x[:5], atol=1e-7)
        # steepest descent does see the units
        plain = [run(p, x, rule, steps=3).f for p, x in ((BOYD, x0), (other, z0))]
        assert not np.allclose(*plain, rtol=1e-2)
    # the two norms of the book: kappa at the minimum 4.5, 9/8 and 18
    for P, kappa in (([1.0, 1.0], 4.5), ([2.0, 8.0], 1.125), ([8.0, 2.0], 18.0)):
        lam = np.linalg.eigvalsh(BOYD.hessian(BOYD.x_star) / np.sqrt(np.outer(P, P)))
        assert lam[1] / lam[0] == pytest.approx(kappa)


@pytest.mark.claim("claim-04-same-batch")
def test_same_batch_never_leads_away():
    rng = np.random.default_rng(13)
    X, w_star = rng.standard_normal((60, 5)) * np.array([1, 2, 0.3, 1, 1]), rng.standard_normal(5)
    fits = problems.Minibatches(problems.LeastSquares(X, X @ w_star), 4, seed=0)
    x0 = w_star + 3 * rng.standard_normal((10, 5))
    for c1 in (0.5, 0.8):
        r = run(fits, x0, StochasticArmijo(c1=c1, shrink=0.8, reset="start"), steps=400, record_x=True)
        away = np.linalg.norm(r.x - w_star, axis=-1)
        assert (away[1:] <= away[:-1] * (1 + 1e-12)).all() and (away[-1] < 1e-2 * away[0]).all()
        for k in range(0, 40, 7):  # the batch's own bound on the step
            L_i = np.linalg.eigvalsh(fits.at(k).H)[-1]
            assert (r.eta[k] >= min(1.0, 0.8 * 2 * (1 - c1) / L_i) * (1 - 1e-9)).all()
    # with a smaller share it may grow: steep on the left, shallow on the right
    lopsided = problems.Function(
        lambda x: np.where(x < 0, 5.0, 0.05)[..., 0] * x[..., 0] ** 2,
        lambda x: np.where(x < 0, 10.0, 0.1) * x, dim=1,
    )  # fmt: skip
    for c1, grows in ((0.05, True), (0.5, False), (0.7, False)):
        for t0 in np.linspace(0.05, 1.0, 20):
            r = run(lopsided, [-1.0], StochasticArmijo(c1=c1, eta0=t0, reset="start"), steps=1, record_x=True)
            assert abs(r.x[1, 0]) <= 1 or grows
            if np.isclose(t0, 0.5):
                assert (abs(r.x[1, 0]) > 1) == grows
    # on quadratics no share is too small
    r = run(fits, x0, StochasticArmijo(c1=0.01, shrink=0.95), steps=400, record_x=True)
    away = np.linalg.norm(r.x - w_star, axis=-1)
    assert (away[1:] <= away[:-1] * (1 + 1e-9)).all()
    # without a shared minimiser the search does not stay at the minimum
    unfit = problems.LeastSquares(X, X @ w_star + rng.standard_normal(60))
    r = run(problems.Minibatches(unfit, 4, seed=0), unfit.x_star, StochasticArmijo(c1=0.5), steps=200)
    assert r.f[-100:].mean() - unfit.f_star > 1e-3


def test_published_comparison():
    """Boyd and Vandenberghe, section 9.3.2: factors of about 0.4 and 0.2; and the chapter's table."""
    found = minimize(BOYD.f, [-1.0, 1.0], jac=BOYD.grad, tol=1e-12)
    assert found.fun == pytest.approx(2 * np.sqrt(2) * np.exp(-0.1), rel=1e-12)
    np.testing.assert_allclose(found.x, [-np.log(2) / 2, 0], atol=1e-6)
    starts = np.array([[-1, 1], [1, 1], [-2, 1], [0.1, 0.1]])
    factors = {}
    for search, counts in ((Backtracking(0.1, 0.7), (29, 28, 27, 24)), (Exact(1e-8), (11, 16, 21, 24))):
        gap = run(BOYD, starts, LineSearch(search), steps=40).f - found.fun
        n = (gap <= 1e-10).argmax(0)
        assert tuple(n) == counts
        factors[search] = (gap[n, range(4)] / gap[0]) ** (1 / n)
    backtracking, exact = factors.values()
    assert (abs(backtracking - 10 ** (-8 / 20)) < 0.03).all()
    assert exact.min() < 10 ** (-11 / 15) < exact.max()  # the published factor is one of many
