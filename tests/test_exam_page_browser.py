"""The page quiz from file://: keys, mouse and finger, exams, storage, files, languages, themes, a phone."""

import json
import sys
from html import escape
from pathlib import Path
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe
from exam_every_type import every_type

from lrcore.exam import codes, page

# The extension is no installed package; it knows what the page is sent.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from tlr.quiz import bundle, style

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Quiz</title>
<style>{css}</style><style>html[data-theme=dark] {{ background: #12161c; color: #dbe2ea; color-scheme: dark;
--pst-color-primary: #7cc0e8; --pst-color-background: #12161c; --pst-color-surface: #1c232d;
--lr-rule: #36414f; --lr-objectives: #6fd3ab; --lr-fails: #f2a583; }} a {{ color: var(--lr-accent) }}</style>
</head><body><main><h1>Quiz</h1>{head}{questions}
<section id="your-marks"><h2>Your marks</h2>{report}</section>
</main>
<script src="quiz.js"></script></body></html>"""
OUT_OF = 17


@pytest.fixture
def quiz(open_page, tmp_path):
    """`quiz(theme=..., width=...)` -> a sheet with every type of question, and its other numbers."""
    exams = {seed: every_type(seed) for seed in page.SEEDS}
    with mock.patch("lrcore.exam.page.Exam", side_effect=lambda sheet, seed: exams[seed]):
        parts = {
            "head": page.head("01", "01-"),
            "questions": "".join(
                f'<section id="{q}"><h2>{escape(asked.title)}</h2>{page.question(exams[1], q)}</section>'
                for q, asked in exams[1].questions.items()
            ),
            "report": page.report(),
        }
        for seed in page.SEEDS[1:]:
            (tmp_path / f"01-{seed}.js").write_text(page.variant("01", seed), "utf-8")
    (tmp_path / "quiz.js").write_text(bundle(), "utf-8")
    css = style()

    def open_(theme="light", init="", **options):
        path = tmp_path / "quiz.html"
        path.write_text(PAGE.format(theme=theme, css=css, **parts), "utf-8")
        opened = open_page(path, goto=False, dark=theme == "dark", **options)
        opened.on("dialog", lambda dialog: dialog.accept() if opened.accepts else dialog.dismiss())
        opened.accepts = True
        opened.set_default_timeout(8000)
        opened.add_init_script(init)
        opened.goto(path.as_uri())
        return opened

    open_.exams = exams
    open_.path = tmp_path
    return open_


def of(opened, name):
    return opened.locator(f'lr-question[data-id="{name}"]')


def result(opened, name):
    return of(opened, name).locator(".lr-quiz-result").inner_text()


def verdict(opened, name):
    return of(opened, name).locator(".lr-quiz-verdict").inner_text()


def status(opened):
    return opened.locator(".lr-quiz-status").inner_text()


def message(opened):
    return opened.locator("lr-paper .lr-quiz-message").inner_text()


def press(opened, name):
    opened.get_by_role("button", name=name, exact=True).first.click()


def stored(opened):
    return json.loads(opened.evaluate("localStorage.getItem('lr-quiz')"))


def reload(opened):
    # A reload may begin in another process, which Chromium tells of what was stored a moment later.
    opened.wait_for_timeout(300)
    opened.reload()


def put_into_storage(opened, text):
    opened.evaluate("(text) => localStorage.setItem('lr-quiz', text)", text)
    reload(opened)


def reach(opened, what):
    """Go by Tab alone to an element; it fails where the keyboard cannot go."""
    for _ in range(150):
        if opened.evaluate("(e) => e === document.activeElement", what.element_handle()):
            outline = what.evaluate("(e) => getComputedStyle(e).outlineStyle")
            assert outline != "none", "focus cannot be seen"
            return
        opened.keyboard.press("Tab")
    raise AssertionError("the Tab key does not come to it")


def check(opened, name):
    reach(opened, of(opened, name).get_by_role("button", name="Check"))
    opened.keyboard.press("Enter")


def answers(exam, right=True):
    """What to press for each question: all right, or half of it."""
    sealed = {name: table["sealed"] for name, table in exam.tables.items()}
    return {
        "q1": f"{sealed['q1']['key']:g}".replace(".", ",") if right else f"{4 * sealed['q1']['key']:g} m/J",
        "q2": [each for each, option in sealed["q2"]["options"].items() if option["correct"]][
            : 3 if right else 2
        ],
        "q3": sealed["q3"]["order"],
        "q4": "Cosine decay takes large steps early and small ones late."
        if right
        else "I do not know it at all.",
        "q5": "It is cosine decay." if right else "It is not cosine at all.",
        "q6": next(each for each, o in sealed["q6"]["options"].items() if (o["code"] == "right") == right),
        "q7": sealed["q7"]["right"],
    }


def put_in_order(opened, wanted):
    """With the buttons: each item in turn up to its place."""
    for place, label in enumerate(wanted):
        item = of(opened, "q3").locator(f'li[data-label="{label}"]')
        while item.evaluate("(e) => [...e.parentElement.children].indexOf(e)") > place:
            reach(opened, item.get_by_role("button", name=f"Move {label} up"))
            opened.keyboard.press("Enter")


def answer_by_keyboard(opened, given, right):
    reach(opened, of(opened, "q1").locator("input"))
    opened.keyboard.type(given["q1"])
    opened.keyboard.press("Enter")  # checks at once
    for label in given["q2"]:
        reach(opened, of(opened, "q2").locator(f'input[value="{label}"]'))
        opened.keyboard.press("Space")
    check(opened, "q2")
    if right:
        put_in_order(opened, given["q3"])
    check(opened, "q3")
    for name in ("q4", "q5"):
        reach(opened, of(opened, name).locator("textarea"))
        opened.keyboard.type(given[name])
        check(opened, name)
    if right:
        reach(opened, of(opened, "q4").locator(".lr-quiz-scheme input"))
        opened.keyboard.press("Space")
    radio = of(opened, "q6").locator("input")
    reach(opened, radio.first)
    opened.keyboard.press("Space")
    for _ in range(3):
        if not of(opened, "q6").locator(f'input[value="{given["q6"]}"]').is_checked():
            opened.keyboard.press("ArrowDown")
    check(opened, "q6")
    for label, target in list(given["q7"].items())[: 2 if right else 1]:
        reach(opened, of(opened, "q7").locator(f'[data-label="{label}"] select'))
        opened.keyboard.type(target)
    check(opened, "q7")


def enter_code(opened, marks):
    possible = [2, 3, 2, 3, 1, 1, 2, 3]
    code = codes.write_code("01", 1, possible, [None] * 7 + [marks])
    reach(opened, opened.get_by_label("Code from the notebook"))
    opened.keyboard.type(code)
    opened.keyboard.press("Enter")


def test_full_marks_by_keyboard_alone(quiz):
    opened = quiz()
    answer_by_keyboard(opened, answers(quiz.exams[1]), right=True)
    enter_code(opened, 3.0)
    for name in quiz.exams[1].questions:
        assert verdict(opened, name).endswith("· right"), name
    assert status(opened).startswith(f"{OUT_OF} of {OUT_OF} marks · 8 of 8 answered")
    assert opened.locator("tfoot").inner_text().split() == ["Total", "17", "of", "17", "100", "%"]
    assert "To revise" not in opened.locator("lr-report").inner_text()
    assert "You gave 2 of these to yourself" in opened.locator("lr-report").inner_text()
    opened.traffic.assert_clean()


def test_half_marks_by_keyboard_alone(quiz):
    opened = quiz()
    answer_by_keyboard(opened, answers(quiz.exams[1], right=False), right=False)
    enter_code(opened, 1.5)
    expected = {
        "q1": "1 of 2",
        "q2": "2 of 3",
        "q4": "0 of 3",
        "q5": "0 of 1",
        "q6": "0 of 1",
        "q7": "1 of 2",
        "q8": "1.5 of 3",
    }
    for name, marks in expected.items():
        assert verdict(opened, name).startswith(f"{marks} marks"), name
    assert "This is twice" in result(opened, "q1")
    assert "Right so far" in result(opened, "q7")
    link = of(opened, "q6").locator("a")
    assert link.get_attribute("href").endswith("01-what-is-a-learning-rate.html#one-parabola")
    revise = opened.locator("lr-report ul").first.inner_text()
    assert "One parabola" in revise and "q6" in revise
    opened.traffic.assert_clean()


def test_nonsense_gets_a_sentence_and_no_marks(quiz):
    opened = quiz()
    for text, reply in [
        ("", "no answer yet"),
        ("three", "not a number"),
        ("1/0", "divides by zero"),
        ("1,000", "comma"),
    ]:
        of(opened, "q1").locator("input").fill(text)
        press(opened, "Check")
        assert reply in result(opened, "q1"), text
        assert verdict(opened, "q1").startswith("0 of 2 marks")
    of(opened, "q4").locator("textarea").fill("学习率")
    of(opened, "q4").get_by_role("button", name="Check").click()
    assert "at least 5 words" in result(opened, "q4")
    assert of(opened, "q4").locator("fieldset").count() == 0, "the model answer is not thrown at a few words"
    of(opened, "q4").get_by_role("button", name="Model answer").click()
    assert of(opened, "q4").locator("fieldset").count() == 1
    of(opened, "q7").get_by_role("button", name="Check").click()
    assert "not answered" in result(opened, "q7")
    assert status(opened).startswith("0 of 17")
    opened.traffic.assert_clean()


def test_the_verdict_is_told_to_screen_readers(quiz):
    opened = quiz()
    of(opened, "q1").locator("input").fill("nonsense")
    press(opened, "Check")
    spoken = opened.locator(".lr-quiz-spoken")
    assert spoken.get_attribute("role") == "status"
    assert spoken.inner_text().startswith("q1: 0 of 2 marks · not right")


def test_a_changed_answer_loses_its_verdict(quiz):
    opened = quiz()
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    press(opened, "Check")
    assert status(opened).startswith("2 of 17")
    of(opened, "q1").locator("input").fill("99")
    assert result(opened, "q1") == "The answer has changed: check it again."
    assert status(opened).startswith("0 of 17")


def test_the_model_answer_comes_after_a_try_and_the_hint_before(quiz):
    opened = quiz()
    assert not of(opened, "q1").get_by_role("button", name="Model answer").is_visible()
    assert of(opened, "q4").get_by_role("button", name="Hint").count() == 1
    assert of(opened, "q1").get_by_role("button", name="Hint").count() == 0  # it has none
    of(opened, "q4").get_by_role("button", name="Hint").click()
    assert result(opened, "q4") == "Think of early and late steps."
    of(opened, "q1").locator("input").fill("99")
    press(opened, "Check")
    of(opened, "q1").get_by_role("button", name="Model answer").click()
    assert "It is " in result(opened, "q1")
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    press(opened, "Check")
    assert result(opened, "q1").count("It is ") == 1, "a right answer is told the model answer, once"


@pytest.mark.parametrize("has_touch", [True, False], ids=["touch", "mouse"])
def test_dragging(quiz, has_touch):
    """Chips onto rows, items of an order onto each other; with a finger at 390 px and with the mouse."""
    opened = quiz(width=390, height=844, has_touch=has_touch)
    cdp = opened.context.new_cdp_session(opened) if has_touch else None

    def drag(start, end):
        start.scroll_into_view_if_needed()
        a, b = start.bounding_box(), end.bounding_box()
        path = [(a["x"] + 8, a["y"] + 8), (a["x"] + 20, a["y"] + 20), (b["x"] + 12, b["y"] + b["height"] / 2)]
        if not has_touch:
            opened.mouse.move(*path[0])
            opened.mouse.down()
            for point in path[1:]:
                opened.mouse.move(*point)
            opened.mouse.up()
            return
        for kind, points in [("Start", path[:1]), *(("Move", [p]) for p in path[1:]), ("End", [])]:
            touches = [{"x": x, "y": y} for x, y in points]
            cdp.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})

    for label, target in answers(quiz.exams[1])["q7"].items():
        chip = of(opened, "q7").locator(f'.lr-quiz-chip[data-value="{target}"]')
        drag(chip, of(opened, "q7").locator(f'.lr-quiz-row[data-label="{label}"]'))
    assert stored(opened)["sheets"]["01"]["papers"]["1"]["answers"]["q7"] == answers(quiz.exams[1])["q7"]
    order = of(opened, "q3").locator("li")
    before = [item.get_attribute("data-label") for item in order.all()]
    drag(order.nth(0).locator(".lr-quiz-chip"), order.nth(2))
    after = [item.get_attribute("data-label") for item in order.all()]
    assert after == [before[1], before[2], before[0], before[3]]
    opened.traffic.assert_clean()


def test_all_of_it_by_touch_on_a_phone(quiz):
    opened = quiz(width=390, height=844, has_touch=True)
    given = answers(quiz.exams[1])
    for label in given["q2"]:
        of(opened, "q2").locator(f'label:has(input[value="{label}"])').tap()
    of(opened, "q2").get_by_role("button", name="Check").tap()
    of(opened, "q6").locator(f'label:has(input[value="{given["q6"]}"])').tap()
    of(opened, "q6").get_by_role("button", name="Check").tap()
    for place, label in enumerate(given["q3"]):
        item = of(opened, "q3").locator(f'li[data-label="{label}"]')
        while item.evaluate("(e) => [...e.parentElement.children].indexOf(e)") > place:
            item.get_by_role("button", name=f"Move {label} up").tap()
    of(opened, "q3").get_by_role("button", name="Check").tap()
    assert status(opened).startswith("6 of 17 marks · 3 of 8")
    opened.traffic.assert_clean()


# What stays ----------------------------------------------------------------------------------------------


def test_a_reload_keeps_answers_and_marks(quiz):
    opened = quiz()
    answer_by_keyboard(opened, answers(quiz.exams[1]), right=True)
    enter_code(opened, 2.0)
    before = opened.locator("main").inner_text()
    reload(opened)
    assert opened.locator("lr-report table").inner_text() in before
    assert status(opened).startswith("16 of 17 marks · 8 of 8")
    assert opened.get_by_label("Code from the notebook").input_value().startswith("01.1.")
    assert of(opened, "q1").locator("input").input_value() == answers(quiz.exams[1])["q1"]
    assert result(opened, "q4") in before
    opened.traffic.assert_clean()


FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); },
});"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.mark.parametrize("init", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_a_browser_that_stores_nothing_still_marks(quiz, init):
    opened = quiz(init=init)
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    press(opened, "Check")
    assert status(opened).startswith("2 of 17")
    assert "does not keep your marks" in message(opened)
    opened.traffic.assert_clean()


DAMAGED = [
    "{", "null", "[]", '{"version":2,"sheets":{}}', '"text"', '{"version":1,"sheets":{"01":7}}',
    '{"version":1,"sheets":{"01":{"seed":-3,"mode":"exam","papers":{"1":{"answers":{"q1":{"a":["x"]},"q2":"A","q3":["A","A"],'
    '"q4":["x"],"q5":{"text":5},"q6":["A"],"q7":"x","__proto__":"x"},"checked":["q1","q2","q3","q4","q5","q6","q7",5]}}}}}',
    '{"version":1,"sheets":{"01":{"seed":1,"mode":"exam","papers":{"1":{"answers":{}}}}}}',
]  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_storage_breaks_nothing(quiz, text):
    opened = quiz()
    put_into_storage(opened, text)
    of(opened, "q6").locator(f'input[value="{answers(quiz.exams[1])["q6"]}"]').check()
    of(opened, "q6").get_by_role("button", name="Check").click()
    assert verdict(opened, "q6") == "1 of 1 marks · right"
    reload(opened)
    assert verdict(opened, "q6") == "1 of 1 marks · right"
    opened.traffic.assert_clean()


def test_unreadable_storage_is_told_and_set_aside(quiz):
    opened = quiz()
    put_into_storage(opened, "{broken")
    assert "damaged" in message(opened)
    assert opened.evaluate("localStorage.getItem('lr-quiz-damaged')") == "{broken"


def test_marks_of_other_sheets_are_listed_and_kept(quiz):
    other = {"version": 1, "lang": "en", "sheets": {"02": {"seed": 1, "mode": "practice", "papers": {
        "1": {"answers": {"q1": "2"}, "checked": ["q1"], "marks": 1.5, "outOf": 30}}}}}  # fmt: skip
    opened = quiz()
    put_into_storage(opened, json.dumps(other))
    of(opened, "q1").locator("input").fill("7")
    press(opened, "Check")
    assert "Sheet 02: 1.5 of 30 marks" in opened.locator("lr-report").inner_text()
    assert stored(opened)["sheets"]["02"]["papers"]["1"]["answers"] == {"q1": "2"}


def test_export_and_import_bring_everything_to_another_browser(quiz, tmp_path):
    first = quiz()
    answer_by_keyboard(first, answers(quiz.exams[1], right=False), right=False)
    with first.expect_download() as download:
        press(first, "Export marks")
    path = tmp_path / "marks.json"
    download.value.save_as(path)
    second = quiz()
    second.locator("input[type=file]").set_input_files(path)
    second.wait_for_function("document.querySelector('lr-paper .lr-quiz-message').textContent")
    assert message(second) == "Imported: 01."
    assert second.locator("lr-report table").inner_text() == first.locator("lr-report table").inner_text()
    reload(second)
    assert status(second) == status(first)
    first.traffic.assert_clean()
    second.traffic.assert_clean()


PAPER = {"answers": {"q1": "5"}, "checked": ["q1"]}
SHEET = {"seed": 1, "mode": "practice", "papers": {"1": PAPER}}
GOOD = {"format": "learning-rate-marks", "version": 1, "lang": "en", "sheets": {"01": SHEET}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "cannot be read"),
        (b'{"cells": [], "nbformat": 4}', "not come from this book"),
        (b"[]", "not come from this book"),
        (json.dumps(GOOD | {"version": 9}).encode(), "damaged"),
        (json.dumps(GOOD | {"sheets": {}}).encode(), "damaged"),
        (json.dumps(GOOD | {"sheets": {"01": {"papers": 3}}}).encode(), "damaged"),
        (json.dumps(GOOD)[:-9].encode(), "cannot be read"),
        (b" " * 5_000_000, "too large"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_lost(quiz, content, told):
    opened = quiz()
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    press(opened, "Check")
    before = stored(opened)
    file = {"name": "file.json", "mimeType": "application/json", "buffer": content}
    opened.locator("input[type=file]").set_input_files(file)
    opened.wait_for_function("document.querySelector('lr-paper .lr-quiz-message').textContent")
    assert told in message(opened)
    assert stored(opened) == before and status(opened).startswith("2 of 17")
    opened.traffic.assert_clean()


def test_an_import_asks_before_it_replaces_answers(quiz):
    opened = quiz()
    of(opened, "q1").locator("input").fill("8")
    opened.accepts = False
    file = {"name": "file.json", "mimeType": "application/json", "buffer": json.dumps(GOOD).encode()}
    opened.locator("input[type=file]").set_input_files(file)
    opened.wait_for_function("document.querySelector('lr-paper .lr-quiz-message').textContent")
    assert message(opened) == "Nothing was imported."
    assert of(opened, "q1").locator("input").input_value() == "8"


def test_reset_asks_and_then_empties_this_paper_only(quiz):
    opened = quiz()
    of(opened, "q1").locator("input").fill("8")
    opened.accepts = False
    press(opened, "Clear answers")
    assert of(opened, "q1").locator("input").input_value() == "8"
    opened.accepts = True
    press(opened, "Clear answers")
    assert of(opened, "q1").locator("input").input_value() == ""
    assert status(opened).startswith("0 of 17 marks · 0 of 8")
    reload(opened)
    assert of(opened, "q1").locator("input").input_value() == ""


# Other numbers, languages --------------------------------------------------------------------------------


def test_new_numbers_are_another_paper_and_the_first_one_waits(quiz):
    opened = quiz()
    assert not any("01-2.js" in url for url in opened.traffic.requests)
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    press(opened, "Check")
    press(opened, "New numbers")
    opened.wait_for_function("document.querySelector('.lr-quiz-status').textContent.includes('numbers 2')")
    prompts = {seed: exam.prompt("q1") for seed, exam in quiz.exams.items()}
    assert of(opened, "q1").locator(".lr-quiz-prompt[lang=en]").inner_text() == prompts[2]
    assert status(opened).startswith("0 of 17")
    answer_by_keyboard(opened, answers(quiz.exams[2]), right=True)
    assert status(opened).startswith("14 of 17")
    reload(opened)
    opened.wait_for_function("document.querySelector('.lr-quiz-status').textContent.includes('numbers 2')")
    assert status(opened).startswith("14 of 17")
    for _ in range(2):
        press(opened, "New numbers")
    opened.wait_for_function("document.querySelector('.lr-quiz-status').textContent.includes('numbers 1')")
    assert status(opened).startswith("2 of 17") and verdict(opened, "q1").endswith("right")
    opened.traffic.assert_clean()


def test_numbers_that_cannot_be_loaded_leave_the_paper_alone(quiz):
    opened = quiz()
    (quiz.path / "01-2.js").unlink()
    press(opened, "New numbers")
    opened.wait_for_function(
        "document.querySelector('lr-paper .lr-quiz-message').textContent.includes('Try again')"
    )
    assert "numbers 1" in status(opened)


def test_the_language_changes_everywhere_and_is_remembered(quiz):
    opened = quiz()
    of(opened, "q1").locator("input").fill("99")
    press(opened, "Check")
    english = of(opened, "q1").locator(".lr-quiz-prompt[lang=en]")
    chinese = of(opened, "q1").locator(".lr-quiz-prompt[lang|=zh]")
    assert english.is_visible() and not chinese.is_visible()
    opened.get_by_label("Language").select_option("zh")
    assert chinese.is_visible() and not english.is_visible()
    assert of(opened, "q1").get_by_role("button", name="检查").is_visible()
    assert verdict(opened, "q1") == "0 / 2 分 · 不正确"
    assert not of(opened, "q6").get_by_text("another").is_visible()
    buttons = opened.locator("button:visible").all_inner_texts()
    assert not [text for text in buttons if any("a" <= letter <= "z" for letter in text)]
    reload(opened)
    assert chinese.is_visible() and opened.get_by_role("button", name="打印").is_visible()
    opened.traffic.assert_clean()


# Exams ---------------------------------------------------------------------------------------------------


def test_an_exam_tells_nothing_before_it_is_handed_in(quiz):
    opened = quiz()
    opened.clock.install()
    opened.get_by_label("minutes").fill("10")
    press(opened, "Start the exam")
    assert opened.get_by_role("timer").inner_text() == "Time left: 10:00"
    assert opened.get_by_role("button", name="Check").count() == 0
    assert not opened.get_by_role("button", name="Hint").is_visible()
    given = answers(quiz.exams[1])
    of(opened, "q1").locator("input").fill(given["q1"])
    opened.keyboard.press("Enter")
    of(opened, "q6").locator(f'input[value="{given["q6"]}"]').check()
    assert result(opened, "q1") == "" and status(opened).startswith("17 marks · 2 of 8 answered")
    opened.clock.run_for(61_000)
    assert opened.get_by_role("timer").inner_text() == "Time left: 8:59"
    reload(opened)
    assert opened.get_by_role("timer").inner_text() == "Time left: 8:59"
    assert of(opened, "q1").locator("input").input_value() == given["q1"]
    opened.accepts = False
    press(opened, "Hand in")
    assert opened.get_by_role("timer").is_visible()
    opened.accepts = True
    press(opened, "Hand in")
    assert message(opened) == "Handed in: 3 of 17 marks."
    assert verdict(opened, "q1").endswith("right") and "not answered" in verdict(opened, "q3")
    assert of(opened, "q1").locator("input").is_disabled()
    assert not opened.get_by_role("timer").is_visible()
    reload(opened)
    assert status(opened).startswith("3 of 17") and of(opened, "q1").locator("input").is_disabled()
    press(opened, "Back to practice")
    assert (
        of(opened, "q1").locator("input").input_value() == ""
        and of(opened, "q1").locator("input").is_enabled()
    )
    opened.traffic.assert_clean()


def test_time_left_is_told_seldom_and_time_up_hands_in(quiz):
    opened = quiz()
    opened.clock.install()
    opened.get_by_label("minutes").fill("6")
    press(opened, "Start the exam")
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    spoken = []
    for _ in range(36):
        opened.clock.run_for(10_000)
        text = opened.locator(".lr-quiz-spoken").inner_text()
        if text and text not in spoken:
            spoken.append(text)
    assert spoken == ["5 min left.", "2 min left.", "1 min left."]
    assert message(opened) == "Time is up, the paper is handed in: 2 of 17 marks."
    assert verdict(opened, "q1").endswith("right")
    opened.traffic.assert_clean()


def test_time_that_ran_out_while_the_page_was_closed(quiz):
    opened = quiz()
    opened.clock.install()
    opened.get_by_label("minutes").fill("1")
    press(opened, "Start the exam")
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    opened.goto("about:blank")
    opened.clock.fast_forward(120_000)
    opened.goto((quiz.path / "quiz.html").as_uri())
    assert "Time is up" in message(opened) and status(opened).startswith("2 of 17")


def test_an_answer_after_the_time_does_not_count_though_no_clock_has_ticked(quiz):
    opened = quiz()
    opened.clock.install()
    opened.get_by_label("minutes").fill("1")
    press(opened, "Start the exam")
    opened.clock.pause_at(opened.evaluate("new Date(Date.now() + 10_000).toISOString()"))
    opened.evaluate("() => { const now = Date.now; Date.now = () => now() + 60_000; }")  # a sleeping tab
    of(opened, "q1").locator("input").fill(answers(quiz.exams[1])["q1"])
    assert message(opened) == "Time is up, the paper is handed in: 0 of 17 marks."


@pytest.mark.parametrize("minutes", ["0", "-5", "", "9999"])
def test_an_exam_needs_a_time(quiz, minutes):
    opened = quiz()
    opened.get_by_label("minutes").fill(minutes)
    press(opened, "Start the exam")
    assert "between 1 and 600" in message(opened)
    assert not opened.get_by_role("timer").is_visible()


# Codes, paper, appearance --------------------------------------------------------------------------------


def test_a_code_counts_for_code_and_for_what_has_no_answer_here(quiz):
    opened = quiz()
    possible = [2, 3, 2, 3, 1, 1, 2, 3]
    field = opened.get_by_label("Code from the notebook")
    for wrong, told in [
        ("x", "three parts"),
        ("02.1.0000", "sheet 01"),
        (codes.write_code("01", 2, possible, [1] * 8), "other numbers"),
    ]:
        field.fill(wrong)
        press(opened, "Enter code")
        assert told in opened.locator("lr-report .lr-quiz-message").inner_text()
    assert status(opened).startswith("0 of 17")
    of(opened, "q1").locator("input").fill("99")
    field.fill(codes.write_code("01", 1, possible, [2, 3, None, None, 1, None, None, 2.5]).lower())
    press(opened, "Enter code")
    assert "accepted" in opened.locator("lr-report .lr-quiz-message").inner_text()
    assert verdict(opened, "q8").startswith("2.5 of 3") and verdict(opened, "q2").endswith("right")
    assert status(opened).startswith("6.5 of 17")  # q1 has an answer of its own
    opened.traffic.assert_clean()


def test_nothing_is_unsealed_before_an_answer_is_checked(quiz):
    watch = """
    let quiz;
    window.unsealed = 0;
    Object.defineProperty(globalThis, "lrQuiz", { configurable: true, get: () => quiz, set(value) {
      if (quiz) return;
      quiz = value;
      let unseal;
      Object.defineProperty(quiz, "unseal", {
        get: () => (...given) => { window.unsealed++; return unseal(...given); },
        set(f) { unseal = f; },
      });
    } });"""
    opened = quiz(init=watch)
    of(opened, "q1").locator("input").fill("99")
    opened.get_by_label("Language").select_option("zh")
    assert opened.evaluate("window.unsealed") == 0
    of(opened, "q1").get_by_role("button", name="检查").click()
    assert opened.evaluate("window.unsealed") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_in_every_state(quiz, theme, width):
    opened = quiz(theme=theme, width=width)

    def clean():
        found = Axe().run(opened).response["violations"]
        assert not found, [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found]
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        small = opened.evaluate(
            "[...document.querySelectorAll('main :is(button, input, select)')]"
            ".filter(e => !e.closest('label')).map(e => e.getBoundingClientRect())"
            ".filter(r => r.height > 0 && (r.height < 24 || r.width < 24)).length"
        )
        assert small == 0

    clean()
    answer_by_keyboard(opened, answers(quiz.exams[1], right=False), right=False)
    clean()
    opened.get_by_label("Language").select_option("zh")
    clean()
    opened.get_by_label("Language").or_(opened.get_by_label("语言")).first.select_option("en")
    press(opened, "Start the exam")
    clean()
    press(opened, "Hand in")
    clean()
    opened.traffic.assert_clean()


def test_paper_shows_questions_answers_and_marks_alone(quiz):
    opened = quiz()
    answer_by_keyboard(opened, answers(quiz.exams[1]), right=True)
    opened.emulate_media(media="print")
    assert opened.locator("button:visible").count() == 0
    assert verdict(opened, "q1").endswith("right") and of(opened, "q1").locator("input").is_visible()
    assert opened.locator("lr-report table").is_visible()
    text = of(opened, "q4").locator("textarea")
    assert text.evaluate("(e) => e.scrollHeight <= e.clientHeight + 2"), "a long answer is cut off on paper"


def test_without_scripts_questions_can_be_read_in_both_languages(quiz):
    opened = quiz(java_script_enabled=False)
    assert "needs JavaScript" in opened.locator("noscript").inner_text()
    for lang in ("[lang=en]", "[lang|=zh]"):
        assert of(opened, "q2").locator(f".lr-quiz-prompt{lang}").is_visible()
    assert of(opened, "q2").get_by_text("three").is_visible()
