"""The descent explorer on a page from file://: mouse, touch, keys, read-outs, both themes, a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from lrcore.viz.descent import FOLDER, checked_config, element

DEFAULTS = dict(kappa=10.0, eta=None, beta=0.0, start=(-2.5, 0.6), L=10.0, angle=0.4, steps=60, momentum=True)
PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Descent</title>
<style>{css}</style><style>html[data-theme=dark] {{ background: #14181e; color: #eee }}</style>
</head><body><main><h1>Descent</h1>{elements}</main><script>{js}</script></body></html>"""


@pytest.fixture
def explorer(open_page, tmp_path):
    """`explorer(theme=..., width=..., n=..., **config)` -> page with n explorers."""

    def open_(theme="light", n=1, width=900, config=None, **options):
        path = tmp_path / "descent.html"
        text = element(checked_config(**{**DEFAULTS, **(config or {})}), "κ = 10, η = 0.17")
        css, js = ((FOLDER / f"descent.{kind}").read_text("utf-8") for kind in ("css", "js"))
        path.write_text(PAGE.format(theme=theme, css=css, js=js, elements=text * n), "utf-8")
        return open_page(path, width=width, height=1000, **options)

    return open_


def read(page, name):
    return page.locator(f"[data-el={name}]").first.inner_text()


def path(page):
    return page.locator("[data-el=line]").first.get_attribute("d")


def test_first_view_shows_the_whole_path(explorer):
    page = explorer()
    assert read(page, "verdict").startswith("1/L < η < 2/L: the steep direction overshoots")
    assert read(page, "etaOut") == "0.17 = 1.7/L"
    assert path(page).count("L") > 40
    assert page.locator(".lr-descent-caption").inner_text() == "κ = 10, η = 0.17"
    assert page.locator(".lr-descent-still").count() == 0
    page.traffic.assert_clean()


@pytest.mark.parametrize(
    ("mark", "verdict", "steep"),
    [
        ("one", "η = 1/L: one step finishes the steep direction", "one step"),
        ("best", "η = 2/(μ+L), the best fixed rate: both directions shrink by 0.818", "alternating"),
        ("edge", "η = 2/L, the edge: the steep direction swings for ever", "edge"),
    ],
)
def test_marks_set_the_rate_exactly(explorer, mark, verdict, steep):
    page = explorer()
    page.locator(f"[data-el={mark}]").click()
    assert read(page, "verdict").startswith(verdict)
    assert read(page, "regimeSteep").startswith(steep)
    assert page.locator(f"[data-el={mark}]").get_attribute("aria-pressed") == "true"


def test_each_slider_by_keyboard_from_end_to_end(explorer):
    page = explorer()
    seen = {}
    for name, out in (("eta", "etaOut"), ("kappa", "kappaOut"), ("beta", "betaOut")):
        page.locator(f"[data-el={name}]").focus()
        page.keyboard.press("Home")
        low = read(page, out)
        page.keyboard.press("End")
        seen[name] = (low, read(page, out), read(page, "verdict"))
        page.locator("[data-el=reset]").click()
    assert seen["eta"][:2] == ("0.002 = 0.02/L", "0.42 = 4.2/L")
    assert seen["eta"][2].startswith("η > 2/L: diverges. The steep direction grows by 3.2 a step.")
    assert seen["kappa"][:2] == ("1", "100")
    assert seen["beta"][:2] == ("0", "0.99") and seen["beta"][2].startswith("η < 2(1+β)/L: converges")
    assert read(page, "etaOut") == "0.17 = 1.7/L"
    page.traffic.assert_clean()


def test_start_by_mouse_and_keys(explorer):
    page = explorer()
    handle = page.locator("[data-el=handle]")
    before = path(page)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30)
    page.mouse.up()
    dragged = handle.get_attribute("aria-valuetext")
    assert dragged != "across −2.5, up 0.6" and path(page) != before
    page.keyboard.press("Home")
    assert handle.get_attribute("aria-valuetext") == "across −2.5, up 0.6"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert handle.get_attribute("aria-valuetext") == "across −2.45, up 0.1"
    for _ in range(20):
        page.keyboard.press("Shift+ArrowLeft")
    assert handle.get_attribute("aria-valuetext") == "across −3, up 0.1"


def test_a_tap_moves_the_start(explorer):
    page = explorer(width=390, has_touch=True)
    box = page.locator(".lr-descent-bowl > svg").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    said = page.locator("[data-el=handle]").get_attribute("aria-valuetext")
    assert re.fullmatch(r"across (0|−?0\.0\d), up 1\.\d+", said)


def test_step_play_and_reset(explorer):
    page = explorer(config={"steps": 30})
    step, play = page.locator("[data-el=step]"), page.locator("[data-el=play]")
    step.click()
    assert read(page, "kOut").startswith("1 of") and path(page).count("L") == 1
    step.click()
    assert path(page).count("L") == 2
    play.click()
    page.wait_for_function("document.querySelector('[data-el=play]').textContent === 'Play'", timeout=15_000)
    k, last = read(page, "kOut").split(" of ")
    assert k == last
    page.locator("[data-el=one]").click()
    page.locator("[data-el=reset]").click()
    assert read(page, "etaOut") == "0.17 = 1.7/L"


def test_play_stops_at_divergence(explorer):
    page = explorer(config={"eta": 0.3})
    page.locator("[data-el=play]").click()
    page.wait_for_function("document.querySelector('[data-el=play]').textContent === 'Play'", timeout=15_000)
    assert "f exceeds" in read(page, "verdict") and "diverging" in read(page, "regimeSteep")


def test_reduced_motion_offers_no_animation(explorer):
    page = explorer(reduced_motion="reduce")
    assert page.locator("[data-el=play]").is_hidden()
    assert path(page).count("L") > 40


def test_two_on_a_page_do_not_share(explorer):
    page = explorer(n=2)
    second = page.locator("lr-descent").nth(1)
    second.locator("[data-el=edge]").click()
    assert read(page, "etaOut") == "0.17 = 1.7/L"
    assert second.locator("[data-el=etaOut]").inner_text() == "0.2 = 2/L"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_it_speaks_once_the_reader_pauses(explorer):
    page = explorer()
    page.locator("[data-el=edge]").click()
    page.wait_for_function("document.querySelector('[data-el=live]').textContent.includes('swings for ever')")


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(explorer, theme, width):
    page = explorer(theme, width=width, dark=theme == "dark")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('lr-descent :is(button, input)')].map(e => e.getBoundingClientRect())"
        ".filter(r => r.height > 0 && (r.height < 24 || r.width < 24)).length"
    )
    assert small == 0


def test_without_scripts_the_drawing_stands(explorer):
    page = explorer(java_script_enabled=False)
    assert page.locator("lr-descent .lr-descent-still svg[role=img]").is_visible()
    assert page.locator("noscript").count() == 1


def test_the_scale_shows_its_zones(explorer):
    page = explorer()
    colours = page.locator(".lr-descent-zones span").evaluate_all(
        "spans => spans.map(s => getComputedStyle(s).backgroundColor + getComputedStyle(s).backgroundImage)"
    )
    assert len(colours) == 3 and len(set(colours)) == 3
