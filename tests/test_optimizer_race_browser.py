"""The optimizer race on a page from file://: every control, fairness in words, both themes, a phone."""

import gzip

import numpy as np
import pytest
from live_figures import (
    assert_accessible,
    centre,
    drag_by_finger,
    drawn,
    keys_that_leave,
    listen_to_announcements,
    press,
    read,
    write_page,
)
from test_optimizer_race import DEFAULTS

from lrcore import run, sweep
from lrcore.viz.live import FOLDER
from lrcore.viz.optimizer_race import METHODS, RATES, SURFACES, best_runs, bound, checked_config, explorer

SHOWN = DEFAULTS["methods"]


@pytest.fixture
def figure(open_page, tmp_path):
    """`figure(theme=..., width=..., config=...)` -> page with a race; `page.config` is its data."""

    def open_(theme="light", width=900, config=None, **options):
        config = checked_config(**{**DEFAULTS, **(config or {})})
        path = write_page(tmp_path / "race.html", "optimizer_race", explorer(config, None), theme)
        page = open_page(path, width=width, height=1400, **options)
        page.config = config
        return page

    return open_


def toggle(page, name):
    page.locator(f"[data-el=methods] [value={name}]").click()


def choose(page, surface):
    page.locator(f"[data-el=surfaces] [value={surface}]").click()


def cells(page, name):
    return page.locator(f"[data-el=line-{name}] td").all_inner_texts()


def on_screen(page, points):
    """Points of the plane as the drawing has them."""
    left, right, low, high = SURFACES[page.config["surface"]].window
    width, height = page.locator("[data-el=plane]").evaluate("e => [e.clientWidth, e.clientHeight]")
    unit = min(width / (right - left), height / (high - low))
    middle = np.array([left + right, low + high]) / 2
    return np.clip((points - middle) * unit, -1e4, 1e4) * [1, -1] + np.array([width, height]) / 2


def visible(page, part):
    return [name for name in METHODS if page.locator(f"[data-el={part}-{name}]").is_visible()]


def number(x):
    """A rate as the script writes it."""
    if x >= 1e-3:
        return f"{x:.3g}" if x < 1000 else "1000"
    mantissa, exponent = f"{x:.2e}".split("e-0")
    return f"{float(mantissa):g}\u00a0·\u00a010⁻{'⁰¹²³⁴⁵'[int(exponent)]}"


def test_first_view_is_fair(figure):
    page = figure()
    assert read(page, "verdict") == (
        "Each at its best rate. f − f* at step 100: lowest AdaGrad < 10⁻¹⁵, highest plain descent 0.0051."
    )
    for name, (rate, _) in best_runs(page.config).items():
        assert read(page, f"rate-{name}Out") == f"{number(rate)}, best"
        assert cells(page, name)[1] == number(rate)
    assert page.locator("[data-el=best]").get_attribute("aria-pressed") == "true"
    assert "best rate" in page.locator(".lr-live-caption").inner_text()
    assert page.locator(".lr-live-still").count() == 0
    for part in ("path", "curve", "sweep", "row", "line"):
        assert visible(page, part) == list(SHOWN), part
    page.traffic.assert_clean()


@pytest.mark.parametrize("surface", SURFACES)
def test_paths_and_curves_are_those_of_lrcore(figure, surface):
    page = figure(config={"surface": surface, "start": None, "steps": 50})
    low = SURFACES[surface].problem.f_star
    height = float(page.locator("[data-el=plot]").get_attribute("height"))
    for name, (_, r) in best_runs(page.config).items():
        np.testing.assert_allclose(drawn(page, f"path-{name}"), on_screen(page, r.x), atol=0.06)
        losses = 10 ** (3 - 12 * np.array(drawn(page, f"curve-{name}"))[:, 1] / height)
        seen = (r.f - low > 1e-8) & (r.f - low < 1e3)
        np.testing.assert_allclose(losses[seen], (r.f - low)[seen], rtol=0.02)


def test_the_sensitivity_curves_are_sweeps(figure):
    page = figure()
    problem, start = SURFACES["bowl"].problem, np.array(page.config["start"])
    width, height = (float(page.locator("[data-el=sweepPlot]").get_attribute(n)) for n in ("width", "height"))
    for name in SHOWN:
        s = sweep(problem, start, RATES, METHODS[name][1], 100, bound=bound(problem, start))
        x, y = np.array(drawn(page, f"sweep-{name}")).T
        np.testing.assert_allclose(x, width * (np.log10(RATES) + 4) / 7, atol=0.06)
        seen = (s.sensitivity > 1e-8) & (s.sensitivity < 1e3)
        np.testing.assert_allclose(10 ** (3 - 12 * y[seen] / height), s.sensitivity[seen], rtol=0.02)
        assert (y[s.sensitivity == np.inf] == -1e4).all()


def test_a_rate_of_ones_own_is_called_unfair_until_the_button(figure):
    page = figure()
    press(page, "rate-adam", *["ArrowLeft"] * 50)  # a decade
    assert read(page, "rate-adamOut") == "0.0316 = 0.1 × best"
    assert read(page, "verdict").startswith("Not at their best rates: Adam (0.1 × best). f − f* at step 100:")
    assert page.locator("[data-el=best]").get_attribute("aria-pressed") == "false"
    problem, start = SURFACES["bowl"].problem, page.config["start"]
    assert cells(page, "adam")[0] == f"{run(problem, start, 0.0316, METHODS['adam'][1], 100).f[-1]:.2g}"
    page.locator("[data-el=best]").click()
    assert read(page, "rate-adamOut") == "0.316, best"
    assert read(page, "verdict").startswith("Each at its best rate.")


def test_each_rate_from_end_to_end(figure):
    page = figure(config={"methods": list(METHODS)})
    for name in METHODS:
        press(page, f"rate-{name}", "Home")
        assert read(page, f"rate-{name}Out").startswith("1\u00a0·\u00a010⁻⁴ = ")
        press(page, f"rate-{name}", "End")
        assert read(page, f"rate-{name}Out").startswith("1000 = ")
    assert page.locator("[data-el=line-descent] td").first.inner_text() == "diverged"
    assert "diverged." in read(page, "verdict")
    page.locator("[data-el=reset]").click()
    assert read(page, "verdict").startswith("Each at its best rate.")
    page.traffic.assert_clean()


def test_a_diverged_run_is_said_and_leaves_through_the_top(figure):
    page = figure(config={"methods": ["descent"]})
    press(page, "rate-descent", *["ArrowRight"] * 6)  # 0.0417 > 2/L
    problem, start = SURFACES["bowl"].problem, page.config["start"]
    r = run(problem, start, 0.0417, steps=100, bound=bound(problem, np.array(start)))
    assert r.status == "diverged" and read(page, "rate-descentOut").startswith("0.0417")
    assert cells(page, "descent") == ["diverged", "0.0316", "0.0051"]
    assert len(drawn(page, "path-descent")) == r.stop_step + 1
    press(page, "k", "Home")
    assert cells(page, "descent")[0] == "39"
    mark = page.locator("[data-el=at-descent]").get_attribute("transform")
    assert float(mark.rstrip(")").split()[1]) == 8  # the top of the frame


def test_every_surface_method_and_number_of_steps(figure):
    page = figure()
    for name in METHODS:
        if name not in SHOWN:
            toggle(page, name)
    assert visible(page, "path") == list(METHODS) and page.locator("[data-el=methods] :checked").count() == 9
    for surface in SURFACES:
        choose(page, surface)
        x = SURFACES[surface].start
        shown = f"start ({x[0]:g}, {x[1]:g})".replace("-", "−")
        assert page.locator("[data-el=place]").text_content() == shown
        assert read(page, "verdict").startswith("Each at its best rate.")
        assert page.locator("[data-el=levels] path").count() >= 8
        for key, steps in (("Home", "10"), ("End", "200")):
            press(page, "steps", key)
            assert read(page, "stepsOut") == steps and read(page, "kOut") == f"{steps} of {steps}"
            page.config = checked_config(surface, list(METHODS), None, int(steps))
            for name, (rate, _) in best_runs(page.config).items():
                if name != "adadelta":  # rounding decides it; where it does not, it is tested above
                    assert cells(page, name)[1] == number(rate), (surface, name, steps)
    for name in METHODS:
        toggle(page, name)
    assert read(page, "verdict").startswith("No method is chosen.")
    page.traffic.assert_clean()


def test_the_start_moves_by_keys_mouse_and_finger_and_rates_follow(figure):
    page = figure(config={"surface": "turned"})
    before = cells(page, "adam")
    press(page, "handle", "ArrowRight", "ArrowUp", "Shift+ArrowDown")
    assert page.locator("[data-el=place]").text_content() == "start (−2.45, 0.05)"
    press(page, "handle", "Home")
    assert (
        page.locator("[data-el=place]").text_content() == "start (−2.5, 0.5)"
        and cells(page, "adam") == before
    )
    x, y = centre(page.locator("[data-el=plane]"))
    page.mouse.move(*centre(page.locator("[data-el=handle]")))
    page.mouse.down()
    page.mouse.move(x + 40, y - 50, steps=5)
    page.mouse.up()
    x, y = map(float, page.locator("[data-el=place]").text_content()[7:-1].split(", "))
    assert x > 0.3 and y > 0.4
    config = checked_config("turned", SHOWN, (x, y), 100)
    for name, (rate, _) in best_runs(config).items():
        assert cells(page, name)[1] == number(rate)
    page.mouse.click(*(np.array(centre(page.locator("[data-el=plane]"))) - [30, 20]))
    assert "start (−0." in page.locator("[data-el=place]").text_content()


def test_a_finger_drags_the_start(figure):
    page = figure(width=390, has_touch=True)
    drag_by_finger(page, 60, 30)
    assert page.locator("[data-el=place]").text_content() != "start (−2.5, 1.2)"
    page.traffic.assert_clean()


def test_the_start_stays_in_the_window(figure):
    page = figure(config={"surface": "exponentials"})
    press(page, "handle", *["Shift+ArrowUp"] * 6, *["Shift+ArrowRight"] * 8)
    assert page.locator("[data-el=place]").text_content() == "start (1.4, 1.3)"
    handle = page.locator("[data-el=handle]")
    assert [handle.get_attribute(f"aria-value{n}") for n in ("min", "max", "now")] == ["-2.4", "1.4", "1.4"]
    page.traffic.assert_clean()


def test_play_pause_step_and_the_step_slider(figure):
    page = figure(config={"steps": 20})
    page.locator("[data-el=play]").click()
    page.wait_for_function("Number(document.querySelector('[data-el=k]').value) >= 3")
    page.locator("[data-el=play]").click()
    held = int(read(page, "kOut").split()[0])
    page.wait_for_timeout(400)
    assert int(read(page, "kOut").split()[0]) == held < 20
    page.locator("[data-el=step]").click()
    assert read(page, "kOut") == f"{held + 1} of 20"
    assert len(drawn(page, "path-adagrad")) == held + 2
    press(page, "k", "End")
    page.locator("[data-el=step]").click()
    assert read(page, "kOut") == "1 of 20"
    page.locator("[data-el=play]").click()
    page.wait_for_function("document.querySelector('[data-el=play]').textContent === 'Play'", timeout=15_000)
    assert read(page, "kOut") == "20 of 20"


def test_reduced_motion_offers_no_animation(figure):
    page = figure(reduced_motion="reduce")
    assert page.locator("[data-el=play]").is_hidden() and page.locator("[data-el=step]").is_visible()


def test_keys_stay_inside_and_it_speaks_once(figure):
    page = figure()
    listen_to_announcements(page)
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []
    presses = {"rate-adam": ["ArrowRight"], "handle": ["ArrowUp"], "steps": ["ArrowLeft", "Tab"]}
    assert keys_that_leave(page, presses) == ["Tab"]
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and "Not at their best rates: Adam (" in page.evaluate("said[0]")


def test_each_method_has_a_line_of_its_own(figure):
    """Colour, dash and width differ, and names stand beside the curves, apart from each other."""
    page = figure(config={"methods": list(METHODS), "surface": "rosenbrock"}, width=390)
    style = (
        "e => { const s = getComputedStyle(e); return [s.stroke, s.strokeDasharray, s.strokeWidth].join(); }"
    )
    looks = [page.locator(f"[data-el=curve-{name}]").evaluate(style) for name in METHODS]
    assert len(set(looks)) == 9
    heights = sorted(float(page.locator(f"[data-el=label-{name}]").get_attribute("y")) for name in METHODS)
    assert np.diff(heights).min() >= 14.5


def test_small_enough_to_send():
    assert sum(len(gzip.compress(file.read_bytes())) for file in FOLDER.glob("optimizer_race*")) <= 12_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    page = figure(theme, width=width, dark=theme == "dark", config={"methods": list(METHODS)})
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-optimizer-race .lr-live-still svg[role=img]").is_visible()
