"""The author's tool: what it adds can be read at once, and what is missing is said."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from exam_demo import DEMO, TYPES

from lrcore.exam import bank
from lrcore.exam.__main__ import main
from lrcore.exam.lint import lint

CHAPTERS = {
    "01-what-is-a-learning-rate.md": "# One\n\n## Rates have units\n",
    "02-stability.md": "# Two\n\n## A kink\n",
}
CODES = {
    "q1": ["upside-down", "product"],
    "q2": ["that", "those"],
    "q3": ["cosine-decays", "inverse-decays", "square-decays", "constant", "warmup"],
    "q4": ["swapped"],
    "q5": ["decay-first", "backwards"],
    "q6": ["no-schedule", "no-early", "no-late"],
    "q7": ["minus", "not-linear"],
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """An empty bank, two chapters and no wrong answers."""
    for folder in ("questions", "chapters", "exercises/wrong"):
        (tmp_path / folder).mkdir(parents=True)
    for name, text in CHAPTERS.items():
        (tmp_path / "chapters" / name).write_text(text)
    monkeypatch.setattr(bank, "folder", lambda: tmp_path / "questions")
    monkeypatch.setattr("lrcore.exam.__main__.folder", lambda: tmp_path / "questions")
    monkeypatch.setattr("lrcore.exam.__main__.lint", lambda name: lint(name, tmp_path))
    return tmp_path


def write(book, text=DEMO, codes=CODES):
    (book / "questions" / "mock-9.yml").write_text(text)
    wrong = [{"question": q, "code": code, "marks": 0} for q, listed in codes.items() for code in listed]
    (book / "exercises" / "wrong" / "mock-9.yml").write_text(yaml.safe_dump({"wrong": wrong}))
    return lint("mock-9", book)


def test_a_complete_paper_lacks_nothing(book, capsys):
    assert write(book) == []
    assert main(["lint", "mock-9"]) == 0 and capsys.readouterr().out == "nothing is missing\n"


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('    hint: {en: "Early, late.", zh: 先后。}\n', "", "q6, hint: missing"),
        ("zh: 都读一遍。", "zh: Read.", "q2, hint.zh: no Chinese in it"),
        ('en: "Which?"', 'en: "Which 个?"', "q2, prompt.en: Chinese in the English text"),
        ('{en: "Which?"', '{en: "…"', "q2, prompt.en: still the placeholder"),
        ("feedback: Not that.", "feedback: Not that", "q2, options[2].feedback: feedback is a sentence"),
        ("key: a/8", "key: (a - 2)/8", "q1, key: is 0 for {'a': 2}"),
        ("expr: 8*a", "expr: 8/a*1.001", "q1, wrong[2].expr: for {'a': 2} it is taken for 'upside-down'"),
        ("expr: 8*a", "expr: 1/(a - 3)", "q1, wrong[2].expr: ZeroDivisionError"),
        ("key: a/8", "key: a*1e308*10", "q1, key: evaluates to inf"),
        (
            'revise: "02: A kink"',
            'revise: "02: A bend"',
            "q3, revise: 'A bend' is no heading of 02-stability.md",
        ),
        ('revise: "02: A kink"', 'revise: "07: Warm"', "q3, revise: there is no chapter 07"),
        ('chapters: ["01", "02"]', 'chapters: ["01"]', "q3, revise: chapter 02 is not among the chapters"),
        (
            "first and small ones near",
            "first, a good idea, near",
            "q6, model: breaks the rule ““Good” is vague",
        ),
        ("model: Exponential decay", "model: Linear decay", "q6, model: does not earn all the marks"),
        ("return -2*x", "return 2*x", "q7, minus: with seed 0 it is taken for 'right'"),
        ('return 2*x"', 'return nothing"', "q7, twice: NameError"),
        ("type: choice", "type: chioce", "questions/mock-9.yml, q2, type: 'chioce' is not one of"),
        ("zh: 哪个？}", "}", "questions/mock-9.yml, q2, prompt.zh: the Chinese text is missing"),
        ("id: q2", "id: q1", "questions/mock-9.yml, q1, id: 'q1' is not a text of its own"),
    ],
)
def test_what_is_missing_is_said(book, old, new, told, capsys):
    assert old in DEMO
    problems = write(book, DEMO.replace(old, new, 1))
    assert any(problem.startswith(told) for problem in problems), problems
    assert main(["lint"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert all(line.startswith("questions/mock-9.yml, ") for line in printed[:-1])
    assert printed[-1] == f"{len(problems)} to do"


def test_misconceptions_without_a_known_wrong_answer_are_said(book):
    for name, codes in CODES.items():
        for code in codes:
            left = {**CODES, name: [other for other in codes if other != code]}
            (problem,) = write(book, codes=left)
            assert problem.startswith(f"{name}, "), problem
            assert f"{code!r} has no entry" in problem or len(codes) == 1 and "none is listed" in problem


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("sheet", ["01", "2031-q4"])
def test_a_new_question_can_be_read_at_once_and_says_what_to_write(book, capsys, sheet, type_):
    more = ["--chapters", "02,01", "--minutes", "8"] if "-" in sheet else []
    for number in (1, 2):
        assert main(["new", sheet, type_, *(more if number == 1 else [])]) == 0
        assert capsys.readouterr().out.startswith(f"q{number} added to ")
        assert main(["preview", sheet, f"q{number}"]) == 0
        assert capsys.readouterr().out.startswith(f"q{number} · … · 2 marks · {type_}")
    problems = lint(sheet, book)
    assert any("prompt.en: still the placeholder" in problem for problem in problems)
    assert any("none is listed in exercises/wrong" in problem for problem in problems)
    assert not any("hint: missing" in problem for problem in problems)
    kind, chapters = ("paper", ("02", "01")) if more else ("sheet", ("01",))
    assert (bank.load(sheet).kind, bank.load(sheet).chapters) == (kind, chapters)


def test_adding_leaves_what_is_there_alone(book, capsys):
    text = DEMO + "# a remark\n"
    (book / "questions" / "mock-9.yml").write_text(text)
    main(["new", "mock-9", "text"])
    assert (book / "questions" / "mock-9.yml").read_text().startswith(text)
    assert [q["id"] for q in bank.load("mock-9").questions][-1] == "q8"


@pytest.mark.parametrize(
    "arguments, word",
    [
        (["new", "extra", "text"], "not a name such as"),
        (["new", "2031-q4", "text"], "two digits"),
        (["preview", "77", "q1"], "there is no sheet"),
        (["preview", "mock-9", "q77"], "has the questions"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_writes_nothing(book, capsys, arguments, word):
    write(book)
    before = sorted(path.name for path in (book / "questions").iterdir())
    assert main(arguments) == 1
    assert word in capsys.readouterr().err
    assert sorted(path.name for path in (book / "questions").iterdir()) == before


@pytest.mark.parametrize("name", list(CODES))
def test_the_preview_shows_everything_that_is_told(book, capsys, name):
    write(book)
    assert main(["preview", "mock-9", name, "--seed", "3"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for word in ("Hint", "Model answer", "Answers", "Revise: chapter 0", *CODES[name]):
        assert word in printed
    assert re.search("[一-鿿]", printed)
    page = book / "page.html"
    assert main(["preview", "mock-9", name, "--html", str(page)]) == 0
    html = page.read_text()
    assert html.startswith("<!doctype html>") and 'lang="zh-Hans"' in html
    assert all(code in html for code in CODES[name])


def test_the_list(book, capsys):
    write(book)
    main(["list"])
    assert capsys.readouterr().out == (
        "mock-9  Demonstration: 7 questions (1 numeric, 1 choice, 1 multi, 1 match, 1 ordering, 1 text,"
        " 1 function), 17 marks\n"
    )


def test_the_command_line():
    done = subprocess.run([sys.executable, "-m", "lrcore.exam", "list"], capture_output=True, text=True)
    assert done.returncode == 0 and "01  What is a learning rate?" in done.stdout
    assert (
        "new 03 numeric"
        in subprocess.run(
            [sys.executable, "-m", "lrcore.exam", "--help"], capture_output=True, text=True
        ).stdout
    )


@pytest.mark.parametrize("sheet", bank.names())
def test_the_book_s_own_bank_lacks_nothing(sheet):
    assert lint(sheet, Path(__file__).resolve().parent.parent) == []
