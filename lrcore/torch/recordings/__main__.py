"""``python -m lrcore.torch.recordings NAME ...`` makes files of lrcore/recorded again."""

import os
import sys
from pathlib import Path

from . import RECORDINGS

FOLDER = Path(__file__).parents[2] / "recorded"


def main(names):
    """Make these files; the exit code."""
    unknown = [name for name in names if name not in RECORDINGS]
    if unknown or not names:
        wrong = f"nothing is recorded as {', '.join(unknown)}" if unknown else "name what to record"
        return _stop(2, f"{wrong}; there are {', '.join(sorted(RECORDINGS))}")
    if not os.access(FOLDER, os.W_OK):
        return _stop(1, f"{FOLDER} cannot be written")
    for name in names:
        path, recording = FOLDER / f"{name}.json", RECORDINGS[name]
        print(f"{name}: about {recording.minutes} minutes on two cores", file=sys.stderr)
        try:
            recording.make(progress=True).save(path)
        except KeyboardInterrupt:
            return _stop(130, f"\nstopped; {path} is as it was")
    return 0


def _stop(code, words):
    print(words, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
