"""Explorers' frames leave the page: a reader who only reads does not pay for them.

`lrcore.viz.explore` puts its frames as JSON into the figure. Here they become `_frames/<hash>.js`, a classic
script that also loads from `file://`, and the figure keeps their address in `data-frames`. Done as soon as
the document is read, so that the search index does not see megabytes of path data either.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

FRAMES = re.compile(
    r'(<figure\b(?=[^>]*\bclass="[^"]*\blr-explore\b)[^>]*)>((?:(?!</figure>).)*?)'
    r'<script\b(?=[^>]*\bclass="lr-frames")[^>]*>(.*?)</script>',
    re.S,
)


def frame_folder(app: Sphinx) -> Path:
    return Path(app.doctreedir) / "frames"


def move_frames(app: Sphinx, doctree: nodes.document) -> None:
    docname = app.env.docname
    up = "../" * docname.count("/")
    names: list[str] = []

    def move(match: re.Match[str]) -> str:
        data = match[3].strip()
        name = hashlib.sha256(data.encode()).hexdigest()[:16]
        frame_folder(app).mkdir(parents=True, exist_ok=True)
        (frame_folder(app) / f"{name}.js").write_text(f'lrFrames("{name}",{data});\n', encoding="utf-8")
        names.append(name)
        return f'{match[1]} data-frames="{up}_frames/{name}.js">{match[2]}'

    for node in doctree.findall(nodes.raw):
        if "lr-frames" in node.astext():
            text = FRAMES.sub(move, node.astext())
            node.rawsource = text
            node.children = [nodes.Text(text)]
    frames_of(app.env)[docname] = names


def frames_of(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "tlr_frames"):
        env.tlr_frames = {}
    return env.tlr_frames


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    frames_of(env).pop(docname, None)


def ship_frames(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_frames"
    wanted = {f"{name}.js" for names in frames_of(app.env).values() for name in names}
    target.mkdir(exist_ok=True)
    for path in target.glob("*.js"):
        if path.name not in wanted:
            path.unlink()
    for name in wanted:
        shutil.copyfile(frame_folder(app) / name, target / name)


def static_folder() -> Path:
    """lrcore/viz/static, found without importing lrcore's figures (and matplotlib with them)."""
    return Path(find_spec("lrcore").origin).parent / "viz" / "static"


# Marker in a page's body -> the scripts and styles of lrcore.viz that this page needs.
NEEDS = {
    "lr-explore": ["frames.js", "frames.css"],
    "lr-figure": ["frames.css"],
}
# Custom elements, on a script and a style sheet that they share; a long script has parts, loaded before it.
for _name in [
    "descent", "line_paths", "momentum_map", "noise_ball", "optimizer_race", "precondition_bowl",
    "schedule_studio", "step_condition",
]:  # fmt: skip
    _parts = sorted(path.name for path in static_folder().glob(f"{_name}.*.js"))
    NEEDS[f"<lr-{_name.replace('_', '-')} "] = [
        "live.js", *_parts, f"{_name}.js", "live.css", f"{_name}.css"
    ]  # fmt: skip


def serve_scripts(app: Sphinx, config) -> None:
    config.html_static_path = [*config.html_static_path, str(static_folder())]


def link_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    body = context.get("body", "")
    for marker, names in NEEDS.items():
        if marker in body:
            for name in names:
                if name.endswith(".js"):
                    app.add_js_file(name, loading_method="defer")
                else:
                    app.add_css_file(name)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", serve_scripts)
    app.connect("doctree-read", move_frames)
    app.connect("env-purge-doc", forget)
    app.connect("html-page-context", link_scripts)
    app.connect("build-finished", ship_frames)
