"""What the tests of live figures share: arithmetic replayed by node, a page from file://, fingers, axe."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from lrcore.viz import live

# The extension is no installed package; it knows which node the build uses.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from tlr.katex import node_binary

REPLAY = """
const [a, live] = process.argv.slice(1).map(require);
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const exact = (key, value) => value === Infinity ? "inf" : Number.isNaN(value) ? "nan" : value;
process.stdout.write(JSON.stringify(cases.map((c) => {EXPRESSION}), exact));
"""

PAGE = """<!doctype html><html lang="en"{theme}><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A figure</title>
<style>{css}</style><style>html[data-theme=dark] {{ background: #14181e; color: #eee }}</style>
</head><body><main><h1>A figure</h1>{elements}</main><script>{js}</script></body></html>"""


def replay(name, cases, expression):
    """[(case, value of `expression`)] for cases c; `a` is what static/<name>.js exports, `live` live.js."""
    scripts = [str(live.FOLDER / f"{stem}.js") for stem in (name, "live")]
    done = subprocess.run(
        [node_binary(), "-e", REPLAY.replace("EXPRESSION", expression), *scripts],
        input=json.dumps(cases), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return list(zip(cases, json.loads(done.stdout, parse_int=float), strict=True))


def write_page(path, name, elements, theme="light"):
    """A page with these elements, themed unless `theme` is None."""
    theme = f' data-theme="{theme}"' if theme else ""
    page = PAGE.format(
        theme=theme, css=live.assets(name, "css"), js=live.assets(name, "js"), elements=elements
    )
    path.write_text(page, "utf-8")
    return path


def two_lives(monkeypatch, figure, caption=None):
    """The HTML of `figure` in a notebook, which brings its script, and in the book; and its text in both."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    figure(caption=caption)
    monkeypatch.setenv("LRCORE_BOOK", "1")
    figure(caption=caption)
    live, book = (data["text/html"] for data in shown)
    assert live.count("customElements.define") == 1 and "<style>" in live
    assert "<script" not in book and "<svg" in book and 'role="img"' in book and (caption or "") in book
    assert shown[0]["text/plain"] == shown[1]["text/plain"]
    return live, book, shown[0]["text/plain"]


def packed_size(name):
    """Bytes of the figure's own script and styles after gzip."""
    return sum(len(gzip.compress((live.FOLDER / f"{name}.{kind}").read_bytes())) for kind in ("js", "css"))


def read(page, name):
    return page.locator(f"[data-el={name}]").first.inner_text()


def press(page, name, *keys):
    page.locator(f"[data-el={name}]").first.focus()
    for key in keys:
        page.keyboard.press(key)


def drawn(page, name):
    """The points of a drawn line."""
    d = page.locator(f"[data-el={name}]").first.get_attribute("d")
    return [tuple(map(float, pair.split())) for pair in d.strip("M").split("L")]


def centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag_by_finger(page, dx, dy):
    """A finger takes the handle and moves it by so many pixels."""
    handle = page.locator("[data-el=handle]").first
    handle.scroll_into_view_if_needed()
    x, y = centre(handle)
    fingers = page.context.new_cdp_session(page)

    def touch(kind, *points):
        points = [{"x": px, "y": py} for px, py in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (x, y))
    for i in range(1, 13):
        touch("touchMove", (x + dx * i / 12, y + dy * i / 12))
    touch("touchEnd")


def assert_accessible(page, width):
    """No finding of axe, nothing wider than the page, no target smaller than 24 pixels, a quiet console."""
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('.lr-live :is(button, input, label:has(input))')]"
        ".filter(e => !e.closest('label') || e.localName === 'label').map(e => e.getBoundingClientRect())"
        ".filter(r => r.height > 0 && (r.height < 24 || r.width < 24)).length"
    )
    assert small == 0
    page.traffic.assert_clean()


def keys_that_leave(page, presses):
    """Press keys on elements, {name: keys}; those that the page around the figure hears."""
    page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown',"
        " e => { heard.push(e.key); if (e.key !== 'Tab') e.preventDefault(); }); }"
    )
    for name, keys in presses.items():
        press(page, name, *keys)
    return page.evaluate("heard")


def listen_to_announcements(page):
    page.evaluate(
        "() => { window.said = []; const live = document.querySelector('[data-el=live]');"
        "new MutationObserver(() => said.push(live.textContent)).observe(live, { childList: true }); }"
    )
