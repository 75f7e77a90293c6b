"""Losses from a CSV file, with an error that names the line where there are none."""

import csv
from itertools import chain

import numpy as np

DELIMITERS = ",;\t"


def read_losses(path, column=None):
    """The numbers of one column of a CSV file, shape (n,).

    Delimited by comma, semicolon or tab, in UTF-8; blank lines are left out. If the column has text in the
    first line, that is its name. `column` is such a name or a number counted from 1; by default the only
    column, or the one called "loss", or the only one with "loss" in its name. Cells may hold nan and inf.

    Raises OSError for a file that cannot be opened, and ValueError with the number of the line for anything
    else: no data, no such column, an empty cell, text, too few cells, another encoding.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            return _numbers(file, column)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"not text in UTF-8 (byte 0x{error.object[error.start]:02x}): save it as CSV in UTF-8"
        ) from None
    except csv.Error as error:
        raise ValueError(f"not a CSV file: {error}") from None


def _numbers(file, column):
    lead, first = next(((i, line) for i, line in enumerate(file) if line.strip()), (0, None))
    if first is None:
        raise ValueError("the file is empty")
    rows = csv.reader(chain([first], file), delimiter=max(DELIMITERS, key=first.count))
    names = next(rows)
    index, name = _chosen(column, [cell.strip() for cell in names])
    losses = [] if _number(names[index]) is None else [float(names[index])]
    losses += [_cell(row, index, name, lead + rows.line_num) for row in rows if any(map(str.strip, row))]
    if not losses:
        raise ValueError("there is a header and no data")
    return np.array(losses)


def _chosen(column, names):
    """(index, what to call it) of the column that is meant."""
    header = any(_number(cell) is None for cell in names)
    known = ", ".join(map(repr, names)) if header else f"numbers 1 to {len(names)}, there is no header"
    if column is not None:
        if header and column in names:
            return names.index(column), repr(column)
        if column.isdecimal() and 1 <= int(column) <= len(names):
            return int(column) - 1, f"number {column}"
        raise ValueError(f"there is no column {column!r}; the columns are {known}")
    if len(names) == 1:
        return 0, repr(names[0]) if header else "number 1"
    for fits in (lambda name: name.lower() == "loss", lambda name: "loss" in name.lower()):
        if header and len(found := [i for i, name in enumerate(names) if fits(name)]) == 1:
            return found[0], repr(names[found[0]])
    raise ValueError(f"which column holds the losses? Say --column; the columns are {known}")


def _cell(row, index, name, line):
    if index >= len(row):
        raise ValueError(f"line {line} has {len(row)} cells, and no column {name}")
    value = _number(row[index])
    if value is None:
        if not row[index].strip():
            raise ValueError(f"line {line}: column {name} is empty; leave out rows without a loss")
        raise ValueError(f"line {line}: column {name} holds {row[index][:40]!r}, not a number such as 0.25")
    return value


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None
