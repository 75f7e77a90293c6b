"""No key, no solution and no sealed feedback lies in plain text where students look.

They look into the notebook with the stubs (cells, outputs, metadata) and into the source of the page. What
counts as secret is read from the bank, so that a new question is watched without a word here.
"""

import html
import json
import re
import sys
from functools import lru_cache
from pathlib import Path

import nbformat
import pytest

from lrcore.exam import Exam, page, strip_solutions
from lrcore.exam.bank import load

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "_ext"))
from tlr.quiz import page_version  # noqa: E402
from tlr.sheets import student_version  # noqa: E402

NAMES = sorted(path.stem.removesuffix("-sheet") for path in (ROOT / "exercises").glob("*.md"))
LONG = 20  # shorter texts ("zero", a letter) stand in prompts by right
# Fields of the sealed half of a table, and of the bank: none is a name that students need to see.
FIELDS = re.compile(
    r"""["']?\b(sealed|key|correct|feedback|wrong|points|tolerance|any_of)\b["']?\s*:\s*["'{\[\d]"""
)
by_sheet = pytest.mark.parametrize("name", NAMES)


def flat(text: str) -> str:
    """Without what wrapping, HTML and JSON do to a text."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), html.unescape(text))
    return re.sub(r'\s+|\\[n"t]|"', "", text)


def texts(value):
    """Every text in nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from texts(entry)


@lru_cache
def secrets(name: str) -> dict[str, str]:
    """Flattened secret -> where it comes from."""
    found = {}

    def add(text, where):
        if len(flat(text)) >= LONG:
            found[flat(text)] = where

    for seed in page.SEEDS:
        for each, table in Exam(name, seed).tables.items():
            for text in texts([table["sealed"], table["shown"]["hint"]]):
                add(text, each)
            for text in re.split(
                r"(?<=[.!?]) ", table["sealed"]["model"]
            ):  # nor a sentence of the model answer
                add(text, f"{each}, model")
    for data in load(name).questions:
        for text in texts([data.get("key", ""), data.get("wrong", []), data.get("properties", [])]):
            *_, body = re.split(r"^def .*\n", text, maxsplit=1, flags=re.M)  # the head of a function is given
            add(body, f"{data['id']}, key")
    shown = flat(json.dumps([t["shown"] for t in Exam(name).tables.values()], ensure_ascii=False))
    asked = re.sub(flat('"hint":') + ".*?(?=revise)", "", shown)
    return {text: where for text, where in found.items() if text not in asked}


def told_by(notebook) -> str:
    """All texts of a notebook, also of its metadata, with the lines joined that the file keeps apart."""
    return "\n".join(texts(notebook))


def leaks(text: str, hidden: dict[str, str]) -> list[str]:
    """Where the secrets come from that stand in a text."""
    seen = flat(text)
    return [where for secret, where in hidden.items() if secret in seen]


def student_notebook(name: str) -> Path:
    (path,) = (ROOT / "notebooks" / "exercises").glob(f"{name}*.ipynb")
    return path


def source(name: str) -> Path:
    (path,) = (ROOT / "exercises").glob(f"{name}*.md")
    return path


@lru_cache
def on_the_page(name: str) -> str:
    """What a reader can find with the browser: the page with its quiz, and its other numbers."""
    text = page_version(student_version(source(name).read_text(), strip_solutions))
    return text + "".join(page.variant(name, seed) for seed in page.SEEDS[1:])


@by_sheet
def test_every_question_has_secrets(name):
    """An empty list would find nothing; so would one that a renamed field has emptied."""
    told = {where.partition(",")[0] for where in secrets(name).values()}
    assert told == set(Exam(name).questions)


@by_sheet
def test_the_students_notebook_tells_nothing(name):
    notebook = nbformat.read(student_notebook(name), as_version=4)
    assert leaks(told_by(notebook), secrets(name)) == []
    assert set(notebook.metadata) == {"kernelspec", "language_info", "tlr"}
    assert set(notebook.metadata.tlr) == {"source", "glue"} and notebook.metadata.tlr.glue == {}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "jupyter"} and not cell.get("attachments")
        assert set(cell.metadata.get("tags", [])) <= {"nbval-ignore-output"}
        assert set(cell.metadata.get("jupyter", {})) <= {"source_hidden"}


@by_sheet
def test_the_page_tells_nothing(name):
    text = on_the_page(name)
    assert leaks(text, secrets(name)) == []
    markup = re.sub(r'data-sealed="[^"]*"', "", text)
    assert [found[0] for found in FIELDS.finditer(markup.split("<lr-paper", 1)[1])] == []


@by_sheet
def test_no_solution_is_on_the_page(name):
    """Solutions are written in the sheet, whose source becomes the page."""
    solved, student = source(name).read_text(), on_the_page(name)
    assert "SOLUTION" in solved and "SOLUTION" not in student
    blocks = re.findall(r"BEGIN SOLUTION(?: NO PROMPT)?\n(.*?)# END SOLUTION", solved, re.S)
    lines = [line for block in blocks for line in block.split("\n")]
    lines += re.findall(r"^(q\d+ = .*?)\s*# SOLUTION", solved, re.M)
    assert lines and [line for line in lines if len(flat(line)) >= 8 and flat(line) in flat(student)] == []


# --- planted leaks are found ------------------------------------------------------------------------------


def planted(kind: str, name: str) -> str:
    """The notebook or the page of a sheet with one secret in it."""
    exam = Exam(name)
    table = next(iter(exam.tables.values()))
    model = table["sealed"]["model"]
    notebook = nbformat.read(student_notebook(name), as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs)
    if kind == "cell":
        notebook.cells.append(nbformat.v4.new_markdown_cell(model))
    elif kind == "metadata":
        cell.metadata["answer"] = model
    elif kind == "wrapped output":
        cell.outputs[0].text += "\n  ".join(model.split(" "))
    elif kind == "hint":
        cell.outputs[0].text += table["shown"]["hint"]["en"]
    elif kind == "feedback":
        (*_, last) = [text for text in texts(table["sealed"]) if len(text) > 2 * LONG]
        cell.source += f"\n# {last}"
    elif kind == "escaped":
        return on_the_page(name) + html.escape(json.dumps(table["sealed"]))
    elif kind == "attribute":
        return on_the_page(name).replace(
            "<lr-question ", f'<lr-question data-model="{html.escape(model)}" ', 1
        )
    return told_by(nbformat.reads(nbformat.writes(notebook), as_version=4))


@pytest.mark.parametrize(
    "kind", ["cell", "metadata", "wrapped output", "hint", "feedback", "escaped", "attribute"]
)
@by_sheet
def test_a_planted_leak_is_found(name, kind):
    assert leaks(planted(kind, name), secrets(name))


def test_a_planted_key_is_found():
    """The number itself says nothing; its expression in the bank, or the field that holds it, does."""
    assert FIELDS.search('{"key": 0.5}') and FIELDS.search(
        "&quot;feedback&quot;: ".replace("&quot;", '"') + '"x"'
    )
    assert leaks("key: epochs*(n//batch)  " + load("01").questions[19]["key"], secrets("01"))


def test_the_open_half_of_a_page_is_not_called_a_leak():
    exam = Exam("01")
    assert leaks(exam.prompt("q1") + exam.prompt("q13", lang="zh"), secrets("01")) == []
