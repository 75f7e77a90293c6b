"""Precondition the bowl on a page from file://: every control, both planes, both themes, a phone."""

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
from test_precondition_bowl import DEFAULTS, NAMES

from lrcore.problems import Quadratic
from lrcore.viz.precondition_bowl import bowl, checked_config, explorer, simulate


@pytest.fixture
def figure(open_page, tmp_path):
    """`figure(theme=..., width=..., config=...)` -> page with a bowl; `page.config` is its data."""

    def open_(theme="light", width=900, config=None, **options):
        config = checked_config(**{**DEFAULTS, **(config or {})})
        path = write_page(tmp_path / "bowl.html", "precondition_bowl", explorer(config, "κ = 25"), theme)
        page = open_page(path, width=width, height=1200, **options)
        page.config = config
        return page

    return open_


def choose(page, name):
    page.locator(f"[data-el=kinds] [value={name}]").click()


def column(page, cell):
    return [read(page, f"{cell}-{name}") for name in NAMES]


def unit(page):
    width, height = page.locator("[data-el=plane]").evaluate("e => [e.clientWidth, e.clientHeight]")
    return np.array([width, height]), min(width / 6, height / 4.8)


def points(page, part):
    """A drawn path, in units of the plane."""
    size, scale = unit(page)
    return (np.array(drawn(page, part)) - size / 2) * [1, -1] / scale


def start(page):
    return page.locator("[data-el=place]").text_content()


def test_first_view(figure):
    page = figure()
    _, steps = simulate(page.config, "diagonal")
    assert (
        read(page, "verdict") == f"The diagonal takes κ from 25 to 11.4. f ≤ 10⁻⁶ f(x₀) after {steps} steps."
    )
    assert column(page, "after") == ["25", "11.4", "1"]
    assert column(page, "best") == ["0.0769", "1", "1"] and column(page, "edge") == ["0.08", "1.09", "2"]
    assert column(page, "steps") == [str(simulate(page.config, name)[1]) for name in NAMES]
    assert [read(page, f"{name}Out") for name in ("kappa", "degrees", "rate")] == [
        "25",
        "20°",
        "1 × the best = 1",
    ]
    assert page.locator(".lr-live-caption").inner_text() == "κ = 25"
    assert page.locator(".lr-live-still").count() == 0
    page.traffic.assert_clean()


@pytest.mark.parametrize("name", NAMES)
def test_the_paths_in_both_coordinates(figure, name):
    page = figure(config={"precondition": name})
    r, steps = simulate(page.config, name)
    x = r.x[: steps + 1]
    np.testing.assert_allclose(points(page, "xPath"), x, atol=0.01)
    H = bowl(page.config).H
    lam, Q = np.linalg.eigh({"none": np.eye(2), "diagonal": np.diag(np.diag(H)), "full": H}[name])
    root = Q * np.sqrt(lam) @ Q.T
    z = x @ root / np.sqrt(np.linalg.det(root))  # areas as in x
    z /= max(1, *np.abs(z[0]) / (0.92 * 3, 0.92 * 2.4))  # smaller where the start would be outside
    np.testing.assert_allclose(points(page, "zPath"), z, atol=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_level_lines_in_both_coordinates(figure, name):
    """Lines of x are levels of f; those of z are round exactly when the preconditioner heals."""
    page = figure(config={"precondition": name, "kappa": 9.0})
    size, scale = unit(page)

    def ring(part, i):
        d = page.locator(f"[data-el={part}Levels] path").nth(i).get_attribute("d")
        corners = np.array([pair.split() for pair in d.strip("Mz").split("L")], float)
        return (corners - size / 2) * [1, -1] / scale

    f = bowl(page.config).f(ring("x", 4))
    np.testing.assert_allclose(f, f.mean(), rtol=0.02)
    f0 = bowl(page.config).f(np.array(page.config["start"]))
    assert f.mean() == pytest.approx(0.65 * f0, rel=0.01)
    radius = np.linalg.norm(ring("z", 4), axis=1)
    shape = (radius.max() / radius.min()) ** 2
    assert shape == pytest.approx(float(read(page, f"after-{name}")), rel=0.03)
    # the path's start lies on the level line of f at the start in both
    if name == "full":
        z = points(page, "zPath")[0]
        assert np.linalg.norm(ring("z", 3), axis=1).mean() == pytest.approx(np.linalg.norm(z), rel=0.01)


def test_along_the_axes_and_at_45_degrees(figure):
    page = figure()
    page.locator("[data-el=flat]").click()
    assert read(page, "verdict") == (
        "The bowl lies along the axes: the diagonal heals it entirely, from κ = 25 to 1. "
        "f ≤ 10⁻⁶ f(x₀) after 1 step."
    )
    assert column(page, "after") == ["25", "1", "1"]
    page.locator("[data-el=half]").click()
    assert read(page, "verdict").startswith(
        "Turned by 45° the diagonal of H is constant: it heals nothing, κ stays 25. f ≤ 10⁻⁶ f(x₀) after"
    )
    assert column(page, "after") == ["25", "25", "1"] and read(page, "degreesOut") == "45°"
    none, diagonal, full = column(page, "steps")
    assert none == diagonal and full == "1" and int(none) > 50
    assert page.locator("[data-el=half]").get_attribute("aria-pressed") == "true"
    assert points(page, "zPath") == pytest.approx(points(page, "xPath"), abs=0.01)
    press(page, "degrees", "End")
    assert column(page, "after") == ["25", "1", "1"]


def test_the_other_preconditioners_are_named(figure):
    page = figure()
    choose(page, "none")
    assert read(page, "verdict").startswith("Plain descent sees κ = 25. f ≤ 10⁻⁶ f(x₀) after ")
    assert read(page, "zHead") == "In z = x: nothing is changed"
    choose(page, "full")
    assert read(page, "verdict").startswith("Newton’s method makes every bowl round: κ goes from 25 to 1.")
    assert "plain descent" in read(page, "zHead")
    choose(page, "diagonal")
    press(page, "kappa", "Home")
    assert read(page, "verdict").startswith("κ = 1: there is nothing to heal.")


def test_each_slider_from_end_to_end(figure):
    page = figure()
    seen = {}
    for name in ("kappa", "degrees", "rate"):
        press(page, name, "Home")
        low = read(page, f"{name}Out"), *column(page, "steps")
        press(page, name, "End")
        seen[name] = low, (read(page, f"{name}Out"), *column(page, "steps"))
        page.locator("[data-el=reset]").click()
    changed = {
        "kappa": ({"kappa": 1.0}, {"kappa": 100.0}),
        "degrees": ({"degrees": 0.0}, {"degrees": 90.0}),
        "rate": ({"rate": 0.05}, {"rate": 2.2}),
    }
    words = {
        "kappa": ("1", "100"), "degrees": ("0°", "90°"),
        "rate": ("0.05 × the best = 0.05", "2.2 × the best = 2.2"),
    }  # fmt: skip
    for name, ends in changed.items():
        for change, found, said in zip(ends, seen[name], words[name], strict=True):
            known = [simulate(checked_config(**{**DEFAULTS, **change}), each)[1] for each in NAMES]
            assert found[0] == said
            told = [int(steps) if steps.isdigit() else None for steps in found[1:]]
            assert told == known, change
    assert read(page, "kappaOut") == "25"
    page.traffic.assert_clean()


def test_beyond_the_edge_it_says_so(figure):
    page = figure(config={"rate": 1.2})
    assert read(page, "verdict") == (
        "The diagonal takes κ from 25 to 11.4. A rate of 1.2 times the best is beyond 2/L′, 1.09 times the "
        "best: it does not converge."
    )
    assert column(page, "steps")[1] == "diverges"
    page.locator("[data-el=one]").click()
    assert read(page, "rateOut") == "1 × the best = 1"
    page.traffic.assert_clean()


def test_many_steps_are_counted_beyond_those_drawn(figure):
    page = figure(config={"kappa": 100.0, "precondition": "none", "rate": 0.5, "degrees": 10.0})
    _, steps = simulate(page.config, "none")
    assert steps > 400 and read(page, "steps-none") == str(steps) and read(page, "kOut") == "400 of 400"
    press(page, "rate", "Home")
    assert read(page, "steps-none") == "more than 1000"
    assert read(page, "verdict").endswith("More than 1000 steps to f = 10⁻⁶ f(x₀).")


def test_the_curves_are_the_losses(figure):
    page = figure()
    height = float(page.locator("[data-el=plot]").get_attribute("height"))
    for name in NAMES[:2]:
        r, steps = simulate(page.config, name)
        found = 10 ** (3 - 12 * np.array(drawn(page, f"curve-{name}"))[:, 1] / height)
        np.testing.assert_allclose(found, r.f[: steps + 1] / r.f[0], rtol=0.02)


def test_the_start_moves_by_keys_mouse_and_finger(figure):
    page = figure(width=390, has_touch=True)
    press(page, "handle", "ArrowRight", "ArrowUp", "Shift+ArrowDown")
    assert start(page) == "start (−2.15, 0.75)"
    known = simulate({**page.config, "start": [-2.15, 0.75]}, "diagonal")[0].x[1]
    np.testing.assert_allclose(points(page, "xPath")[1], known, atol=0.02)
    press(page, "handle", "Home")
    assert start(page) == "start (−2.2, 1.2)"
    x, y = centre(page.locator("[data-el=plane]"))
    page.mouse.click(x + 30, y - 30)
    assert start(page) != "start (−2.2, 1.2)"
    press(page, "handle", "Home")
    drag_by_finger(page, 60, 20)
    assert start(page) != "start (−2.2, 1.2)"
    page.traffic.assert_clean()


@pytest.mark.parametrize("corner", [(3.0, 2.4), (-3.0, 2.4), (0.0, 2.4), (0.0, 0.0)])
def test_the_start_is_seen_in_both_planes(figure, corner):
    for name in NAMES:
        page = figure(config={"kappa": 100.0, "precondition": name, "start": corner, "degrees": 0.0})
        size, scale = unit(page)
        where = np.abs(points(page, "zPath")[0])
        assert (where * scale <= size / 2).all(), name
        page.traffic.assert_clean()


def test_play_pause_and_step(figure):
    page = figure(config={"degrees": 30.0})
    play = page.locator("[data-el=play]")
    play.click()
    page.wait_for_function("Number(document.querySelector('[data-el=k]').value) >= 2")
    play.click()
    held = int(read(page, "kOut").split()[0])
    page.wait_for_timeout(500)
    assert int(read(page, "kOut").split()[0]) == held
    page.locator("[data-el=step]").click()
    assert read(page, "kOut").startswith(f"{held + 1} of ") and len(drawn(page, "xPath")) == held + 2
    press(page, "k", "End")
    page.locator("[data-el=step]").click()
    assert read(page, "kOut").startswith("1 of ") and len(drawn(page, "zPath")) == 2


def test_reduced_motion_offers_no_animation(figure):
    page = figure(reduced_motion="reduce")
    assert page.locator("[data-el=play]").is_hidden() and page.locator("[data-el=step]").is_visible()


def test_keys_stay_inside_and_it_speaks_once(figure):
    page = figure()
    listen_to_announcements(page)
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []
    presses = {"kappa": ["ArrowRight"], "handle": ["ArrowUp"], "degrees": ["ArrowLeft", "Tab"]}
    assert keys_that_leave(page, presses) == ["Tab"]
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and "The diagonal takes κ from 25.7" in page.evaluate("said[0]")


def test_small_enough_to_send():
    assert packed_size("precondition_bowl") <= 8_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    page = figure(theme, width=width, dark=theme == "dark", config={"kappa": 100.0, "rate": 0.07})
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-precondition-bowl .lr-live-still svg[role=img]").is_visible()


def test_newton_in_one_step_is_the_minimum(figure):
    """Where the drawing ends is where lrcore ends."""
    page = figure(config={"precondition": "full", "degrees": 33.0, "kappa": 50.0})
    assert points(page, "xPath")[-1] == pytest.approx(Quadratic([1.0, 50.0]).x_star, abs=0.01)
    assert read(page, "kOut") == "1 of 1"
