"""The state of the schedule studio as a short text: what stands in a page's address after ``#studio=``.

``T:100/main:cosine,0.1;warmup:linear,10/main:step,0.1,30,0.5`` is a horizon and two schedules. After
``main:`` stand the family, the peak rate and the family's own parameters in their order, after ``warmup:``
shape, steps and first rate, after ``restart:`` T0 and T_mult. What is left out has its default.
"""

import re
from dataclasses import replace

from .. import validate
from .studio_families import (
    ETA0,
    FAMILIES,
    FLOOR,
    HEAD,
    LENGTH,
    MAIN,
    MOST,
    RESTART,
    START,
    T_MULT,
    WARMUP,
    compose,
)

SEE = validate.DECAY
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.I | re.A)  # as in the script
MOST_MILESTONES = 20


def parse(text):
    """{"T", "k", "on", "view", "schedules": [records]} of such a text, or a ValueError with the reason."""
    if not isinstance(text, str):
        raise validate.wrong_type(
            f"state must be a text such as 'main:cosine,0.1', got {validate.shown(text)}", SEE
        )
    head, *parts = text.split("/")
    if head.startswith("main:"):
        head, parts = "", [head, *parts]
    view = {name: values[0] for name, values in _fields(head, {c.name: [c] for c in HEAD}).items()}
    T, parts = view["T"], [part for part in parts if part]
    if not 1 <= len(parts) <= MOST:
        raise validate.wrong_value(f"there must be 1 to {MOST} schedules after '/', got {len(parts)}", SEE)
    records = [_record(part) for part in parts]
    for record in records:
        compose(record, T)
    if view["on"] > len(records):
        raise validate.wrong_value(f"schedule {view['on']} of {len(records)} cannot be selected", SEE)
    return view | {"schedules": records}


def _record(text):
    name = text.partition("main:")[2].partition(";")[0].partition(",")[0] or MAIN.default
    family = FAMILIES[validate.choice(name, MAIN.name, MAIN.options, SEE)]
    kinds = {
        "main": [MAIN, *([ETA0] if family.peak else []), *family.controls],
        "warmup": [WARMUP, LENGTH, START],
        "floor": [FLOOR],
        "restart": [RESTART, T_MULT],
    }
    given = _fields(text, kinds)
    main, *own = given["main"]
    eta0 = own.pop(0) if family.peak else ETA0.default
    p = dict(zip([c.name for c in family.controls], own, strict=True))
    warmup, restart = given["warmup"], given["restart"]
    names = ["warmup", "W", "start", "floor", "T0", "T_mult"]
    return {"main": main, "eta0": eta0, "p": p} | dict(
        zip(names, [*warmup, *given["floor"], *restart], strict=True)
    )


def _fields(text, kinds):
    """The values of ``name:value,value;name:value``, with defaults for those that are missing."""
    found, given = {name: [c.default for c in controls] for name, controls in kinds.items()}, set()
    for item in filter(None, text.split(";")):
        name, _, words = item.partition(":")
        controls = kinds[validate.choice(name, "a part of the state", tuple(kinds), SEE)]
        if name in given:
            raise validate.wrong_value(f"{name} stands twice in {validate.shown(text)}", SEE)
        given.add(name)
        words = words.split(",")
        if len(words) > len(controls):
            raise validate.wrong_value(f"{name} has at most {len(controls)} values, got {item!r}", SEE)
        for i, (control, word) in enumerate(zip(controls, words, strict=False)):
            if word:
                found[name][i] = _value(control, word)
    return found


def _value(control, word):
    if control.kind == "choice":
        return validate.choice(word, control.name, control.options, SEE)
    if control.kind == "steps":
        steps = word.split("+")
        if len(steps) > MOST_MILESTONES:
            raise validate.wrong_value(
                f"{control.name} must be 1 to {MOST_MILESTONES} steps, got {len(steps)}", SEE
            )
        return tuple(sorted(_value(replace(control, kind="count"), one) for one in steps))
    value = float(word) if NUMBER.fullmatch(word) else None
    whole = control.kind == "count"
    if value is None or (whole and not value.is_integer()):
        kind = "a number" if value is None else "a whole number"
        raise validate.wrong_value(f"{control.name} must be {kind}, got {validate.shown(word)}", SEE)
    validate.number(value, control.name, low=control.low, high=control.high, see=SEE)
    return int(value) if whole else value
