"""The schedule studio's arithmetic, verdicts, programs and addresses, in Python and as node replays them."""

import json
import math
import re
from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
from live_figures import replay, two_lives

from lrcore import viz
from lrcore.analysis import robbins_monro
from lrcore.schedules import from_json
from lrcore.viz.schedule_studio import STATE, alt_text, configuration, explorer
from lrcore.viz.studio_address import parse
from lrcore.viz.studio_families import (
    ETA0,
    FAMILIES,
    FLOOR,
    HEAD,
    LENGTH,
    RESTART,
    START,
    T_MULT,
    WARMUPS,
    compose,
)

COMMON = [ETA0, FLOOR, LENGTH, RESTART, START, T_MULT]
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


@cache
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
    return [{"text": text, **parse(text)} for text in random_states(n)]


def ask(part, asked, script):
    """Replay a part of the script on cases, with the configuration in use."""
    asked = [{**asked[0], "config": CONFIG}, *asked[1:]]
    return replay(f"schedule_studio.{part}", asked, "if (c.config) a.use(c.config);" + script)


SCHEDULE = """{
  const one = c.schedules[0];
  const node = a.compose(one, c.T);
  return { tree: a.tree(node), eta: Array.from(a.rates(node, 2 * c.T + 50)) };
}"""


def same_tree(theirs, schedule):
    return theirs == json.loads(schedule.to_json())


def test_the_scripts_make_the_schedules_of_lrcore():
    """The same composition, parameter by parameter, and the same rates, over and past the horizon."""
    for case, js in ask("formulas", cases(420), SCHEDULE):
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
    for case, js in ask("tails", cases(420), script):
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
      const node = a.compose(c.schedules[0], c.T);
      return Object.fromEntries(["torch", "keras", "optax"].map((name) => [name, a.code(node, name)]));
    }"""
    identical = 0
    for case, js in ask("code", cases(420), script):
        schedule = compose(case["schedules"][0], case["T"])
        for library, text in js.items():
            ours = schedule.code(library)
            identical += text == ours
            assert NUMBER.sub("#", text) == NUMBER.sub("#", ours), case["text"]
            theirs = [float(n) for n in NUMBER.findall(text)]
            np.testing.assert_allclose(theirs, [float(n) for n in NUMBER.findall(ours)], rtol=1e-14)
    assert identical >= 0.97 * 3 * 420


# ------------------------------------------------------------------ the address

PARSE = "return a.parse(c.text);"


def test_both_read_the_same_addresses():
    for case, js in ask("address", cases(420), PARSE):
        theirs, ours = js["state"], parse(case["text"])
        records = [{**one, "p": {n: list(v) if isinstance(v, tuple) else v for n, v in one["p"].items()}}
                   for one in ours["schedules"]]  # fmt: skip
        assert theirs["T"] == ours["T"] and theirs["view"] == ours["view"], case["text"]
        assert theirs["schedules"] == records, case["text"]
        assert js["wrong"] == [], case["text"]
        assert theirs["k"] == min(50, ours["T"]) and theirs["on"] == ours["on"] - 1


def test_what_is_written_is_read_again():
    script = """{
      const { state } = a.parse(c.text);
      const text = a.write(state);
      const { state: again, wrong } = a.parse(text);
      const trees = ({ T, schedules }) => schedules.map((one) => a.tree(a.compose(one, T)));
      return { text, twice: a.write(again), same: [trees(state), trees(again)], wrong };
    }"""
    texts = random_states(420)
    several = []
    for i in range(0, 60, 6):
        parts = [text.partition("/")[2] for text in texts[i : i + 6]]
        several.append({"text": "/".join(["T:250;k:7;on:2;view:words", *parts])})
    for case, js in ask("address", [*cases(420), *several], script):
        assert js["wrong"] == [] and js["same"][0] == js["same"][1], case["text"]
        assert js["twice"] == js["text"]
        assert re.fullmatch(r"[\w.:;,/+-]+", js["text"]), js["text"]  # nothing that an address would escape
        assert len(js["text"]) <= len(case["text"]) + 20


def test_a_link_is_short():
    script = "return a.write(a.parse(c.text).state);"
    ((_, text),) = ask("address", [{"text": STATE}], script)
    assert text == "T:100/main:cosine;warmup:linear/main:step"


NONSENSE = {
    "": "no schedule is given",
    "/": "no schedule is given",
    "T:100": "no schedule is given",
    "T:0/main:cosine": "T must be in [1, 10000], got “0”; 100 is used",
    "T:1e9/main:cosine": "T must be in [1, 10000], got “1e9”; 100 is used",
    "T:abc/main:cosine": "T must be a number in [1, 10000], got “abc”; 100 is used",
    "T:2.5/main:cosine": "T must be a whole number",
    "T:100;k:200/main:cosine": "step 200 is after the last one that is shown; step 100 is",
    "T:100;on:3/main:cosine": "there is no schedule 3 to be selected; the first is",
    "main:sine,0.1": "main “sine” is unknown; there are constant, step",
    "main:cosine,-0.1": "eta0 must be in [0.000001, 10], got “-0.1”; 0.1 is used",
    "main:cosine,NaN": "eta0 must be a number in",
    "main:cosine,Infinity": "eta0 must be a number in",
    "main:cosine,0x10": "eta0 must be a number in",
    "main:step,0.1,30,7": "gamma must be in [0.01, 1], got “7”; 0.5 is used",
    "main:step,0.1,30,0.5,0,9,9": "main has at most 5 values",
    "main:multistep,0.1,a+b": "milestones must be a number in [0, 10000], got “a”; 50+75 is used",
    "main:one_cycle,0.1,0.3,25,1e4,spline": "anneal “spline” is unknown; there are cosine, linear",
    "main:cosine;warmup:quadratic,10": "warmup “quadratic” is unknown",
    "main:cosine;warmup:linear,300": "the warmup is shorter than the horizon; W = 99",
    "main:cosine;floor:5": "the floor is at most the peak rate; floor = 0.1",
    "main:cosine;warmup:exponential": "multiplies, and so cannot start at 0; start = 0.001",
    "main:cosine;restart:10,0.5": "T_mult must be a whole number",
    "main:wsd,0.1,5000": "the decay fits into the steps that are left; decay = 100",
    "T:1/main:one_cycle": "one cycle needs at least 2 steps",
    "T:1/main:one_cycle;warmup:exponential,10": "the warmup is shorter than the horizon; W = 0",
    "T:4/main:one_cycle,0.1,0.25": "the peak must not be at step 0 itself",
    "__proto__:1/main:cosine": "“__proto__” is unknown here",
    "main:constructor": "main “constructor” is unknown",
    "T:100;T:50/main:cosine": "T stands twice; the first is used",
    "main:cosine;main:multistep,0.2": "main stands twice; the first is used",
    "main:sine;main:multistep": "main “sine” is unknown",
    "T:100/main;main:one_cycle": "main stands twice",
    "main:<img src=x onerror=alert(1)>": "main “<img src=x onerror=alert(1)>” is unknown",
    "main:cosine;evil:javascript:alert(1)": "“evil” is unknown here; known are main, warmup, floor, restart",
    "T:100/" + "main:cosine/" * 40: "only the first 6 schedules are shown",
    "x" * 5000: "the address is too long",
    "%E0%A4%A": "“%E0%A4%A” is unknown here",
}  # fmt: skip


def test_nonsense_gets_a_sentence_and_a_default():
    script = """{
      const { state, wrong } = a.parse(c.text);
      const eta = state.schedules.map((one) => Array.from(a.rates(a.compose(one, state.T), state.T + 1)));
      return { state, wrong, eta, again: a.parse(a.write(state)).wrong };
    }"""
    asked = [{"text": text} for text in NONSENSE]
    for case, js in ask("address", asked, script):
        says = NONSENSE[case["text"]]
        assert any(says in sentence for sentence in js["wrong"]), (case["text"], js["wrong"])
        assert 1 <= len(js["eta"]) <= 6 and js["again"] == []
        for eta in js["eta"]:
            assert len(eta) == js["state"]["T"] + 1
            assert all(isinstance(each, (int, float)) and 0 <= each <= 10 for each in eta)
            assert max(eta) > 0


def whole(tree):
    """JSON in which 3.0 is 3: node's numbers come as floats."""
    return re.sub(r"\b(\d+)\.0\b(?!e)", r"\1", json.dumps(tree))


def test_random_addresses_never_leave_a_blank_figure():
    """Valid ones with letters changed and parts twice: always a state whose schedules have rates."""
    draw = np.random.default_rng(8)
    letters = list("0123456789.,;:/+-e%<>&\"'abcmainwr \u00e9\U0001f600")
    asked = []
    texts = random_states(300, seed=5)
    for text in texts:
        if draw.random() < 0.3:
            text += ";" + texts[draw.integers(300)].partition("/")[2]
        for _ in range(draw.integers(1, 6)):
            i = draw.integers(len(text) + 1)
            text = text[:i] + str(draw.choice(letters)) * draw.integers(2) + text[i + draw.integers(2) :]
        asked.append({"text": text})
    script = """{
      const { state, wrong } = a.parse(c.text);
      return { wrong, T: state.T, trees: state.schedules.map((one) => a.tree(a.compose(one, state.T))) };
    }"""
    complained = 0
    for case, js in ask("address", asked, script):
        complained += bool(js["wrong"])
        assert js["trees"], case["text"]
        for tree in js["trees"]:
            eta = from_json(whole(tree))(
                np.arange(js["T"], dtype=int)
            )  # lrcore accepts what the script mended
            assert np.isfinite(eta).all() and (eta >= 0).all()
    assert complained > 100


# ------------------------------------------------------------------ in Python


def test_every_slider_ends_where_lrcore_still_agrees():
    """Both ends of each slider, one at a time, are parameters that the class accepts."""
    for name, family in FAMILIES.items():
        for control in family.controls:
            for value in control.options or (control.low, control.high):
                record = parse(f"T:10000/main:{name}")["schedules"][0]
                record["p"][control.name] = (value,) if control.kind == "steps" else value
                assert np.isfinite(compose(record, 10_000)(np.arange(20))).all(), (name, control.name, value)


def test_the_defaults_are_a_choice_that_the_sliders_offer():
    script = "return a.grid(c.control).includes(c.control.default);"
    controls = [c for f in FAMILIES.values() for c in f.controls] + [*HEAD[:1], *COMMON]
    controls = [c for c in controls if c.kind in ("number", "log", "count") and c.name != "d_model"]
    asked = [{"control": asdict(c)} for c in controls]
    for case, offered in replay("schedule_studio.knob", asked, script):
        assert offered, case


def test_grids_are_nice_numbers():
    script = "return { all: a.grid(c.control, c.top) };"
    asked = [
        {"control": {"kind": "count", "low": 0, "high": 10_000}, "top": 37},
        {"control": {"kind": "log", "low": 0.1, "high": 10}},
        {"control": {"kind": "number", "low": 0, "high": 1, "step": 0.1}},
        {"control": {"kind": "count", "low": 1, "high": 4}, "top": 1},
    ]
    found = [js["all"] for _, js in replay("schedule_studio.knob", asked, script)]
    mantissas = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
    assert found[0] == [*range(11), 12, 15, 20, 25, 30, 37]
    assert found[1] == [0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, *mantissas, 10]
    assert found[2] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    assert found[3] == [1]


def test_axes_keep_every_peak_and_pit():
    draw = np.random.default_rng(1)
    asked = [{"eta": draw.uniform(0, 1, n).tolist(), "width": 300} for n in (5, 300, 1000, 10_001)]
    for case, steps in replay(
        "schedule_studio.axes", asked, "return a.seen(Float64Array.from(c.eta), c.width);"
    ):
        eta, steps = np.array(case["eta"]), np.array(steps, int)
        assert steps[0] == 0 and steps[-1] == eta.size - 1 and (np.diff(steps) > 0).all()
        assert eta[steps].max() == eta.max() and eta[steps].min() == eta.min() and steps.size <= 4 * 300 + 1
    ranges = replay(
        "schedule_studio.axes", [[0.01, 0.1], [1e-9, 0.1], [0.05, 0.05], [3e-4, 2]], "return a.decades(...c);"
    )
    assert [js for _, js in ranges] == [[-2, -1], [-7, -1], [-2, -1], [-4, 1]]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (3, "state must be a text"),
        ("/", "there must be 1 to 6 schedules"),
        ("T:1_0/main:cosine", "T must be a number, got '1_0'"),
        ("T:2.5/main:cosine", "T must be a whole number, got '2.5'"),
        ("main:cosine,inf", "eta0 must be a number, got 'inf'"),
        ("main:multistep,0.1,5+a", "milestones must be a number, got 'a'"),
        ("main:multistep,0.1," + "5+" * 20 + "5", "milestones must be 1 to 20 steps"),
        ("main:cosine;main:step", "main stands twice"),
        ("T:100;T:200/main:cosine", "T stands twice"),
        ("T:100", "there must be 1 to 6 schedules"),
        ("/".join(["T:100"] + ["main:cosine"] * 7), "there must be 1 to 6 schedules"),
        ("T:0/main:cosine", "T must be in [1, 10000]"),
        ("T:ten/main:cosine", "T must be a number"),
        ("T:100;on:2/main:cosine", "schedule 2 of 1 cannot be selected"),
        ("main:sine", "main must be one of"),
        ("main:cosine,-1", "eta0 must be in"),
        ("main:cosine,0.1,3", "main has at most 2 values"),
        ("main:cosine;speed:3", "must be one of 'main', 'warmup', 'floor', 'restart'"),
        ("main:cosine;warmup:linear,100", "the warmup must be shorter than T=100"),
        ("main:cosine;floor:1", "Cosine: eta_min must be in [0, eta0]"),
        ("main:cosine;warmup:exponential,10", "ExponentialWarmup: start"),
        ("main:wsd,0.1,200", "WSD: warmup + decay must be at most"),
    ],
)
def test_wrong_states_are_explained(wrong, says):
    with pytest.raises((ValueError, TypeError), match=re.escape(says)):
        viz.schedule_studio(wrong)


def test_two_lives(monkeypatch):
    live, book, alt = two_lives(monkeypatch, viz.schedule_studio, "T = 100")
    assert all(
        part in live for part in ("const FORMULAS", "const TAILS", "function statements", "class Axes")
    )
    # a notebook has no address of its own
    assert "&quot;address&quot;: true" in book and "&quot;address&quot;: false" in live
    assert alt == alt_text(parse(STATE))


def test_the_alt_text_says_what_is_drawn():
    assert alt_text(parse("T:10/main:step,0.8,5,0.5/main:inverse_time,0.1,1")) == (
        "Learning rates over 10 steps: Step(eta0=0.8, every=5, gamma=0.5) goes from 0.8 over at most 0.8 to "
        "0.4, with sum 6 and Robbins-Monro conditions not satisfied; InverseTime(eta0=0.1, alpha=1.0) goes "
        "from 0.1 over at most 0.1 to 0.01, with sum 0.293 and Robbins-Monro conditions satisfied."
    )


@pytest.mark.parametrize("name", list(FAMILIES))
def test_any_state_can_stand_first(name):
    assert "<svg" in explorer(f"T:10000/main:{name};restart:300/main:{name}", None)


def test_the_docstring_names_every_family_and_warmup():
    text = viz.schedule_studio.__doc__
    assert all(re.search(rf"\b{name}\b", text) for name in (*FAMILIES, *WARMUPS))
