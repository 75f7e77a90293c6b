"""One warmup and one cosine in the words of each library of `lrcore.schedules.same_words`.

Programs as one would write them, for the studio; {eta0}, {W}, {T} and {rest} = T - W are filled in there.
Those of torch, timm and transformers need an ``optimizer`` whose rate is eta0.
"""

WORDS = {
    "torch": """\
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

# the optimizer's lr is {eta0}; LinearLR refuses a start of 0
warmup = LinearLR(optimizer, start_factor=1e-10, total_iters={W})
cosine = CosineAnnealingLR(optimizer, T_max={rest})
scheduler = SequentialLR(optimizer, [warmup, cosine], milestones=[{W}])
""",
    "optax": """\
import optax

schedule = optax.warmup_cosine_decay_schedule(
    init_value=0.0, peak_value={eta0}, warmup_steps={W}, decay_steps={T}
)
""",
    "Keras": """\
import keras

schedule = keras.optimizers.schedules.CosineDecay(
    initial_learning_rate=0.0, warmup_target={eta0}, warmup_steps={W}, decay_steps={T}
)
""",
    "timm": """\
from timm.scheduler import CosineLRScheduler

# the optimizer's lr is {eta0}; step(k) comes before epoch k
scheduler = CosineLRScheduler(optimizer, t_initial={T}, warmup_t={W})
""",
    "timm, prefix": """\
from timm.scheduler import CosineLRScheduler

# the optimizer's lr is {eta0}; step(k) comes before epoch k
scheduler = CosineLRScheduler(optimizer, t_initial={T}, warmup_t={W}, warmup_prefix=True)
""",
    "transformers": """\
from transformers import get_cosine_schedule_with_warmup

# the optimizer's lr is {eta0}
scheduler = get_cosine_schedule_with_warmup(
    optimizer, num_warmup_steps={W}, num_training_steps={T}
)
""",
    "nanoGPT": """\
import math

# its get_lr with warmup_iters={W}, lr_decay_iters={T}, min_lr=0
def schedule(k):
    if k < {W}:
        return {eta0} * (k + 1) / ({W} + 1)
    if k > {T}:
        return 0.0
    return {eta0} * 0.5 * (1 + math.cos(math.pi * (k - {W}) / {rest}))
""",
}
