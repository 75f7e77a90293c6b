"""Many drawings of one figure in little room: each line of SVG is stored once.

Neighbouring frames of a slider share axes, ticks and labels; only a few lines differ. A frame is a list of
runs `[first, count, first, count, ...]` of consecutive lines in the common table.
"""


def pack(drawings):
    """Lists of lines -> {"lines": every line once, "frames": runs of line numbers for each drawing}.

    >>> packed = pack([["axes", "curve 1"], ["axes", "curve 2"]])
    >>> packed
    {'lines': ['axes', 'curve 1', 'curve 2'], 'frames': [[0, 2], [0, 1, 2, 1]]}
    >>> unpack(packed, 1)
    ['axes', 'curve 2']
    """
    number, frames = {}, []
    for lines in drawings:
        runs = []
        for line in lines:
            n = number.setdefault(line, len(number))
            if runs and runs[-2] + runs[-1] == n:
                runs[-1] += 1
            else:
                runs += [n, 1]
        frames.append(runs)
    return {"lines": list(number), "frames": frames}


def unpack(packed, index):
    """The lines of one drawing; frames.js does the same in the reader's browser."""
    runs = packed["frames"][index]
    return [
        line
        for first, count in zip(runs[::2], runs[1::2], strict=True)
        for line in packed["lines"][first : first + count]
    ]
