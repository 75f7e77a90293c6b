"""Write the notebooks that Colab, Binder and nbval open, from the text sources.

    python tools/make_notebooks.py              # all sources whose notebook is not fresh
    python tools/make_notebooks.py 05-sheet     # these, fresh or not, as after an edit of the question bank
    python tools/make_notebooks.py --all        # all
    python tools/make_notebooks.py --check      # only say which are not fresh; exit 1 if any

chapters/NN-name.md  -> notebooks/chapters/NN-name.ipynb, and reference/name.md alike
exercises/NN-sheet.md -> notebooks/exercises/NN-sheet.ipynb (stubs) and notebooks/solutions/NN-sheet.ipynb

A notebook is executed in an empty folder, as a reader's would be. Text outputs are kept, since nbval
compares them; figures and widgets are dropped (a cell that draws is tagged `nbval-ignore-output`: nbval
still runs it and still reports an exception). A notebook is fresh when generating its cells again gives the
same cells.
"""

import argparse
import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbclient import NotebookClient
from plain_markdown import Context, collect_labels, to_plain
from pybtex.database import parse_file

from lrcore.exam import keep_solutions, strip_solutions

ROOT = Path(__file__).resolve().parent.parent
HIDES_SOURCE = {"hide-input", "remove-input", "remove-cell", "hide-cell", "hide"}
BOOK_ONLY = HIDES_SOURCE | {"hide-output", "remove-output"}
INSTALL = """\
# Installs the book's package where it is missing (Colab, a fresh machine); otherwise does nothing.
import importlib.util
if importlib.util.find_spec("lrcore") is None:
    %pip install -q "lrcore[book] @ git+{url}@{branch}"
"""


def sources() -> list[Path]:
    """The text sources of the book that have code."""
    return sorted(
        page for folder in ("chapters", "reference", "exercises") for page in (ROOT / folder).glob("*.md")
    )


def targets(source: Path) -> dict[str, Path]:
    """Kind of notebook -> where it is written."""
    if source.parent.name != "exercises":
        return {"chapter": ROOT / "notebooks" / source.parent.name / f"{source.stem}.ipynb"}
    return {
        "student": ROOT / "notebooks" / "exercises" / f"{source.stem}.ipynb",
        "solution": ROOT / "notebooks" / "solutions" / f"{source.stem}.ipynb",
    }


def generate(source: Path, kind: str, glue: dict[str, str]) -> nbformat.NotebookNode:
    """The notebook of a source, not executed. `glue` gives the numbers that stand in its prose."""
    parsed = jupytext.read(source, fmt="md:myst")
    of_chapter = re.match(r"(\d\d)-", source.stem)  # "03-momentum", unlike "schedules" and "2025-q4"
    number = {"chapter": int(of_chapter[1])} if of_chapter else {}
    context = Context(glue=glue, **number, **bibliography())
    for other in sources():  # references may lead to other pages; equation numbers are the page's own
        collect_labels(other.read_text(), context)
    context.equations.clear()
    collect_labels(source.read_text(), context)

    cells = [
        nbformat.v4.new_code_cell(
            INSTALL.format(**repository()), metadata={"jupyter": {"source_hidden": True}}
        )
    ]
    for cell in parsed.cells:
        if cell.cell_type == "markdown":
            if text := to_plain(cell.source, context):
                cells.append(nbformat.v4.new_markdown_cell(text))
        else:
            text = cell.source
            if kind == "student":
                text = strip_solutions(text)
            elif kind == "solution":
                text = keep_solutions(text)
            tags = [tag for tag in cell.metadata.get("tags", []) if tag not in BOOK_ONLY]
            metadata = {"tags": tags} if tags else {}
            if HIDES_SOURCE & set(cell.metadata.get("tags", [])):
                metadata["jupyter"] = {"source_hidden": True}
            cells.append(nbformat.v4.new_code_cell(text, metadata=metadata))
    for number, cell in enumerate(cells):
        cell.id = f"{source.stem[:2]}-{number:03d}"
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "tlr": {"source": str(source.relative_to(ROOT)), "glue": glue},
    }
    return notebook


def execute(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run a notebook as a reader does: in an empty folder, with live widgets instead of frames."""
    notebook = deepcopy(notebook)
    with tempfile.TemporaryDirectory() as folder:
        where = {"metadata": {"path": folder}}
        quiet = [
            "--log-level=ERROR"
        ]  # the kernel's own warnings are about this machine, not about the notebook
        # coalesced, because how a kernel cuts what it prints into messages depends on the clock
        NotebookClient(
            notebook,
            timeout=300,
            kernel_name="python3",
            resources=where,
            extra_arguments=quiet,
            coalesce_streams=True,
        ).execute()
    return notebook


def glued(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The values that the cells handed to the prose."""
    values = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if name := output.get("metadata", {}).get("scrapbook", {}).get("name"):
                values[name] = re.sub(r"^'(.*)'$", r"\1", output.data["text/plain"])
    return values


def tidy(notebook: nbformat.NotebookNode, where: str) -> nbformat.NotebookNode:
    """Drop pictures, widgets and kernel noise; tag the cells that draw."""
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        cell.execution_count = count  # nbval compares nothing in a cell without a count
        cell.metadata.pop("execution", None)
        kept = []
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise SystemExit(f"{where}, cell {cell.id} wrote to stderr:\n{output.text}")
            drawn = set(output.get("data", {})) - {"text/plain"} or "<Figure" in str(output.get("data"))
            if not drawn:
                if output.output_type == "execute_result":
                    output.execution_count = count
                kept.append(output)
        if len(kept) < len(cell.outputs):
            if kept:
                raise SystemExit(
                    f"{where}, cell {cell.id} draws and prints: split it, or nbval cannot compare the text"
                )
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "nbval-ignore-output"})
        cell.outputs = kept
    return notebook


def write(source: Path) -> None:
    """Execute a source once and write its notebooks."""
    for kind, path in targets(source).items():
        executed = execute(generate(source, kind, _Placeholder()))
        notebook = generate(source, kind, glued(executed))
        for cell, ran in zip(notebook.cells, executed.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs = ran.outputs
        notebook = tidy(notebook, str(path.relative_to(ROOT)))
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.validate(notebook)
        path.write_text(nbformat.writes(notebook) + "\n")
        print(f"  wrote {path.relative_to(ROOT)}", flush=True)


class _Placeholder(dict):
    """Stands for the numbers of the prose until the cells have run."""

    def __missing__(self, key):
        return "…"


def stale(source: Path) -> list[str]:
    """Why the notebooks of a source are not what the generator would write; empty when they are fresh."""
    reasons = []
    for kind, path in targets(source).items():
        name = path.relative_to(ROOT)
        if not path.exists():
            reasons.append(f"{name} is missing")
            continue
        committed = nbformat.read(path, as_version=4)
        try:
            expected = generate(source, kind, dict(committed.metadata["tlr"]["glue"]))
        except KeyError as missing:
            reasons.append(f"{name}: the prose uses {missing}, which the notebook does not hold")
            continue
        for ours, theirs in zip(expected.cells, committed.cells, strict=False):
            if (ours.cell_type, ours.source, ours.id) != (theirs.cell_type, theirs.source, theirs.id):
                reasons.append(f"{name}: cell {theirs.id} differs from its source")
                break
        if len(expected.cells) != len(committed.cells):
            reasons.append(f"{name}: {len(committed.cells)} cells, its source has {len(expected.cells)}")
        if any(cell.get("execution_count", 1) is None for cell in committed.cells):
            reasons.append(f"{name} has a cell without execution_count, which nbval would not compare")
    return reasons


def repository() -> dict[str, str]:
    return yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]


def bibliography() -> dict[str, dict[str, str]]:
    """Short and full forms of every reference."""
    citations, references = {}, {}
    for key, entry in parse_file(ROOT / "references.bib").entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [" ".join(person.last_names).replace("{", "").replace("}", "") for person in people]
        short = (
            names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
        )
        fields = {name: re.sub(r"[{}]", "", value) for name, value in entry.fields.items()}
        year = fields.get("year", "n.d.")
        venue = fields.get("journal") or fields.get("booktitle") or fields.get("publisher") or ""
        link = (
            f" https://doi.org/{fields['doi']}"
            if "doi" in fields
            else f" {fields['url']}"
            if "url" in fields
            else ""
        )
        citations[key] = f"{short} ({year})"
        references[key] = f"{', '.join(names)} ({year}). {fields['title']}. *{venue}*.{link}".replace(
            " **.", ""
        )
    return {"citations": citations, "references": references}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = {source.stem: source for source in sources()}
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--all", action="store_true", help="also those that are fresh")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a notebook is not fresh"
    )
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in names]:
        parser.error(f"no source is called {', '.join(unknown)}; there are {', '.join(names)}")
    todo = [names[name] for name in arguments.names]
    for source in sources():
        reasons = stale(source)
        if arguments.check:
            print(*reasons, sep="\n", end="\n" if reasons else "")
        if source not in todo and (arguments.all or reasons and not arguments.names):
            todo.append(source)
    if arguments.check:
        return 1 if todo else 0
    print(f"{len(todo)} of {len(sources())} sources to run", flush=True)
    os.environ.pop("LRCORE_BOOK", None)  # readers' notebooks are live, whatever the shell says
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(write, todo))
    return 0


if __name__ == "__main__":
    sys.exit(main())
