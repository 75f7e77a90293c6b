"""Chapter 08: adaptive methods against SGD with momentum, each with a constant rate and with a cosine."""

from functools import partial

from torch import optim

from ...schedules import Constant, Cosine
from ..digits import MOMENTUM, PLAIN, train
from .recording import Recording, grid

OPTIMIZERS = {
    "SGD": (PLAIN, 0.05),
    "momentum": (MOMENTUM, 0.005),
    "AdaGrad": (optim.Adagrad, 0.003),
    "RMSProp": (optim.RMSprop, 0.001),
    "AdaDelta": (optim.Adadelta, 0.5),
    "Adam": (optim.Adam, 0.002),
    "AMSGrad": (partial(optim.Adam, amsgrad=True), 0.002),
    "NAdam": (optim.NAdam, 0.002),
    "AdamW": (optim.AdamW, 0.002),
}
T = 750


def methods():
    shapes = {"constant": Constant(1.0), "cosine": Cosine(1.0, T)}
    return {
        f"{name}, {form}": partial(train, schedule=shape, optimizer=optimizer, steps=T)
        for name, (optimizer, _) in OPTIMIZERS.items()
        for form, shape in shapes.items()
    }


def rates():
    return {name: grid(OPTIMIZERS[name.split(",")[0]][1], 9) for name in methods()}


ADAPTIVE = {"08-adaptive": Recording(methods(), rates(), range(5), 5)}
