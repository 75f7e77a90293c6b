"""The fonts of the book were cut down to what it shows; nothing that it shows may be missing.

A missing glyph is not an error anywhere: the browser quietly takes another font. (A first subset of this
book's had no Σ.)
"""

import pytest
from fontTools.ttLib import TTFont
from markup import read
from tlr.katex import VENDOR


def covers(path):
    with TTFont(path, lazy=True) as font:
        return {chr(code) for code in font.getBestCmap()}


@pytest.fixture(scope="module")
def shown(book):
    """The characters of all formulas, read in another way than the extension reads them."""
    found = set()
    for path in book.rglob("*.html"):
        for element in read(path).elements:
            if element.inside(klass="katex-html"):
                found |= set(element.text)
    return found - {"\n"}


def test_every_font_keeps_the_characters_in_use(book, shown):
    assert {"x", "=", "∑"} & shown, "no formula was found"
    shipped = sorted((book / "_static" / "katex" / "fonts").glob("*.woff2"))
    assert shipped
    for font in shipped:
        missing = (covers(VENDOR / "fonts" / font.name) & shown) - covers(font)
        assert missing == set(), f"{font.name} lost {missing}"


def test_formulas_use_only_characters_that_a_font_of_katex_has(shown):
    known = set().union(*(covers(path) for path in (VENDOR / "fonts").glob("*.woff2")))
    # KaTeX sets these as empty boxes, never as glyphs.
    assert shown - known - {"\u200b", "\xa0", "\n"} == set()


# One element for each pair of a character and a font that the page has.
REPRESENTATIVES = """() => {
  const seen = new Set();
  for (const e of document.querySelectorAll(".katex-html *")) {
    const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("");
    const text = own.replace(/\\u200b/g, "");
    const style = getComputedStyle(e);
    const key = [text, style.fontFamily, style.fontStyle, style.fontWeight].join("|");
    if (text.trim() && !seen.has(key)) { seen.add(key); e.setAttribute("data-sample", ""); }
  }
}"""


def fonts_of(opened, selector):
    """{font family: glyphs} that Chromium really drew as text of the elements of a selector."""
    session = opened.context.new_cdp_session(opened)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = {}
    for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            assert font["isCustomFont"], f"{font['glyphCount']} glyphs of {selector} in {font['familyName']}"
            found[font["familyName"]] = found.get(font["familyName"], 0) + font["glyphCount"]
    return found


def test_chromium_draws_formulas_and_icons_with_these_fonts_only(page, book, open_page):
    opened = open_page(page)
    opened.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    opened.evaluate(REPRESENTATIVES)
    opened.evaluate("() => document.fonts.ready.then(() => true)")
    families = fonts_of(opened, "[data-sample]")
    assert bool(families) == ('class="katex"' in page.read_text(encoding="utf-8"))
    assert all(family.startswith("KaTeX") for family in families), families
    assert all("Awesome" in family for family in fonts_of(opened, "i[class*='fa-'], span[class*='fa-']"))
    icons = covers(book / "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2")
    titles = opened.evaluate(
        """() => [...document.querySelectorAll(".admonition > .admonition-title")]
          .map((e) => getComputedStyle(e, "::after").content).filter((content) => content !== "none")"""
    )
    assert {title.strip('"') for title in titles} <= icons
