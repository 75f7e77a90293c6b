"""The loop: its arithmetic against plain loops, closed forms and torch; its statuses; what it refuses."""

import time
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import directions, problems, run
from lrcore.directions import Momentum, Steepest
from lrcore.problems import Function, Logistic, Minibatches, Quadratic
from lrcore.schedules import Constant

BOWL = Quadratic([1.0, 10.0])
START = np.array([1.0, -2.0])


@pytest.fixture
def data():
    rng = np.random.default_rng(7)
    return rng.standard_normal((30, 3)), rng.integers(0, 2, 30)


# --- the arithmetic -----------------------------------------------------------------


def test_run_is_the_three_line_loop():
    r = run(BOWL, START, 0.15, steps=50, record_x=True)
    x = START
    for k in range(51):
        assert np.array_equal(r.x[k], x)
        assert r.f[k] == pytest.approx(0.5 * (x[0] ** 2 + 10 * x[1] ** 2), rel=1e-15)
        assert r.grad_norm[k] == pytest.approx(np.hypot(x[0], 10 * x[1]), rel=1e-15)
        x = x - 0.15 * np.array([1.0, 10.0]) * x
    assert np.array_equal(r.x_last, r.x[-1])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.01, 10), min_size=1, max_size=5),
    st.floats(0.001, 0.19),
    st.integers(1, 40),
    st.floats(-3, 3),
)
def test_closed_form_on_a_turned_bowl(curvatures, eta, steps, angle):
    d = len(curvatures)
    basis = np.linalg.qr(np.random.default_rng(d).standard_normal((d, d)))[0]
    bowl = Quadratic(curvatures, x_star=np.full(d, angle), basis=basis)
    x0 = np.arange(1.0, d + 1)
    r = run(bowl, x0, eta, steps=steps)
    modes = (1 - eta * np.array(curvatures)) ** steps * bowl.modes(x0)
    assert np.allclose(r.x_last, bowl.x_star + basis @ modes, atol=1e-12)


def test_a_batch_of_rates_is_the_runs_one_by_one():
    rates = [0.01, 0.1, 0.19, 0.3]
    together = run(BOWL, START, rates, Momentum(0.5), steps=60, record_x=True, tol=1e-6)
    for i, eta in enumerate(rates):
        alone = run(BOWL, START, eta, Momentum(0.5), steps=60, record_x=True, tol=1e-6)
        assert together.status[i] == alone.status and together.stop_step[i] == alone.stop_step
        n = len(alone.k)
        assert np.array_equal(together.f[:n, i], alone.f)
        assert np.array_equal(together.grad_norm[:n, i], alone.grad_norm)
        assert np.array_equal(together.x[:n, i], alone.x)
        assert np.array_equal(together.x_last[i], alone.x_last)


def test_batches_of_starts_and_of_both():
    starts = np.random.default_rng(0).standard_normal((4, 1, 2))
    rates = np.array([0.05, 0.1, 0.15])
    r = run(BOWL, starts, rates, steps=20)
    assert r.x_last.shape == (4, 3, 2) and r.f.shape == (21, 4, 3) and r.eta.shape == (20, 4, 3)
    assert r.status.shape == r.stop_step.shape == (4, 3)
    assert np.array_equal(r.x_last[2, 1], run(BOWL, starts[2, 0], 0.1, steps=20).x_last)
    many_starts = run(BOWL, starts[:, 0], 0.1, steps=20)
    assert np.array_equal(many_starts.x_last, r.x_last[:, 1])


@pytest.mark.parametrize("beta", [0.0, 0.9])
def test_equal_to_torch_sgd(data, beta):
    X, y = data
    eta, l2, steps = 0.3, 0.1, 200
    r = run(Logistic(X, y, l2), np.ones(3), eta, Momentum(beta), steps=steps, record_x=True)
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    signs = torch.tensor(np.where(y > 0, 1.0, -1.0))
    optimizer = torch.optim.SGD([w], lr=eta, momentum=beta)
    for k in range(steps):
        assert np.allclose(r.x[k], w.detach().numpy(), rtol=0, atol=1e-12)
        optimizer.zero_grad()
        loss = torch.nn.functional.softplus(-signs * (torch.tensor(X) @ w)).mean() + l2 / 2 * (w @ w)
        assert loss.item() == pytest.approx(r.f[k], abs=1e-12)
        loss.backward()
        optimizer.step()


# --- schedules ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "schedule",
    [
        lambda k: 0.1 / (1 + k),
        lambda k: 0.1 * 0.5 ** (k // 3),
        lambda k: 0.1 if k < 4 else 0.01,  # cannot take an array
        lambda k: max(0.02, 0.1 - 0.01 * k),  # nor this
        lambda k: 2 ** -(k + 4),  # integers to negative powers: numpy refuses, Python does not
        lambda k: 0.07,
        Constant(0.07),
    ],
)
def test_a_schedule_is_used_step_by_step(schedule):
    r = run(BOWL, START, schedule, steps=10)
    expected = [schedule(k) for k in range(10)]
    assert np.allclose(r.eta, expected, rtol=1e-15, atol=0)
    x = START
    for eta in expected:
        x = x - eta * BOWL.grad(x)
    assert np.allclose(r.x_last, x, rtol=1e-14)


def test_a_schedule_for_a_batch():
    peaks = np.array([0.05, 0.1])
    r = run(BOWL, START, lambda k: np.multiply.outer(1 / (1 + k), peaks), steps=8)
    assert r.eta.shape == (8, 2)
    one = run(BOWL, START, lambda k: 0.1 / (1 + k), steps=8)
    assert np.allclose(r.x_last[1], one.x_last, rtol=1e-14)


def test_one_schedule_for_many_starts():
    starts = np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 3.0]])
    r = run(BOWL, starts, lambda k: 0.1 / (1 + k), steps=8)
    assert r.eta.shape == (8, 3) and r.x_last.shape == (3, 2)


# --- records ------------------------------------------------------------------------


def test_records_every_so_many_steps():
    dense = run(BOWL, START, 0.1, steps=23, record_x=True)
    sparse = run(BOWL, START, 0.1, steps=23, record_x=True, every=5)
    assert sparse.k.tolist() == [0, 5, 10, 15, 20]
    for name in ("f", "grad_norm", "x"):
        assert np.array_equal(getattr(sparse, name), getattr(dense, name)[::5])
    assert np.array_equal(sparse.x_last, dense.x_last) and len(sparse.eta) == 23


def test_f_is_computed_only_where_it_is_recorded():
    calls = []
    counted = Function(lambda x: calls.append(1) or BOWL.f(x), BOWL.grad, dim=2)
    run(counted, START, 0.1, steps=1000, every=100)
    assert len(calls) == 11


def test_the_start_is_neither_changed_nor_shared():
    x0 = START.copy()
    r = run(BOWL, x0, 0.1, steps=3, record_x=True)
    r.x_last[:] = 99
    assert np.array_equal(x0, START) and np.array_equal(r.x[0], START)


def test_a_run_is_a_small_frozen_record_that_says_what_happened():
    r = run(BOWL, START, [0.1, 0.3], steps=400)
    assert repr(r) == "Run(400 steps, batch (2,): 1 diverged, 1 running)"
    assert repr(run(BOWL, [1.0, 0.0], 1.0, steps=1)).startswith("Run(1 steps, running, f = 0.5 at step 0, 0")
    with pytest.raises(AttributeError):
        r.f = 0


def test_progress_goes_to_stderr_and_only_there(capsys):
    run(BOWL, START, 0.1, steps=30, progress=True)
    out, err = capsys.readouterr()
    assert out == "" and err.endswith("step 30 of 30\n")
    run(BOWL, START, 0.1, steps=30)
    assert capsys.readouterr() == ("", "")


# --- statuses -----------------------------------------------------------------------


def test_converged_means_a_gradient_of_at_most_tol_and_stops_there():
    r = run(BOWL, START, 0.1, steps=1000, tol=1e-3)
    assert r.status == "converged" and r.grad_norm[-1] <= 1e-3 < r.grad_norm[-2]
    assert r.stop_step == r.k[-1] == len(r.eta) < 1000
    everything = run(BOWL, START, 0.1, steps=1000)
    assert everything.status == "running" and everything.stop_step == 1000


def test_a_start_at_the_minimum_has_converged_before_any_step():
    r = run(BOWL, [0.0, 0.0], 0.1, steps=10, tol=1e-12)
    assert r.status == "converged" and r.stop_step == 0 and len(r.eta) == 0


def test_rows_stop_one_by_one():
    r = run(BOWL, [1.0, 1.0], [0.1, 0.3, 0.05], steps=400, tol=1e-8, record_x=True)
    assert r.status.tolist() == ["converged", "diverged", "converged"]
    first, gone, last = r.stop_step
    assert gone < first < last == r.k[-1]
    # the converged row repeats its value, the diverged one is nan after the step at which it left the bounds
    assert np.all(r.f[first:, 0] == r.f[first, 0]) and np.all(r.x[first:, 0] == r.x_last[0])
    assert np.isfinite(r.f[: gone + 1, 1]).all() and np.isnan(r.f[gone + 1 :, 1]).all()
    assert np.isnan(r.x[gone + 1 :, 1]).all() and np.isnan(r.grad_norm[gone + 1 :, 1]).all()
    assert r.f[gone, 1] > 1e12 and np.array_equal(r.x[gone, 1], r.x_last[1])


def test_a_million_diverging_steps_end_at_once():
    t = time.perf_counter()
    r = run(BOWL, START, 0.21, steps=10**6)
    assert time.perf_counter() - t < 1
    assert r.status == "diverged" and r.stop_step < 200
    assert len(r.f) == len(r.k) == r.stop_step + 1 and len(r.eta) == r.stop_step


def test_a_million_stable_steps_in_two_dimensions():
    t = time.perf_counter()
    r = run(BOWL, START, 0.2, steps=10**6, every=10_000)  # at 2/L: bounces for ever
    assert time.perf_counter() - t < 30
    assert r.status == "running" and abs(r.x_last[1]) == pytest.approx(2.0, rel=1e-9)


def test_nan_is_divergence_although_nan_is_not_greater_than_any_bound():
    flat = Function(lambda x: x.sum(-1) * np.nan, np.zeros_like, dim=2)
    r = run(flat, START, 0.1, steps=10, bound=np.inf)
    assert r.status == "diverged" and r.stop_step == 0
    cliff = Function(lambda x: np.where(x[..., 0] < 1.0, np.nan, 1.0), np.ones_like, dim=2)
    r = run(cliff, [1.35, 0.0], 0.1, steps=10)
    assert r.status == "diverged" and r.stop_step == 4


def test_a_nan_gradient_shows_as_divergence_even_between_records():
    broken = Function(lambda x: (x**2).sum(-1), lambda x: x * np.nan, dim=2)
    assert run(broken, START, 0.1, steps=10).stop_step == 1
    r = run(broken, START, 0.1, steps=10, every=7)
    assert r.status == "diverged" and r.stop_step == 7
    late = run(
        broken, START, 0.1, steps=5, every=100
    )  # no record after the first: tested after the last step
    assert late.status == "diverged" and late.stop_step == 5 and late.k.tolist() == [0]


def test_overflow_and_falling_for_ever_are_divergence():
    assert run(BOWL, [1e200, 0.0], 0.1, steps=5).status == "diverged"
    saddle = Quadratic([1.0, -1.0])
    r = run(saddle, [1.0, 1.0], 0.5, steps=10**5)
    assert r.status == "diverged" and r.f[-1] == -np.inf


def test_the_bound_is_the_readers_if_given():
    r = run(BOWL, START, 0.21, steps=1000, bound=100.0)
    assert r.status == "diverged" and r.f[-1] > 100 >= r.f[-2]


def test_no_warning_leaks_from_a_run_that_overflows():
    quartic = Function(lambda x: (x**4).sum(-1), lambda x: 4 * x**3, dim=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        r = run(quartic, [[1e80, 1.0], [1.0, 1.0]], [10.0, 0.1], steps=50, bound=np.inf)
    assert r.status.tolist() == ["diverged", "running"]


# --- stochastic problems ------------------------------------------------------------


def test_steps_use_the_minibatch_and_records_all_samples(data):
    X, y = data
    whole = Logistic(X, y)
    p = Minibatches(whole, size=4, seed=3)
    r = run(p, np.zeros(3), [0.1, 0.5], steps=20, every=5)
    x = np.zeros((2, 3))
    for k in range(20):
        x = x - np.array([[0.1], [0.5]]) * Logistic(X[p.indices(k)], y[p.indices(k)]).grad(x)
    assert np.allclose(r.x_last, x, atol=1e-14)
    assert np.allclose(r.f[-1], whole.f(x), rtol=1e-13)
    assert np.isnan(r.grad_norm).all()


def test_a_tolerance_asks_for_the_full_gradient(data):
    X, y = data
    p = Minibatches(Logistic(X, y, l2=1.0), size=4)
    r = run(p, np.zeros(3), 0.1, steps=50, tol=1e-12)
    assert r.grad_norm[0] == pytest.approx(
        np.linalg.norm(Logistic(X, y, l2=1.0).grad(np.zeros(3))), rel=1e-13
    )
    assert r.status == "running"


# --- what is refused ----------------------------------------------------------------

BAD_CALLS = {
    "negative rate": (ValueError, dict(eta=-0.1), "-0.1"),
    "zero rate": (ValueError, dict(eta=0.0), "greater than 0"),
    "nan rate": (ValueError, dict(eta=np.nan), "nan"),
    "infinite rate": (ValueError, dict(eta=[0.1, np.inf]), "inf"),
    "complex rate": (TypeError, dict(eta=0.1j), "0.1j"),
    "boolean rate": (TypeError, dict(eta=True), "True"),
    "text rate": (TypeError, dict(eta="0.1"), "'0.1'"),
    "no rate": (TypeError, dict(eta=None), "None"),
    "empty rates": (ValueError, dict(eta=[]), "no learning rate"),
    "ragged rates": (TypeError, dict(eta=[[0.1], [0.1, 0.2]]), "real numbers"),
    "rates against starts": (ValueError, dict(eta=[0.1, 0.2], x0=np.ones((3, 2))), "(2,)"),
    "start of wrong dimension": (ValueError, dict(x0=[1.0, 2.0, 3.0]), "(3,)"),
    "start without axis": (ValueError, dict(x0=1.0), "(..., 2)"),
    "start with nan": (ValueError, dict(x0=[np.nan, 1.0]), "finite"),
    "start with text": (TypeError, dict(x0=["a", "b"]), "real numbers"),
    "zero steps": (ValueError, dict(steps=0), "at least 1"),
    "negative steps": (ValueError, dict(steps=-5), "-5"),
    "half steps": (TypeError, dict(steps=2.5), "2.5"),
    "float steps": (TypeError, dict(steps=10.0), "10.0"),
    "boolean steps": (TypeError, dict(steps=True), "True"),
    "never recorded": (ValueError, dict(every=0), "every"),
    "negative tol": (ValueError, dict(tol=-1.0), "tol"),
    "nan tol": (ValueError, dict(tol=np.nan), "tol"),
    "nan bound": (ValueError, dict(bound=np.nan), "bound"),
    "text bound": (TypeError, dict(bound="1"), "bound"),
    "problem is a function": (TypeError, dict(problem=lambda x: x), "f(x) and grad(x)"),
    "problem is a class": (TypeError, dict(problem=Quadratic), "f(x) and grad(x)"),
    "direction by name": (TypeError, dict(direction="momentum"), "Momentum(0.9)"),
    "direction class": (TypeError, dict(direction=Momentum), "Momentum(0.9)"),
    "schedule with nan": (ValueError, dict(eta=lambda k: np.where(k == 3, np.nan, 0.1)), "nan at step 3"),
    "schedule below zero": (ValueError, dict(eta=lambda k: 0.1 - 0.05 * k), "at step 2"),
    "schedule 1/k": (ValueError, dict(eta=lambda k: 1 / k), "inf at step 0"),
    "schedule 1/k of ints": (ValueError, dict(eta=lambda k: 1 / k if k < 5 else 0.1), "ZeroDivisionError"),
    "schedule of wrong shape": (ValueError, dict(eta=lambda k: np.ones(3)), "(3,)"),
    "schedule of text": (TypeError, dict(eta=lambda k: "fast"), "schedule returns"),
    "schedule of nothing": (TypeError, dict(eta=lambda k: None), "schedule returns"),
    "schedule that fails": (ValueError, dict(eta=lambda k: {}[k]), "KeyError"),
    "schedule class": (TypeError, dict(eta=Constant), "Constant(0.1)"),
    "gradient shape": (
        ValueError,
        dict(problem=Function(BOWL.f, lambda x: x[..., :1], dim=2)),
        "(2,), got (1,)",
    ),
    "value shape": (ValueError, dict(problem=Function(lambda x: x, BOWL.grad, dim=2)), "f must map"),
    "gradient of text": (TypeError, dict(problem=Function(BOWL.f, lambda x: "up", dim=2)), "grad returns"),
    "complex gradient": (
        TypeError,
        dict(problem=Function(BOWL.f, lambda x: 1j * x, dim=2)),
        "grad returns",
    ),
    "complex value": (
        TypeError,
        dict(problem=Function(lambda x: 1j * BOWL.f(x), BOWL.grad, dim=2)),
        "f returns",
    ),
    "written for one point": (
        ValueError,
        dict(
            problem=Function(
                lambda x: (x[0] * x[1] - 1) ** 2 / 2,
                lambda x: (x[0] * x[1] - 1) * np.array([x[1], x[0]]),
                dim=2,
            ),
            eta=[0.1, 0.2],
        ),
        "x[..., 0]",
    ),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_input_is_told_what_was_given_what_is_allowed_and_where_to_read(name):
    kind, change, words = BAD_CALLS[name]
    arguments = dict(problem=BOWL, x0=START, eta=0.1, direction=Steepest(), steps=10) | change
    with pytest.raises(kind) as caught:
        run(**arguments)
    assert words in str(caught.value) and "; see chapter 0" in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_a_record_that_cannot_fit_is_refused_with_advice():
    with pytest.raises(ValueError, match="every="):
        run(BOWL, START, 0.1, steps=10**15)


def test_a_direction_of_the_wrong_shape_is_told():
    class Lost:
        def init(self, x):
            return None

        def __call__(self, k, g, state):
            return g[..., 0], state

    with pytest.raises(ValueError, match="the direction must map"):
        run(BOWL, START, 0.1, Lost())


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=3),
    st.lists(st.one_of(st.floats(), st.integers(-2, 2), st.lists(st.floats(), max_size=3)), max_size=4),
    st.sampled_from([Steepest(), Momentum(), Momentum, BOWL, Constant(0.1), dict]),
    st.sampled_from([np.ones((2, 3)), np.zeros(0), np.ones((3, 2)), np.array(0.1)]),
)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("problem", "x0", "eta", "direction", "steps", "every", "tol", "bound"), JUNK),
    )
)
def test_junk_is_refused_or_run_but_nothing_else(junk):
    arguments = dict(problem=BOWL, x0=START, eta=0.1, direction=Steepest(), steps=10) | junk
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            r = run(**arguments)
        except (ValueError, TypeError) as error:
            assert "; see chapter 0" in str(error)
            return
    assert np.isin(r.status, ("running", "converged", "diverged")).all()
    assert len(r.f) == len(r.k) == len(r.grad_norm)
    assert (np.isfinite(r.f[-1]) | (r.status == "diverged")).all()


def test_the_names_that_the_book_uses():
    import lrcore

    assert set(lrcore.__all__) >= {"run", "Run", "problems", "directions", "analysis", "schedules"}
    assert directions.Momentum is Momentum and problems.Quadratic is Quadratic
    with pytest.raises(AttributeError, match="it has"):
        lrcore.optimisers  # noqa: B018
