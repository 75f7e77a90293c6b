"""The rules for d_k in x_{k+1} = x_k + eta_k d_k.

A direction has ``init(x) -> state`` and ``__call__(k, g, state) -> (d, state)``, where g is the gradient
at step k = 0, 1, ...; see `Direction` for the rest.

Each name is imported at its first use, as in `lrcore.schedules`.
"""

from importlib import import_module

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
HOME = {name: home for home, names in HOMES.items() for name in names.split()}
__all__ = sorted(HOME)


def __getattr__(name):
    if name not in HOME:
        raise AttributeError(
            f"module 'lrcore.directions' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    value = getattr(import_module(f"{__name__}.{HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
