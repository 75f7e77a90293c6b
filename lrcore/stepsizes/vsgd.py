"""vSGD: the rate that is best for the next step, from running averages of slope, its square and curvature."""

from dataclasses import dataclass

import numpy as np

from .. import validate
from ..schedules import fields
from .rule import Rule, column


@dataclass(frozen=True, repr=False)
class VSGD(Rule):
    r"""With averages m of g, v of g^2, h of |diagonal of the Hessian|, each with weight 1/tau of a new value,
    ``form="local"`` (vSGD-l) has for each coordinate

    .. math::

        \eta_i = \frac{m_i^2}{h_i\, v_i}, \qquad
        \tau_i \leftarrow \Bigl(1 - \frac{m_i^2}{v_i}\Bigr)\tau_i + 1

    (the memory changes after the step), and ``form="global"`` (vSGD-g) one rate and memory for all,

    .. math::

        \eta = \frac{\sum_i m_i^2}{\max_i h_i\, \sum_i v_i}, \qquad
        \tau \leftarrow \Bigl(1 - \frac{\sum_i m_i^2}{\sum_i v_i}\Bigr)\tau + 1

    ``form="block"`` (vSGD-b) is global for each of the `blocks` by itself (their sizes, in order). On a noisy
    parabola this is the rate with the smallest expected f after the step: (E g)^2 / (h E g^2). Slow start:
    the first `warm` steps only fill the averages, without moving, and then v and h are multiplied by `slow`.

    Where all gradients agree m^2 = v, the memory is tau = 1 for ever and the rate 1/h: a step that copies the
    last sample. Far from the minimum that happens; ``tau_min`` > 1 leaves it, and 1 is the paper's rule.

    Needs ``point.problem.hess_diag(x)``. Raises ValueError or TypeError for a problem without it, unless slow
    >= 1, warm >= 1, tau_min >= 1, and for blocks that do not add up to d.
    Source: Schaul, Zhang and LeCun, ICML 2013, algorithm 1, in the order of public programs. Chapter 09.

    >>> from lrcore import run
    >>> from lrcore.problems import NoisyQuadratic
    >>> r = run(NoisyQuadratic([2.0], sigma=1.0), [3.0], VSGD(warm=5), steps=200)
    >>> bool(r.eta[5:].max() <= 0.5)  # never above 1/h
    True
    """

    form: str = fields.name("local", "global", "block", default="local")
    slow: float = fields.number(1.0, default=1.0)
    warm: int = fields.whole(default=10)
    tau_min: float = fields.number(1.0, default=1.0)
    blocks: tuple = fields.checked(lambda value, name, see: _blocks(value, name, see), default=None)

    def _check(self):
        if (self.form == "block") != (self.blocks is not None):
            raise validate.wrong_value('VSGD: blocks are given with form="block", and only there', self.see)

    def init(self, x):
        """m, v, h and tau, of which the first `warm` steps make plain means."""
        if self.blocks is not None and sum(self.blocks) != x.shape[-1]:
            raise validate.wrong_value(
                f"VSGD: blocks {self.blocks} must add up to the {x.shape[-1]} coordinates", self.see
            )
        return np.zeros_like(x), np.zeros_like(x), np.zeros_like(x), np.ones_like(x)

    def __call__(self, k, point, d, state):
        if not callable(getattr(point.problem, "hess_diag", None)):
            raise validate.wrong_type(
                f"VSGD needs a problem with hess_diag(x), and {validate.shown(point.problem)} has none",
                self.see,
            )
        m, v, h, tau = state
        share = 1.0 / (k + 1) if k < self.warm else 1.0 / tau
        # not m + share (g - m), which leaves a rounding error of the old m where share is 1
        m = (1 - share) * m + share * point.g
        v = (1 - share) * v + share * point.g**2
        h = (1 - share) * h + share * np.abs(point.problem.hess_diag(point.x))
        if k + 1 < self.warm:
            return column(0.0, d), (m, v, h, tau)
        if k + 1 == self.warm:
            v, h, tau = v * self.slow, h * self.slow, np.full_like(tau, self.warm)
        signal, power, bend = self._pooled(m**2), self._pooled(v), self._pooled(h, np.maximum)
        certain = np.where(power > 0, signal / np.where(power > 0, power, 1.0), 0.0)
        eta = np.where(bend > 0, certain / np.where(bend > 0, bend, 1.0), 0.0)
        tau = np.maximum((1 - certain) * tau + 1, self.tau_min)
        return eta, (m, v, h, tau)

    def _pooled(self, a, by=np.add):
        """Sums (or maxima) over each block, put back on its coordinates; `a` itself when each is a block."""
        if self.form == "local":
            return a
        sizes = [a.shape[-1]] if self.form == "global" else list(self.blocks)
        starts = np.cumsum([0, *sizes[:-1]])
        return np.repeat(by.reduceat(a, starts, axis=-1), sizes, axis=-1)


def _blocks(value, name, see):
    if value is None:
        return None
    try:
        return tuple(validate.count(size, name, see=see) for size in value)
    except TypeError:
        raise validate.wrong_type(
            f"{name} are the sizes of the blocks, such as (3, 2), got {validate.shown(value)}", see
        ) from None
