"""The exercise sheets: stubs get nothing, solutions everything, known wrong answers what they deserve."""

import contextlib
import io
import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jupytext
import numpy as np
import pytest
import yaml

from lrcore.exam import Exam, keep_solutions, strip_solutions
from lrcore.exam.bank import names

ROOT = Path(__file__).resolve().parent.parent
SHEETS = sorted((ROOT / "exercises").glob("*.md"))
SEEDS = (1, 2, 3)


def cells(path, kind="code"):
    return [cell for cell in jupytext.read(path, fmt="md:myst").cells if cell.cell_type == kind]


def execute(path, version):
    """Run the code cells of a sheet in one version; the paper and what was printed."""
    scope, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in cells(path):
            if not cell.source.startswith("paper.figure"):  # nbval draws it; here it would only cost time
                exec(version(cell.source), scope)
    return scope["paper"], printed.getvalue()


by_sheet = pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)


def test_every_sheet_has_its_wrong_answers():
    assert sorted(path.stem.removesuffix("-sheet") for path in SHEETS) == names()
    assert [path.stem for path in sorted((ROOT / "exercises" / "wrong").glob("*.yml"))] == names()
    for sheet in names():
        assert sum(p.values[0] == sheet for p in listed("wrong")) >= 8


@by_sheet
def test_the_head_tells_the_questions_marks_and_time_of_the_bank(path):
    exam = Exam(path.stem.removesuffix("-sheet"))
    said = re.search(r"(\d+) questions, (\d+) marks, (?:about )?(\d+) minutes", path.read_text("utf-8"))
    assert [int(number) for number in said.groups()] == [len(exam.questions), exam.out_of, exam.sheet.minutes]


@by_sheet
def test_stubs_get_no_marks_and_do_not_crash(path):
    paper, printed = execute(path, strip_solutions)
    assert set(paper.verdicts) == set(paper.questions)
    assert all(verdict.word == "not answered" and verdict.marks == 0 for verdict in paper.verdicts.values())
    assert f"Total 0 of {paper.out_of} marks (0 %)" in printed
    for question in paper.questions.values():
        assert question.text(question.data["model"])[:40] not in printed, "a model answer was printed"


@by_sheet
def test_solutions_get_full_marks(path):
    paper, printed = execute(path, keep_solutions)
    assert [v for v in paper.verdicts.values() if v.code != "right"] == []
    assert f"Total {paper.out_of} of {paper.out_of} marks (100 %)" in printed and "To revise" not in printed


@by_sheet
def test_no_solution_is_left_in_the_students_version(path):
    for cell in cells(path):
        student = strip_solutions(cell.source)
        assert "SOLUTION" not in student
        gone = set(keep_solutions(cell.source).split("\n")) - set(student.split("\n"))
        for line in gone:
            solution = re.sub(r"^\s*\w+ = ", "", line).strip()
            if len(solution) > 3:
                assert solution not in student
        if re.match(r"q\d+ = ", cell.source):
            assert re.fullmatch(r"q\d+ = \.\.\.", student), "an answer without a marker"
        if cell.source.startswith("def "):
            body = re.sub(r'""".*?"""', "", student, flags=re.S).split("\n", 1)[1]
            assert body.strip() == "...", "code outside of the markers"


@by_sheet
def test_no_solution_is_in_the_students_notebook(path):
    """In no cell, output or metadata of the generated file."""
    notebook = (ROOT / "notebooks" / "exercises" / f"{path.stem}.ipynb").read_text()
    assert "SOLUTION" not in notebook
    for cell in cells(path):
        for line in set(keep_solutions(cell.source).split("\n")) - set(
            strip_solutions(cell.source).split("\n")
        ):
            assert not line.strip() or json.dumps(line.strip(), ensure_ascii=False)[1:-1] not in notebook
    for question in Exam(path.stem.removesuffix("-sheet")).questions.values():
        assert (
            json.dumps(question.text(question.data["model"])[:40], ensure_ascii=False)[1:-1] not in notebook
        )


@by_sheet
def test_each_question_is_shown_answered_and_checked(path):
    paper = Exam(path.stem.removesuffix("-sheet"))
    text = path.read_text()
    headings = re.findall(r"^#{2,3} (q\d+) · (.+) \((\d+) marks?\)$", text, re.MULTILINE)
    assert headings == [(q.id, q.title, str(q.marks)) for q in paper.questions.values()]
    assert f"{len(paper.questions)} questions, {paper.out_of} marks" in text
    source = "\n".join(cell.source for cell in cells(path))
    for name, question in paper.questions.items():
        answer = question.data.get("name", name)
        assert source.count(f'paper.show("{name}")') == source.count(f'paper.check("{name}", {answer})') == 1
        assert ("figure" in question.data) == (f'paper.figure("{name}")' in source)
    assert re.search(r"paper\.report\(\)\s*(paper\.code\(\)\s*)?$", source)


# --- known wrong answers -----------------------------------------------------------------------------------

PAPERS = {(sheet, seed): Exam(sheet, seed=seed) for sheet in names() for seed in SEEDS}
NAMES = {"np": np, "math": math, "Fraction": Fraction, "Decimal": Decimal}


def listed(kind):
    entries = []
    for path in sorted((ROOT / "exercises" / "wrong").glob("*.yml")):
        for number, entry in enumerate(yaml.safe_load(path.read_text())[kind]):
            entries.append(pytest.param(path.stem, entry, id=f"{path.stem}-{entry['question']}-{number}"))
    return entries


def answer_to(entry, asked):
    """The answer that an entry describes, in the paper at hand (the head of 01.yml says how)."""
    shown = asked.shown("options" if "options" in asked.data else "items") if asked.order else []
    correct = next((label for label, option in shown if option.get("correct")), None)
    if "expr" in entry:
        key = asked.evaluate(asked.data["key"]) if asked.type == "numeric" else None
        if key is not None and asked.data.get("tolerance") == {"abs": 0}:
            key = int(key)
        return eval(entry["expr"], {**NAMES, **asked.values, "key": key, "correct": correct})
    if "source" in entry:
        scope = dict(NAMES)
        exec(entry["source"], scope)
        return scope[asked.data["name"]]
    if "match" in entry:
        targets = {target["label"]: label for label, target in asked.targets()}
        return {
            label: targets.get(given, str(given).format_map(targets))
            for label, item in shown
            if (given := entry["match"].get(item["key"])) is not None
        }
    if "ticks" in entry:
        return [label for label, option in shown if option["code"] in entry["ticks"]]
    if "order" in entry:
        label_of = {item["key"]: label for label, item in shown}
        return [label_of[key] for key in entry["order"]]
    if "text" in entry:
        return {"text": entry["text"], "points": entry.get("points")}
    if entry["option"] == "correct":
        return correct
    return next(label for label, option in shown if option.get("code") == entry["option"])


@pytest.mark.parametrize("sheet, entry", listed("wrong"))
def test_known_wrong_answers_get_their_marks_and_their_feedback(sheet, entry):
    for seed in SEEDS:
        paper = PAPERS[sheet, seed]
        verdict = paper.grade(entry["question"], answer_to(entry, paper.questions[entry["question"]]))
        assert (verdict.marks, verdict.code) == (entry["marks"], entry["code"]), (seed, verdict)
        assert verdict.marks < verdict.out_of and verdict.feedback.endswith((".", "!", "?"))


@pytest.mark.parametrize("sheet, entry", listed("accepted"))
def test_other_ways_of_writing_what_is_right_are_accepted(sheet, entry):
    for seed in SEEDS:
        paper = PAPERS[sheet, seed]
        verdict = paper.grade(entry["question"], answer_to(entry, paper.questions[entry["question"]]))
        assert (verdict.marks, verdict.code) == (verdict.out_of, "right"), (seed, verdict)


def test_every_misconception_of_the_bank_is_listed():
    """Then a misconception that gets lost in the bank is noticed: its entry no longer gets its feedback."""
    for sheet in names():
        entries = [p.values[1] for p in listed("wrong") if p.values[0] == sheet]
        pinned = {(entry["question"], entry["code"]) for entry in entries}
        for question in Exam(sheet).questions.values():
            for field in ("wrong", "options", "properties", "points"):
                for entry in question.data.get(field, ()):
                    assert "code" not in entry or (question.id, entry["code"]) in pinned
