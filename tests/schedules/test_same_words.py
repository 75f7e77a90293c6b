"""The same words, five curves: the table that lrcore makes, against the five libraries themselves."""

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from lrcore.schedules import same_words

STEPS = 160
CASES = [(1.0, 10, 100), (0.1, 5, 60), (0.3, 40, 50), (2e-4, 1, 90)]


def nanogpt(k, eta0, warmup, T):
    """train.py of nanoGPT, with min_lr = 0."""
    if k < warmup:
        return eta0 * (k + 1) / (warmup + 1)
    if k > T:
        return 0.0
    ratio = (k - warmup) / (T - warmup)
    return eta0 * 0.5 * (1.0 + np.cos(np.pi * ratio))


@pytest.mark.parametrize(("eta0", "warmup", "T"), CASES)
def test_each_row_is_that_library(eta0, warmup, T, stepped, keras, optax, timm, transformers):
    def sequential(optimizer):
        parts = [
            lr_scheduler.LinearLR(optimizer, start_factor=1e-10, total_iters=warmup),
            lr_scheduler.CosineAnnealingLR(optimizer, T - warmup),
        ]
        return lr_scheduler.SequentialLR(optimizer, parts, [warmup])

    def of_timm(prefix):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=eta0)
        scheduler = timm.CosineLRScheduler(optimizer, t_initial=T, warmup_t=warmup, warmup_prefix=prefix)
        for k in range(STEPS):
            scheduler.step(k)
            yield optimizer.param_groups[0]["lr"]

    of_keras = keras.optimizers.schedules.CosineDecay(0.0, T, warmup_target=eta0, warmup_steps=warmup)
    of_optax = optax.warmup_cosine_decay_schedule(0.0, eta0, warmup, T)
    of_transformers = transformers.get_cosine_schedule_with_warmup
    theirs = {
        "torch": stepped(sequential, eta0, STEPS),
        "optax": of_optax(np.arange(STEPS)),
        "Keras": [of_keras(k).numpy() for k in range(STEPS)],
        "timm": list(of_timm(False)),
        "timm, prefix": list(of_timm(True)),
        "transformers": stepped(lambda o: of_transformers(o, warmup, T), eta0, STEPS),
        "nanoGPT": [nanogpt(k, eta0, warmup, T) for k in range(STEPS)],
    }
    ours = same_words(eta0, warmup, T)
    assert list(ours) == list(theirs)
    for name, schedule in ours.items():
        # torch's recursion starts at 1e-10 of the rate and so loses some digits on its way up
        tolerance = 1e-12 if name != "torch" else 1e-10
        np.testing.assert_allclose(
            schedule(np.arange(STEPS)), theirs[name], rtol=0, atol=tolerance * eta0, err_msg=name
        )


def test_they_are_five_curves():
    curves = {name: schedule(np.arange(STEPS)) for name, schedule in same_words().items()}
    assert np.abs(curves["torch"] - curves["transformers"]).max() < 1e-9  # these two agree
    assert np.abs(curves["Keras"] - curves["timm, prefix"]).max() < 1e-9
    names = ["torch", "optax", "Keras", "timm", "nanoGPT"]
    for i, one in enumerate(names):
        for other in names[:i]:
            assert np.abs(curves[one] - curves[other]).max() > 0.05, (one, other)


def test_errors():
    with pytest.raises(ValueError, match="T must be in"):
        same_words(warmup=100, T=100)
    with pytest.raises(ValueError, match="eta0|init_value|base_lr"):
        same_words(eta0=-1.0)
