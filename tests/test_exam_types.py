"""Marks and words for every type of question, on a paper of its own."""

import json
from itertools import permutations, product

import numpy as np
import pytest
from exam_demo import DEMO, TYPES, demo, labels

from lrcore.exam.export import paper_table, question_table
from lrcore.exam.marking import MARKERS, mark_multi, mark_ordering, share

PAPER = demo()
SEVERAL = {"cosine-decays", "inverse-decays", "square-decays"}
ORDER = ("warm", "hold", "decay", "stop")


def several(*codes):
    return PAPER.grade("q3", labels(PAPER, "q3", *codes))


def ordered(*keys):
    return PAPER.grade("q5", "".join(labels(PAPER, "q5", *keys)))


# --- tables ---


def test_tables_are_plain_data_with_every_number_and_text_final():
    table = paper_table(PAPER)
    again = json.loads(json.dumps(table, ensure_ascii=False, allow_nan=False))
    assert again == table and [q["shown"]["type"] for q in table["questions"]] == list(TYPES)
    assert (table["kind"], table["minutes"], table["out_of"]) == ("paper", 8, 17)
    text = json.dumps(
        [q["shown"] for q in table["questions"]] + [q["sealed"]["model"] for q in table["questions"]]
    )
    assert "{a}" not in text and "{answer" not in text


def test_what_is_shown_gives_nothing_away():
    for table in PAPER.tables.values():
        shown = json.dumps(table["shown"])
        for word in ("correct", "code", "feedback", "key", "wrong", "model", "pattern", "given"):
            assert f'"{word}"' not in shown, (word, shown)


def test_the_grader_marks_from_the_table():
    """A key that is changed in the table changes the marks: there is no second copy."""
    paper = demo()
    paper.tables["q1"]["sealed"]["key"] = 17.0
    assert paper.grade("q1", 17).code == "right"


def test_where_to_revise_is_a_page_of_the_book():
    revise = PAPER.tables["q3"]["shown"]["revise"]
    assert revise == {"chapter": "02", "heading": "A kink", "page": "chapters/02-stability.html#a-kink"}


# --- multi ---


def test_all_right_ticks_and_no_other():
    assert several(*SEVERAL).code == "right" and several(*SEVERAL).marks == 3


@pytest.mark.parametrize(
    "codes, marks, code",
    [
        (["cosine-decays", "inverse-decays"], 2, "square-decays"),
        (["cosine-decays"], 1, "inverse-decays"),
        (["cosine-decays", "constant"], 0, "constant"),
        (["cosine-decays", "inverse-decays", "constant"], 0.5, "constant"),
        ([*SEVERAL, "constant"], 1.5, "constant"),
        ([*SEVERAL, "constant", "warmup"], 0, "constant"),
        (["constant", "warmup"], 0, "constant"),
    ],
)
def test_partial_marks_of_ticks(codes, marks, code):
    verdict = several(*codes)
    if code in SEVERAL:  # the first missed one in the order of this paper
        assert verdict.code in SEVERAL - set(codes)
    else:
        assert verdict.code in ("constant", "warmup") and verdict.code in codes
    assert verdict.marks == marks
    assert verdict.feedback.startswith(f"Right ticks: {len(SEVERAL & set(codes))} of 3.")


def test_ticks_every_subset():
    """More right ticks never cost, wrong ones never pay, and no set but the right one has full marks."""
    table = PAPER.tables["q3"]
    options = table["sealed"]["options"]
    for chosen in product([False, True], repeat=len(options)):
        ticked = [label for label, yes in zip(options, chosen, strict=True) if yes]
        mark = mark_multi(table, ticked)
        assert 0 <= mark.marks <= 3
        assert (
            (mark.marks == 3)
            == (mark.code == "right")
            == all(options[label]["correct"] == (label in ticked) for label in options)
        )
        for label in options:
            if label not in ticked:
                more = mark_multi(table, [*ticked, label]).marks
                assert more >= mark.marks if options[label]["correct"] else more <= mark.marks


def test_ticks_tell_what_is_wrong_before_what_is_missed():
    told = several("warmup", "constant", "cosine-decays").feedback
    assert "A constant stays." in told and "A warm-up grows." in told and "falls" not in told
    assert "Wrong ticks: 2; they take marks away." in told


@pytest.mark.parametrize(
    "form",
    [
        lambda ticked: ticked,
        lambda ticked: tuple(ticked),
        lambda ticked: set(ticked),
        lambda ticked: "".join(ticked),
        lambda ticked: ", ".join(ticked).lower(),
        lambda ticked: " ".join(f"({label})" for label in ticked),
        lambda ticked: [*ticked, ticked[0]],
        lambda ticked: [f" {label.lower()}) " for label in reversed(ticked)],
        lambda ticked: "，".join(ticked),
    ],
)
def test_ways_to_write_ticks(form):
    assert PAPER.grade("q3", form(labels(PAPER, "q3", *SEVERAL))).code == "right"


@pytest.mark.parametrize(
    "answer, code",
    [
        (..., "not-answered"),
        ("", "not-answered"),
        ([], "not-answered"),
        (set(), "not-answered"),
        ([...], "not-answered"),
        ("Z", "not-an-option"),
        ("A and B", "not-an-option"),
        (1, "not-an-option"),
        ([1, 2], "not-an-option"),
        ([["A"]], "not-an-option"),
        (["AB"], "not-an-option"),
        (b"AB", "not-an-option"),
        ({"A": True}, "not-an-option"),
        (np.array(["A"]), "not-an-option"),
    ],
)
@pytest.mark.parametrize("question", ["q3", "q5"])
def test_odd_ticks_and_orders(question, answer, code):
    verdict = PAPER.grade(question, answer)
    assert (verdict.marks, verdict.code) == (0, code) and verdict.feedback.endswith(".")


def test_a_prompt_says_that_several_may_hold():
    assert "Tick all that hold; a wrong tick takes marks away." in PAPER.prompt("q3")
    assert "选错会扣分" in PAPER.prompt("q3", "zh") and "Tick" not in PAPER.prompt("q2")


# --- ordering ---


def test_orders():
    assert ordered(*ORDER).code == "right"
    assert ordered("hold", "warm", "decay", "stop").marks == share(2, 1, 3) == 0.7
    found = ordered("decay", "warm", "hold", "stop")
    assert (found.code, found.marks) == ("decay-first", 0.7) and "A warm-up comes before" in found.feedback
    backwards = ordered(*reversed(ORDER))
    assert backwards.marks == 0 and backwards.feedback.endswith("This is backwards.")
    assert ordered("warm", "decay", "hold", "stop").code == "other"


def test_orders_every_permutation():
    table = PAPER.tables["q5"]
    marks = []
    for given in permutations(table["sealed"]["order"]):
        mark = mark_ordering(table, list(given))
        assert (mark.marks == 2) == (mark.code == "right") == (list(given) == table["sealed"]["order"])
        marks.append(mark.marks)
    assert np.mean(marks) <= 2 / 4 + 0.05, "a blind guess earns about one part in the number of items"


def test_an_order_is_never_shown_solved():
    for seed in range(200):
        paper = demo(seed)
        assert paper.grade("q5", "ABCD").marks < 2


@pytest.mark.parametrize("answer", ["ABC", "ABCDA", "AABC", ["A", "B", "C"], "ABCE"])
def test_orders_want_every_letter_once(answer):
    assert PAPER.grade("q5", answer).code in ("wrong-shape", "not-an-option")
    assert "each of the letters A to D once" in PAPER.grade("q5", "ABC").feedback


# --- free text ---

GOOD = "Exponential decay takes large steps at first and small steps near the optimum."


@pytest.mark.parametrize(
    "answer, marks, code, claimed",
    [
        (GOOD, 1, "self-mark", 0),
        ({"text": GOOD}, 1, "self-mark", 0),
        ({"text": GOOD, "points": ...}, 1, "self-mark", 0),
        ({"text": GOOD, "points": []}, 1, "no-early", 0),
        ({"text": GOOD, "points": [2]}, 3, "no-late", 2),
        ({"text": GOOD, "points": (3,)}, 2, "no-early", 1),
        ({"text": GOOD, "points": {2, 3}}, 4, "right", 3),
        ({"text": GOOD, "points": [1, 2, 3, 3]}, 4, "right", 3),
        ({"text": "The rate falls by steps and that is all.", "points": [1, 2, 3]}, 3, "no-schedule", 3),
        (
            {"text": "This is not an exponential decay, it is something else.", "points": [2, 3]},
            3,
            "no-schedule",
            3,
        ),
        ({"text": "It isn't cosine but never mind that.", "points": [1]}, 0, "no-schedule", 0),
        ({"text": "Not linear. We take COSINE annealing instead.", "points": []}, 1, "no-early", 0),
        ({"text": "We apply a step   decay to the rate", "points": []}, 1, "no-early", 0),
        ({"text": "We apply a stepped decaying of the rate", "points": []}, 0, "no-schedule", 0),
        ({"text": "The precosine does not count here, right?", "points": []}, 0, "no-schedule", 0),
        ("cosine", 0, "too-short", 0),
        ({"text": "cosine", "points": [1, 2, 3]}, 0, "too-short", 0),
        ("学习率逐渐减小，先大步后小步，最后收敛。", 0, "too-short", 0),
        (..., 0, "not-answered", 0),
        ({"text": ""}, 0, "not-answered", 0),
        ({}, 0, "not-answered", 0),
        (17, 0, "wrong-type", 0),
        ([GOOD], 0, "wrong-type", 0),
        ({"text": GOOD, "ticks": [1]}, 0, "wrong-type", 0),
        ({"text": GOOD, "points": "123"}, 0, "wrong-type", 0),
        ({"text": GOOD, "points": [4]}, 0, "not-a-point", 0),
        ({"text": GOOD, "points": [True]}, 0, "not-a-point", 0),
        ({"text": GOOD, "points": [2.0]}, 0, "not-a-point", 0),
    ],
)
def test_texts(answer, marks, code, claimed):
    verdict = PAPER.grade("q6", answer)
    assert (verdict.marks, verdict.code, verdict.claimed) == (marks, code, claimed), verdict
    assert verdict.feedback.endswith(".")


@pytest.mark.parametrize(
    "sentence, advice",
    [
        ("The learning rate is too much for this.", "A rate is “too high”, not “too much”."),
        ("The loss curve is vibrating up and down.", "A loss “oscillates”; a string vibrates."),
        ("The loss jumps around in every step.", "Write “oscillates”."),
        ("Adam is the best optimizer of all.", "generally an effective default"),
        ("A loss going UP means overfitting, they say.", "divergence, not overfitting"),
        ("The learning rate should be decay over time.", "should decay"),
        ("Momentum can help the speed of it.", "accelerates convergence"),
        ("It is a good choice for this.", "vague"),
    ],
)
def test_phrasing_is_corrected_and_costs_nothing(sentence, advice):
    plain, told = PAPER.grade("q6", {"text": f"{GOOD}", "points": [2, 3]}), {}
    told = PAPER.grade("q6", {"text": f"{GOOD} {sentence}", "points": [2, 3]})
    assert advice in told.feedback and advice not in plain.feedback
    assert told.marks == plain.marks == 4 and told.code == "right"


def test_words_that_only_contain_a_phrase_are_left_alone():
    told = PAPER.grade(
        "q6", "The goodness of badminton is nothing that anything should hide from us."
    ).feedback
    assert "vague" not in told


def test_the_model_answer_comes_with_the_mark_scheme(capsys):
    PAPER.model("q6")
    printed = capsys.readouterr().out
    assert "(1) names a schedule (1 mark, found by the word)" in printed
    assert "(2) large steps first (2 marks)" in printed
    PAPER.model("q1")
    assert "Mark scheme" not in capsys.readouterr().out


def test_a_text_without_points_to_claim_is_marked_at_once():
    text = DEMO
    for line in ("large steps first, zh: 先大步, marks: 2", "small steps late, zh: 后小步, marks: 1"):
        text = text.replace(f"{line},", f"{line}, any_of: [step*],")
    verdict = demo(text=text).grade("q6", GOOD)
    assert (verdict.marks, verdict.code, verdict.claimed) == (4, "right", 0)


# --- numbers, choices, matches and functions of this paper ---


def test_the_other_types():
    key = PAPER.tables["q1"]["sealed"]["key"]
    for answer in (
        key,
        f"{key}",
        f"{key:e}",
        f"{key} m",
        f"{key}".replace(".", ","),
        np.float32(key),
        np.array(key),
    ):
        assert PAPER.grade("q1", answer).code == "right", answer
    assert PAPER.grade("q1", f"{PAPER.questions['q1'].values['a']}/8").code == "right"
    assert PAPER.grade("q1", 1 / key).code == "upside-down"
    assert PAPER.grade("q2", labels(PAPER, "q2", "those")[0]).code == "those"
    assert PAPER.grade("q7", lambda x, loops: x + x).code == "right"
    assert PAPER.grade("q7", lambda x, loops: x * (3 if loops > 5 else 2)).code == "not-linear"


def test_tensors_count_as_numbers():
    torch = pytest.importorskip("torch")
    assert PAPER.grade("q1", torch.tensor(PAPER.tables["q1"]["sealed"]["key"])).code == "right"


def test_shares_are_tenths():
    for marks, of in product(range(1, 8), range(1, 9)):
        for right in range(of + 1):
            got = share(marks, right, of)
            assert got == round(got, 1) and abs(got - marks * right / of) <= 0.05 + 1e-12
            assert (got == marks) == (right == of) or of > 10 * marks


@pytest.mark.parametrize("name", list(PAPER.tables))
def test_a_table_is_made_anew_alike(name):
    assert question_table(PAPER.questions[name]) == PAPER.tables[name]
    assert PAPER.tables[name]["shown"]["type"] in {*MARKERS, "function"}
