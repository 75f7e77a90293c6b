"""Programs that the schedule studio writes, executed in the real libraries: the rates are those it draws."""

import json
import sys
import types

import numpy as np
import pytest
import torch
from test_schedule_studio import ask, cases

from lrcore.schedules import same_words

STEPS = 130
PROGRAMS = """{
  const node = a.compose(c.schedules[0], c.T);
  const code = ["torch", "keras", "optax", "lrcore"].map((name) => [name, a.code(node, name)]);
  return { ...Object.fromEntries(code), tree: a.tree(node), eta: Array.from(a.rates(node, 130)) };
}"""
WORDS = """{
  const all = Object.entries(a.sameWords(c.eta0, c.W, c.T));
  return all.map(([name, node]) => ({
    name, text: a.wordsOf(name, c.eta0, c.W, c.T), tree: a.tree(node), eta: Array.from(a.rates(node, 130)),
  }));
}"""


@pytest.fixture(scope="module")
def programs():
    return ask("code", cases(84), PROGRAMS)


def close(theirs, js, name="", tolerance=1e-9):
    atol = tolerance * max(*js["eta"], 1e-30)
    np.testing.assert_allclose(theirs, js["eta"], rtol=0, atol=atol, err_msg=name)


def of_optimizer(text, lr):
    """The rates of an optimizer whose `scheduler` the text makes, stepped as in training."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    names = {"optimizer": optimizer}
    exec(text, names)
    for k in range(STEPS):
        if hasattr(names["scheduler"], "cycle_mul"):  # timm: step(k) before epoch k
            names["scheduler"].step(k)
        yield optimizer.param_groups[0]["lr"]
        if not hasattr(names["scheduler"], "cycle_mul"):
            optimizer.step()
            names["scheduler"].step()


def of_schedule(text):
    names = {}
    exec(text, names)
    return [float(names["schedule"](k)) for k in range(STEPS)]


def test_torch_programs_make_the_drawn_rates(programs):
    for case, js in programs:
        assert "lrcore" not in js["torch"]
        close(list(of_optimizer(js["torch"], lr=0.3)), js, case["text"])


def test_keras_programs_make_the_drawn_rates(programs, keras):
    for case, js in programs[::3]:
        # ops.where makes float32 of Python's numbers, whatever floatx says
        close(of_schedule(js["keras"]), js, case["text"], tolerance=1e-6)


def test_optax_programs_make_the_drawn_rates(programs, optax):
    import jax.numpy as jnp

    for case, js in programs[::2]:
        names = {}
        exec(js["optax"], names)
        close(np.asarray(names["schedule"](jnp.arange(STEPS))) * np.ones(STEPS), js, case["text"])


def test_lrcore_programs_make_the_same_schedule(programs):
    for case, js in programs:
        names = {}
        exec(js["lrcore"], names)
        assert json.loads(names["schedule"].to_json()) == js["tree"], case["text"]


@pytest.mark.parametrize(("eta0", "W", "T"), [(1.0, 10, 100), (0.1, 5, 60), (0.3, 40, 50), (2e-4, 1, 2)])
def test_the_words_of_the_libraries(eta0, W, T, keras, optax, timm, transformers, monkeypatch):
    """Trees as `same_words`; each library's words, executed there, make the drawn curve."""
    monkeypatch.setitem(sys.modules, "timm", types.ModuleType("timm"))
    monkeypatch.setitem(sys.modules, "timm.scheduler", timm)
    monkeypatch.setitem(sys.modules, "transformers", transformers)
    ((_, js),) = ask("code", [{"eta0": eta0, "W": W, "T": T}], WORDS)
    ours = same_words(eta0, W, T)
    assert [each["name"] for each in js] == list(ours)
    for each in js:
        assert each["tree"] == json.loads(ours[each["name"]].to_json()), each["name"]
        np.testing.assert_allclose(each["eta"], ours[each["name"]](np.arange(STEPS)), rtol=0, atol=1e-15)
        if "schedule" in each["text"] and "scheduler" not in each["text"]:
            close(of_schedule(each["text"]), each, each["name"])
        else:
            close(list(of_optimizer(each["text"], eta0)), each, each["name"])
