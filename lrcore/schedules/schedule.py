"""What all schedules have in common."""

from numbers import Real

import numpy as np

from .. import validate
from . import arithmetic
from .parameters import Parameters

BLOCK = 1 << 15  # steps evaluated at a time: the intermediate arrays stay in the processor's cache


class Schedule(Parameters):
    """A pure function of the step number: ``schedule(k) -> eta``, k an int or any integer array, from 0.

    Subclasses are frozen dataclasses whose fields come from `fields` and which define ``_eta(t, xp)``: the
    rates at the times t >= 0, in the arithmetic xp (`arithmetic`, or symbols when code is generated).
    They print as what makes them again, compare by value, and can be hashed, pickled and written as JSON.

    ``a * b`` and ``0.5 * a`` multiply rates. Explained in chapter 06.
    """

    def __call__(self, k):
        k = np.asarray(validate.step_numbers(k, self.see))
        steps = k.reshape(-1)
        eta = np.empty(steps.shape)
        for i in range(0, steps.size, BLOCK):
            block = slice(i, i + BLOCK)
            eta[block] = self._eta(steps[block].astype(np.float64), arithmetic)
        return eta.reshape(k.shape) if k.ndim else float(eta[0])

    def _eta(self, t, xp):
        raise NotImplementedError

    def __mul__(self, other):
        return _product(self, other)

    def __rmul__(self, other):
        return _product(other, self)

    def code(self, library):
        """A snippet that makes the same rates in "torch", "keras" or "optax", without lrcore.

        It defines ``scheduler`` (torch; it needs an ``optimizer``) or ``schedule``. Raises ValueError for
        another library, TypeError if a plain function is part of the schedule. Explained in chapter 06.

        >>> from lrcore.schedules import Exponential
        >>> print(Exponential(0.1, 0.95).code("optax"))
        import jax.numpy as jnp
        <BLANKLINE>
        <BLANKLINE>
        # Exponential(eta0=0.1, gamma=0.95)
        def schedule(count):
            k = jnp.asarray(count, dtype=float)
            return 0.1 * 0.95**k
        <BLANKLINE>
        """
        from .code import snippet

        return snippet(self, library)


class Built(Schedule):
    """A schedule made of others: ``_build()`` says of which."""

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "_parts", self._build())

    def _build(self):
        raise NotImplementedError

    def _eta(self, t, xp):
        return self._parts._eta(t, xp)


def rates(schedule, t, xp):
    """The rates of a schedule, a plain function of the step or a number at the times t."""
    if isinstance(schedule, Schedule):
        return schedule._eta(t, xp)
    if isinstance(schedule, Real):
        return schedule
    if xp is not arithmetic:
        raise validate.wrong_type(
            f"code can be written for lrcore's schedules and their products, not for the plain function "
            f"{validate.shown(schedule)}",
            validate.DECAY,
        )
    whole = t.astype(np.intp)
    steps = whole if (whole == t).all() else t
    with np.errstate(all="ignore"):  # 1/k at k = 0 becomes inf and is reported below, with its step
        try:
            values = np.asarray(schedule(steps), dtype=np.float64)
        except Exception:  # `0.1 if k < 9 else 0.01` is a fine function of the step, but not of an array
            values = np.array([schedule(k) for k in steps.tolist()], dtype=np.float64)
    values = np.broadcast_to(values, t.shape)
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise validate.wrong_value(
            f"a rate must be finite and at least 0, but {validate.shown(schedule)} gives "
            f"{values[wrong][0]:g} at its step {steps[wrong][0]:g}",
            validate.DECAY,
        )
    return values


def _product(a, b):
    from .compose.product import Product

    return Product((a, b)) if all(callable(s) or isinstance(s, Real) for s in (a, b)) else NotImplemented
