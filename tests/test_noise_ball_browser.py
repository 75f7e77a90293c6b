"""The noise ball on a page from file://: sliders, marks, time, read-outs, both themes, a phone."""

import numpy as np
import pytest
from live_figures import (
    assert_accessible,
    drawn,
    keys_that_leave,
    listen_to_announcements,
    packed_size,
    press,
    read,
    write_page,
)
from test_noise_ball import DEFAULTS

from lrcore.viz.noise_ball import checked_config, explorer, walk


@pytest.fixture
def figure(open_page, tmp_path):
    """`figure(theme=..., width=..., config=...)` -> page with a noise ball; `page.config` is its data."""

    def open_(theme="light", width=900, config=None, **options):
        config = checked_config(**{**DEFAULTS, **(config or {})})
        path = write_page(tmp_path / "ball.html", "noise_ball", explorer(config, "η = 0.4"), theme)
        page = open_page(path, width=width, height=1000, **options)
        page.config = config
        return page

    return open_


def cloud(page):
    """The dots, in units of the plane."""
    d = page.locator("[data-el=cloud]").get_attribute("d")
    dots = np.array([pair.split() for pair in d.replace("h0", "").strip("M").split("M")], float)
    width, height = page.locator("[data-el=plane]").evaluate("e => [e.clientWidth, e.clientHeight]")
    unit = min(width / 4, height / 3.2)
    return (dots - [width / 2, height / 2]) * [1, -1] / unit


def test_first_view_shows_the_ball(figure):
    page = figure()
    found = np.square(walk(page.config)[-1]).mean()
    assert read(page, "verdict") == (
        "η < 2/h: comes to rest in a ball. Its mean square is 0.167, 1.67 times the rule for small rates. "
        f"At step 80: measured {found:.3g}, closed form 0.167."
    )
    assert [read(page, name) for name in ("limitOut", "rule", "formNow")] == ["0.167", "0.1", "0.167"]
    assert page.locator(".lr-live-caption").inner_text() == "η = 0.4"
    assert page.locator(".lr-live-still").count() == 0
    page.traffic.assert_clean()


def test_the_dots_are_the_walkers(figure):
    page = figure(config={"walkers": 40})
    np.testing.assert_allclose(cloud(page), walk(page.config)[-1], atol=0.002)
    page.locator("[data-el=k]").focus()
    page.keyboard.press("Home")
    np.testing.assert_allclose(cloud(page), np.tile([1.6, 1.0], (40, 1)), atol=0.002)
    page.locator("[data-el=step]").click()
    np.testing.assert_allclose(cloud(page), walk(page.config)[1], atol=0.002)
    assert read(page, "kOut") == "1 of 80"


def test_circles_have_the_radii_of_the_numbers(figure):
    page = figure()
    unit = page.locator("[data-el=plane]").evaluate("e => Math.min(e.clientWidth / 4, e.clientHeight / 3.2)")
    limit = float(page.locator("[data-el=limit]").get_attribute("r")) / unit
    assert limit == pytest.approx(np.sqrt(2 / 6), abs=0.001)
    now = float(page.locator("[data-el=rms]").get_attribute("r")) / unit
    assert now == pytest.approx(np.sqrt(2 * np.square(walk(page.config)[-1]).mean()), abs=0.001)


def test_marks_set_the_rate_exactly(figure):
    page = figure()
    page.locator("[data-el=one]").click()
    assert read(page, "etaOut") == "0.5 = 1/h" and read(page, "limitOut") == "0.25"
    press(page, "h", "ArrowRight", "ArrowRight", "ArrowRight")
    assert read(page, "hOut") == "2.3" and read(page, "etaOut") == "0.5 = 1.15/h"
    page.locator("[data-el=edge]").click()
    assert read(page, "verdict").startswith(
        "η = 2/h: never comes to rest. The mean square grows by η²σ²/B = 0.756"
    )
    assert page.locator("[data-el=edge]").get_attribute("aria-pressed") == "true"
    assert read(page, "limitOut") == "∞" and page.locator("[data-el=limit]").is_hidden()


def test_each_slider_by_keyboard_from_end_to_end(figure):
    page = figure()
    seen = {}
    for name in ("eta", "h", "sigma", "batch"):
        press(page, name, "Home")
        low = read(page, name + "Out"), read(page, "verdict").split(".")[0]
        press(page, name, "End")
        seen[name] = (*low, read(page, name + "Out"), read(page, "verdict").split(".")[0])
        page.locator("[data-el=reset]").click()
    ball = "η < 2/h: comes to rest in a ball"
    assert seen == {
        "eta": ("0.01 = 0.02/h", ball, "2.2 = 4.4/h", "η > 2/h: diverges"),
        "h": ("1", ball, "5", "η = 2/h: never comes to rest"),
        "sigma": ("0", "No noise: converges to the minimum", "3", ball),
        "batch": ("1", ball, "256", ball),
    }
    assert read(page, "etaOut") == "0.4 = 0.8/h"
    page.traffic.assert_clean()


def test_a_larger_batch_makes_the_ball_smaller(figure):
    page = figure()
    wide = np.square(cloud(page)).mean()
    press(page, "batch", *["ArrowRight"] * 4)
    assert read(page, "batchOut") == "16" and read(page, "limitOut") == "0.0104"
    # the same random numbers, a quarter of the noise, once the start is forgotten
    assert np.square(cloud(page)).mean() * 16 == pytest.approx(wide, rel=0.05)


def test_far_beyond_the_edge_nothing_breaks(figure):
    page = figure(config={"eta": 2.2, "h": 5.0, "steps": 300})
    assert read(page, "verdict").startswith(
        "η > 2/h: diverges. The mean square grows by (1 − ηh)² = 100 a step."
    )
    press(page, "k", "Home", *["ArrowRight"] * 5)
    page.traffic.assert_clean()


def test_play_pause_and_step(figure):
    page = figure(config={"steps": 12})
    play = page.locator("[data-el=play]")
    play.click()
    page.wait_for_function("Number(document.querySelector('[data-el=k]').value) >= 3")
    assert read(page, "play") == "Pause"
    play.click()
    held = int(read(page, "kOut").split()[0])
    page.wait_for_timeout(300)
    assert int(read(page, "kOut").split()[0]) == held and read(page, "play") == "Play"
    page.locator("[data-el=step]").click()
    assert read(page, "kOut") == f"{held + 1} of 12"
    play.click()
    page.wait_for_function("document.querySelector('[data-el=play]').textContent === 'Play'", timeout=15_000)
    assert read(page, "kOut") == "12 of 12"
    page.locator("[data-el=step]").click()
    assert read(page, "kOut") == "1 of 12"


def test_reduced_motion_offers_no_animation(figure):
    page = figure(reduced_motion="reduce")
    assert page.locator("[data-el=play]").is_hidden() and page.locator("[data-el=step]").is_visible()


def test_the_curves_are_measured_and_expected(figure):
    page = figure()
    height = float(page.locator("[data-el=plot]").get_attribute("height"))
    found = 10 ** (1 - 6 * np.array(drawn(page, "curve"))[:, 1] / height)
    np.testing.assert_allclose(found, np.square(walk(page.config)).mean((1, 2)), rtol=0.01)
    form = 10 ** (1 - 6 * np.array(drawn(page, "form"))[:, 1] / height)
    np.testing.assert_allclose(form[[0, -1]], [1.78, 1 / 6], rtol=0.01)


def test_keys_stay_inside(figure):
    page = figure()
    assert keys_that_leave(page, {"eta": ["ArrowRight"], "batch": ["ArrowUp", "Tab"]}) == ["Tab"]
    assert read(page, "batchOut") == "2"


def test_it_speaks_once_the_reader_pauses(figure):
    page = figure()
    listen_to_announcements(page)
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []
    press(page, "eta", *["ArrowRight"] * 10)
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and "Its mean square is 0.25" in page.evaluate("said[0]")


def test_small_enough_to_send():
    assert packed_size("noise_ball") <= 8_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    page = figure(theme, width=width, dark=theme == "dark", config={"h": 5.0, "eta": 0.39})
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-noise-ball .lr-live-still svg[role=img]").is_visible()
