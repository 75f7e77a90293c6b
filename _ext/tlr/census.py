"""What the finished pages really use: CSS names and mathematical characters.

Read from the HTML itself, not collected on the way, so that an incremental build, a figure's own HTML
and a template are all counted.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

ATTRIBUTE = re.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
WORD = re.compile(r"[A-Za-z_][\w-]*")
TOKEN = re.compile(r"<(/?)span\b[^>]*>|<[^>]*>|([^<]+)")
GLYPHS_START = re.compile(r'<span class="katex-html"[^>]*>')


@dataclass
class Census:
    """`names`: classes and ids of pages, and every word of scripts; `maths`: characters of formulas."""

    names: set[str] = field(default_factory=set)
    maths: set[str] = field(default_factory=set)

    def add_page(self, text: str) -> None:
        for match in ATTRIBUTE.finditer(text):
            self.names.update((match[1] or match[2] or "").split())
        self.maths |= maths_characters(text)

    def add_script(self, text: str) -> None:
        # A script may set any class that it spells out, so every word of it counts as used.
        self.names.update(WORD.findall(text))


def maths_characters(text: str) -> set[str]:
    """The characters that KaTeX's visible spans show.

    >>> page = '<span class="katex-html" aria-hidden="true"><span>x</span>&lt;</span> and prose'
    >>> sorted(maths_characters(page))
    ['<', 'x']
    """
    found: set[str] = set()
    for start in GLYPHS_START.finditer(text):
        depth = 1
        for token in TOKEN.finditer(text, start.end()):
            if token[2]:
                found.update(html.unescape(token[2]))
            elif token[0].startswith(("<span", "</span")):
                depth += -1 if token[1] else 1
                if depth == 0:
                    break
    return found


def take(outdir: Path) -> Census:
    census = Census()
    for page in sorted(outdir.rglob("*.html")):
        census.add_page(page.read_text(encoding="utf-8"))
    for script in sorted((outdir / "_static").rglob("*.js")):
        census.add_script(script.read_text(encoding="utf-8"))
    return census
