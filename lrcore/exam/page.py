"""A sheet as the page quiz: HTML that reads without scripts, and what only the grader may know, sealed.

The page has no kernel: `static/quiz*.js` grade there from the tables of `lrcore.exam.export`. What a question
knows of its answer is sealed so that nobody sees it by accident, in the page or in its source. The key lies
beside it: this is no secret, and the page says so.
"""

import base64
import json
import zlib
from html import escape
from itertools import islice

from lrcore.exam.export import paper_table
from lrcore.exam.grading import SEVERAL, Exam

SEEDS = (1, 2, 3)  # sets of numbers that a page offers


def seal(data, name: str) -> str:
    """Data as base64 of its deflated JSON, mixed with the stream of bytes that `name` starts.

    The stream is xorshift32 (Marsaglia, 2003), started by the FNV-1a hash of the name: quiz-sealed.js has the
    same few lines.

    >>> seal({"key": 0.5}, "01/1") != seal({"key": 0.5}, "01/2")
    True
    >>> unseal(seal({"key": 0.5}, "01/1"), "01/1")
    {'key': 0.5}
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(text.encode()) + packer.flush()
    return base64.b64encode(_mixed(packed, name)).decode()


def unseal(text: str, name: str):
    """What `seal` has sealed under the same name. Raises zlib.error or ValueError for anything else."""
    return json.loads(zlib.decompress(_mixed(base64.b64decode(text), name), wbits=-15))


def _mixed(data: bytes, name: str) -> bytes:
    return bytes(a ^ b for a, b in zip(data, islice(_stream(name), len(data)), strict=True))


def _stream(name: str):
    x = 0x811C9DC5
    for byte in name.encode():
        x = (x ^ byte) * 0x01000193 & 0xFFFFFFFF
    x = x or 1
    while True:
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        yield x & 255


def sealed(exam: Exam) -> str:
    """What the grader needs of all questions of a paper, in one piece: it packs better than many."""
    tables = {
        name: {"shown": _needed(table["shown"]), "sealed": table["sealed"]}
        for name, table in exam.tables.items()
    }
    return seal(tables, f"{exam.sheet.name}/{exam.seed}")


def head(sheet: str, variants: str) -> str:
    """The top of the quiz: the sheet, its numbers and its time; the script adds the buttons.

    `variants` is the address of the files of `variant`, up to the seed.
    """
    exam = Exam(sheet, SEEDS[0])
    table = paper_table(exam)
    minutes = table["minutes"] or -(-3 * table["out_of"] // 10) * 5  # a minute and a half a mark
    data = {
        "sheet": sheet,
        "seeds": " ".join(map(str, SEEDS)),
        "minutes": minutes,
        "variants": variants,
        "possible": " ".join(f"{q['shown']['id']}:{q['shown']['marks']}" for q in table["questions"]),
        "sealed": sealed(exam),
    }
    attributes = " ".join(f'data-{name}="{escape(str(value))}"' for name, value in data.items())
    return (
        f"<lr-paper {attributes}><noscript><p>Answering on this page needs JavaScript. The questions can be"
        " read without it, in English and Chinese; the notebook at the top of the page needs none.</p>"
        '<p lang="zh-Hans">在本页作答需要 JavaScript；不启用也可以阅读题目（英文和中文），'
        "或使用页面顶部的笔记本。</p>"
        "</noscript></lr-paper>"
    )


def question(exam: Exam, name: str, up: str = "../") -> str:
    """A question of a paper as HTML with its controls. `up` leads from the page to the top of the book."""
    shown = exam.tables[name]["shown"]
    kind, label = shown["type"], escape(f"{name}: {shown['title']}")
    revise = shown["revise"]
    link = f"chapter {int(revise['chapter'])}, “{revise['heading']}”"
    hint = " data-hint" if shown["hint"] else ""
    return (
        f'<lr-question data-id="{name}" data-type="{kind}" data-marks="{shown["marks"]}"'
        f' data-seed="{exam.seed}" data-title="{escape(shown["title"])}"{hint}'
        f' data-page="{escape(up + revise["page"]) if revise["page"] else ""}" data-heading="{escape(link)}">'
        f"{_both(shown['prompt'], 'p', 'lr-quiz-prompt')}"
        f'<div class="lr-quiz-answer" role="group" aria-label="{label}">{CONTROLS[kind](shown)}</div>'
        "</lr-question>"
    )


def _needed(shown: dict) -> dict:
    """Of what is shown, what the grader needs, and the hint, which is not for those who did not ask."""
    kept = {name: shown[name] for name in ("marks", "unit", "noun", "min_words", "hint") if name in shown}
    for field in ("options", "items", "targets"):
        if field in shown:
            kept[field] = [entry["label"] for entry in shown[field]]
    return kept


def report() -> str:
    """Where the script writes the marks, with what to revise."""
    return "<lr-report></lr-report>"


def variant(sheet: str, seed: int) -> str:
    """The questions of a sheet with other numbers, as a classic script, which also loads from file://.

    A question with a figure keeps its first form: the figure in the page belongs to it.
    """
    exam = Exam(sheet, seed)
    html = {
        name: question(exam, name) for name, asked in exam.questions.items() if "figure" not in asked.data
    }
    return f"lrQuiz.variant({json.dumps([sheet, seed, sealed(exam), html], ensure_ascii=False)});\n"


def _both(entry: dict, tag: str = "span", klass: str = "") -> str:
    """A text in both languages; one that is the same in both stands once."""
    klass = f' class="{klass}"' if klass else ""
    if entry["en"] == entry["zh"]:
        return f"<{tag}{klass}>{escape(entry['en'])}</{tag}>"
    english, chinese = escape(entry["en"]), escape(entry["zh"])
    return f'<{tag}{klass} lang="en">{english}</{tag}><{tag}{klass} lang="zh-Hans">{chinese}</{tag}>'


def _numeric(shown: dict) -> str:
    unit = f' <span class="lr-quiz-unit">{escape(shown["unit"])}</span>' if shown["unit"] else ""
    words = _both({"en": "Answer", "zh": "答案"})
    field = '<input type="text" size="14" autocomplete="off" autocapitalize="off" spellcheck="false">'
    return f"<label>{words} {field}</label>{unit}"


def _options(shown: dict, kind: str) -> str:
    name = f'{kind}" name="{shown["id"]}'
    return "".join(
        f'<label class="lr-quiz-option"><input type="{name}" value="{option["label"]}"> '
        f"<b>{option['label']}</b> {_both(option)}</label>"
        for option in shown["options"]
    )


def _match(shown: dict) -> str:
    labels = [escape(str(target["label"])) for target in shown["targets"]]
    texts = [f" {_both(target)}" if "en" in target else "" for target in shown["targets"]]
    chips = "".join(
        f'<li><b class="lr-quiz-chip" data-value="{label}">{label}</b>{text}</li>'
        for label, text in zip(labels, texts, strict=True)
    )
    choices = "".join(f"<option>{label}</option>" for label in labels)
    rows = "".join(
        f'<label class="lr-quiz-row" data-label="{escape(item["label"])}"><b>{escape(item["label"])}</b> '
        f'{_both(item) if "en" in item else ""} <select><option value="">?</option>{choices}</select></label>'
        for item in shown["items"]
    )
    short = "" if any(texts) else " lr-quiz-short"
    bare = "" if any("en" in item for item in shown["items"]) else " lr-quiz-bare"
    return f'<ul class="lr-quiz-chips{short}">{chips}</ul><div class="lr-quiz-rows{bare}">{rows}</div>'


def _ordering(shown: dict) -> str:
    items = "".join(
        f'<li data-label="{item["label"]}"><b class="lr-quiz-chip">{item["label"]}</b> {_both(item)}</li>'
        for item in shown["items"]
    )
    return f'<ol class="lr-quiz-order">{items}</ol>'


def _text(shown: dict) -> str:
    words = _both({"en": "Answer in English", "zh": "请用英文作答"})
    return f'<label class="lr-quiz-words">{words} <textarea rows="4"></textarea></label>'


def _function(shown: dict) -> str:
    words = {
        "en": "Solve it in the notebook; its code brings the marks here, under “Your marks”.",
        "zh": "请在笔记本中完成；在页末 “Your marks” 处输入笔记本给出的代码即可计分。",
    }
    return f'<p class="lr-quiz-note">{_both(words)}</p>'


CONTROLS = {
    "numeric": _numeric,
    "choice": lambda shown: _options(shown, "radio"),
    "multi": lambda shown: _both(SEVERAL, "p", "lr-quiz-note") + _options(shown, "checkbox"),
    "match": _match,
    "ordering": _ordering,
    "text": _text,
    "function": _function,
}
