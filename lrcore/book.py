"""What the book and the package share: whether the book is being built, formulas, and recorded runs."""

import inspect
import os
import re
from pathlib import Path
from pydoc import locate
from textwrap import dedent

from .validate import shown

BOOK_VARIABLE = "LRCORE_BOOK"

MATH = re.compile(r"^\.\. math::[ ]*(?P<first>[^\n]*)\n(?P<rest>(?:[ ]+[^\n]*\n|[ ]*\n)*)", re.M)


def in_book():
    """True while the book is being built: the Sphinx extension sets LRCORE_BOOK=1 for its kernels."""
    return os.environ.get(BOOK_VARIABLE) == "1"


def recorded(name):
    """The file of runs that take too long for a page, such as ``Study.load(recorded("06-decay-long"))``.

    The chapter shows the code that made them. Raises ValueError for a name that is not there.

    >>> recorded("06-decay-long").name
    '06-decay-long.json'
    """
    folder = Path(__file__).parent / "recorded"
    path = folder / f"{name}.json"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in folder.glob("*.json")))
        raise ValueError(f"no runs are recorded as {shown(name)}; there are {there}")
    return path


def formula(name, part=1):
    """The TeX of the `part`-th ``.. math::`` block in the docstring of what is called `name`.

    The chapters include the rules that they explain from here, so that a rule has one source.

    Raises ValueError where there is no such object, or no such block in its docstring.

    >>> formula("lrcore.directions.Steepest")
    'd_k = -g_k'
    """
    blocks = formulas(name)
    if not 1 <= part <= len(blocks):
        raise ValueError(f"the docstring of {name} has {len(blocks)} formulas, asked for {shown(part)}")
    return blocks[part - 1]


def formulas(name):
    """All ``.. math::`` blocks in the docstring of what is called `name`."""
    found = locate(name)
    if found is None:
        raise ValueError(f"there is nothing called {shown(name)}")
    text = inspect.getdoc(found) or ""
    return [_display(dedent(f"{m['first']}\n{m['rest']}")) for m in MATH.finditer(text + "\n")]


def _display(text):
    """Rows and paragraphs of a block as Sphinx understands them, for those who do not, as notebooks."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    rows = [r"\\" in part and r"\begin" not in part for part in parts]
    parts = [
        rf"\begin{{aligned}}{part}\end{{aligned}}" if more else part
        for part, more in zip(parts, rows, strict=True)
    ]
    return parts[0] if len(parts) == 1 else r"\begin{gathered}" + "\\\\\n".join(parts) + r"\end{gathered}"
