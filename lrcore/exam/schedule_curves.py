"""Schedules as questions show them, labelled as the paper orders them."""

import numpy as np

from lrcore import schedules

STEPS = 100
DECAYS = {
    "step": schedules.Step(0.1, every=20, gamma=0.5),
    "exponential": schedules.Exponential(0.1, 0.955),
    "cosine": schedules.Cosine(0.1, STEPS),
    "inverse": schedules.InverseTime(0.1, alpha=0.1),
}
SHAPES = {
    "cosine": schedules.join([schedules.LinearWarmup(0.1, 10), schedules.Cosine(0.1, 90)], at=[10]),
    "restarts": schedules.CosineRestarts(0.1, T0=20, T_mult=2),
    "triangular": schedules.Cyclic(0.0, 0.1, up=20, mode="triangular2"),
    "stable": schedules.WSD(0.1, T=STEPS, warmup=10, decay=30, shape="linear"),
}


def decays(labels: dict[str, str]):
    """The figure for label -> name in DECAYS; the labels, not the names, stand at the curves."""
    from lrcore import viz

    k = np.arange(STEPS)
    curves = {label: (k, DECAYS[name](k)) for label, name in labels.items()}
    return viz.plot_curves(None, curves, xlabel="epoch k", ylabel="rate η", logy=True)


def shapes(labels: dict[str, str]):
    """The same for SHAPES, one below the other, since on one axis they would hide each other."""
    from lrcore import viz

    k = np.arange(STEPS)
    figure, strips = viz.new_figure(height=4.4, nrows=len(labels), sharex=True)
    for ax, (label, name) in zip(strips, labels.items(), strict=True):
        last = ax is strips[-1]
        viz.plot_curves(
            k, {label: SHAPES[name](k)}, ax=ax, xlabel="step k" if last else "", ylim=(-0.005, 0.108)
        )
        ax.set_yticks([0, 0.1])
    figure.supylabel("rate η", fontsize="medium")
    return figure


def _in_words(schedules, labels, unit, k):
    """The rates at a few steps and no reading of them, for those who cannot see the figure."""
    lines = [f"Four schedules at the {unit}s {', '.join(map(str, k))}."]
    for label, name in labels.items():
        lines.append(f"Curve {label}: {', '.join(f'{eta:.2g}' for eta in schedules[name](k))}.")
    return " ".join(lines)


def decays_in_words(labels: dict[str, str]) -> str:
    """The rates of DECAYS, for those who cannot see the figure."""
    return _in_words(DECAYS, labels, "epoch", np.array([0, 1, 10, 19, 20, 50, 75, 90, 99]))


def shapes_in_words(labels: dict[str, str]) -> str:
    """The rates of SHAPES, for those who cannot see the figure."""
    return _in_words(SHAPES, labels, "step", np.array([0, 5, 10, 15, 19, 20, 40, 59, 60, 70, 80, 90, 99]))
