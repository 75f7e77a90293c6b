"""What a file of the question bank may contain, and what is wrong with one that contains something else.

A sheet belongs to a chapter; a paper (`kind: paper`) revises several and has a time:

    sheet: "01"                      sheet: "2025-q4"
    title: What is a learning rate?  title: Past paper 2025, question 4
    chapter: "01"                    kind: paper
    minutes: 75        # optional    chapters: ["01", "03"]
    questions: [...]                 minutes: 8
                                     questions: [...]

Every question has the fields in COMMON and may have those in OPTIONAL; FIELDS adds those of its type, and
ENTRIES those of the entries of a list. The first problem is told with its field and what is allowed there.
"""

import difflib
import re

COMMON = {"id", "type", "title", "marks", "revise", "prompt", "model"}
OPTIONAL = {"draw", "let", "hint"}
# type -> (required fields, optional fields), beyond the common ones
FIELDS = {
    "numeric": ({"key", "wrong"}, {"tolerance", "unit"}),
    "choice": ({"options"}, set()),
    "multi": ({"options"}, set()),
    "match": ({"items", "targets", "wrong"}, {"figure", "noun"}),
    "ordering": ({"items", "wrong"}, set()),
    "text": ({"points"}, {"lint", "min_words"}),
    "function": ({"name", "key", "inputs", "wrong"}, {"properties", "tolerance"}),
}
# fields of the entries of a list: (type, field) -> (required, optional)
ENTRIES = {
    ("numeric", "wrong"): ({"expr", "code", "feedback"}, {"marks"}),
    ("choice", "options"): ({"en", "zh"}, {"correct", "code", "feedback"}),
    ("multi", "options"): ({"en", "zh", "code", "feedback"}, {"correct"}),
    ("match", "items"): ({"key"}, {"en", "zh", "label"}),
    ("match", "targets"): ({"label"}, {"en", "zh"}),
    ("match", "wrong"): ({"given", "code", "feedback"}, set()),
    ("ordering", "items"): ({"key", "en", "zh"}, set()),
    ("ordering", "wrong"): ({"given", "code", "feedback"}, set()),
    ("text", "points"): ({"en", "zh", "marks", "code", "feedback"}, {"any_of"}),
    ("text", "lint"): ({"phrase", "feedback"}, set()),
    ("function", "wrong"): ({"source", "code", "feedback"}, {"marks"}),
    ("function", "properties"): ({"source", "code", "feedback", "marks"}, set()),
}
SHEET_NAME = re.compile(r"\d{2}|\d{4}-q\d+|mock-\d+")
PHRASE = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9'’/.-]*[A-Za-z0-9])?\*?(?: [A-Za-z0-9](?:[A-Za-z0-9'’/.-]*[A-Za-z0-9])?\*?)*"
)
PHRASE_FORM = "English words with single spaces, where * may stand for the ending of a word"
# Codes that the grader itself gives: a misconception must not go by one of these names.
RESERVED = {"right", "other", "sign", "rounding", "not-answered", "used-twice", "incomplete", "self-mark"}


def check_file(data, name: str, kinds=("sheet", "paper")) -> tuple[str, str] | None:
    """The first problem of the head of a file, as (field, problem)."""
    if not isinstance(data, dict):
        return "top level", "a mapping with sheet, title, chapter and questions is needed"
    kind = data.get("kind", "sheet")
    if kind not in kinds:
        return "kind", f"{kind!r} is not one of {', '.join(kinds)}{_near(kind, kinds)}"
    required = {"sheet", "title", "questions"} | ({"chapters", "minutes"} if kind == "paper" else {"chapter"})
    if found := _keys(data, required, {"kind", "minutes"}):
        return found
    for field in ("sheet", "title", "chapter"):
        if field in required and not isinstance(data[field], str):
            return field, 'this must be a text (quote numbers such as "01")'
    if data["sheet"] != name:
        return "sheet", f"says {data['sheet']!r}"
    if not SHEET_NAME.fullmatch(name):
        return "sheet", f'{name!r} is not a name such as "01", "2025-q4" or "mock-1"'
    chapters = data.get("chapters", [data.get("chapter")])
    if not isinstance(chapters, list) or not chapters or not all(_is_chapter(each) for each in chapters):
        return ("chapters" if kind == "paper" else "chapter"), 'two digits in quotation marks, as in "01"'
    if "minutes" in data and not _is_whole(data["minutes"]):
        return "minutes", f"{data['minutes']!r} is not a whole number of at least 1"
    if not isinstance(data["questions"], list) or not data["questions"]:
        return "questions", "a list of at least one question is needed"
    return None


def check_question(question, seen, chapter: str | None) -> tuple[str, str] | None:
    """The first problem of a question as (field, problem); `seen` are the ids that stand before it."""
    if not isinstance(question, dict):
        return "question", "this must be a mapping"
    type_ = question.get("type")
    if not isinstance(type_, str) or type_ not in FIELDS:
        return "type", f"{type_!r} is not one of {', '.join(FIELDS)}{_near(type_, FIELDS)}"
    required, optional = FIELDS[type_]
    if found := _keys(question, COMMON | required, OPTIONAL | optional):
        return found
    if not isinstance(question["id"], str) or question["id"] in seen:
        return "id", f"{question['id']!r} is not a text of its own in this sheet"
    if not _is_whole(question["marks"]):
        return "marks", f"{question['marks']!r} is not a whole number of at least 1"
    for field in ("title", "revise", "model"):
        if not _is_text(question[field]):
            return field, "a text is needed"
    if chapter is None and not re.match(r"\d\d: \S", question["revise"]):
        return "revise", 'in a paper this names the chapter too, as in "02: A kink"'
    for field in ("prompt", "hint"):
        if field in question and (found := _bilingual(question[field], field)):
            return found
    for field in sorted(required | optional):
        if (type_, field) in ENTRIES and field in question:
            if found := _entries(question, field):
                return found
    if not isinstance(question.get("draw", {}), dict) or not isinstance(question.get("let", {}), dict):
        return ("let" if isinstance(question.get("draw", {}), dict) else "draw"), "a mapping is needed"
    for field, values in question.get("draw", {}).items():
        if not isinstance(values, list) or not values:
            return f"draw.{field}", "a list of values to choose from is needed"
    if found := _tolerance(question.get("tolerance", {})):
        return found
    return OF_TYPE.get(type_, lambda question: None)(question)


def _near(word, known) -> str:
    """What a misspelt word may have meant."""
    close = difflib.get_close_matches(str(word), [str(each) for each in known], n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _keys(mapping, required, optional) -> tuple[str, str] | None:
    """An unknown field comes before a missing one: it is mostly the missing one, misspelt."""
    known = required | optional
    for field in sorted(map(str, mapping.keys() - known)):
        return (
            field,
            f"unknown field; known are {', '.join(sorted(known))}{_near(field, known - mapping.keys())}",
        )
    for field in sorted(required - mapping.keys()):
        return field, "this field is missing"
    return None


def _is_text(value) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_phrase(value) -> bool:
    return isinstance(value, str) and bool(PHRASE.fullmatch(value))


def _is_whole(value, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_chapter(value) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\d\d", value))


def _bilingual(entry, field) -> tuple[str, str] | None:
    if not isinstance(entry, dict):
        return field, "a mapping with the texts en and zh is needed"
    for language, name in (("en", "English"), ("zh", "Chinese")):
        if not _is_text(entry.get(language)):
            if entry.get(language) is not None:
                return f"{field}.{language}", f"{entry[language]!r} is not a text; put it in quotation marks"
            return f"{field}.{language}", f"the {name} text is missing"
    if field in ("prompt", "hint") and (found := _keys(entry, {"en", "zh"}, set())):
        return f"{field}.{found[0]}", found[1]
    return None


def _tolerance(tolerance) -> tuple[str, str] | None:
    if not isinstance(tolerance, dict) or not set(tolerance) <= {"rel", "abs"}:
        return "tolerance", "a mapping with rel, abs or both is needed"
    for name, value in tolerance.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
            return f"tolerance.{name}", f"{value!r} is not a number from 0 to below 1"
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
        if found := ({"en", "zh"} & (required | entry.keys()) and _bilingual(entry, where)):
            return found
        if found := _keys(entry, required, optional):
            return f"{where}.{found[0]}", found[1]
        for text in ("code", "feedback", "source", "phrase"):
            if text in entry and not _is_text(entry[text]):
                return f"{where}.{text}", "a text is needed"
        if entry.get("code") in RESERVED:
            return f"{where}.code", f"{entry['code']!r} is a code of the grader itself; choose another"
        marks = entry.get("marks", 0)
        if not _is_whole(marks, 0) or marks > question["marks"]:
            return f"{where}.marks", f"{marks!r} is not a whole number from 0 to {question['marks']}"
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


def _multi(question) -> tuple[str, str] | None:
    correct = sum(option.get("correct") is True for option in question["options"])
    if not 1 <= correct < len(question["options"]):
        return "options", "at least one option must be `correct: true`, and at least one must not"
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


def _ordering(question) -> tuple[str, str] | None:
    keys = [item["key"] for item in question["items"]]
    if len(keys) < 3:
        return "items", "at least three items are needed, in the right order"
    if len(set(map(str, keys))) < len(keys):
        return "items", "two items have the same key"
    for number, wrong in enumerate(question["wrong"], start=1):
        given = wrong["given"]
        if (
            not isinstance(given, list)
            or len(given) < 2
            or not all(given.count(k) == 1 and k in keys for k in given)
        ):
            return (
                f"wrong[{number}].given",
                f"a list of at least two of {keys}, in the order given instead, is needed",
            )
        if [key for key in keys if key in given] == given:
            return f"wrong[{number}].given", "this is the right order"
    return None


def _text(question) -> tuple[str, str] | None:
    for number, point in enumerate(question["points"], start=1):
        if not _is_whole(point["marks"]):
            return f"points[{number}].marks", f"{point['marks']!r} is not a whole number of at least 1"
        words = point.get("any_of", ["none"])
        if not isinstance(words, list) or not words or not all(map(_is_phrase, words)):
            return f"points[{number}].any_of", f"a list of phrases is needed; {PHRASE_FORM}"
    for number, lint in enumerate(question.get("lint", ()), start=1):
        if not _is_phrase(lint["phrase"]):
            return f"lint[{number}].phrase", PHRASE_FORM
    if (total := sum(point["marks"] for point in question["points"])) != question["marks"]:
        return "points", f"their marks add up to {total}, those of the question are {question['marks']}"
    if "min_words" in question and not _is_whole(question["min_words"]):
        return "min_words", f"{question['min_words']!r} is not a whole number of at least 1"
    return None


def _function(question) -> tuple[str, str] | None:
    if not isinstance(question["name"], str) or not question["name"].isidentifier():
        return "name", f"{question['name']!r} is not the name of a function"
    for field in ("key", "inputs"):
        if not _is_text(question[field]):
            return field, "the Python source of a function is needed"
    return None


OF_TYPE = {
    "choice": _choice,
    "multi": _multi,
    "match": _match,
    "ordering": _ordering,
    "text": _text,
    "function": _function,
}
