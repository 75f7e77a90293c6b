"""The rules for d_k in x_{k+1} = x_k + eta_k d_k.

A direction has ``init(x) -> state`` and ``__call__(k, g, state) -> (d, state)``, where g is the gradient
at step k = 0, 1, ...; see `Direction` for the rest.

Each name is imported at its first use, as in `lrcore.schedules`.
"""

from ..lazy import exports

HOMES = {
    "adadelta": "AdaDelta",
    "adagrad": "AdaGrad",
    "adam": "Adam",
    "adamax": "Adamax",
    "adamw": "AdamW",
    "amsgrad": "AMSGrad",
    "diagonal_newton": "DiagonalNewton",
    "averaged": "Averaged",
    "direction": "Direction",
    "lion": "Lion",
    "momentum": "Momentum",
    "nadam": "NAdam",
    "nesterov": "Nesterov",
    "newton": "Newton",
    "prodigy": "Prodigy",
    "radam": "RAdam",
    "rmsprop": "RMSProp",
    "schedule_free": "ScheduleFree",
    "steepest": "Steepest",
}
__all__, __getattr__, __dir__ = exports(__name__, HOMES)
