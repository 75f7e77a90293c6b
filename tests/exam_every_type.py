"""A sheet with every type of question, whatever the book asks at present."""

from unittest import mock

from lrcore.exam import Exam
from lrcore.exam.bank import parse

SOURCE = """
sheet: "01"
title: All types
chapter: "01"
questions:
  - id: q1
    type: numeric
    title: Number
    marks: 2
    revise: One parabola
    draw: {a: [2, 3, 7]}
    prompt: {en: "Half of {a}, in m/J", zh: "{a} 的一半"}
    key: a/2
    unit: m/J
    wrong: [{expr: 2*a, code: doubled, marks: 1, feedback: "This is twice {a}."}]
    model: "It is {answer:.3g}."
  - id: q2
    type: multi
    title: Several
    marks: 3
    revise: One parabola
    prompt: {en: "Which hold?", zh: "哪些成立？"}
    options:
      - {en: one, zh: 一, correct: true, code: one, feedback: The first holds.}
      - {en: two, zh: 二, code: two, feedback: The second does not hold.}
      - {en: three, zh: 三, correct: true, code: three, feedback: The third holds.}
      - {en: four, zh: 四, code: four, feedback: The fourth does not hold.}
      - {en: five, zh: 五, correct: true, code: five, feedback: The fifth holds.}
    model: One, three and five.
  - id: q3
    type: ordering
    title: Order
    marks: 2
    revise: One parabola
    prompt: {en: Put in order, zh: 排序}
    items:
      - {key: warm, en: warm up, zh: 预热}
      - {key: hold, en: hold, zh: 保持}
      - {key: decay, en: decay, zh: 衰减}
      - {key: stop, en: stop, zh: 停止}
    wrong:
      - {given: [decay, warm], code: decay-first, feedback: A warm-up comes first.}
      - {given: [stop, decay], code: stop-first, feedback: Stopping comes last.}
    model: Warm up, hold, decay, stop.
  - id: q4
    type: text
    title: Words
    marks: 3
    revise: One parabola
    prompt: {en: Name a schedule and say why., zh: 写出一种调度并说明理由。}
    hint: {en: Think of early and late steps., zh: 想想前期和后期。}
    points:
      - {en: names a schedule, zh: 写出调度, marks: 1, any_of: ["exponential*", cosine, step decay],
         code: no-schedule, feedback: Name one schedule.}
      - {en: says what it buys, zh: 说明好处, marks: 2, code: no-benefit, feedback: Say what it buys.}
    lint: [{phrase: "the loss is vibrat*", feedback: "Write “the loss oscillates”."}]
    model: Cosine decay; large steps early, small ones late.
  - id: q5
    type: text
    title: More words
    marks: 1
    revise: One parabola
    prompt: {en: Name a schedule., zh: 写出一种调度。}
    min_words: 3
    points: [{en: names it, zh: 写出, marks: 1, any_of: [cosine], code: unnamed, feedback: Name it.}]
    model: Cosine.
  - id: q6
    type: choice
    title: One
    marks: 1
    revise: One parabola
    prompt: {en: "Which of <these> & those?", zh: "哪一个？"}
    options:
      - {en: this, zh: 这个, correct: true}
      - {en: that, zh: 那个, code: that, feedback: Not that.}
      - {en: another, zh: 另一个, code: another, feedback: Not another.}
    model: This one.
  - id: q7
    type: match
    title: Pairs
    marks: 2
    noun: meaning
    revise: One parabola
    prompt: {en: Match symbols and meanings., zh: 配对。}
    items:
      - {key: rate, en: η, zh: η}
      - {key: point, en: x, zh: x}
    targets:
      - {label: rate, en: the rate, zh: 学习率}
      - {label: point, en: the point, zh: 点}
      - {label: slope, en: the slope, zh: 斜率}
    wrong: [{given: {rate: point, point: rate}, code: swapped, feedback: They are swapped.}]
    model: η is the rate ({rate}), x the point ({point}).
  - id: q8
    type: function
    title: Code
    marks: 3
    revise: One parabola
    name: f
    prompt: {en: "Write f(x), which returns x.", zh: "编写 f(x)，返回 x。"}
    key: "def f(x): return x"
    inputs: "def inputs(rng): return [(1.0,)]"
    wrong: [{source: "def f(x): return -x", code: minus, feedback: It returns −x.}]
    model: return x.
"""


def every_type(seed):
    """The paper of that sheet, which is in no file."""
    with mock.patch("lrcore.exam.grading.load", return_value=parse(SOURCE, "01")):
        return Exam("01", seed)
