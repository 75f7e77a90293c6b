"""The schedule studio's arithmetic, verdicts, programs and addresses, in Python and as node replays them."""

import json
import math
import re

import numpy as np
import pytest
from live_figures import replay

from lrcore.analysis import robbins_monro
from lrcore.viz.schedule_studio import STATE, configuration
from lrcore.viz.studio_address import parse
from lrcore.viz.studio_families import FAMILIES, WARMUPS, compose

CONFIG = configuration(STATE)
HORIZONS = (1, 2, 3, 10, 47, 100, 250)


def number(control, draw):
    """A value of a control, at its ends now and then."""
    if control.kind == "choice":
        return str(draw.choice(control.options))
    if control.kind == "steps":
        return "+".join(str(n) for n in sorted(draw.integers(0, 120, draw.integers(1, 5))))
    if draw.random() < 0.15:
        return f"{(control.low, control.high)[draw.integers(2)]:.12g}"
    if control.kind == "count":
        return str(draw.integers(control.low, min(control.high, 130) + 1))
    if control.kind == "number":
        return f"{draw.uniform(control.low, control.high):.4g}"
    return f"{math.exp(draw.uniform(math.log(max(control.low, 1e-5)), math.log(control.high))):.4g}"


def random_states(n, seed=3):
    """Texts of states that Python accepts, over all families, warmups, floors and restarts."""
    draw = np.random.default_rng(seed)
    texts = []
    while len(texts) < n:
        name = list(FAMILIES)[len(texts) % len(FAMILIES)]
        T = HORIZONS[draw.integers(len(HORIZONS))]
        family = FAMILIES[name]
        eta0 = f"{math.exp(draw.uniform(-9, 2)):.4g}"
        own = [number(control, draw) for control in family.controls]
        text = f"T:{T}/main:" + ",".join([name, *([eta0] if family.peak else []), *own])
        warmup = draw.choice(["none", *WARMUPS])
        start = draw.choice(["0", f"{float(eta0) * draw.uniform(0.001, 1):.3g}", eta0])
        text += f";warmup:{warmup},{draw.integers(0, T)},{start}"
        if draw.random() < 0.5:
            text += f";floor:{float(eta0) * draw.uniform(0, 1):.3g}"
        if draw.random() < 0.5:
            text += f";restart:{draw.integers(0, 2 * T + 1)},{draw.integers(1, 5)}"
        try:
            parse(text)
        except ValueError:
            continue
        texts.append(text)
    return texts


def cases(n):
    return [{"text": text, "config": CONFIG, **parse(text)} for text in random_states(n)]


SCHEDULE = """{
  a.use(c.config);
  const one = c.schedules[0];
  const node = a.compose(one, c.T);
  return { tree: a.tree(node), eta: Array.from(a.rates(node, 2 * c.T + 50)) };
}"""


def same_tree(theirs, schedule):
    return theirs == json.loads(schedule.to_json())


def test_the_scripts_make_the_schedules_of_lrcore():
    """The same composition, parameter by parameter, and the same rates, over and past the horizon."""
    for case, js in replay("schedule_studio.formulas", cases(420), SCHEDULE):
        schedule = compose(case["schedules"][0], case["T"])
        assert same_tree(js["tree"], schedule), case["text"]
        ours = schedule(np.arange(2 * case["T"] + 50))
        top = ours.max()
        np.testing.assert_allclose(js["eta"], ours, rtol=1e-12, atol=1e-15 * top, err_msg=case["text"])


def test_every_family_warmup_and_restart_is_among_the_cases():
    seen = {
        (s["main"], s["warmup"] != "none" and s["W"] > 0, s["T0"] > 0)
        for c in cases(420)
        for s in c["schedules"]
    }
    assert seen == {
        (name, warm, again) for name in FAMILIES for warm in (True, False) for again in (True, False)
    }
    assert {c["T"] for c in cases(420)} == set(HORIZONS)


def test_verdicts_and_sums_are_those_of_lrcore():
    script = SCHEDULE.replace(
        "tree: a.tree(node)", "verdict: a.verdict(node), sums: a.sums(a.rates(node, c.T))"
    )
    answers = set()
    for case, js in replay("schedule_studio.tails", cases(420), script):
        schedule = compose(case["schedules"][0], case["T"])
        ours = robbins_monro(schedule, 10)
        theirs = js["verdict"]
        answers.add(ours.satisfied)
        expected = (ours.sum, ours.squares, ours.satisfied, ours.reason)
        assert (theirs["sum"], theirs["squares"], theirs["satisfied"], theirs["reason"]) == expected, case[
            "text"
        ]
        eta = schedule(np.arange(case["T"]))
        assert js["sums"]["sum"] == pytest.approx(eta.sum(), rel=1e-12)
        assert js["sums"]["squares"] == pytest.approx(np.square(eta).sum(), rel=1e-12)
    assert answers == {True, False}


NUMBER = re.compile(r"(?<![\w.])\d+\.?\d*(?:e[+-]\d+)?(?![\w.])")


def test_programs_are_those_of_lrcore():
    """To the letter, but for the last digits of powers: two C libraries round pow in two ways."""
    script = """{
      a.use(c.config);
      const node = a.compose(c.schedules[0], c.T);
      return Object.fromEntries(["torch", "keras", "optax"].map((name) => [name, a.code(node, name)]));
    }"""
    identical = 0
    for case, js in replay("schedule_studio.code", cases(420), script):
        schedule = compose(case["schedules"][0], case["T"])
        for library, text in js.items():
            ours = schedule.code(library)
            identical += text == ours
            assert NUMBER.sub("#", text) == NUMBER.sub("#", ours), case["text"]
            theirs = [float(n) for n in NUMBER.findall(text)]
            np.testing.assert_allclose(theirs, [float(n) for n in NUMBER.findall(ours)], rtol=1e-14)
    assert identical >= 0.97 * 3 * 420
