"""Reading an answer of each type: whatever a student hands in becomes what marking.py marks, or a sentence.

READERS[type](shown, answer) gets the part of the question's table that the student sees. It raises
Unreadable, with a code and what to write instead; an answer that misbehaves may raise anything.
"""

import string
from collections.abc import Mapping, Sequence, Set

from lrcore.exam.reading import PLAIN, SPACES, Unreadable, is_missing, read_label, read_number


def read_numeric(shown: dict, answer) -> float:
    return read_number(answer, shown["unit"])


def read_choice(shown: dict, answer) -> str:
    labels = _labels(shown["options"])
    letters = _letters(labels)
    if is_missing(answer):
        raise Unreadable("not-answered", f"Replace the ... by a letter from {letters}.")
    label = labels.get(read_label(answer)) if isinstance(answer, str) else None
    if label is None:
        raise Unreadable("not-an-option", f"Answer with one letter from {letters}, in quotation marks.")
    return label


def read_multi(shown: dict, answer) -> list[str]:
    """The ticked labels in the order shown, from a list, a set or a text such as "A, C"."""
    labels = _labels(shown["options"])
    letters = _letters(labels)
    given = _several(answer)
    if not given:
        raise Unreadable("not-answered", f"Replace the ... by the letters that hold, from {letters}.")
    ticked = _known(given, labels, f'Answer with letters from {letters}, as in "AC" or ["A", "C"].')
    return [label for label in labels.values() if label in ticked]


def read_ordering(shown: dict, answer) -> list[str]:
    labels = _labels(shown["items"])
    letters = _letters(labels)
    given = _several(answer)
    if not given:
        raise Unreadable("not-answered", f"Replace the ... by the letters {letters} in the right order.")
    example = "".join(sorted(labels.values(), reverse=True))
    order = _known(given, labels, f'Answer with the letters {letters} in your order, as in "{example}".')
    if len(order) != len(labels) or len(set(order)) != len(order):
        raise Unreadable("wrong-shape", f"Give each of the letters {letters} once.")
    return order


def _labels(entries: list[dict]) -> dict[str, str]:
    """How a label is read -> how it is written."""
    return {read_label(entry["label"]): entry["label"] for entry in entries}


def _letters(labels: dict[str, str]) -> str:
    return f"{min(labels.values())} to {max(labels.values())}"


def _several(answer) -> list:
    """The parts of an answer that may have several: "A, C", "AC", ["A", "C"], {"A", "C"}."""
    if is_missing(answer):
        return []
    if isinstance(answer, str):
        text = answer.translate(PLAIN)
        if all(character in string.ascii_letters + ",;>()[]." + SPACES for character in text):
            return [character for character in text if character in string.ascii_letters]
        return [answer]
    if isinstance(answer, Sequence | Set) and not isinstance(answer, bytes | bytearray | memoryview | range):
        return [part for part in answer if not is_missing(part)]
    return [answer]


def _known(given: list, labels: dict[str, str], form: str) -> list[str]:
    found = [labels.get(read_label(part)) if isinstance(part, str) else None for part in given]
    if None in found:
        raise Unreadable("not-an-option", form)
    return found


def read_match(shown: dict, answer) -> dict[str, str]:
    """Item -> target as labels, from a mapping, or from a sequence in the order of the items."""
    noun = shown["noun"]
    items, targets = _labels(shown["items"]), _labels(shown["targets"])
    names = ", ".join(items.values())
    nothing = Unreadable("not-answered", f"Replace the ... by one {noun} for each of {names}.")
    if is_missing(answer):
        raise nothing
    given = _pairs(answer, items, targets, noun)
    if all(is_missing(value) for value in given.values()):
        raise nothing
    chosen = {}
    for item, label in items.items():
        value = given.get(item)
        if not is_missing(value):
            if read_label(value) not in targets:
                raise Unreadable("not-a-target", f"Each {noun} must be one of {', '.join(targets)}.")
            chosen[label] = targets[read_label(value)]
    return chosen


def _pairs(answer, items: dict, targets: dict, noun: str) -> dict:
    """An answer to a matching question as item -> value."""
    names, known = ", ".join(items.values()), list(items)
    form = Unreadable("wrong-type", f"Answer with a dictionary that gives one {noun} for each of {names}.")
    try:
        if isinstance(answer, Mapping):
            given = {read_label(label): value for label, value in answer.items()}
        elif isinstance(answer, Sequence) and not isinstance(answer, str | bytes):
            if len(answer) != len(known):
                raise Unreadable(
                    "wrong-shape", f"{plural(len(answer), noun)} for {names}: give {len(known)}."
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
        first = items[known[0]]
        first = first if first[0].isdigit() else f'"{first}"'
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


def read_text(shown: dict, answer) -> dict:
    """The text, and the points of the mark scheme that are claimed for it (None: not yet marked)."""
    form = 'Answer with a text in quotation marks; to mark it yourself, with {"text": ..., "points": [1, 2]}.'
    text, points = answer, None
    if isinstance(answer, Mapping):
        if not set(answer) <= {"text", "points"}:
            raise Unreadable("wrong-type", form)
        text, points = answer.get("text"), answer.get("points")
    if is_missing(text):
        raise Unreadable("not-answered", "Replace the ... by your answer, a text in quotation marks.")
    if not isinstance(text, str):
        raise Unreadable("wrong-type", form)
    if points is None or points is Ellipsis:
        return {"text": str(text), "ticks": None}
    if not isinstance(points, Sequence | Set) or isinstance(points, str | bytes):
        raise Unreadable("wrong-type", form)
    known = list(range(1, shown["points"] + 1))
    if any(isinstance(point, bool) or not isinstance(point, int) or point not in known for point in points):
        raise Unreadable("not-a-point", f"The points of this mark scheme are numbered 1 to {known[-1]}.")
    return {"text": str(text), "ticks": sorted(set(points))}


READERS = {
    "numeric": read_numeric,
    "choice": read_choice,
    "multi": read_multi,
    "match": read_match,
    "ordering": read_ordering,
    "text": read_text,
}


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
