"""Numbers in prose come from a cell: a bare decimal is a number that nothing keeps true."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*(ROOT / "chapters").glob("*.md"), ROOT / "intro.md"])
FENCED = re.compile(r"^(`{3,})(\{code-cell\}|\{math\}|[a-z]*\n).*?^\1\s*$", re.DOTALL | re.MULTILINE)
NOT_PROSE = [
    FENCED,
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),
    re.compile(r"\$\$.*?\$\$", re.DOTALL),
    re.compile(r"\$[^$]+\$"),
    re.compile(r"`[^`\n]+`"),
    re.compile(r"\]\([^)]*\)"),
]
MEASURED = re.compile(r"(?<![\w.])\d+\.\d{2,}(?!\w|\.\d)")


def bare_decimals(text: str) -> list[str]:
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    return [line.strip() for line in text.splitlines() if MEASURED.search(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_measured_numbers_are_computed(page):
    """Two decimals or more look measured: glue them, or set them as mathematics when they are given."""
    assert bare_decimals(page.read_text()) == []


def test_the_lint_can_fail():
    assert bare_decimals("In the end the loss was 0.072.") and not bare_decimals(
        "With $\\eta = 0.25$ and `0.25`."
    )
