"""Marking an answer that has been read: pure functions of a question's table (export.py) and the answer.

The page marks with the same functions in JavaScript, from the same tables: what is changed here is changed
there. An answer is by then a plain value:

    numeric   a finite float                    multi     a list of labels, each once
    choice    a label                           ordering  a list of all labels, each once
    match     {item label: target label}        text      {"text": str, "ticks": [1, 3] or None}
"""

import math
import re
from typing import NamedTuple

FLAGS = re.IGNORECASE | re.ASCII  # what JavaScript's /i means
ENGLISH = re.compile("[A-Za-z]+")


class Mark(NamedTuple):
    """Marks, the code of what the answer shows, and the sentence that says so."""

    marks: float
    code: str
    feedback: str
    claimed: float = 0  # of the marks, those that the student gave himself


def share(marks: int, right: int, of: int) -> float:
    """Marks for `right` of `of` parts, to a tenth.

    >>> share(4, 3, 4), share(2, 1, 3)
    (3.0, 0.7)
    """
    return math.floor(10 * marks * right / of + 0.5) / 10


def mark_number(table: dict, value: float) -> Mark:
    """The first of key and wrong values that is near enough; near is relative to the value compared with."""
    sealed = table["sealed"]
    key, tolerance = sealed["key"], sealed["tolerance"]

    def close(other, factor=1.0):
        size = abs(other) or abs(key)  # nothing is small relative to 0
        return abs(value - other) <= factor * max(tolerance["rel"] * size, tolerance["abs"])

    if close(key):
        return _right(table)
    for wrong in sealed["wrong"]:
        if close(wrong["value"]):
            return Mark(wrong["marks"], wrong["code"], wrong["feedback"])
    if key and close(-key):
        return Mark(0, "sign", "The size is right, the sign is not.")
    if close(key, factor=4.0):
        return Mark(0, "rounding", "Close, but not near enough: mind the rounding.")
    return Mark(0, "other", "This is not the value asked for.")


def mark_choice(table: dict, label: str) -> Mark:
    option = table["sealed"]["options"][label]
    if option["code"] == "right":
        return _right(table)
    return Mark(0, option["code"], option["feedback"])


def mark_multi(table: dict, ticked: list[str]) -> Mark:
    """Each right tick earns its part; wrong ticks take it away again, so that ticking everything earns 0."""
    options = table["sealed"]["options"]
    right = [label for label in options if options[label]["correct"]]
    found = [label for label in right if label in ticked]
    missed = [label for label in right if label not in ticked]
    wrong = [label for label in options if label in ticked and label not in right]
    if not missed and not wrong:
        return _right(table)
    others = len(options) - len(right)
    earned = max(0, len(found) * others - len(wrong) * len(right))
    told = [f"Right ticks: {len(found)} of {len(right)}."]
    if wrong:
        told.append(f"Wrong ticks: {len(wrong)}; they take marks away.")
    shown = [options[label] for label in [*wrong, *missed]][:2]  # more would not be read
    told += [option["feedback"] for option in shown]
    return Mark(share(table["shown"]["marks"], earned, len(right) * others), shown[0]["code"], " ".join(told))


def mark_match(table: dict, chosen: dict[str, str]) -> Mark:
    """A part of the marks for each item with its own target; a target that is given twice earns nothing."""
    sealed, marks, noun = table["sealed"], table["shown"]["marks"], table["shown"]["noun"]
    given = list(chosen.values())
    once = [label for label in sealed["right"] if label in chosen and given.count(chosen[label]) == 1]
    right = [label for label in once if chosen[label] == sealed["right"][label]]
    if len(right) == len(sealed["right"]):
        return _right(table)
    told = [f"Right so far: {', '.join(right)}." if right else "None is right yet."]
    shown = [
        wrong
        for wrong in sealed["wrong"]
        if all(chosen.get(item) == target for item, target in wrong["given"].items())
    ]
    code = shown[0]["code"] if shown else "other"
    if len(once) < len(chosen):
        code = "used-twice"
        told.append(f"The same {noun} is given more than once; that earns nothing.")
    told += [wrong["feedback"] for wrong in shown[:2]]
    return Mark(share(marks, len(right), len(sealed["right"])), code, " ".join(told))


def mark_ordering(table: dict, given: list[str]) -> Mark:
    """A part of the marks for each neighbour that follows as it should."""
    order = table["sealed"]["order"]
    pairs = list(zip(order, order[1:], strict=False))
    right = sum(pair in pairs for pair in zip(given, given[1:], strict=False))
    if right == len(pairs):
        return _right(table)
    shown = [
        wrong
        for wrong in table["sealed"]["wrong"]
        if [label for label in given if label in wrong["given"]] == wrong["given"]
    ]
    told = [f"{right} of {len(pairs)} items are followed by the right one."]
    told += [wrong["feedback"] for wrong in shown[:2]]
    code = shown[0]["code"] if shown else "other"
    return Mark(share(table["shown"]["marks"], right, len(pairs)), code, " ".join(told))


def mark_text(table: dict, answer: dict) -> Mark:
    """Points that a word decides are found in the text; the others are claimed by the student.

    No machine marks free text fairly. So only a point whose mark is for naming a thing has a pattern, and
    the student who claims the others has the model answer and the mark scheme before him.
    """
    sealed, text, ticks = table["sealed"], answer["text"], answer["ticks"]
    least = table["shown"]["min_words"]
    if len(ENGLISH.findall(text)) < least:
        return Mark(0, "too-short", f"Write at least {least} words of English.")
    advice = [lint["feedback"] for lint in sealed["lint"] if re.search(lint["pattern"], text, FLAGS)][:3]
    marks, claimed, missing, open_points = 0, 0, [], False
    for number, point in enumerate(sealed["points"], start=1):
        by_rule = point["pattern"] is not None
        if by_rule and _stands_in(text, point["pattern"], sealed["negated"]):
            marks += point["marks"]
        elif not by_rule and number in (ticks or ()):
            marks, claimed = marks + point["marks"], claimed + point["marks"]
        else:
            missing.append(point)
            open_points = open_points or not by_rule
    if not missing:
        return Mark(marks, "right", " ".join([sealed["model"], *advice]), claimed)
    if ticks is None and open_points:
        told = (
            "Compare your text with the model answer and claim the points of the mark scheme that it makes."
        )
        return Mark(marks, "self-mark", " ".join([*advice, told]))
    told = [point["feedback"] for point in missing[:2]]
    return Mark(marks, missing[0]["code"], " ".join([*told, *advice]), claimed)


def _stands_in(text: str, pattern: str, negated: str) -> bool:
    """Whether the pattern occurs without a negation just before it."""
    return any(
        not re.search(negated, text[: found.start()], FLAGS) for found in re.finditer(pattern, text, FLAGS)
    )


def _right(table: dict) -> Mark:
    return Mark(table["shown"]["marks"], "right", table["sealed"]["model"])


MARKERS = {
    "numeric": mark_number,
    "choice": mark_choice,
    "multi": mark_multi,
    "match": mark_match,
    "ordering": mark_ordering,
    "text": mark_text,
}
