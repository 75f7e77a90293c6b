"""Numbers and path data of an SVG in few characters, to 0.1 unit, without drift."""

import re

TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
NUMBERS_OF = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


def shorten(number, digits=1):
    """A coordinate in as few characters as 0.1 unit allows: 217.99976 -> 218, -0.04 -> 0."""
    text = f"{float(number):.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def path_data(data, digits=1):
    """matplotlib's path data (M, L, Q, C, Z with absolute points) with short numbers.

    Straight lines become relative, which is shorter and compresses better. The steps are differences of
    rounded absolute points, so that rounding does not add up.

    >>> path_data("M 10.04 20 L 15.06 20 L 15.06 18.51 z")
    'M10 20h5.1v-1.5z'
    """
    scale = 10**digits
    pen = _Pen(scale, digits)
    tokens = TOKEN.findall(data)
    i, command, at, drawn = 0, "", (0, 0), False
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i].upper()
            i += 1
        if command == "Z":
            pen.write("z", ())
            command = ""  # numbers may not follow
            continue
        n = NUMBERS_OF[command]
        numbers = [round(float(x) * scale) for x in tokens[i : i + n]]
        i += n
        end = (numbers[-2], numbers[-1])
        step = (end[0] - at[0], end[1] - at[1])
        if command != "L":
            pen.write(command, numbers)
        elif step[1] == 0:
            # A step to the same place is left out, unless it is the first: with round ends that is a dot.
            if step[0] != 0 or not drawn:
                pen.write("h", step[:1])
        elif step[0] == 0:
            pen.write("v", step[1:])
        else:
            pen.write("l", step)
        drawn = command != "M"
        at = end
    return "".join(pen.out)


class _Pen:
    """Writes commands as briefly as the grammar of SVG allows."""

    def __init__(self, scale, digits):
        self.scale, self.digits = scale, digits
        self.out, self.last = [], ""

    def write(self, letter, numbers):
        # A letter like the one before it need not be repeated, and a minus sign separates numbers.
        text = "" if letter == self.last and letter not in "Mz" else letter
        for number in numbers:
            word = shorten(number / self.scale, self.digits)
            text += word if word.startswith("-") or text == letter else f" {word}"
        self.last = letter
        self.out.append(text)
