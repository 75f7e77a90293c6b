"""The author's tool: python -m lrcore.exam list | new | lint | preview

    python -m lrcore.exam list                     sheets and papers, and what is in them
    python -m lrcore.exam new 03 numeric           add a skeleton to questions/03.yml, or begin that file
    python -m lrcore.exam new 2025-q4 text --chapters 01,03 --minutes 8
    python -m lrcore.exam lint                     what is missing, in all sheets or in those named
    python -m lrcore.exam preview 03 q1            a question with its answers; --seed 2, --html q1.html

A question is added by editing one YAML file, and its known wrong answers in exercises/wrong/.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from lrcore.exam import skeletons
from lrcore.exam.bank import folder, load, names, parse
from lrcore.exam.grading import Exam
from lrcore.exam.lint import lint
from lrcore.exam.preview import as_html, as_text
from lrcore.exam.schema import FIELDS


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m lrcore.exam",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="sheets and papers, and what is in them")
    new = commands.add_parser("new", help="add the skeleton of a question")
    new.add_argument("sheet", help='such as "03" or "2025-q4"')
    new.add_argument("type", choices=list(FIELDS))
    new.add_argument("--chapters", help='of a new file: "01,03"; that of a sheet is its own name')
    new.add_argument("--minutes", type=int, help="of a new paper: its time")
    check = commands.add_parser("lint", help="say what is missing; exit 1 if anything is")
    check.add_argument("sheets", nargs="*", help="all if none is named")
    show = commands.add_parser("preview", help="show a question with its answers")
    show.add_argument("sheet")
    show.add_argument("question")
    show.add_argument("--seed", type=int, default=1)
    show.add_argument("--html", type=Path, help="write a page instead of printing")
    given = parser.parse_args(arguments)
    try:
        return COMMANDS[given.command](given)
    except ValueError as error:  # a BankError is one
        print(error, file=sys.stderr)
        return 1


def list_sheets(given) -> int:
    for name in names():
        sheet = load(name)
        marks = sum(question["marks"] for question in sheet.questions)
        types = Counter(question["type"] for question in sheet.questions)
        counted = ", ".join(f"{count} {type_}" for type_, count in types.most_common())
        print(f"{name}  {sheet.title}: {len(sheet.questions)} questions ({counted}), {marks} marks")
    return 0


def new_question(given) -> int:
    path = folder() / f"{given.sheet}.yml"
    if path.exists():
        text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
        sheet = parse(text, given.sheet)
        taken = {question["id"] for question in sheet.questions}
        chapter = sheet.chapters[0] if sheet.kind == "paper" else None
    else:
        chapters = given.chapters.split(",") if given.chapters else [given.sheet]
        text, taken = skeletons.head(given.sheet, chapters, given.minutes), set()
        chapter = chapters[0] if given.minutes else None
    id_ = next(f"q{number}" for number in range(1, len(taken) + 2) if f"q{number}" not in taken)
    text += skeletons.question(given.type, id_, chapter)
    parse(text, given.sheet)  # nothing is written that could not be read again
    path.write_text(text, encoding="utf-8")
    print(f"{id_} added to {path}: write what stands for …, then run lint.")
    print(f"List its wrong answers in exercises/wrong/{given.sheet}.yml.")
    return 0


def lint_sheets(given) -> int:
    missing = 0
    for name in given.sheets or names():
        for problem in lint(name):
            missing += 1
            print(problem if problem.startswith("questions/") else f"questions/{name}.yml, {problem}")
    print(f"{missing} to do" if missing else "nothing is missing")
    return 1 if missing else 0


def preview(given) -> int:
    paper = Exam(given.sheet, given.seed)
    paper.prompt(given.question)  # raises for a question that does not exist
    if given.html:
        given.html.write_text(as_html(paper, given.question), encoding="utf-8")
        print(f"wrote {given.html}")
    else:
        print(as_text(paper, given.question))
    return 0


COMMANDS = {"list": list_sheets, "new": new_question, "lint": lint_sheets, "preview": preview}

if __name__ == "__main__":
    sys.exit(main())
