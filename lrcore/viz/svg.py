"""A matplotlib figure as a small SVG that follows the page from light to dark.

matplotlib's SVG is a faithful but wordy document: 25 kB for a line plot, two thirds of it font lists, ids
that nobody refers to and six decimals of a pixel. Here it is parsed and written again: one drawn element a
line (so that two frames of a slider can share lines), coordinates to 0.1 unit, ink as `currentColor`, ids
with a prefix of the figure (so that two figures can share a page), no styles that reach outside the SVG.
"""

import io
import re
import warnings
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG

from .dots import join_dots
from .pathdata import path_data, shorten
from .style import FONT_STACK, INK, PAPER, RC, plain_powers

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")

# What the root of our SVG already says, so that no element needs to repeat it.
INHERITED = {
    "stroke-linejoin": "round",
    "stroke-linecap": "butt",
    "font-size": "11.5",
    "text-anchor": "start",
    "fill": "currentColor",
}
DEFAULTS = {"opacity": "1", "stroke-width": "1", "stroke-dashoffset": "0", "stroke": "none"}
INKS = {INK, "#000000", "black"}


@dataclass(frozen=True)
class Svg:
    """The drawing: `lines` are the elements inside `<svg>`, a whole one each."""

    width: str
    height: str
    lines: tuple[str, ...]

    @property
    def size(self):
        return self.width, self.height

    @property
    def body(self):
        return "\n".join(self.lines)

    def markup(self, alt):
        """The whole `<svg>` element with `alt` as its accessible name."""
        return f"{opening_tag(self.width, self.height, alt)}\n{self.body}\n</svg>"


def opening_tag(width, height, alt):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}"'
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}" fill="currentColor"'
        f' stroke-linejoin="round" font-family="{FONT_STACK}" font-size="11.5">'
    )


def draw_svg(figure, prefix="lr"):
    """The figure as an `Svg` whose ids all start with `prefix`; the same figure gives the same bytes."""
    plain_powers(figure)
    root = ElementTree.fromstring(matplotlib_svg(figure))
    join_dots(root)
    _, _, width, height = (shorten(x) for x in root.get("viewBox").split())
    used = {name for element in root.iter() for name in references(element)}
    writer = _Writer(prefix, used)
    for child in root:
        writer.element(child)
    return Svg(width, height, tuple(writer.lines))


def matplotlib_svg(figure):
    """What matplotlib writes, without its background."""
    out = io.StringIO()
    before = figure.canvas, figure.dpi, figure.patch.get_visible()
    with mpl.rc_context({key: RC[key] for key in ("svg.fonttype", "svg.hashsalt", "svg.image_inline")}):
        with warnings.catch_warnings():
            # A layout that failed cuts labels off: that must stop a build, not scroll by in a log.
            warnings.filterwarnings("error", message=".*constrained_layout.*|.*tight_layout.*")
            try:
                figure.patch.set_visible(False)
                # Not savefig, which draws twice for the sake of formats that need it: 59 -> 48 ms a frame.
                FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
            except UserWarning as warning:
                raise ValueError(
                    f"the labels leave no room for the axes (matplotlib: {warning});"
                    " shorten a label or make the figure larger"
                ) from None
            finally:
                canvas, figure.dpi, visible = before
                figure.patch.set_visible(visible)
                figure.set_canvas(canvas)
    return out.getvalue()


def references(element):
    """Ids that this element points to."""
    for name, value in element.attrib.items():
        if local(name) == "href" and value.startswith("#"):
            yield value[1:]
        yield from REFERENCE.findall(value)


def local(name):
    return name.rpartition("}")[2]


class _Writer:
    """Writes the parsed SVG again, one drawn element a line."""

    def __init__(self, prefix, used):
        self.prefix = prefix
        self.used = used
        self.lines = []

    def element(self, element):
        tag = local(element.tag)
        if tag in ("metadata", "style", "title"):
            return
        if tag == "defs":
            inner = [self.flat(child) for child in element if local(child.tag) not in ("style", "metadata")]
            if inner:
                self.lines.append(f"<defs>{''.join(inner)}</defs>")
            return
        if tag == "g":
            self.group(element)
        elif not invisible(element, self.used):
            self.lines.append(self.flat(element))

    def group(self, element):
        attributes = self.attributes(element)
        start = len(self.lines)
        for child in element:
            self.element(child)
        drawn = self.lines[start:]
        if attributes and drawn:
            self.lines[start:] = [f"<g{attributes}>{''.join(drawn)}</g>"]

    def flat(self, element):
        """One element with all it contains, on one line."""
        tag, attributes = local(element.tag), self.attributes(element)
        text = escape((element.text or "").strip("\n"), quote=False) if tag in ("text", "tspan") else ""
        if tag == "text" and len(element):
            text = text.strip()
        inner = text + "".join(self.flat(child) for child in element)
        return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"

    def attributes(self, element):
        plain, style = {}, {}
        for name, value in element.attrib.items():
            name = local(name)
            if name == "style":
                for declaration in value.split(";"):
                    key, colon, what = declaration.partition(":")
                    if colon:
                        style[key.strip()] = what.strip()
            elif name == "id":
                if value in self.used:
                    plain["id"] = f"{self.prefix}-{value}"
            else:
                plain[name] = value
        drawn = local(element.tag)
        css = []
        for key, value in style.items():
            if key == "font":  # matplotlib before 3.10 writes the shorthand, which is no attribute
                css.append(f"font:{value}")
                continue
            if key == "font-family":
                continue  # the root names the reader's own fonts
            value = restyle(value)
            if INHERITED.get(key) == value or DEFAULTS.get(key) == value:
                continue
            if value.startswith("var("):  # Safari reads custom properties in styles only
                css.append(f"{key}:{value}")
            else:
                plain[key] = value
        if css:
            plain["style"] = ";".join(css)
        out = []
        for name, value in plain.items():
            if name == "d":
                value = path_data(value, digits=1 if "id" not in plain else 2)
            elif name == "transform":
                value = transform(value)
                if not value:
                    continue
            elif name in ("x", "y", "width", "height") and drawn != "tspan":
                value = shorten(value)
            elif name in ("x", "y"):
                value = " ".join(shorten(x) for x in value.split())
            elif name == "href" and value.startswith("#"):
                value = f"#{self.prefix}-{value[1:]}"
            elif name == "href":
                value = "".join(value.split())
            value = REFERENCE.sub(rf"url(#{self.prefix}-\1)", value)
            out.append(f' {name}="{escape(value)}"')
        return "".join(out)


def invisible(element, used):
    """True for a path that neither fills nor strokes, as the background of figure and axes."""
    if local(element.tag) != "path" or element.get("id") in used:
        return False
    style = (element.get("style") or "").replace(" ", "")
    return "fill:none" in style and ("stroke:" not in style or "stroke:none" in style)


def restyle(value):
    """Colours to what follows the page, lengths to 0.01."""
    lower = value.lower()
    if lower in INKS:
        return "currentColor"
    if lower == PAPER:
        return "var(--lr-paper,#fff)"
    if lower.startswith(("#", "url(", "rgb")):
        return lower if lower.startswith("#") else value
    if value.endswith("px"):
        value = value[:-2]
    return NUMBER.sub(lambda m: shorten(m[0], 2), value) if NUMBER.match(value) else value


def transform(value):
    """A transform without the rotations by nothing, numbers shortened."""
    out = []
    for name, arguments in TRANSFORM.findall(value):
        numbers = [float(x) for x in NUMBER.findall(arguments)]
        if name == "rotate" and numbers[0] == 0:
            continue
        if name == "translate" and not any(round(x, 1) for x in numbers):
            continue
        digits = 1 if name in ("translate", "rotate") else 5
        out.append(f"{name}({' '.join(shorten(x, digits) for x in numbers)})")
    return "".join(out)
