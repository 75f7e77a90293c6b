"""The question bank: well formed, right, and each misconception is told apart in every variant."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from lrcore.exam import BankError, Exam
from lrcore.exam.bank import draw, load, names, parse, variants
from lrcore.exam.grading import grade
from lrcore.exam.schema import FIELDS

ROOT = Path(__file__).resolve().parent.parent
SHEETS = {name: load(name) for name in names()}
QUESTIONS = [(sheet, data) for sheet in SHEETS.values() for data in sheet.questions]


def ask(*types):
    """Parametrise a test over the questions of these types."""
    chosen = [(sheet, data) for sheet, data in QUESTIONS if data["type"] in types]
    return pytest.mark.parametrize(
        "sheet, data", chosen, ids=[f"{sheet.name}-{data['id']}" for sheet, data in chosen]
    )


def test_the_sheets():
    assert {"01", "02"} <= set(names())
    for sheet in SHEETS.values():
        types = [data["type"] for data in sheet.questions]
        if sheet.kind == "sheet":
            assert len(types) >= 12 and types.count("function") >= 3


@ask(*FIELDS)
def test_both_languages(sheet, data):
    paper = Exam(sheet.name, seed=3)
    english, chinese = paper.prompt(data["id"]), paper.prompt(data["id"], lang="zh")
    assert re.search(r"[一-鿿]", chinese) and not re.search(r"[一-鿿]", english)
    assert chinese.count("\n") == english.count("\n"), "the same options in both languages"
    assert "{" not in re.sub(r"\{0", "", english + chinese), "a placeholder was not filled"


@ask(*FIELDS)
def test_what_to_revise_is_a_heading_of_the_chapter(sheet, data):
    chapter, heading = draw(sheet, data, 1).revise()
    (page,) = (ROOT / "chapters").glob(f"{chapter}-*.md")
    headings = re.findall(r"^#{2,4} (.+?)\s*$", page.read_text(), re.MULTILINE)
    assert heading in headings, f"{page.name} has the headings {headings}"


@ask("numeric")
def test_numbers_every_variant_tells_its_misconceptions_apart(sheet, data):
    for question in variants(sheet, data):
        key = question.evaluate(data["key"])
        assert key != 0, "a relative tolerance means nothing at 0"
        assert grade(question, key).code == "right"
        for wrong in data["wrong"]:
            verdict = grade(question, question.evaluate(wrong["expr"]))
            assert verdict.code == wrong["code"], (question.values, verdict)
            assert verdict.marks == wrong.get("marks", 0) < data["marks"]
            assert verdict.feedback


@ask("choice")
def test_choices(sheet, data):
    for seed in range(5):
        question = draw(sheet, data, seed)
        assert len(data["options"]) >= 4
        for letter, option in question.shown("options"):
            verdict = grade(question, letter)
            assert verdict.code == ("right" if option.get("correct") else option["code"])
            assert verdict.marks == (data["marks"] if option.get("correct") else 0)


@ask("numeric")
def test_a_model_answer_ends_with_the_number(sheet, data):
    for question in variants(sheet, data):
        text = question.text(data["model"]).replace("−", "-")
        last = float(re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)[-1])
        assert grade(question, last).code == "right", text


def answer(question, pairs):
    """Item -> target in the words of the bank, as it is written in this paper."""
    labels = {item["key"]: label for label, item in question.shown("items")}
    shown = {target["label"]: label for label, target in question.targets()}
    return {labels[key]: shown[target] for key, target in pairs.items()}


@ask("match")
def test_matches(sheet, data):
    keys = [item["key"] for item in data["items"]]
    for seed in range(5):
        question = draw(sheet, data, seed)
        assert grade(question, answer(question, {key: key for key in keys})).code == "right"
        for wrong in data["wrong"]:
            given = {key: key for key in keys}
            for key, target in wrong["given"].items():
                displaced = given[key]
                given = {
                    k: displaced if t == target and k not in wrong["given"] else t for k, t in given.items()
                }
                given[key] = target
            verdict = grade(question, answer(question, given))
            assert verdict.code == wrong["code"]
            assert question.text(wrong["feedback"]) in verdict.feedback
            right = sum(key == target for key, target in given.items())
            assert verdict.marks == data["marks"] * right / len(keys)


@ask("match")
def test_matches_no_order_is_right_without_reading(sheet, data):
    """Writing the targets down in the order in which they are shown is no answer, whatever the seed."""
    marks = []
    for seed in range(200):
        question = draw(sheet, data, seed)
        in_order = [label for label, _ in question.targets()][: len(data["items"])]
        marks.append(grade(question, in_order).marks)
        assert marks[-1] < data["marks"]
    assert np.mean(marks) < data["marks"] / 3, "more than a blind guess earns"


@ask("match")
def test_matches_tell_two_misconceptions_and_what_is_right(sheet, data):
    question = draw(sheet, data, 1)
    disjoint = [
        (one, other)
        for one, other in combinations(data["wrong"], 2)
        if not set(one["given"]) & set(other["given"])
    ]
    assert disjoint, "two misconceptions that can be held at once"
    for one, other in disjoint:
        verdict = grade(question, answer(question, {**one["given"], **other["given"]}))
        told = [question.text(wrong["feedback"]) in verdict.feedback for wrong in data["wrong"]]
        assert sum(told) == 2 and verdict.feedback.startswith("None is right yet. ")
    first, *rest = [item["key"] for item in data["items"]]
    found = grade(question, answer(question, {first: first})).feedback
    assert found.startswith(f"Right so far: {next(iter(answer(question, {first: first})))}.")


@ask("function")
def test_functions_every_known_mistake_is_recognised(sheet, data):
    for seed in range(8):
        question = draw(sheet, data, seed)
        assert grade(question, question.compile(data["key"], data["name"])).code == "right"
        for wrong in data["wrong"]:
            verdict = grade(question, question.compile(wrong["source"], data["name"]))
            assert verdict.code == wrong["code"], (seed, verdict)
            assert verdict.marks == wrong.get("marks", 0) < data["marks"]


@ask("function")
def test_functions_are_called_on_fresh_inputs(sheet, data):
    def seen(seed):
        question = draw(sheet, data, seed)
        cases = question.compile(data["inputs"], "inputs")(question.rng())
        arguments = [a for case in cases for a in case]
        # an array of steps 0, 1, 2, … is the same in every paper
        arrays = [np.ravel(a) for a in arguments if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
        return np.concatenate(arrays or [[a for a in arguments if isinstance(a, float)]]), bool(arrays)

    assert np.array_equal(seen(1)[0], seen(1)[0], equal_nan=True)
    (first, arrays), (second, _) = seen(1), seen(2)
    again = np.isin(first[first != 7.0], second)  # 7 is the given largest curvature
    assert first.size and not (again.any() if arrays else again.all())  # single numbers may be borders


def test_a_seed_changes_the_numbers_and_a_new_question_does_not():
    sheet = SHEETS["01"]
    papers = [tuple(sorted(draw(sheet, sheet.questions[2], seed).values.items())) for seed in range(12)]
    assert len(set(papers)) > 5 and papers[0] == tuple(
        sorted(draw(sheet, sheet.questions[2], 0).values.items())
    )


# --- a faulty bank is told so ---------------------------------------------------------------------------

GOOD = """
sheet: "09"
title: Test
chapter: "01"
questions:
  - id: q1
    type: numeric
    title: A title
    marks: 1
    revise: A heading
    draw: {a: [2]}
    prompt: {en: "Double {a}.", zh: "求 {a} 的两倍。"}
    key: 2*a
    wrong: [{expr: a, code: same, feedback: You did not double it.}]
    model: "{a} + {a}"
  - id: q2
    type: choice
    title: A title
    marks: 1
    revise: A heading
    prompt: {en: "Which?", zh: 哪个？}
    options: [{en: this, zh: 这个, correct: true}, {en: that, zh: 那个, code: that, feedback: Not that.}]
    model: This.
  - id: q3
    type: match
    title: A title
    marks: 2
    revise: A heading
    prompt: {en: Match., zh: 配对。}
    items: [{en: one, zh: 一, key: 1}, {en: two, zh: 二, key: 2}]
    targets: [{label: 1}, {label: 2}]
    wrong: [{given: {1: 2, 2: 1}, code: swapped, feedback: Swapped.}]
    model: 1 and 2.
  - id: q4
    type: function
    title: A title
    marks: 2
    revise: A heading
    name: same
    prompt: {en: Return x., zh: 返回 x。}
    key: "def same(x): return x"
    inputs: "def inputs(rng): return [(1.0,)]"
    wrong: [{source: "def same(x): return -x", code: minus, feedback: The sign.}]
    model: x
  - id: q5
    type: multi
    title: A title
    marks: 2
    revise: A heading
    prompt: {en: Tick., zh: 勾选。}
    hint: {en: Think., zh: 想想。}
    options:
      - {en: yes it is, zh: 是, correct: true, code: holds, feedback: It holds.}
      - {en: no it is not, zh: 否, code: fails, feedback: It does not.}
    model: The first.
  - id: q6
    type: ordering
    title: A title
    marks: 2
    revise: "02: A heading"
    prompt: {en: Order., zh: 排序。}
    items: [{key: a, en: A, zh: 甲}, {key: b, en: B, zh: 乙}, {key: c, en: C, zh: 丙}]
    wrong: [{given: [b, a], code: early, feedback: Too early.}]
    model: A, B, C.
  - id: q7
    type: text
    title: A title
    marks: 2
    revise: A heading
    prompt: {en: Explain., zh: 解释。}
    points:
      - {en: names it, zh: 写出, marks: 1, any_of: [one, two], code: unnamed, feedback: Name it.}
      - {en: explains it, zh: 解释, marks: 1, code: unexplained, feedback: Explain it.}
    lint: [{phrase: "so so", feedback: Say how.}]
    model: One.
"""

FAULTS = [
    ("key: 2*a", "key: 2*b", "q1", "key", "NameError"),
    ("key: 2*a", "key: a/0", "q1", "key", "ZeroDivisionError"),
    ("key: 2*a", "key: inf*a", "q1", "key", "NameError"),
    ("key: 2*a", "key: log(0.0)*a", "q1", "key", "inf"),
    ("key: 2*a", "key: open('/etc/passwd')", "q1", "key", "NameError"),
    ("key: 2*a\n", "\n", "q1", "key", "missing"),
    ("{expr: a,", "{expr: c,", "q1", "wrong[1].expr", "NameError"),
    ("Double {a}.", "Double {b}.", "q1", "prompt.en", "KeyError"),
    ("You did not double it.", "'{nothing} done.'", "q1", "wrong[1].feedback", "KeyError"),
    (', zh: "求 {a} 的两倍。"', "", "q1", "prompt.zh", "Chinese"),
    ("[{expr: a, code: same, feedback: You did not double it.}]", "[]", "q1", "wrong", "at least one"),
    (", feedback: You did not double it.", "", "q1", "wrong[1].feedback", "missing"),
    ('model: "{a} + {a}"', "model: ''", "q1", "model", "text"),
    ("type: numeric", "type: number", "q1", "type", "not one of"),
    ("title: A title\n    marks: 1", "title: A title\n    marks: 0", "q1", "marks", "whole number"),
    ("draw: {a: [2]}", "draw: {a: 2}", "q1", "draw.a", "list"),
    ("draw: {a: [2]}", "drawn: {a: [2]}", "q1", "drawn", "unknown field"),
    ("id: q2", "id: q1", "q1", "id", "of its own"),
    ("correct: true", "correct: false, code: x, feedback: X.", "q2", "options", "exactly one"),
    (", code: that, feedback: Not that.", "", "q2", "options[2]", "code and a feedback"),
    ("zh: 那个, ", "", "q2", "options[2].zh", "missing"),
    ("{en: one, zh: 一, key: 1}", "{en: one, key: 1}", "q3", "items[1].zh", "missing"),
    ("key: 2}]", "key: 3}]", "q3", "items[2].key", "not the label"),
    ("{label: 1}", "{label: 1, en: one, zh: 一}", "q3", "targets[1].label", "word"),
    ("{1: 2, 2: 1}", "{1: 2, 5: 1}", "q3", "wrong[1].given", "mapping"),
    ("{1: 2, 2: 1}", "{1: 2, 2: 7}", "q3", "wrong[1].given", "one of"),
    ('inputs: "def inputs(rng): return [(1.0,)]"\n', "\n", "q4", "inputs", "missing"),
    ("name: same", "name: the same", "q4", "name", "not the name"),
    ("key: 2*a\n", "key: 2*a\n    tolerance: 0.1\n", "q1", "tolerance", "mapping"),
    ("key: 2*a\n", "key: 2*a\n    tolerance: {relative: 1}\n", "q1", "tolerance", "mapping"),
    ("key: 2*a\n", "key: 2*a\n    tolerance: {rel: 1.5}\n", "q1", "tolerance.rel", "below 1"),
    ("key: 2*a\n", "key: 2*a\n    tolerence: {rel: 0.1}\n", "q1", "tolerence", "did you mean 'tolerance'?"),
    ("key: 2*a\n", "kye: 2*a\n", "q1", "kye", "did you mean 'key'?"),
    ("type: numeric", "type: numerical", "q1", "type", "did you mean 'numeric'?"),
    ("type: numeric", "type: [numeric]", "q1", "type", "not one of"),
    ("{expr: a,", "{expression: a,", "q1", "wrong[1].expression", "did you mean 'expr'?"),
    ("{expr: a,", "{expr: log(0.0*a),", "q1", "wrong[1].expr", "inf"),
    ("{expr: a,", "{expr: a, marks: 2,", "q1", "wrong[1].marks", "from 0 to 1"),
    ("code: same,", "code: right,", "q1", "wrong[1].code", "of the grader itself"),
    ("{en: this, zh: 这个, correct", "{en: 1, zh: 这个, correct", "q2", "options[1].en", "quotation marks"),
    ("{label: 1}", "{label: one, en: one}", "q3", "targets[1].zh", "Chinese"),
    ("correct: true, code: holds", "code: holds", "q5", "options", "at least one option must be"),
    ("code: fails", "correct: true, code: fails", "q5", "options", "at least one must not"),
    (", feedback: It holds.", "", "q5", "options[1].feedback", "missing"),
    ("code: fails", "code: holds", "q5", "options", "stands twice"),
    (", zh: 想想。", "", "q5", "hint.zh", "Chinese"),
    (", zh: 想想。", ", zh: 想想。, fr: Pensez.", "q5", "hint.fr", "unknown field"),
    (", {key: c, en: C, zh: 丙}", "", "q6", "items", "three"),
    ("{key: c,", "{key: b,", "q6", "items", "same key"),
    ("given: [b, a]", "given: [a, b]", "q6", "wrong[1].given", "right order"),
    ("given: [b, a]", "given: [b, z]", "q6", "wrong[1].given", "at least two of"),
    ("given: [b, a]", "given: [b]", "q6", "wrong[1].given", "at least two of"),
    ("given: [b, a]", "given: ba", "q6", "wrong[1].given", "at least two of"),
    ("marks: 1, any_of", "marks: 2, any_of", "q7", "points", "add up to 3"),
    ("any_of: [one, two]", "any_of: one", "q7", "points[1].any_of", "list of phrases"),
    ("any_of: [one, two]", "any_of: [(one)]", "q7", "points[1].any_of", "English words"),
    ('phrase: "so so"', 'phrase: "so, so"', "q7", "lint[1].phrase", "English words"),
    (", code: unnamed", "", "q7", "points[1].code", "missing"),
]


def paper_of(text):
    sheet = parse(text, "09")
    return [draw(sheet, data, 1) for data in sheet.questions]


def test_the_good_sheet_is_good():
    assert [question.id for question in paper_of(GOOD)] == ["q1", "q2", "q3", "q4", "q5", "q6", "q7"]


@pytest.mark.parametrize(
    "old, new, question, field, word", FAULTS, ids=[f"{f[2]}-{f[3]}-{f[4][:9]}" for f in FAULTS]
)
def test_a_fault_is_named_with_file_question_and_field(old, new, question, field, word):
    assert old in GOOD
    with pytest.raises(BankError) as error, np.errstate(all="ignore"):
        paper_of(GOOD.replace(old, new, 1))
    assert str(error.value).startswith(f"questions/09.yml, {question}, {field}: ") and word in str(
        error.value
    )


@pytest.mark.parametrize(
    "text, word",
    [
        ("a: [", "syntax"),
        ("- 1", "top level"),
        ("sheet: 9\ntitle: x\nchapter: '01'\nquestions: [1]", "sheet"),
        ("sheet: '09'\ntitle: x\nchapter: '01'\nquestions: []", "questions"),
        ("sheet: '08'\ntitle: x\nchapter: '01'\nquestions: [1]", "08"),
        ("sheet: '09'\ntitle: x\nchapter: '01'\nquestions: [1]", "mapping"),
    ],
)
def test_a_faulty_file(text, word):
    with pytest.raises(BankError, match=word):
        parse(text, "09")


PAPER = """
sheet: "2031-q4"
title: Past paper
kind: paper
chapters: ["01", "02"]
minutes: 8
questions:
""" + GOOD.split("questions:\n")[1].replace("revise: A heading", 'revise: "01: A heading"')


def test_a_paper_has_a_time_and_names_the_chapters():
    sheet = parse(PAPER, "2031-q4")
    assert (sheet.kind, sheet.minutes, sheet.chapters) == ("paper", 8, ("01", "02"))
    found = [draw(sheet, data, 1).revise() for data in sheet.questions]
    assert set(found) == {("01", "A heading"), ("02", "A heading")}


@pytest.mark.parametrize(
    "old, new, where, word",
    [
        ("minutes: 8\n", "", "the file, minutes", "missing"),
        ("minutes: 8", "minutes: 0", "the file, minutes", "whole number"),
        ("minutes: 8", "minuets: 8", "the file, minuets", "did you mean 'minutes'?"),
        ("kind: paper", "kind: papers", "the file, kind", "did you mean 'paper'?"),
        ('["01", "02"]', "[1, 2]", "the file, chapters", "two digits"),
        ('["01", "02"]', "[]", "the file, chapters", "two digits"),
        ('chapters: ["01", "02"]', 'chapter: "01"', "the file, chapter", "did you mean 'chapters'?"),
        ('"01: A heading"', "A heading", "q1, revise", "names the chapter"),
    ],
)
def test_a_faulty_paper(old, new, where, word):
    assert old in PAPER
    with pytest.raises(BankError) as error:
        parse(PAPER.replace(old, new, 1), "2031-q4")
    assert str(error.value).startswith(f"questions/2031-q4.yml, {where}: ") and word in str(error.value)


def test_a_name_is_a_chapter_or_a_paper():
    with pytest.raises(BankError, match="not a name such as"):
        parse(GOOD.replace('"09"', '"extra"'), "extra")


def test_faults_inside_functions_are_the_banks_not_the_students():
    for old, new in [
        ('return x"', 'return 1/0"'),
        ("return -x", "return nothing"),
        ("return [(1.0,)]", "return [(1.0"),
    ]:
        question = paper_of(GOOD.replace(old, new, 1))[3]
        with pytest.raises(BankError, match="questions/09.yml, q4"):
            grade(question, lambda x: 2 * x)
