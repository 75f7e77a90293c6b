"""Solution markers: one solved source, from which the student's version is made.

The markers are otter-grader's, so that a sheet can be read by its tools too:

    x = 3  # SOLUTION              ->  x = ...
    print(x)  # SOLUTION           ->  ...
    plt.show()  # SOLUTION NO PROMPT     (the line is removed)

    # BEGIN SOLUTION               ->  ...
    several lines
    # END SOLUTION

    # BEGIN SOLUTION NO PROMPT           (the block is removed)
"""

import ast
import re

ASSIGNMENT = re.compile(r"(\s*[A-Za-z_][\w.,\s\[\]'\"]*=)(?!=)")
LINE = re.compile(r"#\s?SOLUTION\s*$")
LINE_NO_PROMPT = re.compile(r"#\s?SOLUTION NO PROMPT\s*$")
BEGIN = re.compile(r"(\s*)#\s?BEGIN SOLUTION( NO PROMPT)?\s*$")
END = re.compile(r"\s*#\s?END SOLUTION\s*$")
STRAY = re.compile(r"#\s*(BEGIN|END)?\s*SOLUTION", re.IGNORECASE)


def strip_solutions(source: str) -> str:
    r"""The student's version of a cell: every marked solution replaced by `...` or removed.

    Raises ValueError when markers are unbalanced, nested or misspelt, and when what is left is not
    Python (a marker inside a statement of several lines would leave half a solution behind).

    >>> strip_solutions("eta = 2 / L  # SOLUTION")
    'eta = ...'
    >>> strip_solutions("def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION")
    'def f(x):\n    ...'
    """
    kept, changed = [], False
    for line, part in _parts(source):
        if part == "plain":
            kept.append(line)
            continue
        changed = True
        if part == "begin":
            kept.append(BEGIN.match(line)[1] + "...")
        elif part == "line":
            assignment = ASSIGNMENT.match(line)
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(assignment[1] + " ..." if assignment else indent + "...")
    text = "\n".join(kept)
    if changed:
        _must_parse(text)
    return text


def keep_solutions(source: str) -> str:
    """The solved version of a cell without the markers.

    >>> keep_solutions("eta = 2 / L  # SOLUTION")
    'eta = 2 / L'
    """
    kept = []
    for line, part in _parts(source):
        if part in ("plain", "solution"):
            kept.append(line)
        elif part in ("line", "line-no-prompt"):
            kept.append(re.sub(r"\s*#\s?SOLUTION( NO PROMPT)?\s*$", "", line))
    return "\n".join(kept)


def _parts(source: str):
    """Each line with its role: plain, line, line-no-prompt, begin, begin-no-prompt, solution, end."""
    inside = 0
    for number, line in enumerate(source.split("\n"), start=1):
        if begin := BEGIN.match(line):
            if inside:
                raise ValueError(
                    f"line {number}: BEGIN SOLUTION inside the block that began on line {inside}"
                )
            inside = number
            yield line, "begin-no-prompt" if begin[2] else "begin"
        elif END.match(line):
            if not inside:
                raise ValueError(f"line {number}: END SOLUTION without BEGIN SOLUTION")
            inside = 0
            yield line, "end"
        elif inside:
            yield line, "solution"
        elif LINE_NO_PROMPT.search(line):
            yield line, "line-no-prompt"
        elif LINE.search(line):
            yield line, "line"
        elif STRAY.search(line):
            raise ValueError(
                f"line {number}: not one of SOLUTION, BEGIN SOLUTION and END SOLUTION: {line.strip()}"
            )
        else:
            yield line, "plain"
    if inside:
        raise ValueError(f"line {inside}: BEGIN SOLUTION without END SOLUTION")


def _must_parse(text: str) -> None:
    python = "\n".join("pass" if line.startswith(("%", "!", ":")) else line for line in text.split("\n"))
    try:
        ast.parse(python)
    except SyntaxError as error:
        raise ValueError(
            f"without its solutions this cell is not Python (line {error.lineno}: {error.msg});"
            " a marker must cover whole statements, and a body must not be left empty"
        ) from None
