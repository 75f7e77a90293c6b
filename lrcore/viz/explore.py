"""One drawing function, two lives: a widget with a kernel, a slider over finished frames in the book."""

import json
from collections.abc import Callable, Mapping
from html import escape

from ..book import in_book
from .figure import (
    caption_html,
    check_alt,
    check_caption,
    check_figure,
    check_fits,
    page_id,
    release,
)
from .frames import pack
from .grid import check_texts, check_values, find
from .svg import draw_svg
from .ticks import place_ticks

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "eps": "ε", "epsilon": "ε", "eta": "η", "eta0": "η₀",
    "kappa": "κ", "lam": "λ", "lambda_": "λ", "mu": "μ", "rho": "ρ", "sigma": "σ", "tau": "τ",
}  # fmt: skip


class Explorer:
    """A figure with one control; what `explore` shows and returns.

    `values` are the positions of the control, `default` the index of the first one shown. `frame(value)`
    draws one position and checks what comes back, so that a test can call every position.
    """

    def __init__(self, draw, *, alt, caption=None, label=None, value=None, ticks=None, format=None, **grid):
        if not callable(draw):
            raise TypeError(f"viz.explore: draw is a function of one value, not {type(draw).__name__}")
        if len(grid) != 1:
            given = "none" if not grid else ", ".join(sorted(grid))
            raise TypeError(
                "viz.explore: exactly one keyword names the parameter and its values, as in"
                f" eta=[0.1, 0.2, 0.3]; given: {given}"
            )
        ((self.name, values),) = grid.items()
        self.draw = draw
        self.values = check_values(self.name, values)
        self.texts = check_texts(self.name, self.values, format)
        self.label = GREEK.get(self.name, self.name) if label is None else label
        if not isinstance(self.label, str) or not self.label.strip():
            raise TypeError(f"viz.explore: label must be a text that names the control, got {label!r}")
        self.caption = check_caption(caption, "viz.explore")
        self.default = len(self.values) // 2 if value is None else find(self.name, self.values, value)
        if isinstance(alt, str):
            self._alt = check_alt(alt, "viz.explore")
        elif isinstance(alt, Callable):
            self._alt = alt
        else:
            check_alt(alt, "viz.explore")
        if ticks is not None and not isinstance(ticks, Mapping):
            raise TypeError('viz.explore: ticks is a mapping of values to labels, as in {0.1: "1/L"}')
        self.ticks = place_ticks(self.name, self.values, ticks or {})
        for tick in self.ticks:
            if tick.index is not None and tick.label != self.texts[tick.index]:
                self.texts[tick.index] += f" = {tick.label}"
        self._shown_in = None

    def __repr__(self):
        return f"<Explorer of {self.name}: {len(self.values)} values>"

    def where(self, index):
        return f"viz.explore at {self.name}={self.values[index]!r}"

    def index(self, value):
        """Position of a value on the grid; floats match within rounding."""
        return find(self.name, self.values, value)

    def frame(self, value):
        """The figure at one value of the grid; an exception in `draw` says at which value it happened."""
        return self._figure(self.index(value))

    def frames(self):
        """Yield (value, figure, alt text) for every value of the grid."""
        for index, value in enumerate(self.values):
            yield value, self._figure(index), self.alt(value)

    def alt(self, value):
        """The alt text at one value of the grid."""
        index = self.index(value)
        if isinstance(self._alt, str):
            return self._alt
        return check_alt(self._alt(self.values[index]), self.where(index))

    def _figure(self, index):
        try:
            figure = self.draw(self.values[index])
        except Exception as error:
            error.add_note(f"(in {self.where(index)})")
            raise
        check_figure(figure, self.where(index))
        release(figure)
        return figure

    def _svg(self, index, prefix):
        figure = self._figure(index)
        svg = draw_svg(figure, prefix)
        check_fits(figure, self.where(index))
        return svg

    # The book -----------------------------------------------------------------------------------------

    def html(self):
        """The figure for a page: the default frame, the control, and the other frames as data."""
        prefix = page_id("\n".join([self.label, self.name, *self.texts, self.alt(self.values[self.default])]))
        drawings = [self._svg(index, prefix) for index in range(len(self.values))]
        shown = drawings[self.default]
        for index, drawing in enumerate(drawings):
            if drawing.size != shown.size:
                raise ValueError(
                    f"{self.where(index)}: the figure is {' x '.join(drawing.size)} points large, but"
                    f" {' x '.join(shown.size)} at {self.values[self.default]!r}; all must have one size"
                )
        packed = pack([drawing.lines for drawing in drawings])
        if not isinstance(self._alt, str):
            packed["alts"] = [self.alt(value) for value in self.values]
        alt = self.alt(self.values[self.default])
        return (
            f'<figure class="lr-explore" data-values="{escape(json_text(self.texts))}">\n'
            f'<div class="lr-drawing">{shown.markup(alt)}</div>\n'
            f"{self._control_html(prefix)}\n{caption_html(self.caption)}"
            "<noscript><p>The slider of this figure needs JavaScript.</p></noscript>\n"
            f'<script type="application/json" class="lr-frames">{script_json(packed)}</script>\n'
            "</figure>"
        )

    def _control_html(self, prefix):
        # autocomplete=off: a browser that restores the slider on reload would not restore the drawing.
        text = escape(self.texts[self.default])
        marks = "".join(
            f'<span style="--lr-at:{tick.at:.4f};--lr-row:{tick.row}">{escape(tick.label)}</span>'
            for tick in self.ticks
        )
        rows = 1 + max((tick.row for tick in self.ticks), default=-1)
        ticks = f'<span class="lr-ticks" style="--lr-rows:{rows}" aria-hidden="true">{marks}</span>'
        return (
            f'<div class="lr-control"><label for="{prefix}-range">{escape(self.label)}</label>'
            f'<output for="{prefix}-range" aria-live="off">{text}</output>'
            f'<span class="lr-track"><input type="range" id="{prefix}-range" min="0"'
            f' max="{len(self.values) - 1}" step="1" value="{self.default}" autocomplete="off"'
            f' aria-valuetext="{text}">{ticks if self.ticks else ""}</span></div>'
        )

    # The notebook -------------------------------------------------------------------------------------

    def widget(self):
        """The figure with an ipywidgets slider; needs a kernel."""
        from .widget import explorer_widget

        return explorer_widget(self)

    def display(self):
        """Show the figure: frames while the book is built, a widget otherwise."""
        from IPython import get_ipython
        from IPython.display import display

        if in_book():
            display({"text/html": self.html(), "text/plain": repr(self)}, raw=True)
        else:
            display(self.widget())
        shell = get_ipython()
        self._shown_in = None if shell is None else shell.execution_count

    def _ipython_display_(self):
        # `explore` has shown it already when it stands in the last line of its cell.
        from IPython import get_ipython

        shell = get_ipython()
        if shell is None or self._shown_in != shell.execution_count:
            self.display()


def explore(draw, *, alt, caption=None, label=None, value=None, ticks=None, format=None, **grid):
    """Show `draw(value)` with a slider over the values: `explore(draw, alt=..., eta=[0.1, 0.2, 0.3])`.

    With a kernel (JupyterLab, Colab, Binder) the slider calls `draw` as it moves. In the book every value
    is drawn while the page is built, and the page carries the drawings.

    Parameters
    ----------
    draw : function of one value -> matplotlib Figure
        All figures must have the same size; fix the axes' limits too, or they jump as the slider moves.
    alt : str or function of one value -> str
        What a reader who cannot see the figure should learn from it, as in `viz.show`.
    caption : str, optional
        Stands under the figure; states the values of the other parameters.
    label : str, optional
        Name of the control; the keyword of the grid (eta as η) by default.
    value : optional
        The value shown first, one of the grid; the middle one by default.
    ticks : dict, optional
        Labels under the slider, `{0.1: "1/L", 0.2: "2/L"}`. Values between two of the grid are marked
        between them.
    format : function of one value -> str, optional
        How a value is written beside the slider; four significant digits by default.
    **grid
        Exactly one keyword: the parameter's name and its values, at least two different numbers or texts.

    Returns
    -------
    Explorer
        With `.values`, `.frame(value) -> Figure`, `.frames()`, `.alt(value)`. In the last line of a cell
        it is not shown a second time.

    Raises
    ------
    TypeError, ValueError
        For arguments that do not make sense, and when `draw` does not return a figure with axes.
    Exception
        Whatever `draw` raises: with a kernel for the first drawing, in the book for any of them.
    """
    explorer = Explorer(
        draw, alt=alt, caption=caption, label=label, value=value, ticks=ticks, format=format, **grid
    )
    explorer.display()
    return explorer


def json_text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def script_json(value):
    """JSON that may stand inside a <script>: nothing in it ends the script or opens a comment."""
    return json_text(value).replace("</", "<\\/").replace("<!--", "<\\u0021--")
