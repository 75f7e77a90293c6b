"""The rules for eta_k that depend on the step number alone.

A schedule is a pure function of the step: ``schedule(k) -> eta`` for an int k or an integer array,
counting from 0. Any function of that kind will do, such as ``lambda k: 0.1 / (1 + k)``.

Each name is imported at its first use: forty of them would make ``import lrcore`` slow.
"""

from ..lazy import exports

HOMES = {
    "compose": "Clip Hold Join Product Repeat Shift clip hold join per_layer repeat shift",
    "constant": "Constant",
    "cosine": "Cosine",
    "cosine_restarts": "CosineRestarts",
    "cyclic": "Cyclic",
    "exponential": "Exponential",
    "gallery": "GALLERY",
    "inverse_sqrt": "InverseSqrt",
    "inverse_time": "InverseTime",
    "libraries": "from_keras from_optax from_timm from_torch from_transformers same_words",
    "linear": "Linear",
    "multistep": "MultiStep",
    "noam": "Noam",
    "one_cycle": "OneCycle",
    "one_minus_sqrt": "OneMinusSqrt",
    "piecewise": "Piecewise",
    "plateau": "Plateau PlateauState",
    "polynomial": "Polynomial",
    "power_law": "PowerLaw",
    "saving": "from_json",
    "schedule": "Schedule",
    "slanted_triangular": "SlantedTriangular",
    "step": "Step",
    "table": "Table",
    "warmup": "CosineWarmup ExponentialWarmup LinearWarmup SqrtWarmup",
    "wsd": "WSD",
}
__all__, __getattr__, __dir__ = exports(__name__, HOMES)
