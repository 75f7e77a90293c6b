"""The schedule studio: schedules put together, compared and taken away as code, in the reader's browser."""

from dataclasses import MISSING, asdict, fields, is_dataclass

import numpy as np

from .. import schedules
from ..analysis import robbins_monro
from ..book import in_book
from ..schedules.code import SNIPPETS
from . import studio_families as studio
from .curves import plot_curves
from .figure import check_caption
from .live import element, show_live
from .studio_address import parse
from .studio_words import WORDS

STATE = "T:100/main:cosine,0.1;warmup:linear,10/main:step,0.1,30,0.5"


def schedule_studio(state=STATE, *, caption=None):
    """Put schedules together from warmup, main part, floor and restarts, and compare them, in the browser.

    The reader sees the rates on a linear and on a log axis, the sums of rates and of their squares over the
    horizon with the verdict of `lrcore.analysis.robbins_monro`, and code for torch, Keras, optax and lrcore;
    and one warmup with one cosine in the words of five libraries. No kernel is needed. The state stands in
    the page's address, one studio on a page: what follows ``#studio=`` there can be given here.

    Parameters
    ----------
    state : str
        ``T:100/main:cosine,0.1;warmup:linear,10/main:step,0.1,30,0.5``: the horizon, then up to six
        schedules. After ``main:`` the family, the peak rate and the family's parameters in their order;
        ``warmup:`` shape, steps and first rate; ``floor:``; ``restart:`` T0 and T_mult. What is left out has
        its default. Beside T may stand the step ``k:50`` that is read, the number ``on:2`` of the schedule
        that is selected, and ``view:words`` for the five libraries. The families are constant, step,
        multistep, exponential, inverse_time, power, inverse_sqrt, linear, polynomial, cosine, wsd, one_cycle,
        cyclic and noam; the warmups linear, cosine, sqrt and exponential.
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If the text cannot be read or a value is outside its range.

    Explained in chapter 06.

    >>> schedule_studio("T:100/main:cosine,-1")
    Traceback (most recent call last):
    ...
    ValueError: eta0 must be in [1e-06, 10], got -1.0; see chapter 06, 'Decay'
    """
    parsed = parse(state)
    caption = check_caption(caption, "viz.schedule_studio")
    show_live("schedule_studio", explorer(state, caption), alt_text(parsed))


def configuration(state):
    """What the scripts read: the first state, and of lrcore names, limits, defaults and programs."""
    controls = [studio.MAIN, studio.ETA0, studio.WARMUP, studio.LENGTH, studio.START, studio.FLOOR]
    controls += [studio.RESTART, studio.T_MULT, *studio.HEAD]
    families = {
        name: {**vars(family), "type": family.kind.__name__, "controls": [asdict(c) for c in family.controls]}
        for name, family in studio.FAMILIES.items()
    }
    for family in families.values():
        del family["kind"]
    return {
        "state": state,
        "address": in_book(),
        "most": studio.MOST,
        "controls": {c.name: asdict(c) for c in controls},
        "families": families,
        "warmups": {name: kind.__name__ for name, kind in studio.WARMUPS.items()},
        "classes": classes(),
        "snippets": SNIPPETS,
        "words": WORDS,
    }


def classes():
    """{class: {parameter: default}} of all schedules; None where there is no default."""
    kinds = [getattr(schedules, name) for name in schedules.__all__]
    return {
        kind.__name__: {f.name: None if f.default is MISSING else f.default for f in fields(kind)}
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, schedules.Schedule) and is_dataclass(kind)
    }


def alt_text(parsed):
    """What the first view shows, in words."""
    T = parsed["T"]
    texts = []
    for record in parsed["schedules"]:
        schedule = studio.compose(record, T)
        eta = schedule(np.arange(T))
        answer = {True: "satisfied", False: "not satisfied", None: "not decided"}[
            robbins_monro(schedule, max(10, T)).satisfied
        ]
        texts.append(
            f"{schedule!r} goes from {eta[0]:.3g} over at most {eta.max():.3g} to {eta[-1]:.3g}, with sum "
            f"{eta.sum():.3g} and Robbins-Monro conditions {answer}"
        )
    return f"Learning rates over {T} steps: {'; '.join(texts)}."


def explorer(state, caption):
    """<lr-schedule-studio> with a drawing of its first view inside."""
    parsed = parse(state)
    k = np.unique(np.linspace(0, parsed["T"], 501).astype(int))
    curves = {
        f"{i}: {studio.FAMILIES[record['main']].words}": studio.compose(record, parsed["T"])(k)
        for i, record in enumerate(parsed["schedules"], 1)
    }
    figure = plot_curves(k, curves, xlabel="step k", ylabel="learning rate")
    return element("schedule_studio", configuration(state), figure, alt_text(parsed), caption)
