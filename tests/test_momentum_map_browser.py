"""The momentum map on a page from file://: mouse, touch, keys, read-outs, both themes, a phone."""

import numpy as np
import pytest
from live_figures import (
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

from lrcore.viz.momentum_map import checked_config, explorer, simulate

DEFAULTS = dict(kappa=10.0, eta=None, beta=0.9, form="classical", L=10.0, steps=60)


@pytest.fixture
def figure(open_page, tmp_path):
    """`figure(theme=..., width=..., config=...)` -> page with one map and, as `page.config`, what it got."""

    def open_(theme="light", width=900, config=None, **options):
        config = checked_config(**{**DEFAULTS, **(config or {})})
        path = write_page(tmp_path / "map.html", "momentum_map", explorer(config, "κ = 10"), theme)
        page = open_page(path, width=width, height=1000, **options)
        page.config = config
        return page

    return open_


def marker(page):
    return page.locator("[data-el=handle]").get_attribute("aria-valuetext")


def test_first_view_shows_a_pair_and_its_run(figure):
    page = figure()
    assert read(page, "verdict") == (
        "η = 0.1 = 1/L, β = 0.9. ρ = 0.949, set by both modes. "
        "The best pair, η = 0.231 and β = 0.27, has 0.519."
    )
    assert read(page, "regimeFlat").startswith("oscillating: complex roots")
    assert page.locator(".lr-live-caption").inner_text() == "κ = 10"
    assert page.locator(".lr-live-still").count() == 0
    page.traffic.assert_clean()


def test_the_drawn_run_is_that_of_lrcore(figure):
    page = figure(config={"form": "nesterov", "eta": 0.11, "beta": 0.6, "kappa": 80.0})
    width, height = (float(page.locator("[data-el=plot]").get_attribute(a)) for a in ("width", "height"))
    error = np.abs(simulate(page.config).x)
    for mode, name in enumerate(("flat", "steep")):
        points = np.array(drawn(page, name))
        np.testing.assert_allclose(points[:, 0], np.arange(61) * width / 60, atol=0.06)
        ours = height * (1 - (np.log10(error[:, mode]) + 6) / 9)
        seen = (points[:, 1] > 0) & (points[:, 1] < height)
        assert seen.sum() > 10
        np.testing.assert_allclose(points[seen, 1], ours[seen], atol=0.06)


@pytest.mark.parametrize(
    ("button", "says", "where"),
    [
        ("toBest", "The best pair: ρ = 0.519. The best rate without momentum reaches 0.818",
         "η = 0.231, β = 0.27"),
        ("toPlain", "ρ = 0.818, set by both modes.", "η = 0.182, β = 0"),
        ("toEdge", "η = 2(1+β)/L, the edge: swings for ever.", "η = 0.38, β = 0.9"),
    ],
)  # fmt: skip
def test_buttons_set_the_pair_exactly(figure, button, says, where):
    page = figure()
    page.locator(f"[data-el={button}]").click()
    assert says in read(page, "verdict") and marker(page) == where


def test_marker_by_mouse_and_keys(figure):
    page = figure()
    x, y = centre(page.locator("[data-el=handle]"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y + 80)
    page.mouse.up()
    dragged = marker(page)
    assert dragged != "η = 0.1, β = 0.9" and read(page, "verdict").startswith(dragged.split(",")[0])
    moved = centre(page.locator("[data-el=handle]"))
    assert moved == pytest.approx((x + 50, y + 80), abs=1)
    page.keyboard.press("Home")
    assert marker(page) == "η = 0.1, β = 0.9"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert marker(page) == "η = 0.102, β = 0.8"
    for _ in range(30):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
    assert marker(page) == "η = 0.42, β = 0.99"
    for _ in range(30):
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowDown")
    assert marker(page) == "η = 0.002, β = 0"
    page.traffic.assert_clean()


def test_a_click_runs_the_pair_under_it(figure):
    page = figure()
    box = page.locator("[data-el=area]").evaluate(
        "e => { const r = e.ownerSVGElement.getBoundingClientRect();"
        "const [x, y, w, h] = ['x', 'y', 'width', 'height'].map(a => +e.getAttribute(a));"
        "return [r.x + x, r.y + y, w, h] }"
    )
    before = drawn(page, "flat")
    page.mouse.click(box[0] + box[2] * 2.1 / 4.2, box[1] + box[3] * 0.5)
    eta, beta = (float(part.split(" = ")[1]) for part in marker(page).split(", "))
    assert (eta, beta) == pytest.approx((0.21, 0.5), abs=0.005)
    assert drawn(page, "flat") != before


def test_a_finger_drags_the_marker_and_not_the_page(figure):
    page = figure(width=390, has_touch=True, is_mobile=True)
    page.locator("[data-el=handle]").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    drag_by_finger(page, 60, 100)
    assert float(marker(page).split(" = ")[2]) < 0.65
    assert page.evaluate("scrollY") == scrolled


def test_the_same_numbers_in_another_form(figure):
    """EMA needs 1/(1 - beta) times the rate; Nesterov's edge lies before plain descent's."""
    page = figure(config={"eta": 0.3})
    page.get_by_label("EMA").check()
    assert marker(page) == "η = 0.3, β = 0.9" and "η = 0.316 and β = 0.27, has 0.519" in read(page, "verdict")
    page.get_by_label("Nesterov").check()
    assert "η > 2(1+β)/((1+2β)L): diverges." in read(page, "verdict")
    page.locator("[data-el=toEdge]").click()
    assert marker(page) == "η = 0.136, β = 0.9"
    page.get_by_label("Nesterov").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_label("EMA").is_checked()
    assert page.locator("[data-el=toEdge]").is_disabled()  # 38/L is far off the map
    page.locator("[data-el=reset]").click()
    assert page.get_by_label("classical").is_checked() and marker(page) == "η = 0.3, β = 0.9"


def test_a_rate_of_the_wide_map_comes_back_to_the_narrow_one(figure):
    page = figure(config={"form": "ema", "eta": 1.2})
    page.get_by_label("classical").check()
    assert marker(page) == "η = 0.42, β = 0.9"


def test_the_condition_slider_from_end_to_end(figure):
    page = figure()
    page.locator("[data-el=kappa]").focus()
    page.keyboard.press("End")
    assert read(page, "kappaOut") == "100" and "has 0.818." in read(page, "verdict")
    page.keyboard.press("Home")
    assert read(page, "kappaOut") == "1" and "η = 0.1 and β = 0, has 0." in read(page, "verdict")
    page.traffic.assert_clean()


def test_bands_and_lines_are_drawn(figure):
    page = figure()
    bands = page.locator("[data-el=levels] path")
    assert bands.count() >= 7
    names = page.locator("[data-el=names] text").all_text_contents()
    assert {"0.9", "0.8", "0.7", "diverges"} <= set(names)
    for name in ("swingFlat", "swingSteep", "border"):
        assert len(drawn(page, name)) > 50
    page.locator("[data-el=kappa]").focus()
    page.keyboard.press("End")
    assert bands.count() < 7


def test_keys_stay_inside(figure):
    page = figure()
    assert keys_that_leave(page, {"kappa": ["ArrowRight"], "handle": ["ArrowUp", "Tab"]}) == ["Tab"]
    assert marker(page) == "η = 0.1, β = 0.91"


def test_it_speaks_once_the_reader_pauses(figure):
    page = figure()
    listen_to_announcements(page)
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []  # neither opening nor turning the page is news
    page.locator("[data-el=handle]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1
    assert page.evaluate("said[0]").startswith("η = 0.12 = 1.2/L, β = 0.9. ρ = 0.949, set by both modes.")


def test_small_enough_to_send():
    assert packed_size("momentum_map") <= 8_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    page = figure(theme, width=width, dark=theme == "dark")
    assert_accessible(page, width)
    page.locator("[data-el=kappa]").evaluate("e => { e.value = 2; e.dispatchEvent(new Event('input')); }")
    page.get_by_label("EMA").check()
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-momentum-map .lr-live-still svg[role=img]").is_visible()
