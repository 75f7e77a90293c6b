"""``python -m lrcore.torch.recordings NAME ...`` makes files of lrcore/recorded again."""

import sys
from pathlib import Path

from . import RECORDINGS

FOLDER = Path(__file__).parents[2] / "recorded"

for name in sys.argv[1:]:
    recording = RECORDINGS[name]
    print(f"{name}: about {recording.minutes} minutes on two cores", file=sys.stderr)
    recording.make(progress=True).save(FOLDER / f"{name}.json")
