"""Live figures: custom elements that simulate in the reader's browser; without scripts, a drawing.

`static/<name>.js` and `.css` hold the figure `name`, `static/live.js` and `.css` what all of them share. A
script that would be long has parts, `static/<name>.<part>.js`, which are loaded before it. A book links these
files; a notebook gets them within its output.
"""

import json
from html import escape
from pathlib import Path

from ..book import in_book
from .figure import page_id, release
from .svg import draw_svg

FOLDER = Path(__file__).parent / "static"


def assets(name, kind):
    """The scripts (kind "js") or styles ("css") of the live figure `name`, in the order of loading."""
    parts = sorted(FOLDER.glob(f"{name}.*.{kind}"))
    files = [FOLDER / f"live.{kind}", *parts, FOLDER / f"{name}.{kind}"]
    return "\n".join(file.read_text("utf-8") for file in files)


def tag(name):
    return f"lr-{name.replace('_', '-')}"


def element(name, config, drawing, alt, caption):
    """The custom element; the figure `drawing` and its `alt` stand in until the script runs."""
    release(drawing)
    still = draw_svg(drawing, page_id(f"{name}\n{alt}")).markup(alt)
    below = f'<p class="lr-live-caption">{escape(caption)}</p>' if caption else ""
    return (
        f'<{tag(name)} class="lr-live" data-config="{escape(json.dumps(config))}">'
        f'<div class="lr-live-still">{still}</div>{below}'
        "<noscript><p>This figure moves with JavaScript; the drawing shows its first view.</p></noscript>"
        f"</{tag(name)}>"
    )


def show_live(name, html, alt):
    """Put the element on the page, in a notebook with its script and styles."""
    from IPython.display import display

    if not in_book():
        html = f"<style>{assets(name, 'css')}</style>{html}<script>{assets(name, 'js')}</script>"
    display({"text/html": html, "text/plain": alt}, raw=True)
