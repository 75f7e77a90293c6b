"""From evidence to a verdict: the rules in the order in which they are asked."""

from .evidence import CERTAIN


def judge(e, rate):
    """(verdict, because, next) of the evidence."""
    certain = e.apart or abs(e.certainty) > CERTAIN
    if certain and e.fall < 0 and e.trend > -4:
        return "diverging", f"it ends at {e.end:.3g}, above its start, {e.start:.3g}.", lower(rate)
    if e.trend > 4 and e.speeding > 1.5:
        return (
            "diverging",
            f"the second half rises faster and faster (trend t = {e.trend:.1f}, speeding {e.speeding:.2g}).",
            lower(rate),
        )
    swinging = swings(e)
    if swinging and e.shrinking > 0.5:
        return (
            "oscillating",
            f"{swinging}, and the swings do not calm (spread {e.shrinking:.2g} of that before).",
            lower(rate) + " Or less momentum; if the rate itself is cyclic, this is what it does.",
        )
    if swinging and certain and e.fall > 0:
        return (
            "fine",
            f"{swinging}, but the swings calm (spread {e.shrinking:.2g} of that before).",
            "train on; a lower rate or less momentum would swing less.",
        )
    if not certain or e.fall < 0:
        return (
            "not decided",
            f"from {e.start:.3g} to {e.end:.3g} nothing stands out of the noise of {e.noise:.2g}.",
            f"short runs at {both(rate)}; if these are losses of single batches, average them.",
        )
    if e.trend > 4:
        return (
            "not decided",
            f"it fell to below {e.end:.3g} and rises slowly since (trend t = {e.trend:.1f}).",
            "look at which loss this is: a validation loss that rises is overfitting; for a training loss, "
            + lower(rate),
        )
    if e.trend < -4 and e.share > 0.65:
        return (
            "not decided",
            f"{e.share:.0%} of the fall is in the second half: it has only just begun.",
            "train longer, then ask again: it may have left a plateau, or a warmup.",
        )
    if e.trend < -4 and e.share > 0.2:
        return (
            "too slow",
            f"it still falls (trend t = {e.trend:.1f}), {e.share:.0%} of the fall in the second half.",
            higher(rate),
        )
    if e.trend < -4:
        return (
            "fine",
            f"it still falls (trend t = {e.trend:.1f}), and {1 - e.share:.0%} of the fall is behind.",
            "train on; lower the rate towards the end.",
        )
    if e.noise <= 1e-3 * e.fall:
        return (
            "fine",
            f"it is level at {e.end:.3g}, with noise of {e.noise:.2g} after a fall of {e.fall:.3g}.",
            "stop, or check by another start that this is the minimum.",
        )
    return (
        "noise-limited plateau",
        f"it is level at {e.end:.3g} (trend t = {e.trend:.1f}) with noise of {e.noise:.2g}.",
        lower(rate) + " Or larger batches, or averaged iterates. If the level stays, it is the least loss.",
    )


def swings(e):
    """How the second half oscillates, in words, or ''."""
    if e.noise <= 1e-3 * abs(e.fall):
        return ""
    if e.alternation < -0.4:
        return f"it goes up and down in turn (correlation of neighbours {e.alternation:.2f})"
    if e.repetition > 0.7:
        return f"it repeats itself every {e.period} steps (correlation {e.repetition:.2f})"
    return ""


def lower(rate):
    return f"a lower rate: {rate / 3:.3g}." if rate else "a lower rate, by 3 to 10."


def both(rate):
    return f"{rate / 10:.3g} and {rate * 10:.3g}" if rate else "a tenth of the rate and ten times the rate"


def higher(rate):
    return f"a higher rate: {rate * 3:.3g}." if rate else "a higher rate, by 3 to 10."
