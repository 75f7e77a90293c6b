"""The claims of chapter 08, each against a closed form, an exact construction or very many simulated runs.

A mean of n independent runs is compared within four or five of its standard errors, which each test
computes or states; seeds are fixed.
"""

import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from lrcore import problems, run, schedules
from lrcore.directions import (
    AdaDelta,
    AdaGrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    Lion,
    NAdam,
    RAdam,
    RMSProp,
)

SCALE_FREE = {
    "AdaGrad": AdaGrad(eps=0.0),
    "RMSProp": RMSProp(eps=0.0),
    "centred": RMSProp(0.9, centered=True, eps=0.0),
    "Adam": Adam(eps=0.0),
    "AMSGrad": AMSGrad(eps=0.0),
    "optax' AMSGrad": AMSGrad(form="optax", eps=0.0),
    "NAdam": NAdam(eps=0.0),
    "Adamax": Adamax(eps=0.0),
    "Lion": Lion(),
}


def steps(rule, gradients, x=None):
    """The directions that a rule makes of given gradients (n, ...), at x where it needs one."""
    gradients = np.asarray(gradients, float)
    x = np.zeros_like(gradients[0]) if x is None else x
    state, made = rule.init(x), []
    with np.errstate(invalid="ignore"):
        for k, g in enumerate(gradients):
            d, state = rule(k, SimpleNamespace(x=x, g=g) if rule.uses_point else g, state)
            made.append(d)
    return np.array(made)


class Rates:
    """A fixed rate for each coordinate."""

    def __init__(self, rates):
        self.rates = rates

    def init(self, x):
        return None

    def __call__(self, k, point, d, state):
        return np.broadcast_to(self.rates, d.shape), state


# --- what a rate means --------------------------------------------------------------


@pytest.mark.claim("claim-08-units")
@pytest.mark.parametrize("name", SCALE_FREE)
def test_units_of_the_rate(name):
    rule, start = SCALE_FREE[name], np.array([1.0, -0.5, 2.0])
    basis = np.linalg.qr(np.random.default_rng(3).standard_normal((3, 3)))[0]
    bowl = problems.Quadratic([1.0, 5.0, 30.0], basis=basis)
    path = run(bowl, start, 0.01, rule, 60, record_x=True).x
    # c = 0.0137 is no power of two, so rounding differs: the paths agree to many digits, not to all.
    small = problems.Function(lambda x: 0.0137 * bowl.f(x), lambda x: 0.0137 * bowl.grad(x), dim=3)
    np.testing.assert_allclose(run(small, start, 0.01, rule, 60, record_x=True).x, path, rtol=1e-8, atol=1e-9)
    units = np.array([0.5, 2.0, 8.0])  # x = units z
    in_z = problems.Function(lambda z: bowl.f(units * z), lambda z: units * bowl.grad(units * z), dim=3)
    z = run(in_z, start / units, 0.01, rule, 60, record_x=True).x
    in_x = run(bowl, start, Rates(0.01 * units), rule, 60, record_x=True).x
    np.testing.assert_allclose(units * z, in_x, rtol=1e-8, atol=1e-10)
    # Descent has other units: there 0.0137 f needs the rate 0.01 / 0.0137.
    assert not np.allclose(run(small, start, 0.01, steps=60).x_last, run(bowl, start, 0.01, steps=60).x_last)


@pytest.mark.claim("claim-08-adagrad")
@pytest.mark.parametrize("g", [-3.0, 1e-3])
def test_adagrad_under_a_constant_gradient(g):
    moved = np.cumsum(-np.sign(g) * steps(AdaGrad(eps=0.0), np.full((2000, 1), g))[:, 0])
    n = np.arange(1, 2001)
    np.testing.assert_allclose(moved, np.cumsum(1 / np.sqrt(n)), rtol=1e-12)
    assert (2 * np.sqrt(n + 1) - 2 <= moved).all() and (moved <= 2 * np.sqrt(n) - 1 + 1e-12).all()
    assert (
        moved[-1] < 2 * np.sqrt(2000) - 1.4
    )  # the constants are no mere bounds: the sum is 2 sqrt(n) - 1.46


@pytest.mark.claim("claim-08-adagrad-bound")
def test_bound_of_adagrad():
    """Random lines, sparse ones, and an adversary who answers with the sign that hurts."""
    D, T, d = 2.0, 400, 6

    def bound(G):
        return np.sqrt(2) * D * np.sqrt((G**2).sum(0)).sum()

    rng = np.random.default_rng(0)
    seen = rng.random((T, d)) < 0.5 ** np.arange(d)
    for kind in ("random", "sparse", "adversary"):
        x, s, loss, gradients = np.zeros(d), np.zeros(d), 0.0, []
        for t in range(T):
            g = rng.standard_normal(d) * (seen[t] if kind == "sparse" else 1.0)
            if kind == "adversary":
                g = np.abs(g) * np.where(x >= 0, 1.0, -1.0)
            loss += g @ x
            gradients.append(g)
            s += g * g
            step = np.divide(g, np.sqrt(s), out=np.zeros(d), where=s > 0)
            x = np.clip(x - D / np.sqrt(2) * step, -D / 2, D / 2)  # projection: all |x - x*| <= D
        G = np.array(gradients)
        best = -D / 2 * np.abs(G.sum(0)).sum()  # the best fixed point of the box, in hindsight
        assert loss - best <= bound(G)
        if kind == "adversary":
            assert loss - best > 0.4 * bound(G)  # the order is right, over many steps as well
    # One gradient at the distance D costs D |g| in each coordinate: 0.707 of the bound.
    one = np.array([[3.0, -0.5]])
    assert 0.7 * bound(one) < D * np.abs(one).sum() <= bound(one)
    # The choice of eta: D^2 / (2 eta) + eta is least at D / sqrt(2), where it is sqrt(2) D.
    found = minimize_scalar(lambda eta: D**2 / (2 * eta) + eta, bounds=(0.1, 10), method="bounded")
    assert found.x == pytest.approx(D / np.sqrt(2), rel=1e-4) and found.fun == pytest.approx(np.sqrt(2) * D)
    # The lemma: sum g^2 / sigma <= 2 sigma, and 2 cannot be replaced by 1.9.
    g = np.ones(10_000)
    root = np.sqrt(np.cumsum(g**2))
    assert 1.9 * root[-1] < (g**2 / root).sum() <= 2 * root[-1]


@pytest.mark.claim("claim-08-first-steps")
@pytest.mark.parametrize("g", [4.0, -1e-3])
def test_first_steps(g):
    def first(rule):
        return -np.sign(g) * steps(rule, [[g]])[0, 0]

    for rule in (AdaGrad(eps=0.0), Adam(0.8, 0.99, eps=0.0), Adamax(eps=0.0), Lion()):
        assert first(rule) == pytest.approx(1.0, rel=1e-12)
    for alpha in (0.9, 0.99):
        assert first(RMSProp(alpha, eps=0.0)) == pytest.approx((1 - alpha) ** -0.5, rel=1e-12)
        centred = first(RMSProp(alpha, centered=True, eps=0.0))
        assert centred == pytest.approx((alpha * (1 - alpha)) ** -0.5, rel=1e-10)
    assert first(AMSGrad(0.8, 0.99, eps=0.0)) == pytest.approx(0.2 / 0.1, rel=1e-12)
    assert first(RAdam()) == pytest.approx(abs(g), rel=1e-12)


@pytest.mark.claim("claim-08-adadelta")
def test_what_sets_the_pace_of_adadelta():
    g = np.random.default_rng(1).standard_normal((300, 4))
    base = steps(AdaDelta(0.95, 1e-6), g)
    for c in (0.1, 7.0):
        # eps c^2 on gradients c g: v + eps_v keeps its eps_v beside g^2, and eps_u is c^2 times as large.
        np.testing.assert_allclose(steps(AdaDelta(0.95, 1e-6 * c * c), c * g), c * base, rtol=1e-10)
    # Where eps_v is negligible, only eps_u is left: all steps go with the root of eps.
    large = 1e6 * g
    np.testing.assert_allclose(
        10 * steps(AdaDelta(eps=1e-8), large), steps(AdaDelta(eps=1e-6), large), rtol=1e-9
    )
    for size in (1.0, 1e4):
        first = steps(AdaDelta(0.9, 1e-8), [[size]])[0, 0]
        assert -first == pytest.approx(np.sqrt(1e-8 / 0.1), rel=1e-7)


# --- Adam -----------------------------------------------------------------------------


@pytest.mark.claim("claim-08-bias")
def test_bias_correction():
    # The mean over many runs of gradients with mean 0.7 and mean square 0.7^2 + 2^2.
    n, T = 40_000, 8
    rule, state = Adam(), Adam().init(np.zeros((n, 1)))
    rng = np.random.default_rng(2)
    for k in range(T):
        g = 0.7 + 2 * rng.standard_normal((n, 1))
        _, state = rule(k, g, state)
        m, v = (average / (1 - beta ** (k + 1)) for average, beta in zip(state, (0.9, 0.999), strict=True))
        assert abs(m.mean() - 0.7) < 5 * m.std() / np.sqrt(n)
        assert abs(v.mean() - 4.49) < 5 * v.std() / np.sqrt(n)
    for g in (1e-4, -30.0):
        made = steps(Adam(eps=0.0), np.full((50, 1), g))[:, 0]
        np.testing.assert_allclose(made, -np.sign(g), rtol=1e-11)
        t = np.arange(1, 51)
        raw = steps(Adam(eps=0.0, bias_correction=False), np.full((50, 1), g))[:, 0]
        np.testing.assert_allclose(raw, -np.sign(g) * (1 - 0.9**t) / np.sqrt(1 - 0.999**t), rtol=1e-11)


@pytest.mark.claim("claim-08-step-bound")
@pytest.mark.parametrize("beta1, beta2", [(0.9, 0.999), (0.0, 0.99), (0.9, 0.95), (0.5, 0.3)])
def test_longest_step_of_adam(beta1, beta2):
    rule = Adam(beta1, beta2, eps=0.0)
    bound = (1 - beta1) / np.sqrt((1 - beta2) * (1 - beta1**2 / beta2))
    rng = np.random.default_rng(0)
    wild = rng.standard_normal((400, 300)) * 10.0 ** rng.uniform(-4, 4, (400, 300))
    growth = np.linspace(0.8, 1.3, 60) ** np.arange(400)[:, None]  # 1.3^400 squared is still finite
    longest = max(np.abs(steps(rule, g)).max() for g in (wild, growth, rng.choice([-1.0, 1.0], (400, 300))))
    assert longest <= bound * (1 + 1e-9)
    if beta1 == 0:
        worst = np.eye(500)[-1]
    else:  # (beta2 / beta1)^t, as far as its square is a float
        n = int(min(6000, 140 / abs(np.log10(beta2 / beta1))))
        worst = (beta2 / beta1) ** np.arange(n, dtype=float)
    r, n = beta1**2 / beta2, len(worst)
    claimed = bound * np.sqrt((1 - r**n) * (1 - beta2**n)) / (1 - beta1**n)
    assert abs(steps(rule, worst[:, None])[-1, 0]) == pytest.approx(claimed, rel=1e-9)
    assert claimed > (1 - 1.1 * beta2**n - 1e-9) * bound  # as close as one likes
    # After zeros: between 1 and the first factor, if that is more than 1.
    factor = (1 - beta1) / np.sqrt(1 - beta2)
    for zeros in (1, 10, 1000):
        spike = abs(steps(rule, np.eye(zeros + 1)[-1][:, None])[-1, 0])
        expected = factor * np.sqrt(1 - beta2 ** (zeros + 1)) / (1 - beta1 ** (zeros + 1))
        assert spike == pytest.approx(expected, rel=1e-9)
        assert spike <= max(factor, 1.0) * (1 + 1e-9)


def test_adamax_makes_steps_longer_than_its_rate():
    """The text gives the factor; the gradients are those it names."""
    longest = -steps(Adamax(eps=0.0), 0.999 ** np.arange(300.0)[:, None]).min()
    assert longest == pytest.approx(0.1 / (1 - 0.9 / 0.999), rel=1e-9) and longest > 1.009


@pytest.mark.claim("claim-08-bounce")
def test_bouncing():
    # (i) A function that is neither smooth nor symmetric.
    slope = lambda x: np.where(x < 0.3, -1.0, 5.0 + x)  # noqa: E731
    lopsided = problems.Function(lambda x: np.zeros(x.shape[:-1]), slope, dim=1)
    for start in (2.0, -1.234):
        x = run(lopsided, [start], 0.07, Adam(0.0, 0.0, eps=0.0), 80, record_x=True).x[:, 0]
        a, b = x[-2:]
        assert abs(abs(a - b) - 0.07) < 1e-12 and min(a, b) < 0.3 < max(a, b)
        np.testing.assert_allclose(x[-4:-2], x[-2:], atol=1e-12)
    # (ii) On the cycle gradients alternate: given h a, -h a, ... Adam's steps have twice the length a.
    for beta1, beta2 in ((0.0, 0.9), (0.9, 0.999), (0.5, 0.99)):
        a = 0.5 * (1 - beta1) / (1 + beta1)
        made = steps(Adam(beta1, beta2, eps=0.0), (7 * a * (-1.0) ** np.arange(30_000))[:, None])
        np.testing.assert_allclose(np.abs(made[-2:, 0]), 2 * a, rtol=1e-9)
        assert made[-1, 0] * (-1.0) ** 29_999 < 0
    # With beta2 = 0 the cycle attracts nothing: a run beside it stays beside it.
    x = run(problems.Quadratic([7.0]), [0.006], 0.01, Adam(0.0, 0.0, eps=0.0), 6000, record_x=True).x[:, 0]
    np.testing.assert_allclose(np.sort(np.abs(x[-2:])), [0.004, 0.006], rtol=1e-9)
    # With 0 < beta2 it does for beta1 = 0, from near starts, whatever h and beta2.
    for h, beta2 in ((1.0, 0.3), (1.0, 0.9), (50.0, 0.99)):
        x = run(
            problems.Quadratic([h]), [0.006], 0.01, Adam(0.0, beta2, eps=0.0), 6000, record_x=True
        ).x[:, 0]  # fmt: skip
        np.testing.assert_allclose(np.abs(x[-4:]), 0.005, rtol=1e-6)
        assert x[-1] * x[-2] < 0
        step = np.array([[1 - 2 * (1 - beta2), -beta2], [2 * (1 - beta2), beta2]])  # p, q of the proof
        assert np.abs(np.linalg.eigvals(step)).max() == pytest.approx(np.sqrt(beta2))
        assert np.abs(np.linalg.eigvals(step)).max() < 1
        assert np.linalg.det(step) == pytest.approx(beta2) and np.trace(step) == pytest.approx(3 * beta2 - 1)


@pytest.mark.claim("claim-08-noise")
@pytest.mark.parametrize(
    "h, sigma, eta", [(2.0, 1.0, 0.01), (2.0, 4.0, 0.01), (0.5, 1.0, 0.01), (1.0, 1.0, 0.02)]
)
def test_noise_ball_of_adam(h, sigma, eta):
    n = 6000
    bowl = problems.NoisyQuadratic([h], sigma, seed=5)
    start = np.random.default_rng(0).standard_normal((n, 1)) * np.sqrt(eta * sigma / 2 / h)  # at rest already
    claimed = eta * sigma / (2 * h)
    T = int(4 * sigma / (eta * h)) + 1500  # and forgotten all the same

    def rest(rule):
        square = run(bowl, start, eta, rule, T, every=T).x_last[:, 0] ** 2
        return square.mean(), 4 * square.std() / np.sqrt(n)

    # What is left of eta h / sigma and of 1 - beta2 shifts both by a few per cent, not by 25.
    small = 1.5 * eta * h / sigma + 0.02
    for rule in (Adam(), Adam(beta1=0.0)):
        mean, error = rest(rule)
        assert abs(mean / claimed - 1) < error / claimed + small
    mean, error = rest(Adam(0.0, 0.0))
    assert abs(mean / claimed / np.sqrt(np.pi / 2) - 1) < error / claimed + small


# --- the counterexample ---------------------------------------------------------------


@pytest.mark.claim("claim-08-reddi")
@pytest.mark.parametrize("C", [2.01, 3.0, 10.0])
def test_adam_goes_to_the_worst_point(C):
    beta2 = 1 / (1 + C**2)
    lines = problems.ReddiCounterexample(large=C)
    rule = Adam(0.0, beta2, eps=0.0, bias_correction=False)
    for share in (0.05, 0.999):  # of the largest alpha
        alpha = share * np.sqrt(1 - beta2)
        x = run(lines, [1.0], schedules.InverseSqrt(alpha), rule, 3000, record_x=True).x[:, 0]
        assert (x[::3] == 1.0).all() and (x > 0).all() and (x[1::3] < 1).all()
    # The steps of the proof.
    s = 1 - beta2
    assert beta2 * C**2 == pytest.approx(s) and beta2 < 0.2
    first = 1 / np.sqrt(2 * (2 - beta2)) + 1 / np.sqrt(3 * (1 + 2 * beta2 - beta2**2))
    assert first > 1
    v1 = s * C**2
    v2 = beta2 * v1 + s
    assert v2 == pytest.approx(s * (2 - beta2))
    assert beta2 * v2 + s == pytest.approx(s * (1 + 2 * beta2 - beta2**2))
    assert lines.slope > 0  # -1 is the best point, 1 the worst


@pytest.mark.claim("claim-08-amsgrad")
@pytest.mark.parametrize("C", [2.5, 3.0])
def test_amsgrad_does_not(C):
    beta2 = 1 / (1 + C**2)
    lines = problems.ReddiCounterexample(large=C)
    eta = schedules.InverseSqrt(0.9 * np.sqrt(1 - beta2))
    x = run(lines, [[1.0], [0.0], [-1.0]], eta, AMSGrad(0.0, beta2, eps=0.0), 30_000, record_x=True).x[..., 0]
    assert (x[-30:] < -0.98).all() and (x[-30::3] == -1).all()
    k = np.arange(1, 1000)
    drop = x[3 * k, 0] - x[3 * k + 3, 0]  # a cycle from the start at 1, while it is on its way
    on_the_way = x[3 * k + 1, 0] > -1
    least = 0.9 * np.sqrt(1 - beta2) * (C - 2) / (np.sqrt(3 * k + 1) * C)
    assert (drop >= least * (1 - 1e-9))[on_the_way].all() and on_the_way.sum() > 3


@pytest.mark.parametrize("beta2, sign", [(0.99, 1), (0.999, 1), (0.9999, -1)])
def test_a_rare_large_slope_needs_a_memory_of_many_periods(beta2, sign):
    """In the long run, when the averages have forgotten their start."""
    rare = problems.ReddiCounterexample(large=1010.0, small=10.0, period=101)
    free = problems.Function(rare.f, rare.grad, dim=1)  # no walls: a cycle shows its drift
    free.at = rare.at
    cycles = int(12 / (1 - beta2) / 101) + 1
    x = run(free, [0.0], 0.01, Adam(0.9, beta2), 101 * (cycles + 1), every=101, record_x=True).x[:, 0]
    assert np.sign(x[-1] - x[-2]) == sign
    if beta2 == 0.99:  # also by chance: twenty runs, each with its own draws
        lines = problems.ReddiCounterexample(1010.0, 10.0, period=100, stochastic=True)
        fall = schedules.InverseSqrt(0.5)
        x = run(lines, np.zeros((20, 1)), fall, Adam(0.9, 0.99), 6000, every=100, record_x=True).x
        assert (x[-20:].mean(0) > 0.5).all()


# --- decay, epsilon, clipping, memory -------------------------------------------------


@pytest.mark.claim("claim-08-decay")
def test_two_kinds_of_decay():
    # (i) No gradient: AdamW multiplies, Adam on an l2 term steps by eta whatever lambda.
    flat = problems.Function(lambda x: np.zeros(x.shape[:-1]), np.zeros_like, dim=2)
    fall = schedules.Linear(0.1, 40)
    x = run(flat, [3.0, -0.2], fall, AdamW(weight_decay=0.5), 40).x_last
    np.testing.assert_allclose(x, np.array([3.0, -0.2]) * np.prod(1 - 0.5 * fall(np.arange(40))), rtol=1e-12)
    for lam in (1e-6, 1.0):
        first = run(problems.Quadratic([lam]), [3.0], 0.1, Adam(eps=0.0), 1).x_last
        assert first[0] == pytest.approx(2.9, rel=1e-12)
    # (ii) Gradients that are noise.
    n, T, eta, decay, sigma = 4000, 1500, 0.01, 0.02, np.array([0.5, 10.0])
    rng, l2, apart = np.random.default_rng(0), Adam(), AdamW(weight_decay=decay)
    x, y = np.ones((n, 2)), np.ones((n, 2))
    s, u = l2.init(x), apart.init(y)
    for k in range(T):
        g = sigma * rng.standard_normal((n, 2))
        d, s = l2(k, g + decay * x, s)
        x = x + eta * d
        d, u = apart(k, SimpleNamespace(x=y, g=g), u)
        y = y + eta * d
    for end, claimed in ((x, (1 - eta * decay / sigma) ** T), (y, np.full(2, (1 - eta * decay) ** T))):
        assert (np.abs(end.mean(0) - claimed) < 4 * end.std(0) / np.sqrt(n) + 0.01).all()
    # (iii) Lion stays in its box, and reaches its edge.
    rng, w = np.random.default_rng(1), 4.0
    x = rng.uniform(-1 / w, 1 / w, (50, 3))
    rule, m = Lion(weight_decay=w), np.zeros_like(x)
    for k in range(400):
        eta = rng.uniform(0.01, 1 / w)
        d, m = rule(k, SimpleNamespace(x=x, g=rng.standard_normal(x.shape) + 0.5), m)
        x = x + eta * d
        assert np.abs(x).max() <= 1 / w * (1 + 1e-12)
    assert x.min() < -0.9 / w


@pytest.mark.claim("claim-08-eps")
def test_where_epsilon_stands():
    eps, beta2 = 1e-3, 0.99
    half = {"outside": eps, "inside": np.sqrt(eps / 3), "uncorrected": eps / np.sqrt(1 - beta2)}
    for place, g in half.items():
        rule = Adam(beta2=beta2, eps=eps, eps_place=place)
        assert -steps(rule, [[g]])[0, 0] == pytest.approx(0.5, rel=1e-9)
        for size in (0.1 * g, 5 * g):
            claimed = {
                "outside": size / (size + eps),
                "inside": size / np.sqrt(size**2 + eps),
                "uncorrected": size / (size + eps / np.sqrt(1 - beta2)),
            }[place]
            assert -steps(rule, [[size]])[0, 0] == pytest.approx(claimed, rel=1e-9)
    # eps -> infinity: the corrected average of gradients at the rate eta'.
    g = np.random.default_rng(0).standard_normal((40, 3))
    t, m = np.arange(1, 41)[:, None], np.zeros(3)
    averages = []
    for each in g:
        m = 0.9 * m + 0.1 * each
        averages.append(m)
    np.testing.assert_allclose(
        1e9 * steps(Adam(eps=1e9), g), -np.array(averages) / (1 - 0.9**t), rtol=1e-7, atol=1e-9
    )


@pytest.mark.claim("claim-08-clipping")
@pytest.mark.parametrize("d", [2, 3, 50])
def test_what_clipping_does(d):
    import torch

    rng, c = np.random.default_rng(d), 0.7
    wild = rng.standard_normal((2000, d)) * 10.0 ** rng.uniform(-3, 3, (2000, d))
    edge = np.full((1, d), c)
    edge[0, 0] = 1e9  # one huge component, the others just at the limit
    for g in (*wild[:20], *edge):
        p = torch.zeros(d, dtype=torch.float64, requires_grad=True)
        p.grad = torch.tensor(g)
        torch.nn.utils.clip_grad_norm_([p], c)
        by_norm = g * min(1, c / np.linalg.norm(g))
        np.testing.assert_allclose(p.grad, by_norm, rtol=1e-5)  # torch adds 1e-6 to the norm
        p.grad = torch.tensor(g)
        torch.nn.utils.clip_grad_value_([p], c)
        np.testing.assert_array_equal(p.grad, np.clip(g, -c, c))
        assert np.linalg.norm(by_norm) <= c * (1 + 1e-12)

    def cosine(g):
        h = np.clip(g, -c, c)
        return (g * h).sum(1) / np.linalg.norm(g, axis=1) / np.linalg.norm(h, axis=1)

    assert (cosine(wild) > 1 / np.sqrt(d)).all()
    assert 1 / np.sqrt(d) < cosine(edge)[0] < 1 / np.sqrt(d) + 1e-6
    assert (np.clip(wild, -c, c) ** 2).sum(1).max() <= d * c**2 * (1 + 1e-12)
    assert (np.clip(wild, -c, c) ** 2).sum(1).max() > 0.8 * d * c**2 if d < 10 else True


@pytest.mark.claim("claim-08-memory")
def test_state_per_weight():
    import torch

    optim = torch.optim
    expected = [
        (optim.SGD, {}, 0), (optim.SGD, {"momentum": 0.9}, 1), (optim.Adagrad, {}, 1), (optim.RMSprop, {}, 1),
        (optim.RMSprop, {"momentum": 0.9}, 2), (optim.RMSprop, {"momentum": 0.9, "centered": True}, 3),
        (optim.Adadelta, {}, 2), (optim.Adam, {}, 2), (optim.AdamW, {}, 2), (optim.NAdam, {}, 2),
        (optim.Adamax, {}, 2), (optim.RAdam, {}, 2), (optim.Adam, {"amsgrad": True}, 3),
    ]  # fmt: skip
    for make, options, claimed in expected:
        w = torch.ones(30, 50, requires_grad=True)
        optimizer = make([w], lr=0.01, **options)
        for _ in range(2):
            optimizer.zero_grad()
            (w**2).sum().backward()
            optimizer.step()
        kept = sum(v.numel() for v in optimizer.state[w].values() if torch.is_tensor(v) and v.numel() > 1)
        assert kept == claimed * w.numel(), make
    w = torch.ones(30, 50, requires_grad=True)
    optimizer = optim.Adafactor([w])
    (w**2).sum().backward()
    optimizer.step()
    kept = sum(v.numel() for v in optimizer.state[w].values() if torch.is_tensor(v) and v.numel() > 1)
    assert kept == 30 + 50
    assert np.ndim(Lion().init(np.zeros(5))) == 1  # one array, no more


# --- many minima ----------------------------------------------------------------------


@pytest.mark.claim("claim-08-minimum")
def test_one_sample_many_solutions():
    a, b = np.array([1.0, -2.0, 0.1]), 5.0
    one = problems.LeastSquares(a[None], [b])
    x = run(one, np.zeros(3), 0.2 / one.L, steps=2000).x_last
    np.testing.assert_allclose(x, b * a / (a @ a), rtol=1e-9)
    np.testing.assert_allclose(x, np.linalg.pinv(a[None]) @ [b], rtol=1e-9)
    flat = b * np.sign(a) / np.abs(a).sum()
    falling = schedules.Linear(0.2, 3000)
    for name, rule in SCALE_FREE.items():
        x = run(one, np.zeros(3), falling, rule, 3000).x_last
        np.testing.assert_allclose(np.abs(x), np.abs(x[0]), rtol=1e-6, err_msg=name)
        assert (np.sign(x) == np.sign(a)).all(), name
        np.testing.assert_allclose(x, flat, rtol=2e-3, err_msg=name)  # as far as it has converged
    # No other solution has a smaller largest component.
    rng = np.random.default_rng(0)
    null = np.linalg.svd(a[None])[2][1:]
    others = flat + rng.standard_normal((1000, 2)) @ null
    assert np.abs(others).max(1).min() >= np.abs(flat).max() * (1 - 1e-12)


# --- what the tables say --------------------------------------------------------------

CHAPTER = Path(__file__).resolve().parents[2] / "chapters" / "08-adaptive.md"


def defaults(function):
    return {name: p.default for name, p in inspect.signature(function).parameters.items()}


def rows_of_the_table():
    return {
        cells[0]: cells[1:]
        for line in re.findall(r"^\| (.*) \|$", CHAPTER.read_text().split("| defaults |")[1], re.M)
        if len(cells := [cell.strip() for cell in line.split(" | ")]) == 4
    }


def test_the_table_of_defaults_is_that_of_the_libraries(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import keras
    import optax
    import torch

    rows = rows_of_the_table()
    t = {name: defaults(getattr(torch.optim, name)) for name in dir(torch.optim) if name[0].isupper()}
    o = {name: defaults(getattr(optax, name)) for name in ("adagrad", "rmsprop", "adadelta", "adam", "adamw")}
    k = {
        name: defaults(getattr(keras.optimizers, name))
        for name in ("Adam", "AdamW", "Nadam", "Adamax", "Adagrad", "RMSprop", "Adadelta")
    }

    def numbers(cell):
        return [float(number) for number in re.findall(r"`([\d.e-]+)`", cell)]

    def row(start):
        (found,) = [cells for name, cells in rows.items() if name.startswith(start)]
        return [numbers(cell) for cell in found]

    for start, torches, kerases in (
        ("rate: Adam", ("Adam", "AdamW"), ("Adam", "AdamW")),
        ("NAdam, Adamax", ("NAdam", "Adamax"), ("Nadam", "Adamax")),
        ("AdaGrad, RMSProp", ("Adagrad", "RMSprop"), ("Adagrad", "RMSprop")),
        ("AdaDelta", ("Adadelta",), ("Adadelta",)),
    ):
        if start == "AdaDelta":
            (cells,) = [c for name, c in rows.items() if name == start]
            shown = [numbers(cell) for cell in cells]
        else:
            shown = row(start)
        assert all(shown[0] == [t[name]["lr"]] for name in torches)
        assert all(shown[2] == [k[name]["learning_rate"]] for name in kerases)
    assert row(r"$\varepsilon$ of Adam") == [[t["Adam"]["eps"]], [o["adam"]["eps"]], [k["Adam"]["epsilon"]]]
    assert o["adam"]["eps_root"] == 0
    decays = [[t["AdamW"]["weight_decay"]], [o["adamw"]["weight_decay"]], [k["AdamW"]["weight_decay"]]]
    assert row("decay of AdamW") == decays
    sums = [
        [t["Adagrad"]["initial_accumulator_value"], t["Adagrad"]["eps"]],
        [o["adagrad"]["initial_accumulator_value"], o["adagrad"]["eps"]],
        [k["Adagrad"]["initial_accumulator_value"], k["Adagrad"]["epsilon"]],
    ]
    assert row("AdaGrad: start") == sums
    averages = [
        [t["RMSprop"]["alpha"], t["RMSprop"]["eps"]],
        [o["rmsprop"]["decay"], o["rmsprop"]["eps"]],
        [k["RMSprop"]["rho"], k["RMSprop"]["epsilon"]],
    ]
    assert row("RMSProp:") == averages and o["rmsprop"]["eps_in_sqrt"] is True
    deltas = [
        [t["Adadelta"]["rho"], t["Adadelta"]["eps"]],
        [o["adadelta"]["rho"], o["adadelta"]["eps"]],
        [k["Adadelta"]["rho"], k["Adadelta"]["epsilon"]],
    ]
    assert row("AdaDelta:") == deltas
    assert row("NAdam:")[0] == [t["NAdam"]["momentum_decay"]]


def test_the_table_says_where_epsilon_stands(monkeypatch):
    """The first step at the gradient 1 with epsilon = 3 tells the place; no word means outside."""
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import keras
    import optax
    import torch

    def torches(name, **options):
        x = torch.ones(1, requires_grad=True)
        x.grad = torch.ones(1)
        getattr(torch.optim, name)([x], lr=1.0, eps=3.0, **options).step()
        return 1 - x.item()

    def optaxes(name, **options):
        rule = getattr(optax, name)(1.0, eps=3.0, **options)
        return -float(rule.update(np.ones(1), rule.init(np.zeros(1)))[0][0])

    def kerases(name, **options):
        x = keras.Variable([1.0])
        getattr(keras.optimizers, name)(1.0, epsilon=3.0, **options).apply([torch.ones(1)], [x])
        return 1 - x.value.item()

    adagrad = {"outside": 1 / (1 + 3), "inside": 1 / np.sqrt(1 + 3)}
    rmsprop = {"outside": 1 / (0.5 + 3), "inside": 1 / np.sqrt(0.25 + 3)}
    adam = {"outside": 1 / (1 + 3), "inside": 1 / np.sqrt(1 + 3), "uncorrected": 0.5 / (0.5 + 3)}
    start = {"initial_accumulator_value": 0.0}
    for row, claimed, made in (
        (
            "AdaGrad: start",
            adagrad,
            (torches("Adagrad"), optaxes("adagrad", **start), kerases("Adagrad", **start)),
        ),
        (
            "RMSProp:",
            rmsprop,
            (torches("RMSprop", alpha=0.75), optaxes("rmsprop", decay=0.75), kerases("RMSprop", rho=0.75)),
        ),
        (
            r"$\varepsilon$ of Adam",
            adam,
            (torches("Adam", betas=(0.9, 0.75)), optaxes("adam", b2=0.75), kerases("Adam", beta_2=0.75)),
        ),
    ):
        (cells,) = [cells for name, cells in rows_of_the_table().items() if name.startswith(row)]
        for cell, step in zip(cells, made, strict=True):
            (place,) = [word for word in claimed if word in cell] or ["outside"]
            assert step == pytest.approx(claimed[place], rel=1e-5), (row, cell)
