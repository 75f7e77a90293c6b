"""The figure of a backtracking search shows every trial, and which of them was taken."""

import numpy as np
import pytest

from lrcore.linesearches import Backtracking
from lrcore.viz import plot_search


def phi(t):
    return (t - 0.3) ** 2


def dphi(t):
    return 2 * (t - 0.3)


def drawn(found, **limits):
    """(t, height, marker) of every trial in the figure, in order."""
    axes = plot_search(phi, found, phi(0.0), dphi(0.0), 0.1, t_max=1.1, **limits).axes[0]
    points = [line for line in axes.lines if line.get_linestyle() == "None"][1:]  # without the start
    return [(float(p.get_xdata()[0]), float(p.get_ydata()[0]), p.get_marker()) for p in points]


def test_every_trial_is_drawn_and_the_one_taken_is_a_dot():
    found = Backtracking(0.1, 0.7)(phi, dphi, 1.0, phi(0.0), dphi(0.0))
    points = drawn(found)
    np.testing.assert_allclose([t for t, *_ in points], 0.7 ** np.arange(len(points)))
    np.testing.assert_allclose([f for _, f, _ in points], [phi(t) for t, *_ in points])
    assert [marker for *_, marker in points] == ["x"] * (len(points) - 1) + ["o"]
    assert points[-1][0] == found.t


def test_a_trial_above_the_frame_is_an_arrow_at_its_top():
    found = Backtracking(0.1, 0.7)(phi, dphi, 1.0, phi(0.0), dphi(0.0))
    points = drawn(found, ylim=(0.0, 0.2))
    assert [marker for *_, marker in points] == ["^", "x", "o"] and points[0][1] < 0.2


def test_searches_of_many_lines_are_refused():
    found = Backtracking()(phi, dphi, np.ones(3), phi(0.0), dphi(0.0))
    with pytest.raises(ValueError, match="one line"):
        plot_search(phi, found, phi(0.0), dphi(0.0), 0.1, t_max=1.0)
