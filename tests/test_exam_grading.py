"""The grader: marks, verdicts, what it says to odd answers, and what it prints."""

import math
import re
import subprocess
import sys

import numpy as np
import pytest
from exam_objects import Evil, Rude, Shy

from lrcore.exam import Exam, Verdict
from lrcore.exam.grading import WIDTH

EXAMS = {name: Exam(name, seed=1) for name in ("01", "02")}


def test_objects_that_misbehave():
    for name in EXAMS["02"].questions:
        for answer in (Evil(), Shy(0.5), Evil, type("two words", (), {})()):
            verdict = EXAMS["02"].grade(name, answer)
            assert verdict.marks == 0 and verdict.feedback.endswith("."), verdict
    assert EXAMS["02"].grade("q1", Evil()).code in ("unreadable", "wrong-type")
    assert "two words" not in EXAMS["02"].grade("q1", type("two words", (), {})()).feedback


# --- tolerance ---


@pytest.mark.parametrize(
    "share, code", [(0.0049, "right"), (-0.0049, "right"), (0.006, "rounding"), (-0.019, "rounding")]
)
def test_tolerance_is_three_significant_figures(share, code):
    question = EXAMS["02"].questions["q13"]
    key = question.evaluate(question.data["key"])
    assert EXAMS["02"].grade("q13", key * (1 + share)).code == code


def test_every_rounding_to_three_figures_is_accepted_across_a_decade():
    """0.9996 rounds to 1.00: a comparison of rounded figures fails there, a relative tolerance does not."""
    for exam in EXAMS.values():
        for name, question in exam.questions.items():
            if question.type == "numeric" and "tolerance" not in question.data:
                key = question.evaluate(question.data["key"])
                assert exam.grade(name, f"{key:.3g}").code == "right"


# --- choices and matches ---


def right_match():
    return {label: item["key"] for label, item in EXAMS["01"].questions["q1"].shown("items")}


def test_a_match_in_order_of_the_items():
    assert EXAMS["01"].grade("q1", list(right_match().values())).code == "right"
    assert EXAMS["01"].grade("q1", tuple(right_match().values())).code == "right"
    assert (
        EXAMS["01"].grade("q1", {f"({key.lower()})": str(value) for key, value in right_match().items()}).code
        == "right"
    )


@pytest.mark.parametrize(
    "answer, marks, code",
    [
        (..., 0, "not-answered"),
        ({}, 0, "not-answered"),
        (dict.fromkeys("ABCD", ...), 0, "not-answered"),
        ("ABCD", 0, "wrong-type"),
        (np.array([0.5, 0.1, 0.01, 0.001]), 0, "wrong-type"),
        ([0.5, 0.1], 0, "wrong-shape"),
        ({"A": 0.5, "E": 0.1}, 0, "wrong-shape"),
        ({"A": 0.3}, 0, "not-a-target"),
        ({"A": [0.5]}, 0, "wrong-type"),
        ({"A": math.nan}, 0, "nan"),
        ({("A",): 0.5}, 0, "wrong-type"),
        ({Evil: 0.5}, 0, "wrong-type"),
    ],
)
def test_odd_matches(answer, marks, code):
    verdict = EXAMS["01"].grade("q1", answer)
    assert (verdict.marks, verdict.code) == (marks, code)


def test_a_dictionary_the_other_way_round_is_told_how_to_turn_it():
    turned = {value: label for label, value in right_match().items()}
    verdict = EXAMS["01"].grade("q1", turned)
    assert (verdict.marks, verdict.code) == (0, "other-way-round")
    assert verdict.feedback.endswith('write {"A": …} with the rate after the colon.')
    assert "{0.5: …} with the reason" in EXAMS["01"].grade("q2", {3: 0.5, 1: 0.1}).feedback
    assert EXAMS["01"].grade("q1", {0.1: "A", 0.5: "Z"}).code == "wrong-shape"
    assert EXAMS["01"].grade("q1", {0.1: 0.5}).code == "wrong-shape"


def test_the_words_of_the_bank_are_not_the_students():
    """What is asked for has a name of its own in each matching question."""
    for answer in (..., "ABCD", [0.5], {"A": 7}, {"A": 0.5, "E": 0.1}, dict.fromkeys("ABCD", 0.5)):
        verdict = EXAMS["01"].grade("q1", answer)
        assert "target" not in verdict.feedback and "rate" in verdict.feedback, verdict


def test_marks_for_a_part():
    three_given = dict(list(right_match().items())[:3])
    verdict = EXAMS["01"].grade("q1", {**three_given, "D": ...})
    assert (verdict.marks, verdict.word) == (3, "partly right")


@pytest.mark.parametrize("answer", ["Z", "A, B", 1, ["A"], b"A", {"A": 1}, "the first"])
def test_odd_choices(answer):
    assert (EXAMS["02"].grade("q5", answer).marks, EXAMS["02"].grade("q5", answer).code) == (
        0,
        "not-an-option",
    )


# --- functions ---


def gradient_step(x, grad, eta):
    return x - eta * grad(x)


def forever(x, grad, eta):
    return forever(x, grad, eta)


def leaves(x, grad, eta):
    sys.exit(1)


def reuses_a_buffer(x, grad, eta, buffers={}):  # noqa: B006
    buffer = buffers.setdefault(x.shape, np.empty_like(x))
    buffer[...] = x - eta * grad(x)
    return buffer


def overflows(x, grad, eta):
    return np.exp(1000 * np.ones_like(x)) * 0


class Message(Exception):
    def __str__(self):
        raise ValueError


def raises_oddly(x, grad, eta):
    raise Message


@pytest.mark.parametrize(
    "answer, marks, code",
    [
        (gradient_step, 3, "right"),
        (reuses_a_buffer, 3, "right"),
        (lambda *a: gradient_step(*a).astype(object), 3, "right"),
        (lambda *a: gradient_step(*a).astype(np.float32), 3, "right"),
        (..., 0, "not-answered"),
        (None, 0, "not-answered"),
        (lambda x, grad, eta: ..., 0, "returns-nothing"),
        ("gradient_step", 0, "not-callable"),
        (np.ones(3), 0, "not-callable"),
        (forever, 0, "recursion"),
        (leaves, 0, "raised"),
        (raises_oddly, 0, "raised"),
        (overflows, 0, "returns-nan"),
        (lambda x, grad, eta: 1 / 0, 0, "raised"),
        (lambda x, grad, eta: (yield x), 0, "returns-type"),
        (lambda x, grad, eta: [x, grad], 0, "returns-type"),
        (lambda x, grad, eta: {}, 0, "returns-type"),
        (lambda x, grad, eta: True, 0, "returns-type"),
        (lambda x, grad, eta: x.astype(complex), 0, "returns-type"),
        (lambda x, grad, eta: x.astype(str), 0, "returns-type"),
        (lambda x, grad, eta: Rude(), 0, "returns-type"),
        (lambda x, grad, eta: x[..., None], 0, "returns-shape"),
        (lambda x, grad, eta: 0.0, 0, "returns-shape"),
        (lambda x, grad, eta: np.inf * x, 0, "values"),
        (lambda x, grad, eta: x - 1.001 * eta * grad(x), 0, "values"),
        (type("Stepper", (), {"__init__": lambda self, x, grad, eta: None}), 0, "returns-type"),
    ],
)
def test_odd_functions(answer, marks, code):
    verdict = EXAMS["01"].grade("q19", answer)
    assert (verdict.marks, verdict.code) == (marks, code), verdict
    assert verdict.feedback.endswith("."), verdict


def test_a_function_that_is_not_called_is_named():
    verdict = EXAMS["01"].grade("q19", lambda x, grad, eta: x - eta * grad)
    assert verdict.code == "not-called"
    assert verdict.feedback.endswith("grad is a function: call it, as in grad(x).")
    found = EXAMS["01"].grade("q20", lambda f, grad, x0, eta, steps, bound: x0 - eta * grad)
    assert found.feedback.endswith("f and grad are functions: call them, as in grad(x).")
    wrong_name = EXAMS["01"].grade("q21", lambda losses: losses * math.exp + gradient_step)
    assert wrong_name.feedback.endswith("must be called, with brackets, before one can calculate with it.")


def test_shapes_and_numbers_are_named_in_words():
    adgd = Exam("09").grade("q15", lambda x, x_old, g, g_old, eta, theta: np.array([eta]))
    assert adgd.feedback == "It returns shape (1,); a single number is asked (input 1 of 5)."
    rates = Exam("09").grade("q17", lambda slopes, h: 1)
    assert rates.feedback == "It returns a single number; shape (2,) is asked (input 1 of 4)."
    rates = Exam("09").grade("q17", lambda slopes, h: h + 1j)
    assert rates.feedback == "It returns complex numbers where real ones are asked (input 1 of 4)."


def test_print_is_not_return(capsys):
    verdict = EXAMS["01"].grade("q19", lambda x, grad, eta: print("the point", x - eta * grad(x)))
    assert (verdict.code, verdict.word) == ("prints", "not right")
    assert verdict.feedback.endswith("write return, not print.")
    assert capsys.readouterr().out.startswith("the point ["), "what a student prints is shown"

    def talks(x, grad, eta):
        print("here")
        return gradient_step(x, grad, eta)

    assert EXAMS["01"].grade("q19", talks).code == "right"
    assert capsys.readouterr().out.count("here") >= 3


def test_an_exception_is_quoted_in_one_line_without_addresses():
    def fails(x, grad, eta):
        raise KeyError(f"{object()}\n" * 50)

    feedback = EXAMS["01"].grade("q19", fails).feedback
    assert "KeyError" in feedback and "\n" not in feedback and len(feedback) < 200 and "0x7" not in feedback


def test_a_function_that_hits_the_reference_only_on_one_paper_is_still_wrong():
    """Inputs are drawn anew for another seed, so remembering answers does not help."""
    answers = []

    def remember(x, grad, eta):
        answers.append(gradient_step(x, grad, eta))
        return answers[-1]

    assert Exam("01", seed=1).grade("q19", remember).code == "right"
    replay = iter(answers)
    assert Exam("01", seed=2).grade("q19", lambda x, grad, eta: next(replay)).marks == 0


# --- printing ---


def test_what_a_check_prints(capsys):
    paper = Exam("02", seed=1)
    paper.check("q1", 2 / 6)
    assert capsys.readouterr().out == (
        "q1 · 0 of 2 marks · not right\n"
        "  You used the diagonal entry. The largest curvature is the largest\n"
        "  eigenvalue of H, 6 + 1.\n"
    )
    paper.check("q1", "2/7")
    assert capsys.readouterr().out.startswith("q1 · 2 of 2 marks · right\n")
    assert paper.verdicts["q1"].marks == 2, "the last answer counts"


def test_the_report(capsys):
    paper = Exam("02", seed=1)
    paper.check("q1", "2/7")
    paper.check("q3", 1 / 18)
    capsys.readouterr()
    paper.report()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Sheet 02 · Stability · seed 1"
    assert "  q1     2 of 2  right         The largest stable rate" in lines
    assert "  q3     1 of 2  partly right  The best constant rate" in lines
    assert f"Total 3 of {paper.out_of} marks ({300 / paper.out_of:.0f} %)" in lines
    revise = lines[lines.index("To revise:") :]
    assert any("q3" in line for line in revise) and not any("q1," in line for line in revise)


def test_everything_printed_is_narrow_and_the_same_every_time(capsys):
    texts = []
    for _ in range(2):
        for sheet in ("01", "02"):
            paper = Exam(sheet, seed=4)
            for name in paper.questions:
                paper.show(name)
                paper.model(name)
                paper.check(name, 17)
            paper.report()
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] and not re.search("0x[0-9a-f]{4}", texts[0])
    for line in texts[0].splitlines():
        if line.startswith("    ../chapters/"):
            continue  # a link stays in one piece
        columns = sum(2 if "⺀" <= c <= "鿿" or "！" <= c <= "￯" else 1 for c in line)
        assert columns <= WIDTH + 12, (
            line
        )  # a report line ends with a title, a Chinese line may carry a stop over


def test_powers_minus_signs_and_no_markup_of_mathematics():
    for exam in EXAMS.values():
        for name, question in exam.questions.items():
            texts = [exam.prompt(name), exam.prompt(name, "zh"), question.text(question.data["model"])]
            for text in texts:
                assert "^" not in text and not re.search(r"[A-Za-z]_[A-Za-z0-9]\b", text), (name, text)
    assert "from 10¹ to 10⁻⁴ in" in EXAMS["01"].prompt("q9")
    assert EXAMS["01"].questions["q3"].text("{answer:.4g} x - 1 1e-3 10^(-12)") == "−1.4 x - 1 1e-3 10⁻¹²"


def test_the_figure_gives_the_reading_away_to_nobody(capsys):
    """Page, notebook and description show the same losses; none says in words what a curve does."""
    paper = Exam("01", seed=2)
    paper.describe("q1")
    words = capsys.readouterr().out
    assert all(f"Curve {label}: 2.3 at step 0" in words.replace("\n", " ") for label in "ABCD")
    for text in (words, paper.prompt("q1")):
        assert not re.search("fast|slow|rises|falls|lowest|plateau|diverg", text)
    rates = {label: item["key"] for label, item in paper.questions["q1"].shown("items")}
    diverged = next(label for label, rate in rates.items() if rate == 0.5)
    ends = dict(re.findall(r"Curve (\w):.*?([\d.]+) at the end", words.replace("\n", " ")))
    assert max(ends, key=lambda label: float(ends[label])) == diverged


def test_the_bank_is_read_only_when_a_sheet_is_opened():
    code = "import sys, lrcore.exam; assert 'yaml' not in sys.modules and 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_pyyaml_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ImportError, match=r'pip install "lrcore\[exam\]"'):
        Exam("01")


@pytest.mark.parametrize(
    "call",
    [
        lambda: Exam("99"),
        lambda: Exam(1),
        lambda: Exam("01", seed=-1),
        lambda: Exam("01", seed=1.5),
        lambda: Exam("01", seed=True),
        lambda: EXAMS["01"].check("q99", 1),
        lambda: EXAMS["01"].prompt("q1", lang="fr"),
        lambda: EXAMS["01"].figure("q2"),
        lambda: EXAMS["01"].describe("q2"),
        lambda: EXAMS["01"].show(["q1"]),
    ],
)
def test_a_paper_that_does_not_exist(call):
    with pytest.raises(ValueError):
        call()


def test_words():
    assert Verdict("q1", 1.5, 2, "x", "Half.").word == "partly right"
    assert str(Verdict("q1", 4 / 3, 2, "x", "Some.")) == "q1 · 1.33 of 2 marks · partly right\n  Some."
