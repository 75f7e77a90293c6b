"""One warmup and one cosine, said in the words of five libraries: five curves."""

from ..compose.join import join
from ..compose.shift import shift
from ..cosine import Cosine
from ..warmup import LinearWarmup
from .keras import from_keras
from .optax import from_optax
from .timm import from_timm
from .torch import from_torch
from .transformers import from_transformers

TINY = 1e-10  # torch's LinearLR refuses a start of 0


def same_words(eta0=1.0, warmup=10, T=100):
    """A dict of schedules: "warm up from 0 to eta0, then a cosine to 0, in T steps" in each library.

    In torch, optax and transformers T includes the warmup; in Keras and timm the cosine has T steps of its
    own; in timm by default it began at step 0, so that the rate jumps when the warmup ends. After T torch
    and transformers rise again. nanoGPT counts its warmup from 1.

    Raises ValueError or TypeError unless eta0 > 0 is finite and 1 <= warmup < T are whole numbers.
    Explained in chapter 07.

    >>> for name, schedule in same_words().items():
    ...     print(f"{name:14}", schedule([0, 10, 55, 100, 150]).round(3))
    torch          [0.    1.    0.5   0.    0.587]
    optax          [0.  1.  0.5 0.  0. ]
    Keras          [0.    1.    0.578 0.024 0.   ]
    timm           [0.    0.976 0.422 0.    0.   ]
    timm, prefix   [0.    1.    0.578 0.024 0.   ]
    transformers   [0.    1.    0.5   0.    0.587]
    nanoGPT        [0.091 1.    0.5   0.    0.   ]
    """
    timm = {"base_lr": eta0, "t_initial": T, "warmup_t": warmup}
    return {
        "torch": from_torch(
            "SequentialLR",
            schedulers=[
                from_torch("LinearLR", base_lr=eta0, start_factor=TINY, total_iters=warmup),
                from_torch("CosineAnnealingLR", base_lr=eta0, T_max=T - warmup),
            ],
            milestones=[warmup],
        ),
        "optax": from_optax(
            "warmup_cosine_decay_schedule",
            init_value=0.0,
            peak_value=eta0,
            warmup_steps=warmup,
            decay_steps=T,
        ),
        "Keras": from_keras(
            "CosineDecay",
            initial_learning_rate=0.0,
            warmup_target=eta0,
            warmup_steps=warmup,
            decay_steps=T,
        ),
        "timm": from_timm("CosineLRScheduler", **timm),
        "timm, prefix": from_timm("CosineLRScheduler", warmup_prefix=True, **timm),
        "transformers": from_transformers(
            "cosine", base_lr=eta0, num_warmup_steps=warmup, num_training_steps=T
        ),
        "nanoGPT": join([shift(LinearWarmup(eta0, warmup + 1), 1), Cosine(eta0, T - warmup)], at=[warmup]),
    }
