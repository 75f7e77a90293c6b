"""Exercise sheets are written solved; the page, like the student's notebook, shows the stubs."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

CODE_CELL = re.compile(
    r"^(?P<fence>`{3,})\{code-cell\}(?P<head>[^\n]*\n)(?P<source>.*?)^(?P=fence)[ \t]*$", re.S | re.M
)


def student_version(text: str, strip) -> str:
    """`text` (MyST Markdown) with `strip` applied to the source of each code cell.

    >>> print(student_version("```{code-cell}\\ny = 3\\n```", lambda source: source.replace("3", "...")))
    ```{code-cell}
    y = ...
    ```
    """

    def strip_cell(match: re.Match[str]) -> str:
        fence, head, source = match["fence"], match["head"], match["source"]
        return f"{fence}{{code-cell}}{head}{strip(source).rstrip()}\n{fence}"

    return CODE_CELL.sub(strip_cell, text)


def strip_sheet(app: Sphinx, docname: str, source: list[str]) -> None:
    if docname.startswith("exercises/"):
        from lrcore.exam import strip_solutions

        source[0] = student_version(source[0], strip_solutions)


def setup(app: Sphinx) -> None:
    app.connect("source-read", strip_sheet)
