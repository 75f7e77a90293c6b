"""When cells run again, and in which environment."""

from __future__ import annotations

import hashlib
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx

# What a kernel of the book build inherits. The date and the hash seed make two builds byte-identical.
KERNEL_ENVIRONMENT = {"LRCORE_BOOK": "1", "SOURCE_DATE_EPOCH": "946684800", "PYTHONHASHSEED": "0"}


def package_hash(package: Path) -> str:
    """A hash of every file of a package that can change what a cell prints or draws.

    Scripts and styles in `static` act on the page later; they have a hash of their own (see assets.py).
    """
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and not {"__pycache__", "static"} & set(path.relative_to(package).parts):
            digest.update(f"{path.relative_to(package)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def key_cache(app: Sphinx, config) -> None:
    """jupyter-cache compares cells only: a mended bug in lrcore would re-execute nothing.

    The path of the cache carries the hash; myst-nb re-reads all notebooks when that setting changes.
    """
    name = f"lrcore-{package_hash(Path(find_spec('lrcore').origin).parent)}"
    folder = Path(app.outdir).parent / ".jupyter_cache"
    config.nb_execution_cache_path = str(folder / name)
    for old in folder.glob("lrcore-*"):
        if old.name != name:
            shutil.rmtree(old)


def prepare_kernels(app: Sphinx) -> None:
    for name, value in KERNEL_ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", key_cache)
    app.connect("builder-inited", prepare_kernels)
