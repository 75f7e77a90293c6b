"""Every link, anchor and asset of the built book leads to something that is there."""

import re
from functools import cache
from urllib.parse import unquote, urlsplit

from markup import read

from lrcore.viz.live import FOLDER as STATIC


@cache
def anchors(path):
    return {element["id"] for element in read(path).elements} | {e["name"] for e in read(path).all("a")}


def addresses(parsed):
    for element in parsed.elements:
        for name in ["href", "src", "data-frames", "action", "poster"]:
            if name in element.attrs:
                yield element, element[name]


def test_links_lead_somewhere(page, book):
    missing = []
    for element, address in addresses(read(page)):
        parts = urlsplit(address)
        if parts.scheme in {"mailto", "data"}:
            continue
        if parts.scheme or parts.netloc:
            if parts.scheme != "https":
                missing.append(f"line {element.line}: {address} is not https")
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_relative_to(book):
            missing.append(f"line {element.line}: {address} leaves the book")
        elif not target.is_file():
            missing.append(f"line {element.line}: {address} does not exist")
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target):
            missing.append(f"line {element.line}: {address} has no such anchor")
    assert missing == []


def test_stylesheets_refer_to_files_that_exist(book):
    missing = []
    for path in book.rglob("*.css"):
        css = path.read_text(encoding="utf-8")
        for match in re.finditer(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", css):
            address = match[1] or match[2]
            if not address.startswith(("data:", "#")):
                if not (path.parent / urlsplit(address).path).resolve().is_file():
                    missing.append(f"{path.relative_to(book)}: {address}")
    assert missing == []


def test_every_shipped_script_is_used(book):
    """What no page asks for should not be published: 1.5 MB of icons came that way."""
    pages = [read(path) for path in book.rglob("*.html")]
    scripts = [element["src"] for page in pages for element in page.all("script")]
    used = {urlsplit(address).path.rsplit("/", 1)[-1] for address in scripts}
    shipped = {path.name for path in (book / "_static").rglob("*.js")}
    imported = {"copybutton_funcs.js"}  # imported nowhere; sphinx-copybutton writes it beside its script
    not_yet = {path.name for path in STATIC.glob("*.js")}  # a book without some figure is still a book
    assert shipped - used - imported - not_yet == set()
