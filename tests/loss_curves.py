"""Loss curves whose cause is known, for the diagnosis: from closed forms, plain loops and the digits."""

from functools import cache

import numpy as np

from lrcore.problems import MLP, HeavyBallCounterexample, Minibatches, digits


def bowl(kappa, eta_L, steps, beta=0.0):
    """Losses of (heavy ball) descent on a bowl with 5 modes between 1/kappa and 1, at rate eta L."""
    h = np.geomspace(1 / kappa, 1, 5)
    x, v, made = np.ones(5), np.zeros(5), []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            made.append(0.5 * (h * x**2).sum())
            v = beta * v + h * x
            x = x - eta_L * v
    return np.array(made)


def noisy_bowl(rng, d, kappa, eta_L, sigma, steps, rate=lambda k: 1.0, beta=0.0):
    """Losses of descent with Gaussian gradient noise on a bowl with d modes."""
    h = np.geomspace(1 / kappa, 1, d)
    x, v, made = np.full(d, 3.0), np.zeros(d), []
    for k in range(steps):
        made.append(0.5 * (h * x**2).sum())
        v = beta * v + h * x + sigma * rng.standard_normal(d)
        x = x - eta_L * rate(k) * v
    return np.array(made)


def descent(f, slope, x, eta, steps):
    made = []
    for _ in range(steps):
        made.append(f(x))
        x = x - eta * slope(x)
    return np.array(made)


def lopsided(eta, steps):
    """exp(x) - x has curvature 1 at its minimum; above eta = 2 descent ends in a cycle of two points."""
    return descent(lambda x: np.exp(x) - x - 1, lambda x: np.exp(x) - 1, 0.3, eta, steps)


def heavy_ball_cycle(steps):
    p = HeavyBallCounterexample()
    before = x = p.x0
    made = []
    for _ in range(steps):
        made.append(float(p.f(x)))
        before, x = x, x - p.eta * p.grad(x) + p.beta * (x - before)
    return np.array(made)


@cache
def digit_curves(seed, every=10, epochs=2):
    """Full losses of the network of chapter 01, at several rates with momentum 0.9: {rate: curve}."""
    X, labels = digits()
    net = MLP(X, labels, hidden=(32,))
    rates = np.array([0.5, 0.1, 0.02, 0.001, 0.0002])
    stochastic, steps = Minibatches(net, 6, seed), epochs * (len(X) // 6)
    x, made = net.init(seed, batch=len(rates)), []
    v = np.zeros_like(x)
    for k in range(steps):
        if k % every == 0:
            made.append(net.f(x))
        v = 0.9 * v + stochastic.at(k).grad(x)
        x = x - rates[:, None] * v
    return dict(zip(rates.tolist(), np.array(made).T, strict=True))


def curves(seed):
    """(cause, name, losses) of all curves of one seed; the cause is the verdict that would be right."""
    rng = np.random.default_rng(seed)

    def vary(low, high):
        return rng.uniform(low, high)

    for kappa in (1.5, 10, 100):
        yield "diverging", f"bowl kappa {kappa}, above 2/L", bowl(kappa, vary(2.05, 2.6), 200)
    yield "diverging", "bowl far above 2/L, to overflow", bowl(10, vary(3, 8), 2000)
    yield "diverging", "bowl just above 2/L, long after a fall", bowl(100, vary(2.01, 2.03), 1500)
    yield "diverging", "heavy ball above its bound", bowl(10, vary(3.9, 4.5), 200, beta=0.9)
    yield "diverging", "noisy bowl above 2/L", noisy_bowl(rng, 5, 10, vary(2.1, 2.5), 0.1, 300)
    yield "diverging", "noise far above what a bowl bears", noisy_bowl(rng, 3, 10, 1.98, vary(20, 30), 800)
    yield "diverging", "digits, rate 0.5", digit_curves(seed)[0.5]

    for eta in (2.2, 2.4, 2.6):
        yield "oscillating", f"two-point cycle, about {eta}", lopsided(eta + vary(-0.1, 0.1), 150)
    yield "oscillating", "three-point cycle of heavy ball", heavy_ball_cycle(200)
    yield (
        "oscillating",
        "slow swings",
        np.exp(-np.arange(300) / 30) + 1 + 0.3 * np.sin(np.arange(300) / vary(1, 3) + vary(0, 6)),
    )
    yield (
        "oscillating",
        "swings in noise",
        1 + 0.3 * np.sin(np.arange(600) / vary(1, 3)) + (0.05 * rng.standard_normal(600)),
    )

    for d in (1, 3, 10, 100):
        losses = noisy_bowl(rng, d, 3, vary(0.1, 1.2), vary(0.3, 0.8), 800)
        yield "noise-limited plateau", f"noisy bowl, {d} modes", losses
    yield "noise-limited plateau", "noisy bowl, long", noisy_bowl(rng, 5, 10, vary(0.2, 1), 1.0, 5000)
    yield (
        "noise-limited plateau",
        "noisy bowl, rate near 2/L",
        noisy_bowl(rng, 3, 3, vary(1.6, 1.9), 0.5, 800),
    )
    yield (
        "noise-limited plateau",
        "noisy bowl, momentum",
        noisy_bowl(rng, 5, 5, vary(0.05, 0.3), 0.5, 1500, beta=0.9),
    )
    flat = 2 * np.exp(-np.arange(1000) / vary(10, 40)) + 0.5 + vary(0.05, 0.3) * rng.standard_normal(1000)
    yield "noise-limited plateau", "losses of single batches, settled", flat
    yield "noise-limited plateau", "digits, rate 0.1", digit_curves(seed)[0.1]

    for eta_L, steps in ((0.01, 50), (0.001, 300), (1e-4, 1000), (0.003, 100)):
        yield "too slow", f"bowl, about {eta_L}/L", bowl(3, eta_L * vary(0.7, 1.3), steps)
    for eta_L in (0.001, 0.003):
        losses = noisy_bowl(rng, 10, 3, eta_L * vary(0.7, 1.3), 1.0, 300)
        yield "too slow", f"noisy bowl, about {eta_L}/L", losses
    slow = 2 - 1.5 * np.arange(500) / 500 + vary(0.1, 0.3) * rng.standard_normal(500)
    yield "too slow", "steady descent in the noise of batches", slow
    yield "too slow", "digits, rate 0.001", digit_curves(seed)[0.001]
    yield "too slow", "digits, rate 0.0002", digit_curves(seed)[0.0002]

    for kappa, steps in ((2, 60), (10, 300), (100, 2000)):
        yield "fine", f"bowl kappa {kappa}, below 1/L", bowl(kappa, vary(0.6, 1), steps)
        yield "fine", f"bowl kappa {kappa}, between 1/L and 2/L", bowl(kappa, vary(1.1, 1.9), steps)
    yield "fine", "bowl, stopped on the way", bowl(30, vary(0.8, 1.8), 60)
    yield "fine", "heavy ball", bowl(100, vary(0.2, 0.6), 400, beta=0.9)
    yield "fine", "swings that die out", lopsided(vary(1.7, 1.9), 200)
    decay = vary(0.02, 0.05)
    yield (
        "fine",
        "noisy bowl, 1/t",
        noisy_bowl(rng, 10, 3, 1.0, 0.5, 3000, rate=lambda k: 1 / (1 + decay * k)),
    )
    yield "fine", "noisy bowl, hardly any noise", noisy_bowl(rng, 5, 10, vary(0.5, 1), 1e-3, 500)
    power = np.arange(1, 2001) ** -vary(0.4, 0.8) * (1 + 0.02 * rng.standard_normal(2000))
    yield "fine", "power law with little noise", power
    yield "fine", "digits, rate 0.02", digit_curves(seed)[0.02]

    yield "not decided", "nothing but noise", 2 + 0.1 * rng.standard_normal(500)
    yield "not decided", "constant", np.full(100, vary(1, 2))
    t = np.arange(400)
    late = 2 - 1.5 / (1 + np.exp(-(t - 330) / 10)) + 0.02 * rng.standard_normal(400)
    yield "not decided", "a fall that has just begun", late
    over = 1.5 * np.exp(-t / 30) + 0.5 + 0.0005 * t + 0.01 * rng.standard_normal(400)
    yield "not decided", "a validation loss that rises slowly", over
    yield "not decided", "too few", np.exp(-np.arange(15) / 3)


def confusion(seeds, judge):
    """{(cause, verdict): count} and the list of (cause, name, seed, verdict) that were misjudged."""
    table, wrong = {}, []
    for seed in seeds:
        for cause, name, losses in curves(seed):
            verdict = judge(losses)
            table[cause, verdict] = table.get((cause, verdict), 0) + 1
            if verdict != cause:
                wrong.append((cause, name, seed, verdict))
    return table, wrong
