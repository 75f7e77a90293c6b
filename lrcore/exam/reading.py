"""Reading an answer: whatever a student hands in becomes one number, or a sentence that says why not."""

import math
import re
import warnings

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,4})?", re.ASCII)
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
POWER = re.compile(
    rf"(?:(?P<factor>{NUMBER.pattern}) ?[×·⋅*x] ?)?"
    r"10 ?(?:\^ ?\(?(?P<plain>[+-]?\d{1,3})\)?|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))",
    re.ASCII,
)
LOWERED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
SPACES = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\ufeff"  # what may surround an answer
# What a Chinese keyboard or a word processor writes in place of ASCII. Superscripts stay as they are:
# turning 10³ into 103 would be worse than not reading it.
PLAIN = str.maketrans("０１２３４５６７８９．，／－＋ｅＥ−–", "0123456789.,/-+eE--")
HOW = "Write a plain number such as 0.5, 1/2 or 5e-1."


class Unreadable(Exception):
    """An answer that is not the kind of thing asked for: a feedback code and a sentence."""

    def __init__(self, code: str, feedback: str):
        super().__init__(feedback)
        self.code, self.feedback = code, feedback


def kind(answer) -> str:
    """The type of an answer in words, without ever calling the answer's own code."""
    name = type(answer).__name__
    return (
        f"an object of type {name}" if name.isidentifier() and len(name) <= 40 else "an object of an odd type"
    )


def is_missing(answer) -> bool:
    """`...` (the stub), None and empty text count as not answered."""
    return answer is None or answer is Ellipsis or (isinstance(answer, str) and not answer.strip(SPACES))


def read_number(answer, unit: str = "") -> float:
    """One finite float, from a number, a 0-d array or a text.

    Text is accepted on purpose: "0.5", "0,5", "1/2", "5e-1" and "5·10⁻¹" are what students write on paper.

    >>> read_number("0,5"), read_number("1/2"), read_number("5e-1"), read_number("5·10⁻¹")
    (0.5, 0.5, 0.5, 0.5)
    """
    if is_missing(answer):
        raise Unreadable("not-answered", "Replace the ... by your answer.")
    value = _from_text(answer, unit) if isinstance(answer, str) else _from_object(answer)
    if math.isnan(value):
        raise Unreadable(
            "nan", "NaN is not a number: something in the calculation is undefined, such as 0/0."
        )
    if math.isinf(value):
        raise Unreadable(
            "infinite", "The answer is infinite or too large for a float; a finite number is asked."
        )
    return value


def _from_text(text: str, unit: str) -> float:
    text = text.translate(PLAIN).strip(SPACES)
    if unit and text.endswith(unit):
        text = text[: -len(unit)].strip(SPACES)
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity", "∞"):
        return math.nan if "nan" in text.lower() else math.inf
    parts = [_decimal(part.strip(SPACES)) for part in text.split("/")]
    if len(parts) > 2 or len(text) > 60 or None in parts:
        raise Unreadable("not-a-number", f"This text is not a number. {HOW}")
    if not all(map(math.isfinite, parts)):
        return math.inf
    if len(parts) == 1:
        return parts[0]
    if parts[1] == 0:
        raise Unreadable("nan", "This fraction divides by zero.")
    return parts[0] / parts[1]


def _decimal(text: str) -> float | None:
    """A decimal number, also times a power of ten as it is written by hand; None if it is not one."""
    power = POWER.fullmatch(text)
    digits = (power["factor"] or "1") if power else text
    if THOUSANDS.fullmatch(digits):
        raise Unreadable(
            "ambiguous-comma",
            "This comma may be a decimal comma or separate thousands: use a point, or leave it out.",
        )
    if not NUMBER.fullmatch(digits) or (power and "e" in digits.lower()):
        return None
    exponent = "e" + (power["plain"] or power["raised"].translate(LOWERED)) if power else ""
    return float(digits.replace(",", ".") + exponent)


def _from_object(answer) -> float:
    # Any attribute or conversion below may run foreign code, so all of it stands in one try.
    try:
        dtype_kind = getattr(getattr(answer, "dtype", None), "kind", "")
        shape = tuple(getattr(answer, "shape", ()))
        if isinstance(answer, bool) or dtype_kind == "b":
            raise Unreadable("boolean", f"True or False is not a number. {HOW}")
        if shape:
            raise Unreadable(
                "wrong-shape", f"The answer is an array of shape {_shape(shape)}; one number is asked."
            )
        if isinstance(answer, complex) or dtype_kind == "c":
            raise Unreadable("complex", "The answer is complex; a real number is asked.")
        if callable(answer):
            raise Unreadable(
                "wrong-type", f"The answer is {kind(answer)}, something to call; one number is asked. {HOW}"
            )
        if not hasattr(type(answer), "__float__") and not hasattr(type(answer), "__index__"):
            raise TypeError  # float() would read b"0.5"
        with warnings.catch_warnings():  # torch warns about scalars that carry a gradient
            warnings.simplefilter("ignore")
            return float(answer)
    except Unreadable:
        raise
    except OverflowError:
        return math.inf
    except Exception:
        raise Unreadable("wrong-type", f"The answer is {kind(answer)}; one number is asked. {HOW}") from None


def _shape(shape: tuple) -> str:
    return str(tuple(int(size) for size in shape[:8]))


def read_label(answer) -> str:
    """A label as written in a question: a letter or a number, with or without brackets.

    >>> read_label(" (B) "), read_label(3), read_label("0,10")
    ('b', '3', '0.1')
    """
    if isinstance(answer, str):
        answer = answer.translate(PLAIN).strip(SPACES).strip("()[].").strip(SPACES).lower()
    try:
        return f"{read_number(answer):.10g}"
    except Unreadable:
        if isinstance(answer, str):
            return answer
        raise
