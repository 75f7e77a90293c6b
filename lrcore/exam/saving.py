"""Saving a paper and going on with it: verdicts and hints as JSON, written whole or not at all."""

import json
import math
import os
import tempfile
from pathlib import Path

FORMAT = "lrcore exam 1"


def save(paper, path) -> None:
    """Write the state of a paper. A file that is anything else than an earlier state of it is not touched."""
    path = Path(path)
    if path.exists():
        old = _read(path)
        if (old["sheet"], old["seed"]) != (paper.sheet.name, paper.seed):
            raise ValueError(
                f"{path} holds sheet {old['sheet']} with seed {old['seed']}, not this paper"
                f" ({paper.sheet.name}, seed {paper.seed}): choose another name"
            )
    state = {
        "format": FORMAT,
        "sheet": paper.sheet.name,
        "seed": paper.seed,
        "verdicts": {
            name: {
                "marks": verdict.marks,
                "out_of": verdict.out_of,
                "code": verdict.code,
                "feedback": verdict.feedback,
                "claimed": verdict.claimed,
            }
            for name, verdict in paper.verdicts.items()
        },
        "hints": sorted(paper.hints),
    }
    # A new file takes the old one's place in one step, so that a full disk or a crash loses nothing.
    handle, temporary = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(state, file, ensure_ascii=False, indent=1, allow_nan=False)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def resume(exam, verdict, path):
    """A new paper (`exam(sheet, seed)`) with the verdicts of the file; the file is only read."""
    state = _read(Path(path))
    try:
        paper = exam(state["sheet"], state["seed"])
    except ValueError as error:
        raise ValueError(f"{path} cannot be resumed: {error}") from None
    for name, saved in state["verdicts"].items():
        asked = paper.questions.get(name)
        if asked is None or asked.marks != saved["out_of"]:
            raise ValueError(
                f"{path} is from another edition of sheet {state['sheet']}: {name} is not the question that"
                " was answered; the file is left as it is"
            )
        paper.verdicts[name] = verdict(name, **saved)
    paper.hints |= set(state["hints"]) & set(paper.questions)
    return paper


def _read(path: Path) -> dict:
    """The state in a file, complete and of the right types; ValueError says what is wrong with it."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(
            f"there is no file {path}; save a paper first, with paper.save({str(path)!r})"
        ) from None
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read ({type(error).__name__}); it is left as it is") from None
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path} is damaged or no saved paper (line {error.lineno}: {error.msg}); it is left as it is"
        ) from None
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise ValueError(f"{path} is no saved paper; it is left as it is")
    if field := _faulty(state):
        raise ValueError(f"{path} is damaged ({field}); it is left as it is")
    return state


def _faulty(state: dict) -> str | None:
    """The first field that does not hold what was written there."""
    whole = isinstance(state.get("seed"), int) and not isinstance(state["seed"], bool)
    if not isinstance(state.get("sheet"), str) or not whole:
        return "sheet or seed"
    hints = state.get("hints")
    if not isinstance(hints, list) or not all(isinstance(name, str) for name in hints):
        return "hints"
    if not isinstance(state.get("verdicts"), dict):
        return "verdicts"
    for name, saved in state["verdicts"].items():
        if not isinstance(saved, dict) or set(saved) != {"marks", "out_of", "code", "feedback", "claimed"}:
            return name
        numbers = [saved[field] for field in ("marks", "out_of", "claimed")]
        if not all(_is_number(number) for number in numbers):
            return f"{name}, marks"
        if not 0 <= saved["claimed"] <= saved["marks"] <= saved["out_of"]:
            return f"{name}, marks"
        if not isinstance(saved["code"], str) or not isinstance(saved["feedback"], str):
            return f"{name}, code"
    return None


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
