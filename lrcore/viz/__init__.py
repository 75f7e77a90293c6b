"""Figures of the book: one style, static figures, and explorers that live with and without a kernel."""

from .explore import Explorer, explore
from .figure import show
from .glue import glue
from .style import COLORS, INK, LINESTYLES, PAPER, new_figure, use_style

__all__ = [
    "COLORS",
    "INK",
    "LINESTYLES",
    "PAPER",
    "Explorer",
    "explore",
    "glue",
    "new_figure",
    "show",
    "use_style",
]

use_style()
