"""The notebook grader: `Exam("01")` shows questions, checks answers and reports marks.

Everything it prints is plain text, rounded and the same on every run. No answer makes it fail.
"""

import re
import unicodedata
from dataclasses import dataclass

from lrcore.exam import functions, saving
from lrcore.exam.answers import READERS, plural
from lrcore.exam.bank import BankError, Question, draw, load
from lrcore.exam.codes import write_code
from lrcore.exam.export import question_table
from lrcore.exam.links import notebook_link
from lrcore.exam.marking import MARKERS, Mark
from lrcore.exam.reading import Unreadable, kind

WIDTH = 72
SEVERAL = {
    "en": "Tick all that hold; a wrong tick takes marks away.",
    "zh": "选出所有正确的选项；选错会扣分。",
}


@dataclass(frozen=True)
class Verdict:
    """Marks for one answer, the code of what it shows, and the sentence that says so.

    Codes are `right`, the codes of the bank's wrong answers, and those of the reader: `not-answered`, `nan`,
    `wrong-type`, ... ; `other` is a wrong answer that shows no known misconception, `self-mark` a text whose
    author has not yet marked it. `claimed` are those of the marks that he gave himself.
    """

    question: str
    marks: float
    out_of: int
    code: str
    feedback: str = ""
    claimed: float = 0

    @property
    def word(self) -> str:
        if self.code in ("not-answered", "returns-nothing"):
            return "not answered"
        if self.code == "self-mark":
            return "to be marked"
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
        self.tables = {name: question_table(asked) for name, asked in self.questions.items()}
        self.verdicts: dict[str, Verdict] = {}
        self.hints: set[str] = set()  # questions whose hint was read

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
        if asked.type == "multi":
            lines.append(SEVERAL[lang])
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
        """Print the question in English and Chinese."""
        asked = self._question(question)
        title = f"{asked.id} · {asked.title} · {plural(asked.marks, 'mark')}"
        texts = [self.prompt(question, lang) for lang in ("en", "zh")]
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
        return grade(asked, answer, self.tables[question])

    def check(self, question: str, answer) -> None:
        """Grade an answer, print the verdict, and keep it for the report (the last answer counts)."""
        verdict = self.grade(question, answer)
        self.verdicts[question] = verdict
        print(verdict)

    def hint(self, question: str) -> None:
        """Print what to try first. It costs no marks; the report says that it was read."""
        shown = self.tables[self._question(question).id]["shown"]
        if shown["hint"] is None:
            print(f"{question} · there is no hint")
            return
        self.hints.add(question)
        lines = [*wrap(shown["hint"]["en"]), *wrap(shown["hint"]["zh"])]
        print(f"{question} · hint", *lines, sep="\n")

    def model(self, question: str) -> None:
        """Print the model answer. Try first: reading an answer teaches less than being wrong once.

        For a free text the mark scheme follows, by which you mark yourself.
        """
        sealed = self.tables[self._question(question).id]["sealed"]
        print(f"{question} · model answer", *wrap(sealed["model"]), sep="\n")
        if "points" in sealed:
            print('  Mark scheme; claim what your text says, as in {"text": ..., "points": [1]}:')
        for place, point in enumerate(sealed.get("points", ()), start=1):
            how = "" if point["pattern"] is None else ", found by the word"
            marks = plural(point["marks"], "mark")
            print(*wrap(f"({place}) {point['en']} ({marks}{how})", indent="    "), sep="\n")

    def report(self) -> None:
        """Print the marks per question, the total, and the sections to read again."""
        print(f"{self.sheet.kind.capitalize()} {self.sheet.name} · {self.sheet.title} · seed {self.seed}")
        revise = {}
        for name, asked in self.questions.items():
            verdict = self.verdicts.get(name, Verdict(name, 0, asked.marks, "not-answered"))
            hint = " (hint)" if name in self.hints else ""
            print(
                f"  {name:<4}{number(verdict.marks):>4} of {asked.marks}  {verdict.word:<13}"
                f" {asked.title}{hint}"
            )
            if verdict.marks < asked.marks:
                revise.setdefault(asked.revise(), []).append(name)
        total = self.total
        print(f"Total {number(total)} of {plural(self.out_of, 'mark')} ({100 * total / self.out_of:.0f} %)")
        if claimed := sum(verdict.claimed for verdict in self.verdicts.values()):
            print(f"You gave {number(claimed)} of these to yourself, by the mark scheme.")
        if revise:
            print("To revise:")
        for (chapter, heading), where in revise.items():
            print(f"  chapter {chapter}, “{heading}”: {', '.join(where)}")
            if link := notebook_link(chapter, heading):
                print(f"    {link}")

    @property
    def total(self) -> float:
        """Marks so far."""
        return round(sum(verdict.marks for verdict in self.verdicts.values()), 1)

    def code(self) -> None:
        """Print the code that carries these marks to the page of the sheet.

        Marking oneself is a matter of honesty: the code finds slips of the pen, it is no certificate.
        """
        marks = [self.verdicts[name].marks if name in self.verdicts else None for name in self.questions]
        possible = [asked.marks for asked in self.questions.values()]
        print(write_code(self.sheet.name, self.seed, possible, marks))

    def save(self, path) -> None:
        """Write the verdicts and the hints used to a JSON file, from which `Exam.resume(path)` goes on.

        Raises ValueError, and leaves the file alone, when it holds anything but an earlier state of it.
        """
        saving.save(self, path)

    @classmethod
    def resume(cls, path) -> "Exam":
        """The paper that was saved. Raises ValueError when the file is damaged or something else."""
        return saving.resume(cls, Verdict, path)

    def _question(self, name: str) -> Question:
        if not isinstance(name, str) or name not in self.questions:
            raise ValueError(
                f"sheet {self.sheet.name} has the questions {', '.join(self.questions)}, not {name!r}"
            )
        return self.questions[name]


def grade(asked: Question, answer, table: dict | None = None) -> Verdict:
    """The verdict on an answer. Raises BankError when the bank is at fault; answers never raise."""
    table = table or question_table(asked)
    try:
        if asked.type == "function":
            mark = functions.grade(asked, answer)
        else:
            mark = MARKERS[asked.type](table, READERS[asked.type](table["shown"], answer))
    except Unreadable as problem:
        mark = Mark(0, problem.code, problem.feedback)
    except BankError:
        raise
    except Exception:  # an object may raise from any of its methods, even from isinstance
        mark = Mark(0, "unreadable", f"The answer is {kind(answer)} that cannot be read.")
    return Verdict(asked.id, mark.marks, asked.marks, mark.code, mark.feedback, mark.claimed)


def number(marks: float) -> str:
    """Marks without a needless decimal point.

    >>> number(2.0), number(1.5)
    ('2', '1.5')
    """
    return f"{round(marks, 2):g}"


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
