"""Sweeps and comparisons: against runs one by one, with seeds, with trials that fail in every way."""

import json
import os
import sys

import numpy as np
import pytest
import torch

from lrcore import Comparison, Sweep, compare, run, sweep
from lrcore.directions import Adam, Momentum, Steepest
from lrcore.problems import Logistic, Minibatches, Quadratic
from lrcore.schedules import Cosine

BOWL = Quadratic([1.0, 10.0])
START = [1.0, 1.0]
RATES = np.geomspace(0.01, 0.4, 9)
DATA = np.random.default_rng(0).standard_normal((40, 3)), np.arange(40) % 2


# --- our own runs -------------------------------------------------------------------


@pytest.mark.parametrize("direction", [Steepest(), Momentum(0.5)])
def test_a_sweep_is_the_runs_one_by_one(direction):
    s = sweep(BOWL, START, RATES[::-1], direction, steps=60)
    assert np.array_equal(s.rates, RATES) and s.losses.shape == (9, 1, 61) and s.k.tolist() == list(range(61))
    for i, eta in enumerate(RATES):
        r = run(BOWL, START, eta, direction, steps=60)
        assert s.status[i, 0] == r.status
        n = len(r.f)
        assert np.array_equal(s.losses[i, 0, :n], r.f) and np.isnan(s.losses[i, 0, n:]).all()
        if r.status == "diverged":
            assert np.isnan(s.final[i, 0]) and s.sensitivity[i] == np.inf
        else:
            assert s.final[i, 0] == s.sensitivity[i] == r.f[-1] and s.lowest[i, 0] == r.f.min()


def test_the_best_rate_of_a_bowl_is_the_closed_form():
    s = sweep(BOWL, START, np.linspace(0.1, 0.2, 101), steps=200)
    assert s.best_rate == pytest.approx(2 / 11, abs=1e-3) and s.edge == ""
    assert s.best_loss == s.sensitivity.min() == s.final[s.best, 0]


def test_a_best_rate_at_the_edge_of_the_grid_says_so():
    assert sweep(BOWL, START, [0.01, 0.02], steps=20).edge == "upper"
    below = sweep(BOWL, START, [0.15, 0.3, 0.6], steps=400)
    assert below.edge == "lower" and "at the lower edge of the grid" in repr(below)
    assert "edge" not in repr(sweep(BOWL, START, [0.01, 0.15, 0.3], steps=400))


def test_when_every_rate_is_lost_there_is_no_best_one():
    s = sweep(BOWL, START, [1.0, 2.0], steps=100)
    assert s.best is s.best_rate is None and s.best_loss == np.inf and s.edge == ""
    assert s.counts == {"diverged": 2} and "no rate worked" in repr(s)


def test_starts_that_depend_on_the_seed_are_rows_of_one_run():
    calls = []

    class Counted(Quadratic):
        def value_and_grad(self, x):
            calls.append(x.shape)
            return super().value_and_grad(x)

    s = sweep(Counted([1.0, 10.0]), lambda seed: [1.0 + seed, -seed], RATES, steps=30, seeds=[4, 0, 7])
    assert calls[-31:] == [(3, 9, 2)] * 31  # before, the rows are checked
    for j, seed in enumerate([4, 0, 7]):
        alone = sweep(BOWL, [1.0 + seed, -seed], RATES, steps=30)
        assert np.array_equal(s.losses[:, j], alone.losses[:, 0], equal_nan=True)


def test_minibatches_that_depend_on_the_seed():
    whole, seeds, rates = Logistic(*DATA, l2=0.1), [1, 2], [0.1, 1.0, 1e9]
    s = sweep(lambda seed: Minibatches(whole, 4, seed), np.zeros(3), rates, steps=40, seeds=seeds)
    for j, seed in enumerate(seeds):
        r = run(Minibatches(whole, 4, seed), np.zeros(3), rates, steps=40)
        assert np.allclose(s.final[:2, j], r.f[-1, :2], rtol=1e-12) and s.status[2, j] == r.status[2]
    assert s.final[0, 0] != s.final[0, 1]
    assert np.allclose(s.sensitivity[:2], s.final[:2].mean(1))  # the median of two


def test_runs_that_converge_at_different_steps_repeat_their_last_loss():
    s = sweep(
        lambda seed: Quadratic([1.0, 10.0 * seed]), START, [0.05, 0.08], seeds=[1, 2], steps=999, tol=1e-6
    )
    assert s.counts == {"converged": 4}
    assert np.array_equal(s.losses[..., -1], s.final) and np.isfinite(s.losses).all()


def test_a_schedule_is_multiplied_by_the_rate():
    s = sweep(BOWL, START, [0.05, 0.15], steps=20, schedule=Cosine(1.0, 20))
    for i, eta in enumerate([0.05, 0.15]):
        assert s.final[i, 0] == pytest.approx(run(BOWL, START, Cosine(eta, 20), steps=20).f[-1], rel=1e-12)


def test_judged_by_the_lowest_loss():
    curves = {0.1: [1.0, 0.5, 0.9], 0.2: [1.0, 0.8, 0.8], 0.3: [1.0, 0.1, np.nan]}
    by = {judge: sweep(lambda eta, seed: curves[eta], rates=list(curves), judge=judge) for judge in
          ("final", "lowest")}  # fmt: skip
    assert by["final"].best_rate == 0.2 and by["lowest"].best_rate == 0.1  # and never 0.3, which was lost
    assert by["lowest"].lowest.ravel().tolist() == [0.5, 0.8, 0.1]


# --- trials -------------------------------------------------------------------------


def on_paper(eta, seed):
    """Fails in many ways, by rate; a module's function, so that every backend can carry it."""
    if eta == 2:
        raise ZeroDivisionError("no luck")
    if eta == 6:
        sys.exit(3)
    return {
        1: 0.5 + seed,
        3: np.nan,
        4: None,
        5: [3.0, 2.0, np.inf],
        7: "good",
        8: [],
        9: [[1.0]],
        10: iter([4.0, 3.0]),
        11: breaks_off(),
        12: torch.tensor(0.25, requires_grad=True),
        13: 1j,
        14: run(BOWL, START, 0.1, steps=3),
        15: run(BOWL, START, [0.1, 0.2], steps=3),
        16: np.array([1, 0]),
        17: run(BOWL, START, 5.0),
        18: [torch.tensor(2.0, requires_grad=True), 1],
    }[eta]


def breaks_off():
    yield 9.0
    yield 8.0
    raise RuntimeError("the disk is full")


OUTCOMES = {
    1: ("finished", ""),
    2: ("failed", "ZeroDivisionError: no luck"),
    3: ("diverged", "nan at entry 0"),
    4: ("failed", "returned nothing"),
    5: ("diverged", "inf at entry 2"),
    6: ("failed", "SystemExit: 3"),
    7: ("failed", "good"),
    8: ("failed", "(0,)"),
    9: ("failed", "(1, 1)"),
    10: ("finished", ""),
    11: ("failed", "the disk is full"),
    12: ("finished", ""),
    13: ("failed", "TypeError"),
    14: ("running", ""),
    15: ("failed", "batch of shape (2,)"),
    16: ("finished", ""),
    17: ("diverged", ""),
    18: ("finished", ""),
}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_trial_that_fails_is_recorded_and_costs_no_other_result(jobs):
    s = sweep(on_paper, rates=list(OUTCOMES), seeds=[0, 1], jobs=jobs)
    for i, (status, reason) in enumerate(OUTCOMES.values()):
        for j in (0, 1):
            assert (
                s.status[i, j] == status and reason in s.reason[i, j] and bool(s.reason[i, j]) == bool(reason)
            )
    lost = np.isin(s.status, ("failed", "diverged"))
    assert np.array_equal(np.isnan(s.final), lost)
    assert s.final[[0, 9, 11, 13, 15], 1].tolist() == [
        1.5,
        3.0,
        0.25,
        BOWL.f(run(BOWL, START, 0.1, steps=3).x_last),
        0,
    ]
    assert s.losses[10, 0, :2].tolist() == [9.0, 8.0] and s.lowest[10, 0] == 8.0  # what came before the error
    assert s.sensitivity[0] == 1.0 and s.best_rate == 16 and s.edge == ""


def kills_its_process(eta, seed):
    if eta == 3:
        os._exit(9)
    return eta


def test_a_worker_that_dies_costs_no_finished_result():
    s = sweep(kills_its_process, rates=[1.0, 2.0, 3.0], jobs=2)
    assert s.status[2, 0] == "failed" and "worker" in s.reason[2, 0]
    done = s.status[:2, 0] == "finished"
    assert np.array_equal(s.final[:2, 0][done], s.rates[:2][done])


def test_a_torch_training_gives_the_same_in_parallel():
    def train(eta, seed):
        torch.manual_seed(seed)
        model, X = torch.nn.Linear(3, 1), torch.tensor(DATA[0], dtype=torch.float32)
        optimizer = torch.optim.SGD(model.parameters(), lr=eta)
        for _ in range(5):
            loss = (model(X)[:, 0] - torch.tensor(DATA[1])).square().mean()
            yield loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    one, two = (sweep(train, rates=[0.01, 0.1, 10.0], seeds=[0, 1], jobs=jobs) for jobs in (1, 2))
    assert np.allclose(one.losses, two.losses, rtol=1e-5, equal_nan=True) and one.losses.shape == (3, 2, 5)
    assert one.best_rate == two.best_rate == 0.1


def test_a_cluster_carries_trials_through_joblibs_backend():
    joblib, distributed = pytest.importorskip("joblib"), pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        rates = [r for r in OUTCOMES if r != 6]  # which would end the worker's thread
        far = sweep(on_paper, rates=rates, seeds=[0, 1], jobs=-1)
    near = sweep(on_paper, rates=rates, seeds=[0, 1])
    assert np.array_equal(far.status, near.status) and np.array_equal(far.losses, near.losses, equal_nan=True)


def test_progress_goes_to_stderr_and_counts_the_lost(capsys):
    sweep(on_paper, rates=[1, 2, 16], progress=True)
    out, err = capsys.readouterr()
    assert (
        out == ""
        and err.endswith("3 of 3 trials, 1 lost\n")
        and "[##########....................] 1 of 3" in err
    )
    sweep(on_paper, rates=[1, 2, 16])
    assert capsys.readouterr() == ("", "")


# --- comparisons --------------------------------------------------------------------

METHODS = {
    "plain": Steepest(),
    "momentum": Momentum(0.5),
    "Adam, cosine": {"direction": Adam(), "schedule": Cosine(1.0, 50), "rates": [0.1, 0.3, 1.0]},
    "hopeless": {"direction": Steepest(), "rates": [5.0]},
}


def test_each_method_is_taken_at_its_best_rate():
    c = compare(METHODS, Quadratic([1.0, 20.0]), START, np.geomspace(0.01, 0.1, 7), steps=50)
    own = sweep(Quadratic([1.0, 20.0]), START, np.geomspace(0.01, 0.1, 7), Momentum(0.5), steps=50)
    assert np.array_equal(c["momentum"].losses, own.losses)
    losses = [c[name].best_loss for name in c.ranking]
    assert losses == sorted(losses) and c.ranking[-1] == "hopeless" and set(c.ranking) == set(METHODS)
    table = c.table()
    assert table["method"].tolist() == c.ranking and table["loss"].tolist() == losses
    row = c.ranking.index("Adam, cosine")
    assert table["tried"][row] == 3 and table["rate"][row] == c["Adam, cosine"].best_rate
    assert table["lost"][-1] == 1 and np.isnan(table["rate"][-1]) and repr(c).count("\n") == 3


def test_trials_are_compared_too_each_on_its_own_grid():
    c = compare(
        {"a": lambda eta, seed: eta + seed, "b": lambda eta, seed: 2 - eta},
        rates={"a": [1.0, 2.0], "b": [0.5, 1.5]}, seeds=[0, 1, 2],
    )  # fmt: skip
    assert c.ranking == ["b", "a"] and c["a"].best_loss == 2.0 and c["b"].edge == "upper"
    assert c.table()["least"].tolist() == [0.5, 1.0] and c.table()["most"].tolist() == [0.5, 3.0]


# --- kept ---------------------------------------------------------------------------


def test_sweeps_and_comparisons_come_back_from_their_files(tmp_path):
    s = sweep(on_paper, rates=list(OUTCOMES), seeds=[0, 1])
    s.save(tmp_path / "s.json")
    again = Sweep.load(tmp_path / "s.json")
    for name in ("rates", "seeds", "final", "lowest", "status", "reason", "k", "losses", "judge"):
        one, other = getattr(s, name), getattr(again, name)
        assert one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    assert repr(again) == repr(s)
    c = Comparison({"one": s})
    c.save(tmp_path / "c.json")
    assert repr(Comparison.load(tmp_path / "c.json")) == repr(c)
    json.dumps(c.to_dict(), allow_nan=False)
    for kind in (Sweep, Comparison):
        for foreign in ({"type": "Run"}, {"type": "Study", "sweeps": {}}, [], None):
            with pytest.raises(TypeError, match="is read from"):
                kind.from_dict(foreign)
    with pytest.raises(ValueError, match="a Comparison has at least one Sweep"):
        Comparison.from_dict({"type": "Comparison", "sweeps": {}})


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("rates", None),
        ("rates", {"kind": "text", "shape": [2], "values": ["0.1", "fast"]}),
        ("seeds", {"kind": "int", "shape": [1], "values": [0]}),
        ("final", {"kind": "float", "shape": [2], "values": [1.0, 2.0]}),
        ("status", {"kind": "int", "shape": [2, 2], "values": [1, 2, 3, 4]}),
        ("losses", {"kind": "float", "shape": [2, 2, 0], "values": []}),
        ("judge", {"kind": "text", "shape": [1], "values": ["final"]}),
    ],
)
def test_a_damaged_sweep_is_named(name, entry):
    entries = sweep(on_paper, rates=[1, 16], seeds=[0, 1]).to_dict() | {name: entry}
    with pytest.raises(ValueError, match=r"of a Sweep .*must"):
        Sweep.from_dict(entries)


def test_the_table_has_one_entry_for_each_rate_and_seed():
    table = sweep(on_paper, rates=[1, 16], seeds=[0, 1]).table()
    assert table["rate"].tolist() == [1, 1, 16, 16] and table["seed"].tolist() == [0, 1, 0, 1]
    assert table["final"].tolist() == [0.5, 1.5, 0.0, 0.0] and len(set(map(len, table.values()))) == 1


# --- what is refused ----------------------------------------------------------------

OWN = dict(problem=BOWL, x0=START, rates=[0.1, 0.2])
BAD = {
    "no rates": (TypeError, dict(rates=None), "np.geomspace"),
    "one rate": (ValueError, dict(rates=0.1), "(R,)"),
    "a rate twice": (ValueError, dict(rates=[0.1, 0.1]), "different"),
    "a grid of rates": (ValueError, dict(rates=[[0.1, 0.2]]), "(R,)"),
    "a negative rate": (ValueError, dict(rates=[0.1, -1.0]), "greater than 0"),
    "no start": (TypeError, dict(x0=None), "its start x0"),
    "no problem": (TypeError, dict(problem=None, x0=None), "trial(eta, seed)"),
    "many starts": (ValueError, dict(x0=np.ones((3, 2))), "(d,)"),
    "one seed": (TypeError, dict(seeds=3), "range(3)"),
    "no seeds": (ValueError, dict(seeds=[]), "at least one"),
    "a seed twice": (ValueError, dict(seeds=[1, 1]), "different"),
    "half a seed": (TypeError, dict(seeds=[0.5]), "whole number"),
    "seeds without effect": (ValueError, dict(seeds=[0, 1]), "nothing here depends on the seed"),
    "an unknown judge": (ValueError, dict(judge="mean"), "'lowest'"),
    "no jobs": (ValueError, dict(problem=on_paper, x0=None, jobs=0), "at least 1, or -1"),
    "half jobs": (TypeError, dict(problem=on_paper, x0=None, jobs=0.5), "whole number"),
    "a schedule for each row": (
        ValueError, dict(schedule=lambda k: np.ones((len(k), 2)), steps=5), "one rate for each step"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told(name):
    kind, change, words = BAD[name]
    with pytest.raises(kind) as caught:
        sweep(**OWN | change)
    assert words in str(caught.value) and "; see chapter" in str(caught.value)


@pytest.mark.parametrize("methods", [None, {}, [Steepest()]])
def test_methods_are_a_dict(methods):
    with pytest.raises(TypeError, match="dict of name.*chapter 11"):
        compare(methods, BOWL, START, [0.1])
    with pytest.raises(ValueError, match="rates are given for"):
        compare({"a": Steepest()}, BOWL, START, {"b": [0.1]})
