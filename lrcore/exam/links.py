"""Where the section that a question is about can be read again."""

import json
import re
import unicodedata
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def chapter_file(chapter: str) -> str | None:
    """The name of a chapter's file without its ending; None where the book does not lie beside lrcore."""
    return next((path.stem for path in (ROOT / "chapters").glob(f"{chapter}-*.md")), None)


def anchor(heading: str) -> str:
    """The id that Sphinx gives to a heading.

    >>> anchor("Three rates worth knowing: 1/L, 2/(μ+L), 2/L")
    'three-rates-worth-knowing-1-l-2-l-2-l'
    """
    ascii_only = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", ascii_only))


def page_link(chapter: str, heading: str) -> str | None:
    """The section on the published site, relative to its top."""
    name = chapter_file(chapter)
    return f"chapters/{name}.html#{anchor(heading)}" if name else None


def notebook_link(chapter: str, heading: str) -> str:
    """The section seen from a sheet's notebook; without the book the address of the chapters, or ""."""
    if name := chapter_file(chapter):
        return f"../chapters/{name}.ipynb#{heading.replace(' ', '-')}"
    repository, revision = installed_from()
    return f"{repository}/tree/{revision}/notebooks/chapters" if repository else ""


def installed_from() -> tuple[str, str]:
    """Address and revision of the repository that pip installed lrcore from, as pip noted them."""
    try:
        noted = json.loads(metadata.distribution("lrcore").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return "", ""
    if "vcs_info" not in noted or not noted.get("url", "").startswith("https://"):
        return "", ""
    return noted["url"].removesuffix(".git"), noted["vcs_info"].get("requested_revision", "HEAD")
