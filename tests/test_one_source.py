"""A rule has one source: the formula in its docstring, which the chapters include."""

import inspect
import re
from pathlib import Path
from pydoc import locate

import pytest

from lrcore import directions, schedules, stepsizes
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


# --- what the chapters print ---------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [*(ROOT / "chapters").glob("*.md"), *(ROOT / "reference").glob("*.md")]
PAGES = {path.stem: path.read_text() for path in SOURCES}
INCLUDED = re.compile(r"\{rule\} (?P<name>[\w.]+)")
DISPLAYS = re.compile(r"\$\$\n?(.+?)\$\$|```\{math\}[^\n]*\n(.+?)```", re.S)
# The base, and what is put together from other schedules or from numbers.
NO_RULES = {"Schedule", "Clip", "Hold", "Join", "Product", "Repeat", "Shift", "Table"}


def rules():
    """The names of all rules whose docstring says that one of the chapters 06 to 10 explains them."""
    for room in (directions, stepsizes, schedules):
        for name in room.__all__:
            text = getattr(room, name).__doc__ or ""
            if re.search(r"[Cc]hapter (06|07|08|09|10)\b", text) and name not in NO_RULES:
                if inspect.isclass(getattr(room, name)) and callable(getattr(room, name)):
                    yield f"{room.__name__}.{name}"


def test_there_are_rules():
    assert len(list(rules())) > 35


@pytest.mark.parametrize("name", list(rules()))
def test_every_rule_has_its_formula_in_its_docstring_and_the_book_includes_it(name):
    assert formulas(name)
    chapter = re.search(r"[Cc]hapter (\d\d)\b", inspect.getdoc(locate(name)))[1]
    pages = [text for stem, text in PAGES.items() if stem.startswith(chapter) or stem == "schedules"]
    assert name in INCLUDED.findall("\n".join(pages))


def plain(tex):
    return re.sub(r"\\label\{[^}]*\}|:label:.*|\\[,;!]|[\s.&{}]", "", tex)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_page_types_what_it_can_include(page):
    known = {plain(tex): name for name in rules() for tex in formulas(name)}
    typed = [known.get(plain(one or other)) for one, other in DISPLAYS.findall(PAGES[page])]
    assert not any(typed), [name for name in typed if name]
