"""Schedules as code for other libraries, found by running their formulas on symbols.

Every schedule has its formula once, in ``_eta(t, xp)``. Run on numbers it gives rates; run on the symbol k
it gives the expression that is printed here, so that what is copied cannot differ from what is plotted.
"""

from .. import validate
from .schedule import rates
from .symbols import Symbols, statements

SNIPPETS = {
    "torch": """\
import math

from torch.optim.lr_scheduler import LambdaLR


# {label}
def eta(k):
    {body}


for group in optimizer.param_groups:  # LambdaLR multiplies the initial rate: with 1, eta(k) is the rate
    group["lr"] = group["initial_lr"] = 1.0
scheduler = LambdaLR(optimizer, eta)
""",
    "keras": """\
import math

import keras
from keras import ops


# {label}
class Eta(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        k = ops.cast(step, keras.config.floatx())
        {body}

    def get_config(self):
        return {{}}


schedule = Eta()
""",
    "optax": """\
import jax.numpy as jnp


# {label}
def schedule(count):
    k = jnp.asarray(count, dtype=float)
    {body}
""",
}


def snippet(schedule, library):
    """See `Schedule.code`."""
    validate.choice(library, "library", tuple(SNIPPETS), validate.DECAY)
    xp = Symbols(library)
    text = SNIPPETS[library]
    place = text[: text.index("{body}")].rsplit("\n", 1)[1]
    body = ("\n" + place).join(statements(rates(schedule, xp.k, xp)))
    text = text.format(label=repr(schedule), body=body)
    return text if "math." in text else text.replace("import math\n\n", "", 1)
