"""The drawing of a sweep shows what the sweep says: its curve, its best rate, what was lost."""

import numpy as np
import pytest

from lrcore import compare, sweep, viz
from lrcore.directions import Momentum, Steepest
from lrcore.problems import Quadratic

BOWL = Quadratic([1.0, 10.0])
RATES = np.geomspace(0.01, 0.6, 8)


def lines(figure, marker):
    return [line for line in figure.axes[0].lines if line.get_marker() == marker]


def test_curve_best_rate_and_lost_rates():
    s = sweep(BOWL, [1.0, 1.0], RATES, steps=100)
    figure = viz.plot_sensitivity(s)
    curve = figure.axes[0].lines[0].get_xydata()
    fine = np.isfinite(s.sensitivity)
    assert 0 < fine.sum() < 8 and np.array_equal(curve[fine], np.c_[RATES, s.sensitivity][fine])
    assert np.isnan(curve[~fine, 1]).all()
    assert lines(figure, "o")[0].get_xydata().tolist() == [[s.best_rate, s.best_loss]]
    assert lines(figure, "x")[0].get_xdata().tolist() == RATES[~fine].tolist()
    assert figure.axes[0].get_xscale() == figure.axes[0].get_yscale() == "log"


def test_a_sweep_without_lost_rates_has_no_crosses():
    assert not lines(viz.plot_sensitivity(sweep(BOWL, [1.0, 1.0], [0.01, 0.1], steps=100)), "x")


def test_several_methods_have_their_names_and_seeds_a_band():
    c = compare(
        {"plain": Steepest(), "momentum": Momentum(0.5)}, BOWL, lambda seed: [1.0 + seed, 1.0], RATES,
        steps=50, seeds=[0, 1, 2],
    )  # fmt: skip
    figure = viz.plot_sensitivity(c)
    assert sorted(text.get_text() for text in figure.axes[0].texts) == ["momentum", "plain"]
    bands = figure.axes[0].collections
    assert len(bands) == 2 and len(lines(figure, "o")) == 2
    top = bands[0].get_paths()[0].vertices[:, 1].max()
    good = np.isfinite(c["plain"].final).all(1)
    assert top == pytest.approx(c["plain"].final[good].max())


def test_what_is_no_sweep_is_told():
    with pytest.raises(TypeError, match="a Sweep, a Comparison"):
        viz.plot_sensitivity([1, 2])
