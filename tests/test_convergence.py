"""The fit of a convergence law: right where the law is known, silent where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import run
from lrcore.analysis import convergence, stability
from lrcore.directions import Momentum
from lrcore.problems import Function, Logistic, Minibatches, NoisyQuadratic, Quadratic, breast_cancer

K = np.arange(400)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.3, 0.999), st.floats(1e-6, 1e6), st.integers(60, 400))
def test_a_geometric_sequence_is_linear(factor, scale, n):
    found = convergence.fit(scale * factor ** K[:n], 0.0)
    if factor**n > 0.9:
        assert found.kind in ("linear", "not decided")
    else:
        assert found.kind == "linear" and found.factor == pytest.approx(factor, rel=1e-9)
        assert found.spread < 1e-9 and found.linear_error < 1e-9 < found.power_error


@settings(max_examples=60, deadline=None)
@given(st.floats(0.3, 4), st.floats(1e-3, 1e6), st.integers(100, 400))
def test_a_power_is_a_power_law(exponent, scale, n):
    found = convergence.fit(scale * np.maximum(K[:n], 1.0) ** -exponent, 0.0)
    assert found.kind == "power law" and found.exponent == pytest.approx(exponent, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.9, 0.98))
def test_noise_in_the_values_does_not_turn_the_verdict(seed, factor):
    values = factor ** K[:200] * np.exp(0.1 * np.random.default_rng(seed).standard_normal(200))
    found = convergence.fit(values, 0.0)
    assert found.kind != "power law"
    if factor <= 0.94:  # nearer to 1 the fall is so small that noise can leave the question open
        assert found.kind == "linear"
    if found.kind == "linear":
        assert found.factor == pytest.approx(factor, abs=0.002)


def test_descent_on_a_bowl_shrinks_f_by_the_squared_contraction():
    bowl = Quadratic.from_condition(20.0, 5, seed=1)
    eta = stability.best_rate(bowl.mu, bowl.L)
    found = convergence.fit(run(bowl, np.ones(5), eta, steps=150), bowl.f_star)
    assert found.kind == "linear"
    assert found.factor == pytest.approx(stability.contraction(eta, bowl.mu, bowl.L) ** 2, rel=1e-3)


def test_heavy_ball_oscillates_and_is_linear_all_the_same():
    bowl = Quadratic([1.0, 30.0])
    eta, beta = 0.02, 0.9
    found = convergence.fit(run(bowl, [1.0, 1.0], eta, Momentum(beta), steps=400), 0.0)
    radius = stability.worst_radius(eta, 1.0, 30.0, beta)
    assert found.kind == "linear" and found.factor == pytest.approx(radius**2, rel=5e-3)


def test_a_flat_minimum_gives_a_power_law():
    # x' = -4 x^3 has x^2 = 1/(8t), so that f = x^4 falls like t^-2
    flat = Function(lambda x: (x**4).sum(-1), lambda x: 4 * x**3, dim=1)
    found = convergence.fit(run(flat, [1.0], 0.05, steps=5000), 0.0)
    assert found.kind == "power law" and found.exponent == pytest.approx(2.0, abs=0.02)
    kappa_infinite = Logistic([[1.0], [2.0]], [1, 1])  # separable: f falls for ever, about like 1/t
    found = convergence.fit(run(kappa_infinite, [0.0], 1.0, steps=5000), 0.0)
    assert found.kind == "power law" and found.exponent == pytest.approx(1.0, abs=0.05)


def test_one_over_t_under_noise_is_a_power_law():
    f = NoisyQuadratic([1.0]).expected_f([1.0], 2.0 / (10 + np.arange(3000)))
    found = convergence.fit(f, 0.0)
    assert found.kind == "power law" and found.exponent == pytest.approx(1.0, abs=0.05)


def test_a_real_problem_with_its_minimum():
    p = Logistic(*breast_cancer(), l2=0.1)
    found = convergence.fit(run(p, np.zeros(30), 1 / p.L, steps=300), p.f_star)
    assert found.kind == "linear" and found.factor < (1 - 1 / p.kappa) ** 2
    wrong = convergence.fit(run(p, np.zeros(30), 1 / p.L, steps=300), p.f_star - 0.05)
    assert wrong.kind == "not decided"  # with another f* the curve flattens, and no law holds


@pytest.mark.parametrize(
    "values, words",
    [
        (np.ones(100), "less than 10 %"),
        (0.5 ** K[:15], "only 12 steps"),
        (2.0**K, "less than 10 %"),
        (np.append(0.9 ** K[:100], np.nan), "not finite from step 100"),
        (np.zeros(100), "only 0 steps"),
        (np.exp(-((K / 60.0) ** 2)) + 1e-9, "neither"),
        (np.exp(-((K / 60.0) ** 1.2)), "neither"),  # nearer to linear than to a power, but not near
    ],
)
def test_no_verdict_where_there_is_none(values, words):
    found = convergence.fit(values, 0.0)
    assert found.kind == "not decided" and words in found.reason
    assert found.factor is found.exponent is None and repr(found).startswith("Fit(not decided: ")


def test_a_window_too_narrow_to_tell_the_laws_apart():
    noise = 0.02 * np.random.default_rng(0).standard_normal(1000)
    values = 0.99 ** np.arange(1000) * np.exp(noise)
    assert convergence.fit(values, 0.0).kind == "linear"
    late = convergence.fit(values, 0.0, skip=0.9)
    assert late.kind == "not decided" and "both laws fit" in late.reason
    assert max(late.linear_error, late.power_error) <= 0.03


def test_values_that_touch_the_minimum_on_their_way():
    dips = 0.95**K * (np.cos(0.31 * K) ** 2 + 1e-9)  # as of a mode that swings through x*
    found = convergence.fit(dips, 0.0)
    assert found.kind == "linear" and found.factor == pytest.approx(0.95, abs=1e-3)


def test_a_noise_ball_is_no_law():
    p = Logistic(*breast_cancer(), l2=0.1)
    r = run(Minibatches(p, 4), np.zeros(30), 0.05, steps=2000)
    assert convergence.fit(r, p.f_star).kind == "not decided"


def test_rounding_errors_are_left_out():
    bowl = Quadratic([1.0, 3.0])
    shifted = run(bowl, [1.0, 1.0], 0.3, steps=300)
    found = convergence.fit(shifted.f + 5.0, 5.0)  # nothing but rounding is left after some 45 steps
    assert found.kind == "linear" and found.factor == pytest.approx(0.49, rel=1e-2)
    assert found.window[1] < 60
    ragged = 5.0 + 0.49**K + 4e-15 * (-1.0) ** K  # below f* by roundings: no reason to complain
    assert convergence.fit(ragged, 5.0).factor == pytest.approx(0.49, rel=1e-2)


@pytest.mark.parametrize(
    "make, kind, words",
    [
        (lambda: convergence.fit([1.0, 2.0], None), TypeError, "f_star"),
        (lambda: convergence.fit(np.ones((30, 2)), 0.0), ValueError, r"run\.f\[:, 0\]"),
        (lambda: convergence.fit([], 0.0), ValueError, "one run at a time"),
        (lambda: convergence.fit(3.0, 0.0), ValueError, "one run at a time"),
        (lambda: convergence.fit("abc", 0.0), TypeError, "losses"),
        (lambda: convergence.fit(0.9**K, 0.5), ValueError, "above a loss"),
        (lambda: convergence.fit(0.9**K, 0.0, skip=1.0), ValueError, "skip"),
        (
            lambda: convergence.fit(run(Quadratic([1.0]), [1.0], [0.1, 0.2]), 0.0),
            ValueError,
            "one run at a time",
        ),
    ],
)
def test_bad_arguments_are_told(make, kind, words):
    with pytest.raises(kind, match=words) as caught:
        make()
    assert "chapter 02" in str(caught.value)
