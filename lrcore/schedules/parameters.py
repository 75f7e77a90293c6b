"""Frozen dataclasses that check their fields and print as what makes them again."""

from dataclasses import MISSING, fields

from .. import validate


class Parameters:
    """The base of all rules here: their fields come from `fields`, and are checked at construction."""

    see = validate.DECAY

    def __post_init__(self):
        for f in fields(self):
            value = f.metadata["check"](getattr(self, f.name), f"{type(self).__name__}: {f.name}", self.see)
            object.__setattr__(self, f.name, value)
        self._check()

    def _check(self):
        """What one field says about another."""

    def _at_most(self, low, high):
        """A ValueError unless the field `low` is at most the field `high`."""
        below, above = getattr(self, low), getattr(self, high)
        if below > above:
            raise validate.wrong_value(
                f"{type(self).__name__}: {low} must be in [0, {high}] = [0, {above:g}], got {below:g}",
                self.see,
            )

    def __repr__(self):
        given = [f.name for f in fields(self) if f.default is MISSING or getattr(self, f.name) != f.default]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in given)})"

    def to_json(self):
        """All parameters as one line of JSON, which `from_json` reads; TypeError for a plain function.

        >>> from lrcore.schedules import Linear
        >>> Linear(0.1, 100).to_json()
        '{"type": "Linear", "eta0": 0.1, "T": 100, "eta_end": 0.0}'
        """
        from .saving import to_json

        return to_json(self)
