"""The rules for eta_k that look at the run: at f, at gradients, at how far the iterate has come.

A rule has ``init(x) -> state`` and ``rule(k, point, d, state) -> (eta, state)``, where `point` is a
`lrcore.point.Point` and eta has shape (*B, 1), or (*B, d) for a rate of each coordinate; see `Rule`. It goes
where a rate goes: ``run(problem, x0, Polyak(f_star=0.0))``.

Each name is imported at its first use, as in `lrcore.schedules`.
"""

from ..lazy import exports

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
__all__, __getattr__, __dir__ = exports(__name__, HOMES)
