"""The short code that carries the marks of a notebook to the page, typed or pasted by the student.

    01.1.0N9K-48       sheet, seed, then marks and checksum in base 32

It is honest self-marking: the checksum finds a slip of the pen, not a forger. Marks count in tenths;
a code of another sheet, another seed or another edition of the questions is refused.
"""

import math
import zlib

from lrcore.exam.reading import SPACES, Unreadable

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U
CHECK = 4
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "−": None, "–": None, " ": None})


def write_code(sheet: str, seed: int, possible: list[int], marks: list[float | None]) -> str:
    """The code for these marks, one for each question in the order of the bank; None: not answered.

    >>> write_code("01", 1, [2, 4], [2.0, None])
    '01.1.0N9K-48'
    """
    number = 0
    for most, mark in zip(reversed(possible), reversed(marks), strict=True):
        number = number * _radix(most) + (0 if mark is None else 1 + round(10 * mark))
    payload = _base32(number, _length(possible))
    digits = payload + _checksum(sheet, seed, payload, possible)
    return f"{sheet}.{seed}." + "-".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def read_code(text: str, sheet: str, seed: int, possible: list[int]) -> list[float | None]:
    """The marks in a code of this sheet, seed and edition. Raises Unreadable with a sentence otherwise."""
    parts = text.strip(SPACES).split(".") if isinstance(text, str) else []
    if len(parts) != 3:
        raise Unreadable("not-a-code", "A code has three parts, as in 01.1.XXXX-XXXX: copy all of it.")
    if parts[0] != sheet:
        raise Unreadable("other-sheet", f"This code does not belong to sheet {sheet}.")
    if parts[1] != str(seed):
        raise Unreadable("other-seed", f"This code belongs to other numbers: here the seed is {seed}.")
    digits = parts[2].upper().translate(LOOKALIKES)
    payload, check = digits[:-CHECK], digits[-CHECK:]
    if len(payload) != _length(possible) or any(digit not in DIGITS for digit in digits):
        raise Unreadable("not-a-code", "Characters are missing, or too many, or of a kind no code has.")
    if check != _checksum(sheet, seed, payload, possible):
        raise Unreadable(
            "checksum", "A character is wrong, or the code is from another edition of the sheet."
        )
    number = 0
    for digit in payload:
        number = 32 * number + DIGITS.index(digit)
    marks = []
    for most in possible:
        number, value = divmod(number, _radix(most))
        marks.append(None if value == 0 else (value - 1) / 10)
    return marks


def _radix(most: int) -> int:
    """Not answered, and every tenth from 0 to all the marks."""
    return 10 * most + 2


def _length(possible: list[int]) -> int:
    return math.ceil((math.prod(map(_radix, possible)) - 1).bit_length() / 5)


def _base32(number: int, length: int) -> str:
    return "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(length)))


def _checksum(sheet: str, seed: int, payload: str, possible: list[int]) -> str:
    # The marks belong to it, so that a code from before a question was added is refused.
    text = f"{sheet}.{seed}.{payload}.{','.join(map(str, possible))}"
    return _base32(zlib.crc32(text.encode()) & 0xFFFFF, CHECK)
