"""A paper with every type of question, so that tests of the grader do not depend on the book's questions."""

from unittest import mock

from lrcore.exam import Exam, bank

DEMO = """
sheet: "mock-9"
title: Demonstration
kind: paper
chapters: ["01", "02"]
minutes: 8
questions:
  - id: q1
    type: numeric
    title: Doubling
    marks: 2
    revise: "01: Rates have units"
    draw: {a: [2, 3, 4]}
    prompt: {en: "Divide {a} by 8.", zh: "求 {a}/8。"}
    hint: {en: "Write a fraction: {a}/8.", zh: "写成分数 {a}/8。"}
    key: a/8
    unit: m
    wrong:
      - {expr: 8/a, code: upside-down, marks: 1, feedback: "You divided 8 by {a}."}
      - {expr: 8*a, code: product, feedback: You multiplied.}
    model: "{a}/8 = {answer:.4g}."
  - id: q2
    type: choice
    title: A choice
    marks: 1
    revise: "01: Rates have units"
    prompt: {en: "Which?", zh: 哪个？}
    hint: {en: Read them all., zh: 都读一遍。}
    options:
      - {en: this, zh: 这个, correct: true}
      - {en: that, zh: 那个, code: that, feedback: Not that.}
      - {en: those, zh: 那些, code: those, feedback: Not those.}
    model: This.
  - id: q3
    type: multi
    title: Several
    marks: 3
    revise: "02: A kink"
    prompt: {en: "Which schedules decay?", zh: 哪些会衰减？}
    hint: {en: Two do., zh: 有两个。}
    options:
      - {en: cosine, zh: 余弦, correct: true, code: cosine-decays, feedback: Half a wave of the cosine falls.}
      - {en: 1/k, zh: 1/k, correct: true, code: inverse-decays, feedback: One over k falls.}
      - {en: constant, zh: 常数, code: constant, feedback: A constant stays.}
      - {en: warm-up, zh: 预热, code: warmup, feedback: A warm-up grows.}
      - {en: 1/k², zh: 1/k², correct: true, code: square-decays, feedback: One over k² falls.}
    model: Cosine and the powers.
  - id: q4
    type: match
    title: A match
    marks: 3
    noun: word
    revise: "02: A kink"
    prompt: {en: Match., zh: 配对。}
    hint: {en: Try., zh: 试试。}
    items: [{en: one, zh: 一, key: uno}, {en: two, zh: 二, key: due}, {en: three, zh: 三, key: tre}]
    targets:
      - {label: uno, en: the first, zh: 第一}
      - {label: due, en: the second, zh: 第二}
      - {label: tre, en: the third, zh: 第三}
    wrong: [{given: {uno: due, due: uno}, code: swapped, feedback: Swapped.}]
    model: As they are.
  - id: q5
    type: ordering
    title: An order
    marks: 2
    revise: "02: A kink"
    prompt: {en: Put the stages of a run in order., zh: 排序。}
    hint: {en: "What comes first?", zh: 什么在先？}
    items:
      - {key: warm, en: warm up, zh: 预热}
      - {key: hold, en: hold, zh: 保持}
      - {key: decay, en: decay, zh: 衰减}
      - {key: stop, en: stop, zh: 停止}
    wrong:
      - {given: [decay, warm], code: decay-first, feedback: A warm-up comes before any decay.}
      - {given: [stop, decay, hold, warm], code: backwards, feedback: This is backwards.}
    model: Warm up, hold, decay, stop.
  - id: q6
    type: text
    title: A schedule and its use
    marks: 4
    revise: "01: Rates have units"
    prompt: {en: "Name a schedule and say why it helps.", zh: 举出一种学习率调度并说明好处。}
    hint: {en: "Early, late.", zh: 先后。}
    points:
      - {en: names a schedule, zh: 写出一种, marks: 1, any_of: ["exponential*", cosine, step decay],
         code: no-schedule, feedback: Name one.}
      - {en: large steps first, zh: 先大步, marks: 2, code: no-early, feedback: Say what it buys early.}
      - {en: small steps late, zh: 后小步, marks: 1, code: no-late, feedback: Say what it buys late.}
    lint:
      - {phrase: "jump* around", feedback: "Write “oscillates”."}
    model: Exponential decay takes large steps first and small ones near the optimum.
  - id: q7
    type: function
    title: "Code: twice"
    marks: 2
    revise: "01: Rates have units"
    name: twice
    prompt: {en: "Write twice(x, loops).", zh: "编写 twice(x, loops)。"}
    hint: {en: Add., zh: 相加。}
    key: "def twice(x, loops): return 2*x"
    inputs: "def inputs(rng): return [(rng.normal(size=3), 2), (rng.normal(size=2), 3)]"
    wrong: [{source: "def twice(x, loops): return -2*x", code: minus, feedback: The sign.}]
    properties:
      - code: not-linear
        marks: 1
        feedback: It is not linear.
        source: |
          def holds(f, rng):
              return bool(np.all(f(np.ones(2), 9) == 2.0))
    model: x + x
"""
TYPES = ("numeric", "choice", "multi", "match", "ordering", "text", "function")


def demo(seed=1, text=DEMO) -> Exam:
    """The paper above, or another text, as if it stood in the bank."""
    parsed = bank.parse(text, "mock-9")
    with mock.patch("lrcore.exam.grading.load", lambda name: parsed):
        return Exam("mock-9", seed)


def labels(paper, question, *keys) -> list[str]:
    """The labels in this paper of the options or items with these codes or keys."""
    asked = paper.questions[question]
    field = "options" if "options" in asked.data else "items"
    name_of = {entry.get("key", entry.get("code", "right")): label for label, entry in asked.shown(field)}
    return [name_of[key] for key in keys]
