"""What noise leaves of the loss: the plateau of a constant rate, the limits of 1/t rates and of averages."""

from .decaying import decay_limit, moments_of_average, polyak_ruppert
from .samples import gradient_samples, noise_scale, plateau
from .stationary import stationary_loss, stationary_variance

__all__ = [
    "decay_limit",
    "gradient_samples",
    "moments_of_average",
    "noise_scale",
    "plateau",
    "polyak_ruppert",
    "stationary_loss",
    "stationary_variance",
]
