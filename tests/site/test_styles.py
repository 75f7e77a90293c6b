"""The purged stylesheets give every element the same style as the theme's own."""

from functools import cache
from pathlib import Path

import pydata_sphinx_theme
import pytest
import sphinx_book_theme
import sphinx_design

PACKAGES = [pydata_sphinx_theme, sphinx_book_theme, sphinx_design]

# One element of each kind, as its tag and classes and those of its parent tell, with a checksum of all its
# computed styles. Formulas and drawings are left out: they bring styles of their own.
STYLES = """() => {
  const kind = (e) => e ? `${e.tagName}.${e.getAttribute("class") || ""}` : "";
  const read = (e, pseudo) => {
    const style = getComputedStyle(e, pseudo);
    let sum = 0;
    for (let i = 0; i < style.length && !style[i].startsWith("--"); i++) {
      const value = style.getPropertyValue(style[i]);
      for (let k = 0; k < value.length; k++) sum = (Math.imul(sum, 31) + value.charCodeAt(k)) | 0;
    }
    return sum;
  };
  const found = new Map();
  for (const e of document.querySelectorAll("body, body *")) {
    const name = `${kind(e.parentElement)} > ${kind(e)}`;
    if (found.has(name) || e.closest(".katex, svg, .highlight pre span")) continue;
    found.set(name, [read(e), read(e, "::before"), read(e, "::after")]);
  }
  return [...found];
}"""


@cache
def original(name):
    """A stylesheet as its package ships it; None for one that is written while building."""
    for package in PACKAGES:
        for path in Path(package.__file__).parent.rglob(name):
            return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name, width, dark",
    [
        ("intro.html", 1280, False),
        ("search.html", 390, True),
        ("exercises/01-sheet.html", 1280, True),
        ("chapters/01-what-is-a-learning-rate.html", 390, False),
    ],
)
def test_purged_styles_change_nothing(name, width, dark, book, open_page):
    purged = open_page(book / name, width=width, dark=dark)
    full = open_page(book / name, width=width, dark=dark, goto=False)
    replaced = []

    def serve_original(route):
        css = original(route.request.url.split("?")[0].rsplit("/", 1)[-1])
        if css is None:
            route.fallback()
        else:
            replaced.append(css)
            route.fulfill(body=css, content_type="text/css")

    full.route("**/*.css*", serve_original)
    full.goto((book / name).as_uri())
    assert len(replaced) >= 2, "the theme's stylesheets were not asked for"
    for page in (purged, full):
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(300)  # transitions of colours end
    ours, theirs = purged.evaluate(STYLES), full.evaluate(STYLES)
    assert [kind for kind, _ in ours] == [kind for kind, _ in theirs]
    assert [kind for (kind, mine), (_, other) in zip(ours, theirs, strict=True) if mine != other] == []
