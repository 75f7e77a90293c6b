"""The quiz on the sheets of the built book: its weight, what it hides, where its links lead."""

import gzip
import json
import re
import sys

import pytest
from markup import read
from published import BOOK, ROOT

sys.path.insert(0, str(ROOT / "tests"))

from test_exam_page import secrets

from lrcore.exam import Exam
from lrcore.exam import page as quiz_page

BUDGET = 35_000
# With no book there is still one sheet, whose tests fail.
SHEETS = sorted(
    path.name for path in BOOK.glob("exercises/*.html") if "<lr-paper" in path.read_text("utf-8")
) or [""]
sheets = pytest.mark.parametrize("name", SHEETS)
PIECES = re.compile(r"<(lr-paper|lr-question|lr-report)\b.*?</\1>", re.S)


def text_of(name):
    return (BOOK / "exercises" / name).read_text(encoding="utf-8")


def exam_of(name):
    return Exam(re.search(r'<lr-paper data-sheet="([\w-]+)"', text_of(name))[1])


def test_every_sheet_has_its_quiz(book):
    written = {
        path.stem for path in (ROOT / "exercises").glob("*.md") if "paper = Exam(" in path.read_text("utf-8")
    }
    assert {name.removesuffix(".html") for name in SHEETS} == written


@sheets
def test_every_question_is_asked_once_and_in_order(name, book):
    exam = exam_of(name)
    asked = re.findall(r'<lr-question data-id="(\w+)"', text_of(name))
    assert asked == list(exam.questions)
    assert text_of(name).count("<lr-report>") == 1
    # Each in the section of its heading, which keeps its anchor and its marks.
    for element in read(BOOK / "exercises" / name).all("lr-question"):
        section = next(p for p in reversed(element.parents) if p.tag == "section")
        heading = next(child for child in section.children if child.tag == "h2").full_text()
        heading = heading.replace("’", "'")  # Sphinx sets quotation marks
        assert section["id"] and heading.startswith(f"{element['data-id']} · {element['data-title']} (")
        assert f"({element['data-marks']} mark" in heading


@sheets
def test_cells_for_the_kernel_are_not_on_the_page(name, book):
    for word in ("paper.check(", "paper.show(", "paper.report(", "paper.figure(", "= ..."):
        code = "\n".join(pre.full_text() for pre in read(BOOK / "exercises" / name).all("pre"))
        assert word not in code


@sheets
def test_the_quiz_weighs_little(name, book):
    static = [(BOOK / "_static" / file).read_bytes() for file in ("quiz.js", "quiz.css")]
    markup = "".join(piece[0] for piece in PIECES.finditer(text_of(name)))
    sizes = [len(gzip.compress(data, 6)) for data in (*static, markup.encode())]
    assert sum(sizes) <= BUDGET, f"script, style, questions: {sizes}"


@sheets
def test_nothing_sealed_is_in_plain_text_anywhere(name, book):
    exam = exam_of(name)
    files = [
        BOOK / "exercises" / name,
        BOOK / "searchindex.js",
        *(BOOK / "_quiz").glob(f"{exam.sheet.name}-*.js"),
    ]
    assert len(files) == 1 + len(quiz_page.SEEDS)
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    for seed in quiz_page.SEEDS:
        for table in Exam(exam.sheet.name, seed).tables.values():
            for secret in secrets(table["sealed"]):
                assert not [file for file, text in texts.items() if secret in text], secret


@sheets
def test_links_to_revise_lead_to_a_heading(name, book):
    for element in read(BOOK / "exercises" / name).all("lr-question"):
        path, _, anchor = element["data-page"].partition("#")
        if not path:  # a chapter that is not written yet
            chapter = Exam(exam_of(name).sheet.name).tables[element["data-id"]]["shown"]["revise"]["chapter"]
            assert not list((ROOT / "chapters").glob(f"{chapter}-*.md"))
            continue
        target = read((BOOK / "exercises" / path).resolve())
        assert anchor in {each["id"] for each in target.elements}, element["data-page"]


@sheets
def test_a_sheet_is_answered_from_a_folder(name, book, open_page):
    """All right answers, typed and chosen; then other numbers; with no server and no error."""
    opened = open_page(BOOK / "exercises" / name)
    exam = exam_of(name)
    earned = 0
    for question, table in exam.tables.items():
        area = opened.locator(f'lr-question[data-id="{question}"]')
        kind, sealed = table["shown"]["type"], table["sealed"]
        if kind == "numeric":
            area.locator("input").fill(repr(sealed["key"]).replace(".", ","))
        elif kind == "choice":
            right = next(label for label, option in sealed["options"].items() if option["code"] == "right")
            area.locator(f'input[value="{right}"]').check()
        elif kind == "match":
            for label, target in sealed["right"].items():
                area.locator(f'[data-label="{label}"] select').select_option(target)
        elif kind == "multi":
            for label, option in sealed["options"].items():
                area.locator(f'input[value="{label}"]').set_checked(option["correct"])
        else:
            continue
        area.get_by_role("button", name="Check").click()
        assert area.locator(".lr-quiz-verdict").inner_text().endswith("· right"), question
        earned += table["shown"]["marks"]
    assert opened.locator(".lr-quiz-status").inner_text().startswith(f"{earned} of {exam.out_of} marks")
    opened.get_by_role("button", name="New numbers").click()
    opened.locator(".lr-quiz-status", has_text="numbers 2").wait_for()  # the policy forbids waiting by eval
    assert opened.locator(".lr-quiz-status").inner_text().startswith("0 of ")
    # A question with a figure keeps the letters of the figure in the page.
    for question, table in exam.tables.items():
        if table["shown"].get("figure"):
            area = opened.locator(f'lr-question[data-id="{question}"]')
            for label, target in table["sealed"]["right"].items():
                area.locator(f'[data-label="{label}"] select').select_option(target)
            area.get_by_role("button", name="Check").click()
            assert area.locator(".lr-quiz-verdict").inner_text().endswith("· right"), question
    opened.traffic.assert_clean()


def test_marks_are_kept_across_pages(book, address, open_page):
    opened = open_page(f"{address}/exercises/{SHEETS[0]}")
    field = opened.locator('lr-question[data-type="numeric"]').first
    field.locator("input").fill("1")
    field.get_by_role("button", name="Check").click()
    opened.get_by_label("Language").select_option("zh")
    opened.goto(f"{address}/exercises/{SHEETS[-1]}")
    assert opened.get_by_label("语言").input_value() == "zh"
    kept = json.loads(opened.evaluate("localStorage.getItem('lr-quiz')"))
    assert exam_of(SHEETS[0]).sheet.name in kept["sheets"]
    opened.traffic.assert_clean()


def test_other_pages_load_no_quiz(book):
    for path in book.glob("chapters/*.html"):
        assert "quiz.js" not in path.read_text(encoding="utf-8")
