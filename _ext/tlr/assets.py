"""Pages are written again when a script, style or font that they link has changed.

Sphinx copies static files only when some page is out of date, so an edited stylesheet would not arrive.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

from . import figures, quiz
from .katex import VENDOR


def assets_hash(folders: list[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(folder)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def note_assets(app: Sphinx, config) -> None:
    # A setting of kind "html": when it changes, Sphinx writes all pages, and reads and executes none.
    folders = [Path(__file__).with_name("static"), VENDOR, figures.static_folder(), quiz.static_folder()]
    config.tlr_assets = assets_hash(folders)


def setup(app: Sphinx) -> None:
    app.add_config_value("tlr_assets", "", "html", types=[str])
    app.connect("config-inited", note_assets)
