"""The explorer with a kernel: an ipywidgets slider that calls `draw`."""

from html import escape

from .figure import notebook_caption, page_id
from .svg import draw_svg

# A white card: outputs of JupyterLab, Colab and VS Code are dark in a dark theme, and none says so alike.
CARD = "background:#fff;color:#000;max-width:560px;padding:4px;border-radius:4px"


def explorer_widget(explorer):
    """A box with slider, drawing and caption; raises what the first drawing raises."""
    from ipywidgets import HTML, Layout, SelectionSlider, VBox

    prefix = page_id("widget\n" + explorer.name)

    def drawing(index):
        value = explorer.values[index]
        alt = explorer.alt(value)
        svg = draw_svg(explorer.frame(value), prefix).markup(alt)
        # The viewBox scales the drawing; without these the SVG keeps its size in a narrow column.
        svg = svg.replace("<svg ", '<svg style="width:100%;height:auto;display:block" ', 1)
        return f'<div class="lr-drawing" style="{CARD}">{svg}</div>'

    def message(index, error):
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return (
            f'<div class="lr-drawing" style="{CARD}" role="alert"><strong>No drawing at'
            f" {escape(explorer.label)} = {escape(explorer.texts[index])}.</strong><br>"
            f"<code>{escape(text)}</code></div>"
        )

    view = HTML(value=drawing(explorer.default), layout=Layout(max_width="570px", overflow="hidden"))
    slider = SelectionSlider(
        options=[(text, index) for index, text in enumerate(explorer.texts)],
        value=explorer.default,
        description=explorer.label,
        continuous_update=True,
        style={"description_width": "initial"},
        layout=Layout(width="100%", max_width="560px"),
    )

    def move(change):
        index = change["new"]
        try:
            view.value = drawing(index)
        except Exception as error:  # a traceback in a widget's callback goes to a log nobody reads
            view.value = message(index, error)

    slider.observe(move, names="value")
    children = [slider, view]
    if explorer.caption:
        children.append(HTML(value=notebook_caption(explorer.caption)))
    return VBox(children)
