"""Graded exercise sheets and papers: one bank of questions, marked alike in the notebook and on the page.

    from lrcore.exam import Exam

    paper = Exam("01", seed=1)
    paper.show("q1")           # the question, in English and Chinese
    paper.hint("q1")           # what to try first; it costs no marks
    paper.check("q1", answer)  # marks, verdict, and what a typical wrong answer reveals
    paper.report()             # marks per question, total, what to revise
    paper.code()               # carries the marks to the page of the sheet
    paper.save("01.json")      # Exam.resume("01.json") goes on from there

Marks are for learning and rest on honesty: the answers are in the package, and a free text is marked by its
author, against the mark scheme. For authors there is `python -m lrcore.exam`.

The bank needs PyYAML (`pip install "lrcore[exam]"`); it is imported when a sheet is opened.
"""

from lrcore.exam.bank import BankError, load
from lrcore.exam.grading import Exam, Verdict
from lrcore.exam.solutions import keep_solutions, strip_solutions

__all__ = ["BankError", "Exam", "Verdict", "keep_solutions", "load", "strip_solutions"]
