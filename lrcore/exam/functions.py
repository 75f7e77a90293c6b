"""Grading a function: it is called on freshly drawn inputs and compared with the reference."""

import contextlib
import copy
import inspect
import io
import re
import warnings

import numpy as np

from lrcore.exam import limits
from lrcore.exam.bank import BankError, Question
from lrcore.exam.marking import Mark
from lrcore.exam.reading import Unreadable, is_missing, kind

PRINTED = 10_000  # characters of a student's own print that are shown for one input
RTOL = 1e-6  # of the largest value: room for another order of operations, none for another formula


def grade(question: Question, answer) -> Mark:
    """Call, compare, recognise typical mistakes, then check properties that the values do not show."""
    data = question.data
    if is_missing(answer):
        return Mark(0, "not-answered", "Replace the ... by your answer.")
    if not callable(answer):
        return Mark(0, "not-callable", f"A function {data['name']} is asked, not {kind(answer)}.")
    rtol = data.get("tolerance", {}).get("rel", RTOL)
    inputs = question.compile(data["inputs"], "inputs")(question.rng())
    wanted = outputs(question, data["key"], inputs)
    try:
        got, edited = call(data["name"], answer, inputs)
    except Unreadable as failure:
        if failure.code == "not-called":
            names = inspect.signature(question.compile(data["key"], data["name"])).parameters
            hint = _functions_among(names, inputs[0])
            return Mark(0, failure.code, f"{failure.feedback} {hint}")
        return Mark(0, failure.code, failure.feedback)
    if found := differs(got, wanted, rtol):
        for wrong in data["wrong"]:
            typical = outputs(question, wrong["source"], inputs)
            if not differs(got, typical, rtol):
                return Mark(wrong.get("marks", 0), wrong["code"], question.text(wrong["feedback"]))
        return Mark(0, *found)
    lost, failures = 0, []
    if edited:
        told = "The values are right, but it changes the array that it was given: work on a copy."
        lost, failures = 1, [("in-place", told)]
    for wanted_property in data.get("properties", ()):
        if not _holds(question, wanted_property, answer):
            lost += wanted_property["marks"]
            failures.append((wanted_property["code"], question.text(wanted_property["feedback"])))
    if failures:
        told = " ".join(feedback for _, feedback in failures)
        return Mark(max(question.marks - lost, 0), failures[0][0], told)
    return Mark(question.marks, "right", question.text(data["model"]))


def _holds(question: Question, wanted_property: dict, answer) -> bool:
    """Whether an answer has a property; one that raises, or does not come to an end, has not."""
    try:
        with limits.limited(), quiet(), contextlib.redirect_stdout(io.StringIO()):
            return question.compile(wanted_property["source"], "holds")(answer, question.rng()) is True
    except (Exception, SystemExit, limits.TimeUp):
        return False


class quiet(warnings.catch_warnings):
    """Numerical warnings of an answer are its author's business, not output of the grader."""

    def __enter__(self):
        super().__enter__()
        warnings.simplefilter("ignore")
        self._errstate = np.errstate(all="ignore")
        self._errstate.__enter__()

    def __exit__(self, *details):
        self._errstate.__exit__(*details)
        super().__exit__(*details)


def outputs(question: Question, source: str, inputs) -> list:
    """What the reference, or a known wrong answer, returns on every input."""
    function = question.compile(source, question.data["name"])
    try:
        with quiet():
            return [function(*copy.deepcopy(arguments)) for arguments in inputs]
    except Exception as error:
        raise BankError(
            question.sheet, question.id, question.data["name"], f"{type(error).__name__}: {error}"
        ) from None


def call(name: str, answer, inputs) -> tuple[list, bool]:
    """Outputs of the student's function, and whether it changed an argument; Unreadable when it fails."""
    try:
        with limits.limited():
            return _call(name, answer, inputs)
    except limits.TimeUp:
        told = (
            f"{name} did not finish within {limits.SECONDS:g} seconds: an endless loop, or far too much work."
        )
        raise Unreadable("too-slow", told) from None
    except MemoryError:
        told = f"{name} ran out of memory: an array or a list grows far too large."
        raise Unreadable("too-large", told) from None


def _call(name: str, answer, inputs) -> tuple[list, bool]:
    got, edited = [], False
    for arguments in inputs:
        mine, printed = copy.deepcopy(arguments), io.StringIO()
        try:
            with quiet(), contextlib.redirect_stdout(printed):
                result = _snapshot(answer(*mine))
        except MemoryError:
            raise
        except RecursionError:
            raise Unreadable("recursion", f"{name} calls itself without end.") from None
        except (Exception, SystemExit) as error:
            described = _described(error)
            uncalled = isinstance(error, TypeError) and re.search("operand.*'\\w*function", described)
            code = "not-called" if uncalled else "raised"
            raise Unreadable(code, f"{name} raised {described}") from None
        finally:
            print(printed.getvalue()[:PRINTED], end="")  # a student's own print is there to be seen
        if result is None and printed.getvalue():
            raise Unreadable(
                "prints", f"{name} prints its result and returns nothing: write return, not print."
            )
        if is_missing(result) and not isinstance(result, str):
            raise Unreadable(
                "returns-nothing", f"{name} returns nothing: still the stub, or a return is missing."
            )
        got.append(result)
        edited = edited or any(_changed(a, b) for a, b in zip(arguments, mine, strict=True))
    return got, edited


def _snapshot(result):
    """A copy, since a buffer that the function uses again would change under us."""
    try:
        return copy.deepcopy(result)
    except MemoryError:
        raise
    except Exception:  # a generator, a lock: nothing that will count as numbers
        return result


def _described(error: BaseException) -> str:
    """An exception in one line without addresses."""
    name = type(error).__name__ if type(error).__name__.isidentifier() else "an exception"
    try:
        text = re.sub(r"0x[0-9a-fA-F]+", "0x…", " ".join(str(error).split()))[:100]
    except Exception:
        text = ""
    return f"{name}: {text.rstrip('.')}." if text else f"{name}."


def _functions_among(names, arguments) -> str:
    """The reminder that some arguments are functions, which arithmetic needs to be called."""
    found = [name for name, argument in zip(names, arguments, strict=True) if callable(argument)]
    if not found:
        return "A function must be called, with brackets, before one can calculate with it."
    is_are = "is a function: call it" if len(found) == 1 else "are functions: call them"
    return f"{' and '.join(found)} {is_are}, as in {found[-1]}(x)."


def _changed(before, after) -> bool:
    if isinstance(before, np.ndarray):
        return not np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    return isinstance(before, list) and before != after


def differs(got: list, wanted: list, rtol: float) -> tuple[str, str] | None:
    """The first difference as (code, sentence), or None when all outputs agree."""
    for number, (one, other) in enumerate(zip(got, wanted, strict=True), start=1):
        try:
            found = _differs(one, other, rtol)
        except Exception:
            found = "returns-type", f"returns {kind(one)}, which cannot be compared with what is asked"
        if found:
            return found[0], f"It {found[1]} (input {number} of {len(wanted)})."
    return None


def _differs(got, wanted, rtol) -> tuple[str, str] | None:
    if isinstance(wanted, tuple):
        if not isinstance(got, tuple | list) or len(got) != len(wanted):
            return "returns-type", f"returns {kind(got)}, not {len(wanted)} values"
        return next(
            (found for pair in zip(got, wanted, strict=True) if (found := _differs(*pair, rtol))), None
        )
    if isinstance(wanted, str):
        if not isinstance(got, str):
            return "returns-type", f"returns {kind(got)}, not a text"
        return None if got == wanted else ("values", f"returns the wrong text for the case {wanted!r}")
    numbers = np.asarray(got)
    if numbers.dtype.kind == "c":
        return "returns-type", "returns complex numbers where real ones are asked"
    if isinstance(got, str | bytes | bool) or numbers.dtype.kind not in "iufO":
        return "returns-type", f"returns {kind(got)}, not numbers"
    try:
        numbers = numbers.astype(float)
    except (TypeError, ValueError):
        return "returns-type", f"returns {kind(got)}, not numbers"
    wanted = np.asarray(wanted, dtype=float)
    if numbers.shape != wanted.shape:
        return "returns-shape", f"returns {_shape(numbers)}; {_shape(wanted)} is asked"
    if np.any(np.isnan(numbers) & ~np.isnan(wanted)):
        return "returns-nan", "returns NaN where a number is asked"
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = finite.max() if finite.size else 0.0
    if np.allclose(numbers, wanted, rtol=rtol, atol=rtol * scale, equal_nan=True):
        return None
    return "values", "returns a value that is not right"


def _shape(array: np.ndarray) -> str:
    return f"shape {array.shape}" if array.ndim else "a single number"
