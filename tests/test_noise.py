"""What noise leaves of the loss: against Lyapunov equations, exact covariances and many simulated runs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_discrete_lyapunov

from lrcore import run
from lrcore.analysis import noise
from lrcore.analysis.stability import FORMS, iteration_matrix, max_rate
from lrcore.directions import Momentum
from lrcore.problems import (
    MLP,
    LeastSquares,
    Logistic,
    Minibatches,
    NoisyQuadratic,
    Quadratic,
    Softmax,
    breast_cancer,
    diabetes,
)

METHOD = {"classical": "momentum", "ema": "ema", "nesterov": "nesterov"}

# --- constant rates -----------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(FORMS), st.floats(0.01, 0.97), st.floats(0.1, 100), st.floats(0, 0.95), st.floats(0, 5)
)
def test_the_stationary_variance_solves_the_lyapunov_equation(form, share, lam, beta, sigma):
    eta = share * max_rate(lam, METHOD[form], beta)
    M = iteration_matrix(eta, lam, beta, form)
    kick = (eta * (1 - beta) if form == "ema" else eta) * sigma
    scipy_says = solve_discrete_lyapunov(M, np.diag([kick**2, 0.0]))[0, 0]
    assert noise.stationary_variance(eta, lam, sigma, 1, beta, form) == pytest.approx(scipy_says, rel=1e-6)
    assert noise.stationary_loss(eta, lam, sigma, 4, beta, form) == pytest.approx(
        lam * scipy_says / 8, rel=1e-6
    )


def test_descent_is_the_formula_of_the_book():
    h, sigma = 2.0, 1.0
    eta = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    found = noise.stationary_variance(eta, h)
    assert found == pytest.approx(eta * sigma**2 / (h * (2 - eta * h)), rel=1e-13)
    assert found == pytest.approx([0.002525, 0.027778, 0.25, 2.25, 24.75], rel=1e-3)
    assert np.allclose(found, NoisyQuadratic([h]).stationary(eta)[:, 0], rtol=1e-13)
    # the form for small rates, eta sigma^2/(2h), is 10 % low at eta h = 0.2 and half at 1
    assert 0.1 / 4 / found[1] == pytest.approx(0.9) and 0.5 / 4 / found[2] == pytest.approx(0.5)
    assert np.isinf(noise.stationary_variance([1.0, 1.2], h)).all()
    assert np.isinf(noise.stationary_variance(0.1, [0.0, -1.0])).all()


@pytest.mark.parametrize("form", ["classical", "ema"])
def test_momentum_comes_to_rest_where_predicted(form):
    n, eta, beta = 4000, 0.05, 0.8
    p = NoisyQuadratic([1.0, 4.0], sigma=[1.0, 2.0], batch=2, seed=1)
    x = run(p, np.zeros((n, 2)), eta, Momentum(beta, form), steps=150).x_last
    expected = noise.stationary_variance(eta, p.eigenvalues, p.sigma, p.batch, beta, form)
    # a sample variance has a relative standard error of sqrt(2/n); 1 % for what is left of the start
    assert np.abs((x**2).mean(0) / expected - 1).max() < 4 * np.sqrt(2 / n) + 0.01


def test_more_momentum_at_the_same_speed_brings_no_more_noise():
    # small rates: classical at eta (1 - beta) moves as descent at eta does, and has the same noise ball
    plain = noise.stationary_variance(1e-4, 1.0)
    assert noise.stationary_variance(1e-5, 1.0, beta=0.9) == pytest.approx(plain, rel=1e-3)
    assert noise.stationary_variance(1e-4, 1.0, beta=0.9) == pytest.approx(10 * plain, rel=1e-3)


# --- falling rates and averages -----------------------------------------------------


@pytest.mark.parametrize("c", [0.75, 1.0, 2.0, 5.0])
def test_one_over_t_reaches_its_limit(c):
    t = np.arange(1, 40_001)
    square = NoisyQuadratic([1.0], sigma=1.5).moments([1.0], c / (t + 5 * c))[1][-1, 0]
    assert t[-1] * square == pytest.approx(noise.decay_limit(c, 1.0, sigma=1.5), rel=0.02)


def test_a_constant_that_is_too_small_loses_the_rate():
    t = np.arange(1, 100_001)
    square = NoisyQuadratic([1.0]).moments([1.0], 0.3 / t)[1][:, 0]
    slope = np.log(square[100_000] / square[10_000]) / np.log(10)
    assert slope == pytest.approx(-0.6, abs=0.02) and noise.decay_limit(0.3, 1.0) == np.inf
    c = np.linspace(0.51, 5, 1000)
    assert c[noise.decay_limit(c, 0.5).argmin()] == pytest.approx(2.0, abs=0.01)  # best: c = 1/lambda
    assert noise.decay_limit(2.0, 0.5, 3.0) == pytest.approx(noise.polyak_ruppert(0.5, 3.0)) == 36.0


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.floats(0.1, 3), st.floats(0, 2), st.floats(-2, 2), st.integers(0, 1000))
def test_moments_of_the_average_equal_the_full_covariance(T, lam, sigma, x0, seed):
    rates = np.random.default_rng(seed).uniform(0.01, 1, T)
    A = np.zeros((T + 1, T + 1))  # x_t as a linear function of x0 and the noises
    A[0, 0] = 1
    for t, eta in enumerate(rates):
        A[t + 1] = (1 - eta * lam) * A[t]
        A[t + 1, t + 1] -= eta
    second = np.diag([x0**2, *[sigma**2] * T])
    averages = np.cumsum(A[1:], axis=0) / np.arange(1, T + 1)[:, None]
    last, average = noise.moments_of_average(rates, lam, sigma, x0)
    assert last == pytest.approx(np.diag(A[1:] @ second @ A[1:].T), abs=1e-12)
    assert average == pytest.approx(np.diag(averages @ second @ averages.T), abs=1e-12)


def test_averaging_gets_the_best_limit_without_knowing_the_curvature():
    t = np.arange(1, 20_001)
    for scale in (0.5, 1.0, 2.0):
        last, average = noise.moments_of_average(scale * t**-0.6, lam=0.5)
        assert t[-1] * average[-1] == pytest.approx(noise.polyak_ruppert(0.5), rel=0.1)
        assert last[-1] > 5 * average[-1]
    constant = noise.moments_of_average(np.full(20_000, 0.2), lam=0.5)
    assert 20_000 * constant[1][-1] == pytest.approx(4.0, rel=1e-2)
    assert constant[0][-1] == pytest.approx(noise.stationary_variance(0.2, 0.5), rel=1e-12)


# --- real problems ------------------------------------------------------------------

CANCER = breast_cancer()
PATIENTS = LeastSquares(*diabetes())


@pytest.mark.parametrize(
    "problem",
    [
        LeastSquares(CANCER[0][:40], CANCER[1][:40]),
        Logistic(CANCER[0][:40], CANCER[1][:40], 0.1),
        Softmax(CANCER[0][:40], CANCER[1][:40]),
        MLP(CANCER[0][:40], CANCER[1][:40], hidden=(3,)),
    ],
    ids=lambda p: type(p).__name__,
)
def test_sample_gradients_average_to_the_gradient(problem):
    x = np.random.default_rng(0).standard_normal(problem.dim)
    G = noise.gradient_samples(problem, x)
    assert G.shape == (40, problem.dim) and np.allclose(G.mean(0), problem.grad(x), atol=1e-13)
    one = np.stack([problem.subset([i]).grad(x) for i in range(40)])
    spread = np.trace(np.cov(one.T, ddof=0))
    assert noise.noise_scale(problem, x) == pytest.approx(spread / np.sum(problem.grad(x) ** 2), rel=1e-10)


def simulated_plateau(p, eta, size, rows=1500, steps=1500, burn=500):
    """Batches drawn with replacement, all rows at once; by the formula of least squares, not by ours."""
    rng, w, total = np.random.default_rng(0), np.tile(p.x_star, (rows, 1)), np.zeros(rows)
    for k in range(steps):
        chosen = rng.integers(0, p.n, (rows, size))
        X = p.X[chosen]
        error = np.einsum("rbd,rd->rb", X, w) - p.y[chosen]
        w = w - eta * np.einsum("rb,rbd->rd", error, X) / size
        if k >= burn and k % 50 == 0:
            total += p.f(w) - p.f_star
    means = total / len(range(burn, steps, 50))
    return means.mean(), means.std() / np.sqrt(rows)


@pytest.mark.parametrize("size", [1, 4])
def test_the_plateau_of_real_data_is_predicted(size):
    eta = 0.01  # few, independent columns: 1500 steps are enough to come to rest
    X = PATIENTS.X[:, [0, 1, 2, 3, 8]]
    p = LeastSquares(X, PATIENTS.y)
    measured, error = simulated_plateau(p, eta, size, rows=400)
    predicted = noise.plateau(p, eta, size)
    assert abs(measured - predicted) < 4 * error + 0.04 * predicted
    assert noise.plateau(p, 2 * eta, size) > 2 * predicted


def test_the_plateau_solves_the_lyapunov_equation_at_any_stable_rate():
    C = np.cov(noise.gradient_samples(PATIENTS, PATIENTS.x_star).T, ddof=0)
    for share in (0.1, 0.5, 0.9):
        eta = share * 2 / PATIENTS.L
        scipy_says = solve_discrete_lyapunov(np.eye(10) - eta * PATIENTS.H, eta**2 * C / 3)
        expected = 0.5 * np.trace(PATIENTS.H @ scipy_says)
        assert noise.plateau(PATIENTS, eta, 3) == pytest.approx(expected, rel=1e-9)


def test_permutations_come_lower_than_the_formula_for_independent_batches():
    eta = 0.002
    r = run(Minibatches(PATIENTS, 4), PATIENTS.x_star, eta, steps=8000)
    measured = (r.f[2000:] - PATIENTS.f_star).mean()
    assert 0 < measured < 0.5 * noise.plateau(PATIENTS, eta, 4)


def test_plateau_of_a_noisy_mean_and_of_rates_beyond_the_edge():
    c = np.random.default_rng(1).standard_normal(50)
    p = LeastSquares(np.ones((50, 1)), c)  # f = (w - c_i)^2 / 2 in the mean: the model of vSGD
    eta = np.array([0.1, 1.0, 1.9, 2.0, 2.1])
    assert noise.plateau(p, eta, 5)[:3] == pytest.approx(noise.stationary_loss(eta[:3], 1.0, c.std(), 5))
    assert np.isinf(noise.plateau(p, eta)[3:]).all()
    fits = LeastSquares([[1.0, 2.0], [3.0, 1.0], [1.0, 1.0]], [3.0, 4.0, 2.0])  # w = (1, 1) fits every sample
    assert noise.plateau(fits, 0.01) == pytest.approx(0, abs=1e-28)  # interpolation: no noise, no plateau
    strong = Logistic(*CANCER, 0.1)
    assert noise.plateau(strong, 0.01) == pytest.approx(noise.plateau(strong, 0.01, x=strong.x_star))


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: noise.stationary_variance(0.1, 1.0, sigma=-1.0), ValueError, "sigma"),
        (lambda: noise.stationary_variance(0.1, 1.0, batch=0), ValueError, "batch"),
        (lambda: noise.decay_limit(1.0, 0.0), ValueError, "lam"),
        (lambda: noise.decay_limit(-1.0, 1.0), ValueError, "greater than 0"),
        (lambda: noise.polyak_ruppert(1.0, -1.0), ValueError, "sigma"),
        (lambda: noise.moments_of_average(0.1, 1.0), ValueError, "shape"),
        (lambda: noise.moments_of_average([0.1], "a"), TypeError, "lam"),
        (lambda: noise.gradient_samples(Quadratic([1.0]), [1.0]), TypeError, "with samples"),
        (lambda: noise.gradient_samples(PATIENTS, [1.0]), ValueError, "shape"),
        (lambda: noise.plateau(Logistic(*CANCER), 0.1), ValueError, "no known minimiser"),
        (lambda: noise.plateau(PATIENTS, 0.1, size=0), ValueError, "size"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 05" in str(caught.value)
