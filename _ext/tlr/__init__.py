"""The book's own Sphinx extension: one module per concern, each with its `setup`."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

from . import assets, execution, figures, launch, maths, page, quiz, rules, sheets, slim


def source_hash() -> int:
    """A number that changes with the extension's sources, for Sphinx to see that pages are outdated."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).resolve().parent.rglob("*")):
        if path.suffix in {".py", ".js", ".html"}:
            digest.update(path.read_bytes())
    return int(digest.hexdigest()[:8], 16)


def setup(app: Sphinx) -> dict[str, object]:
    for module in [execution, assets, sheets, quiz, maths, rules, figures, launch, page, slim]:
        module.setup(app)
    # Not safe to write in parallel: one node process renders all formulas.
    return {"env_version": source_hash(), "parallel_read_safe": True, "parallel_write_safe": False}
