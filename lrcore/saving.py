"""Records as JSON. JSON has no infinity and no nan: these are written as texts, every other float exactly."""

import numpy as np

from .validate import PRACTICE, shown, wrong_type, wrong_value

KINDS = {"float": np.float64, "int": np.int64, "text": np.str_}


def packed(array):
    """An array as {"kind", "shape", "values"}; None stays None.

    >>> packed(np.array([[1.0, np.nan]]))
    {'kind': 'float', 'shape': [1, 2], 'values': [1.0, 'nan']}
    """
    if array is None:
        return None
    kind = {"f": "float", "i": "int", "U": "text"}[array.dtype.kind]
    values = array.ravel().tolist()
    if kind == "float" and not np.isfinite(array).all():
        values = [v if abs(v) < np.inf else str(v) for v in values]  # false for nan too
    return {"kind": kind, "shape": list(array.shape), "values": values}


def unpacked(entries, kind, names):
    """The arrays of a dict that was packed, by name, or an error that says what is wrong with it."""
    if not isinstance(entries, dict) or entries.get("type") != kind:
        raise wrong_type(f"a {kind} is read from a dict with type = {kind!r}, got {shown(entries)}", PRACTICE)
    given = set(entries) - {"type"}
    if given != set(names):
        odd = sorted(given ^ set(names))
        raise wrong_value(f"a {kind} has {', '.join(names)}; missing or unknown: {', '.join(odd)}", PRACTICE)
    return {name: _unpacked(entries[name], name) for name in names}


def _unpacked(entry, name):
    if entry is None:
        return None
    try:
        array = np.array(entry["values"], dtype=KINDS[entry["kind"]]).reshape(entry["shape"])
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise wrong_value(
            f"{name} must have kind (float, int, text), shape, as many values, got {shown(entry)}: {error}",
            PRACTICE,
        ) from None
    return array


def write(path, entries):
    """Write the file at once: who stops it, or a full disk, leaves what was there before."""
    import os
    from json import dumps  # like most programs, `import lrcore` has no use for it

    text = dumps(entries, allow_nan=False) + "\n"
    beside = f"{os.fsdecode(path)}.{os.getpid()}"
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise


def read(path):
    from json import loads

    try:
        with open(path, encoding="utf-8") as file:
            return loads(file.read())
    except (ValueError, RecursionError) as error:  # of the text, or of its encoding
        raise wrong_value(f"{path} is no JSON file of lrcore ({error})", PRACTICE) from None
