"""Arbitrary answers to every type of question: no crash, no full marks by accident, every reply a sentence.

10,000 objects and 10,000 texts are drawn, many of them near a right answer, for a question of each type; a
smaller number of objects goes to every question of the book.
"""

import datetime
import decimal
import fractions
import math
import random
import re
import string
import sys

import numpy as np
import pytest
from exam_demo import demo
from exam_objects import Evil, Rude, Shy

from lrcore.exam import Exam, Verdict
from lrcore.exam.bank import names

PAPERS = [demo(seed) for seed in range(6)]
MODEL = "Exponential decay takes large steps first and small ones near the optimum."
LETTERS = string.ascii_letters + string.digits + "   .,;:/+-eE^()[]{}'\"%·×*x⁻¹²³−½∞η０，中文\n\t\u00a0"
SCALARS = [None, ..., True, False, 0, 1, -1, 2, 10**400, math.nan, math.inf, -0.0, 1j, b"A", b"", "", " "]
SCALARS += [
    int,
    len,
    sys,
    Evil,
    Evil(),
    Rude(),
    Rude,
    Shy(0.5),
    object(),
    NotImplemented,
    range(3),
    memoryview(b"1"),
]
SCALARS += [
    datetime.date(2025, 1, 1),
    decimal.Decimal("sNaN"),
    decimal.Decimal("0.5"),
    fractions.Fraction(1, 2),
]
SCALARS += [
    np.float32(0.5),
    np.datetime64("2025"),
    np.zeros(0),
    np.zeros((2, 2)),
    np.array("A"),
    np.bool_(True),
]


def text(chance, near):
    """A text: noise, the words of a report, or something near a right answer."""
    kind = chance.random()
    if kind < 0.3:
        return "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, 14)))
    if kind < 0.4:
        return "".join(
            chr(chance.choice([chance.randrange(0xD800), chance.randrange(0x10000, 0x1F000)]))
            for _ in range(6)
        )
    if kind < 0.5:
        return " ".join(
            chance.choice(["cosine", "not", "step", "decay", "the", "rate", "A", "1"]) for _ in range(8)
        )
    answer = str(chance.choice(near))
    for _ in range(chance.randint(0, 3)):
        place = chance.randint(0, len(answer))
        cut = chance.randint(0, 1)
        answer = answer[:place] + chance.choice(["", *LETTERS]) + answer[place + cut :]
    return answer


def thing(chance, near, depth=0):
    """An object: a scalar, a number near a right one, a text, a container of such, or a function."""
    kind = chance.random()
    if kind < 0.3 or depth > 2:
        return chance.choice(SCALARS)
    if kind < 0.4:
        return chance.choice([1.0, 0.99, 1.5, -1.0]) * chance.choice([0.25, 0.375, 0.5, 4, 1e300])
    if kind < 0.5:
        return text(chance, near)
    if kind < 0.55:
        value = thing(chance, near, depth + 1)
        return lambda *arguments: value
    parts = [thing(chance, near, depth + 1) for _ in range(chance.randint(0, 4))]
    if kind < 0.65:
        return {
            "text": chance.choice([MODEL, *parts, ...]),
            "points": chance.choice([parts, [1], [2, 3], {2, 3}, None]),
        }
    if kind < 0.75:
        return dict(
            zip(
                chance.sample("ABCDEFG", len(parts)),
                chance.choices(["1", "2", "3", 1, 2, 3, *parts], k=9),
                strict=False,
            )
        )
    if kind < 0.85:
        return [chance.choice([*"ABCDE", 1, 2, 3, *parts]) for _ in range(chance.randint(1, 5))]
    return chance.choice([list, tuple])(parts)


def near(paper):
    """Right answers to the paper as texts."""
    sealed = {name: table["sealed"] for name, table in paper.tables.items()}
    ticked = "".join(label for label, option in sealed["q3"]["options"].items() if option["correct"])
    key = sealed["q1"]["key"]
    return [
        key,
        f"{key:e}",
        f"{key * 1000:g}·10⁻³",
        f"{paper.questions['q1'].values['a']}/8",
        "A",
        "B",
        ticked,
        "".join(sealed["q5"]["order"]),
        MODEL,
    ]


def letters(answer):
    """The letters of an answer, if it is nothing but letters and separators."""
    parts = [answer] if isinstance(answer, str) else list(answer)
    return [
        letter.upper() for part in parts if isinstance(part, str) for letter in re.findall("[A-Za-z]", part)
    ]


def value(answer):
    """A number as a person would read it, by Python's own arithmetic."""
    if not isinstance(answer, str):
        return float(answer)
    written = answer.strip().removesuffix("m").translate(str.maketrans("，,０−", "..0-"))
    written = re.sub("[·×x]", "*", written).replace("^", "**")
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    written = re.sub("[⁻¹²³]+", lambda power: f"**({power[0].translate(raised)})", written)
    return float(eval(re.sub(r"(?<![\d.])0+(?=\d)", "", written), {"__builtins__": {}}))


def deserved(paper, question, answer):
    """An independent opinion on an answer that got full marks."""
    sealed = paper.tables[question]["sealed"]
    kind = paper.questions[question].type
    if kind == "numeric":
        return math.isclose(value(answer), sealed["key"], rel_tol=0.006)
    if kind == "choice":
        return [sealed["options"][letter]["code"] for letter in letters(answer)] == ["right"]
    if kind == "multi":
        return set(letters(answer)) == {
            label for label, option in sealed["options"].items() if option["correct"]
        }
    if kind == "ordering":
        return letters(answer) == sealed["order"]
    if kind == "match":
        given = answer if isinstance(answer, dict) else dict(zip("ABC", answer, strict=True))
        given = {
            k.strip("( )").upper(): str(round(float(v))) for k, v in given.items() if v not in (None, ...)
        }
        return given == sealed["right"]
    if kind == "text":
        words = answer["text"].split()
        return (
            len(words) >= 5
            and set(answer["points"]) >= {2, 3}
            and re.search("exponential|cosine|step decay", answer["text"], re.I)
        )
    return np.array_equal(answer(np.arange(3.0), 2), 2 * np.arange(3.0))


def must_be_sane(paper, name, answer):
    verdict = paper.grade(name, answer)
    assert isinstance(verdict, Verdict) and 0 <= verdict.marks <= verdict.out_of, verdict
    assert round(verdict.marks, 1) == verdict.marks and 0 <= verdict.claimed <= verdict.marks
    assert re.fullmatch(r"\S[^\n]*[.!?]", verdict.feedback) and re.fullmatch("[a-z0-9-]+", verdict.code), (
        verdict
    )
    assert (verdict.code == "right") == (verdict.marks == verdict.out_of), verdict
    str(verdict)
    return verdict


@pytest.mark.parametrize("make", [thing, text])
def test_ten_thousand_answers(make):
    chance = random.Random(make.__name__)
    full, codes = set(), set()
    known = [near(paper) for paper in PAPERS]
    for round_ in range(10_000):
        which = round_ % len(PAPERS)
        paper, answer = PAPERS[which], make(chance, known[which])
        for name in paper.questions:
            verdict = must_be_sane(paper, name, answer)
            codes.add(verdict.code)
            if verdict.code == "right":
                full.add(name)
                assert deserved(paper, name, answer), (name, answer)
    # The net has small meshes: among the answers were right ones to most types, and most kinds of wrong ones.
    assert full >= ({"q1", "q2", "q3", "q5"} if make is text else {"q1", "q2", "q3", "q4", "q6"}), full
    assert len(codes) > (20 if make is text else 30), codes


@pytest.mark.parametrize("sheet", names())
def test_answers_to_every_question_of_the_book(sheet):
    paper, chance = Exam(sheet, seed=1), random.Random(sheet)
    for _ in range(60):
        answer = thing(chance, ["A", "1/2", MODEL])
        for name, asked in paper.questions.items():
            verdict = must_be_sane(paper, name, answer)
            if asked.type in ("match", "ordering", "function", "text"):
                assert verdict.code != "right", (name, answer)
