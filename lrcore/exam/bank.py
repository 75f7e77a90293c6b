"""The question bank: one YAML file per sheet, checked when it is opened, and turned into a paper by a seed.

A sheet is `questions/<sheet>.yml` (schema.py says what it may contain):

    sheet: "01"
    title: What is a learning rate?
    chapter: "01"
    questions:
      - id: q1                    # unique in the sheet
        type: numeric             # numeric, choice, multi, match, ordering, text or function
        title: One update by hand
        marks: 2
        revise: The update rule   # heading in the chapter (another chapter: "02: heading")
        draw: {a: [1, 2], b: [3, 5]}           # one value each, chosen by the seed
        let: {slope: 2*a + b}                  # named expressions of the drawn values
        prompt: {en: "f(x) = {a}x² …", zh: "…"}   # {name} and {name:.3g} show values
        hint: {en: "…", zh: "…"}  # what to try first; it costs no marks
        key: x0 - eta*slope       # an expression, evaluated with numpy and lrcore; never a typed-in result
        wrong:                    # what students answer instead, and what it reveals
          - {expr: x0 + eta*slope, code: plus-sign, feedback: The step goes against the gradient.}
        model: The model answer, shown with a right answer; {answer} is the value of the key.

In a match question an item's `key` is the `label` of its target. The seed numbers the targets that have a
text: the bank names them by a word, and {word} in a text shows the number. The items of an ordering stand
in the right order; the seed shuffles them.

Every error names the file, the question and the field.
"""

import math
import random
import re
import string
import zlib
from dataclasses import dataclass
from importlib import resources
from itertools import product
from pathlib import Path

import numpy as np

from lrcore.exam.schema import check_file, check_question

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
REL = 5e-3  # three significant figures, however they are rounded


class BankError(ValueError):
    """A question that cannot be asked: file, question, field, and what is wrong with it."""

    def __init__(self, sheet: str, question: str, field: str, problem: str):
        super().__init__(f"questions/{sheet}.yml, {question}, {field}: {problem}")


@dataclass(frozen=True)
class Sheet:
    """A checked sheet or paper: its data as written, before a seed fills in the numbers."""

    name: str
    title: str
    kind: str  # "sheet" or "paper"
    chapters: tuple[str, ...]
    minutes: int | None
    questions: tuple[dict, ...]


@dataclass(frozen=True)
class Question:
    """One question of one paper: the data of the bank with the values that a seed has drawn."""

    sheet: str
    data: dict
    values: dict
    seed: int
    order: tuple[int, ...] = ()  # order in which options or items stand
    target_order: tuple[int, ...] = ()

    def __getattr__(self, name):
        if name in ("id", "type", "title", "marks"):
            return self.data[name]
        raise AttributeError(name)

    def text(self, text: str) -> str:
        """A text of the bank with the drawn values put in, powers raised and minus signs set."""
        text = text.format_map(self.values).strip()
        text = re.sub(r"\^\((-?\d+)\)|\^(\d+)", lambda power: (power[1] or power[2]).translate(RAISED), text)
        text = re.sub(r"(?<![\w)\]])-(?=\d)", "−", text)
        # YAML joins lines with a space, which Chinese does not have.
        return re.sub(r"(?<=[，。；：？！、）」]) |(?<=[一-鿿]) (?=[一-鿿])", "", text)

    def evaluate(self, expression) -> float:
        """An expression of the bank as a float."""
        return float(eval(str(expression), {"__builtins__": {}, **namespace(), **self.values}))

    def compile(self, source: str, name: str):
        """The function `name` that a source text defines; it sees the drawn values, numpy and lrcore."""
        scope = {**namespace(), **self.values}
        try:
            exec(compile(source, f"<{self.sheet}.yml {self.id}>", "exec"), scope)
            return scope[name]
        except Exception as error:
            raise BankError(self.sheet, self.id, name, f"{type(error).__name__}: {error}") from None

    def rng(self) -> np.random.Generator:
        """Fresh inputs for functions: the same for the same paper, different for another seed."""
        return np.random.default_rng([self.seed, zlib.crc32(f"{self.sheet}/{self.id}".encode())])

    def shown(self, field: str) -> list[tuple[str, dict]]:
        """Options or items as (letter or own label, entry) in the order of this paper."""
        entries = self.data.get(field, ())
        ordered = [entries[i] for i in self.order] if entries else []
        return [
            (str(entry.get("label", "")) or letter, entry)
            for letter, entry in zip(string.ascii_uppercase, ordered, strict=False)
        ]

    def targets(self) -> list[tuple[str, dict]]:
        """What the items are matched with, as (label in this paper, entry), in the order of this paper."""
        entries = [self.data["targets"][i] for i in self.target_order]
        return [
            (str(place if "en" in entry else entry["label"]), entry)
            for place, entry in enumerate(entries, start=1)
        ]

    def revise(self) -> tuple[str, str]:
        """Chapter and heading to read again."""
        other = re.match(r"(\d\d): (.+)", self.data["revise"])
        return (other[1], other[2]) if other else (self.data["chapter"], self.data["revise"])


def folder() -> Path:
    """Where the files of the bank are."""
    return Path(str(resources.files("lrcore.exam") / "questions"))


def names() -> list[str]:
    """The sheets and papers that exist."""
    return sorted(path.stem for path in folder().glob("*.yml"))


def load(sheet: str) -> Sheet:
    """Read and check `questions/<sheet>.yml`. Raises BankError, or ValueError for an unknown sheet."""
    if sheet not in names():
        raise ValueError(f"there is no sheet {sheet!r}; there are {', '.join(names())}")
    return parse((folder() / f"{sheet}.yml").read_text(encoding="utf-8"), sheet)


def parse(text: str, sheet: str) -> Sheet:
    """A sheet from the text of its YAML file."""
    try:
        import yaml
    except ImportError:
        raise ImportError(
            'the question bank is written in YAML: pip install "lrcore[exam]" (PyYAML)'
        ) from None
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f"line {place.line + 1}: " if place else ""
        problem = getattr(error, "problem", None) or str(error)
        raise BankError(
            sheet, "the file", "syntax", f"{line}{problem} (is a text in need of quotes?)"
        ) from None
    if problem := check_file(data, sheet):
        raise BankError(sheet, "the file", *problem)
    seen, chapter = set(), data.get("chapter")
    for number, question in enumerate(data["questions"], start=1):
        if problem := check_question(question, seen, chapter):
            where = f"question {number}"
            if isinstance(question, dict):
                where = str(question.get("id", where))
            raise BankError(sheet, where, *problem)
        question["chapter"] = chapter
        seen.add(question["id"])
    return Sheet(
        name=sheet,
        title=data["title"],
        kind=data.get("kind", "sheet"),
        chapters=tuple(data.get("chapters", [chapter])),
        minutes=data.get("minutes"),
        questions=tuple(data["questions"]),
    )


def draw(sheet: Sheet, question: dict, seed: int) -> Question:
    """The question in the paper with this seed. Raises BankError when an expression or a text fails."""
    # Seeded per question, so that a new question leaves the numbers of the others alone.
    chooser = random.Random(f"{sheet.name} {question['id']} seed {seed}")
    values = {name: chooser.choice(options) for name, options in sorted(question.get("draw", {}).items())}
    order = list(range(len(question.get("options") or question.get("items") or ())))
    targets = list(range(len(question.get("targets", ()))))
    if not any("label" in item for item in question.get("items", ())):
        chooser.shuffle(order)
    if any("en" in target for target in question.get("targets", ())):
        chooser.shuffle(targets)
    while _in_order(question, order, targets):
        # Whoever answers in the order shown, without reading, must not be right by the accident of a seed.
        chooser.shuffle(targets if "label" in question["items"][0] else order)
    return fill(sheet, question, values, seed, tuple(order), tuple(targets))


def _in_order(question: dict, order: list[int], targets: list[int]) -> bool:
    """Whether the items stand in the right order, or go with the first targets in the order of both."""
    if question["type"] == "ordering":
        return order == sorted(order)
    if question["type"] != "match":
        return False
    keys = [question["items"][i]["key"] for i in order]
    return keys == [question["targets"][i]["label"] for i in targets][: len(keys)]


def variants(sheet: Sheet, question: dict):
    """Every variant of a question, whatever the seed: all combinations of its drawn values."""
    choices = sorted(question.get("draw", {}).items())
    order = tuple(range(len(question.get("options") or question.get("items") or ())))
    targets = tuple(range(len(question.get("targets", ()))))
    for values in product(*(options for _, options in choices)):
        drawn = dict(zip((name for name, _ in choices), values, strict=True))
        yield fill(sheet, question, drawn, 0, order, targets)


def fill(
    sheet: Sheet, question: dict, values: dict, seed: int, order: tuple, targets: tuple = ()
) -> Question:
    """Evaluate what the drawn values determine, and check that every expression and text works."""
    asked = Question(sheet.name, question, dict(values), seed, order, targets)
    if question["type"] == "match":
        asked.values.update({entry["label"]: label for label, entry in asked.targets() if "en" in entry})

    def check(field, action):
        try:
            return action()
        except Exception as error:
            raise BankError(sheet.name, question["id"], field, f"{type(error).__name__}: {error}") from None

    for name, expression in question.get("let", {}).items():
        asked.values[name] = check(f"let.{name}", lambda expression=expression: asked.evaluate(expression))
    if question["type"] == "numeric":
        key = check("key", lambda: asked.evaluate(question["key"]))
        if not math.isfinite(key):
            raise BankError(sheet.name, question["id"], "key", f"evaluates to {key}")
        asked.values["answer"] = key
        for number, wrong in enumerate(question["wrong"], start=1):
            value = check(f"wrong[{number}].expr", lambda wrong=wrong: asked.evaluate(wrong["expr"]))
            if not math.isfinite(value):
                raise BankError(sheet.name, question["id"], f"wrong[{number}].expr", f"evaluates to {value}")
    for field, text in _texts(question):
        check(field, lambda text=text: asked.text(text))
    return asked


def _texts(question: dict):
    """Every text that a reader may see, with the field it stands in."""
    for field in ("prompt", "hint"):
        for language, text in question.get(field, {}).items():
            yield f"{field}.{language}", text
    yield "model", question["model"]
    for field in ("options", "items", "targets", "wrong", "properties", "points", "lint"):
        for number, entry in enumerate(question.get(field, ()), start=1):
            for name in ("en", "zh", "feedback"):
                if name in entry:
                    yield f"{field}[{number}].{name}", entry[name]


def namespace() -> dict:
    """What an expression of the bank may use: mathematics, numpy and lrcore; no other names."""
    from lrcore import problems, run
    from lrcore.analysis import sharpness, stability

    functions = ("sqrt", "log", "log10", "exp", "ceil", "floor", "pi", "array")
    return {
        **{name: getattr(np, name) for name in functions},
        **{"np": np, "abs": abs, "min": min, "max": max, "sum": sum},
        **{"problems": problems, "run": run, "sharpness": sharpness, "stability": stability},
    }
