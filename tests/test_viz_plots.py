"""The plot functions draw the data they are given, name it, and refuse what they cannot draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcore import problems, run, viz
from lrcore.viz.figure import check_fits
from lrcore.viz.labels import last_visible, spread, within
from lrcore.viz.svg import draw_svg

BOWL = problems.Quadratic([1.0, 10.0])


def texts(figure, axes=0):
    return {t.get_text() for t in figure.axes[axes].texts}


def lines(figure, axes=0):
    return figure.axes[axes].lines


def fits(figure):
    draw_svg(figure)
    check_fits(figure, "test")
    return figure


# Labels ---------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1, 2), max_size=8).map(sorted), st.floats(0.01, 0.3))
def test_spread_labels_keep_their_order_and_distance_and_mean(positions, gap):
    out = spread(positions, gap)
    assert len(out) == len(positions)
    assert all(b - a >= gap - 1e-9 for a, b in zip(out, out[1:], strict=False))
    if positions:
        assert np.mean(out) == pytest.approx(np.mean(positions), abs=1e-9)  # least squares keeps the mean
    if all(b - a >= gap for a, b in zip(positions, positions[1:], strict=False)):
        assert out == pytest.approx(positions, abs=1e-9)  # nothing moves that need not


@given(st.lists(st.floats(-1, 2), max_size=8).map(sorted))
def test_labels_stay_beside_the_axes(positions):
    gap = 0.1
    out = within(spread(positions, gap), gap)
    assert all(0.03 - 1e-9 <= y <= 1 + 1e-9 for y in out)
    assert all(b - a >= gap - 1e-9 for a, b in zip(out, out[1:], strict=False))


@pytest.mark.parametrize(
    ("y", "end"),
    [
        ([0.5, 0.5, 0.5], (1, 0.5)),
        ([0.5, 0.5, np.nan], (0.5, 0.5)),  # the run stopped
        ([0.5, 0.5, np.inf], (0.5, 0.5)),
        ([0.0, 0.5, 1.5], (0.75, 1)),  # leaves through the top half way between the last two points
        ([1.0, 0.5, -0.5], (0.75, 0)),
        ([5.0, 5.0, 5.0], None),
        ([np.nan] * 3, None),
    ],
)
def test_the_end_of_a_curve(y, end):
    _, ax = viz.new_figure()
    ax.set(xlim=(0, 2), ylim=(0, 1))
    found = last_visible(ax, np.arange(3.0), np.array(y))
    assert found == (end if end is None else pytest.approx(end))


def test_marks_outside_the_axes_are_left_out():
    fig = viz.plot_curves([0, 1], {"": [0, 1]}, marks={0.5: "in", 2.0: "out"})
    assert texts(fig) == {"in"}


# Curves -----------------------------------------------------------------------------------------------------


def test_curves_are_drawn_and_named():
    x = np.linspace(0, 1, 5)
    fig = fits(viz.plot_curves(x, {"a": x, "b": x**2}, xlabel="x", ylabel="y", logy=False))
    assert np.array_equal(lines(fig)[1].get_ydata(), x**2)
    assert texts(fig) == {"a", "b"}
    styles = {(line.get_color(), str(line.get_linestyle())) for line in lines(fig)}
    assert len(styles) == 2


def test_curves_with_an_x_of_their_own_and_names_above():
    fig = fits(viz.plot_curves(None, {"a": ([0, 1], [1, 2]), "b": ([0, 2], [3, 4])}, names="above"))
    assert list(lines(fig)[1].get_xdata()) == [0, 2]
    assert [t.get_text() for t in fig.axes[0].get_legend().get_texts()] == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (([0, 1], {}), TypeError),
        (([0, 1], [[0, 1]]), TypeError),
        (([0, 1], {"a": [0, 1, 2]}), ValueError),
        (([[0, 1]], {"a": [[0, 1]]}), ValueError),
    ],
)
def test_curves_refuse_what_does_not_fit(arguments, error):
    with pytest.raises(error, match="plot_curves"):
        viz.plot_curves(*arguments)


# Losses -----------------------------------------------------------------------------------------------------


def test_losses_of_a_batched_run_are_its_records():
    r = run(BOWL, [1.0, 1.0], [0.01, 0.1, 0.21], steps=30)
    fig = fits(viz.plot_losses(r))
    for row in range(3):
        assert np.array_equal(lines(fig)[row].get_ydata(), r.f[:, row])
        assert np.array_equal(lines(fig)[row].get_xdata(), r.k)
    assert texts(fig) == {"η = 0.01", "η = 0.1", "η = 0.21"}
    assert fig.axes[0].get_yscale() == "log"


def test_losses_of_a_dict_of_runs_and_arrays():
    fig = viz.plot_losses({"run": run(BOWL, [1.0, 1.0], 0.1, steps=5), "array": [3.0, 2.0, 1.0]}, log=False)
    assert list(lines(fig)[1].get_xdata()) == [0, 1, 2]
    assert texts(fig) == {"run", "array"}
    assert fig.axes[0].get_yscale() == "linear"


def test_a_run_that_diverged_ends_in_a_cross_and_does_not_flatten_the_others():
    r = run(BOWL, [1.0, 1.0], [0.1, 0.9], steps=100)
    assert list(r.status) == ["running", "diverged"]
    fig = fits(viz.plot_losses(r, labels=["good", "bad"]))
    crosses = [line for line in lines(fig) if line.get_marker() == "x"]
    last = np.flatnonzero(np.isfinite(r.f[:, 1]))[-1]
    assert len(crosses) == 1 and list(crosses[0].get_xdata()) == [r.k[last]]
    assert fig.axes[0].get_ylim()[1] < 1e4 < np.nanmax(r.f[:, 1])


def test_the_gap_to_the_minimum():
    r = run(BOWL, [1.0, 1.0], 0.1, steps=5)
    fig = viz.plot_losses({"run": r}, f_star=-2.0)
    assert np.allclose(lines(fig)[0].get_ydata(), r.f + 2)
    assert fig.axes[0].get_ylabel() == "f − f*"


@pytest.mark.parametrize(
    ("runs", "labels", "error", "says"),
    [
        ([1.0, 2.0], None, TypeError, "give a Run"),
        ({"a": [1.0]}, ["a"], TypeError, "keys"),
        (run(BOWL, [1.0, 1.0], [0.1, 0.2], steps=2), ["a"], ValueError, "1 labels for 2"),
        (run(BOWL, [1.0, 1.0], [0.1, 0.1], steps=2), None, ValueError, "two curves are called"),
        (run(BOWL, np.ones((2, 2, 2)), 0.1, steps=2), None, ValueError, "shape"),
    ],
)
def test_losses_refuse_what_they_cannot_name(runs, labels, error, says):
    with pytest.raises(error, match=says):
        viz.plot_losses(runs, labels=labels)


# Quadratics -------------------------------------------------------------------------------------------------


def test_the_path_lies_on_the_parabola():
    r = run(problems.Quadratic([10.0]), [2.0], 0.15, steps=8, record_x=True)
    fig = fits(viz.plot_parabola_path(r, 10.0))
    path = next(line for line in lines(fig) if len(line.get_xdata()) == 9)
    assert np.array_equal(path.get_xdata(), r.x[:, 0])
    assert np.allclose(path.get_ydata(), r.f)


def test_a_path_that_leaves_the_axes_stays_small_in_the_svg():
    x = 2.0 * (-50.0) ** np.arange(30)
    fig = fits(viz.plot_parabola_path(x, 10.0))
    assert max(np.abs(line.get_xdata()).max() for line in lines(fig)) < 100


def test_a_run_without_its_iterates_says_what_to_do():
    with pytest.raises(ValueError, match="record_x=True"):
        viz.plot_parabola_path(run(problems.Quadratic([10.0]), [2.0], 0.1, steps=3), 10.0)
    with pytest.raises(ValueError, match="shape"):
        viz.plot_parabola_path(np.ones((3, 2)), 10.0)
    with pytest.raises(ValueError, match="positive"):
        viz.plot_parabola_path([1.0, 0.5], curvature=0.0)


def test_modes_that_shrink_stay_or_grow_look_different():
    fig = fits(viz.plot_spectrum([1.0, 5.0, 10.0, 14.0], eta=0.2, ymax=2.0))
    dots = {line.get_marker(): list(line.get_xdata()) for line in lines(fig) if line.get_ls() == "None"}
    assert dots == {"o": [1, 5], "s": [10], "D": [14]}
    fig = fits(viz.plot_spectrum([1.0, 20.0], eta=0.2, ymax=1.5))  # |1 - 4| is beyond the axis
    assert {line.get_marker() for line in lines(fig)} >= {"o", "^"}


def test_marks_are_the_three_rates():
    marks = viz.rate_marks([2.0, 7.0, 5.0])
    assert list(marks) == pytest.approx([1 / 7, 2 / 9, 2 / 7])
    assert viz.rate_marks([4.0]) == {0.25: "1/L", 0.5: "2/L"}


def test_the_worst_factor_is_the_upper_envelope():
    lam = np.array([1.0, 3.0, 10.0])
    fig = fits(viz.plot_mode_factors(lam, eta=0.15))
    worst = lines(fig)[0]
    eta = worst.get_xdata()
    assert np.allclose(worst.get_ydata(), np.abs(1 - np.outer(eta, lam)).max(axis=1))
    assert 2 / 11 in eta  # its minimum is drawn where it is
    assert texts(fig) == {"λ = 1", "λ = 10", "1/L", "2/(μ+L)", "2/L"}


@pytest.mark.parametrize("eigenvalues", [[], [0.0, 1.0], [-1.0]])
def test_spectra_must_be_positive(eigenvalues):
    with pytest.raises(ValueError, match="positive"):
        viz.plot_spectrum(eigenvalues, 0.1)
    with pytest.raises(ValueError, match="positive"):
        viz.plot_mode_factors(eigenvalues)


# Contours ---------------------------------------------------------------------------------------------------


def test_contours_with_two_paths():
    paths = {f"η = {eta}": run(BOWL, [3.0, 1.0], eta, steps=10, record_x=True) for eta in (0.05, 0.15)}
    fig = fits(viz.plot_contours(BOWL, paths, xlim=(-4, 4), ylim=(-2, 2), x_star=[0, 0]))
    drawn = [line for line in lines(fig) if len(line.get_xdata()) == 11]
    for line, r in zip(drawn, paths.values(), strict=True):
        assert np.array_equal(np.column_stack(line.get_data()), r.x)
    assert [t.get_text() for t in fig.axes[0].get_legend().get_texts()] == list(paths)


def test_contour_levels_of_a_quadratic_are_equally_far_apart():
    fig = viz.plot_contours(BOWL, xlim=(-4, 4), ylim=(-2, 2), x_star=[0, 0], levels=5)
    (contours,) = fig.axes[0].collections
    assert np.ptp(np.diff(np.sqrt(contours.levels))) < 1e-12


def test_a_diverging_path_is_cut_off():
    r = run(BOWL, [3.0, 1.0], 0.9, steps=50, record_x=True)
    fig = fits(viz.plot_contours(BOWL, r, xlim=(-4, 4), ylim=(-2, 2)))
    assert max(np.abs(np.array(line.get_data())).max() for line in lines(fig)) < 100


def test_contours_refuse_a_function_of_the_wrong_shape():
    with pytest.raises(ValueError, match="maps"):
        viz.plot_contours(lambda x: x, xlim=(0, 1), ylim=(0, 1))
    with pytest.raises(ValueError, match="shape"):
        viz.plot_contours(BOWL, np.ones((3, 1)), xlim=(0, 1), ylim=(0, 1))


# Sharpness, bars --------------------------------------------------------------------------------------------


def test_sharpness_stands_beside_its_limit():
    k = np.arange(5)
    losses = {"a": k + 1, "b": k + 2}
    fig = fits(viz.plot_sharpness(k, {"a": k, "b": 2 * k}, {"a": 0.5, "b": 0.25}, loss=losses))
    assert texts(fig, 1) == {"a: 2/η = 4", "b: 2/η = 8"}
    assert np.array_equal(lines(fig, 1)[0].get_ydata(), k)
    assert list(lines(fig, 1)[1].get_ydata()) == [4, 4]
    assert fig.axes[0].get_ylabel() == "loss f"
    with pytest.raises(ValueError, match="eta is given for"):
        viz.plot_sharpness(k, {"a": k}, {"b": 0.5})


def test_bars_write_their_values():
    values = {"a": 2.0, "b": 0.125, "never": np.nan}
    fig = fits(viz.plot_bars(values, xlabel="loss", reference=(1.0, "target")))
    assert [t.get_text() for t in fig.axes[0].texts] == ["2", "0.125", "nan", "target"]
    assert [bar.get_width() for bar in fig.axes[0].patches] == [2.0, 0.125]
    with pytest.raises(TypeError, match="dict"):
        viz.plot_bars([1, 2])


def test_bars_on_a_log_axis_all_have_a_length():
    fig = fits(viz.plot_bars({"a": 2.0, "b": 1e-6}, log=True))
    assert fig.axes[0].get_xlim()[0] < 1e-6


# All of them ------------------------------------------------------------------------------------------------


def test_plots_draw_into_axes_they_are_given():
    fig, axes = viz.new_figure(height=8, nrows=5)
    viz.plot_curves([0, 1], {"": [0, 1]}, ax=axes[0])
    viz.plot_losses({"a": [1.0, 0.5]}, ax=axes[1])
    viz.plot_parabola_path([1.0, 0.5], ax=axes[2])
    viz.plot_spectrum([1.0, 2.0], 0.1, ax=axes[3])
    returned = viz.plot_mode_factors([1.0, 2.0], ax=axes[4])
    assert returned is fig and all(ax.lines for ax in axes)


def test_nothing_is_registered_with_pyplot():
    from matplotlib import pyplot

    before = pyplot.get_fignums()
    viz.plot_bars({"a": 1.0})
    assert pyplot.get_fignums() == before
