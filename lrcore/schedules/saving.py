"""Schedules as JSON, to be kept with a run."""

import json
from dataclasses import fields, is_dataclass

from .. import validate
from .parameters import Parameters


def to_json(schedule):
    """The schedule as one line of JSON, with all its parameters; TypeError if it holds a plain function."""
    return json.dumps(_tree(schedule))


def from_json(text):
    """The schedule that `Parameters.to_json` wrote.

    Raises ValueError for text that is no JSON, an unknown schedule or parameters that it does not have, and
    whatever the schedule itself says about its parameters. Explained in chapter 06.

    >>> from_json('{"type": "Linear", "eta0": 0.1, "T": 100}')
    Linear(eta0=0.1, T=100)
    """
    try:
        tree = json.loads(text)
    except (TypeError, ValueError) as error:
        raise validate.wrong_value(
            f"a schedule is read from JSON text, got {validate.shown(text)} ({error})", validate.DECAY
        ) from None
    return _rule(tree)


def _tree(value):
    if isinstance(value, Parameters):
        return {"type": type(value).__name__} | {f.name: _tree(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_tree(one) for one in value]
    if callable(value):
        raise validate.wrong_type(
            f"a plain function cannot be written as JSON, got {validate.shown(value)}; write it as a "
            "schedule, or its values as Table(values)",
            validate.DECAY,
        )
    return value


def _rule(tree):
    if isinstance(tree, list):
        return [_rule(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    parameters = dict(tree)
    kind = _kind(parameters.pop("type", None))
    allowed = [f.name for f in fields(kind)]
    if extra := sorted(set(parameters) - set(allowed)):
        raise validate.wrong_value(
            f"{kind.__name__} has {', '.join(allowed)}, but the JSON gives {', '.join(extra)}", validate.DECAY
        )
    return kind(**{key: _rule(value) for key, value in parameters.items()})


def _kind(name):
    """The class of that name."""
    from lrcore import schedules

    known = {
        name: kind
        for name in schedules.__all__
        if isinstance(kind := getattr(schedules, name), type) and is_dataclass(kind)
    }
    if name not in known:
        raise validate.wrong_value(
            f"unknown schedule {name!r} in JSON; known are {', '.join(known)}", validate.DECAY
        )
    return known[name]
