"""Drop the CSS rules that no page can use.

The theme ships 400 kB of CSS, most of it for components and icons that the book has not. A rule goes only
if its selector names a class or an id that stands in no page and in no script; element and attribute
selectors, custom properties and at-rules always stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

STRING = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
URL = rf"url\(\s*(?:{STRING}|[^)\"']*)\s*\)"  # data: addresses hold braces, semicolons and parentheses
TOKEN = re.compile(rf"/\*.*?\*/|{STRING}|{URL}|[{{}};]", re.S)
VERBATIM = re.compile(f"({STRING}|{URL})", re.S)
NAME = re.compile(r"[.#]((?:\\.|[\w-])+)")
GROUPED = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]")
NESTING = ("@media", "@supports", "@layer", "@container")


def blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """Split into (prelude, body); body is None for statements such as `@import …;`.

    >>> list(blocks('@import "a.css"; a > b{color:red} @media print{p{margin:0}}'))
    [('@import "a.css"', None), ('a > b', 'color:red'), ('@media print', 'p{margin:0}')]
    """
    depth, start, body_start = 0, 0, 0
    prelude = ""
    for token in TOKEN.finditer(css):
        mark = token[0]
        if mark == "{":
            depth += 1
            if depth == 1:
                prelude, body_start = css[start : token.start()], token.end()
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield prelude.strip(), css[body_start : token.start()].strip()
                start = token.end()
        elif mark == ";" and depth == 0:
            yield css[start : token.start()].strip(), None
            start = token.end()
    if depth or css[start:].strip():
        raise ValueError(f"CSS ends inside a rule: {css[start : start + 60]!r}")


def without_comments(css: str) -> str:
    return TOKEN.sub(lambda token: "" if token[0].startswith("/*") else token[0], css)


def selectors(prelude: str) -> list[str]:
    """Split a selector list at its outer commas.

    >>> selectors("a, b:is(c, d) , [x='1,2']")
    ['a', 'b:is(c, d)', "[x='1,2']"]
    """
    parts, depth, last = [], 0, 0
    for position, char in enumerate(prelude):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(prelude[last:position])
            last = position + 1
    return [part.strip() for part in [*parts, prelude[last:]]]


def may_match(selector: str, names: set[str]) -> bool:
    """False only if the selector needs a class or id that nothing carries.

    >>> may_match(".a .b:not(.c) > p", {"a", "b"}), may_match(".a.gone", {"a"}), may_match("p[x]", set())
    (True, False, True)
    """
    needed = NAME.findall(GROUPED.sub("", selector))
    return all(name.replace("\\", "") in names for name in needed)


def tight(text: str) -> str:
    """Whitespace that carries no meaning goes; strings are left alone.

    >>> tight("color: red ;\\n  margin: 0  auto;")
    'color:red;margin:0 auto'
    """
    pieces = VERBATIM.split(text)
    for index in range(0, len(pieces), 2):
        piece = re.sub(r"\s+", " ", pieces[index])
        piece = re.sub(r"(?<!:)\s*([;,{}])\s*", r"\1", piece)
        pieces[index] = re.sub(r":\s+(?!;|$)", ":", piece)  # an empty custom property keeps its space
    return "".join(pieces).strip().removesuffix(";")


def purge(css: str, names: set[str]) -> str:
    """The rules of `css` that pages with these class and id names can use, minified.

    >>> purge("/* c */ .a{color:red} .b, p.a{margin:0} @media print{.b{margin:0}}", {"a"})
    '.a{color:red}p.a{margin:0}'
    """
    kept = []
    for prelude, body in blocks(without_comments(css)):
        if body is None:
            kept.append(f"{prelude};")
        elif prelude.startswith(NESTING):
            inner = purge(body, names)
            if inner:
                kept.append(f"{tight(prelude)}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(f"{tight(prelude)}{{{tight(body)}}}")
        else:
            used = [tight(selector) for selector in selectors(prelude) if may_match(selector, names)]
            if used and body:
                kept.append(f"{','.join(used)}{{{tight(body)}}}")
    return "".join(kept)
