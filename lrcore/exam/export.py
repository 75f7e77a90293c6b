"""Questions as tables, every key evaluated and every text final: notebook and page mark from the same ones.

A table is plain data that JSON can hold. `shown` is what may be seen before an answer is given, `sealed`
what must not be.
"""

from lrcore.exam.bank import REL, Question
from lrcore.exam.links import page_link
from lrcore.exam.phrasing import NEGATED, PHRASES, pattern

MIN_WORDS = 5


def paper_table(paper) -> dict:
    """All tables of an Exam, with what the paper says of itself."""
    sheet = paper.sheet
    return {
        "sheet": sheet.name,
        "title": sheet.title,
        "kind": sheet.kind,
        "minutes": sheet.minutes,
        "chapters": list(sheet.chapters),
        "seed": paper.seed,
        "out_of": paper.out_of,
        "questions": list(paper.tables.values()),
    }


def question_table(asked: Question) -> dict:
    """The table of one question of one paper: {"shown": ..., "sealed": ...}."""
    data = asked.data
    chapter, heading = asked.revise()
    shown = {
        "id": asked.id,
        "type": asked.type,
        "title": asked.title,
        "marks": asked.marks,
        "prompt": _both(asked, data["prompt"]),
        "hint": _both(asked, data["hint"]) if "hint" in data else None,
        "revise": {"chapter": chapter, "heading": heading, "page": page_link(chapter, heading)},
    }
    more, sealed = TABLES[asked.type](asked, data)
    return {"shown": shown | more, "sealed": {"model": asked.text(data["model"])} | sealed}


def _both(asked: Question, entry: dict) -> dict:
    """The texts of an entry in the languages that it has."""
    return {lang: asked.text(entry[lang]) for lang in ("en", "zh") if lang in entry}


def _labelled(asked: Question, entries) -> list[dict]:
    return [{"label": label, **_both(asked, entry)} for label, entry in entries]


def _told(asked: Question, entry: dict) -> dict:
    return {"code": entry["code"], "feedback": asked.text(entry["feedback"])}


def _numeric(asked, data):
    tolerance = data.get("tolerance", {})
    sealed = {
        "tolerance": {
            "rel": float(tolerance.get("rel", 0.0 if "abs" in tolerance else REL)),
            "abs": float(tolerance.get("abs", 0.0)),
        },
        "key": asked.evaluate(data["key"]),
        "wrong": [
            {"value": asked.evaluate(wrong["expr"]), "marks": wrong.get("marks", 0), **_told(asked, wrong)}
            for wrong in data["wrong"]
        ],
    }
    return {"unit": data.get("unit", "")}, sealed


def _choice(asked, data):
    options = asked.shown("options")
    right = {"code": "right", "marks": asked.marks, "feedback": ""}
    sealed = {
        label: right if option.get("correct") else {"marks": 0, **_told(asked, option)}
        for label, option in options
    }
    return {"options": _labelled(asked, options)}, {"options": sealed}


def _multi(asked, data):
    options = asked.shown("options")
    sealed = {
        label: {"correct": option.get("correct") is True, **_told(asked, option)} for label, option in options
    }
    return {"options": _labelled(asked, options)}, {"options": sealed}


def _match(asked, data):
    items, targets = asked.shown("items"), asked.targets()
    item_of = {item["key"]: label for label, item in items}
    target_of = {target["label"]: label for label, target in targets}
    shown = {
        "noun": data.get("noun", "answer"),
        "figure": data.get("figure"),
        "items": _labelled(asked, items),
        "targets": _labelled(asked, targets),
    }
    wrong = [
        {
            "given": {item_of[item]: target_of[target] for item, target in each["given"].items()},
            **_told(asked, each),
        }
        for each in data["wrong"]
    ]
    return shown, {"right": {label: target_of[item["key"]] for label, item in items}, "wrong": wrong}


def _ordering(asked, data):
    items = asked.shown("items")
    label_of = {item["key"]: label for label, item in items}
    wrong = [
        {"given": [label_of[key] for key in each["given"]], **_told(asked, each)} for each in data["wrong"]
    ]
    order = [label_of[item["key"]] for item in data["items"]]
    return {"items": _labelled(asked, items)}, {"order": order, "wrong": wrong}


def _text(asked, data):
    points = [
        {
            **_both(asked, point),
            "marks": point["marks"],
            "pattern": pattern(point["any_of"]) if "any_of" in point else None,
            **_told(asked, point),
        }
        for point in data["points"]
    ]
    own = [(lint["phrase"], asked.text(lint["feedback"])) for lint in data.get("lint", ())]
    lint = [{"pattern": pattern([phrase]), "feedback": advice} for phrase, advice in [*own, *PHRASES]]
    shown = {"min_words": data.get("min_words", MIN_WORDS), "points": len(points)}
    return shown, {"points": points, "lint": lint, "negated": NEGATED}


def _function(asked, data):
    return {"name": data["name"]}, {}


TABLES = {
    "numeric": _numeric,
    "choice": _choice,
    "multi": _multi,
    "match": _match,
    "ordering": _ordering,
    "text": _text,
    "function": _function,
}
