"""What all schedules have in common."""

from dataclasses import MISSING, fields
from numbers import Real

import numpy as np

from .. import validate
from . import arithmetic

BLOCK = 1 << 15  # steps evaluated at a time: the intermediate arrays stay in the processor's cache


class Schedule:
    """A pure function of the step number: ``schedule(k) -> eta``, k an int or any integer array, from 0.

    Subclasses are frozen dataclasses whose fields come from `fields` and which define ``_eta(t, xp)``: the
    rates at the times t >= 0, in the arithmetic xp (`arithmetic`, or symbols when code is generated).
    They print as what makes them again, compare by value, and can be hashed, pickled and written as JSON.

    ``a * b`` and ``0.5 * a`` multiply rates. Explained in chapter 06.
    """

    registry: dict[str, type] = {}
    see = validate.DECAY

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Schedule.registry[cls.__name__] = cls

    def __post_init__(self):
        for f in fields(self):
            label = f"{f.name} of {type(self).__name__}"
            value = f.metadata["check"](getattr(self, f.name), label, self.see)
            object.__setattr__(self, f.name, value)
        self._check()

    def _check(self):
        """What one field says about another."""

    def _at_most(self, low, high):
        """A ValueError unless the field `low` is at most the field `high`."""
        below, above = getattr(self, low), getattr(self, high)
        if below > above:
            name = type(self).__name__
            raise validate.wrong_value(
                f"{low} of {name} must be in [0, {high}] = [0, {above:g}], got {below:g}", self.see
            )

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

    def __repr__(self):
        given = [f.name for f in fields(self) if f.default is MISSING or getattr(self, f.name) != f.default]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in given)})"

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

    def to_json(self):
        """The schedule as one line of JSON, which `from_json` reads; TypeError for a plain function.

        >>> from lrcore.schedules import Linear
        >>> Linear(0.1, 100).to_json()
        '{"type": "Linear", "eta0": 0.1, "T": 100, "eta_end": 0.0}'
        """
        from .saving import to_json

        return to_json(self)


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
    try:
        values = np.asarray(schedule(steps), dtype=np.float64)
    except Exception:  # `0.1 if k < 9 else 0.01` is a fine function of the step, but not of an array
        values = np.array([schedule(k) for k in steps.tolist()], dtype=np.float64)
    return np.broadcast_to(values, t.shape)


def _product(a, b):
    from .compose.product import Product

    return Product((a, b)) if all(callable(s) or isinstance(s, Real) for s in (a, b)) else NotImplemented
