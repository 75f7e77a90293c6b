"""The claims of chapter 07, against closed forms, brute force, or the real schedulers of torch."""

import warnings
from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from lrcore import problems, run, schedules
from lrcore.analysis import robbins_monro
from lrcore.schedules import WSD, Cosine, CosineRestarts, Cyclic, LinearWarmup, Noam, OneCycle, Plateau


def optimizer(lr=1.0, momentum=0.0):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr, momentum=momentum)


def rates(make, n, lr=1.0):
    """The lr in force at each of n updates, read from a real optimizer in a real loop."""
    opt = optimizer(lr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler, out = make(opt), []
        for _ in range(n):
            out.append(opt.param_groups[0]["lr"])
            opt.step()
            scheduler.step()
    return np.array(out)


# --- warmup -------------------------------------------------------------------------


@pytest.mark.claim("claim-07-travel")
@pytest.mark.parametrize(("eta0", "w"), [(0.4, 5), (1.0, 1), (0.1, 1000)])
def test_what_a_warmup_costs(eta0, w):
    k = np.arange(w)
    from_zero, from_one = LinearWarmup(eta0, w), schedules.shift(LinearWarmup(eta0, w), 1)
    assert from_zero(0) == 0 and from_one(0) == pytest.approx(eta0 / w)
    assert from_zero(k).sum() == pytest.approx(eta0 * (w - 1) / 2)
    assert from_one(k).sum() == pytest.approx(eta0 * (w + 1) / 2)
    assert w - from_zero(k).sum() / eta0 == pytest.approx((w + 1) / 2)
    assert from_zero(w) == from_one(w - 1) == pytest.approx(eta0)


@pytest.mark.claim("claim-07-quadratic")
def test_on_a_quadratic_warmup_buys_nothing():
    bowl = problems.Quadratic([0.3, 2.0])
    for w in (1, 7, 60):
        for eta0, converges in ((0.99, True), (1.01, False)):  # 2/L = 1
            warm = schedules.shift(LinearWarmup(eta0, w), 1)
            r = run(bowl, [1.0, 1.0], warm, steps=w + 3000, bound=1e30)
            assert bool(r.grad_norm[-1] < 1e-6) is converges
    # The rising order of any rates is the worst of all orders.
    values, lam = (0.9, 0.5, 0.3, 0.1, 0.05), np.array([0.3, 2.0])

    def noise(order):
        v = np.zeros(2)
        for eta in order:
            v = (1 - eta * lam) ** 2 * v + eta**2
        return 0.5 * lam @ v

    left = {order: noise(order) for order in permutations(values)}
    assert max(left, key=left.get) == tuple(sorted(values))


def quartic(eta, x, steps=20_000):
    """Descent on x^2/2 + x^4/4 by its gradient; the last |x|, or inf."""
    for k in range(steps):
        x = x - eta(k) * (x + x**3)
        if abs(x) > 1e6:
            return np.inf
        if abs(x) < 1e-12:
            break
    return abs(x)


@pytest.mark.claim("claim-07-quartic")
@pytest.mark.parametrize("x0", [0.5, 3.0, -10.0])
def test_curvature_that_falls_on_the_way(x0):
    limit = 2 / (1 + x0**2)
    assert quartic(lambda k: 0.99 * limit, x0) < 1e-9
    assert quartic(lambda k: 1.01 * limit, x0) == np.inf
    for eta in (0.9, 1.9):
        enough = 2 * eta * (1 + x0**2) ** 2 * np.log(abs(x0) / np.sqrt(2 / eta - 1) + 1)
        w = int(enough + 4 * eta * (1 + x0**2)) + 1
        assert quartic(lambda k, eta=eta, w=w: eta * min(1, (k + 1) / w), x0, 200_000) < 1e-9
        # the bound of the proof, at its own m
        m, x = int(w / (eta * (1 + x0**2))), x0
        for k in range(m):
            x = x - eta * (k + 1) / w * (x + x**3)
        assert abs(x) <= abs(x0) * np.exp(-eta * m * (m + 1) / (2 * w))
    nearby = 1e-6  # above 2 the minimum itself is unstable, however slowly one got there
    assert abs(nearby - 2.01 * (nearby + nearby**3)) > nearby


@pytest.mark.claim("claim-07-young")
@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_a_young_average_does_not_average(beta):
    for t in (1, 2, 5, 40):
        weights = (1 - beta) / (1 - beta**t) * beta ** np.arange(t)
        claimed = (1 - beta) / (1 + beta) * (1 + beta**t) / (1 - beta**t)
        assert weights.sum() == pytest.approx(1)  # so E v is sigma^2, and E m is the mean
        assert (weights**2).sum() == pytest.approx(claimed, rel=1e-12)
    # torch's Adam divides such an average: its first step is the rate, whatever the gradient.
    for g in (1e-3, -5.0):
        x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        adam = torch.optim.Adam([x], lr=0.1, betas=(beta, 0.999))
        x.grad = torch.tensor([g], dtype=torch.float64)
        adam.step()
        assert x.item() == pytest.approx(-0.1 * np.sign(g), rel=1e-4)
    # And on pure noise its later steps are shorter by sqrt((1 - beta)/(1 + beta)).
    x = torch.zeros(4000, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([x], lr=1.0, betas=(beta, 0.999))
    generator = torch.Generator().manual_seed(0)
    for _ in range(200):
        before = x.detach().clone()
        x.grad = torch.randn(4000, dtype=torch.float64, generator=generator)
        adam.step()
    length = float((x.detach() - before).square().mean().sqrt())
    assert length == pytest.approx(np.sqrt((1 - beta) / (1 + beta)), rel=0.05)


@pytest.mark.claim("claim-07-scaling")
def test_one_step_for_n():
    z = np.linspace(0, 1, 401)
    for n in (1, 2, 7, 32):
        gap = (1 - z) ** n - (1 - n * z)
        assert np.all(gap >= -1e-15) and np.all(gap <= n * (n - 1) / 2 * z**2 + 1e-15)
        if n > 1:  # the constant is the right one: near 0 the gap is nearly the bound
            small = 1e-3
            assert ((1 - small) ** n - (1 - n * small)) / (n * (n - 1) / 2 * small**2) > 0.98
            assert abs(1 - n * (2 / n * 0.99)) < 1 < abs(1 - n * (2 / n * 1.01))


@pytest.mark.claim("claim-07-noam")
@pytest.mark.parametrize(("d", "w"), [(512, 4000), (64, 100), (256, 1600)])
def test_the_peak_of_noam(d, w):
    n = np.arange(1, 40 * w)
    eta = Noam(d, warmup=w, scale=2.0)(n - 1)
    peak = 2.0 * (d * w) ** -0.5
    assert n[eta.argmax()] == w and eta.max() == pytest.approx(peak)
    assert eta[w // 2 - 1] == pytest.approx(peak / 2) and eta[4 * w - 1] == pytest.approx(peak / 2)
    assert np.sum(np.isclose(eta, peak / 2, rtol=1e-9)) == 2


# --- restarts and cycles ------------------------------------------------------------


@pytest.mark.claim("claim-07-restarts")
@pytest.mark.parametrize(("T0", "m"), [(10, 1), (10, 2), (4, 3)])
def test_when_it_restarts(T0, m):
    n = 170
    real = rates(lambda opt: lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=T0, T_mult=m, eta_min=0.1), n)
    restarts = [0]
    while restarts[-1] < n:
        restarts.append(restarts[-1] + T0 * m ** (len(restarts) - 1))
    if m > 1:
        assert restarts[:4] == [T0 * (m**i - 1) // (m - 1) for i in range(4)]
    jumps = np.flatnonzero(np.diff(real) > 0) + 1
    assert jumps.tolist() == [k for k in restarts[1:] if k < n]
    for begin, end in pairwise(restarts):
        if end <= n:
            length = end - begin
            assert real[end - 1] == pytest.approx(0.1 + 0.9 * np.sin(np.pi / (2 * length)) ** 2)
            assert real[end - 1] > 0.1
    ours = CosineRestarts(1.0, T0, T_mult=m)
    cycles = 3
    T = restarts[cycles]
    assert ours(np.arange(T)).sum() == pytest.approx((T + cycles) / 2)


@pytest.mark.claim("claim-07-escape")
def test_rates_alone_leave_no_minimum():
    # A minimum of curvature h = 3x^2 - 1 at x near 0.914, and rates between 0.05 and 1.9/h in any order.
    x_star = max(np.roots([1, 0, -1, 0.15]).real)
    h = 3 * x_star**2 - 1
    rng = np.random.default_rng(0)
    for top, stays in ((1.9 / h, True), (2.1 / h, False)):
        x = x_star + np.linspace(-0.01, 0.01, 41)
        for k in range(3000):
            eta = top if k % 10 == 0 else rng.uniform(0.05, top) if stays else top
            x = x - eta * (x**3 - x + 0.15)
        assert np.all(abs(x - x_star) < 1e-8) == stays


@pytest.mark.claim("claim-07-windows")
@pytest.mark.parametrize("a", [2, 4, 50])
def test_windows(a):
    half = {"triangular": 0.5, "welch": 0.75, "hann": 0.5}
    mean = {"triangular": 0.5, "welch": 2 / 3 - 1 / (6 * a**2), "hann": 0.5}
    for mode in half:
        w = Cyclic(0.0, 1.0, up=a, mode=mode)
        assert w(a // 2) == pytest.approx(half[mode])
        assert w(np.arange(2 * a)).mean() == pytest.approx(mean[mode], rel=1e-12)
        assert w(a) == 1 and w(2 * a) == pytest.approx(0)


@pytest.mark.claim("claim-07-chebyshev")
@pytest.mark.parametrize("T", [1, 2, 5])
def test_the_best_cycle(T):
    mu, L = 0.05, 1.0
    j = np.arange(1, T + 1)
    eta = 1 / ((L + mu) / 2 + (L - mu) / 2 * np.cos((2 * j - 1) * np.pi / (2 * T)))
    lam = np.linspace(mu, L, 20_001)
    worst = lambda eta: np.abs(np.prod(1 - np.outer(eta, lam), axis=0)).max()  # noqa: E731
    best = worst(eta)
    assert best == pytest.approx(1 / np.cosh(T * np.arccosh((L + mu) / (L - mu))), rel=1e-12)
    kappa = L / mu
    assert best < 2 * ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** T
    # No other choice is better: random rates, and small changes of these.
    rng = np.random.default_rng(0)
    for _ in range(300):
        assert worst(1 / rng.uniform(mu, L, T)) >= best
        assert worst(eta * (1 + 0.02 * rng.standard_normal(T))) > best
    if T == 1:
        assert eta[0] == pytest.approx(2 / (L + mu))
    else:
        assert eta.max() > 2 / L and best < ((kappa - 1) / (kappa + 1)) ** T
    assert np.sum(eta > 2 / L) == T // 2 and eta.min() > 1 / L and eta.max() < 1 / mu  # up to half of them
    # A run through the cycle, in whatever order, does what the product says.
    bowl = problems.Quadratic([mu, 0.3, L])
    for order in (eta, eta[::-1]):
        r = run(bowl, np.ones(3), lambda k, order=order: order[k], steps=T)
        np.testing.assert_allclose(r.x_last, np.prod(1 - np.outer(eta, [mu, 0.3, L]), axis=0), atol=1e-9)


@pytest.mark.claim("claim-07-saddle")
def test_a_saddle_is_left_by_travel():
    rng = np.random.default_rng(0)
    for c in (0.1, 1.0, 3.0):
        for _ in range(50):
            eta = rng.uniform(0, 1, 12)
            S, grows = eta.sum(), np.prod(1 + eta * c)
            assert 1 + c * S <= grows <= np.exp(c * S)
            assert grows <= (1 + c * S / 12) ** 12
    cycle = Cyclic(0.1, 0.5, up=4)(np.arange(16))
    assert np.prod(1 + cycle) < (1 + cycle.mean()) ** 16
    assert np.prod(1 + cycle) > (1 + cycle.min()) ** 16


# --- one cycle, WSD, plateaus -------------------------------------------------------


@pytest.mark.claim("claim-07-one-cycle")
@pytest.mark.parametrize("anneal", ["cosine", "linear"])
@pytest.mark.parametrize(("T", "p"), [(100, 0.3), (40, 0.5)])
def test_where_one_cycle_peaks(anneal, T, p):
    def make(opt):
        short = {"cosine": "cos", "linear": "linear"}[anneal]
        return lr_scheduler.OneCycleLR(opt, 2.0, total_steps=T, pct_start=p, anneal_strategy=short)

    opt = optimizer(momentum=0.9)
    scheduler, real = make(opt), []
    for _ in range(T):
        real.append(opt.param_groups[0]["lr"])
        opt.step()
        if len(real) < T:
            scheduler.step()
    first, last = 2.0 / 25, 2.0 / 25 / 1e4
    assert np.argmax(real) == round(p * T) - 1 and max(real) == pytest.approx(2.0)
    assert real[0] == pytest.approx(first) and real[-1] == pytest.approx(last)
    np.testing.assert_allclose(real, OneCycle(2.0, T, pct_start=p, anneal=anneal)(np.arange(T)), rtol=1e-9)
    travel = 0.5 * ((p * T - 1) * (first + 2.0) + (1 - p) * T * (2.0 + last) + first + last)
    assert sum(real) == pytest.approx(travel, rel=1e-9)
    assert travel == pytest.approx(T, rel=0.04)  # eta_max T / 2
    scheduler.step()
    with pytest.raises(ValueError, match="step"):
        scheduler.step()


@pytest.mark.claim("claim-07-wsd")
@pytest.mark.parametrize("horizons", [(60, 100, 150), (25, 31, 40)])
def test_one_trunk_many_ends(horizons):
    w, D = 5, 20
    runs = {T: WSD(1.0, T, warmup=w, decay=D, start=0.2)(np.arange(T)) for T in horizons}
    for short, long in combinations(horizons, 2):
        same = runs[short] == runs[long][:short]
        assert same[: short - D + 1].all() and not same[short - D + 1 :].any()
    # Every step that nobody has made yet, after the same rates, costs one.
    made = {tuple(runs[T][: k + 1]) for T in horizons for k in range(T)}
    assert len(made) == horizons[-1] + (len(horizons) - 1) * (D - 1)
    early, late = Cosine(1.0, 60)(np.arange(1, 40)), Cosine(1.0, 100)(np.arange(1, 40))
    assert not np.isclose(early, late).any()


@pytest.mark.claim("claim-07-plateau")
@pytest.mark.parametrize(("e", "patience", "cooldown"), [(2, 3, 0), (9, 10, 0), (0, 1, 2), (4, 2, 3)])
def test_when_a_plateau_rule_acts(e, patience, cooldown):
    metrics = [10.0 - k for k in range(e + 1)] + [10.0 - e] * 60
    opt, real = optimizer(), []
    rule = lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=patience, cooldown=cooldown)
    for metric in metrics:
        real.append(opt.param_groups[0]["lr"])
        rule.step(metric)
    drops = np.flatnonzero(np.diff(real)) + 1
    assert drops[0] == e + patience + 2
    assert set(np.diff(drops[:4])) == {patience + 1 + cooldown}
    for convention, later in (("torch", 2), ("keras", 1), ("optax", 1)):
        ours = Plateau(1.0, factor=0.5, patience=patience, cooldown=cooldown, convention=convention)
        assert np.flatnonzero(np.diff(ours.rates(metrics)))[0] + 1 == e + patience + later


def test_a_relative_threshold_is_fooled_by_a_negative_metric():
    """The trap of the chapter: with losses below 0 a slightly worse one passes for an improvement."""
    getting_worse = [-1.0 + 5e-5 * k for k in range(30)]
    for mode, falls in (("rel", False), ("abs", True)):
        opt = optimizer()
        rule = lr_scheduler.ReduceLROnPlateau(opt, patience=3, threshold_mode=mode)
        for metric in getting_worse:
            rule.step(metric)
        assert (opt.param_groups[0]["lr"] < 1) is falls


@pytest.mark.claim("claim-07-records")
@pytest.mark.parametrize(("n", "patience"), [(1, 3), (3, 2), (4, 3), (5, 1)])
def test_records_become_rare(n, patience):
    orders = list(permutations(range(n + patience)))
    none = sum(min(order[n:]) > min(order[:n]) for order in orders)
    assert none * (n + patience) == n * len(orders)


# --- schedulers of schedulers -------------------------------------------------------


@pytest.mark.claim("claim-07-sequential")
@pytest.mark.parametrize(("milestone", "W"), [(10, 10), (4, 8), (10, 20), (30, 20)])
def test_milestones_cut_and_hold(milestone, W):
    start, n = 0.1, 70

    def make(opt):
        parts = [
            lr_scheduler.LinearLR(opt, start, total_iters=W),
            lr_scheduler.CosineAnnealingLR(opt, T_max=60),
        ]
        return lr_scheduler.SequentialLR(opt, parts, milestones=[milestone])

    real = rates(make, n)
    # from the milestone on, the second schedule from its own 0
    np.testing.assert_allclose(
        real[milestone:], Cosine(1.0, 60, after="mirror")(np.arange(n - milestone)), atol=1e-12
    )
    if milestone < W:
        assert real[milestone - 1] == pytest.approx(start + (1 - start) * (milestone - 1) / W)
        assert real[milestone] == pytest.approx(1.0)
    held = int(np.sum(np.isclose(real[:milestone], 1.0)))
    assert held == max(milestone - W, 0)


@pytest.mark.claim("claim-07-chained")
def test_chains_multiply():
    def chain(eta_min, n=40):
        return rates(
            lambda opt: lr_scheduler.ChainedScheduler(
                [
                    lr_scheduler.ExponentialLR(opt, 0.95),
                    lr_scheduler.CosineAnnealingLR(opt, 50, eta_min=eta_min),
                    lr_scheduler.LinearLR(opt, 0.5, total_iters=8),
                ]
            ),
            n,
            lr=0.1,
        )

    k = np.arange(40)
    curves = [0.1 * 0.95**k, Cosine(0.1, 50)(k), LinearWarmup(0.1, 8, start=0.05)(k)]
    np.testing.assert_allclose(chain(0.0), np.prod(curves, axis=0) / 0.1**2, rtol=1e-10)
    curves[1] = Cosine(0.1, 50, eta_min=0.02)(k)
    assert abs(chain(0.02) / (np.prod(curves, axis=0) / 0.1**2) - 1).max() > 0.1


def test_one_cycle_rewrites_the_base_rate_and_the_momentum():
    """Two traps of the chapter, in the real optimizer; and a plateau rule has no place in a sequence."""
    opt = optimizer(0.1)
    lr_scheduler.LinearLR(opt, 0.1, total_iters=10)
    lr_scheduler.OneCycleLR(opt, 0.1, total_steps=100)
    assert opt.param_groups[0]["initial_lr"] == pytest.approx(0.004)
    assert opt.param_groups[0]["momentum"] == 0.95
    # What multiplies starts from the new base though it was made before; what computes does not.
    before = {
        "multiplies": lambda opt: lr_scheduler.LinearLR(opt, 0.1, total_iters=10),
        "computes": lambda opt: lr_scheduler.LambdaLR(opt, lambda k: min(1.0, 0.1 + 0.09 * k)),
    }
    for kind, base in (("multiplies", 0.004), ("computes", 0.1)):

        def make(opt, first=before[kind]):
            parts = [first(opt), lr_scheduler.OneCycleLR(opt, 0.1, total_steps=100, cycle_momentum=False)]
            return lr_scheduler.SequentialLR(opt, parts, milestones=[10])

        np.testing.assert_allclose(rates(make, 10, lr=0.1), base * (0.1 + 0.09 * np.arange(10)))
    opt = optimizer(0.1)
    lr_scheduler.CyclicLR(opt, 0.1, 1.0)
    assert opt.param_groups[0]["momentum"] == 0.9
    with pytest.raises(ValueError, match="ReduceLROnPlateau"):
        parts = [lr_scheduler.LinearLR(opt), lr_scheduler.ReduceLROnPlateau(opt)]
        lr_scheduler.SequentialLR(opt, parts, milestones=[5])


@pytest.mark.claim("claim-07-robbins-monro")
def test_the_sums_of_schedules_that_rise():
    both, neither = ("diverges", "diverges"), ("converges", "converges")
    verdicts = {
        CosineRestarts(0.1, 10): both,
        CosineRestarts(0.1, 10, T_mult=2): both,
        Cyclic(0.0, 0.1, up=10): both,
        Cyclic(0.0, 0.1, up=10, mode="welch"): both,
        Cyclic(0.0, 0.1, up=10, mode="hann"): both,
        Cyclic(0.0, 0.1, up=10, mode="triangular2"): neither,
        Cyclic(0.01, 0.1, up=10, mode="triangular2"): both,
        Cyclic(0.0, 0.1, up=10, mode="exp_range", gamma=0.99): neither,
        OneCycle(0.1, 100): both,
        schedules.SlantedTriangular(0.1, 100): both,
        WSD(0.1, 100, warmup=5, decay=20): neither,
        schedules.join([LinearWarmup(0.1, 10), Cosine(0.1, 90)], at=[10]): neither,
        Noam(64, warmup=100): both,
    }
    for schedule, expected in verdicts.items():
        verdict = robbins_monro(schedule, steps=100)
        assert (verdict.sum, verdict.squares) == expected, schedule
        # The sums themselves: the next block of steps, twice as long, adds as much if they diverge.
        eta = schedule(np.arange(160_000))
        for power, says in ((1, expected[0]), (2, expected[1])):
            before, after = (eta[40_000:80_000] ** power).sum(), (eta[80_000:] ** power).sum()
            assert (after > 0.9 * before) == (says == "diverges"), (schedule, power)
    # A warmup changes no verdict.
    for main in (schedules.InverseTime(0.1, 0.1), schedules.InverseSqrt(0.1), Cosine(0.1, 90)):
        warm = schedules.join([LinearWarmup(0.1, 10), main], at=[10])
        one, other = robbins_monro(main, steps=100), robbins_monro(warm, steps=100)
        assert (one.sum, one.squares) == (other.sum, other.squares)
