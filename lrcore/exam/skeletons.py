"""Skeletons of questions: complete for the schema, so that they can be shown; … is to be written."""

from lrcore.exam.lint import PLACEHOLDER

COMMON = """\
  - id: {id}
    type: {type}
    title: {title}
    marks: 2
    revise: "{revise}"
    prompt:
      en: …
      zh: …
    hint:
      en: …
      zh: …
"""
OF_TYPE = {
    "numeric": """\
    draw: {a: [2, 3]}
    key: 2*a
    wrong:
      - {expr: a + 1, code: typical-mistake, feedback: …}
    model: "… = {answer:.4g}."
""",
    "choice": """\
    options:
      - {en: …, zh: …, correct: true}
      - {en: …, zh: …, code: first-mistake, feedback: …}
      - {en: …, zh: …, code: second-mistake, feedback: …}
      - {en: …, zh: …, code: third-mistake, feedback: …}
    model: …
""",
    "multi": """\
    options:  # the feedback of a right option says why it holds, and is told when it is not ticked
      - {en: …, zh: …, correct: true, code: first-reason, feedback: …}
      - {en: …, zh: …, correct: true, code: second-reason, feedback: …}
      - {en: …, zh: …, code: first-mistake, feedback: …}
      - {en: …, zh: …, code: second-mistake, feedback: …}
    model: …
""",
    "match": """\
    noun: answer
    items:
      - {en: …, zh: …, key: first}
      - {en: …, zh: …, key: second}
    targets:
      - {en: …, zh: …, label: first}
      - {en: …, zh: …, label: second}
      - {en: …, zh: …, label: third}
    wrong:
      - {given: {first: second, second: first}, code: swapped, feedback: …}
    model: …
""",
    "ordering": """\
    items:  # in the right order
      - {key: first, en: …, zh: …}
      - {key: second, en: …, zh: …}
      - {key: third, en: …, zh: …}
    wrong:
      - {given: [second, first], code: too-early, feedback: …}
    model: …
""",
    "text": """\
    points:  # `any_of` only where naming a thing is what the mark is for
      - {en: …, zh: …, marks: 1, any_of: [a phrase], code: not-named, feedback: …}
      - {en: …, zh: …, marks: 1, code: no-reason, feedback: …}
    model: …
""",
    "function": """\
    name: double
    key: |
      def double(x):
          return 2 * x
    inputs: |
      def inputs(rng):
          return [(rng.normal(size=3),), (rng.normal(size=(2, 2)),)]
    wrong:
      - code: typical-mistake
        feedback: …
        source: |
          def double(x):
              return x + 2
    model: …
""",
}
HEADS = {
    "sheet": 'sheet: "{name}"\ntitle: …\nchapter: "{chapters[0]}"\nquestions:\n',
    "paper": 'sheet: "{name}"\ntitle: …\nkind: paper\nchapters: [{listed}]\nminutes: {minutes}\nquestions:\n',
}


def head(name: str, chapters: list[str], minutes: int | None) -> str:
    """The top of a new file: a paper if it has a time, a sheet otherwise."""
    listed = ", ".join(f'"{chapter}"' for chapter in chapters)
    kind = "paper" if minutes else "sheet"
    return HEADS[kind].format(name=name, chapters=chapters, listed=listed, minutes=minutes)


def question(type_: str, id_: str, chapter: str | None) -> str:
    """A question to be filled in. In a paper, where `chapter` is given, the heading names it."""
    revise = f"{chapter}: {PLACEHOLDER}" if chapter else PLACEHOLDER
    return "\n" + COMMON.format(id=id_, type=type_, title=PLACEHOLDER, revise=revise) + OF_TYPE[type_]
