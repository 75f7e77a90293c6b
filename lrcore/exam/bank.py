"""The question bank: one YAML file per sheet, checked when it is opened, and turned into a paper by a seed.

A sheet is `questions/<sheet>.yml`:

    sheet: "01"
    title: What is a learning rate?
    chapter: "01"
    questions:
      - id: q1                    # unique in the sheet
        type: numeric             # numeric, choice, match or function: see FIELDS
        title: One update by hand
        marks: 2
        revise: The update rule   # heading in the chapter (another chapter: "02: heading")
        draw: {a: [1, 2], b: [3, 5]}           # one value each, chosen by the seed
        let: {slope: 2*a + b}                  # named expressions of the drawn values
        prompt: {en: "f(x) = {a}x² …", zh: "…"}   # {name} and {name:.3g} show values
        key: x0 - eta*slope       # an expression, evaluated with numpy and lrcore; never a typed-in result
        wrong:                    # what students answer instead, and what it reveals
          - {expr: x0 + eta*slope, code: plus-sign, feedback: The step goes against the gradient.}
        model: The model answer, shown with a right answer; {answer} is the value of the key.

In a match question an item's `key` is the `label` of its target. The seed numbers the targets that have a
text: the bank names them by a word, and {word} in a text shows the number.

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

import numpy as np

COMMON = {"id", "type", "title", "marks", "revise", "prompt", "model"}
OPTIONAL = {"draw", "let"}
# type -> (required fields, optional fields), beyond the common ones
FIELDS = {
    "numeric": ({"key", "wrong"}, {"tolerance", "unit"}),
    "choice": ({"options"}, set()),
    "match": ({"items", "targets", "wrong"}, {"figure", "noun"}),
    "function": ({"name", "key", "inputs", "wrong"}, {"properties", "tolerance"}),
}
# fields of the entries of a list: field -> (required, optional)
ENTRIES = {
    ("numeric", "wrong"): ({"expr", "code", "feedback"}, {"marks"}),
    ("choice", "options"): ({"en", "zh"}, {"correct", "code", "feedback"}),
    ("match", "items"): ({"key"}, {"en", "zh", "label"}),
    ("match", "targets"): ({"label"}, {"en", "zh"}),
    ("match", "wrong"): ({"given", "code", "feedback"}, set()),
    ("function", "wrong"): ({"source", "code", "feedback"}, {"marks"}),
    ("function", "properties"): ({"source", "code", "feedback", "marks"}, set()),
}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
REL = 5e-3  # three significant figures, however they are rounded


class BankError(ValueError):
    """A question that cannot be asked: file, question, field, and what is wrong with it."""

    def __init__(self, sheet: str, question: str, field: str, problem: str):
        super().__init__(f"questions/{sheet}.yml, {question}, {field}: {problem}")


@dataclass(frozen=True)
class Sheet:
    """A checked sheet: its data as written, before a seed fills in the numbers."""

    name: str
    title: str
    chapter: str
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
        chapter, colon, heading = self.data["revise"].partition(": ")
        return (
            (chapter, heading) if colon and chapter.isdigit() else (self.data["chapter"], self.data["revise"])
        )


def names() -> list[str]:
    """The sheets that exist."""
    folder = resources.files("lrcore.exam") / "questions"
    return sorted(path.name.removesuffix(".yml") for path in folder.iterdir() if path.name.endswith(".yml"))


def load(sheet: str) -> Sheet:
    """Read and check `questions/<sheet>.yml`. Raises BankError, or ValueError for an unknown sheet."""
    if sheet not in names():
        raise ValueError(f"there is no sheet {sheet!r}; there are {', '.join(names())}")
    text = (resources.files("lrcore.exam") / "questions" / f"{sheet}.yml").read_text(encoding="utf-8")
    return parse(text, sheet)


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
        raise BankError(sheet, "the file", "syntax", str(error).replace("\n", " ")) from None
    if not isinstance(data, dict):
        raise BankError(
            sheet, "the file", "top level", "a mapping with sheet, title, chapter and questions is needed"
        )
    for field in ("sheet", "title", "chapter"):
        if not isinstance(data.get(field), str):
            raise BankError(sheet, "the file", field, 'this must be a text (quote numbers such as "01")')
    if data["sheet"] != sheet:
        raise BankError(sheet, "the file", "sheet", f"says {data['sheet']!r}")
    questions = data.get("questions")
    if not isinstance(questions, list) or not questions:
        raise BankError(sheet, "the file", "questions", "a list of at least one question is needed")
    seen = set()
    for number, question in enumerate(questions, start=1):
        where = (
            question.get("id", f"question number {number}")
            if isinstance(question, dict)
            else f"question {number}"
        )
        problem = _problem(question, seen)
        if problem:
            raise BankError(sheet, str(where), *problem)
        question["chapter"] = data["chapter"]
        seen.add(question["id"])
    return Sheet(sheet, data["title"], data["chapter"], tuple(questions))


def _problem(question, seen) -> tuple[str, str] | None:
    """The first thing wrong with a question as (field, problem)."""
    if not isinstance(question, dict):
        return "question", "this must be a mapping"
    type_ = question.get("type")
    if type_ not in FIELDS:
        return "type", f"{type_!r} is not one of {', '.join(FIELDS)}"
    required, optional = FIELDS[type_]
    if found := _keys(question, COMMON | required, OPTIONAL | optional):
        return found
    if not isinstance(question["id"], str) or question["id"] in seen:
        return "id", f"{question['id']!r} is not a text of its own in this sheet"
    if isinstance(question["marks"], bool) or not isinstance(question["marks"], int) or question["marks"] < 1:
        return "marks", f"{question['marks']!r} is not a whole number of at least 1"
    for field in ("title", "revise", "model"):
        if not _is_text(question[field]):
            return field, "a text is needed"
    if found := _bilingual(question["prompt"], "prompt"):
        return found
    for field in required | optional:
        if (type_, field) in ENTRIES and field in question:
            if found := _entries(question, field):
                return found
    for field, values in question.get("draw", {}).items():
        if not isinstance(values, list) or not values:
            return f"draw.{field}", "a list of values to choose from is needed"
    return {"choice": _choice, "match": _match}.get(type_, lambda question: None)(question)


def _keys(mapping, required, optional) -> tuple[str, str] | None:
    for field in sorted(required - mapping.keys()):
        return field, "this field is missing"
    for field in sorted(map(str, mapping.keys() - required - optional)):
        return field, f"unknown field; known are {', '.join(sorted(required | optional))}"
    return None


def _is_text(value) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _bilingual(entry, field) -> tuple[str, str] | None:
    for language, name in (("en", "English"), ("zh", "Chinese")):
        if not isinstance(entry, dict) or not _is_text(entry.get(language)):
            return f"{field}.{language}", f"the {name} text is missing"
    return None


def _entries(question, field) -> tuple[str, str] | None:
    required, optional = ENTRIES[question["type"], field]
    entries = question[field]
    if not isinstance(entries, list) or not entries:
        return field, "a list of at least one entry is needed"
    for number, entry in enumerate(entries, start=1):
        where = f"{field}[{number}]"
        if not isinstance(entry, dict):
            return where, "this must be a mapping"
        if found := _keys(entry, required, optional):
            return f"{where}.{found[0]}", found[1]
        if found := ("en" in required and _bilingual(entry, where)):
            return found
        for text in ("code", "feedback", "source"):
            if text in entry and not _is_text(entry[text]):
                return f"{where}.{text}", "a text is needed"
    codes = [entry["code"] for entry in entries if "code" in entry]
    if repeated := {code for code in codes if codes.count(code) > 1}:
        return field, f"the code {min(repeated)!r} stands twice"
    return None


def _choice(question) -> tuple[str, str] | None:
    options = question["options"]
    if sum(option.get("correct") is True for option in options) != 1:
        return "options", "exactly one option must be `correct: true`"
    for number, option in enumerate(options, start=1):
        if not option.get("correct") and not {"code", "feedback"} <= option.keys():
            return f"options[{number}]", "a wrong option needs a code and a feedback"
    return None


def _match(question) -> tuple[str, str] | None:
    labels = [target["label"] for target in question["targets"]]
    for number, target in enumerate(question["targets"], start=1):
        if "en" in target and not str(target["label"]).isidentifier():
            return f"targets[{number}].label", f"{target['label']!r} is not a word that a text could refer to"
    for number, item in enumerate(question["items"], start=1):
        seen = "label" in item or ("figure" in question and "en" not in item)
        if not seen and (found := _bilingual(item, f"items[{number}]")):
            return found
        if item["key"] not in labels:
            return f"items[{number}].key", f"{item['key']!r} is not the label of a target"
    keys = [item["key"] for item in question["items"]]
    if len(set(keys)) < len(keys):
        return "items", "two items have the same key"
    for number, wrong in enumerate(question["wrong"], start=1):
        if not isinstance(wrong["given"], dict) or not set(wrong["given"]) <= set(keys):
            return (
                f"wrong[{number}].given",
                f"a mapping from keys of items ({keys}) to the targets given instead is needed",
            )
        if not set(wrong["given"].values()) <= set(labels):
            return f"wrong[{number}].given", f"every target must be one of {labels}"
    return None


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
    while question["type"] == "match" and _in_order(question, order, targets):
        # Whoever writes 1, 2, 3, … without reading must not be right by the accident of a seed.
        chooser.shuffle(targets if "label" in question["items"][0] else order)
    return fill(sheet, question, values, seed, tuple(order), tuple(targets))


def _in_order(question: dict, order: list[int], targets: list[int]) -> bool:
    """Whether the items go with the first targets, in the order in which both are shown."""
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
            check(f"wrong[{number}].expr", lambda wrong=wrong: asked.evaluate(wrong["expr"]))
    for field, text in _texts(question):
        check(field, lambda text=text: asked.text(text))
    return asked


def _texts(question: dict):
    """Every text that a reader may see, with the field it stands in."""
    for language, text in question["prompt"].items():
        yield f"prompt.{language}", text
    yield "model", question["model"]
    for field in ("options", "items", "targets", "wrong", "properties"):
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
