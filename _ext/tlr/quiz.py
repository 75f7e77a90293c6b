"""The page of a sheet answers without a kernel: its questions become the page quiz.

A sheet is written for the notebook: a section per question, with `paper.show("q1")`, the answer and the
check. On the page such a section keeps its heading, its figure and the stub of a function; the quiz takes the
place of the rest, also of the prose in between, which says how to answer in the notebook. `paper = Exam(...)`
becomes the head of the quiz, and `paper.report()` its table of marks. The notebook keeps all its cells.

The scripts of lrcore/exam/static are sent as one minified file: short names inside the functions weigh a
seventh less than leaving out comments and blanks does. So is the style. Other numbers are a file each, loaded
when a reader asks for them.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import minify
from sphinx.application import Sphinx

from .sheets import CODE_CELL

# With the seed of the page's first numbers: the figures in the page are drawn for it.
PAPER = re.compile(r'^paper = Exam\("([\w-]+)", seed=1\)', re.M)
SHOW = re.compile(r'^paper\.show\("(\w+)"\)', re.M)
REPORT = re.compile(r"^paper\.report\(\)", re.M)
SECTION = re.compile(r"^(?=## )", re.M)
# Later ones use earlier ones.
SCRIPTS = ["words", "sealed", "grading", "code", "store", "drag", "controls", ""]
FOLDER = "_quiz"


def static_folder() -> Path:
    return Path(find_spec("lrcore").origin).parent / "exam" / "static"


def raw(html: str) -> str:
    return f"```{{raw}} html\n{html}\n```\n"


def page_version(text: str) -> str:
    """The MyST source of a sheet with the quiz in place of the cells that need a kernel."""
    from lrcore.exam import Exam, page

    found = PAPER.search(text)
    if not found:
        return text
    exam = Exam(found[1], page.SEEDS[0])
    start, *sections = SECTION.split(text)
    return "".join([_start(start, exam, page), *(_section(section, exam, page) for section in sections)])


def _start(text: str, exam, page) -> str:
    def replace(cell: re.Match[str]) -> str:
        if not PAPER.search(cell["source"]):
            return cell[0]
        # The figures of questions still need the paper.
        hidden = f"```{{code-cell}} ipython3\n:tags: [remove-cell]\n\n{cell['source'].strip()}\n```\n"
        return f"{hidden}\n{raw(page.head(exam.sheet.name, f'../{FOLDER}/{exam.sheet.name}-'))}"

    return CODE_CELL.sub(replace, text)


def _section(text: str, exam, page) -> str:
    shown = SHOW.search(text)
    if not shown:
        marks = raw(page.report())
        return CODE_CELL.sub(lambda cell: marks if REPORT.search(cell["source"]) else cell[0], text)
    asked = exam.questions[shown[1]]
    kept = [text.split("\n", 1)[0]]
    for cell in CODE_CELL.finditer(text):
        source = cell["source"]
        if "paper.figure(" in source or (asked.type == "function" and f"def {asked.data['name']}(" in source):
            kept.append(cell[0])
        elif SHOW.search(source):
            kept.append(raw(page.question(exam, shown[1])))
    return "\n\n".join([*kept, ""])


def put_quiz(app: Sphinx, docname: str, source: list[str]) -> None:
    if docname.startswith("exercises/"):
        source[0] = page_version(source[0])


def bundle() -> str:
    """All scripts of the quiz as one, minified: what the tests run is what is sent."""
    paths = [static_folder() / f"quiz{'-' if name else ''}{name}.js" for name in SCRIPTS]
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return minify.string("application/javascript", scripts) + "\n"


def style() -> str:
    return minify.string("text/css", (static_folder() / "quiz.css").read_text(encoding="utf-8")) + "\n"


def serve_quiz(app: Sphinx, config) -> None:
    folder = Path(app.doctreedir) / "quiz"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quiz.js").write_text(bundle(), encoding="utf-8")
    (folder / "quiz.css").write_text(style(), encoding="utf-8")
    config.html_static_path = [*config.html_static_path, str(folder)]


def link_quiz(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if "<lr-paper" in context.get("body", ""):
        app.add_js_file("quiz.js", loading_method="defer")
        app.add_css_file("quiz.css")


def ship_variants(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    from lrcore.exam import page

    for docname in app.env.found_docs:
        text = Path(app.env.doc2path(docname)).read_text(encoding="utf-8")
        if docname.startswith("exercises/") and (found := PAPER.search(text)):
            target = Path(app.outdir) / FOLDER
            target.mkdir(exist_ok=True)
            for seed in page.SEEDS[1:]:
                text = page.variant(found[1], seed)
                (target / f"{found[1]}-{seed}.js").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", serve_quiz)
    # After the solutions are gone from the source.
    app.connect("source-read", put_quiz, priority=600)
    app.connect("html-page-context", link_quiz)
    app.connect("build-finished", ship_variants)
