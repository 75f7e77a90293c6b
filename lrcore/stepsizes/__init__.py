"""The rules for eta_k that look at the run: at f, at gradients, at how far the iterate has come.

A rule has ``init(x) -> state`` and ``rule(k, point, d, state) -> (eta, state)``, where `point` is a
`lrcore.point.Point` and eta has shape (*B, 1), or (*B, d) for a rate of each coordinate; see `Rule`. It goes
where a rate goes: ``run(problem, x0, Polyak(f_star=0.0))``.

Each name is imported at its first use, as in `lrcore.schedules`.
"""

from importlib import import_module

HOMES = {
    "adgd": "AdGD",
    "barzilai_borwein": "BarzilaiBorwein",
    "dadaptation": "DAdaptation",
    "delta_bar_delta": "DeltaBarDelta",
    "dog": "DoG",
    "hypergradient": "Hypergradient",
    "line_search": "LineSearch",
    "on_plateau": "OnPlateau",
    "polyak": "Polyak",
    "rdbd": "RDBD",
    "rule": "Rule",
    "stochastic_armijo": "StochasticArmijo",
    "vsgd": "VSGD",
}
HOME = {name: home for home, names in HOMES.items() for name in names.split()}
__all__ = sorted(HOME)


def __getattr__(name):
    if name not in HOME:
        raise AttributeError(
            f"module 'lrcore.stepsizes' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    value = getattr(import_module(f"{__name__}.{HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
