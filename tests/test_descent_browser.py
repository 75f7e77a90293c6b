"""The descent explorer on a page from file://: mouse, touch, keys, read-outs, both themes, a phone."""

import re

import numpy as np
import pytest
from live_figures import (
    Axe,
    assert_accessible,
    centre,
    drag_by_finger,
    drawn,
    keys_that_leave,
    listen_to_announcements,
    packed_size,
    read,
    write_page,
)

from lrcore.viz.descent import checked_config, simulate
from lrcore.viz.descent import explorer as explorer_html

DEFAULTS = dict(kappa=10.0, eta=None, beta=0.0, start=(-2.5, 0.6), L=10.0, angle=0.4, steps=60, momentum=True)


@pytest.fixture
def explorer(open_page, tmp_path):
    """`explorer(theme=..., width=..., n=..., config=...)` -> page with n explorers, themed unless None."""

    def open_(theme="light", n=1, width=900, config=None, **options):
        text = explorer_html(checked_config(**{**DEFAULTS, **(config or {})}), "κ = 10, η = 0.17")
        path = write_page(tmp_path / "descent.html", "descent", text * n, theme)
        return open_page(path, width=width, height=1000, **options)

    return open_


def path(page):
    return page.locator("[data-el=line]").first.get_attribute("d")


def test_first_view_shows_the_whole_path(explorer):
    page = explorer()
    assert read(page, "verdict").startswith("1/L < η < 2/L: overshoots, and still converges.")
    assert read(page, "etaOut") == "0.17 = 1.7/L"
    assert path(page).count("L") > 40
    assert page.locator(".lr-live-caption").inner_text() == "κ = 10, η = 0.17"
    assert page.locator(".lr-live-still").count() == 0
    page.traffic.assert_clean()


def test_the_drawn_path_is_the_run_of_lrcore(explorer):
    """Rotation and all: the iterates in the plane, first axis to the right, second axis up."""
    config = checked_config(**{**DEFAULTS, "angle": -0.7, "beta": 0.4, "eta": 0.22, "start": (1.5, 1.75)})
    page = explorer(config={name: config[name] for name in ("angle", "beta", "eta", "start")})
    _, expected = simulate(config)
    points = np.array(drawn(page, "line"))
    width, height = page.locator(".lr-live-plane > svg").evaluate("e => [e.clientWidth, e.clientHeight]")
    scale = (points[0, 0] - width / 2) / 1.5
    plane = (points - [width / 2, height / 2]) * [1, -1] / scale
    assert len(plane) > 10
    np.testing.assert_allclose(plane, expected.x[: len(plane)], atol=0.1 / scale)


@pytest.mark.parametrize(
    ("mark", "verdict", "steep"),
    [
        ("one", "η = 1/L: one step finishes the steep direction. The flat one shrinks by 0.9", "one step"),
        ("best", "η = 2/(μ+L), the best fixed rate for the worst start. Both directions shrink by 0.818",
         "alternating"),
        ("edge", "η = 2/L, the edge: swings for ever. The steep direction neither shrinks nor grows", "edge"),
    ],
)  # fmt: skip
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
    x, y = centre(handle)
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


def test_keys_stay_inside(explorer):
    """A notebook moves its cells at the arrow keys and keeps them from the slider, a theme turns the page."""
    page = explorer()
    assert keys_that_leave(page, {"eta": ["ArrowRight"], "handle": ["ArrowRight", "Tab"]}) == ["Tab"]
    assert read(page, "etaOut") == "0.171 = 1.71/L"


def test_a_tap_moves_the_start(explorer):
    page = explorer(width=390, has_touch=True)
    box = page.locator(".lr-live-plane > svg").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    said = page.locator("[data-el=handle]").get_attribute("aria-valuetext")
    assert re.fullmatch(r"across (0|−?0\.0\d), up 1\.\d+", said)


def test_a_finger_drags_the_start_and_not_the_page(explorer):
    page = explorer(width=390, has_touch=True, is_mobile=True)
    handle = page.locator("[data-el=handle]")
    handle.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    drag_by_finger(page, 48, 96)
    # 96 pixels down: 2 units and more, which only a drag that was not taken for scrolling can reach
    assert float(handle.get_attribute("aria-valuetext").split()[-1].replace("−", "-")) < -0.9
    assert page.evaluate("scrollY") == scrolled


def test_momentum_moves_the_edge(explorer):
    page = explorer(config={"beta": 0.5, "eta": 0.25})
    assert read(page, "verdict").startswith("η < 2(1+β)/L: converges. In the long run the error shrinks by ")
    assert [read(page, name) for name in ("one", "best", "edge")] == ["1/L", "2(1+β)/(μ+L)", "2(1+β)/L"]
    page.locator("[data-el=edge]").click()
    assert read(page, "etaOut") == "0.3 = 3/L" and read(page, "regimeSteep").startswith("edge")
    page.locator("[data-el=best]").click()
    # the square root of beta, in both modes: 0.5 ** 0.5
    assert read(page, "factorFlat") == read(page, "factorSteep") == "0.707"
    page.locator("[data-el=beta]").focus()
    page.keyboard.press("Home")
    assert read(page, "verdict").startswith("η > 2/L: diverges.") and read(page, "edge") == "2/L"


def test_a_start_without_a_steep_part_hides_divergence(explorer):
    page = explorer(config={"angle": 0.0, "start": [2.0, 0.0], "eta": 0.3})
    assert "This start has no steep part" in read(page, "verdict")
    assert "f falls below 10⁻⁸" in read(page, "verdict")


def test_one_step_finishes_a_round_bowl(explorer):
    page = explorer(config={"kappa": 1.0, "eta": 0.1, "angle": 0.0})
    assert read(page, "verdict").startswith("η = 1/L and κ = 1: one step finishes.")
    assert read(page, "kOut") == "1 of 1"


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


def test_play_can_be_paused_and_taken_up(explorer):
    page = explorer()
    page.locator("[data-el=play]").click()
    page.wait_for_function("Number(document.querySelector('[data-el=k]').value) >= 3")
    assert read(page, "play") == "Pause"
    page.locator("[data-el=play]").click()
    held = read(page, "kOut")
    page.wait_for_timeout(400)
    assert read(page, "kOut") == held and read(page, "play") == "Play"
    page.locator("[data-el=step]").click()
    assert int(read(page, "kOut").split()[0]) == int(held.split()[0]) + 1


def test_the_step_slider_goes_back_and_forth(explorer):
    page = explorer()
    page.locator("[data-el=k]").focus()
    page.keyboard.press("Home")
    assert read(page, "kOut") == "0 of 52" and path(page).count("L") == 0
    page.keyboard.press("ArrowRight")
    assert path(page).count("L") == 1 and "Step 1: f\u00a0=\u00a0" in read(page, "verdict")
    page.locator("[data-el=one]").click()  # what one step does is what this reader compares
    assert read(page, "kOut").startswith("1 of ")
    page.locator("[data-el=k]").focus()
    page.keyboard.press("End")
    # 0.9 ** 120 of the flat part at the start
    assert read(page, "verdict").endswith("f\u00a0=\u00a06.91\u00a0·\u00a010⁻⁶ after 60 steps.")


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
    listen_to_announcements(page)
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []  # neither opening nor turning the page is news
    page.locator("[data-el=eta]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.locator("[data-el=edge]").click()
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and "swings for ever" in page.evaluate("said[0]")


@pytest.mark.parametrize(("theme", "system", "dark"), [
    (None, "dark", True), (None, "light", False), ("light", "dark", False), ("dark", "light", True),
])  # fmt: skip
def test_dark_by_theme_and_otherwise_by_system(explorer, theme, system, dark):
    page = explorer(theme, dark=system == "dark")
    paper, ink = page.locator("lr-descent").evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        ".map(c => c.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0))"
    )
    assert (paper < ink) == dark
    assert not Axe().run(page).response["violations"]


def test_small_enough_to_send():
    assert packed_size("descent") <= 8_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("config", [{}, {"L": 0.0777, "kappa": 33.3, "eta": 20.0, "beta": 0.99}])
def test_accessible_and_in_its_place(explorer, theme, width, config):
    page = explorer(theme, width=width, dark=theme == "dark", config=config)
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(explorer):
    page = explorer(java_script_enabled=False)
    assert page.locator("lr-descent .lr-live-still svg[role=img]").is_visible()
    assert page.locator("noscript").count() == 1


def test_the_scale_shows_its_zones(explorer):
    page = explorer()
    colours = page.locator(".lr-live-zones span").evaluate_all(
        "spans => spans.map(s => getComputedStyle(s).backgroundColor + getComputedStyle(s).backgroundImage)"
    )
    assert len(colours) == 3 and len(set(colours)) == 3
