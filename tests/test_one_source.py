"""A rule has one source: the formula in its docstring, which the chapters include."""

import pytest

from lrcore.book import formula, formulas


def one():
    r"""A row, two rows, and two paragraphs.

    .. math:: a = b

    Words between.

    .. math::

        c &= d \\
        e &= f

    .. math::

        g = h

        i = j
    """


def test_formulas_are_read_in_order(monkeypatch):
    monkeypatch.setattr("lrcore.book.locate", lambda name: one)
    rows = "\\begin{aligned}c &= d \\\\\ne &= f\\end{aligned}"
    assert formulas("one") == ["a = b", rows, "\\begin{gathered}g = h\\\\\ni = j\\end{gathered}"]
    assert formula("one", 2) == rows


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("lrcore.nothing", 1, "nothing called 'lrcore.nothing'"),
        ("lrcore.directions.Steepest", 2, "1 formulas"),
        ("lrcore.directions.Steepest", 0, "asked for 0"),
    ],
)
def test_what_is_not_there_is_named(name, part, words):
    with pytest.raises(ValueError, match=words):
        formula(name, part)
