"""The four loss curves of the exam question, measured on digits and labelled as the paper orders them."""

from functools import lru_cache

import numpy as np

from lrcore import problems, run
from lrcore.directions import Momentum
from lrcore.exam.schedule_curves import decays, decays_in_words, shapes, shapes_in_words

EPOCHS = 4


@lru_cache
def four_losses(rates: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Steps, and training losses (len(k), len(rates)) of a tanh network: mini-batches of 6, momentum 0.9."""
    X, labels = problems.digits()
    network = problems.MLP(X, labels, hidden=(32,))
    batches = problems.Minibatches(network, size=6, seed=0)
    start = network.init(0, batch=(len(rates),))
    steps = EPOCHS * (len(X) // 6)
    done = run(batches, start, np.array(rates), Momentum(beta=0.9), steps=steps, every=46)
    return done.k, done.f


def four_loss_curves(labels: dict[str, float]):
    """The figure for label -> rate; the labels, not the rates, stand at the curves."""
    from lrcore import viz

    k, f = four_losses(tuple(labels.values()))
    curves = {label: (k, f[:, i]) for i, label in enumerate(labels)}
    return viz.plot_curves(None, curves, xlabel="step k", ylabel="training loss", logy=True)


def four_losses_in_words(labels: dict[str, float]) -> str:
    """The numbers that the figure shows and no reading of them, for those who cannot see it."""
    k, f = four_losses(tuple(labels.values()))
    quarters = np.array_split(f[2:], 4)
    lines = [f"Four training losses on a log axis, {k[-1]} steps."]
    for i, label in enumerate(labels):
        ranges = "; ".join(f"{quarter[:, i].min():.2g} to {quarter[:, i].max():.2g}" for quarter in quarters)
        lines.append(
            f"Curve {label}: {f[0, i]:.2g} at step 0, {f[1, i]:.2g} at step {k[1]}, then in the four quarters"
            f" of the run {ranges}; {f[-1, i]:.2g} at the end."
        )
    return " ".join(lines)


# name in the bank -> (the figure, the same in words)
FIGURES = {
    "four_loss_curves": (four_loss_curves, four_losses_in_words),
    "four_decays": (decays, decays_in_words),
    "four_shapes": (shapes, shapes_in_words),
}
