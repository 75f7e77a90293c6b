"""What a line search is given and what it returns."""

from typing import NamedTuple

import numpy as np

from .. import validate


class Search(NamedTuple):
    """The outcome of a line search, for rows of shape B.

    =============== ======= ==============================================================================
    ``t``           (*B)    the step found; nan where there is none
    ``phi``         (*B)    phi there; nan where there is none
    ``evaluations`` (*B)    int, how often phi or phi' was asked for
    ``ok``          (*B)    bool, whether a step was found
    ``trials``              list of (t, value): the points in the order tried, each (*B); nan in a row that
                            did not try then. The value is phi(t), and phi'(t) for `Exact`.
    =============== ======= ==============================================================================
    """

    t: np.ndarray
    phi: np.ndarray
    evaluations: np.ndarray
    ok: np.ndarray
    trials: list


class Trials:
    """Asks a function of t for some rows and writes down what was asked."""

    def __init__(self, shape):
        self.evaluations, self.made = np.zeros(shape, dtype=int), []

    def ask(self, function, t, rows, record=True):
        """function(t) in these rows, nan in the others."""
        asked = np.where(rows, t, np.nan)
        with np.errstate(all="ignore"):  # a trial far out may overflow: it fails the test, nothing more
            value = np.where(rows, function(asked), np.nan)
        self.evaluations += rows
        if record:
            self.made.append((asked, value))
        return value

    def search(self, t, phi, ok):
        return Search(np.where(ok, t, np.nan), np.where(ok, phi, np.nan), self.evaluations, ok, self.made)


def start(t0, phi0, dphi0, active):
    """The arguments of a search as arrays of one shape, and the rows that have a line to search.

    A row is searched if it is active, phi(0) and phi'(0) are finite and phi'(0) <= 0.
    """
    t0 = validate.positive_rates(t0, see=validate.SEARCH)
    phi0 = validate.real_array(phi0, "phi0", validate.SEARCH)
    dphi0 = validate.real_array(dphi0, "dphi0", validate.SEARCH)
    active = np.True_ if active is None else np.asarray(active, dtype=bool)
    try:
        t, phi0, dphi0, active = np.broadcast_arrays(t0, phi0, dphi0, active)
    except ValueError:
        shapes = ", ".join(str(np.shape(a)) for a in (t0, phi0, dphi0, active))
        raise validate.wrong_value(
            f"t0, phi0, dphi0 and active must broadcast, got shapes {shapes}", validate.SEARCH
        ) from None
    return t.copy(), phi0, dphi0, active & np.isfinite(phi0) & np.isfinite(dphi0) & (dphi0 <= 0)
