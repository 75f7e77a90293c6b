"""The SVG of a page: same bytes in every build, ink that follows the page, ids that cannot collide."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from lrcore import viz
from lrcore.viz.figure import figure_html
from lrcore.viz.frames import pack, unpack
from lrcore.viz.pathdata import path_data, shorten
from lrcore.viz.svg import draw_svg

MARKUP_OF_A_FIGURE = """
import numpy as np
from lrcore import viz
from lrcore.viz.svg import draw_svg
fig, ax = viz.new_figure()
x = np.linspace(0, 1, 30)
for p in (1, 2, 3):
    ax.plot(x, x**p, marker="o", label=f"p = {p}")
ax.scatter(x, x, c=x)
ax.fill_between(x, 0, x, alpha=0.2)
ax.legend()
print(draw_svg(fig, "a").markup("Three powers of x between zero and one."))
"""


def figure(**kwargs):
    fig, ax = viz.new_figure(**kwargs)
    ax.plot([0, 1, 2], [3, 1, 2], marker="o")
    ax.set(xlabel="x", ylabel="a < b & c")
    return fig


def test_two_processes_draw_the_same_bytes():
    one, two = (
        subprocess.run(
            [sys.executable, "-c", MARKUP_OF_A_FIGURE],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin", "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, check=True, text=True,
        ).stdout
        for seed in ("1", "2")
    )  # fmt: skip
    assert len(one) > 3000
    assert one == two


def test_drawing_twice_gives_the_same_svg():
    assert draw_svg(figure(), "a") == draw_svg(figure(), "a")


def test_settings_of_the_reader_do_not_reach_the_ids_or_the_text():
    with mpl.rc_context({"svg.hashsalt": None, "svg.fonttype": "path"}):
        svg = draw_svg(figure(), "a")
    assert svg == draw_svg(figure(), "a")


def test_markup_is_well_formed_named_and_self_contained():
    markup = draw_svg(figure(), "a").markup('Loss "falls" & then < 1 for every step.')
    root = ElementTree.fromstring(markup)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Loss "falls" & then < 1 for every step.'
    assert root.get("viewBox") == "0 0 374.4 237.6"
    assert "<style" not in markup and "<metadata" not in markup
    assert "a &lt; b &amp; c" in markup


def test_ink_becomes_current_colour_and_nothing_black_is_left():
    fig, ax = viz.new_figure()
    ax.plot([0, 1], [0, 1], color="black")
    ax.text(0.5, 0.5, "label", color=viz.INK)
    body = draw_svg(fig, "a").body
    assert viz.INK not in body and "#000000" not in body
    assert body.count("currentColor") > 5
    # A text without a fill takes that of the root.
    assert 'fill="currentColor"' in draw_svg(fig, "a").markup("A line from zero to one.").split(">")[0]


def test_the_background_is_transparent_and_paper_follows_the_page():
    fig, ax = viz.new_figure()
    body = draw_svg(fig, "a").body
    assert "#ffffff" not in body
    ax.plot([0, 1], [0, 1], "o", mfc=viz.PAPER)
    assert "var(--lr-paper,#fff)" in draw_svg(fig, "a").body


def test_every_id_has_the_prefix_is_used_and_every_reference_resolves():
    fig = figure()
    fig.axes[0].scatter([0, 1], [1, 2], c=[0.0, 1.0])
    body = draw_svg(fig, "p1").body
    ids = re.findall(r'\bid="([^"]+)"', body)
    used = re.findall(r'href="#([^"]+)"', body) + re.findall(r"url\(#([^)]+)\)", body)
    assert ids and all(i.startswith("p1-") for i in ids)
    assert len(ids) == len(set(ids))
    assert set(ids) == set(used)


def test_every_line_is_one_whole_element():
    fig = figure()
    fig.axes[0].annotate("here", (1, 1), (0.5, 2), arrowprops={"arrowstyle": "->"})
    for line in draw_svg(fig, "a").lines:
        ElementTree.fromstring(line)


def test_full_dots_of_a_line_are_one_element():
    fig, ax = viz.new_figure()
    ax.plot(range(50), range(50), "o", color="#d55e00", ms=5.5, mew=1)
    (line,) = [line for line in draw_svg(fig, "a").lines if "#d55e00" in line]
    assert line.count("h0") == 50
    assert 'stroke-width="6.5"' in line  # the diameter and the edge around it
    assert 'stroke-linecap="round"' in line and 'fill="none"' in line


@pytest.mark.parametrize("look", [{"mfc": viz.PAPER}, {"alpha": 0.5}, {"marker": "s"}, {"mfc": "none"}])
def test_other_markers_stay_what_they_are(look):
    fig, ax = viz.new_figure()
    ax.plot(range(50), range(50), **({"marker": "o", "ls": "none", "color": "#d55e00"} | look))
    assert draw_svg(fig, "a").body.count("<use") >= 50


def test_two_figures_share_no_id():
    one, two = (set(re.findall(r'\bid="([^"]+)"', draw_svg(figure(), p).body)) for p in ("a", "b"))
    assert one and not one & two


def test_coordinates_are_rounded_to_a_tenth():
    body = draw_svg(figure(), "a").body
    outside_markers = re.sub(r"<defs>.*?</defs>", "", body)
    for attribute in re.findall(r'\b(?:d|x|y|transform)="([^"]*)"', outside_markers):
        for number in re.findall(r"\d*\.\d+", attribute):
            assert len(number.split(".")[1]) == 1, attribute


@pytest.mark.parametrize(
    ("number", "text"),
    [(217.99976, "218"), (-0.04, "0"), (0.5, ".5"), (-0.53, "-.5"), ("1e-9", "0"), (1e4, "10000")],
)
def test_shorten(number, text):
    assert shorten(number) == text


def absolute(d):
    """The corners of path data with M, l, h, v, z: an independent reader of what path_data writes."""
    points, at = [], np.zeros(2)
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        numbers = [float(x) for x in re.findall(r"-?\d*\.?\d+", rest)]
        if letter == "M":
            at = np.array(numbers)
            points.append(at)
        elif letter == "h":
            for n in numbers:
                points.append(at := at + [n, 0])
        elif letter == "v":
            for n in numbers:
                points.append(at := at + [0, n])
        elif letter == "l":
            for pair in np.reshape(numbers, (-1, 2)):
                points.append(at := at + pair)
    return np.array(points)


def test_relative_paths_do_not_drift():
    rng = np.random.default_rng(0)
    points = np.cumsum(rng.uniform(-3, 3, (400, 2)), axis=0) + 100
    points[7, 0] = points[6, 0]
    data = "M " + "\nL ".join(f"{x:.6f} {y:.6f}" for x, y in points)
    back = absolute(path_data(data))
    assert back.shape == points.shape
    assert np.abs(back - points).max() <= 0.05 + 1e-9


def test_log_axes_are_labelled_in_plain_text():
    fig, ax = viz.new_figure()
    ax.semilogy([1, 2], [1e-3, 2e2])
    body = draw_svg(fig, "a").body
    assert ">10⁻³<" in body and "tspan" not in body
    fig, ax = viz.new_figure()
    ax.semilogy([1, 2], [2, 7])  # less than a decade: the minor ticks carry labels
    assert "2×10⁰" in draw_svg(fig, "a").body


def test_a_label_that_would_be_cut_off_is_refused():
    fig = figure()
    fig.axes[0].set_ylabel("loss after a hundred steps")
    figure_html(fig, "A line with a long label.", "a")
    fig.axes[0].set_ylabel("training loss after a hundred steps")
    with pytest.raises(ValueError, match="over the (top|bottom) edge"):
        figure_html(fig, "A line with a label that is too long.", "a")
    fig.axes[0].set_ylabel("\n".join(["loss"] * 30))
    with pytest.raises(ValueError, match="the labels leave no room"):
        figure_html(fig, "A line with a label that is much too long.", "a")
    fig = figure()
    fig.axes[0].annotate("far away", (2, 1), xytext=(300, 0), textcoords="offset points")
    with pytest.raises(ValueError, match="edge of the figure|no room"):
        figure_html(fig, "A line with a label that stands outside.", "a")


def test_drawing_leaves_the_figure_as_it_was():
    fig = figure()
    canvas, dpi = fig.canvas, fig.dpi
    draw_svg(fig, "a")
    assert fig.canvas is canvas and fig.dpi == dpi and fig.patch.get_visible()
    assert fig.get_facecolor()[:3] == (1, 1, 1)


def test_packed_frames_give_back_every_line():
    rng = np.random.default_rng(1)
    drawings = [[f"line {n}" for n in rng.integers(0, 30, rng.integers(0, 40))] for _ in range(50)]
    packed = pack(drawings)
    assert len(packed["lines"]) == len(set(packed["lines"]))
    assert [unpack(packed, i) for i in range(50)] == drawings


def test_data_in_an_image_survive():
    fig, ax = viz.new_figure()
    ax.imshow(np.arange(9.0).reshape(3, 3))
    root = ElementTree.fromstring(draw_svg(fig, "a").markup("Nine squares from dark to light."))
    image = root.find(".//{http://www.w3.org/2000/svg}image")
    assert re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/=]+", image.get("href"))
