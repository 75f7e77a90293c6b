"""The noise ball: walkers on a bowl with noisy gradients, to be driven by hand in the reader's browser."""

import math

import numpy as np

from .. import validate
from ..problems import NoisyQuadratic
from .figure import check_caption
from .live import element, show_live
from .style import COLORS, INK, new_figure

SEE = validate.NOISE
TOP_RATE = 2.2
HALF_WIDTH = 2.0  # of the plane that is seen, as in the script


def noise_ball(
    *, eta=0.4, h=2.0, sigma=1.0, batch=1, start=(1.6, 1.0), steps=80, walkers=300, seed=1, caption=None
):
    """Show descent with noisy gradients on f = h |x|^2 / 2 in the plane by many walkers, in the browser.

    Each coordinate of a gradient is h x plus noise of variance sigma^2/batch, and so E x_k^2 has a closed
    form: a step makes (1 - eta h)^2 E x_k^2 + eta^2 sigma^2/batch of it, which tends to
    eta sigma^2 / (batch h (2 - eta h)) for eta < 2/h. The reader sees the walkers' mean square beside it,
    changes eta, h, sigma and batch, and plays or steps the walk. No kernel is needed; the random numbers are
    the same in the script and here (`walk`), for a seed.

    Parameters
    ----------
    eta : number in (0, 2.2], the rate at first, in units of x^2/f
    h : number in [1, 5], the curvature
    sigma : number in [0, 3], the standard deviation of one sample's gradient, in units of f/x
    batch : a power of 2 up to 256, the number of samples that are averaged
    start : two numbers, where all walkers start; at most 2 and 1.6 from the minimum at the origin
    steps : int in [1, 300]
    walkers : int in [1, 1000]
    seed : int in [0, 2**31)
    caption : str, optional

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range.

    Explained in chapter 05.

    >>> noise_ball(batch=3)
    Traceback (most recent call last):
    ...
    ValueError: batch must be a power of 2 from 1 to 256, got 3; see chapter 05, 'Noise and the Robbins-...
    """
    config = checked_config(eta, h, sigma, batch, start, steps, walkers, seed)
    caption = check_caption(caption, "viz.noise_ball")
    show_live("noise_ball", explorer(config, caption), alt_text(config))


def checked_config(eta, h, sigma, batch, start, steps, walkers, seed):
    """What noise_ball.js reads, each value in its range."""
    batch = validate.count(batch, "batch", see=SEE)
    if batch > 256 or batch & (batch - 1):
        raise validate.wrong_value(f"batch must be a power of 2 from 1 to 256, got {batch}", SEE)
    start = validate.finite_array(start, "start", SEE)
    if start.shape != (2,) or (np.abs(start) > (HALF_WIDTH, 0.8 * HALF_WIDTH)).any():
        text = f"start must be two numbers, at most {HALF_WIDTH:g} and {0.8 * HALF_WIDTH:g} from 0"
        raise validate.wrong_value(f"{text}, got {validate.shown(start.tolist())}", SEE)
    steps, walkers = validate.count(steps, "steps", see=SEE), validate.count(walkers, "walkers", see=SEE)
    seed = validate.count(seed, "seed", low=0, see=SEE)
    for value, name, most in ((steps, "steps", 300), (walkers, "walkers", 1000), (seed, "seed", 2**31 - 1)):
        if value > most:
            raise validate.wrong_value(f"{name} must be at most {most}, got {value}", SEE)
    return {
        "eta": validate.number(eta, "eta", low=0, high=TOP_RATE, low_allowed=False, see=SEE),
        "h": validate.number(h, "h", low=1, high=5, see=SEE),
        "sigma": validate.number(sigma, "sigma", low=0, high=3, see=SEE),
        "batch": batch,
        "start": start.tolist(),
        "steps": steps,
        "walkers": walkers,
        "seed": seed,
    }


def mulberry32(seed, n):
    """Number n of Tommy Ettinger's generator, below 2**32, for an array n; of seed and n alone."""
    word = np.uint64(0xFFFFFFFF)
    a = (np.uint64(seed) + (np.asarray(n, np.uint64) + np.uint64(1)) * np.uint64(0x6D2B79F5)) & word
    t = (a ^ (a >> np.uint64(15))) * (a | np.uint64(1)) & word
    t = (t + (t ^ (t >> np.uint64(7))) * (t | np.uint64(61)) & word) & word ^ t
    return t ^ (t >> np.uint64(14))


def gaussians(seed, shape):
    """Gaussian numbers of shape (..., 2), by Box and Muller: two numbers of the generator give a pair."""
    uniform = (mulberry32(seed, np.arange(2 * math.prod(shape))).reshape(*shape, 2) + 0.5) / 2**32
    size, angle = np.sqrt(-2 * np.log(uniform[..., 0])), 2 * np.pi * uniform[..., 1]
    return np.stack([size * np.cos(angle), size * np.sin(angle)], axis=-1)


def walk(config):
    """All walkers at all steps, shape (steps + 1, walkers, 2)."""
    eta, h = config["eta"], config["h"]
    noise = gaussians(config["seed"], (config["steps"], config["walkers"]))
    scale = config["sigma"] / math.sqrt(config["batch"])
    x = [np.tile(config["start"], (config["walkers"], 1))]
    for xi in noise:
        x.append(x[-1] - eta * (h * x[-1] + scale * xi))
    return np.stack(x)


def limit(config):
    """The limit of E x_k^2, inf beyond eta = 2/h."""
    bowl = NoisyQuadratic([config["h"]], config["sigma"], config["batch"])
    return float(bowl.stationary(config["eta"])[0])


def alt_text(config):
    """What the first view shows, in words."""
    with np.errstate(over="ignore"):  # a rate far beyond 2/h
        found = np.square(walk(config)[-1]).mean()
    end = limit(config)
    fate = f"the closed form tends to {end:.3g}" if end < math.inf else "the rate is too large for a limit"
    return (
        f"{config['walkers']} walkers of noisy descent around the minimum of a bowl of curvature "
        f"{config['h']:g} after {config['steps']} steps with learning rate {config['eta']:.3g}, noise "
        f"{config['sigma']:g} and batch {config['batch']}: the mean square of a coordinate is {found:.3g}; "
        f"{fate}."
    )


def explorer(config, caption):
    """<lr-noise-ball> with a drawing of its first view inside."""
    figure, ax = new_figure(4.6, 3.7)
    x, end = walk(config)[-1], limit(config)
    seen = x[(np.abs(x) < HALF_WIDTH).all(axis=1)]
    ax.plot(*seen.T, "o", ms=3.5, color=COLORS["green"], mec="none", alpha=0.55)
    angle = np.linspace(0, 2 * np.pi, 73)
    if end < math.inf:
        ring = math.sqrt(2 * end) * np.array([np.cos(angle), np.sin(angle)])
        ax.plot(*ring, color=COLORS["blue"], ls=(0, (6, 2)))
    ax.plot(0, 0, "+", ms=12, mew=2, color=INK)
    reach = HALF_WIDTH * np.array([-1, 1])
    ax.set(xlim=reach, ylim=0.8 * reach, xlabel="x₁", ylabel="x₂", aspect="equal")
    return element("noise_ball", config, figure, alt_text(config), caption)
