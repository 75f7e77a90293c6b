"""One matplotlib style for the book, in light and dark, and for notebooks.

Everything that is neither data nor colour-coded (text, axes, ticks, grid) is drawn in `INK`. A figure
that goes into a page has its ink replaced by `currentColor`, so that it follows the page from light to
dark; anywhere else `INK` is what it says, a black on a white card.
"""

import re

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, LogFormatterMathtext

# Nearly black, and a colour that nobody writes by accident: it is replaced in the SVG of a page.
INK = "#010203"
# The page behind the figure, for the inside of hollow markers. White wherever there is no page.
PAPER = "#fefdfc"

# Okabe and Ito, "Color Universal Design" (2008). Yellow is left out: on white it has a contrast of 1.3.
COLORS = {
    "blue": "#0072b2",
    "vermillion": "#d55e00",
    "green": "#009e73",
    "purple": "#cc79a7",
    "orange": "#e69f00",
    "sky": "#56b4e9",
    "ink": INK,
}

# A second channel beside colour: the n-th line has the n-th colour and the n-th dash pattern.
LINESTYLES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)), (0, (3, 1.5)), (0, (9, 2, 3, 2)))

# Inches (72 units of the SVG each). On a phone (328 px of column) a unit is 0.88 px.
FIGSIZE = (5.2, 3.3)

# What a reader's machine has. The layout is computed with the metrics of DejaVu Sans, the widest face in
# common use after Verdana, so that text set in one of these is narrower than the room it was given.
FONT_STACK = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Liberation Sans,Arial,sans-serif"

CYCLE = cycler(color=[COLORS[name] for name in list(COLORS)[:6]]) + cycler(linestyle=list(LINESTYLES))

RC = {
    "figure.figsize": FIGSIZE,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",  # in a dark notebook a figure without a card would be black on black
    "savefig.facecolor": "auto",
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 12,
    "axes.titleweight": "normal",
    "axes.labelsize": 12,
    "axes.linewidth": 0.9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": CYCLE,
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
    "font.family": "DejaVu Sans",
    "font.size": 11.5,
    "grid.color": INK,
    "grid.alpha": 0.13,
    "grid.linewidth": 0.8,
    "hatch.color": INK,
    "image.cmap": "cividis",
    "legend.frameon": False,
    "legend.fontsize": 11.5,
    "legend.handlelength": 2.6,
    "legend.labelcolor": INK,
    "lines.linewidth": 2.0,
    "lines.markersize": 5.5,
    "lines.scale_dashes": True,
    "patch.edgecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    # Text stays text: half the bytes, selectable, sharp; shapes of letters come from the reader's fonts.
    "svg.fonttype": "none",
    # Ids of markers and clip paths are hashes; with a fixed salt they are the same in every build.
    "svg.hashsalt": "learning-rate",
    "svg.image_inline": True,
}


def use_style():
    """Make the book's style matplotlib's default; `lrcore.viz` calls this once on import."""
    mpl.rcParams.update(RC)


def new_figure(width=FIGSIZE[0], height=FIGSIZE[1], **subplots):
    """A figure in the book's style and its axes: `fig, ax = new_figure()`.

    Arguments beyond the size (inches) go to `Figure.subplots`. The figure is not registered with pyplot,
    so a notebook does not draw it a second time and a slider does not pile up hundreds of them.
    """
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(**subplots)


SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
POWER = re.compile(r"\^\{([-\d]+)\}")


class PlainPowers(Formatter):
    """The labels of another formatter with mathtext turned into plain Unicode text: 10⁻³.

    Mathtext in an SVG is one positioned glyph after another, spaced for a font the reader may not have.
    """

    def __init__(self, inner):
        self.inner = inner

    def set_axis(self, axis):
        super().set_axis(axis)
        self.inner.set_axis(axis)

    def set_locs(self, locs):
        super().set_locs(locs)
        self.inner.set_locs(locs)

    def __call__(self, x, pos=None):
        text = self.inner(x, pos)
        if not text.startswith(r"$\mathdefault{"):
            return text
        text = text.removeprefix(r"$\mathdefault{").removesuffix("}$").replace(r"\times", "×")
        return POWER.sub(lambda m: m[1].translate(SUPERSCRIPTS), text).replace("-", "−")


def plain_powers(figure):
    """Give every log axis of the figure labels in plain text where matplotlib would set mathtext."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if isinstance(axis.get_major_formatter(), LogFormatterMathtext):
                axis.set_major_formatter(PlainPowers(axis.get_major_formatter()))
            if isinstance(axis.get_minor_formatter(), LogFormatterMathtext):
                axis.set_minor_formatter(PlainPowers(axis.get_minor_formatter()))
