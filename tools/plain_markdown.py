"""Turn the MyST Markdown of a source into plain Markdown that reads well in Colab and JupyterLab.

Only the syntax that the book uses is known; anything else raises `UnknownSyntax`, so that nothing
half-translated reaches a reader. Code blocks, inline code and mathematics pass through unchanged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lrcore.book import formula

PROOF_KINDS = {
    "theorem", "proposition", "lemma", "corollary", "definition", "proof", "example", "remark", "algorithm",
}  # fmt: skip
BOXES = {"note", "tip", "warning", "important", "hint", "caution", "seealso", "attention"}


class UnknownSyntax(ValueError):
    """A directive or role that has no plain form yet."""


@dataclass
class Context:
    """What the roles of one document refer to."""

    glue: Mapping[str, str] = field(default_factory=dict)
    citations: Mapping[str, str] = field(default_factory=dict)  # key -> "Polyak (1964)"
    references: Mapping[str, str] = field(default_factory=dict)  # key -> a full line for the list of sources
    titles: dict[str, str] = field(default_factory=dict)  # label -> words shown for a reference
    chapter: int = 1  # equations are numbered (chapter.n), as on the page
    equations: dict[str, str] = field(default_factory=dict)
    cited: list[str] = field(default_factory=list)


FENCE = re.compile(r"^(?P<fence>:{3,}|`{3,})\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)$")
DISPLAY = re.compile(r"^(:{3,}|`{3,})\{(math|rule)\}")
LABEL = re.compile(r"^\((?P<label>[\w:.-]+)\)=\s*$")
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
ROLE = re.compile(r"\{(?P<name>[a-z][\w:-]*)\}`(?P<text>[^`]+)`")
DOLLAR_LABEL = re.compile(r"\$\$\s*\((?P<label>[\w:.-]+)\)\s*$")


def collect_labels(text: str, context: Context) -> None:
    """Note the labels of one document in reading order: headings, claims and equations."""
    lines = text.splitlines()
    title = ""
    for i, line in enumerate(lines):
        if match := LABEL.match(line):
            following = next((after for after in lines[i + 1 :] if after.strip()), "")
            context.titles[match["label"]] = following.lstrip("# ").strip() or match["label"]
        elif match := FENCE.match(line):
            title = match["argument"].strip()
        elif (match := OPTION.match(line)) and match["key"] in ("label", "name"):
            label = match["value"].strip()
            if any(DISPLAY.match(before) for before in lines[max(0, i - 2) : i]):
                _number(label, context)
            else:
                context.titles[label] = title or label
        elif match := DOLLAR_LABEL.search(line):
            _number(match["label"], context)


def _number(label: str, context: Context) -> None:
    context.equations[label] = f"{context.chapter}.{len(context.equations) + 1}"


def to_plain(text: str, context: Context) -> str:
    """Plain Markdown for the text of one cell."""
    out = []
    lines = iter(text.splitlines())
    for line in lines:
        if LABEL.match(line):
            continue
        if match := FENCE.match(line):
            body = _until(lines, match["fence"], line)
            out.extend(_directive(match["name"], match["argument"].strip(), body, context).splitlines())
        elif re.match(r"^(`{3,}|~{3,})", line):
            fence = re.match(r"^(`{3,}|~{3,})", line)[0]
            out.extend([line, *_until(lines, fence, line), fence])
        elif line.startswith("$$"):
            out.extend(_dollars(line, lines, context))
        elif line.startswith("%"):
            continue
        else:
            out.append(_roles(line, context))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")


def _until(lines, fence: str, opening: str) -> list[str]:
    """The lines up to the closing fence: the same character, at least as many of them, alone on a line."""
    body = []
    for line in lines:
        if re.fullmatch(rf"{re.escape(fence)}{re.escape(fence[0])}*\s*", line):
            return body
        body.append(line)
    raise UnknownSyntax(f"this block is never closed: {opening!r}")


def _dollars(line: str, lines, context: Context) -> list[str]:
    block = [line]
    while not (len("".join(block).split("$$")) > 2):
        block.append(next(lines))
    text = "\n".join(block)
    if match := DOLLAR_LABEL.search(text):
        number = context.equations[match["label"]]
        text = text[: match.start()].rstrip() + f" \\tag{{{number}}}\n$$"
    return text.splitlines()


def _directive(name: str, argument: str, body: list[str], context: Context) -> str:
    options, body = _options(body)
    if name == "math":
        tag = f" \\tag{{{context.equations[options['label']]}}}" if "label" in options else ""
        return "$$\n" + "\n".join(line for line in [argument, *body] if line.strip()) + tag + "\n$$"
    if name == "rule":
        tex = formula(argument, int(options.pop("part", 1))).splitlines()
        given = [f":{key}: {value}" for key, value in options.items()]
        return _directive("math", "", [*given, *tex], context)
    if name in ("code-block", "code"):
        return f"```{argument}\n" + "\n".join(body) + "\n```"
    if name == "bibliography":
        return "\n".join(f"- {context.references[key]}" for key in sorted(set(context.cited)))
    if name in ("tableofcontents", "index", "raw"):
        return ""
    argument = _roles(argument, context)
    inner = to_plain("\n".join(body), context)
    if name.startswith("prf:") and name[4:] in PROOF_KINDS:
        kind = name[4:].capitalize()
        return f"**{kind}{f' ({argument})' if argument else ''}.**\n\n{inner}\n"
    if name == "dropdown":
        return f"<details><summary>{argument}</summary>\n\n{inner}\n\n</details>\n"
    if name in ("list-table", "table"):
        raise UnknownSyntax(f"write tables in Markdown, not as {{{name}}}")
    if name == "admonition" or name in BOXES:
        title = argument or name.capitalize()
        return "\n".join(f"> {line}".rstrip() for line in [f"**{title}**", "", *inner.splitlines()]) + "\n"
    if name in ("grid", "grid-item", "grid-item-card", "card", "tab-set", "tab-item", "div"):
        return (f"**{argument}**\n\n" if argument and not argument[0].isdigit() else "") + inner + "\n"
    raise UnknownSyntax(f"no plain form for the directive {{{name}}}")


def _options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    options = {}
    while body and (match := OPTION.match(body[0])):
        options[match["key"]] = match["value"].strip()
        body = body[1:]
    return options, body


def _roles(line: str, context: Context) -> str:
    """Translate the roles of one line; inline code that is not a role stays as it is."""
    return ROLE.sub(lambda match: _role(match["name"], match["text"], context), line)


def _role(name: str, text: str, context: Context) -> str:
    shown = re.fullmatch(r"(?P<words>.+?)\s*<(?P<target>[^>]+)>", text)
    words, target = (shown["words"], shown["target"]) if shown else (None, text)
    if name in ("glue", "glue:text"):
        return context.glue[target.split(":")[0]]
    if name.startswith("cite"):
        keys = [key.strip() for key in target.split(",")]
        context.cited.extend(keys)
        named = [context.citations[key] for key in keys]
        if name == "cite:t":
            return ", ".join(named)
        return "(" + "; ".join(re.sub(r" \((\d{4})\)$", r", \1", each) for each in named) + ")"
    if name == "eq":
        return f"({context.equations[target]})"
    if name == "math":
        return f"${text}$"
    if name in ("ref", "numref", "prf:ref"):
        return words or context.titles.get(target, target)
    if name == "doc":
        stem = target.rsplit("/", 1)[-1].removesuffix(".md")
        return f"[{words or context.titles.get(target, stem)}]({target.removesuffix('.md')}.ipynb)"
    if name in ("term", "sup", "sub", "kbd", "abbr", "download", "py:func", "py:class"):
        return words or text
    raise UnknownSyntax(f"no plain form for the role {{{name}}} in {text!r}")
