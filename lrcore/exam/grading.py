"""The notebook grader: `Exam("01")` shows questions, checks answers and reports marks.

Everything it prints is plain text, rounded and the same on every run. No answer makes it fail.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lrcore.book import in_book
from lrcore.exam import functions
from lrcore.exam.bank import REL, BankError, Question, draw, load
from lrcore.exam.reading import Unreadable, is_missing, kind, read_label, read_number

WIDTH = 72


@dataclass(frozen=True)
class Verdict:
    """Marks for one answer, the code of what it shows, and the sentence that says so.

    Codes are `right`, the codes of the bank's wrong answers, and those of the reader: `not-answered`, `nan`,
    `wrong-type`, ... ; `other` is a wrong answer that shows no known misconception.
    """

    question: str
    marks: float
    out_of: int
    code: str
    feedback: str = ""

    @property
    def word(self) -> str:
        if self.code in ("not-answered", "returns-nothing"):
            return "not answered"
        if self.marks == self.out_of:
            return "right"
        return "partly right" if self.marks else "not right"

    def __str__(self):
        first = f"{self.question} · {number(self.marks)} of {plural(self.out_of, 'mark')} · {self.word}"
        return "\n".join([first, *wrap(self.feedback)])


class Exam:
    """A paper: the questions of a sheet with the numbers that `seed` draws.

    Sheets are named "01", "02", ... after their chapters. Another seed draws other numbers.
    Raises ValueError for a sheet or a question that does not exist, and BankError when the bank is at fault;
    answers never raise.

    >>> paper = Exam("02", seed=1)
    >>> paper.check("q1", ...)
    q1 · 0 of 2 marks · not answered
      Replace the ... by your answer.
    """

    def __init__(self, sheet: str, seed: int = 1):
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise ValueError(f"seed must be a whole number of at least 0, not {seed!r}")
        self.sheet = load(sheet)
        self.seed = seed
        self.questions = {data["id"]: draw(self.sheet, data, seed) for data in self.sheet.questions}
        self.verdicts: dict[str, Verdict] = {}

    def __repr__(self):
        return f"Exam({self.sheet.name!r}, seed={self.seed})"

    @property
    def out_of(self) -> int:
        return sum(question.marks for question in self.questions.values())

    def prompt(self, question: str, lang: str = "en") -> str:
        """The question as one text, lang "en" or "zh", with its options or items."""
        asked = self._question(question)
        if lang not in ("en", "zh"):
            raise ValueError(f'lang must be "en" or "zh", not {lang!r}')
        lines = [asked.text(asked.data["prompt"][lang])]
        for field in ("options", "items"):
            shown = [(label, entry) for label, entry in asked.shown(field) if lang in entry]
            lines += (
                ["", *(f"({label}) {asked.text(entry[lang])}" for label, entry in shown)] if shown else []
            )
        if asked.type == "match":
            shown = [(label, target) for label, target in asked.targets() if lang in target]
            lines += (
                ["", *(f"({label}) {asked.text(target[lang])}" for label, target in shown)] if shown else []
            )
        return "\n".join(lines)

    def show(self, question: str) -> None:
        """Print the question in English and Chinese. On a page of the book it is set as text instead."""
        asked = self._question(question)
        title = f"{asked.id} · {asked.title} · {plural(asked.marks, 'mark')}"
        texts = [self.prompt(question, lang) for lang in ("en", "zh")]
        if in_book():
            from IPython.display import display

            english, chinese = map(_markdown, texts)
            # The language is named so that a screen reader changes its voice.
            both = f'{english}\n\n<div lang="zh-Hans">\n\n{chinese}\n\n</div>'
            display({"text/markdown": both, "text/plain": title}, raw=True)
        else:
            print(title, *("\n".join(["", *wrap(text, indent="")]) for text in texts), sep="\n")

    def figure(self, question: str) -> None:
        """Show the figure of a question, if it has one; its curves carry the labels of this paper."""
        from lrcore import viz

        draw_curves, in_words, labels = self._figure(question)
        viz.show(draw_curves(labels), alt=in_words(labels))

    def describe(self, question: str) -> None:
        """Print the numbers that the figure of a question shows, for those who cannot see it."""
        _, in_words, labels = self._figure(question)
        print(*wrap(in_words(labels), indent=""), sep="\n")

    def _figure(self, question: str):
        """How the figure of a question is drawn and put into words, and its curves by label."""
        asked = self._question(question)
        if "figure" not in asked.data:
            raise ValueError(f"{question} has no figure")
        from lrcore.exam.curves import FIGURES

        return *FIGURES[asked.data["figure"]], {label: item["key"] for label, item in asked.shown("items")}

    def grade(self, question: str, answer) -> Verdict:
        """The verdict on an answer, without printing or recording it."""
        asked = self._question(question)
        try:
            return GRADERS[asked.type](asked, answer)
        except Unreadable as problem:
            return Verdict(asked.id, 0, asked.marks, problem.code, problem.feedback)
        except BankError:
            raise
        except Exception:  # an object may raise from any of its methods, even from isinstance
            return Verdict(
                asked.id, 0, asked.marks, "unreadable", f"The answer is {kind(answer)} that cannot be read."
            )

    def check(self, question: str, answer) -> None:
        """Grade an answer, print the verdict, and keep it for the report (the last answer counts)."""
        verdict = self.grade(question, answer)
        self.verdicts[question] = verdict
        print(verdict)

    def model(self, question: str) -> None:
        """Print the model answer. Try first: reading an answer teaches less than being wrong once."""
        asked = self._question(question)
        print(f"{asked.id} · model answer", *wrap(asked.text(asked.data["model"])), sep="\n")

    def report(self) -> None:
        """Print the marks per question, the total, and the sections to read again."""
        print(f"Sheet {self.sheet.name} · {self.sheet.title} · seed {self.seed}")
        total, revise = 0, {}
        for name, asked in self.questions.items():
            verdict = self.verdicts.get(name, Verdict(name, 0, asked.marks, "not-answered"))
            total += verdict.marks
            print(f"  {name:<4}{number(verdict.marks):>4} of {asked.marks}  {verdict.word:<13} {asked.title}")
            if verdict.marks < asked.marks:
                revise.setdefault(asked.revise(), []).append(name)
        print(f"Total {number(total)} of {plural(self.out_of, 'mark')} ({100 * total / self.out_of:.0f} %)")
        if revise:
            print("To revise:")
        for (chapter, heading), where in revise.items():
            print(f"  chapter {chapter}, “{heading}”: {', '.join(where)}")

    def _question(self, name: str) -> Question:
        if not isinstance(name, str) or name not in self.questions:
            raise ValueError(
                f"sheet {self.sheet.name} has the questions {', '.join(self.questions)}, not {name!r}"
            )
        return self.questions[name]


def grade_number(asked: Question, answer) -> Verdict:
    value = read_number(answer, asked.data.get("unit", ""))
    key = asked.evaluate(asked.data["key"])
    tolerance = asked.data.get("tolerance", {})
    rel, floor = tolerance.get("rel", 0.0 if "abs" in tolerance else REL), tolerance.get("abs", 0.0)

    def close(other, factor=1.0):
        size = abs(other) or abs(key)  # nothing is small relative to 0
        return abs(value - other) <= factor * max(rel * size, floor)

    if close(key):
        return _right(asked)
    for wrong in asked.data["wrong"]:
        if close(asked.evaluate(wrong["expr"])):
            return Verdict(
                asked.id, wrong.get("marks", 0), asked.marks, wrong["code"], asked.text(wrong["feedback"])
            )
    if key and close(-key):
        return Verdict(asked.id, 0, asked.marks, "sign", "The size is right, the sign is not.")
    if close(key, factor=4):
        return Verdict(asked.id, 0, asked.marks, "rounding", "Close, but not near enough: mind the rounding.")
    return Verdict(asked.id, 0, asked.marks, "other", "This is not the value asked for.")


def grade_choice(asked: Question, answer) -> Verdict:
    shown = dict((label.lower(), option) for label, option in asked.shown("options"))
    letters = f"{min(shown).upper()} to {max(shown).upper()}"
    if is_missing(answer):
        raise Unreadable("not-answered", f"Replace the ... by a letter from {letters}.")
    option = shown.get(read_label(answer)) if isinstance(answer, str) else None
    if option is None:
        raise Unreadable("not-an-option", f"Answer with one letter from {letters}, in quotation marks.")
    if option.get("correct"):
        return _right(asked)
    return Verdict(asked.id, 0, asked.marks, option["code"], asked.text(option["feedback"]))


def grade_match(asked: Question, answer) -> Verdict:
    items = [(label, item["key"]) for label, item in asked.shown("items")]
    targets = {read_label(label): target["label"] for label, target in asked.targets()}
    names, noun = ", ".join(label for label, _ in items), asked.data.get("noun", "answer")
    nothing = Unreadable("not-answered", f"Replace the ... by one {noun} for each of {names}.")
    if is_missing(answer):
        raise nothing
    given = _pairs(answer, [label for label, _ in items], targets, noun)
    if all(is_missing(value) for value in given.values()):
        raise nothing
    chosen = {}  # key of the item -> target given for it
    for label, key in items:
        value = given.get(read_label(label))
        if not is_missing(value):
            if read_label(value) not in targets:
                raise Unreadable("not-a-target", f"Each {noun} must be one of {', '.join(targets)}.")
            chosen[key] = targets[read_label(value)]
    once = {key for key, target in chosen.items() if list(chosen.values()).count(target) == 1}
    right = [label for label, key in items if key in once and chosen[key] == key]
    if len(right) == len(items):
        return _right(asked)
    marks = asked.marks * len(right) / len(items)
    told = [f"Right so far: {', '.join(right)}." if right else "None is right yet."]
    shown = [w for w in asked.data["wrong"] if w["given"].items() <= chosen.items()]
    code = shown[0]["code"] if shown else "other"
    if len(once) < len(chosen):
        code = "used-twice"
        told.append(f"The same {noun} is given more than once; that earns nothing.")
    told += [asked.text(wrong["feedback"]) for wrong in shown[:2]]  # more would not be read
    return Verdict(asked.id, marks, asked.marks, code, " ".join(told))


def _pairs(answer, labels: list[str], targets, noun: str) -> dict:
    """An answer to a matching question as label -> value: from a mapping, or from a sequence in order."""
    names, known = ", ".join(labels), [read_label(label) for label in labels]
    form = Unreadable("wrong-type", f"Answer with a dictionary that gives one {noun} for each of {names}.")
    try:
        if isinstance(answer, Mapping):
            given = {read_label(label): value for label, value in answer.items()}
        elif isinstance(answer, Sequence) and not isinstance(answer, str | bytes):
            if len(answer) != len(labels):
                raise Unreadable(
                    "wrong-shape", f"{plural(len(answer), noun)} for {names}: give {len(labels)}."
                )
            given = dict(zip(known, answer, strict=True))
        else:
            raise form
    except Unreadable as problem:
        raise (problem if problem.code == "wrong-shape" else form) from None
    except Exception:
        raise form from None
    unknown = set(given) - set(known)
    if unknown and set(given) <= set(targets) and _are_labels(given.values(), known):
        first = labels[0] if labels[0][0].isdigit() else f'"{labels[0]}"'
        raise Unreadable(
            "other-way-round",
            f"Your dictionary is the other way round: write {{{first}: …}} with the {noun} after the colon.",
        )
    if unknown:
        raise Unreadable(
            "wrong-shape", f"{plural(len(unknown), noun)} for something that is not among {names}."
        )
    return given


def _are_labels(values, known: list[str]) -> bool:
    try:
        return all(read_label(value) in known for value in values)
    except Unreadable:
        return False


def grade_function(asked: Question, answer) -> Verdict:
    outcome = functions.grade(asked, answer)
    if outcome.code == "right":
        return _right(asked)
    return Verdict(asked.id, asked.marks - outcome.lost, asked.marks, outcome.code, outcome.feedback)


GRADERS = {
    "numeric": grade_number,
    "choice": grade_choice,
    "match": grade_match,
    "function": grade_function,
}


def _right(asked: Question) -> Verdict:
    return Verdict(asked.id, asked.marks, asked.marks, "right", asked.text(asked.data["model"]))


def number(marks: float) -> str:
    """Marks without a needless decimal point.

    >>> number(2.0), number(1.5)
    ('2', '1.5')
    """
    return f"{round(marks, 2):g}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def wrap(text: str, indent: str = "  ") -> list[str]:
    """Lines of at most WIDTH columns. A Chinese character takes two, and a line may break after it."""
    lines = []
    for paragraph in text.split("\n"):
        hanging = indent + ("    " if re.match(r"\([\w.]+\) ", paragraph) else "")
        line = indent
        for atom in ATOM.findall(paragraph):
            if _columns(line + atom.rstrip()) > WIDTH and line.strip():
                lines.append(line.rstrip())
                line = hanging
            line += atom
        lines.append(line.rstrip())
    return lines


# A wide character with the punctuation that must not begin a line, or a word with the spaces after it.
WIDE = "\u2e80-\u9fff\uff00-\uffef"
STOPS = "，。；：？！、）》”"
ATOM = re.compile(rf"[{WIDE}][{STOPS}]*|[^\s{WIDE}]+[{STOPS}]*\s*|\s+")


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _markdown(text: str) -> str:
    """A prompt, which is plain text, as Markdown: nothing in it is markup, and its options are a list."""
    text = re.sub(r"([\\`*_\[\]])", r"\\\1", text).replace("<", "&lt;")
    return re.sub(r"^(\([\w.]+\))", r"- \1", text, flags=re.MULTILINE)
