"""Graded exercise sheets: one bank of questions, and the notebook grader that reads it.

    from lrcore.exam import Exam

    paper = Exam("01", seed=1)
    paper.show("q1")           # the question, in English and Chinese
    paper.check("q1", answer)  # marks, verdict, and what a typical wrong answer reveals
    paper.report()             # marks per question, total, what to revise

The bank needs PyYAML (`pip install "lrcore[exam]"`); it is imported when a sheet is opened.
"""

from lrcore.exam.bank import BankError, load
from lrcore.exam.grading import Exam, Verdict
from lrcore.exam.solutions import keep_solutions, strip_solutions

__all__ = ["BankError", "Exam", "Verdict", "keep_solutions", "load", "strip_solutions"]
