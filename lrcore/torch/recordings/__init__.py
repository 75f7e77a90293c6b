"""What is recorded in lrcore/recorded, and how: every file is made here, from its name.

``python -m lrcore.torch.recordings 06-decay-long`` makes a file again, in a few minutes. All methods of a
file get as many rates, a factor 1.8 apart, and the same seeds. Shapes are set beforehand: only the rate is
tuned. Shown in chapters 06, 07 and 08.
"""

from .adaptive import ADAPTIVE
from .cycles import CYCLES
from .decay import DECAY
from .recording import Recording
from .warmup import WARMUP

RECORDINGS = DECAY | CYCLES | WARMUP | ADAPTIVE

__all__ = ["RECORDINGS", "Recording"]
