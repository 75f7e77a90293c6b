"""Newton's direction, with a choice of what to do where the curvature is negative."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from .direction import Direction

NEGATIVE = ("keep", "absolute", "shift")


@dataclass(frozen=True, repr=False)
class Newton(Direction):
    r"""Newton's direction: where f is a quadratic, eta = 1 ends in one step.

    .. math:: d_k = -(H_k+\mu I)^{-1}g_k

    with the Hessian H_k at x_k and mu = `damping`. Mode by mode, with the eigenvalues lambda_i of H_k and its
    unit eigenvectors u_i, that is

    .. math:: d_k = -\sum_i\frac{u_i^\top g_k}{\lambda_i+\mu}\,u_i

    Where H_k has negative eigenvalues the step leads to the saddle or to the maximum, uphill in those
    directions. ``negative`` says what then divides:

    * ``"keep"``: lambda_i + damping, as above,
    * ``"absolute"``: |lambda_i| + damping, so that d always leads downhill ("saddle-free"),
    * ``"shift"``: lambda_i + s, with the least s >= 0 that makes all of them at least `damping` (then > 0).

    A rate eta has no units here. An eigenvalue that is 0 gives inf or nan in d, and `run` says "diverged":
    use damping there. There is no ``scale``: coordinates are mixed.

    It is called ``direction(k, point, state)`` and needs ``point.problem.hessian``. Cost: d^3 a step. Raises
    ValueError or TypeError unless damping >= 0 (> 0 with ``"shift"``), or when the problem has no hessian.

    Source: Nocedal and Wright, *Numerical Optimization* (2006), chapter 3; absolute: Dauphin, Pascanu and
    others, NeurIPS 2014. Explained in chapter 10.

    >>> from types import SimpleNamespace
    >>> from lrcore.problems import Quadratic
    >>> saddle, x = Quadratic([10.0, -1.0]), np.array([1.0, 1.0])
    >>> point = SimpleNamespace(problem=saddle, x=x, g=saddle.grad(x))
    >>> [Newton(0.5, how)(0, point, None)[0].round(4).tolist() for how in NEGATIVE]
    [[-0.9524, -2.0], [-0.9524, 0.6667], [-0.8696, 2.0]]
    """

    see = validate.CURVATURE
    uses_point = True
    damping: float = 0.0
    negative: str = "keep"

    def __post_init__(self):
        self._check_size("damping")
        self._check_choice("negative", NEGATIVE)
        if self.negative == "shift" and self.damping == 0:
            raise validate.wrong_value('negative="shift" needs damping > 0, got damping=0', self.see)

    def init(self, x):
        return None

    def __call__(self, k, point, state):
        if not hasattr(point.problem, "hessian"):
            raise validate.wrong_type(
                f"Newton needs a problem with hessian(x), got {validate.shown(point.problem)}", self.see
            )
        H = point.problem.hessian(point.x)
        fine = np.isfinite(H).all(axis=(-2, -1), keepdims=True)  # a row that diverged must not stop the rest
        eigenvalues, Q = np.linalg.eigh(np.where(fine, H, np.eye(H.shape[-1])))
        if self.negative == "absolute":
            eigenvalues = np.abs(eigenvalues) + self.damping
        elif self.negative == "shift":
            eigenvalues = eigenvalues + np.maximum(self.damping - eigenvalues.min(-1, keepdims=True), 0.0)
        else:
            eigenvalues = eigenvalues + self.damping
        with np.errstate(divide="ignore", invalid="ignore"):
            c = np.einsum("...ij,...i->...j", Q, point.g) / eigenvalues  # in the eigenbasis, mode by mode
            return np.where(fine[..., 0], -np.einsum("...ij,...j->...i", Q, c), np.nan), state
