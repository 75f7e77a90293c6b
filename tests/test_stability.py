"""The formulas of stability, against the eigenvalues of iteration matrices and against runs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import run
from lrcore.analysis import stability as s
from lrcore.directions import Momentum
from lrcore.problems import Quadratic

FORM = {"gd": "classical", "momentum": "classical", "ema": "ema", "nesterov": "nesterov"}
CURVATURE = st.floats(1e-3, 1e3)
BETA = st.floats(0, 0.99)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(s.METHODS), CURVATURE, BETA)
def test_the_edge_is_where_the_spectral_radius_is_one(method, L, beta):
    edge = s.max_rate(L, method, beta)
    used = 0.0 if method == "gd" else beta
    assert s.spectral_radius(edge * (1 - 1e-6), L, used, FORM[method]) < 1
    assert s.spectral_radius(edge * (1 + 1e-6), L, used, FORM[method]) > 1


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(s.METHODS), CURVATURE, BETA, st.floats(1e-4, 0.9999))
def test_below_the_edge_every_smaller_curvature_is_stable_too(method, L, beta, share):
    edge = s.max_rate(L, method, beta)
    used = 0.0 if method == "gd" else beta
    lam = L * np.linspace(0.01, 1, 30)
    assert (s.spectral_radius(share * edge, lam, used, FORM[method]) < 1).all()


@pytest.mark.parametrize("method, direction", [("momentum", "classical"), ("ema", "ema")])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_runs_obey_the_edge(method, direction, beta):
    edge = s.max_rate(10.0, method, beta)
    r = run(
        Quadratic([1.0, 10.0]),
        [1.0, 1.0],
        edge * np.array([0.98, 1.02]),
        Momentum(beta, direction),
        steps=6000,
        tol=1e-9,
    )
    assert r.status.tolist() == ["converged", "diverged"]


def nesterov_path(eta, lam, beta, steps):
    before = x = 1.0
    for _ in range(steps):
        ahead = x + beta * (x - before)
        before, x = x, ahead - eta * lam * ahead
    return abs(x)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_nesterov_written_out_obeys_its_edge(beta):
    edge = s.max_rate(10.0, "nesterov", beta)
    assert nesterov_path(0.98 * edge, 10.0, beta, 3000) < 1e-6
    assert nesterov_path(1.02 * edge, 10.0, beta, 3000) > 1e6
    assert edge < s.max_rate(10.0)  # smaller than the range of plain descent


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(s.FORMS), CURVATURE, BETA, st.floats(0.01, 3))
def test_the_iteration_matrix_makes_the_steps(form, lam, beta, product):
    eta = product / lam
    M = s.iteration_matrix(eta, lam, beta, form)
    x, before = 0.7, -0.4
    if form == "nesterov":
        ahead = x + beta * (x - before)
        after = ahead - eta * lam * ahead
    else:
        rate = eta * (1 - beta) if form == "ema" else eta
        after = x - rate * lam * x + beta * (x - before)
    assert np.allclose(M @ [x, before], [after, x], rtol=1e-12, atol=1e-12)


def test_without_momentum_the_spectral_radius_is_the_factor_of_gradient_descent():
    eta, lam = np.array([[0.05], [0.15], [0.3]]), np.array([1.0, 5.0, 10.0])
    assert np.allclose(s.spectral_radius(eta, lam), np.abs(1 - eta * lam), atol=1e-15)
    assert np.allclose(s.gd_factor(eta, lam), 1 - eta * lam, rtol=0, atol=0)


def test_published_values():
    # kappa = 10: Polyak's best heavy ball, and the two best rates of Nesterov's method (Lessard et al. 2016)
    mu, L, kappa = 1.0, 10.0, 10.0
    root = math.sqrt(kappa)
    rate, beta = 4 / (math.sqrt(L) + math.sqrt(mu)) ** 2, ((root - 1) / (root + 1)) ** 2
    # at a double root eigenvalues are good to half the digits only
    assert s.spectral_radius(rate, [mu, L], beta) == pytest.approx((root - 1) / (root + 1), abs=1e-7)
    beta = (root - 1) / (root + 1)
    assert s.spectral_radius(1 / L, mu, beta, "nesterov") == pytest.approx(1 - 1 / root, abs=1e-7)
    w = math.sqrt(3 * kappa + 1)
    radius = s.spectral_radius(4 / (3 * L + mu), [mu, L], (w - 2) / (w + 2), "nesterov")
    assert radius.max() == pytest.approx(1 - 2 / w, abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(CURVATURE, st.floats(1, 1e4), st.floats(-0.5, 1))
def test_the_best_rate_has_the_least_contraction(mu, kappa, shift):
    L = mu * kappa
    best = s.best_rate(mu, L)
    assert s.contraction(best, mu, L) == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-12)
    assert s.contraction(best * (1 + shift), mu, L) >= s.contraction(best, mu, L) - 1e-12


def test_contraction_bounds_every_step_of_a_run():
    bowl = Quadratic([1.0, 3.0, 10.0])
    for eta in (0.05, 0.1, 2 / 11, 0.19):
        x = run(bowl, [1.0, 1.0, 1.0], eta, steps=30, record_x=True).x
        distance = np.linalg.norm(x, axis=1)
        assert (distance[1:] <= s.contraction(eta, 1.0, 10.0) * distance[:-1] * (1 + 1e-12)).all()


def test_regimes_by_name_and_by_behaviour():
    assert s.regime([0.05, 0.1, 0.15, 0.2, 0.25], 10.0).tolist() == list(s.REGIMES)
    for eta, name in zip([0.05, 0.1, 0.15, 0.2, 0.25], s.REGIMES, strict=True):
        assert s.regime(eta, 10.0) == name and isinstance(s.regime(eta, 10.0), str)
        x = run(Quadratic([10.0]), [1.0], eta, steps=8, record_x=True).x[:, 0]
        seen = {
            "monotone": (x > 0).all() and (np.diff(x) < 0).all(),
            "one step": x[0] == 1 and not x[1:].any(),
            "alternating": (x[1:] * x[:-1] < 0).all() and (np.diff(np.abs(x)) < 0).all(),
            "edge": np.array_equal(x, [1, -1] * 4 + [1]),
            "diverging": (np.diff(np.abs(x)) > 0).all(),
        }
        assert [n for n, is_so in seen.items() if is_so] == [name]


@settings(max_examples=200, deadline=None)
@given(CURVATURE)
def test_the_marks_of_a_slider_are_met_in_spite_of_rounding(L):
    assert s.regime(1 / L, L) == "one step" and s.regime(2 / L, L) == "edge"
    assert s.regime(2 / L * (1 + 1e-9), L) == "diverging" and s.regime(2 / L * (1 - 1e-9), L) == "alternating"
    assert s.regime(1 / L * (1 + 1e-9), L) == "alternating" and s.regime(1 / L * (1 - 1e-9), L) == "monotone"


def test_flat_and_negative_curvature():
    assert s.regime(0.1, [0.0, -1.0]).tolist() == ["edge", "diverging"]


@settings(max_examples=200, deadline=None)
@given(st.floats(1e-12, 0.999), st.floats(0, 0.9999))
def test_steps_to_is_the_first_step_that_is_enough(eps, rho):
    k = s.steps_to(eps, rho)
    assert isinstance(k, int) and k >= 1
    assert rho**k <= eps * (1 + 1e-9)
    assert k == 1 or rho ** (k - 1) > eps * (1 - 1e-9)


def test_steps_to_at_exact_powers_and_at_the_edge():
    assert [s.steps_to(0.5**k, 0.5) for k in (1, 2, 10, 40)] == [1, 2, 10, 40]
    assert s.steps_to(1e-6, 0.1) == 6 and s.steps_to(1e-3, 0.0) == 1
    assert s.steps_to(0.1, 1.0) == s.steps_to(0.1, 1.5) == math.inf


# --- rate and momentum together -----------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(s.FORMS), st.floats(1e-4, 20), st.floats(-3, 30), BETA)
def test_the_radius_in_closed_form_is_that_of_numpys_eigenvalues(form, eta, lam, beta):
    numpy_says = np.abs(np.linalg.eigvals(s.iteration_matrix(eta, lam, beta, form))).max()
    # at a double root the eigenvalues are known to half the digits only
    assert s.spectral_radius(eta, lam, beta, form) == pytest.approx(numpy_says, rel=1e-6, abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(s.FORMS), st.floats(1e-3, 1), st.floats(1, 100), st.floats(0.01, 3), BETA)
def test_the_worst_curvature_is_at_an_end(form, mu, kappa, share, beta):
    L = kappa * mu
    eta, lam = share / L, np.linspace(mu, L, 200)
    worst = s.worst_radius(eta, mu, L, beta, form)
    assert worst >= s.spectral_radius(eta, lam, beta, form).max() * (1 - 1e-12)


def test_the_region_is_bounded_by_the_edge():
    L, betas = 10.0, np.linspace(0, 0.99, 40)
    etas = np.linspace(0.001, 0.5, 300)
    for form, method in (("classical", "momentum"), ("ema", "ema"), ("nesterov", "nesterov")):
        grid = s.region(etas, betas, 1.0, L, form)
        assert grid.shape == (40, 300)
        assert np.array_equal(grid < 1, etas < s.max_rate(L, method, betas)[:, None])
        assert grid[7, 11] == s.worst_radius(etas[11], 1.0, L, betas[7], form)


@pytest.mark.parametrize("form", s.FORMS)
@pytest.mark.parametrize("kappa", [2.0, 10.0, 300.0])
def test_the_optimum_is_the_one_that_a_search_finds(form, kappa):
    best = s.optimal(1.0, kappa, form)
    assert s.worst_radius(best.eta, 1.0, kappa, best.beta, form) == pytest.approx(best.radius, abs=1e-6)
    etas, betas = best.eta * np.linspace(0.3, 2.5, 400), np.linspace(0, 0.999, 401)
    around = s.region(np.append(etas, best.eta), np.append(betas, best.beta), 1.0, kappa, form)
    assert around.min() >= best.radius - 1e-6
    near = s.region(best.eta * np.array([0.98, 1.02]), [best.beta], 1.0, kappa, form)
    assert (near > best.radius + 1e-4 / kappa).all()  # neither side is as good


def test_the_numbers_of_the_book_at_condition_ten():
    assert s.optimal(1.0, 10.0) == pytest.approx((0.230886, 0.269874, 0.519494), abs=1e-6)
    assert s.optimal(1.0, 10.0, "nesterov").radius == pytest.approx(0.640789, abs=1e-6)
    assert s.nesterov_textbook(1.0, 10.0).radius == pytest.approx(0.683772, abs=1e-6)
    textbook = s.nesterov_textbook(1.0, 10.0)
    assert s.worst_radius(textbook.eta, 1.0, 10.0, textbook.beta, "nesterov") == pytest.approx(
        textbook.radius
    )
    assert s.optimal(1.0, 25.0)[:2] == pytest.approx((1 / 9, 4 / 9), rel=1e-12)  # Lessard's example
    assert [s.max_rate(10.0, "momentum", b) for b in (0, 0.5, 0.9, 0.99)] == pytest.approx(
        [0.2, 0.3, 0.38, 0.398]
    )
    assert s.optimal(2.0, 2.0) == pytest.approx((0.5, 0.0, 0.0))  # no condition, no need of momentum


@pytest.mark.parametrize("form", ["classical", "ema"])
def test_heavy_ball_at_its_optimum_reaches_the_radius_from_above(form):
    best = s.optimal(1.0, 100.0, form)
    x = run(Quadratic([1.0, 100.0]), [1.0, 1.0], best.eta, Momentum(best.beta, form), 150, record_x=True).x
    size = np.linalg.norm(x, axis=1)
    per_step = (size[150] / size[100]) ** (1 / 50)
    assert best.radius < per_step < best.radius * 1.01
    assert per_step < (100 - 1) / (100 + 1)  # what descent could reach


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: s.gd_factor(-0.1, 1.0), ValueError, "greater than 0"),
        (lambda: s.gd_factor("a", 1.0), TypeError, "real numbers"),
        (lambda: s.gd_factor(0.1, np.inf), ValueError, "finite"),
        (lambda: s.gd_factor(0.1, None), TypeError, "real numbers"),
        (lambda: s.max_rate(0.0), ValueError, "L must be greater than 0"),
        (lambda: s.max_rate([1.0, -1.0]), ValueError, "L must be"),
        (lambda: s.max_rate(1.0, "adam"), ValueError, "'gd', 'momentum', 'ema', 'nesterov'"),
        (lambda: s.max_rate(1.0, "ema", 1.0), ValueError, r"beta must be in \[0, 1\)"),
        (lambda: s.max_rate(1.0, "gd", "a"), TypeError, "beta"),
        (lambda: s.best_rate(2.0, 1.0), ValueError, "mu must be in"),
        (lambda: s.best_rate(-1.0, 1.0), ValueError, "mu must be in"),
        (lambda: s.contraction(0.0, 1.0, 2.0), ValueError, "greater than 0"),
        (lambda: s.iteration_matrix(0.1, 1.0, 0.5, "gd"), ValueError, "form must be one of"),
        (lambda: s.spectral_radius(0.1, 1.0, -0.5), ValueError, "beta"),
        (lambda: s.worst_radius(0.1, 2.0, 1.0), ValueError, "mu must be in"),
        (lambda: s.region(0.1, [0.5], 1.0, 2.0), ValueError, "axes of a grid"),
        (lambda: s.region([0.1], [1.5], 1.0, 2.0), ValueError, "beta"),
        (lambda: s.optimal(0.0, 1.0), ValueError, "mu must be"),
        (lambda: s.optimal(2.0, 1.0), ValueError, "L must be"),
        (lambda: s.optimal(1.0, 2.0, "gd"), ValueError, "form must be"),
        (lambda: s.nesterov_textbook(1.0, "a"), TypeError, "L must be"),
        (lambda: s.steps_to(0.0, 0.5), ValueError, "eps"),
        (lambda: s.steps_to(1.0, 0.5), ValueError, "eps"),
        (lambda: s.steps_to(0.1, -0.5), ValueError, "rho"),
        (lambda: s.steps_to(0.1, [0.5, 0.6]), TypeError, "one number"),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 02" in str(caught.value)
