"""What is still missing in a sheet: faults that a schema cannot see, told with question and field."""

import re
from pathlib import Path

from lrcore.exam import functions
from lrcore.exam.bank import BankError, Sheet, draw, load, variants
from lrcore.exam.export import question_table
from lrcore.exam.links import ROOT
from lrcore.exam.marking import FLAGS, MARKERS, mark_text

PLACEHOLDER = "…"
SEEDS = range(5)
CHINESE = re.compile(r"[一-鿿]")


def lint(name: str, root: Path = ROOT) -> list[str]:
    """Everything that is missing in the sheet, as sentences; `root` has chapters/ and exercises/wrong/."""
    try:
        sheet = load(name)
    except BankError as error:  # the schema stops at its first fault; the rest shows when that is mended
        return [str(error)]
    listed = known_wrong(name, root)
    found = []
    for data in sheet.questions:
        told = [*_words(data), *_listed(data, listed)]
        try:
            told += [*_heading(sheet, data, root), *_marks(sheet, data)]
        except BankError as error:
            told.append(str(error).removeprefix(f"questions/{name}.yml, {data['id']}, "))
        found += [f"{data['id']}, {problem}" for problem in dict.fromkeys(told)]
    return found


def known_wrong(name: str, root: Path = ROOT) -> dict[str, set[str]]:
    """Question -> codes that exercises/wrong/<name>.yml lists for it."""
    import yaml

    path = root / "exercises" / "wrong" / f"{name}.yml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["wrong"] if path.exists() else []
    listed = {}
    for entry in entries:
        listed.setdefault(entry["question"], set()).add(entry["code"])
    return listed


def _words(data: dict):
    """Hint, placeholders, languages, ends of sentences."""
    if "hint" not in data:
        yield "hint: missing; say in English and Chinese what to try first"
    for field, text in _strings(data):
        if PLACEHOLDER == text.strip():
            yield f"{field}: still the placeholder"
        elif field.endswith("feedback") and not re.search(r"[.!?]$", text.strip()):
            yield f"{field}: feedback is a sentence and ends like one"
    for field in ("prompt", "hint"):
        if field in data and not CHINESE.search(data[field]["zh"]):
            yield f"{field}.zh: no Chinese in it"
        if field in data and CHINESE.search(data[field]["en"]):
            yield f"{field}.en: Chinese in the English text"


def _strings(value, where=""):
    """Every text in a question with its field."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _strings(entry, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list):
        for number, entry in enumerate(value, start=1):
            yield from _strings(entry, f"{where}[{number}]")


def _heading(sheet: Sheet, data: dict, root: Path):
    chapter, heading = draw(sheet, data, 1).revise()
    if chapter not in sheet.chapters and sheet.kind == "paper":
        yield f"revise: chapter {chapter} is not among the chapters of the paper"
    page = next((root / "chapters").glob(f"{chapter}-*.md"), None)
    if page is None:
        yield f"revise: there is no chapter {chapter}"
        return
    headings = re.findall(r"^#{2,4} (.+?)\s*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    if heading not in headings:
        yield f"revise: {heading!r} is no heading of {page.name}; there are {', '.join(headings)}"


def _listed(data: dict, listed: dict[str, set[str]]):
    """Codes without an entry in the list of known wrong answers, by which a lost misconception is noticed."""
    pinned = listed.get(data["id"], set())
    if not pinned:
        yield "wrong answers: none is listed in exercises/wrong"
    for field in ("wrong", "options", "properties", "points"):
        for number, entry in enumerate(data.get(field, ()), start=1):
            if "code" in entry and entry["code"] not in pinned and pinned:
                yield f"{field}[{number}].code: {entry['code']!r} has no entry in exercises/wrong"


def _marks(sheet: Sheet, data: dict):
    """Whether key, wrong values and model answer are marked as they should be, whatever the seed."""
    if data["type"] == "numeric":
        for asked in variants(sheet, data):
            table = question_table(asked)
            drawn = {name: asked.values[name] for name in data.get("draw", {})}
            if table["sealed"]["key"] == 0:
                yield f"key: is 0 for {drawn}, where a relative tolerance means nothing"
            for number, wrong in enumerate(table["sealed"]["wrong"], start=1):
                code = MARKERS["numeric"](table, wrong["value"]).code
                if code != wrong["code"]:
                    yield f"wrong[{number}].expr: for {drawn} it is taken for {code!r}"
                if wrong["marks"] >= data["marks"]:
                    yield f"wrong[{number}].marks: a wrong answer with all the marks"
    elif data["type"] == "text":
        table = question_table(draw(sheet, data, 1))
        everything = {
            "text": table["sealed"]["model"],
            "ticks": list(range(1, len(data["points"]) + 1)),
        }
        mark = mark_text(table, everything)
        if mark.code != "right":
            yield f"model: does not earn all the marks of its scheme ({mark.code})"
        for entry in table["sealed"]["lint"]:
            if re.search(entry["pattern"], table["sealed"]["model"], FLAGS):
                yield f"model: breaks the rule “{entry['feedback']}”"
    elif data["type"] == "function":
        for seed in SEEDS:
            asked = draw(sheet, data, seed)
            for name, source in [
                ("key", data["key"]),
                *((w["code"], w["source"]) for w in data["wrong"]),
            ]:
                mark = functions.grade(asked, asked.compile(source, data["name"]))
                if mark.code != ("right" if name == "key" else name):
                    yield f"{name}: with seed {seed} it is taken for {mark.code!r}"
