"""Every page in both themes, axe-core on it, and narrow screens."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

# axe would fetch the stylesheets again, which file:// refuses; it reads computed styles anyway.
EVERYTHING = {"preload": False, "resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# The spans that draw a formula are hidden from screen readers and have the colour of the text around them
# (checked below), axe has no rule for what is inside MathML, and one word of code in each of its colours is
# enough; with all these 40,000 elements axe would take most of a minute for a chapter.
LIGHTEN = """() => {
  for (const drawn of document.querySelectorAll(".katex-html")) drawn.replaceChildren();
  for (const spoken of document.querySelectorAll("math")) spoken.textContent = spoken.textContent;
  const seen = new Set();
  for (const word of document.querySelectorAll(".highlight pre span")) {
    const kind = `${word.className} ${Boolean(word.closest(".admonition"))}`;
    if (seen.has(kind)) word.replaceWith(word.textContent);
    seen.add(kind);
  }
}"""

# What reaches over the right edge of the page and is not inside a box that scrolls by itself.
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const clipped = (e) => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      if (getComputedStyle(p).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide = [];
  for (const e of document.querySelectorAll("main *")) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !e.closest(".bd-sidebar-secondary") && !clipped(e)) {
      wide.push(`${e.tagName}.${e.getAttribute("class")} reaches ${Math.round(box.right)} of ${width}`);
    }
  }
  return { page: document.documentElement.scrollWidth, width, wide: wide.slice(0, 8) };
}"""

# Boxes that scroll sideways, and that neither take the focus themselves nor hold something that does.
UNREACHABLE = """() => [...document.querySelectorAll("article *")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
    && /auto|scroll/.test(getComputedStyle(e).overflowX)
    && e.tabIndex < 0 && !e.querySelector("a, button, input, [tabindex='0']"))
  .map((e) => e.outerHTML.slice(0, 120))"""


def report(violations):
    lines = []
    for violation in violations:
        lines.append(f"{violation['id']} ({violation['impact']}): {violation['help']}")
        lines += [f"    {node['html'][:160]}" for node in violation["nodes"][:4]]
    return "\n".join(lines)


# WCAG contrast of a figure's text and lines against what is painted behind them.
INKS = """() => {
  const paper = (e) => {
    for (let p = e; p; p = p.parentElement) {
      const c = getComputedStyle(p).backgroundColor;
      if (c !== "rgba(0, 0, 0, 0)" && c !== "transparent") return c;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [["body", getComputedStyle(document.body).color, paper(document.body)]];
  for (const svg of document.querySelectorAll("figure svg, .cell_output svg")) {
    const text = svg.querySelector("text, use, path") || svg;
    found.push([svg.getAttribute("aria-label") || "svg", getComputedStyle(svg).color, paper(text)]);
  }
  return found;
}"""


def luminance(colour):
    """WCAG's relative luminance of `rgb(…)`, or of the `color(srgb …)` that a mixed colour becomes."""
    numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", colour)[:3]]
    channels = numbers if colour.startswith("color(srgb") else [number / 255 for number in numbers]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    high, low = sorted([luminance(first), luminance(second)], reverse=True)
    return (high + 0.05) / (low + 0.05)


# Elements of a formula whose colour is not that of the text around it.
STRAY = """() => {
  const ink = (e) => getComputedStyle(e).color;
  return [...document.querySelectorAll(".katex-html *")]
    .filter((e) => ink(e) !== ink(e.closest(".lr-math, .lr-equation").parentElement))
    .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5);
}"""


# Loading a chapter takes as long as any of the checks: a theme's checks share one. The themes share their
# HTML: in the dark only colours differ.
@pytest.mark.parametrize("dark, options", [(False, EVERYTHING), (True, COLOURS)], ids=["light", "dark"])
def test_theme_figures_formulas_and_all_that_axe_checks(page, dark, options, open_page):
    opened = open_page(page, dark=dark)
    assert opened.evaluate("document.documentElement.dataset.theme") == ("dark" if dark else "light")
    for name, ink, paper in opened.evaluate(INKS):
        assert (luminance(paper) < 0.05) == dark, f"{name}: painted on {paper}"
        assert contrast(ink, paper) >= 7, f"{name}: {ink} on {paper}"
    assert opened.evaluate(STRAY) == []
    opened.wait_for_load_state("load")
    opened.evaluate(LIGHTEN)
    response = Axe().run(opened, options=options).response
    assert response["violations"] == [], report(response["violations"])
    assert response["passes"], "axe checked nothing"
    opened.traffic.assert_clean()


def test_phone_scrolls_down_only_and_by_keyboard_too(page, open_page):
    opened = open_page(page, width=390, height=844)
    opened.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    opened.wait_for_timeout(300)  # the page marks its boxes a moment after a change
    found = opened.evaluate(WIDE)
    assert found["wide"] == []
    assert found["page"] <= found["width"]
    assert opened.evaluate(UNREACHABLE) == []
    opened.traffic.assert_clean()
