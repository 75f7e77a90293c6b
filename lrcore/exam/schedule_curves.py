"""Schedules as questions show them: on a log axis, labelled as the paper orders them."""

import numpy as np

from lrcore import schedules

EPOCHS = 100
DECAYS = {
    "step": schedules.Step(0.1, every=20, gamma=0.5),
    "exponential": schedules.Exponential(0.1, 0.955),
    "cosine": schedules.Cosine(0.1, EPOCHS),
    "inverse": schedules.InverseTime(0.1, alpha=0.1),
}


def decays(labels: dict[str, str]):
    """The figure for label -> name in DECAYS; the labels, not the names, stand at the curves."""
    from lrcore import viz

    k = np.arange(EPOCHS)
    curves = {label: (k, DECAYS[name](k)) for label, name in labels.items()}
    return viz.plot_curves(None, curves, xlabel="epoch k", ylabel="rate η", logy=True)


def decays_in_words(labels: dict[str, str]) -> str:
    """The rates at a few epochs and no reading of them, for those who cannot see the figure."""
    k = np.array([0, 1, 10, 19, 20, 50, 75, 90, EPOCHS - 1])
    lines = [f"Four schedules on a log axis, {EPOCHS} epochs, at the epochs {', '.join(map(str, k))}."]
    for label, name in labels.items():
        lines.append(f"Curve {label}: {', '.join(f'{eta:.2g}' for eta in DECAYS[name](k))}.")
    return " ".join(lines)
