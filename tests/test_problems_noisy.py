"""The noisy quadratic: its noise is what it promises, and its moments are those of many runs."""

import numpy as np
import pytest

from lrcore import run
from lrcore.problems import NoisyQuadratic, Problem, Quadratic

TURN = np.linalg.qr(np.random.default_rng(5).standard_normal((3, 3)))[0]


def test_without_noise_it_is_the_bowl():
    x = np.random.default_rng(0).standard_normal((4, 3))
    args = {"x_star": [1.0, 2.0, 3.0], "basis": TURN}
    noisy, bowl = NoisyQuadratic([1.0, 2.0, 5.0], 0.0, **args), Quadratic([1.0, 2.0, 5.0], **args)
    for p in (noisy, noisy.at(3)):
        assert np.allclose(p.f(x), bowl.f(x), rtol=1e-14) and np.array_equal(p.grad(x), bowl.grad(x))
        assert np.array_equal(p.hessian(x), bowl.hessian(x)) and isinstance(p, Problem)
    assert (noisy.L, noisy.mu, noisy.f_star) == (5.0, 1.0, 0.0)
    assert repr(noisy) == "NoisyQuadratic([1.0, 2.0, 5.0], sigma=0, batch=1)"


def test_noise_depends_on_seed_and_step_alone():
    p, again = NoisyQuadratic([1.0, 2.0], seed=4), NoisyQuadratic([1.0, 2.0], seed=4)
    x = np.ones((5, 2))
    forwards = [p.at(k).grad(x) for k in range(6)]
    backwards = [again.at(k).grad(x) for k in reversed(range(6))][::-1]
    assert np.array_equal(forwards, backwards)
    assert np.unique(forwards).size == 60  # steps, rows and coordinates all differ
    assert np.array_equal(forwards[2][0], p.at(2).grad(x[0]))  # row 0 is the single run
    assert not np.isin(NoisyQuadratic([1.0, 2.0], seed=5).at(0).grad(x), forwards).any()
    step = p.at(0)
    assert np.array_equal(step.grad(x), step.grad(x)) and np.array_equal(p.grad(x), x * [1.0, 2.0])


def test_the_value_of_a_step_has_the_gradient_of_the_step():
    p = NoisyQuadratic([1.0, 3.0, 9.0], [1.0, 0.5, 2.0], seed=2, x_star=[1.0, 0.0, 2.0], basis=TURN)
    step, x, h = p.at(7), np.random.default_rng(1).standard_normal((4, 3)), 1e-6
    assert np.allclose(step.f(np.tile(p.x_star, (4, 1))), 0.0)
    for i in range(3):
        e = h * np.eye(3)[i]
        assert np.allclose((step.f(x + e) - step.f(x - e)) / (2 * h), step.grad(x)[:, i], atol=1e-7)


def test_noise_has_the_stated_covariance_in_the_modes():
    sigma, n = np.array([1.0, 0.5, 2.0]), 200_000
    p = NoisyQuadratic([1.0, 2.0, 3.0], sigma, batch=4, seed=1, basis=TURN)
    modes = p.noise(0, (n, 3)) @ TURN
    scaled = modes / (
        sigma / 2
    )  # now standard normal: a mean has standard error 1/sqrt n, a variance sqrt(2/n)
    assert np.abs(scaled.mean(0)).max() < 4.5 / np.sqrt(n)
    assert np.abs(np.cov(scaled.T) - np.eye(3)).max() < 4.5 * np.sqrt(2 / n)


RATES = {"constant": 0.1, "root": 0.15 / np.sqrt(1 + np.arange(40)), "linear": np.linspace(0.19, 1e-4, 40)}


@pytest.mark.parametrize("rates", RATES.values(), ids=RATES)
def test_moments_are_those_of_many_runs(rates):
    n, x0 = 20_000, np.array([2.0, -1.0, 1.0])
    p = NoisyQuadratic([1.0, 4.0, 10.0], [1.0, 2.0, 3.0], batch=2, seed=3, x_star=[0.5, 0.0, 1.0], basis=TURN)
    eta = rates if np.ndim(rates) == 0 else (lambda k: rates[k])
    r = run(p, np.tile(x0, (n, 1)), eta, steps=40, record_x=True, every=10)
    mean, square = p.moments(x0, rates, steps=40)
    c = p.modes(r.x)  # (5, n, 3)
    for k in (0, 10, 20, 30, 40):
        got, spread = c[k // 10], c[k // 10].std(0) + 1e-12
        assert (np.abs(got.mean(0) - mean[k]) < 4.5 * spread / np.sqrt(n) + 1e-12).all()
        assert (np.abs((got**2).mean(0) - square[k]) < 4.5 * (got**2).std(0) / np.sqrt(n) + 1e-12).all()
    expected = p.expected_f(x0, rates, steps=40)[::10]
    assert (np.abs(r.f.mean(1) - expected) < 4.5 * r.f.std(1) / np.sqrt(n) + 1e-12).all()


def test_moments_at_one_over_t_are_the_running_mean_of_the_noise():
    # h = 1, eta_t = 1/(t + 1): x_t is minus the mean of t noises, so that E x_t^2 = sigma^2 / t exactly
    p, t = NoisyQuadratic([1.0], sigma=3.0), np.arange(1, 101)
    mean, square = p.moments([5.0], 1.0 / t)
    assert np.allclose(mean[1:], 0) and np.allclose(square[1:, 0], 9.0 / t, rtol=1e-12)


def test_stationary_moments():
    p = NoisyQuadratic([2.0])
    for eta, limit in ((0.01, 0.0025253), (0.1, 0.0277778), (0.5, 0.25), (0.9, 2.25), (0.99, 24.75)):
        assert p.stationary(eta)[0] == pytest.approx(limit, rel=1e-4)
        assert p.moments([1.0], eta, steps=3000)[1][-1, 0] == pytest.approx(p.stationary(eta)[0], rel=1e-10)
    assert np.isinf(p.stationary([1.0, 1.5])).all()
    assert NoisyQuadratic([2.0], batch=10).stationary(0.5) == pytest.approx([0.025], rel=1e-14)
    assert np.isinf(NoisyQuadratic([0.0, -1.0, 1.0]).stationary(0.1)).tolist() == [True, True, False]
    # the four rates of the exact version of the exam's four curves: h = 10, sigma = 1, x0 = 1, 150 steps
    f = NoisyQuadratic([10.0]).expected_f(np.ones((3, 1)), np.tile([0.1, 0.01, 0.001], (150, 1)))[-1]
    assert f == pytest.approx([0.05, 0.0026316, 0.2454], rel=5e-4)
    assert NoisyQuadratic([10.0]).expected_f([1.0], 0.5, 150)[-1] == pytest.approx(2e181, rel=0.5)


def test_moments_of_a_batch_of_rates():
    p, rates = NoisyQuadratic([1.0, 3.0]), np.array([0.1, 0.2, 0.3])
    mean, square = p.moments([1.0, 1.0], np.tile(rates, (7, 1)))
    assert mean.shape == square.shape == (8, 3, 2)
    for i, eta in enumerate(rates):
        alone = p.moments([1.0, 1.0], eta, steps=7)
        assert np.array_equal(mean[:, i], alone[0]) and np.array_equal(square[:, i], alone[1])


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: NoisyQuadratic([1.0], sigma=-1.0), ValueError, "sigma"),
        (lambda: NoisyQuadratic([1.0], sigma=[1.0, 2.0]), ValueError, "sigma"),
        (lambda: NoisyQuadratic([1.0], sigma="a"), TypeError, "sigma"),
        (lambda: NoisyQuadratic([1.0], batch=0), ValueError, "batch"),
        (lambda: NoisyQuadratic([1.0], seed=-1), ValueError, "seed"),
        (lambda: NoisyQuadratic([1.0]).at(-1), ValueError, "k must be"),
        (lambda: NoisyQuadratic([1.0]).moments([1.0], 0.1), TypeError, "steps"),
        (lambda: NoisyQuadratic([1.0]).moments([1.0], [0.1, -0.1]), ValueError, "greater than 0"),
        (lambda: NoisyQuadratic([1.0]).stationary(0.0), ValueError, "greater than 0"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 05" in str(caught.value)
