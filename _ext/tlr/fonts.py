"""Cut web fonts down to the characters that the book shows."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Set
from pathlib import Path


def characters_of(font: Path) -> set[str]:
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return {chr(code) for code in opened.getBestCmap()}


def subset(source: Path, target: Path, wanted: Set[str], cache: Path) -> None:
    """Write `source` (woff2) to `target` with only the `wanted` characters that it has.

    Every font gets all wanted characters, whichever style of formula they came from: a subset that
    guesses the style by class names can miss one, and browsers load only the fonts that they need.
    Answers are kept in `cache`, since an unchanged book must rebuild in a moment.
    """
    key = hashlib.sha256(source.read_bytes() + "".join(sorted(wanted)).encode()).hexdigest()[:24]
    kept = cache / f"{source.stem}-{key}.woff2"
    if not kept.exists():
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it reports every table
        from fontTools import subset as ft

        options = ft.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
        options.recalc_timestamp = False  # a date inside would make two builds differ
        font = ft.load_font(str(source), options)
        cutter = ft.Subsetter(options)
        cutter.populate(unicodes=[ord(char) for char in wanted])
        cutter.subset(font)
        cache.mkdir(parents=True, exist_ok=True)
        ft.save_font(font, str(kept), options)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(kept.read_bytes())
