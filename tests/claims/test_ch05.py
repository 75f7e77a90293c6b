"""The claims of chapter 05, each against a closed form, exact enumeration or very many simulated runs.

A mean of n independent runs is compared within four or five of its standard errors, which each test
computes or states; seeds are fixed.
"""

from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar

from lrcore import problems, run, schedules
from lrcore.analysis import noise, robbins_monro


def second_moments(rates, h=1.0, sigma=1.0, x0=1.0):
    """E x_k^2 before each step and after the last, by the covariance of a sum rather than a recursion."""
    rates = np.asarray(rates, float)
    factors = 1 - rates * h
    out = [x0**2]
    for k in range(1, len(rates) + 1):
        later = np.append(np.cumprod(factors[:k][::-1])[::-1][1:], 1.0)  # what steps i+1.. leave of noise i
        out.append((x0 * factors[:k].prod()) ** 2 + sigma**2 * np.sum((rates[:k] * later) ** 2))
    return np.array(out)


# --- one rate -----------------------------------------------------------------------


@pytest.mark.claim("claim-05-ball")
@pytest.mark.parametrize("eta, h, sigma, batch", [(0.1, 2.0, 1.0, 1), (0.9, 2.0, 1.0, 1), (0.3, 1.0, 2.0, 8)])
def test_noise_ball(eta, h, sigma, batch):
    rest = eta * sigma**2 / batch / (h * (2 - eta * h))
    x0, steps, n = 1.5, 60, 40_000
    k = np.arange(steps + 1)
    claimed = rest + (1 - eta * h) ** (2 * k) * (x0**2 - rest)
    np.testing.assert_allclose(
        second_moments(np.full(steps, eta), h, sigma / np.sqrt(batch), x0), claimed, rtol=1e-12
    )
    bowl = problems.NoisyQuadratic([h], sigma, batch, seed=1)
    np.testing.assert_allclose(bowl.moments([x0], eta, steps)[1][:, 0], claimed, rtol=1e-12)
    r = run(bowl, np.full((n, 1), x0), eta, steps=steps)
    square = r.x_last[:, 0] ** 2
    assert abs(square.mean() - claimed[-1]) < 4 * square.std() / np.sqrt(n)
    # The loss at rest, h/2 times that: eta sigma^2 / (2 (2 - eta h)).
    assert 0.5 * h * rest == pytest.approx(noise.stationary_loss(eta, h, sigma, batch), rel=1e-13)
    # At and beyond 2/h there is no rest: at 2/h every step adds eta^2 sigma^2.
    edge = second_moments(np.full(50, 2 / h), h, sigma, x0)
    np.testing.assert_allclose(np.diff(edge), (2 / h * sigma) ** 2, rtol=1e-9)


@pytest.mark.claim("claim-05-best-schedule")
def test_best_schedule():
    h, sigma, m0, T = 2.0, 1.5, 4.0, 12
    t0 = 1 + sigma**2 / (h**2 * m0)
    k = np.arange(T)
    rates = 1 / (h * (k + t0))
    reached = second_moments(rates, h, sigma, np.sqrt(m0))
    np.testing.assert_allclose(reached, sigma**2 / h**2 / (np.arange(T + 1) + t0 - 1), rtol=1e-12)
    for steps in (1, 3, T):  # a general optimiser over all rates finds nothing better, and these rates
        found = minimize(
            lambda eta, n=steps: np.log(second_moments(eta[:n], h, sigma, np.sqrt(m0))[-1]),
            np.full(steps, 0.2 / h), method="BFGS", options={"gtol": 1e-9},
        )  # fmt: skip
        assert np.exp(found.fun) == pytest.approx(reached[steps], rel=1e-8)
        np.testing.assert_allclose(found.x, rates[:steps], rtol=1e-3)


# --- two sums -----------------------------------------------------------------------


@pytest.mark.claim("claim-05-two-sums")
def test_what_is_needed_on_a_quadratic():
    t = np.arange(1, 200_001)

    def left(rates, sigma=1.0):
        m = 1.0
        for eta in rates.tolist():
            m = (1 - eta) ** 2 * m + eta**2 * sigma**2
        return m

    # Sufficient: rates to 0 and an infinite sum, whatever the squares do.
    for p in (0.25, 0.5, 0.75):
        rates = 0.5 * t**-p
        assert left(rates) == pytest.approx(rates[-1] / 2, rel=0.05)  # the ball of the present rate, to 0
        assert left(rates) < 0.6 * left(rates[: len(t) // 10])
    # Needed: with a finite sum the start stays, without any noise, by the product that the text states.
    fast = 0.1 * 0.95 ** np.arange(2000)
    assert fast.sum() == pytest.approx(2) and left(fast, sigma=0) == pytest.approx(0.128251**2, rel=1e-4)
    assert np.prod(1 - fast) == pytest.approx(0.12825, abs=5e-6)
    stopped = 0.5 * t**-1.5
    assert left(stopped) > 0.04 and left(stopped) == pytest.approx(left(stopped[: len(t) // 10]), rel=0.02)
    # Needed: rates that do not tend to 0, even if they are rare.
    rare = 0.5 / t
    rare[np.isin(t, 2 ** np.arange(18))] = 0.5
    assert left(rare[: 2**17]) > 0.5**2
    # The conditions are not the same list: 1/sqrt(k) converges and fails them.
    assert robbins_monro(schedules.InverseSqrt(0.5)).satisfied is False
    assert robbins_monro(schedules.PowerLaw(0.5, p=0.75)).satisfied is True
    for fails in (schedules.Constant(0.1), schedules.Cosine(0.1, 100), schedules.Linear(0.1, 100)):
        assert robbins_monro(fails).satisfied is False
    for fails in (schedules.Step(0.1, every=30), schedules.Exponential(0.1, 0.9), schedules.Noam(512)):
        assert robbins_monro(fails).satisfied is False


@pytest.mark.claim("claim-05-robbins-monro")
def test_robbins_monro_finds_a_quantile():
    alpha, theta, n, N = 0.9, np.log(10), 20_000, 3000
    rng, x = np.random.default_rng(3), np.full(n, 1.0)
    error = {}
    for step in range(1, N + 1):
        x = x + 10 / (step + 20) * (alpha - (rng.exponential(size=n) < x))
        if step in (30, 300, 3000):
            error[step] = np.mean((x - theta) ** 2)
    assert error[30] > 5 * error[300] > 25 * error[3000]
    # M'(theta) = 1 - alpha = 0.1 and c = 10: the best constant, with limit alpha (1 - alpha) / M'^2 = 9.
    assert N * error[N] == pytest.approx(9.0, rel=4 * np.sqrt(2 / n) + 0.02)
    # A finite sum: the search stops short of the quantile, every one of them.
    x = np.full(200, 1.0)
    for step in range(1, N + 1):
        x = x + 0.5 / step**2 * (alpha - (rng.exponential(size=200) < x))
    assert (x < 1.0 + 0.5 * np.pi**2 / 6).all() and x.max() < theta


@pytest.mark.claim("claim-05-constant")
def test_limit_of_one_over_t_rates():
    sigma, T = 1.5, 100_000

    def square(c, h, t0, x0=1.0):
        m, out = x0**2, {}
        for t in range(1, T + 1):
            eta = c / (t + t0)
            m = (1 - eta * h) ** 2 * m + (eta * sigma) ** 2
            if t in (T // 10, T):
                out[t] = m
        return out

    for h, c in ((1.0, 0.9), (1.0, 1.0), (2.0, 1.0), (0.5, 10.0)):
        limit = c**2 * sigma**2 / (2 * c * h - 1)
        for t0 in (1.0, 40.0):
            start = (t0 + 1) ** (2 * c * h) * T ** (1 - 2 * c * h)  # what is left of x0 = 1, at most
            assert T * square(c, h, t0)[T] == pytest.approx(limit, rel=3e-3, abs=1.2 * start)
        assert noise.decay_limit(c, h, sigma) == pytest.approx(limit, rel=1e-13)
    best = minimize_scalar(lambda c: noise.decay_limit(c, 0.4), bounds=(1.3, 20), method="bounded")
    assert best.x == pytest.approx(1 / 0.4, rel=1e-4) and best.fun == pytest.approx(1 / 0.4**2)
    slow = square(0.2, 1.0, 1.0, x0=3.0)
    assert np.log10(slow[T // 10] / slow[T]) == pytest.approx(2 * 0.2, abs=0.01)
    edge = square(0.25, 2.0, 1.0)  # c h = 1/2: t E x^2 gains c^2 sigma^2 ln 10 in a tenfold time
    gained = T * edge[T] - T // 10 * edge[T // 10]
    assert gained == pytest.approx(0.25**2 * sigma**2 * np.log(10), rel=1e-3)
    # c = h = t0 = 1 is minus the running mean of the noise.
    np.testing.assert_allclose(second_moments(1 / np.arange(1.0, 31), x0=7)[1:], 1 / np.arange(1, 31))


# --- averages -----------------------------------------------------------------------


@pytest.mark.claim("claim-05-averaging")
def test_averages_reach_the_best_constant():
    h, sigma, T = 0.5, 2.0, 30_000
    t, claimed = np.arange(1, T + 1), sigma**2 / h**2
    for rates in (np.full(T, 0.2), np.full(T, 1.0), np.full(T, 3.0), t**-0.6, 2 * t**-0.75, 0.5 * t**-0.6):
        last, average = noise.moments_of_average(rates, h, sigma, x0=1.0)
        assert T * average[-1] == pytest.approx(claimed, rel=0.05)
        assert T * last[-1] > 1.5 * claimed
    # 1/t falls too fast: with c h = 1/2 neither the average nor the last iterate gets there.
    last, average = noise.moments_of_average(1 / t, h, sigma)
    assert T * average[-1] > 3 * claimed and T * last[-1] > 2 * claimed
    # An independent account for a constant rate: h T a_T = (x_1 - x_{T+1})/eta - sum of the noises.
    n, eta, steps = 20_000, 1.0, 400
    rng, x, total, xi_sum = np.random.default_rng(0), np.zeros(n), 0.0, 0.0
    first = x
    for _ in range(steps):
        xi = sigma * rng.standard_normal(n)
        total, xi_sum = total + x, xi_sum + xi
        x = x - eta * (h * x + xi)
    np.testing.assert_allclose(h * total, (first - x) / eta - xi_sum, atol=1e-9)
    assert np.var(total / steps) * steps == pytest.approx(claimed, rel=4 * np.sqrt(2 / n) + 2 / steps)


@pytest.mark.claim("claim-05-average-bias")
def test_bias_of_constant_step_averages():
    p, n, burn, steps = 0.2, 20_000, 300, 1500
    minimum, biases = np.log(p / (1 - p)), []
    for eta in (0.4, 0.2):
        rng, x = np.random.default_rng(7), np.full(n, minimum)
        where, slope = np.zeros(n), np.zeros(n)
        for k in range(burn + steps):
            s = 1 / (1 + np.exp(-x))
            if k >= burn:
                where, slope = where + x / steps, slope + (s - p) / steps
            x = x - eta * (s - (rng.random(n) < p))
        # The mean gradient is 0, up to (x_burn - x_end)/(eta steps) and chance.
        assert abs(slope.mean()) < 5 * slope.std() / np.sqrt(n) and slope.std() / np.sqrt(n) < 1e-4
        biases.append(where.mean() - minimum)
        error = where.std() / np.sqrt(n)
        h, third = p * (1 - p), p * (1 - p) * (1 - 2 * p)
        predicted = -third * eta * h / (4 * h**2)
        assert predicted == pytest.approx(-eta / 4 * (1 - 2 * p))
        assert abs(biases[-1] - predicted) < 4 * error + 0.15 * eta * abs(
            predicted
        )  # higher orders: O(eta^2)
    assert biases[0] / biases[1] == pytest.approx(2, rel=0.1)


# --- convex functions ---------------------------------------------------------------


@pytest.mark.claim("claim-05-convex")
def test_convex_bound():
    G, R, T = 3.0, 2.0, 50
    # Attained: f = G|x| from R, where the iterates never pass the minimum.
    eta = R / (G * np.sqrt(T))
    small = R / (G * T)
    x = R - small * G * np.arange(T)
    assert G * x.mean() == pytest.approx((R**2 + G**2 * T * small**2) / (2 * T * small), rel=1e-12)
    bound = minimize_scalar(
        lambda e: (R**2 + G**2 * T * e**2) / (2 * T * e), bounds=(1e-3, 9), method="bounded"
    )
    assert bound.x == pytest.approx(eta, rel=1e-3) and bound.fun == pytest.approx(R * G / np.sqrt(T))
    # The sum behind it, an equality on every path, and the bound in the mean: f = |x_1| + |x_2|, noise.
    rng, n = np.random.default_rng(0), 4000
    rates = 0.3 / np.sqrt(np.arange(1, T + 1))
    x = np.tile([1.0, -1.0], (n, 1))
    start, weighted, lengths, answer = x, 0.0, 0.0, 0.0
    for eta in rates:
        g = np.sign(x) + rng.choice([-1.0, 1.0], x.shape)
        weighted = weighted + eta * np.vecdot(g, x)
        lengths = lengths + eta**2 * np.vecdot(g, g)
        answer = answer + eta * x / rates.sum()
        x = x - eta * g
    np.testing.assert_allclose(2 * weighted, np.vecdot(start, start) - np.vecdot(x, x) + lengths, atol=1e-10)
    gap = np.abs(answer).sum(1)
    second_moment = 4.0  # E|g|^2 at most 2 (1 + 1)
    limit = (2.0 + second_moment * np.sum(rates**2)) / (2 * rates.sum())
    assert gap.mean() + 4 * gap.std() / np.sqrt(n) < limit


@pytest.mark.claim("claim-05-strongly-convex")
def test_strongly_convex_bound():
    mu, sigma = 0.7, 1.3
    for T in (1, 2, 10, 300):
        t = np.arange(1, T + 1)
        m = second_moments(2 / (mu * (t + 1)), mu, sigma, x0=2.0)  # D_t = m[t - 1]
        G2 = mu**2 * m[:T] + sigma**2  # E g_t^2, exactly
        # The line before the sum, an equality on a parabola.
        gap, eta = 0.5 * mu * m[:T], 2 / (mu * (t + 1))
        np.testing.assert_allclose(
            gap, eta * G2 / 2 + (m[:T] - m[1:]) / (2 * eta) - mu / 2 * m[:T], rtol=1e-9
        )
        total = np.sum(t / (mu * (t + 1)) * G2) - mu / 4 * T * (T + 1) * m[T]
        assert np.sum(t * gap) == pytest.approx(total, rel=1e-9)
        # The answer itself: E xbar^2 from the full covariance.
        A = np.zeros((T, T + 1))
        A[0, 0] = 1.0
        for k in range(T - 1):
            A[k + 1] = (1 - eta[k] * mu) * A[k]
            A[k + 1, k + 1] -= eta[k]
        bar = 2 / (T * (T + 1)) * t @ A
        exact = 0.5 * mu * bar**2 @ np.array([4.0] + [sigma**2] * T)
        limit = 2 * G2.max() / (mu * (T + 1))
        proof = G2.max() * np.sum(t / (mu * (t + 1))) * 2 / (T * (T + 1))  # the line before the bound
        assert exact <= np.sum(t * gap) * 2 / (T * (T + 1)) + 1e-12 <= proof <= limit
    assert proof > 0.97 * limit  # the constant is the one that the proof gives
    assert exact > limit / 50  # and the order is 1/T, not smaller


# --- where the noise comes from -----------------------------------------------------


@pytest.mark.claim("claim-05-interpolation")
def test_constant_rates_under_interpolation():
    h = np.array([1.0, 9.0])
    limit = 2 * h.mean() / np.mean(h**2)
    assert limit == pytest.approx(10 / 41)
    for eta, k in ((0.1, 5), (0.3, 8), (0.99 * limit, 4), (1.01 * limit, 4)):
        paths = np.stack(np.meshgrid(*[h] * k), axis=-1).reshape(-1, k)  # all draws, equally likely
        exact = np.mean(np.prod(1 - eta * paths, axis=1) ** 2)
        q = 1 - 2 * eta * h.mean() + eta**2 * np.mean(h**2)
        assert exact == pytest.approx(q**k, rel=1e-12) and (q < 1) == (eta < limit)
    best = minimize_scalar(lambda eta: np.mean((1 - eta * h) ** 2), bounds=(0, limit), method="bounded")
    assert best.x == pytest.approx(h.mean() / np.mean(h**2), rel=1e-5)
    assert best.fun == pytest.approx(1 - h.mean() ** 2 / np.mean(h**2))
    # In many dimensions: samples that can all be fitted, one at a time, at a constant rate.
    rng = np.random.default_rng(0)
    X, truth = rng.standard_normal((20, 30)), rng.standard_normal(30)
    rate = 0.9 / (X**2).sum(1).max()
    for labels, converges in ((X @ truth, True), (X[:, :10] @ truth[:10] + rng.standard_normal(20), False)):
        p = problems.LeastSquares(X if converges else X[:, :10], labels)
        r = run(problems.Minibatches(p, 1), np.zeros(p.dim), rate, steps=20_000, every=1000)
        assert (r.f[-1] - p.f_star < 1e-9) == converges


@pytest.mark.claim("claim-05-importance")
def test_importance_sampling():
    G = np.random.default_rng(2).standard_normal((6, 3)) * np.array([[0.1], [0.5], [1], [1], [2], [6]])
    size, n = np.linalg.norm(G, axis=1), len(G)

    def second(p):
        return np.sum(p * np.square(size / (n * p)))

    found = minimize(lambda z: second(np.exp(z) / np.exp(z).sum()), np.zeros(n), options={"gtol": 1e-10})
    p = np.exp(found.x) / np.exp(found.x).sum()
    np.testing.assert_allclose(p, size / size.sum(), rtol=1e-4)
    assert found.fun == pytest.approx(size.mean() ** 2, rel=1e-9)
    assert second(np.full(n, 1 / n)) == pytest.approx(np.mean(size**2))
    draws = np.random.default_rng(3).choice(n, p=p, size=200_000)  # unbiased only with weights 1/(n p)
    drawn = G[draws] / (n * p[draws])[:, np.newaxis]
    error = drawn.std(0) / np.sqrt(len(draws))
    assert (np.abs(drawn.mean(0) - G.mean(0)) < 4 * error).all()
    assert (np.abs(G[draws].mean(0) - G.mean(0)) > 40 * error).any()
    h = np.array([1.0, 9.0])  # p in proportion to h: every step is one of full-batch descent
    np.testing.assert_allclose(h / (2 * (h / h.sum())), h.mean())


@pytest.mark.claim("claim-05-critical-batch")
def test_critical_batch():
    rng, h, x = np.random.default_rng(4), 2.0, np.array([0.6, -0.3])
    centres = rng.standard_normal((5, 2))
    G = h * (x - centres)  # samples h |x - c_i|^2 / 2
    mean = centres.mean(0)
    g = G.mean(0)
    critical = np.square(G - g).sum(1).mean() / (g @ g)
    patients = problems.LeastSquares(*problems.diabetes())
    w = np.full(10, 0.1)
    S = noise.gradient_samples(patients, w)
    assert noise.noise_scale(patients, w) == pytest.approx(
        np.trace(np.cov(S.T, ddof=0)) / np.sum(S.mean(0) ** 2)
    )
    for B in (1, 2, 3):
        batches = np.stack(np.meshgrid(*[np.arange(5)] * B), axis=-1).reshape(-1, B)  # all, with replacement
        steps = G[batches].mean(1)

        def expected(eta, steps=steps):
            return np.mean(0.5 * h * np.square(x - eta * steps - mean).sum(1))

        best = minimize_scalar(expected, bounds=(0, 2 / h), method="bounded", options={"xatol": 1e-12})
        assert best.x == pytest.approx(1 / h / (1 + critical / B), rel=1e-5)
        assert expected(0.0) - best.fun == pytest.approx(g @ g / (2 * h) / (1 + critical / B), rel=1e-9)


@pytest.mark.claim("claim-05-permutations")
def test_plateau_of_permutations():
    def claimed(eta_h, n, s2):
        r = 1 - eta_h
        w = eta_h * r ** (n - np.arange(1, n + 1.0))
        return s2 / (1 - r ** (2 * n)) * n / (n - 1) * (np.sum(w**2) - w.sum() ** 2 / n)

    c = np.array([-1.0, 0.2, 0.5, -0.4, 0.7])
    c -= c.mean()
    orders = np.array(list(permutations(c)))  # all 120
    for h, eta in ((2.0, 0.01), (1.0, 0.3), (1.0, 1.0), (1.0, 1.7)):
        r, gained = 1 - eta * h, np.zeros(len(orders))
        for column in orders.T:
            gained = r * gained + eta * h * column
        rest = np.mean(gained**2) / (1 - r**10)  # of x <- r^5 x + gained
        assert claimed(eta * h, 5, np.mean(c**2)) == pytest.approx(rest, rel=1e-9)
    for n, eta_h in ((3, 1e-3), (50, 1e-4), (400, 1e-5)):
        independent = eta_h / (2 - eta_h)
        assert claimed(eta_h, n, 1.0) / independent == pytest.approx(eta_h**2 * n * (n + 1) / 12, rel=0.01)
    # Below 1/h less than independent draws, at 1/h as much, above it more.
    for n in (5, 20):
        for eta_h, sign in ((0.2, -1), (0.9, -1), (1.0, 0), (1.1, 1), (1.8, 1)):
            excess = claimed(eta_h, n, 1.0) / (eta_h / (2 - eta_h)) - 1
            assert np.sign(np.round(excess, 9)) == sign
    # In the mean over all steps, not only the last of an epoch.
    eta_h, mean = 1e-5, 0.0
    r, gained = 1 - eta_h, np.zeros(len(orders))
    for j, column in enumerate(orders.T, start=1):
        gained = r * gained + eta_h * column
        mean += (r ** (2 * j) * claimed(eta_h, 5, np.mean(c**2)) + np.mean(gained**2)) / 5
    assert mean / (eta_h / (2 - eta_h) * np.mean(c**2)) == pytest.approx(eta_h * 6 / 3, rel=1e-3)
    # The package's own permutations, at the ends of epochs.
    n, eta = 20, 0.05
    c = np.random.default_rng(0).standard_normal(n)
    p = problems.LeastSquares(np.ones((n, 1)), c)
    r = run(problems.Minibatches(p, 1), p.x_star, eta, steps=20 * 8000, every=20)
    rest = 2 * (r.f[100:] - p.f_star)
    assert rest.mean() == pytest.approx(claimed(eta, n, c.var()), rel=0.1)
    assert rest.mean() < 0.2 * noise.stationary_variance(eta, 1.0, c.std())


# --- early stopping -----------------------------------------------------------------


@pytest.mark.claim("claim-05-effective-time")
def test_the_sum_of_the_rates_is_the_clock():
    k = np.arange(1, 5001.0)
    steps_to = []
    for p in (0.0, 0.25, 0.5, 0.75):
        for scale in (0.5, 0.05):
            for lam in (1.0, 0.1):
                eta = scale * k**-p
                left, S, squares = np.cumsum(np.log1p(-eta * lam)), np.cumsum(eta), np.cumsum(eta**2)
                assert (left <= -lam * S + 1e-12).all() and (left >= -lam * S - lam**2 * squares).all()
        S = np.cumsum(0.5 * k**-p)
        assert (S <= 0.5 * k ** (1 - p) / (1 - p) + 1e-9).all()
        assert (S >= 0.5 * ((k + 1) ** (1 - p) - 1) / (1 - p)).all()
        N = int(np.argmax(S >= 8.0)) + 1
        assert ((1 - p) * 16) ** (1 / (1 - p)) <= N <= ((1 - p) * 16 + 1) ** (1 / (1 - p))
        steps_to.append(N)
    assert steps_to == sorted(set(steps_to))  # larger p, more steps: the correction of the folk version

    lam = np.arange(1, 61.0) ** -2

    def stop(p, m):
        rates = 0.5 * np.arange(1, 6001.0) ** -p
        left = np.cumprod(1 - rates[:, None] * lam, axis=0)
        N = int(((lam * left**2 + (1 - left) ** 2 / m).sum(1)).argmin())
        return N + 1, rates[: N + 1].sum()

    found = [stop(p, 100) for p in (0, 0.25, 0.4, 0.5)]
    assert [N for N, _ in found] == sorted({N for N, _ in found}) and found[-1][0] > 20 * found[0][0]
    assert np.ptp([S for _, S in found]) < 0.01 * found[0][1]
    assert stop(0, 400)[1] / stop(0, 100)[1] == pytest.approx(4, rel=0.03)  # this spectrum: clock ~ m
