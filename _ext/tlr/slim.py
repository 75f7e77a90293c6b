"""After the pages are written: ship only the CSS rules, glyphs and files that they use."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

from . import census, fonts
from .katex import VENDOR
from .purge import purge

# What the theme copies and no page asks for. fontawesome.js alone is 1.5 MB: the icons come from CSS fonts.
UNUSED = [
    "locales",
    "**/*.map",
    "**/*.ttf",
    "scripts/fontawesome.js*",
    "sphinx-thebe.*",
    "play-solid.svg",
    "*webpack-macros.html",
    "images/logo_deepnote.svg",
    "images/logo_jupyterhub.svg",
    "images/logo_jupyterlite.svg",
    "minus.png",
    "plus.png",
]
OTHER_FORMATS = re.compile(r""",\s*url\([^)]*\.(?:ttf|woff)\)\s*format\(["'](?:truetype|woff)["']\)""")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FAMILY = re.compile(r"KaTeX_\w+")
FONT_FILE = re.compile(r"url\(fonts/([\w-]+\.woff2)\)")
ICON = re.compile(r"\\([ef][0-9a-f]{3})|([\ue000-\uf8ff])", re.I)  # escaped or as the character itself


def delete_unused(static: Path) -> None:
    for pattern in UNUSED:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def ship_katex(static: Path, used: census.Census, cache: Path) -> None:
    """KaTeX's stylesheet for the classes in use; of the fonts that it still names, the characters in use."""
    css = purge(OTHER_FORMATS.sub("", (VENDOR / "katex.min.css").read_text(encoding="utf-8")), used.names)
    named = set(FAMILY.findall(FONT_FACE.sub("", css)))
    css = FONT_FACE.sub(lambda face: face[0] if FAMILY.search(face[0])[0] in named else "", css)
    target = static / "katex"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "katex.css").write_text(css, encoding="utf-8")
    for name in FONT_FILE.findall(css):
        fonts.subset(VENDOR / "fonts" / name, target / "fonts" / name, used.maths | {" "}, cache)
    for name in ["copy-tex.min.js", "LICENSE"]:
        shutil.copyfile(VENDOR / name, target / name)


def slim(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    outdir = Path(app.outdir)
    static = outdir / "_static"
    cache = Path(app.doctreedir) / "fonts"
    delete_unused(static)
    used = census.take(outdir)
    ship_katex(static, used, cache)
    icons: set[str] = set()
    for path in sorted(static.rglob("*.css")):
        css = OTHER_FORMATS.sub("", path.read_text(encoding="utf-8"))
        css = purge(css, used.names)
        path.write_text(css, encoding="utf-8")
        icons |= {char or chr(int(code, 16)) for code, char in ICON.findall(css)}
    for path in sorted((static / "vendor" / "fontawesome").rglob("*.woff2")):
        fonts.subset(path, path, icons | {" "}, cache)


def setup(app: Sphinx) -> None:
    # After the theme's own build-finished handlers, which still write stylesheets.
    app.connect("build-finished", slim, priority=900)
