"""What is done with a record afterwards: kept as JSON, compared, laid out as a table."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import Run, run
from lrcore.directions import Momentum
from lrcore.problems import Quadratic

BOWL = Quadratic([1.0, 10.0])


class PerCoordinate:
    def init(self, x):
        return None

    def __call__(self, k, point, d, state):
        point.line(d)[0](0.0)
        return 0.05 / (1 + np.abs(point.x)), state


RUNS = {
    "one": run(BOWL, [1.0, -2.0], 0.1, steps=7),
    "batch with nan": run(
        BOWL, [1.0, -2.0], [0.1, 0.5], Momentum(), steps=90, record_x=True, record_rate=True
    ),
    "grid, every third": run(BOWL, np.ones((4, 1, 2)), [0.1, 0.15], steps=10, every=3, record_x=True),
    "a rule": run(BOWL, np.ones((3, 2)), PerCoordinate(), steps=5, record_rate=True),
    "no step": run(BOWL, np.zeros((3, 2)), PerCoordinate(), steps=5, tol=1e-3, record_rate=True),
    "diverged at once": run(BOWL, [1e200, 1.0], 0.1, steps=5),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_record_comes_back_from_its_file_exactly(name, tmp_path):
    r = RUNS[name]
    r.save(tmp_path / "run.json")
    again = Run.load(tmp_path / "run.json")
    assert again == r and repr(again) == repr(r)
    for field in dataclasses.fields(Run):
        one, other = getattr(r, field.name), getattr(again, field.name)
        if one is not None:
            assert one.shape == other.shape and one.dtype.kind == other.dtype.kind
            assert one.dtype.kind == "U" or np.array_equal(one, other, equal_nan=True)

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    text = (tmp_path / "run.json").read_text()
    assert json.loads(text, parse_constant=refuse) == r.to_dict() and Run.from_dict(r.to_dict()) == r


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(), min_size=1, max_size=6))
def test_every_float_survives(values):
    f = np.array(values)
    zero = np.zeros(0)
    r = Run(f, None, np.arange(len(f)), f, f, zero, np.array("running"), np.array(0))
    again = Run.from_dict(json.loads(json.dumps(r.to_dict(), allow_nan=False)))
    assert again == r and np.array_equal(
        np.signbit(again.f), np.signbit(f) & ~np.isnan(f) | np.signbit(again.f)
    )


def test_equality_looks_at_every_number():
    r = RUNS["batch with nan"]
    for field in dataclasses.fields(Run):
        array = getattr(r, field.name)
        if array is None:
            changed = np.zeros(3)
        elif array.dtype.kind == "U":
            changed = np.full_like(array, "other")
        else:
            changed = array.copy()
            changed.flat[0] += 1
        assert r != dataclasses.replace(r, **{field.name: changed})
    assert r == dataclasses.replace(r) and r != "a run" and np.isnan(r.f).any()
    assert RUNS["one"] != r
    with pytest.raises(TypeError):
        hash(r)


BAD = {
    "no dict": (TypeError, [1], "type = 'Run'"),
    "another type": (TypeError, {"type": "Linear"}, "type = 'Run'"),
    "nothing in it": (ValueError, {"type": "Run"}, "missing or unknown"),
    "too much in it": (ValueError, RUNS["one"].to_dict() | {"loss": None}, "loss"),
    "no array": (ValueError, RUNS["one"].to_dict() | {"f": 3}, "f must have kind"),
    "wrong shape": (
        ValueError,
        RUNS["one"].to_dict() | {"f": {"kind": "float", "shape": [3], "values": [1.0]}},
        "as many values",
    ),
    "wrong kind": (
        ValueError,
        RUNS["one"].to_dict() | {"f": {"kind": "blob", "shape": [0], "values": []}},
        "f must have kind",
    ),
    "text for a number": (
        ValueError,
        RUNS["one"].to_dict() | {"k": {"kind": "int", "shape": [1], "values": ["a"]}},
        "k must",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_record_is_told(name):
    kind, entries, words = BAD[name]
    with pytest.raises(kind) as caught:
        Run.from_dict(entries)
    assert words in str(caught.value) and "; see chapter" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"type": NaN'])
def test_a_file_that_is_no_json_is_told(content, tmp_path):
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(ValueError, match="is no JSON"):
        Run.load(tmp_path / "run.json")


@pytest.mark.parametrize("name", RUNS)
def test_the_table_has_one_entry_for_each_recorded_step_of_each_row(name):
    r = RUNS[name]
    table, rows = r.table(), r.status.size
    assert {len(column) for column in table.values()} == {rows * len(r.k)}
    f = r.f.reshape(len(r.k), rows)
    for i in range(len(table["k"])):
        row, step = table["row"][i], int(np.flatnonzero(r.k == table["k"][i])[0])
        assert np.array_equal(table["f"][i], f[step, row], equal_nan=True)
        assert table["status"][i] == r.status.flat[row]
        if "eta" in table:
            eta = r.eta.reshape(len(r.eta), rows)
            used = eta[table["k"][i], row] if table["k"][i] < len(eta) else np.nan
            assert np.array_equal(table["eta"][i], used, equal_nan=True)
        if r.x is not None:
            x = r.x.reshape(len(r.k), rows, -1)[step, row]
            assert np.array_equal([table["x_0"][i], table["x_1"][i]], x, equal_nan=True)


def test_one_rate_for_each_coordinate_is_a_column_for_each():
    r = RUNS["a rule"]
    table = r.table()
    assert set(table) >= {"eta_0", "eta_1", "rate_0", "rate_1", "evaluations"} and "eta" not in table
    assert np.array_equal(table["eta_1"].reshape(3, 6)[:, :5], r.eta[..., 1].T)
    assert table["evaluations"].reshape(3, 6).tolist() == [[1] * 5 + [0]] * 3
