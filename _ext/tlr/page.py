"""The finished page: its head, its scripts and styles, and what its HTML lacks for screen readers."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

from .language import mark_chinese

HERE = Path(__file__).resolve().parent

# Everything comes from the book's own host, on http and on file://. The theme needs its inline scripts.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)


def use_templates(app: Sphinx, config) -> None:
    # New values, since the old ones may be Sphinx's own defaults, which live as long as the process.
    config.templates_path = [str(HERE / "templates"), *config.templates_path]
    config.html_static_path = [*config.html_static_path, str(HERE / "static")]
    # The theme reports an empty default as an error on the console of each first visit.
    config.html_context = {"default_mode": "auto", **config.html_context}
    config.html_use_index = False
    config.html_domain_indices = False


def scripts_and_styles(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Drop thebe (it would load from another host) and scripts that are there twice; add what maths needs."""
    seen: set[str] = set()
    kept = []
    for script in context["script_files"]:
        inline = script.attributes.get("body", "") if hasattr(script, "attributes") else ""
        name = str(getattr(script, "filename", script) or "")
        if "thebe" in inline or "thebe" in name or (inline and inline in seen):
            continue
        seen.add(inline)
        kept.append(script)
    context["script_files"][:] = kept
    context["css_files"][:] = [
        style for style in context["css_files"] if "thebe" not in str(getattr(style, "filename", style))
    ]
    context["metatags"] = (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}" />' + context.get("metatags", "")
    )
    if 'class="katex"' in context.get("body", ""):
        app.add_css_file("katex/katex.css", priority=400)
        app.add_js_file("katex/copy-tex.min.js", loading_method="defer")


THEBE = re.compile(r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.S)


def name_formula_header(cell: re.Match[str]) -> str:
    """A column headed by a formula alone has no name, since MathML is no text: name it by the symbols."""
    mathml = re.findall(r"<math\b.*?(?=<annotation|</math>)", cell[2], re.S)
    prose = re.sub(r'<span class="lr-math.*?</math></span>', "", cell[2], flags=re.S)
    prose = re.sub(r'<span class="katex-html".*', "", prose, flags=re.S)
    if not mathml or re.sub(r"<[^>]+>", "", prose).strip():
        return cell[0]
    label = " ".join(re.sub(r"<[^>]+>", "", formula) for formula in mathml)
    content = cell[2].replace('class="katex-mathml"', 'class="katex-mathml" aria-hidden="true"')
    return f'{cell[1]}><span class="visually-hidden">{label}</span>{content}</th>'


def mend(body: str) -> str:
    """What axe finds in the HTML of Sphinx and its extensions."""
    body = THEBE.sub("", body)
    body = body.replace(' class="tex2jax_ignore mathjax_ignore"', "")
    # A label that differs from the visible words, and block elements inside a summary.
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    # The same id on every proof and on the content of every theorem.
    body = re.sub(r'(<section class="[\w-]+-content") id="proof-content"', r"\1", body)
    body = body.replace(' class="proof admonition" id="proof"', ' class="proof admonition lr-proof"')
    # A heading of a column that has none.
    body = re.sub(r'<th class="head[^>]*>(?:\s*<p>\s*</p>)?\s*</th>', "<td></td>", body)
    body = re.sub(r'(<th class="head[^>]*)>(.*?)</th>', name_formula_header, body, flags=re.S)
    # Deprecated role, and a list whose children are no items.
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    body = body.replace(' role="doc-backlink"', "")
    return body


def name_toggles(html: str) -> str:
    """Name the sidebar's arrows after the page whose sections they show."""

    def name(match: re.Match[str]) -> str:
        title = re.sub(r"<[^>]+>", "", match[2]).strip()
        return f'{match[1]}{match[2]}{match[3]}<summary aria-label="Pages under: {title}">'

    return re.sub(r"(<a [^>]*>)((?:(?!</a>).)*)(</a><details[^>]*>)<summary>", name, str(html), flags=re.S)


def mend_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if "body" in context:
        context["body"] = mark_chinese(mend(context["body"]))
    generate = context.get("generate_toctree_html")
    if generate:
        context["generate_toctree_html"] = lambda *args, **kwargs: name_toggles(generate(*args, **kwargs))


def copy_front_page(app: Sphinx, exception: Exception | None) -> None:
    """index.html is the first page itself; a redirect costs a round trip and is an empty page to readers."""
    if exception is None and app.builder.name == "html" and app.config.root_doc != "index":
        outdir = Path(app.outdir)
        front = (outdir / f"{app.config.root_doc}.html").read_text(encoding="utf-8")
        (outdir / "index.html").write_text(front, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", use_templates, priority=400)
    app.add_css_file("tlr/book.css", priority=900)
    app.add_js_file("tlr/book.js", loading_method="defer")
    app.connect("html-page-context", scripts_and_styles, priority=900)
    app.connect("html-page-context", mend_page, priority=900)
    app.connect("build-finished", copy_front_page, priority=800)
