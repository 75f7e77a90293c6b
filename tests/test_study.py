"""A study chooses each rate by one measure and reports the others there."""

import json
from typing import NamedTuple

import numpy as np
import pytest

from lrcore import Study, study, sweep


class Row(NamedTuple):
    k: int
    train: float
    validation: float


class Loss(NamedTuple):
    k: int
    validation: float


def trial(eta, seed, best=0.1):
    """Train is lower the larger the rate; validation is lowest at `best`, shifted by the seed; 1 explodes."""
    for k in (1, 5):
        if eta == 1 and k == 5:
            yield Row(k, np.inf, np.nan)
            return
        yield Row(k, 1 / (eta * k), abs(np.log(eta / best)) + seed / 10)


def other(eta, seed):
    return trial(eta, seed, best=0.01)


RATES = [1.0, 0.01, 0.1, 0.03]  # in any order
FOUND = study({"a": trial, "b": other}, RATES, range(3))


def test_the_rate_is_chosen_by_the_judge_and_all_is_reported_there():
    assert FOUND.best_rate("a") == 0.1 and FOUND.best_rate("b") == 0.01
    assert np.allclose(FOUND.at_best("a", "train"), 2) and np.allclose(FOUND.at_best("b", "train"), 20)
    assert np.allclose(FOUND["train"]["a"].losses[2], [[10, 2]] * 3) and FOUND.k("a").tolist() == [1, 5]
    assert np.allclose(FOUND.at_best("a", "validation"), [0, 0.1, 0.2])
    by_train = study({"a": trial}, RATES, range(3), judge="train")
    assert by_train.best_rate("a") == 0.1 and by_train["train"]["a"].status[-1, 0] == "diverged"


def test_the_table():
    t = FOUND.table()
    assert list(t) == [
        *("method", "rate", "edge", "lost"),
        *("train", "train_least", "train_most", "validation", "validation_least", "validation_most"),
    ]
    assert t["method"].tolist() == ["a", "b"] and t["lost"].tolist() == [3, 3]
    assert t["edge"].tolist() == ["", "lower"] and np.allclose(t["validation"], 0.1)
    assert np.allclose(t["validation_least"], 0) and np.allclose(t["validation_most"], 0.2)


def test_each_measure_is_the_sweep_of_it():
    for measure in ("train", "validation"):
        alone = sweep(lambda eta, seed, m=measure: [getattr(r, m) for r in trial(eta, seed)], None, RATES)
        one = FOUND[measure]["a"]
        assert np.array_equal(one.final[:, :1], alone.final, equal_nan=True)
        assert np.array_equal(one.status[:, :1], alone.status)
        assert np.array_equal(one.losses[:3, :1], alone.losses[:3])


def test_workers_change_nothing_and_neither_does_a_file(tmp_path, capsys):
    parallel = study({"a": trial, "b": other}, RATES, range(3), jobs=2, progress=True)
    assert "24 of 24 trials, 6 lost" in capsys.readouterr().err
    assert parallel.to_dict() == FOUND.to_dict()
    FOUND.save(tmp_path / "s.json")
    again = Study.load(tmp_path / "s.json")
    assert again.to_dict() == FOUND.to_dict() == json.loads((tmp_path / "s.json").read_text())
    for measure in FOUND.measures:  # four digits are kept, and which runs were lost
        for name, s in FOUND[measure].sweeps.items():
            assert np.allclose(again[measure][name].final, s.final, rtol=1e-3, equal_nan=True)
            assert (again[measure][name].status == s.status).all()
    assert repr(FOUND).startswith(
        "Study of train, validation, judged by validation\na: Sweep(4 rates, 3 seeds"
    )


def test_each_method_can_have_its_own_rates():
    own = study({"a": trial, "b": other}, {"a": [0.05, 0.1], "b": [0.01]}, range(2))
    assert own["train"]["a"].rates.tolist() == [0.05, 0.1] and own["train"]["b"].final.shape == (1, 2)


def damaged(**change):
    """The file of FOUND with other parts, or with other parts of its method "a"."""
    entries = FOUND.to_dict()
    where = entries["methods"]["a"] if set(change) & {"rates", "k", "train"} else entries
    where.update(change)
    return Study.from_dict(entries)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: study([trial], RATES, range(2)), "methods is a dict of name -> trial"),
        (lambda: study({}, RATES, range(2)), "methods is a dict"),
        (lambda: study({"a": trial}, {"b": RATES}, range(2)), r"rates are given for \['b'\]"),
        (
            lambda: study({"a": trial}, RATES, range(2), judge="test"),
            "judge must be .*train.*validation.*'test'",
        ),
        (lambda: study({"a": trial}, [0.1, -1], range(2)), "rate"),
        (lambda: study({"a": trial}, None, range(2)), "needs its rates"),
        (lambda: study({"a": trial}, RATES, 3), "seeds must be a sequence"),
        (lambda: study({"a": trial}, RATES, []), "at least one"),
        (lambda: study({"a": lambda eta, seed: [1.0]}, RATES, range(2)), "named tuples"),
        (lambda: study({"a": lambda eta, seed: []}, RATES, range(2)), "named tuples"),
        (lambda: study({"a": lambda eta, seed: [Row(1 + seed, 1, 1), Row(9, 1, 1)]}, RATES, [0, 1]), "steps"),
        (lambda: study({"a": trial, "b": lambda eta, seed: [Loss(1, 1)]}, RATES, [0]), "the same measures"),
        (lambda: FOUND["loss"], "measure must be"),
        (lambda: FOUND.best_rate("c"), "method must be"),
        (lambda: Study.from_dict({"type": "Sweep"}), "a Study is read from"),
        (lambda: Study.from_dict({"type": "Study", "judge": "train"}), "no complete Study"),
        (lambda: damaged(judge="loss"), "no complete Study.*judge must be one of"),
        (lambda: damaged(methods={}), "no complete Study"),
        (lambda: damaged(seeds=[0, 1]), "no complete Study.*cannot reshape"),
        (lambda: damaged(seeds="ab"), "no complete Study.*a seed must be a whole number"),
        (lambda: damaged(rates=[-1.0, 0.01, 0.1, 0.03]), "no complete Study.*greater than 0"),
        (lambda: damaged(k=["x", "y"]), "no complete Study.*invalid literal"),
        (lambda: damaged(k=[]), "no complete Study.*cannot reshape"),
        (lambda: damaged(train=None), "no complete Study"),
    ],
)
def test_errors_are_sentences(call, text):
    with pytest.raises((TypeError, ValueError), match=text):
        call()


def test_a_method_that_never_works_is_last_and_has_no_best_rate():
    found = study({"dead": lambda eta, seed: iter([Row(1, np.nan, np.nan)]), "a": trial}, RATES, range(2))
    assert found.methods == ["a", "dead"] and found.best_rate("dead") is None
    assert np.isnan(found.table()["train"]).tolist() == [False, True]
    with pytest.raises(ValueError, match="'dead' has no best rate"):
        found.at_best("dead", "train")
