"""Binder, Colab and download open the generated notebook of a page, not its Markdown source."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

NOTEBOOKS = "notebooks"


def notebook_of(pagename: str) -> str:
    """The path of a page's notebook, the same in the repository and in the built book.

    >>> notebook_of("exercises/01-sheet")
    'notebooks/exercises/01-sheet.ipynb'
    """
    return f"{NOTEBOOKS}/{pagename}.ipynb"


def point_at_notebook(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Rewrite what the theme has put into `header_buttons`; the repository's address stays the theme's."""
    has_notebook = (Path(app.srcdir) / notebook_of(pagename)).is_file()
    buttons = []
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            if not has_notebook:
                continue
            for button in group["buttons"]:
                button["url"] = button["url"].replace(f"{pagename}.md", notebook_of(pagename))
        elif group.get("label") == "download-buttons":
            group["buttons"] = [b for b in group["buttons"] if b["label"] == "download-pdf-button"]
            group["buttons"][0]["text"] = "Print or save as PDF"
            if has_notebook:
                download = {
                    "type": "link",
                    "url": context["pathto"](notebook_of(pagename), 1),
                    "text": "Notebook (.ipynb)",
                    "icon": "fas fa-file-code",
                    "tooltip": "Download this page as a notebook",
                    "label": "download-notebook-button",
                }
                group["buttons"].insert(0, download)
        buttons.append(group)
    context["header_buttons"] = buttons


def ship_notebooks(app: Sphinx, exception: Exception | None) -> None:
    source = Path(app.srcdir) / NOTEBOOKS
    if exception is None and app.builder.format == "html" and source.is_dir():
        target = Path(app.outdir) / NOTEBOOKS
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))


def note_notebooks(app: Sphinx, config) -> None:
    # A setting of kind "html": a notebook that appears later gives its page the buttons.
    folder = Path(app.srcdir) / NOTEBOOKS
    config.tlr_notebooks = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ipynb"))


def no_source_copies(app: Sphinx, config) -> None:
    # `_sources` would hold solved sheets, and notebooks with a new random id per cell and build.
    config.html_copy_source = False
    config.html_show_sourcelink = False


def setup(app: Sphinx) -> None:
    app.add_config_value("tlr_notebooks", [], "html", types=[list])
    app.connect("config-inited", note_notebooks)
    app.connect("config-inited", no_source_copies)
    app.connect("html-page-context", point_at_notebook, priority=900)
    app.connect("build-finished", ship_notebooks)
