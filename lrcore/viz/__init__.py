"""Figures of the book: one style, static figures, and explorers that live with and without a kernel.

Plot functions take data (arrays, a Run) and return a Figure; nothing here simulates. `show` and `explore`
put a figure on the page, with alt text.
"""

from pathlib import Path

from .contours import plot_contours
from .curves import plot_bars, plot_curves, plot_losses, plot_sharpness
from .descent import descent
from .explore import Explorer, explore
from .figure import show
from .glue import glue
from .labels import label_ends, mark_values
from .line_paths import line_paths
from .momentum_map import momentum_map
from .noise_ball import noise_ball
from .optimizer_race import optimizer_race
from .precondition_bowl import precondition_bowl
from .quadratics import plot_mode_factors, plot_parabola_path, plot_spectrum, rate_marks
from .schedule_studio import schedule_studio
from .searches import plot_search
from .sensitivity import plot_sensitivity
from .step_condition import step_condition
from .style import COLORS, INK, LINESTYLES, PAPER, new_figure, use_style

__all__ = [
    "COLORS",
    "INK",
    "LINESTYLES",
    "PAPER",
    "STATIC",
    "Explorer",
    "descent",
    "explore",
    "glue",
    "label_ends",
    "line_paths",
    "mark_values",
    "momentum_map",
    "new_figure",
    "noise_ball",
    "optimizer_race",
    "plot_bars",
    "plot_contours",
    "plot_curves",
    "plot_losses",
    "plot_mode_factors",
    "plot_parabola_path",
    "plot_search",
    "plot_sensitivity",
    "plot_sharpness",
    "plot_spectrum",
    "precondition_bowl",
    "rate_marks",
    "schedule_studio",
    "show",
    "step_condition",
    "use_style",
]

# Scripts and styles that a page with figures needs.
STATIC = Path(__file__).parent / "static"

use_style()
