"""Arbitrary objects as answers: no crash, no full marks by accident, every reply a sentence."""

import math
import sys

from exam_objects import Rude, Shy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from lrcore.exam import Exam, Verdict

EXAMS = {name: Exam(name, seed=1) for name in ("01", "02")}

scalars = st.one_of(
    st.none(),
    st.just(...),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=20),
    st.binary(max_size=8),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.timedeltas(),
    st.uuids(),
    st.from_regex(r"[-+]?[0-9.,/eE ]{1,12}", fullmatch=True),
    st.sampled_from([int, len, Rude(), Shy(1.0), Rude, sys]),
    npst.arrays(npst.scalar_dtypes(), npst.array_shapes(min_dims=0, max_dims=2, max_side=3)),
)
labels = st.one_of(
    st.sampled_from(list("ABCDEabcde")), st.sampled_from([0.5, 0.1, 0.01, 0.001, 1, 2, 3, 4, 5, 6]), scalars
)
keys = st.one_of(
    st.sampled_from(list("ABCD")),
    st.sampled_from([0.5, 0.1, 0.01, 0.001]),
    st.text(max_size=3),
    st.integers(),
)
objects = st.recursive(
    labels,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4), st.tuples(inner, inner)
    ),
    max_leaves=6,
)
answers = st.one_of(objects, objects.map(lambda value: lambda *_: value))


def could_be_right(question, answer):
    """An independent opinion, for the rare case that a random answer earns full marks."""
    if question.type == "numeric":
        if isinstance(answer, str):
            top, _, bottom = answer.replace(",", ".").partition("/")
            answer = float(top) / float(bottom or 1)
        return math.isclose(float(answer), question.evaluate(question.data["key"]), rel_tol=0.01)
    if question.type == "choice":
        right = next(label for label, option in question.shown("options") if option.get("correct"))
        return answer.strip("() .[]").upper() == right
    if question.type == "match":
        return isinstance(answer, dict | list | tuple) and len(answer) == len(question.data["items"])
    return False


@settings(max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(answer=answers, sheet=st.sampled_from(["01", "02"]))
def test_no_object_crashes_the_grader_or_earns_marks_by_accident(answer, sheet):
    paper = EXAMS[sheet]
    for name, question in paper.questions.items():
        verdict = paper.grade(name, answer)
        assert isinstance(verdict, Verdict) and 0 <= verdict.marks <= verdict.out_of
        assert (
            verdict.feedback.endswith((".", "!"))
            and verdict.feedback[0] != " "
            and "\n" not in verdict.feedback
        )
        assert str(verdict)
        if verdict.marks == verdict.out_of:
            assert could_be_right(question, answer), (name, answer)
