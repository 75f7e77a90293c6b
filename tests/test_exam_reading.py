"""What counts as a number, and what everything else is told."""

import datetime
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lrcore.exam import Exam
from lrcore.exam.reading import Unreadable, read_label, read_number

PAPER = Exam("02", seed=1)

HALVES = [
    0.5,
    "0.5",
    "0,5",
    ".5",
    ",5",
    "1/2",
    " 1 / 2 ",
    "5e-1",
    "5E-1",
    "+0.50",
    "0.5 m",
    "０．５",
    "0，5",
    "2.5/5",
    np.float32(0.5),
    np.float16(0.5),
    np.array(0.5),
    np.str_("0.5"),
    Fraction(1, 2),
    Decimal("0.5"),
]


@pytest.mark.parametrize("answer", HALVES, ids=lambda answer: f"{type(answer).__name__}-{answer}")
def test_one_half(answer):
    assert read_number(answer, unit="m") == 0.5


@pytest.mark.parametrize(
    "text, value",
    [
        ("-3", -3),
        ("−3", -3),
        ("1e3", 1000),
        ("0,125", 0.125),
        ("1000", 1000),
        ("-1/4", -0.25),
        ("10³", 1000),
        ("10^-3", 0.001),
        ("10^(−3)", 0.001),
        ("2.5·10⁻⁴", 2.5e-4),
        ("-2,5 × 10^-4", -2.5e-4),
        ("2x10^3", 2000),
        ("1/10^3", 0.001),
        ("\u00a07\u3000", 7),
    ],
)
def test_other_numbers_as_text(text, value):
    assert read_number(text) == value


UNREADABLE = [
    (None, "not-answered"),
    (..., "not-answered"),
    ("", "not-answered"),
    ("  ", "not-answered"),
    (math.nan, "nan"),
    ("nan", "nan"),
    (np.nan, "nan"),
    (np.float32("nan"), "nan"),
    ("1/0", "nan"),
    (Decimal("nan"), "nan"),
    (math.inf, "infinite"),
    ("-inf", "infinite"),
    ("∞", "infinite"),
    (10**400, "infinite"),
    ("1e999", "infinite"),
    (True, "boolean"),
    (np.True_, "boolean"),
    (np.array(True), "boolean"),
    (1j, "complex"),
    (np.complex64(1), "complex"),
    (np.array(0.5 + 0j), "complex"),
    ([0.5], "wrong-type"),
    ((0.5,), "wrong-type"),
    ({0.5}, "wrong-type"),
    ({}, "wrong-type"),
    (b"0.5", "wrong-type"),
    (memoryview(b"1"), "wrong-shape"),
    (len, "wrong-type"),
    (float, "wrong-type"),
    (lambda: 0.5, "wrong-type"),
    (object(), "wrong-type"),
    (datetime.date(2025, 1, 1), "wrong-type"),
    (np.datetime64("2025"), "wrong-type"),
    (Decimal("snan"), "wrong-type"),
    (np.array([0.5]), "wrong-shape"),
    (np.zeros((2, 3)), "wrong-shape"),
    (np.zeros(0), "wrong-shape"),
    ("half", "not-a-number"),
    ("0.5.1", "not-a-number"),
    ("1/2/3", "not-a-number"),
    ("5 %", "not-a-number"),
    ("5³", "not-a-number"),
    ("2e1·10²", "not-a-number"),
    ("10^", "not-a-number"),
    ("10^2.5", "not-a-number"),
    ("1,000·10²", "ambiguous-comma"),
    ("1,000/3", "ambiguous-comma"),
    ("10^999", "infinite"),
    ("1/1e999", "infinite"),
    ("1_000", "not-a-number"),
    ("2*3", "not-a-number"),
    ("0x10", "not-a-number"),
    ("٣", "not-a-number"),
    ("__import__('os')", "not-a-number"),
    ("9" * 100, "not-a-number"),
    ("1,000", "ambiguous-comma"),
    ("-1,234,567", "ambiguous-comma"),
]


@pytest.mark.parametrize(
    "answer, code", UNREADABLE, ids=lambda value: None if isinstance(value, str) else type(value).__name__
)
def test_what_is_no_number_gets_its_own_message(answer, code):
    with pytest.raises(Unreadable) as problem:
        read_number(answer)
    assert problem.value.code == code and problem.value.feedback.endswith(".")
    verdict = PAPER.grade("q1", answer)
    assert (verdict.marks, verdict.code) == (0, code)


def test_tensors():
    torch = pytest.importorskip("torch")
    assert read_number(torch.tensor(0.5)) == 0.5
    assert read_number(torch.tensor(0.5, requires_grad=True)) == 0.5
    with pytest.raises(Unreadable) as problem:
        read_number(torch.zeros(2))
    assert problem.value.code == "wrong-shape"


def test_labels():
    assert [read_label(answer) for answer in ("A", "(a)", "a)", " a. ", 0.1, "0,1", "1/10")] == ["a"] * 4 + [
        "0.1"
    ] * 3
