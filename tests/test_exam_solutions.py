"""Solution markers: what the student sees, and what must never be left behind."""

import pytest

from lrcore.exam import keep_solutions, strip_solutions

CASES = [
    ("x = 3  # SOLUTION", "x = ...", "x = 3"),
    ("x = 3 # SOLUTION", "x = ...", "x = 3"),
    ("x = 3  #SOLUTION", "x = ...", "x = 3"),
    ("    a, b = f(x), 2  # SOLUTION", "    a, b = ...", "    a, b = f(x), 2"),
    ("model.rate = 0.1  # SOLUTION", "model.rate = ...", "model.rate = 0.1"),
    ("x[0] = 0.1  # SOLUTION", "x[0] = ...", "x[0] = 0.1"),
    ('d["eta"] = 0.1  # SOLUTION', 'd["eta"] = ...', 'd["eta"] = 0.1'),
    ('q = {"A": 0.1, "B": 0.5}  # SOLUTION', "q = ...", 'q = {"A": 0.1, "B": 0.5}'),
    ("x += 3  # SOLUTION", "...", "x += 3"),
    ("    return x == 3  # SOLUTION", "    ...", "    return x == 3"),
    ("ok = a == b  # SOLUTION", "ok = ...", "ok = a == b"),
    ("print(x)  # SOLUTION", "...", "print(x)"),
    ("x = 1\nprint(x)  # SOLUTION NO PROMPT\ny = 2", "x = 1\ny = 2", "x = 1\nprint(x)\ny = 2"),
    ("# BEGIN SOLUTION\nx = 1\ny = 2\n# END SOLUTION\nz = 3", "...\nz = 3", "x = 1\ny = 2\nz = 3"),
    (
        "x = 1\n# BEGIN SOLUTION NO PROMPT\ny = 2\n# END SOLUTION\nz = 3",
        "x = 1\nz = 3",
        "x = 1\ny = 2\nz = 3",
    ),
    ("x = 'what is a solution?'", "x = 'what is a solution?'", "x = 'what is a solution?'"),
    ("%matplotlib inline\nx = 1  # SOLUTION", "%matplotlib inline\nx = ...", "%matplotlib inline\nx = 1"),
    ("", "", ""),
]


@pytest.mark.parametrize("source, student, solved", CASES)
def test_both_versions(source, student, solved):
    if source.startswith("    "):  # a line of a body
        head = "def f():\n"
        source, student, solved = head + source, head + student, head + solved
    assert strip_solutions(source) == student
    assert keep_solutions(source) == solved
    assert strip_solutions(student) == student, "stripping twice changes nothing"


def test_the_body_of_a_function():
    body = "    # BEGIN SOLUTION\n    y = 2 * x\n    return y\n    # END SOLUTION\n"
    source = 'def f(x):\n    """Doc."""\n' + body + "\nf(1)"
    assert strip_solutions(source) == 'def f(x):\n    """Doc."""\n    ...\n\nf(1)'


@pytest.mark.parametrize(
    "source, words",
    [
        ("# BEGIN SOLUTION\nx = 1", "line 1: BEGIN SOLUTION without END"),
        ("x = 1\n# END SOLUTION", "line 2: END SOLUTION without BEGIN"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", "line 2: BEGIN SOLUTION inside"),
        ("x = 1  # SOLUTON\n# begin solution", "line 2: not one of"),
        ("x = 1  # Solution", "line 1: not one of"),
        ("x = 1  # SOLUTION: one", "line 1: not one of"),
        ("x = (1,  # SOLUTION\n     2)", "not Python"),  # would leave the second half
        ("def f():\n    # BEGIN SOLUTION NO PROMPT\n    return 1\n    # END SOLUTION", "not Python"),
    ],
)
def test_what_would_leave_a_solution_behind_is_an_error(source, words):
    with pytest.raises(ValueError, match=words):
        strip_solutions(source)


def test_keep_solutions_wants_balanced_markers_too():
    with pytest.raises(ValueError, match="without END"):
        keep_solutions("# BEGIN SOLUTION\nx = 1")
