"""The page's grader is the notebook's: what Python makes of an answer, node replays, text for text."""

import json
import random
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
from exam_every_type import every_type
from test_exam_sheets import PAPERS, answer_to, listed

from lrcore.exam import Exam, codes, page
from lrcore.exam.bank import names
from lrcore.exam.reading import Unreadable

ROOT = Path(__file__).resolve().parent.parent
# The extension is no installed package; it knows which node the build uses and what the page is sent.
sys.path.insert(0, str(ROOT / "_ext"))

from tlr.katex import node_binary  # noqa: E402
from tlr.quiz import bundle  # noqa: E402

SEEDS = (1, 2, 3)

REPLAY = """
const fs = require("fs"), vm = require("vm");
vm.runInThisContext(fs.readFileSync(process.argv[1], "utf8"));
const { papers, answers, letters } = JSON.parse(fs.readFileSync(0, "utf8"));
const tables = papers.map(([text, name]) => lrQuiz.unseal(text, name));
const out = answers.map(([paper, id, type, answer]) => {
  const { marks, code, feedback, claimed } = lrQuiz.grade(type, tables[paper][id], answer);
  return [marks, code, feedback, claimed];
});
const read = letters.map((call) => {
  try { return lrQuiz.readCode(...call); } catch (problem) { return [problem.code, problem.message]; }
});
process.stdout.write(JSON.stringify({ out, read }));
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("quiz") / "quiz.js"
    path.write_text(bundle(), encoding="utf-8")
    return path


def papers():
    """Every sheet of the book with three seeds, and the sheet with all types."""
    return [Exam(name, seed) for name in names() for seed in SEEDS] + [every_type(seed) for seed in SEEDS]


def in_node(script, exams, answers, letters=()):
    given = {
        "papers": [[page.sealed(exam), f"{exam.sheet.name}/{exam.seed}"] for exam in exams],
        "answers": answers,
        "letters": list(letters),
    }
    done = subprocess.run(
        [node_binary(), "-e", REPLAY, str(script)],
        input=json.dumps(given), capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return json.loads(done.stdout)


NOISE = list("0123456789.,/-+eE ×·^()[]⁻²３，－ \t\u00a0\u3000\ufeffnaifNBAabcd%πx*\"'\\{}<>&;中∞") + [
    "10",
    "nan",
    "inf",
]


def text_of(value, draw):
    """A number as somebody may type it."""
    forms = [
        repr(value),
        f"{value:.3g}",
        f"{value:.2g}",
        f"{value:g}".replace(".", ","),
        f" {value:e} ",
        f"{value}/1",
    ]
    forms += [
        f"{value * 3!r}/3",
        f"{value:.4g}".replace("-", "−"),
        f"({value:g})",
        f"{value:g} m/J",
        f"+{value:g}",
    ]
    forms += [f"{value / 100:g}·10^2", f"{value * 10:g} × 10⁻¹"]
    return draw.choice(forms)


def noise(draw):
    return "".join(draw.choice(NOISE) for _ in range(draw.randint(0, 8)))


def some_answer(asked, table, draw):
    """A right, a wrong, a malformed or a random answer of the kind that the page hands over."""
    shown, sealed = table["shown"], table["sealed"]
    if asked.type == "numeric":
        near = [sealed["key"], -sealed["key"], *(wrong["value"] for wrong in sealed["wrong"])]
        value = draw.choice(near) * draw.choice([1, 1, 1, 1.001, 0.995, 1.0051, 0.98, 1.02, 10, 1e-3])
        return noise(draw) if draw.random() < 0.4 else text_of(value, draw)
    labels = [entry["label"] for entry in shown.get("options", shown.get("items", []))]
    if asked.type == "choice":
        return draw.choice([*labels, *labels, labels[0].lower(), f"({labels[-1]})", noise(draw), "", None])
    if asked.type == "multi":
        given = draw.sample(labels, draw.randint(0, len(labels)))
        if draw.random() < 0.2:
            given = [label for label, option in sealed["options"].items() if option["correct"]]
        return [*given, noise(draw)] if draw.random() < 0.1 else given
    if asked.type == "ordering":
        mixed = draw.sample(labels, len(labels))
        given = draw.choice([mixed, mixed, sealed["order"], draw.choices(labels, k=len(labels))])
        return given[: draw.randint(0, len(labels))] if draw.random() < 0.2 else given
    if asked.type == "match":
        targets = [target["label"] for target in shown["targets"]]
        right = sealed["right"]
        given = dict(zip(labels, draw.sample(targets, len(labels)), strict=True))
        if draw.random() < 0.5:
            given = {label: draw.choice([target, right[label]]) for label, target in given.items()}
        if draw.random() < 0.3:
            given[draw.choice(labels)] = draw.choice([*targets, noise(draw), "", None])
        return given if draw.random() < 0.9 else {labels[0]: given[labels[0]]}
    words = "a cosine decay is not good because step  decay never Exponentially the loss is vibrating don't "
    text = " ".join(draw.choices([*words.split(" "), "\n", "步长"], k=draw.randint(0, 14)))
    points = range(1, len(sealed["points"]) + 1)
    ticks = draw.choice([None, draw.sample(points, draw.randint(0, len(points)))])
    return {"text": text, "ticks": ticks}


def for_python(asked, answer):
    """The page calls the claimed points ticks; nothing claimed and nothing said are two things there, too."""
    if asked.type == "text":
        return {"text": answer["text"], "points": answer["ticks"]}
    return answer


def test_python_and_javascript_give_the_same_verdicts(script):
    exams, draw = papers(), random.Random(5)
    answers, expected = [], []
    for number, exam in enumerate(exams):
        for name, asked in exam.questions.items():
            for _ in range(40 if asked.type != "function" else 0):
                answer = some_answer(asked, exam.tables[name], draw)
                if asked.type == "numeric" and draw.random() < 0.05:
                    answer = draw.choice(
                        ["--nan", "+-inf", "-∞", "İnf", "1e999", "10^999", "1/1e-999", "5/0", "1,000/3"]
                    )
                verdict = exam.grade(name, for_python(asked, answer))
                answers.append([number, name, asked.type, answer])
                expected.append([verdict.marks, verdict.code, verdict.feedback, verdict.claimed])
    given = in_node(script, exams, answers)["out"]
    assert len(answers) >= 3000
    wrong = [(a, e, g) for a, e, g in zip(answers, expected, given, strict=True) if e != g]
    assert wrong == [], f"{len(wrong)} of {len(answers)} differ; the first: {wrong[0]}"
    seen = {
        (kind, e[1] if e[1] in ("right", "other") else "known")
        for (_, _, kind, _), e in zip(answers, expected, strict=True)
    }
    for kind in ("numeric", "choice", "multi", "match", "ordering", "text"):
        assert (kind, "right") in seen and (kind, "known") in seen, f"{kind}: the answers test too little"


@pytest.mark.parametrize("kind", ["wrong", "accepted"])
def test_the_lists_of_known_answers_hold_on_the_page(script, kind):
    """exercises/wrong/*.yml: what can be typed into the page gets its marks and its feedback code there."""
    exams = list(PAPERS.values())
    answers, expected = [], []
    for sheet, entry in (case.values for case in listed(kind)):
        for number, exam in enumerate(exams):
            asked = exam.questions[entry["question"]] if exam.sheet.name == sheet else None
            if asked is None or asked.type == "function":
                continue
            answer = answer_to(entry, asked)
            if asked.type == "numeric" and isinstance(answer, int | float) and not isinstance(answer, bool):
                answer = repr(int(answer) if isinstance(answer, int) else float(answer))
            if asked.type == "match" and isinstance(answer, dict):
                answer = {str(label): str(target) for label, target in answer.items()}
                if not set(answer) <= {label for label, _ in asked.shown("items")}:
                    continue  # the page has no field for another item
            fits = {"numeric": str, "choice": str, "match": dict, "multi": list, "ordering": list}
            if asked.type in fits and isinstance(answer, fits[asked.type]):
                answers.append([number, entry["question"], asked.type, answer])
                expected.append([entry.get("marks", asked.marks), entry.get("code", "right")])
    given = in_node(script, exams, answers)["out"]
    assert len(answers) > 30
    assert [(a, e, g) for a, e, g in zip(answers, expected, given, strict=True) if e != g[:2]] == []


def test_no_string_breaks_the_page_or_earns_marks_by_accident(script):
    """10,000 strings to every type of question: always marks in range, a code and a sentence."""
    exams, draw = papers()[-3:], random.Random(9)
    answers, right = [], []
    for _ in range(12_000):
        number = draw.randrange(3)
        exam = exams[number]
        name = draw.choice(list(exam.questions))
        long = draw.choice([0, 1, 3, 12, 70])
        signs = [draw.choice(NOISE), chr(draw.randint(1, 0xD7FF)), chr(draw.randint(32, 126))]
        text = "".join(draw.choice(signs) for _ in range(draw.randint(0, long)))
        kind = exam.questions[name].type
        if kind == "function":
            continue
        ticks = draw.choice([None, [1], []])
        forms = {
            "text": {"text": text, "ticks": ticks},
            "match": {"A": text},
            "multi": [text],
            "ordering": [text],
        }
        answer = forms.get(kind, text)
        answers.append([number, name, kind, answer])
        right.append(exam.grade(name, for_python(exam.questions[name], answer)))
    given = in_node(script, exams, answers)["out"]
    assert len(answers) >= 10_000
    for answer, verdict, (marks, code, feedback, _) in zip(answers, right, given, strict=True):
        assert 0 <= marks <= verdict.out_of and code and feedback[-1] in ".!”", (answer, feedback)
        assert "\n" not in feedback and feedback[0] != " "
        assert (marks, code) == (verdict.marks, verdict.code), answer


def test_codes_of_the_notebook_are_read_on_the_page(script):
    draw, calls, expected = random.Random(2), [], []
    for _ in range(300):
        possible = [draw.randint(1, 9) for _ in range(draw.randint(1, 25))]
        marks = [draw.choice([None, draw.randint(0, 10 * most) / 10]) for most in possible]
        code = codes.write_code("2025-q4", 3, possible, marks)
        kind = draw.randrange(6)
        if kind == 1:
            code = code.lower().replace("0", "o").replace("-", " ")
        elif kind == 2:
            place = draw.randrange(len(code))
            code = code[:place] + draw.choice("0123456789ABCXYZ-. ü") + code[place + 1 :]
        elif kind == 3:
            code = noise(draw)
        calls.append([code, draw.choice(["2025-q4"] * 9 + ["01"]), draw.choice([3] * 9 + [1]), possible])
        try:
            expected.append(codes.read_code(*calls[-1]))
        except Unreadable as problem:
            expected.append([problem.code, problem.feedback])
    given = in_node(script, [], [], calls)["read"]
    assert [pair for pair in zip(calls, expected, given, strict=True) if pair[1] != pair[2]] == []
    assert sum(isinstance(each[0], str) for each in expected) > 30


@pytest.mark.parametrize(
    "data", [{}, {"text": "é中𝄞" * 400}, {"x": list(range(3000))}, [0.1 + 0.2, 1e-300, None]]
)
def test_what_is_sealed_in_python_is_unsealed_in_javascript(script, data):
    ask = """
    require("vm").runInThisContext(require("fs").readFileSync(process.argv[1], "utf8"));
    const [text, name] = JSON.parse(require("fs").readFileSync(0, "utf8"));
    process.stdout.write(JSON.stringify(lrQuiz.unseal(text, name)));
    """
    done = subprocess.run(
        [node_binary(), "-e", ask, str(script)],
        input=json.dumps([page.seal(data, "01/1"), "01/1"]), capture_output=True, text=True, check=True,
        encoding="utf-8",
    )  # fmt: skip
    assert json.loads(done.stdout) == data


def test_nothing_sealed_can_be_read_in_the_page():
    for name in names():
        for seed in SEEDS:
            exam = Exam(name, seed)
            text = page.head(name, "") + "".join(page.question(exam, q) for q in exam.questions)
            text += page.variant(name, seed)
            for table in exam.tables.values():
                for secret in secrets(table["sealed"]):
                    assert secret not in text, (name, seed, table["shown"]["id"], secret)


def secrets(value):
    """Sentences among sealed data; single words may stand in a page by accident."""
    if isinstance(value, dict):
        for each in value.values():
            yield from secrets(each)
    elif isinstance(value, list):
        for each in value:
            yield from secrets(each)
    elif isinstance(value, str) and len(value) > 12 and " " in value:
        yield value


def test_a_page_has_what_it_shows_in_both_languages():
    for exam in papers():
        for name, asked in exam.questions.items():
            html = page.question(exam, name)
            for lang in ("en", "zh"):
                first = asked.text(asked.data["prompt"][lang]).split("\n")[0][:20]
                assert escape(first) in html
            assert html.count("<") == html.count(">")
