"""explore and show: what they refuse, what they put on a page, what they do with a kernel."""

import json
import re
from html import unescape

import ipywidgets
import numpy as np
import pytest
from matplotlib.figure import Figure

from lrcore import viz
from lrcore.viz.explore import Explorer
from lrcore.viz.figure import page_id
from lrcore.viz.frames import unpack
from lrcore.viz.svg import draw_svg

ALT = "A line whose slope is the value of the slider."


def line(slope):
    fig, ax = viz.new_figure()
    ax.plot([0, 1], [0, slope])
    ax.set(xlim=(0, 1), ylim=(-3, 3))
    return fig


@pytest.fixture
def shown(monkeypatch):
    """What reaches IPython.display.display, in order."""
    import IPython.display

    calls = []
    monkeypatch.setattr(IPython.display, "display", lambda *args, **kw: calls.append((args, kw)))
    return calls


@pytest.fixture
def book(monkeypatch):
    monkeypatch.setenv("LRCORE_BOOK", "1")


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.delenv("LRCORE_BOOK", raising=False)


def frames_of(html):
    return json.loads(re.search(r'class="lr-frames">(.*?)</script>', html, re.S)[1])


# What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grid", "error", "says"),
    [
        ({}, TypeError, "exactly one keyword"),
        ({"eta": [1, 2], "beta": [1, 2]}, TypeError, "given: beta, eta"),
        ({"eta": []}, ValueError, "0 values"),
        ({"eta": [0.1]}, ValueError, "at least two"),
        ({"eta": [0.1, 0.2, 0.1]}, ValueError, "0.1 twice"),
        ({"eta": [0.1, float("nan")]}, ValueError, "finite"),
        ({"eta": [0.1, float("inf")]}, ValueError, "finite"),
        ({"eta": [0.1, "a"]}, TypeError, "all numbers or all texts"),
        ({"eta": [True, False]}, TypeError, "all numbers or all texts"),
        ({"eta": ["a", " "]}, ValueError, "blank"),
        ({"eta": "abc"}, TypeError, "a sequence"),
        ({"eta": 0.1}, TypeError, "a sequence"),
        ({"eta": np.ones((2, 2))}, TypeError, "all numbers or all texts"),
        ({"eta": range(500)}, ValueError, "at most 200"),
    ],
)
def test_a_senseless_grid_is_refused(grid, error, says):
    with pytest.raises(error, match=re.escape(says)):
        Explorer(line, alt=ALT, **grid)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"value": 0.3}, ValueError, "0.3 is not among the values of eta: 0.1, 0.2"),
        ({"value": "x"}, ValueError, "not among"),
        ({"alt": "too short"}, ValueError, "no sentence"),
        ({"alt": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}, ValueError, "no sentence"),
        ({"alt": None}, TypeError, "a sentence"),
        ({"label": ""}, TypeError, "label"),
        ({"caption": 3}, TypeError, "caption"),
        ({"format": lambda v: "same"}, ValueError, "alike"),
        ({"format": lambda v: v}, TypeError, "format"),
        ({"ticks": [0.1]}, TypeError, "mapping"),
        ({"ticks": {0.4: "2/L"}}, ValueError, "outside"),
        ({"ticks": {0.1: ""}}, TypeError, "label of a tick"),
    ],
)
def test_a_senseless_argument_is_refused(arguments, error, says):
    with pytest.raises(error, match=re.escape(says)):
        Explorer(line, **({"alt": ALT, "eta": [0.1, 0.2]} | arguments))


def test_alt_cannot_be_left_out():
    with pytest.raises(TypeError, match="alt"):
        viz.explore(line, eta=[0.1, 0.2])
    with pytest.raises(TypeError, match="alt"):
        viz.show(line(1))


def test_draw_must_be_a_function():
    with pytest.raises(TypeError, match="draw is a function"):
        viz.explore(line(1), alt=ALT, eta=[1, 2])


@pytest.mark.parametrize("mode", ["book", "kernel"])
@pytest.mark.parametrize(
    ("draw", "error", "says"),
    [
        (lambda eta: None, TypeError, "forget to return"),
        (lambda eta: "text", TypeError, "got str"),
        (lambda eta: Figure(), ValueError, "no axes"),
        (lambda eta: 1 / 0, ZeroDivisionError, "division"),
    ],
)
def test_a_draw_that_fails_is_heard(draw, error, says, mode, request, shown):
    request.getfixturevalue(mode)
    with pytest.raises(error, match=says):
        viz.explore(draw, alt=ALT, eta=[1, 2])
    assert not shown


def test_in_the_book_any_frame_that_fails_stops_the_build_and_names_its_value(book, shown):
    with pytest.raises(ZeroDivisionError) as caught:
        viz.explore(lambda eta: line(1 / (eta - 3)), alt=ALT, value=1, eta=[1, 2, 3])
    assert caught.value.__notes__ == ["(in viz.explore at eta=3)"]
    assert not shown


def test_in_the_book_all_frames_have_one_size(book, shown):
    def growing(eta):
        fig, _ = viz.new_figure(height=eta)
        return fig

    with pytest.raises(ValueError, match="eta=2: the figure is 374.4 x 144"):
        viz.explore(growing, alt=ALT, value=3, eta=[2, 3])


def test_an_alt_text_of_one_frame_that_is_no_sentence_stops_the_build(book, shown):
    with pytest.raises(ValueError, match="eta=2"):
        viz.explore(line, alt=lambda v: ALT if v == 1 else "?", value=1, eta=[1, 2])


# The book ---------------------------------------------------------------------------------------------


def test_the_page_carries_every_frame_exactly(book, shown):
    slopes = np.linspace(-2, 2, 9)
    viz.explore(line, alt=ALT, slope=slopes)
    ((bundle,), options) = shown[0]
    assert options == {"raw": True} and len(shown) == 1
    html = bundle["text/html"]
    prefix = re.search(r'id="(lr[^"]*)-range"', html)[1]
    packed = frames_of(html)
    assert len(packed["frames"]) == 9
    for index, slope in enumerate(slopes):
        assert unpack(packed, index) == list(draw_svg(line(slope), prefix).lines)
    assert len(set(map(tuple, packed["frames"]))) == 9  # all different
    assert draw_svg(line(slopes[4]), prefix).markup(ALT) in html


def test_the_control_is_native_named_and_says_its_value(book, shown):
    caption = "From 0 to 1, L < 2."
    viz.explore(line, alt=ALT, caption=caption, eta=[0.1, 0.15, 0.2], value=0.2, ticks={0.2: "2/L"})
    html = shown[0][0][0]["text/html"]
    range_ = re.search(r"<input[^>]*>", html)[0]
    name = re.search(r' id="([^"]+)"', range_)[1]
    assert ' type="range"' in range_ and ' value="2"' in range_ and ' max="2"' in range_
    assert ' autocomplete="off"' in range_
    assert ' aria-valuetext="0.2 = 2/L"' in range_
    assert f'<label for="{name}">η</label>' in html
    assert re.search(f'<output for="{name}"[^>]*>0.2 = 2/L</output>', html)
    assert "<figcaption>From 0 to 1, L &lt; 2.</figcaption>" in html
    texts = json.loads(unescape(re.search(r'data-values="([^"]*)"', html)[1]))
    assert texts == ["0.1", "0.15", "0.2 = 2/L"]


def test_alt_texts_of_all_frames_travel_with_them(book, shown):
    viz.explore(line, alt=lambda v: f"A line through zero with the slope {v}.", value=2, slope=[1, 2])
    html = shown[0][0][0]["text/html"]
    assert 'aria-label="A line through zero with the slope 2."' in html
    assert frames_of(html)["alts"] == [f"A line through zero with the slope {v}." for v in (1, 2)]


def test_nothing_in_the_frames_ends_the_script(book, shown):
    def hostile(text):
        fig, ax = viz.new_figure()
        ax.set_title(f"{text} </script><!-- <script>")
        return fig

    viz.explore(hostile, alt=lambda v: f"A title </script> that is called {v}.", word=["a", "b"])
    html = shown[0][0][0]["text/html"]
    assert html.count("</script>") == 1 and "<!--" not in html
    assert frames_of(html)["alts"][1] == "A title </script> that is called b."


def test_the_same_explorer_twice_on_a_page_shares_no_id(book, shown):
    for _ in range(2):
        viz.explore(line, alt=ALT, slope=[1, 2])
    one, two = (set(re.findall(r'\bid="([^"]+)"', call[0][0]["text/html"])) for call in shown)
    assert one and not one & two


def test_ids_are_the_same_in_the_next_build():
    assert re.fullmatch(r"lr[0-9a-f]{6}", page_id("a text that no other test uses"))
    assert page_id("a text that no other test uses") != page_id("a text that no other test uses")


def test_twenty_five_frames_of_a_line_plot_stay_small(book, shown):
    import gzip

    def path(eta):
        return viz.plot_parabola_path(2 * (1 - 10 * eta) ** np.arange(13), 10.0, xlim=(-3, 3))

    viz.explore(path, alt=ALT, eta=np.linspace(0.01, 0.21, 25))
    html = shown[0][0][0]["text/html"].encode()
    assert len(html) < 60_000
    assert len(gzip.compress(html)) < 10_000


# A kernel -----------------------------------------------------------------------------------------------


def parts(widget):
    slider = next(w for w in widget.children if isinstance(w, ipywidgets.SelectionSlider))
    drawing = next(w for w in widget.children if isinstance(w, ipywidgets.HTML))
    return slider, drawing


def test_with_a_kernel_the_slider_draws(kernel, shown):
    def alt(v):
        return f"A line through zero with the slope {v}."

    viz.explore(line, alt=alt, caption="Under it.", eta=[1, 2, 3], value=2)
    ((widget,), _) = shown[0]
    slider, drawing = parts(widget)
    assert slider.description == "η" and slider.label == "2" and slider.continuous_update
    assert "slope 2." in drawing.value and "Under it." in widget.children[-1].value
    before = drawing.value
    slider.value = 2
    assert "slope 3." in drawing.value and drawing.value != before
    slider.value = 1
    assert drawing.value == before


def test_with_a_kernel_a_draw_that_fails_says_so_in_place_and_recovers(kernel, shown):
    def fails_at_two(eta):
        if eta == 2:
            raise ValueError("no <minimum> here")
        return line(eta)

    viz.explore(fails_at_two, alt=ALT, value=1, eta=[1, 2, 3])
    slider, drawing = parts(shown[0][0][0])
    slider.value = 1
    assert "ValueError: no &lt;minimum&gt; here" in drawing.value and "η = 2" in drawing.value
    assert 'role="alert"' in drawing.value and "<svg" not in drawing.value
    slider.value = 2
    assert "<svg" in drawing.value


def test_figures_of_pyplot_are_closed(kernel, shown):
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    def with_pyplot(eta):
        fig, ax = pyplot.subplots()
        ax.plot([0, eta])
        return fig

    viz.explore(with_pyplot, alt=ALT, eta=[1, 2])
    slider, _ = parts(shown[0][0][0])
    slider.value = 0
    viz.show(with_pyplot(3), alt=ALT)
    assert pyplot.get_fignums() == []


# What a test of a chapter uses ----------------------------------------------------------------------------


def test_the_returned_object_draws_every_value(kernel, shown):
    explorer = viz.explore(line, alt=lambda v: f"A line with the slope of {v}.", eta=np.linspace(0, 1, 5))
    assert explorer.values == [0, 0.25, 0.5, 0.75, 1]
    assert all(type(v) is float for v in explorer.values)
    assert explorer.frame(0.25).axes[0].lines[0].get_ydata()[1] == 0.25
    drawn = list(explorer.frames())
    assert [value for value, _, _ in drawn] == explorer.values
    assert [figure.axes[0].lines[0].get_ydata()[1] for _, figure, _ in drawn] == explorer.values
    assert drawn[-1][2] == explorer.alt(1.0) == "A line with the slope of 1.0."


def test_a_value_is_found_within_rounding():
    explorer = Explorer(line, alt=ALT, eta=[0.1, 0.2, 0.1 + 0.2], value=0.3)
    assert explorer.default == 2
    with pytest.raises(ValueError, match="not among"):
        explorer.frame(0.30001)


def test_texts_of_values_differ():
    explorer = Explorer(line, alt=ALT, eta=[0.123456, 0.123457, -1])
    assert explorer.texts == ["0.123456", "0.123457", "−1"]


# Ticks ------------------------------------------------------------------------------------------------------


def test_ticks_stand_where_their_values_are():
    explorer = Explorer(line, alt=ALT, eta=[0.0, 1.0, 3.0], ticks={2.0: "b", 0.0: "a", 3.0: "c"})
    assert [(t.label, t.at) for t in explorer.ticks] == [("a", 0), ("b", 0.75), ("c", 1)]
    assert explorer.texts == ["0 = a", "1", "3 = c"]


def test_ticks_that_would_touch_take_two_rows_or_are_refused():
    close = Explorer(line, alt=ALT, eta=range(101), ticks={50: "1/L", 53: "2/(μ+L)", 90: "2/L"})
    assert [t.row for t in close.ticks] == [0, 1, 0]
    with pytest.raises(ValueError, match="would cover"):
        Explorer(line, alt=ALT, eta=range(101), ticks={50: "1/L", 51: "2/(μ+L)", 52: "2/L"})


# show -----------------------------------------------------------------------------------------------


def test_show_in_the_book_is_one_svg_with_its_alt_text(book, shown):
    viz.show(line(1), alt=ALT)
    ((bundle,), options) = shown[0]
    assert len(shown) == 1 and options == {"raw": True}
    assert bundle["text/html"].startswith('<figure class="lr-figure"><svg ')
    assert f'role="img" aria-label="{ALT}"' in bundle["text/html"]


def test_show_with_a_kernel_is_an_image_on_a_white_card_with_alt(kernel, shown):
    import io

    from PIL import Image

    viz.show(line(1), alt=ALT)
    ((bundle,), options) = shown[0]
    assert set(bundle) == {"image/png", "text/plain"} and bundle["text/plain"] == ALT
    assert options["metadata"] == {"image/png": {"alt": ALT, "width": 499, "height": 317}}
    image = Image.open(io.BytesIO(bundle["image/png"]))
    assert image.size == (998, 633)  # two pixels a CSS pixel
    assert image.convert("RGBA").getpixel((3, 3)) == (255, 255, 255, 255)


def test_show_puts_its_caption_under_the_figure(book, shown, monkeypatch):
    viz.show(line(1), alt=ALT, caption="Slope 1 < 2.")
    assert shown[0][0][0]["text/html"].endswith("</svg><figcaption>Slope 1 &lt; 2.</figcaption></figure>")
    monkeypatch.delenv("LRCORE_BOOK")
    viz.show(line(1), alt=ALT, caption="Slope 1 < 2.")
    assert "Slope 1 &lt; 2." in shown[2][0][0]["text/html"]
    with pytest.raises(TypeError, match="caption"):
        viz.show(line(1), alt=ALT, caption=3)


@pytest.mark.parametrize(
    ("figure", "error"), [(None, TypeError), (Figure(), ValueError), ([1, 2], TypeError)]
)
def test_show_refuses_what_is_no_figure(figure, error, shown):
    with pytest.raises(error):
        viz.show(figure, alt=ALT)
    assert not shown


@pytest.mark.parametrize("alt", ["", "figure", "a" * 40, "   short   text        "])
def test_show_refuses_an_alt_that_is_no_sentence(alt, shown):
    with pytest.raises(ValueError, match="no sentence"):
        viz.show(line(1), alt=alt)


# glue -----------------------------------------------------------------------------------------------


def test_glue_emits_what_myst_nb_emits(monkeypatch):
    import IPython.display
    import myst_nb.ext.glue
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.instance()  # myst_nb formats with the shell's formatters
    ours, theirs = [], []
    monkeypatch.setattr(IPython.display, "display", lambda *args, **kw: ours.append((args, kw)))
    monkeypatch.setattr(myst_nb.ext.glue, "ipy_display", lambda *args, **kw: theirs.append((args, kw)))
    try:
        viz.glue("gap", "0.125")
        myst_nb.ext.glue.glue("gap", "0.125")
    finally:
        InteractiveShell.clear_instance()
    assert ours == theirs


@pytest.mark.parametrize("value", [0.125, 3, None, np.float64(1.0), ["0.1"]])
def test_glue_takes_formatted_text_only(value):
    with pytest.raises(TypeError, match="viz.glue\\('gap', f\"\\{value:.3f\\}\"\\)"):
        viz.glue("gap", value)


@pytest.mark.parametrize(
    ("name", "text", "error"), [("", "1", ValueError), ("a", " ", ValueError), (1, "1", TypeError)]
)
def test_glue_refuses_blanks(name, text, error):
    with pytest.raises(error):
        viz.glue(name, text)
