"""Every slider of the built book, by keyboard, from file://: it moves, the drawing changes, the words too."""

import json
import re


def frames_of(text):
    return json.loads(re.fullmatch(r'lrFrames\("\w+",(.*)\);\s*', text, re.S)[1])


def drawing(figure):
    """What the figure shows, whatever blanks stand between its elements."""
    return re.sub(r">\s+<", "><", figure.locator("svg").first.inner_html()).strip()


def test_frames_are_not_in_the_page(figure_page):
    assert "lr-frames" not in figure_page.read_text(encoding="utf-8")


def assert_reached_by_tab(opened):
    """Every slider stands in the order of focus; from the element before the first, one Tab arrives at it."""
    sliders = opened.locator("figure.lr-explore input[type=range]")
    reached = opened.evaluate(
        """() => {
          const order = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
            .filter((e) => e.tabIndex >= 0 && e.checkVisibility());
          return [...document.querySelectorAll("figure.lr-explore input[type=range]")]
            .filter((e) => order.includes(e)).length;
        }"""
    )
    assert reached == sliders.count()
    sliders.first.focus()
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Tab")
    assert opened.evaluate("(e) => document.activeElement === e", sliders.first.element_handle())


def test_sliders_are_reached_and_answer_to_the_keyboard(figure_page, open_page):
    opened = open_page(figure_page)
    assert [url for url in opened.traffic.requests if "_frames" in url] == []
    assert_reached_by_tab(opened)
    figures = opened.locator("figure.lr-explore")
    assert figures.count() > 0
    for number in range(figures.count()):
        figure = figures.nth(number)
        slider = figure.locator("input[type=range]")
        frames = frames_of((figure_page.parent / figure.get_attribute("data-frames")).read_text("utf-8"))
        values = json.loads(figure.get_attribute("data-values"))
        last = len(values) - 1
        assert slider.get_attribute("max") == str(last) and len(frames["frames"]) == len(values)
        assert slider.evaluate("(e) => e.labels[0].textContent.trim()"), f"slider {number} has no label"
        default = drawing(figure)
        seen = {}
        slider.focus()
        for key, index in [("Home", 0), ("End", last)]:
            opened.keyboard.press(key)
            opened.wait_for_function("(e) => !e.hasAttribute('aria-busy')", arg=figure.element_handle())
            assert figure.locator("output").inner_text() == values[index]
            assert slider.get_attribute("aria-valuetext") == values[index]
            svg = figure.locator("svg").first
            if "alts" in frames:
                assert svg.get_attribute("aria-label") == frames["alts"][index]
            seen[index] = drawing(figure)
        assert seen[0] != seen[last], f"slider {number}: the drawing is the same at both ends"
        start = int(slider.get_attribute("value"))
        for _ in range(last - start):
            opened.keyboard.press("ArrowLeft")
        assert drawing(figure) == default, f"slider {number}: back at the default, another drawing"
        assert not figure.locator(".lr-error").count()
    opened.traffic.assert_clean()


def test_slider_needs_no_sideways_room_on_a_phone(figure_page, open_page):
    opened = open_page(figure_page, width=360, height=740)
    for slider in opened.locator("figure.lr-explore input[type=range]").all():
        box = slider.bounding_box()
        assert box["width"] >= 150 and box["x"] >= 0 and box["x"] + box["width"] <= 360
        assert box["height"] >= 24, "too small for a finger"
