"""The four loss curves of the exam question, measured on digits and labelled as the paper orders them."""

import numpy as np

from lrcore import problems, run
from lrcore.directions import Momentum

EPOCHS = 4


def four_losses(rates) -> tuple[np.ndarray, np.ndarray]:
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

    k, f = four_losses(list(labels.values()))
    curves = {label: (k, f[:, i]) for i, label in enumerate(labels)}
    return viz.plot_curves(None, curves, xlabel="step k", ylabel="training loss", logy=True)


FIGURES = {"four_loss_curves": four_loss_curves}
