"""Live figures as notebooks show them: each output brings its script, into a page that is complete."""

import json
import re

import pytest
from live_figures import live

from lrcore import viz

FILES = [path.stem for path in live.FOLDER.glob("*.js") if path.stem not in ("live", "frames")]
NAMES = sorted(stem for stem in FILES if "." not in stem)
PARTS = {
    "optimizer_race": ["methods", "surfaces"],
    "schedule_studio": ["address", "axes", "code", "formulas", "knob", "tails"],
}

# What JupyterLab does with an output: the markup first, then its scripts one after another.
OUTPUT = """(markup) => {
  const cell = document.createElement("div");
  cell.innerHTML = markup;
  document.body.append(cell);
  for (const dead of cell.querySelectorAll("script")) {
    const script = document.createElement("script");
    script.textContent = dead.textContent;
    dead.replaceWith(script);
  }
}"""


@pytest.fixture
def outputs(monkeypatch):
    """Output of a cell with the figure of that name and its default arguments."""

    def output(name):
        shown = []
        monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
        getattr(viz, name)()
        return shown[0]["text/html"]

    return output


@pytest.fixture
def notebook(tmp_path):
    """An empty page."""
    path = tmp_path / "notebook.html"
    path.write_text('<!doctype html><html lang="en"><meta charset="utf-8"><title>Notebook</title>', "utf-8")
    return path


def test_all_are_known():
    assert NAMES == [
        "descent",
        "line_paths",
        "momentum_map",
        "noise_ball",
        "optimizer_race",
        "precondition_bowl",
        "schedule_studio",
        "step_condition",
    ]


def test_cells_that_are_run_again_and_mixed(open_page, notebook, outputs):
    page = open_page(notebook, height=1000)
    for name in [*NAMES, *NAMES]:
        page.evaluate(OUTPUT, outputs(name))
    assert page.locator(".lr-live").count() == 2 * len(NAMES) and page.locator(".lr-live-still").count() == 0
    for figure in page.locator(".lr-live").all():
        assert len(figure.locator("[data-el=verdict]").inner_text()) > 40
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    page.locator("lr-noise-ball [data-el=step]").last.click()
    assert page.locator("lr-noise-ball [data-el=kOut]").last.inner_text() == "1 of 80"
    page.traffic.assert_clean()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_that_is_removed_and_put_back_lives_on(open_page, notebook, outputs, name):
    page = open_page(notebook, height=1000)
    page.evaluate(OUTPUT, outputs(name))
    slider, words = page.locator(".lr-live input[type=range]").first, page.locator(".lr-live-body")
    slider.focus()
    page.keyboard.press("End")
    left = words.inner_text()
    page.evaluate(
        "() => { const e = document.querySelector('.lr-live'), p = e.parentNode; e.remove(); p.append(e); }"
    )
    assert words.inner_text() == left
    slider.focus()
    page.keyboard.press("Home")
    assert words.inner_text() != left
    page.traffic.assert_clean()


@pytest.mark.parametrize("name", NAMES)
def test_the_book_links_what_the_figure_needs(name, outputs, monkeypatch):
    from tlr.figures import NEEDS

    monkeypatch.setenv("LRCORE_BOOK", "1")
    html = outputs(name)
    linked = [file for marker, files in NEEDS.items() if marker in html for file in files]
    parts = [f"{name}.{part}.js" for part in PARTS.get(name, [])]
    assert linked == ["live.js", *parts, f"{name}.js", "live.css", f"{name}.css"]
    config = json.loads(re.search(r'data-config="([^"]*)"', html)[1].replace("&quot;", '"'))
    assert config  # an element without data would stay dead


@pytest.mark.parametrize("name", NAMES)
def test_the_book_keeps_its_styles(name, outputs, monkeypatch):
    """It drops the rules of classes that stand in no page and in no script: a name put together is none."""
    monkeypatch.setenv("LRCORE_BOOK", "1")
    classes = set(re.findall(r"\.(lr-[\w-]+)", (live.FOLDER / f"{name}.css").read_text("utf-8")))
    written = set(re.findall(r"lr-[\w-]+", live.assets(name, "js") + outputs(name)))
    assert classes <= written, classes - written
