"""Schedules made of schedules: one after the other, products, bounds, other clocks, one for each layer."""

from .clip import Clip, clip
from .hold import Hold, hold
from .join import Join, join
from .per_layer import per_layer
from .product import Product
from .repeat import Repeat, repeat
from .shift import Shift, shift

__all__ = [
    "Clip",
    "Hold",
    "Join",
    "Product",
    "Repeat",
    "Shift",
    "clip",
    "hold",
    "join",
    "per_layer",
    "repeat",
    "shift",
]
