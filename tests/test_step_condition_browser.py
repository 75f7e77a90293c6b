"""The accepted steps on a page from file://: mouse, touch, keys, read-outs, both themes, a phone."""

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
    press,
    read,
    write_page,
)
from numpy.polynomial import Polynomial

from lrcore.viz.step_condition import TWO_DIPS, checked_config, explorer

DEFAULTS = dict(phi=TWO_DIPS, t=0.05, c1=0.1, c2=0.2, shrink=0.5, t0=1.0, reach=1.1)


@pytest.fixture
def figure(open_page, tmp_path):
    """`figure(theme=..., width=..., config=...)` -> page with the figure."""

    def open_(theme="light", width=900, config=None, **options):
        config = checked_config(**{**DEFAULTS, **(config or {})})
        path = write_page(tmp_path / "step.html", "step_condition", explorer(config, "c₁ = 0.1"), theme)
        return open_page(path, width=width, height=1100, **options)

    return open_


def step(page):
    return float(page.locator("[data-el=handle]").get_attribute("aria-valuenow"))


def answers(page):
    return [read(page, f"yes{i}") for i in range(4)]


def test_first_view_shows_a_step_that_is_too_short(figure):
    page = figure()
    assert read(page, "verdict") == (
        "t = 0.05: accepted by Armijo, Goldstein, refused by Wolfe, strong Wolfe. φ(t) = 0.841. "
        "Backtracking tries 1, 0.5, 0.25 and takes the last."
    )
    assert answers(page) == ["yes", "no", "no", "yes"]
    assert [read(page, f"set{i}") for i in (0, 3)] == [
        "(0, 0.456] ∪ [0.6, 0.877]",
        "[0.0231, 0.456] ∪ [0.6, 0.877]",
    ]
    assert page.locator(".lr-live-caption").inner_text() == "c₁ = 0.1"
    assert page.locator(".lr-live-still").count() == 0
    page.traffic.assert_clean()


def test_curve_line_and_bars_stand_where_the_numbers_say(figure):
    page = figure()
    size = {a: float(page.locator("[data-el=area]").get_attribute(a)) for a in ("x", "y", "width", "height")}
    curve, upper = np.array(drawn(page, "phi")), np.array(drawn(page, "upper"))
    phi = Polynomial(TWO_DIPS)
    t = curve[:, 0] / size["width"] * 1.1
    # two points of the curve fix the scale of the axis
    scale = (curve[0, 1] - curve[50, 1]) / (phi(t[50]) - phi(0))
    seen = (curve[:, 1] > -1000) & (t < 1.05)
    np.testing.assert_allclose(curve[seen, 1], curve[0, 1] - scale * (phi(t[seen]) - 1), atol=0.3)
    assert upper[1, 1] == pytest.approx(curve[0, 1] - scale * 0.1 * 1.1 * -4, abs=0.2)
    bars = page.locator("[data-el=rows] rect")
    first = [float(bars.nth(0).get_attribute(a)) for a in ("x", "width")]
    assert first == pytest.approx([size["x"], size["width"] * 0.4558 / 1.1], abs=0.3)
    lefts = [float(bar.get_attribute("x")) - size["x"] for bar in bars.all()]
    rows = [0, 0.6, 0.122, 0.6, 0.716, 0.122, 0.6, 0.716, 0.0231, 0.6]  # two, three, three and two bars
    np.testing.assert_allclose(np.array(lefts) / size["width"] * 1.1, rows, atol=0.001)
    tried = page.locator("[data-el=tried] circle")
    across = {round((float(c.get_attribute("cx")) - size["x"]) / size["width"] * 1.1, 2) for c in tried.all()}
    assert across == {0.25, 0.5, 1.0}
    taken = page.locator(".lr-step-condition-taken").first
    assert (float(taken.get_attribute("cx")) - size["x"]) / size["width"] * 1.1 == pytest.approx(
        0.25, abs=0.001
    )


def test_step_by_mouse_and_keys(figure):
    page = figure()
    x, y = centre(page.locator("[data-el=handle]"))
    width = float(page.locator("[data-el=area]").get_attribute("width"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.25 / 1.1 * width, y - 10)
    page.mouse.up()
    assert step(page) == pytest.approx(0.3, abs=0.003) and answers(page) == ["yes"] * 4
    assert "accepted by all." in read(page, "verdict")
    page.keyboard.press("Home")
    assert step(page) == 0.05
    page.keyboard.press("ArrowRight")
    assert step(page) == 0.061
    page.keyboard.press("Shift+ArrowUp")
    assert step(page) == 0.171
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    assert step(page) == 1.1 and answers(page) == ["no"] * 4
    for _ in range(15):
        page.keyboard.press("Shift+ArrowLeft")
    assert step(page) == 0.001
    page.traffic.assert_clean()


def test_a_step_on_the_bump_is_refused_by_all(figure):
    page = figure(config={"t": 0.5})
    assert "refused by all. φ(t) = 0.813 lies above Armijo’s line, 0.8." in read(page, "verdict")


def test_a_finger_drags_the_step_and_not_the_page(figure):
    page = figure(width=390, has_touch=True, is_mobile=True)
    page.locator("[data-el=handle]").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    drag_by_finger(page, 120, 60)
    assert step(page) > 0.3
    assert page.evaluate("scrollY") == scrolled


def test_constants_move_the_intervals(figure):
    page = figure()
    press(page, "c1", *["ArrowRight"] * 20)
    assert read(page, "c1Out") == "0.3" and read(page, "c2Out") == "0.31"  # c2 stays above c1
    assert read(page, "set0").startswith("(0, 0.2") and "∪" not in read(page, "set0")
    press(page, "c1", "End")
    assert (read(page, "c1Out"), read(page, "c2Out"), read(page, "set3")) == ("0.9", "0.91", "needs c₁ < ½")
    press(page, "c2", "Home")
    assert (read(page, "c1Out"), read(page, "c2Out")) == ("0.01", "0.02")
    press(page, "c2", "End")
    assert read(page, "c2Out") == "0.99"
    page.locator("[data-el=reset]").click()
    assert (read(page, "c1Out"), read(page, "c2Out")) == ("0.1", "0.2")
    page.traffic.assert_clean()


def test_shrinking_changes_the_trials(figure):
    page = figure()
    press(page, "shrink", "End")
    assert read(page, "shrinkOut") == "0.95"
    assert "Backtracking tries 1, 0.95, 0.902, 0.857 and takes the last." in read(page, "verdict")
    press(page, "shrink", "Home")
    assert "Backtracking tries 1, 0.1 and takes the last." in read(page, "verdict")


def test_keys_stay_inside(figure):
    page = figure()
    assert keys_that_leave(page, {"c1": ["ArrowRight"], "handle": ["ArrowUp", "Tab"]}) == ["Tab"]
    assert read(page, "c1Out") == "0.11" and step(page) > 0.05


def test_it_speaks_once_the_reader_pauses(figure):
    page = figure()
    listen_to_announcements(page)
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []
    press(page, "handle", *["ArrowRight"] * 10)
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and page.evaluate("said[0]").startswith("t = 0.1")


def test_small_enough_to_send():
    assert packed_size("step_condition") <= 8_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    page = figure(theme, width=width, dark=theme == "dark")
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-step-condition .lr-live-still svg[role=img]").is_visible()
