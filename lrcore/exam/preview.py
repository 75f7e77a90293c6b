"""A question as its author wants to see it: in both languages, with every answer and what it is told."""

from html import escape

from lrcore.exam.answers import plural
from lrcore.exam.grading import Exam, number, wrap


def as_text(paper: Exam, question: str) -> str:
    """The question, its hint and its answers for a terminal."""
    table = paper.tables[question]
    shown, sealed = table["shown"], table["sealed"]
    revise = shown["revise"]
    lines = [f"{question} · {shown['title']} · {plural(shown['marks'], 'mark')} · {shown['type']}"]
    for lang in ("en", "zh"):
        lines += ["", *wrap(paper.prompt(question, lang), indent="")]
    if shown["hint"]:
        lines += ["", "Hint", *wrap(shown["hint"]["en"]), *wrap(shown["hint"]["zh"])]
    lines += ["", "Model answer", *wrap(sealed["model"]), "", "Answers"]
    for answer, marks, code, feedback in answers(paper, question):
        lines.append("  " + " · ".join(filter(None, [answer, marks, code])))
        lines += wrap(feedback, indent="    ") if feedback else []
    where = f" ({revise['page']})" if revise["page"] else ""
    return "\n".join([*lines, "", f"Revise: chapter {revise['chapter']}, “{revise['heading']}”{where}"])


def as_html(paper: Exam, question: str) -> str:
    """The same as a page of its own."""
    table = paper.tables[question]
    shown = table["shown"]
    prompts = "".join(
        f'<pre lang="{code}">{escape(paper.prompt(question, lang))}</pre>'
        for lang, code in (("en", "en"), ("zh", "zh-Hans"))
    )
    hint = f"<h2>Hint</h2><p>{escape(shown['hint']['en'])}</p>" if shown["hint"] else ""
    if shown["hint"]:
        hint += f'<p lang="zh-Hans">{escape(shown["hint"]["zh"])}</p>'
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in answers(paper, question)
    )
    title = escape(f"{paper.sheet.name} {question} · {shown['title']}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        "<style>body{max-width:45em;margin:2em auto;padding:0 1em;font-family:sans-serif}"
        "pre{white-space:pre-wrap;font:inherit}td,th{text-align:left;vertical-align:top;padding:.3em}</style>"
        f"</head><body><h1>{title}</h1>{prompts}{hint}<h2>Model answer</h2>"
        f"<p>{escape(table['sealed']['model'])}</p><h2>Answers</h2><table><tr><th>answer</th><th>marks</th>"
        f"<th>code</th><th>feedback</th></tr>{rows}</table></body></html>\n"
    )


def answers(paper: Exam, question: str) -> list[tuple[str, str, str, str]]:
    """(answer, marks, code, feedback) of every answer that the question knows."""
    asked, table = paper.questions[question], paper.tables[question]
    shown, sealed, most = table["shown"], table["sealed"], number(table["shown"]["marks"])
    told = []  # (answer, entry of the bank or the table)
    if asked.type == "numeric":
        told = [(f"{wrong['value']:.6g}", wrong) for wrong in sealed["wrong"]]
        right = f"{sealed['key']:.6g}"
    elif asked.type in ("choice", "multi"):
        told = [(label, option) for label, option in sealed["options"].items() if option["code"] != "right"]
        right = "".join(label for label, option in asked.shown("options") if option.get("correct"))
    elif asked.type in ("match", "ordering"):
        told = [(_line(wrong["given"]), wrong) for wrong in sealed["wrong"]]
        right = _line(sealed["right"] if asked.type == "match" else sealed["order"])
    elif asked.type == "text":
        told = [(f"without ({place})", point) for place, point in enumerate(sealed["points"], start=1)]
        right = f"all {shown['points']} points"
    else:
        wrong = [*asked.data["wrong"], *asked.data.get("properties", ())]
        told = [(each["source"].strip().splitlines()[-1].strip(), each) for each in wrong]
        right = asked.data["key"].strip().splitlines()[-1].strip()
    by_entry = asked.type in ("numeric", "choice")
    return [(right, most, "right", "")] + [
        (answer, number(entry["marks"]) if by_entry else "", entry["code"], asked.text(entry["feedback"]))
        for answer, entry in told
    ]


def _line(given) -> str:
    if isinstance(given, list):
        return " ".join(given)
    return ", ".join(f"{item}: {target}" for item, target in given.items())
