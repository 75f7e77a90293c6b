"""The claims of chapter 09: rules that learn their rate, against exact expectations and in other units."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from lrcore import problems, run
from lrcore.directions import AdaDelta, Averaged, ScheduleFree
from lrcore.stepsizes import VSGD, AdGD, DAdaptation, DeltaBarDelta, DoG, Hypergradient


class Rescaled:
    """a f(x/b)."""

    def __init__(self, problem, a, b):
        self.problem, self.a, self.b = problem, a, b

    def f(self, x):
        return self.a * self.problem.f(x / self.b)

    def grad(self, x):
        return self.a / self.b * self.problem.grad(x / self.b)

    def value_and_grad(self, x):
        return self.f(x), self.grad(x)


class Slopes:
    """A problem that shows the given slopes, one a step."""

    def __init__(self, slopes):
        self.slopes, self.k = slopes, 0

    def at(self, k):
        self.k = k
        return self

    def f(self, x):
        return np.zeros(x.shape[:-1])

    def grad(self, x):
        return np.broadcast_to(self.slopes[self.k], x.shape)

    def value_and_grad(self, x):
        return self.f(x), self.grad(x)


BOWL = problems.Quadratic([1.0, 10.0], angle=0.4)
START = np.array([3.0, -2.0])


@pytest.mark.claim("claim-09-dbd-noise")
@pytest.mark.parametrize("eta0, kappa, phi, theta", [(0.3, 0.01, 0.2, 0.5), (0.001, 0.05, 0.7, 0.0)])
def test_dbd_noise(eta0, kappa, phi, theta):
    # All sign patterns, each as likely: the expectation exactly. Sizes of which no average cancels.
    steps, rule = 10, DeltaBarDelta(eta0, kappa=kappa, phi=phi, theta=theta, eta_min=0.0)
    rates = []
    for signs in product((-1.0, 1.0), repeat=steps):
        sizes = np.sqrt(np.arange(2, steps + 2))
        slopes = (np.array(signs) * sizes)[:, np.newaxis]
        state = rule.init(np.zeros(1))
        trace = []
        for k in range(steps):
            point = type("Seen", (), {"g": slopes[k], "x": np.zeros(1)})
            eta, state = rule(k, point, -slopes[k], state)
            trace.append(eta[0])
        rates.append(trace)
    claimed = kappa / phi + (1 - phi / 2) ** np.arange(steps) * (eta0 - kappa / phi)
    np.testing.assert_allclose(np.mean(rates, axis=0), claimed, rtol=1e-12)
    # And for ever, with slopes from a normal distribution: the mean over time.
    rng = np.random.default_rng(0)
    long = run(Slopes(rng.normal(size=(15_000, 1))), [0.0], rule, steps=15_000).eta[500:]
    assert abs(long.mean() - kappa / phi) < 0.05 * kappa / phi


@pytest.mark.claim("claim-09-hyper-units")
@pytest.mark.parametrize("a, b", [(10.0, 1.0), (1.0, 100.0), (0.03, 7.0)])
def test_hyper_units(a, b):
    eta0, beta = 0.01, 1e-5
    here = run(BOWL, START, Hypergradient(eta0, beta=beta), steps=60, record_x=True)
    right = Hypergradient(b**2 / a * eta0, beta=b**4 / a**3 * beta)
    there = run(Rescaled(BOWL, a, b), b * START, right, steps=60, record_x=True)
    np.testing.assert_allclose(there.x, b * here.x, rtol=1e-9, atol=1e-12 * b)
    assert here.eta[-1] > 2 * eta0  # beta did something
    for power in (3, 5):  # other powers of b, where b matters
        wrong = Hypergradient(b**2 / a * eta0, beta=b**power / a**3 * beta)
        if b != 1:
            other = run(Rescaled(BOWL, a, b), b * START, wrong, steps=60, bound=1e30)
            assert not np.allclose(other.eta[-1], b**2 / a * here.eta[-1], rtol=1e-3)


@pytest.mark.claim("claim-09-hyper-freeze")
@pytest.mark.parametrize(
    "eta0, beta, h, x0", [(0.02, 1e-3, 2.0, 1.0), (0.1, 0.01, 0.5, 3.0), (0.3, 1e-4, 1.0, 5.0)]
)
def test_hyper_freeze(eta0, beta, h, x0):
    r = run(problems.Quadratic([h]), [x0], Hypergradient(eta0, beta=beta), steps=3000)
    g0 = h * x0
    bound = eta0 + beta * g0**2 * (1 - eta0 * h) / (eta0 * h * (2 - eta0 * h))
    assert (r.eta <= 1 / h).all() and (r.eta <= bound * (1 + 1e-12)).all()
    assert r.eta[-1] == r.eta[-50]  # frozen


@pytest.mark.claim("claim-09-hyper-freeze")
def test_hyper_freeze_is_tight():
    # A tiny beta changes the factors so little that the bound is attained.
    eta0, beta, h, x0 = 0.1, 1e-9, 2.0, 1.0
    r = run(problems.Quadratic([h]), [x0], Hypergradient(eta0, beta=beta), steps=3000)
    gain = beta * (h * x0) ** 2 * (1 - eta0 * h) / (eta0 * h * (2 - eta0 * h))
    assert r.eta[-1] - eta0 == pytest.approx(gain, rel=1e-5)


@pytest.mark.claim("claim-09-adgd-parabola")
@pytest.mark.parametrize("h", [0.01, 4.0])
@pytest.mark.parametrize("eta0", [1e-8, 1.0, 30.0])
def test_adgd_parabola(h, eta0):
    r = run(problems.Quadratic([h]), [1.0], AdGD(eta0), steps=20)
    np.testing.assert_allclose(r.eta[1:], 1 / (2 * h), rtol=1e-6)


@pytest.mark.claim("claim-09-adgd-floor")
@pytest.mark.parametrize("seed", range(5))
def test_adgd_floor(seed):
    rng = np.random.default_rng(seed)
    lam = 10 ** rng.uniform(-2, 2, 4)
    for problem, L in [
        (problems.Quadratic(lam), lam.max()),
        (problems.Logistic(rng.normal(size=(40, 4)), rng.choice([-1.0, 1.0], 40), l2=0.01), None),
        (problems.Huber(2.0), 1.0),
    ]:
        L = problem.L if L is None else L
        d = getattr(problem, "dim", 4) or 4
        r = run(problem, 3 * rng.normal(size=d), AdGD(1e-9), steps=80, tol=1e-9)
        assert (r.eta[1:] >= (1 - 1e-6) / (2 * L)).all()
    # The constant is attained: along the steepest axis alone.
    steep = run(problems.Quadratic([1.0, 9.0]), [0.0, 1.0], AdGD(1e-9), steps=10)
    assert steep.eta[1:].min() == pytest.approx(1 / 18)


@pytest.mark.claim("claim-09-adgd-golden")
@pytest.mark.parametrize("guess", [1e-9, 1e-3])
def test_adgd_golden(guess):
    # On a slope that never changes no secant shortens. theta_0 is infinite, so the first ratio is 1 by the
    # rule's exception, and from then on the recursion runs.
    flat = problems.Function(lambda x: x.sum(-1), np.ones_like, dim=1)
    eta = run(flat, [0.0], AdGD(guess), steps=40).eta
    ratio = eta[1:] / eta[:-1]
    assert ratio[-1] == pytest.approx((1 + np.sqrt(5)) / 2, rel=1e-12)
    golden = (1 + np.sqrt(5)) / 2
    off = np.abs(ratio[np.isfinite(ratio)][1:] - golden)
    assert (off[1:20] <= off[:19] / 2 + 1e-12).all()


@pytest.mark.claim("claim-09-adadelta")
@pytest.mark.parametrize("b", [1000.0, 0.02])
def test_adadelta(b):
    eps, rho = 1e-6, 0.95
    here = run(BOWL, START, 1.0, AdaDelta(rho, eps), steps=200, record_x=True)
    there = run(Rescaled(BOWL, b**2, b), b * START, 1.0, AdaDelta(rho, b**2 * eps), steps=200, record_x=True)
    np.testing.assert_allclose(there.x, b * here.x, rtol=1e-8, atol=1e-10 * b)
    limit = np.sqrt(eps / (1 - rho))
    assert round(1000 * limit, 1) == 4.5
    for a in (1.0, 1e6):
        step = run(Rescaled(BOWL, a, 1.0), START, 1.0, AdaDelta(rho, eps), steps=1, record_x=True)
        first = np.abs(np.diff(step.x, axis=0))[0]
        assert (first < limit).all() and first == pytest.approx(limit, rel=1e-4)
    small = run(Rescaled(BOWL, 1e-5, 1.0), START, 1.0, AdaDelta(rho, eps), steps=1, record_x=True)
    assert (np.abs(np.diff(small.x, axis=0))[0] < 0.2 * limit).all()


@pytest.mark.claim("claim-09-vsgd-best")
@pytest.mark.parametrize("e, h, sigma", [(2.0, 3.0, 1.0), (0.1, 0.5, 2.0), (5.0, 1.0, 0.0)])
def test_vsgd_best(e, h, sigma):
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    weights = weights / weights.sum()
    c = sigma * nodes  # minima of samples around x* = 0
    g = h * (e - c)

    def after(eta):
        x = e - eta * g
        return weights @ (h / 2 * (x**2 + sigma**2))

    best = minimize_scalar(after, bounds=(0, 2 / h), method="bounded", options={"xatol": 1e-12}).x
    claimed = e**2 / (h * (e**2 + sigma**2))
    assert best == pytest.approx(claimed, abs=1e-6 / h) and claimed <= 1 / h
    assert claimed == pytest.approx((weights @ g) ** 2 / (h * (weights @ g**2)), rel=1e-10)


@pytest.mark.claim("claim-09-vsgd-absorbing")
def test_vsgd_absorbing():
    h = 2.0
    noisy = problems.NoisyQuadratic([h], sigma=1.0, seed=4)
    r = run(noisy, np.full((6, 1), 3.0), VSGD(warm=1), steps=200, record_x=True)
    np.testing.assert_allclose(r.eta, 1 / h, rtol=1e-9)
    # slope = h (x - c): what the run has left is the minimum of the sample
    slope = np.stack([noisy.at(k).grad(r.x[k]) for k in range(200)])
    np.testing.assert_allclose(r.x[1:], r.x[:-1] - slope / h, atol=1e-9)
    assert r.f[50:].mean() == pytest.approx(0.25, rel=0.15)  # the noise ball of 1/h: h/2 (sigma/h)^2
    free = run(noisy, np.full((6, 1), 3.0), VSGD(warm=1, tau_min=2.0), steps=2000)
    assert free.f[-200:].mean() < 0.01


@pytest.mark.claim("claim-09-dog")
@pytest.mark.parametrize("a, b", [(1e4, 1.0), (1.0, 50.0), (1e3, 0.2)])
def test_dog(a, b):
    first = 0.01
    here = run(BOWL, START, DoG(first / (1 + np.linalg.norm(START))), steps=100, record_x=True)
    rule = DoG(b * first / (1 + b * np.linalg.norm(START)))
    there = run(Rescaled(BOWL, a, b), b * START, rule, steps=100, record_x=True)
    np.testing.assert_allclose(there.x, b * here.x, rtol=1e-5, atol=1e-6 * b)


@pytest.mark.claim("claim-09-dadapt")
def test_dadapt():
    rng = np.random.default_rng(0)
    closest = 0.0
    for _ in range(80):
        lam = 10 ** rng.uniform(-2, 2, rng.integers(1, 6))
        bowl, x0 = problems.Quadratic(lam), rng.normal(size=len(lam))
        R = np.linalg.norm(x0)
        r = run(bowl, x0, DAdaptation(1e-3 * R), steps=300, record_x=True)
        closest = max(closest, (r.eta * np.linalg.norm(bowl.grad(x0))).max() / R)
    assert 0.9 < closest <= 1.0
    # The bound itself on a convex function with kinks, where g is a subgradient, at any rates.
    for _ in range(50):
        x = x0 = rng.normal(size=2)
        s, r_sum = np.zeros(2), 0.0
        for eta in 10 ** rng.uniform(-3, 0, 60):
            g = np.sign(x) * [1.0, 3.0]  # of |x_1| + 3 |x_2|
            r_sum, s, x = r_sum + eta * g @ s, s + eta * g, x - eta * g
            assert np.allclose(s, x0 - x)
            assert r_sum <= np.linalg.norm(s) * np.linalg.norm(x0) * (1 + 1e-12)


@pytest.mark.claim("claim-09-dadapt-travelled")
def test_dadapt_travelled():
    rng = np.random.default_rng(1)
    # Any function, any rates: here one that is not convex.
    x0 = rng.normal(size=3)
    x, s, r_sum, squares = x0, np.zeros(3), 0.0, 0.0
    for eta in rng.uniform(0, 2, 40):
        g = np.sin(x) * [1.0, 2.0, 3.0]
        r_sum, s, x, squares = r_sum + eta * g @ s, s + eta * g, x - eta * g, squares + eta**2 * g @ g
        assert 2 * r_sum == pytest.approx((x - x0) @ (x - x0) - squares, abs=1e-12)
    # The rule: on bowls on which it converges and on one on which it does not.
    for lam, x0, status in [
        ([1.0, 3.0], [1.0, 1.0], "running"),
        ([2.0, 0.3, 0.1], [1.0, -2.0, 1.0], "running"),
        ([1.0, 30.0], [10.0, 1.0], "diverged"),
    ]:
        bowl = problems.Quadratic(lam)
        r = run(bowl, x0, DAdaptation(1e-6), steps=200, record_x=True)
        assert str(r.status) == status
        distance = np.linalg.norm(r.x - r.x[0], axis=-1)[: len(r.eta)]
        D = r.eta * np.linalg.norm(bowl.grad(np.array(x0)))
        assert (D <= np.maximum(1e-6, np.maximum.accumulate(distance)) * (1 + 1e-12)).all()
        assert D.max() > 1000 * 1e-6
    # Converged where it did, and lost to the rate, not to the estimate, where it did not.
    assert D.max() < np.linalg.norm(x0) and r.eta.max() * 30 > 2
    slope = problems.Function(lambda x: x.sum(-1), np.ones_like, dim=1)
    D = run(slope, [0.0], DAdaptation(1e-6), steps=40).eta
    np.testing.assert_allclose(D[25:] / D[24:-1], np.sqrt(3), rtol=1e-8)


@pytest.mark.claim("claim-09-sf")
def test_schedule_free():
    eta, beta, steps = 0.05, 0.8, 30
    r = run(BOWL, START, 1.0, ScheduleFree(eta, beta=beta), steps=steps, record_x=True)
    z, answer = [START], START
    for _ in range(steps):
        z.append(z[-1] - eta * BOWL.grad((1 - beta) * z[-1] + beta * answer))
        answer = np.mean(z[1:], axis=0)
    np.testing.assert_allclose(r.x_last, answer, rtol=1e-12)
    nearly = run(BOWL, START, 1.0, ScheduleFree(eta, beta=1e-7), steps=steps)
    averaged = run(BOWL, START, eta, Averaged(start=1), steps=steps)
    np.testing.assert_allclose(nearly.x_last, averaged.x_last, rtol=1e-5)
