"""The committed notebooks are what the generator writes from the sources."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import make_notebooks  # noqa: E402
from plain_markdown import Context, UnknownSyntax, collect_labels, to_plain  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


@pytest.mark.parametrize("source", make_notebooks.sources(), ids=lambda path: path.stem)
def test_notebooks_are_fresh(source):
    """Run `make notebooks` when this fails."""
    assert make_notebooks.stale(source) == []


def test_no_notebook_without_a_source():
    expected = {
        path for source in make_notebooks.sources() for path in make_notebooks.targets(source).values()
    }
    assert set(NOTEBOOKS) == expected


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_notebook_is_clean(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code), "nbval compares nothing without an execution_count"
    assert path.stat().st_size < 300_000
    for cell in code:
        for output in cell.outputs:
            assert set(output.get("data", {})) <= {"text/plain"}
            assert "/home/" not in str(output) and not re.search(r"\b0x[0-9a-f]{6,}", str(output))
    assert any(cell.outputs for cell in code), "a notebook without any output proves nothing"


def test_an_edited_source_or_notebook_is_noticed(tmp_path, monkeypatch):
    source = make_notebooks.sources()[0]
    kind, path = next(iter(make_notebooks.targets(source).items()))
    copy = tmp_path / path.name
    text = path.read_text()
    monkeypatch.setattr(make_notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(make_notebooks, "targets", lambda _: {kind: copy})
    monkeypatch.setattr(make_notebooks, "repository", lambda: {"url": "u", "branch": "b"})
    monkeypatch.setattr(make_notebooks, "bibliography", dict)
    monkeypatch.setattr(make_notebooks, "generate", lambda *_: nbformat.reads(text, as_version=4))
    copy.write_text(text)
    assert make_notebooks.stale(source) == []
    copy.write_text(text.replace("learning rate", "learning speed", 1))
    assert "differs from its source" in make_notebooks.stale(source)[0]
    copy.unlink()
    assert "missing" in make_notebooks.stale(source)[0]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as a reader gets it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("lrcore-*.whl"))


def test_chapter_runs_outside_the_repository_with_the_wheel(wheel, tmp_path):
    """An empty folder, `lrcore` from the wheel only: no file of the repository is needed."""
    site = tmp_path / "site"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    notebook = nbformat.read(NOTEBOOKS[0], as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code" and "%pip" not in cell.source]
    script = "import lrcore\nassert lrcore.__file__.startswith(SITE), lrcore.__file__\n" + "\n".join(code)
    run = f"import sys; SITE = {str(site)!r}; sys.path.insert(0, SITE); exec(sys.stdin.read())"
    done = subprocess.run(
        [sys.executable, "-c", run], input=script, cwd=empty, text=True, capture_output=True,
        env={"PATH": "/usr/bin:/bin", "MPLBACKEND": "agg"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


class TestPlainMarkdown:
    def plain(self, text, **known):
        context = Context(**known)
        collect_labels(text, context)
        return to_plain(text, context)

    def test_claim_and_reference(self):
        text = ":::{prf:theorem} Half time\n:label: claim-x\n\n$a$ holds.\n:::\n\nSee {prf:ref}`claim-x`."
        assert self.plain(text) == "**Theorem (Half time).**\n\n$a$ holds.\n\nSee Half time."

    def test_equations_are_numbered_as_on_the_page(self):
        text = "$$\na = b\n$$ (one)\n\n```{math}\n:label: two\nc\n```\n\n{eq}`two` after {eq}`one`"
        plain = self.plain(text)
        assert "\\tag{1.1}" in plain and "\\tag{1.2}" in plain and plain.endswith("(1.2) after (1.1)")

    def test_a_rule_is_the_formula_of_its_docstring(self):
        text = "```{rule} lrcore.directions.Steepest\n:label: one\n```\n\n{eq}`one`"
        assert self.plain(text) == "$$\nd_k = -g_k \\tag{1.1}\n$$\n\n(1.1)"

    def test_code_is_left_alone(self):
        text = "```python\nx = {cite}`a`\n```"
        assert self.plain(text) == text

    def test_numbers_and_sources(self):
        text = "It took {glue:text}`steps` steps {cite}`polyak1964`; {cite:t}`polyak1964` says why."
        plain = self.plain(text, glue={"steps": "12"}, citations={"polyak1964": "Polyak (1964)"})
        assert plain == "It took 12 steps (Polyak, 1964); Polyak (1964) says why."

    def test_boxes_nest(self):
        text = (
            "::::{admonition} Folklore, tested\n:class: folklore\n\n:::{dropdown} Why?\nBecause.\n:::\n::::"
        )
        assert "> **Folklore, tested**" in self.plain(text) and "> <details>" in self.plain(text)

    @pytest.mark.parametrize("text", [":::{video} x\n:::", "{nosuchrole}`x`", ":::{note}\nnever closed"])
    def test_unknown_syntax_is_an_error(self, text):
        with pytest.raises(UnknownSyntax):
            self.plain(text)
