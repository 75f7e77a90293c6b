"""The two paths on a page from file://: mouse, touch, keys, read-outs, both themes, a phone."""

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

from lrcore.problems import BoydExp
from lrcore.viz.line_paths import both, checked_config, explorer


@pytest.fixture
def figure(open_page, tmp_path):
    """`figure(theme=..., width=..., start=..., ...)` -> page with the figure; `page.config` is its data."""

    def open_(theme="light", width=900, start=(-1.0, 1.0), alpha=0.1, beta=0.7, **options):
        config = checked_config(start, alpha, beta)
        path = write_page(tmp_path / "paths.html", "line_paths", explorer(config, "α = 0.1"), theme)
        page = open_page(path, width=width, height=1000, **options)
        page.config = config
        return page

    return open_


def place(page):
    return page.locator("[data-el=handle]").get_attribute("aria-valuetext")


def in_plane(page, points):
    """Pixels of the drawing to points of the plane."""
    width, height = page.locator("[data-el=plane]").evaluate("e => [e.clientWidth, e.clientHeight]")
    unit = min(width / 3.8, height / 2.6)
    return (np.array(points) - [width / 2, height / 2]) * [1, -1] / unit + [-0.5, 0]


def test_first_view_compares_the_searches(figure):
    page = figure()
    assert read(page, "verdict") == (
        "Backtracking needs 29 steps, exact search 11, for 183 and 102 evaluations along the lines. "
        "First rates: 0.0824 and 0.0449."
    )
    row = [read(page, f"{cell}Backtracking") for cell in ("steps", "evaluations", "turn", "factor")]
    assert row == ["29", "183", "146°", "0.41"]
    assert [read(page, f"{cell}Exact") for cell in ("steps", "turn", "factor")] == ["11", "90°", "0.095"]
    assert page.locator(".lr-live-caption").inner_text() == "α = 0.1"
    assert page.locator(".lr-live-still").count() == 0
    page.traffic.assert_clean()


def test_the_drawn_paths_are_those_of_lrcore(figure):
    page = figure(start=(0.9, -1.1), alpha=0.3, beta=0.5)
    for name, (path, _) in zip(("backtracking", "exact"), both(page.config), strict=True):
        np.testing.assert_allclose(in_plane(page, drawn(page, name)), path, atol=0.002)


def test_right_angles_look_right_and_levels_are_level(figure):
    page = figure(width=390)
    steps = np.diff(drawn(page, "exact"), axis=0)[:2]
    assert abs(steps[0] @ steps[1]) < 0.01 * np.hypot(*steps[0]) * np.hypot(*steps[1])
    lines = page.locator("[data-el=levels] path")
    assert lines.count() == 8
    d = lines.nth(4).get_attribute("d").strip("Mz").split("L")
    f = BoydExp().f(in_plane(page, [tuple(map(float, pair.split())) for pair in d]))
    assert f.max() / f.min() < 1.03


def test_start_by_mouse_and_keys(figure):
    page = figure()
    x, y = centre(page.locator("[data-el=handle]"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 50)
    page.mouse.up()
    assert place(page) != "across −1, up 1"
    assert centre(page.locator("[data-el=handle]")) == pytest.approx((x - 40, y + 50), abs=1)
    page.keyboard.press("Home")
    assert place(page) == "across −1, up 1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert place(page) == "across −0.95, up 0.5"
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
    assert place(page) == "across 1.3, up 1.2"
    for _ in range(12):
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowDown")
    assert place(page) == "across −2.3, up −1.2"
    page.traffic.assert_clean()


def test_a_finger_drags_the_start_and_not_the_page(figure):
    page = figure(width=390, has_touch=True, is_mobile=True)
    page.locator("[data-el=handle]").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    drag_by_finger(page, 50, 90)
    across, up = (float(part.split()[-1].replace("−", "-")) for part in place(page).split(","))
    assert across > -0.7 and up < 0.3
    assert page.evaluate("scrollY") == scrolled


def test_a_tap_moves_the_start(figure):
    page = figure(width=390, has_touch=True)
    box = page.locator("[data-el=plane]").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    assert place(page) == "across −0.5, up 0"


def test_named_starts(figure):
    page = figure()
    for start, slow, fast in (("1,1", "28", "16"), ("-2,1", "27", "21"), ("0.1,0.1", "24", "24")):
        button = page.locator(f"[data-start='{start}']")
        button.click()
        assert (read(page, "stepsBacktracking"), read(page, "stepsExact")) == (slow, fast)
        assert button.get_attribute("aria-pressed") == "true"
    assert read(page, "verdict").startswith("Both need 24 steps, for 157 and 182 evaluations")
    page.locator("[data-el=reset]").click()
    assert place(page) == "across −1, up 1"


def test_sliders_from_end_to_end(figure):
    page = figure()
    for name, ends in (("alpha", ("0.01", "0.49")), ("beta", ("0.05", "0.95"))):
        seen = []
        for key in ("Home", "End"):
            page.locator(f"[data-el={name}]").focus()
            page.keyboard.press(key)
            seen.append(read(page, name + "Out"))
            assert read(page, "stepsExact") == "11"
        assert tuple(seen) == ends
        page.locator("[data-el=reset]").click()
    assert read(page, "stepsBacktracking") == "29"
    page.traffic.assert_clean()


def test_a_start_beside_the_minimum(figure):
    page = figure(start=(-0.35, 0.0))
    assert read(page, "turnExact") == "–" and read(page, "stepsExact") == "1"
    page.traffic.assert_clean()


def test_keys_stay_inside(figure):
    page = figure()
    assert keys_that_leave(page, {"alpha": ["ArrowRight"], "handle": ["ArrowUp", "Tab"]}) == ["Tab"]
    assert read(page, "alphaOut") == "0.11" and place(page) == "across −1, up 1.05"


def test_it_speaks_once_the_reader_pauses(figure):
    page = figure()
    listen_to_announcements(page)
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []
    page.locator("[data-el=handle]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and page.evaluate("said[0]").startswith("Backtracking needs ")


def test_small_enough_to_send():
    assert packed_size("line_paths") <= 8_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    page = figure(theme, width=width, dark=theme == "dark", start=(1.0, 1.0), beta=0.95)
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-line-paths .lr-live-still svg[role=img]").is_visible()
