"""The rules for eta_k that depend on the step number alone.

A schedule is a pure function of the step: ``schedule(k) -> eta`` for an int k or an integer array,
counting from 0. Any function of that kind will do, such as ``lambda k: 0.1 / (1 + k)``.
"""

from .compose import Clip, Hold, Join, Product, Repeat, Shift, clip, hold, join, per_layer, repeat, shift
from .constant import Constant
from .cosine import Cosine
from .cosine_restarts import CosineRestarts
from .cyclic import Cyclic
from .exponential import Exponential
from .inverse_sqrt import InverseSqrt
from .inverse_time import InverseTime
from .libraries import (
    from_keras,
    from_optax,
    from_timm,
    from_torch,
    from_transformers,
    same_words,
)
from .linear import Linear
from .multistep import MultiStep
from .noam import Noam
from .one_cycle import OneCycle
from .one_minus_sqrt import OneMinusSqrt
from .piecewise import Piecewise
from .plateau import Plateau
from .polynomial import Polynomial
from .power_law import PowerLaw
from .saving import from_json
from .schedule import Schedule
from .slanted_triangular import SlantedTriangular
from .step import Step
from .table import Table
from .warmup import CosineWarmup, ExponentialWarmup, LinearWarmup, SqrtWarmup
from .wsd import WSD

__all__ = [
    "WSD",
    "Clip",
    "Constant",
    "Cosine",
    "CosineRestarts",
    "CosineWarmup",
    "Cyclic",
    "Exponential",
    "ExponentialWarmup",
    "Hold",
    "InverseSqrt",
    "InverseTime",
    "Join",
    "Linear",
    "LinearWarmup",
    "MultiStep",
    "Noam",
    "OneCycle",
    "OneMinusSqrt",
    "Piecewise",
    "Plateau",
    "Polynomial",
    "PowerLaw",
    "Product",
    "Repeat",
    "Schedule",
    "Shift",
    "SlantedTriangular",
    "SqrtWarmup",
    "Step",
    "Table",
    "clip",
    "from_json",
    "from_keras",
    "from_optax",
    "from_timm",
    "from_torch",
    "from_transformers",
    "hold",
    "join",
    "per_layer",
    "repeat",
    "same_words",
    "shift",
]
