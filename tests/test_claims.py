"""Every numbered claim of the book has a test that carries its label, and every such test has its claim."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLAIM = re.compile(r"^:{3,}\{prf:[a-z]+\}.*\n(?::[a-z]+:.*\n)*?:label: (claim-[\w-]+)", re.MULTILINE)
STATED = re.compile(r"^:{3,}\{prf:(?!proof)[a-z]+\}(.*)$", re.MULTILINE)


def claims(source: Path) -> list[str]:
    return CLAIM.findall(source.read_text())


def labelled() -> dict[str, list[str]]:
    """Label -> names of the tests that carry it."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for decorator in getattr(node, "decorator_list", []):
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.claim":
                    found.setdefault(ast.literal_eval(decorator.args[0]), []).append(node.name)
    return found


def test_claims_and_tests_are_the_same_list():
    labels = [label for source in sorted((ROOT / "chapters").glob("*.md")) for label in claims(source)]
    assert len(labels) == len(set(labels)), "a label is used twice"
    assert set(labels) == set(labelled())
    assert len(labels) >= 12


def test_each_label_names_its_chapter_and_each_claim_its_test():
    names = labelled()
    for source in sorted((ROOT / "chapters").glob("*.md")):
        text = source.read_text()
        assert len(STATED.findall(text)) == len(claims(source)), f"{source.name}: a claim has no label"
        for label in claims(source):
            assert label.startswith(f"claim-{source.name[:2]}-")
            assert any(f"`{name}`" in text for name in names[label]), (
                f"{source.name} does not name the test of {label}"
            )
