"""The point that rules look at: its line against finite differences, its laziness, its counting."""

import numpy as np
import pytest

from lrcore.point import Point
from lrcore.problems import Function, Quadratic

BOWL = Quadratic([1.0, 10.0])


def at(x, problem=BOWL, active=None, f=None):
    x = np.array(x)
    return Point(0, problem, x, problem.grad(x), np.full(x.shape[:-1], True) if active is None else active, f)


def test_the_line_is_f_along_d_and_its_slope():
    here = at([[1.0, 1.0], [2.0, -1.0], [0.0, 3.0]])
    d = np.array([[1.0, -1.0], [-2.0, 0.5], [3.0, 1.0]])
    phi, dphi = here.line(d)
    t = np.array([0.3, 0.0, -1.0])
    assert np.array_equal(phi(t), BOWL.f(here.x + t[:, None] * d))
    h = 1e-6
    assert np.allclose(dphi(t), (phi(t + h) - phi(t - h)) / (2 * h), rtol=1e-8)
    assert np.allclose(dphi(np.zeros(3)), (here.g * d).sum(-1), rtol=1e-15)


def test_every_call_is_counted_for_the_rows_that_move_and_are_asked():
    here = at(np.ones((4, 2)), active=np.array([True, True, False, True]))
    phi, dphi = here.line(-here.g)
    phi(np.ones(4))
    assert here.evaluations.tolist() == [1, 1, 0, 1]
    values = phi(np.array([1.0, np.nan, 1.0, np.nan]))
    assert here.evaluations.tolist() == [2, 1, 0, 1]
    assert np.isnan(values).tolist() == [False, True, False, True]
    dphi(0.5)  # one t for all rows
    assert here.evaluations.tolist() == [3, 2, 0, 2]


def test_a_single_run_has_no_batch_axis():
    here = at([1.0, 1.0])
    phi, _ = here.line(-here.g)
    assert phi(0.0).shape == () and phi(0.0) == 5.5 and here.evaluations == 2


def test_f_is_computed_once_and_only_when_asked_for():
    calls = []
    counted = Function(lambda x: calls.append(1) or BOWL.f(x), BOWL.grad, dim=2)
    here = at([1.0, 1.0], counted)
    assert calls == []
    assert here.f == here.f == 5.5 and calls == [1]
    assert at([1.0, 1.0], counted, f=np.float64(7.0)).f == 7.0 and calls == [1]


@pytest.mark.parametrize("attribute", ["f", "phi", "dphi"])
def test_a_problem_of_the_wrong_shape_is_told(attribute):
    crooked = Function(lambda x: x, lambda x: x[..., :1], dim=2)
    here = Point(0, crooked, np.ones((3, 2)), np.ones((3, 2)), np.full(3, True))
    phi, dphi = here.line(here.g)
    with pytest.raises(ValueError, match="must map shape"):
        {"f": lambda: here.f, "phi": lambda: phi(np.zeros(3)), "dphi": lambda: dphi(np.zeros(3))}[attribute]()
