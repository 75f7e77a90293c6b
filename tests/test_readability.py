"""An algorithm is a file that is read in one sitting, with the formula beside the lines that compute it."""

import ast
from pathlib import Path

import pytest

import lrcore

PACKAGE = Path(lrcore.__file__).parent
ALGORITHMS = sorted(
    path
    for room in ("directions", "stepsizes", "linesearches")
    for path in (PACKAGE / room).glob("*.py")
    if path.name != "__init__.py"
)
LINES = 120


def names(path):
    return f"{path.parent.name}/{path.stem}"


def test_there_are_algorithms():
    assert len(ALGORITHMS) > 10


@pytest.mark.parametrize("path", ALGORITHMS, ids=names)
def test_no_algorithm_is_longer_than_a_sitting(path):
    assert len(path.read_text().splitlines()) <= LINES


@pytest.mark.parametrize("path", ALGORITHMS, ids=names)
def test_one_algorithm_in_a_file_and_its_docstring_names_source_and_chapter(path):
    classes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]
    called = [node for node in classes if any(getattr(part, "name", "") == "__call__" for part in node.body)]
    assert len(called) <= 1
    for node in called:
        text = (ast.get_docstring(node) or "").lower()
        for part in ("source", "chapter", ">>>"):
            assert part in text
