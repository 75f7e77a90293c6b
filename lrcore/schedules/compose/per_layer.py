"""Discriminative rates: lower layers, smaller steps."""

from ... import validate
from . import operands
from .product import Product


def per_layer(schedule, layers, decay):
    """A tuple of schedules, decay^(layers - 1 - l) * schedule for layer l = 0, 1, ..., layers - 1.

    So the last layer has the rate itself.

    One for each param group of an optimizer, see `lrcore.torch.to_torch`. Other multipliers: ``[m *
    schedule for m in multipliers]``. Raises ValueError or TypeError unless layers is a whole number >= 1
    and 0 < decay <= 1.

    Source: Howard and Ruder, ACL 2018, section 3.1, with decay = 1/2.6. Counterparts: a param group's own
    lr in torch, ``layer_decay`` in timm. Explained in chapter 11.

    >>> from lrcore.schedules import Constant
    >>> per_layer(Constant(0.1), layers=3, decay=0.5)
    (0.25 * Constant(eta0=0.1), 0.5 * Constant(eta0=0.1), 1.0 * Constant(eta0=0.1))
    """
    see = validate.DECAY
    operands.part(schedule, "per_layer: schedule", see)
    layers = validate.count(layers, "per_layer: layers", see=see)
    decay = validate.number(decay, "per_layer: decay", low=0, high=1, low_allowed=False, see=see)
    return tuple(Product((decay ** (layers - 1 - layer), schedule)) for layer in range(layers))
