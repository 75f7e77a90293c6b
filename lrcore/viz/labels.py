"""Labels beside the thing they name: at the end of a curve, over a marked value. Legends are looked up,
and a colour alone tells a colour-blind reader nothing; a name at the end of its line is simply read."""

import numpy as np

from .style import INK

LINE_HEIGHT = 1.3  # of the font size
AT_THE_END = 0.85  # a curve that reaches this part of the axis is named in the right margin


def label_ends(ax, curves):
    """Name curves at their right ends: `curves` holds (x, y, label); call it after the limits are set.

    A curve that ends early (it diverged, or it left the axes) is named there, inside the axes.
    """
    figure_height = ax.figure.get_size_inches()[1] * 72 * ax.get_position().height
    size = ax.xaxis.label.get_size() - 0.5
    gap = LINE_HEIGHT * size / figure_height
    right, inside = [], []
    for x, y, label in curves:
        end = last_visible(ax, np.asarray(x, float), np.asarray(y, float))
        if end is not None:
            (right if end[0] >= AT_THE_END else inside).append((*end, label))
    right.sort(key=lambda item: item[1])
    heights = within(spread([y for _, y, _ in right], gap), gap)
    for (_, _, label), y in zip(right, heights, strict=True):
        ax.annotate(
            label, (1, y), xycoords="axes fraction", xytext=(6, 0), textcoords="offset points",
            va="center", ha="left", size=size, color=INK, annotation_clip=False,
        )  # fmt: skip
    for x, y, label in inside:
        ax.annotate(
            label, (x, min(max(y, 0.75 * gap), 1 - gap / 2)), xycoords="axes fraction", xytext=(7, 0),
            textcoords="offset points", va="center", ha="left", size=size, color=INK,
        )  # fmt: skip


def names_above(ax, columns=3):
    """Names of curves in rows above the axes, each beside a piece of its line: for curves that entwine."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, columnspacing=1.2)


def last_visible(ax, x, y):
    """The last point of a curve inside the axes, as fractions of them; None when all are outside.

    A curve that leaves through the top or the bottom counts up to the edge.
    """
    good = np.isfinite(x) & np.isfinite(y)
    if ax.get_yscale() == "log":
        good &= y > 0
    if ax.get_xscale() == "log":
        good &= x > 0
    if not good.any():
        return None
    points = np.column_stack([x[good], y[good]])
    places = ax.transAxes.inverted().transform(ax.transData.transform(points))
    visible = np.flatnonzero(((places >= -1e-9) & (places <= 1 + 1e-9)).all(axis=1))
    if not len(visible):
        return None
    last = visible[-1]
    if last + 1 < len(places) and not 0 <= places[last + 1, 1] <= 1:
        (x0, y0), (x1, y1) = places[last], places[last + 1]
        edge = 1.0 if y1 > 1 else 0.0
        return x0 + (x1 - x0) * (edge - y0) / (y1 - y0), edge
    return tuple(places[last])


def spread(positions, gap):
    """Ascending positions moved as little as possible (least squares) so that neighbours are `gap` apart.

    >>> spread([0.0, 0.5, 0.52], 0.1)
    [0.0, 0.46, 0.56]
    """
    # Pool adjacent violators: groups of labels that touch stand around the mean of what they want.
    groups = []
    for i, y in enumerate(positions):
        groups.append([y - i * gap, 1])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            mean, n = groups.pop()
            groups[-1] = [(groups[-1][0] * groups[-1][1] + mean * n) / (groups[-1][1] + n), groups[-1][1] + n]
    out = [mean for mean, n in groups for _ in range(n)]
    return [float(round(y + i * gap, 12)) for i, y in enumerate(out)]


def within(positions, gap, low=0.03, high=1.0):
    """Ascending positions, already `gap` apart, pushed inside [low, high]: below are the tick labels.

    >>> within([-0.1, 0.0, 0.5], 0.1)
    [0.03, 0.13, 0.5]
    """
    out = list(positions)
    for i in reversed(range(len(out))):
        out[i] = min(out[i], high - (len(out) - 1 - i) * gap)
    for i in range(len(out)):
        out[i] = max(out[i], low + i * gap)
    return out


def mark_values(ax, marks, *, size=11):
    """Vertical hairlines at `{x: label}`, each named over the axes, in two rows where names would touch."""
    low, high = ax.get_xlim()
    width = ax.figure.get_size_inches()[0] * 72 * 0.8
    ends = [-np.inf, -np.inf]
    for x, label in sorted(marks.items()):
        if not low <= x <= high:
            continue
        ax.axvline(x, color=INK, lw=1, ls=(0, (2, 2)), alpha=0.6, zorder=0.9)
        middle = float(ax.transAxes.inverted().transform(ax.transData.transform((x, 1)))[0]) * width
        half = len(label) * size * 0.31
        row = 0 if middle - half >= ends[0] + 4 else 1
        ends[row] = middle + half
        ax.annotate(
            label, (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 3 + row * size * LINE_HEIGHT),
            textcoords="offset points", ha="center", va="bottom", size=size, color=INK,
            annotation_clip=False,
        )  # fmt: skip
