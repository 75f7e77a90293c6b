"""Show one static figure: an inline SVG in the book, a PNG in a notebook; never without alt text."""

import hashlib
import io
import sys
from collections import Counter
from html import escape

from matplotlib.figure import Figure

from ..book import in_book
from .style import plain_powers
from .svg import draw_svg

MIN_ALT = 20

_prefixes = Counter()


def check_alt(alt, where):
    """The alt text without surplus blanks, or an error that says what an alt text is."""
    advice = (
        "write what a reader who cannot see the figure should learn from it, for example"
        " alt='Loss against step for two rates: at 0.1 it falls to 0.01, at 0.5 it grows.'"
    )
    if not isinstance(alt, str):
        raise TypeError(f"{where}: alt is a sentence, not {type(alt).__name__}; {advice}")
    text = " ".join(alt.split())
    if len(text) < MIN_ALT or text.count(" ") < 3:
        raise ValueError(f"{where}: alt={alt!r} is no sentence of at least {MIN_ALT} characters; {advice}")
    return text


def check_figure(figure, where):
    """The figure itself, or an error when it is not a matplotlib figure with something in it."""
    if not isinstance(figure, Figure):
        hint = " (did it forget to return the figure?)" if figure is None else ""
        raise TypeError(f"{where}: expected a matplotlib Figure, got {type(figure).__name__}{hint}")
    if not figure.axes:
        raise ValueError(f"{where}: the figure has no axes, there is nothing to see in it")
    return figure


def check_fits(figure, where):
    """The drawn figure itself, or an error when a label reaches over its edge, where a page cuts it off."""
    box, size = figure.get_tightbbox(), figure.get_size_inches()
    over = {
        "left": -box.x0, "bottom": -box.y0, "right": box.x1 - size[0], "top": box.y1 - size[1]
    }  # fmt: skip
    for side, inches in over.items():
        if inches > 0.03:
            raise ValueError(
                f"{where}: something reaches {inches * 72:.0f} points over the {side} edge of the figure,"
                " most likely a label; shorten it or make the figure larger"
            )
    return figure


def release(figure):
    """Take the figure from pyplot's list, or the notebook draws it once more under the cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)


def page_id(text):
    """A prefix for ids: made of the text, and different each time within a process (that is, a page)."""
    stem = "lr" + hashlib.sha256(text.encode()).hexdigest()[:6]
    _prefixes[stem] += 1
    return stem if _prefixes[stem] == 1 else f"{stem}-{_prefixes[stem]}"


def check_caption(caption, where):
    """The caption, or an error when it is neither a text nor None."""
    if caption is not None and (not isinstance(caption, str) or not caption.strip()):
        raise TypeError(f"{where}: caption must be a text or None, got {caption!r}")
    return caption


def caption_html(caption):
    return f"<figcaption>{escape(caption)}</figcaption>" if caption else ""


def notebook_caption(caption):
    """The caption under a figure in a notebook, which has no style sheet of ours."""
    return f'<div style="max-width:560px">{escape(caption)}</div>'


def figure_html(figure, alt, prefix, caption=None):
    """The static figure as it stands in the book."""
    markup = draw_svg(figure, prefix).markup(alt)
    check_fits(figure, "viz.show")
    return f'<figure class="lr-figure">{markup}{caption_html(caption)}</figure>'


def png(figure, scale=2):
    """PNG bytes on a white card at `scale` pixels per CSS pixel, and the width and height in CSS pixels."""
    plain_powers(figure)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=96 * scale, facecolor="white", metadata={"Software": None})
    width, height = figure.get_size_inches()
    return out.getvalue(), round(96 * width), round(96 * height)


def show(figure, *, alt, caption=None):
    """Show a figure: in the book as an SVG that follows dark mode, in a notebook as an image.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        A sentence (at least 20 characters) for readers who cannot see the figure: what it shows.
    caption : str, optional
        Stands under the figure for all readers; states the values of the parameters.

    Raises
    ------
    TypeError, ValueError
        If `figure` is no figure, has no axes, `alt` is missing or no sentence, or, in the book, a label
        would be cut off.

    Examples
    --------
    >>> from lrcore import viz
    >>> fig, ax = viz.new_figure()
    >>> viz.show(fig, alt="short")
    Traceback (most recent call last):
    ...
    ValueError: viz.show: alt='short' is no sentence of at least 20 characters; write what a reader ...
    """
    figure = check_figure(figure, "viz.show")
    alt = check_alt(alt, "viz.show")
    caption = check_caption(caption, "viz.show")
    from IPython.display import display

    release(figure)
    if in_book():
        html = figure_html(figure, alt, page_id(alt), caption)
        display({"text/html": html, "text/plain": alt}, raw=True)
        return
    data, width, height = png(figure)
    display(
        {"image/png": data, "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
        raw=True,
    )
    if caption:
        display({"text/html": notebook_caption(caption), "text/plain": caption}, raw=True)
