"""The math renderer: formulas become KaTeX's HTML and MathML while the book is built.

MathJax would cost each first visitor 600 kB and a second of work; a formula that KaTeX rejects is a
Sphinx warning with file and line here, so `-W` keeps broken formulas out of the book.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from .katex import Katex, TexError

logger = logging.getLogger(__name__)

NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|alignat|gather)\}")
RANDOM_ID = re.compile(r"equation-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def display_tex(text: str) -> str:
    """The TeX that KaTeX gets for a display formula.

    Sphinx writes the equation number itself, so numbered environments lose theirs and `\\label` goes;
    paragraphs and rows are put into `aligned`, as Sphinx does for MathJax.

    >>> display_tex(r"a &= b \\\\ c &= d")
    '\\\\begin{aligned}a &= b \\\\\\\\ c &= d\\\\end{aligned}'
    >>> display_tex(r"\\begin{align}a &= b \\label{x}\\end{align}")
    '\\\\begin{align*}a &= b \\\\end{align*}'
    """
    text = re.sub(r"\\label\{[^}]*\}", "", text).strip()
    text = NUMBERED.sub(r"\\\1{\2*}", text)
    if re.match(r"\\begin\{(equation|align|alignat|gather)\*\}", text):
        return text
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    parts = [rf"\begin{{aligned}}{part}\end{{aligned}}" if r"\\" in part else part for part in parts]
    if len(parts) == 1:
        return parts[0]
    return r"\begin{gathered}" + r"\\".join(parts) + r"\end{gathered}"


def render(translator: HTML5Translator, node: nodes.Element, tex: str, display: bool) -> str:
    try:
        return translator.builder.app.tlr_katex(tex, display)
    except TexError as error:
        logger.warning("%s", error, location=node, type="tlr", subtype="katex")
        return f"<code>{translator.encode(tex)}</code>"


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    html = render(self, node, node.astext(), display=False)
    # Breaks only where KaTeX allows one, after a relation or an operator; never before the full stop.
    html = html.replace('</span><span class="katex-base">', '</span><wbr><span class="katex-base">')
    before, after = self.encode(node.get("before", "")), self.encode(node.get("after", ""))
    start = self.starttag(node, "span", "", CLASS="lr-math notranslate nohighlight")
    self.body.append(f"{start}{before}{html}{after}</span>")
    raise nodes.SkipNode


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    html = render(self, node, display_tex(node.astext()), display=True)
    self.body.append(self.starttag(node, "div", CLASS="lr-equation notranslate nohighlight"))
    self.body.append(f'<div class="lr-scroll">{html}</div>')
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def name_equations(app: Sphinx, doctree: nodes.document) -> None:
    """MyST gives un-starred amsmath blocks random ids; counted ones make two builds equal."""
    for count, node in enumerate(doctree.findall(nodes.math_block), 1):
        node["ids"] = [RANDOM_ID.sub(f"equation-unnamed-{count}", name) for name in node["ids"]]


def keep_punctuation(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Move brackets and punctuation that touch a formula into it: browsers break lines between the two."""
    for node in list(doctree.findall(nodes.math)):
        parent = node.parent
        index = parent.index(node)
        if index > 0 and isinstance(parent[index - 1], nodes.Text):
            text = parent[index - 1].astext()
            kept = text.rstrip("([“‘")
            node["before"] = text[len(kept) :]
            parent[index - 1] = nodes.Text(kept)
        if index + 1 < len(parent) and isinstance(parent[index + 1], nodes.Text):
            text = parent[index + 1].astext()
            kept = text.lstrip(".,;:!?)]”’…%")
            node["after"] = text[: len(text) - len(kept)]
            parent[index + 1] = nodes.Text(kept)


def choose_renderer(app: Sphinx, config) -> None:
    config.html_math_renderer = "tlr"


def start(app: Sphinx) -> None:
    app.tlr_katex = Katex(app.config.tlr_macros)


def stop(app: Sphinx, exception: Exception | None) -> None:
    if hasattr(app, "tlr_katex"):
        app.tlr_katex.close()


def setup(app: Sphinx) -> None:
    app.add_config_value("tlr_macros", {}, "env", types=[dict])
    app.add_html_math_renderer("tlr", (visit_inline, None), (visit_display, None))
    app.connect("config-inited", choose_renderer)
    app.connect("builder-inited", start)
    app.connect("doctree-read", name_equations)
    app.connect("doctree-resolved", keep_punctuation)
    app.connect("build-finished", stop)
