"""The numbered claims of chapter 01, each against a closed form or an implementation that is not ours."""

import numpy as np
import pytest
import torch
from scipy.optimize import brentq, minimize

from lrcore import analysis, directions, problems, run

torch.set_num_threads(1)  # tensors of one number: threads only get in each other's way


def parabola(h, x_star=0.7):
    """f(x) = h (x - x*)^2 / 2 as two plain functions: nothing is taken from the quadratic's own code."""
    return problems.Function(
        f=lambda x: h / 2 * (x[..., 0] - x_star) ** 2, grad=lambda x: h * (x - x_star), dim=1
    )


def torch_path(loss, x0, optimizer, steps, **options):
    """The iterates of a torch optimizer; `loss(x, k)` is the loss of step k."""
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    opt = optimizer([x], **options)
    path = [x.detach().numpy().copy()]
    for k in range(steps):
        opt.zero_grad()
        loss(x, k).backward()
        opt.step()
        path.append(x.detach().numpy().copy())
    return np.array(path)


@pytest.mark.claim("claim-01-one-step")
def test_one_step():
    rng = np.random.default_rng(1)
    for h, eta_h in zip(10 ** rng.uniform(-3, 3, 12), rng.uniform(0.02, 2.5, 12), strict=True):
        eta, problem = eta_h / h, parabola(h)
        x = run(problem, [-1.3], eta, steps=25, record_x=True).x[:, 0]
        oracle = torch_path(
            lambda x, k, h=h: h / 2 * ((x - 0.7) ** 2).sum(), [-1.3], torch.optim.SGD, 25, lr=eta
        )
        assert np.allclose(x, oracle[:, 0], rtol=1e-10)
        assert np.allclose(x - 0.7, (1 - eta_h) ** np.arange(26) * -2.0, rtol=1e-9, atol=1e-12)
    # if and only if 0 < eta h < 2, here closely on both sides of the edge
    inside = run(parabola(3.0), [-1.3], 1.999 / 3.0, steps=40_000, every=40_000)
    outside = run(parabola(3.0), [-1.3], 2.001 / 3.0, steps=40_000, every=10)
    assert abs(inside.x_last[0] - 0.7) < 1e-12 and outside.status == "diverged"
    # and on the edge, where the numbers are exact: to and fro, neither converging nor diverging
    edge = run(parabola(4.0, x_star=0.0), [1.5], 0.5, steps=101, record_x=True)
    assert np.array_equal(edge.x[:, 0], 1.5 * (-1.0) ** np.arange(102)) and edge.status == "running"


@pytest.mark.claim("claim-01-speed")
def test_speed():
    h, share = 5.0, 1e-3

    def steps(eta_h):
        enough = int(10 / -np.log(abs(1 - eta_h) + 1e-4)) + 2
        e = run(parabola(h), [1.7], eta_h / h, steps=enough, record_x=True).x[:, 0] - 0.7
        return int(np.flatnonzero(abs(e) <= share)[0])

    for eta_h in (0.002, 0.05, 0.4, 0.85, 1.3, 1.95):
        assert steps(eta_h) == int(np.ceil(np.log(1 / share) / -np.log(abs(1 - eta_h))))
        assert steps(eta_h) == analysis.stability.steps_to(share, abs(1 - eta_h))
    assert steps(0.0025) == pytest.approx(2 * steps(0.005), rel=0.01)  # proportional at the slow end ...
    assert steps(0.2) == steps(1.8) and steps(0.05) == steps(1.95)  # ... and the same on both sides of 1/h
    assert steps(1.0) == 1
    rates = np.linspace(1.05, 1.95, 10)
    assert all(np.diff([steps(eta_h) for eta_h in rates]) >= 0)  # slower and slower from 1/h to 2/h
    assert np.allclose(-np.log(1 - np.array([1e-3, 1e-4])), [1e-3, 1e-4], rtol=1e-3)


@pytest.mark.claim("claim-01-units")
@pytest.mark.parametrize(("c", "s"), [(100.0, 1.0), (1.0, 1e-3), (569.0, -0.04), (1e-6, 25.4)])
def test_units(c, s):
    """Not on a parabola only: on a logistic loss, in torch."""
    X = torch.tensor([[1.0, -2.0], [0.5, 1.0], [-1.5, 0.3], [2.0, 2.0]], dtype=torch.float64)
    y = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)

    def f(x):
        return torch.nn.functional.softplus(-y * (X @ x)).mean() + 0.1 * (x**2).sum()

    eta, x0 = 0.7, np.array([2.0, -1.0])
    x = torch_path(lambda x, k: f(x), x0, torch.optim.SGD, 40, lr=eta)
    u = torch_path(lambda u, k: c * f(s * u), x0 / s, torch.optim.SGD, 40, lr=eta / (c * s**2))
    assert np.allclose(s * u, x, rtol=1e-9, atol=1e-12)
    wrong = torch_path(lambda u, k: c * f(s * u), x0 / s, torch.optim.SGD, 5, lr=1.1 * eta / (c * s**2))
    assert not np.allclose(s * wrong[:6], x[:6], rtol=1e-3)


@pytest.mark.claim("claim-01-log-slope")
@pytest.mark.parametrize("eta_h", [0.03, 0.6, 1.5, 2.2])
def test_log_slope(eta_h):
    h = 4.0
    f = run(parabola(h, x_star=0.0), [3.0], eta_h / h, steps=25).f
    assert np.allclose(np.diff(np.log10(f)), 2 * np.log10(abs(1 - eta_h)), rtol=1e-9)
    slope = np.polyfit(np.arange(26), np.log10(f), 1)[0]
    assert 10 ** (slope / 2) == pytest.approx(abs(1 - eta_h), rel=1e-9)
    assert slope < 0 if eta_h < 2 else slope > 0
    # what the loss alone cannot tell: the rate on the other side of 1/h draws the same curve
    mirror = run(parabola(h, x_star=0.0), [3.0], (2 - eta_h) / h, steps=25).f if eta_h < 2 else f
    assert np.allclose(mirror, f, rtol=1e-9)


@pytest.mark.claim("claim-01-limits")
@pytest.mark.parametrize("fraction", [0.3, 1.0, 1.7, 1.95])
def test_limits(fraction):
    """Stable rates, also those that overshoot, end at the minimum that scipy finds."""
    rng = np.random.default_rng(5)
    X, labels = rng.normal(size=(30, 3)), (rng.uniform(size=30) < 0.5).astype(int)
    logistic = problems.Logistic(X, labels, l2=0.1)
    log_cosh = problems.Function(
        f=lambda x: np.log(np.cosh(x - 0.4)).sum(-1) + 0.05 * (x**2).sum(-1),
        grad=lambda x: np.tanh(x - 0.4) + 0.1 * x, dim=3, L=1.1,
    )  # fmt: skip
    for problem in (logistic, log_cosh):
        # without our gradient, and without gradients at all
        best = minimize(problem.f, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15})
        r = run(problem, [2.0, -2.0, 1.0], fraction / problem.L, steps=20_000, tol=1e-10)
        assert r.status == "converged"
        assert np.allclose(r.x_last, best.x, atol=1e-6) and r.f[-1] == pytest.approx(best.fun, rel=1e-12)
    # not convex: the limit is stationary, though not the least value
    wells = problems.Function(lambda x: (x**4 / 4 - x**3 / 3 - 3 * x**2 / 8)[..., 0],
                              lambda x: x**3 - x**2 - 0.75 * x, dim=1)  # fmt: skip
    ends = run(wells, np.linspace(-1, 2, 50)[:, None], fraction / 3, steps=5000, every=5000).x_last[:, 0]
    roots = np.roots([1, -1, -0.75, 0])
    assert np.abs(ends[:, None] - roots).min(axis=1).max() < 1e-8


def test_level_without_noise_and_without_rest():
    """ln cosh beyond its bound 2: the run is caught between +a and -a with 2a = eta tanh(a)."""
    log_cosh = problems.Function(lambda x: np.log(np.cosh(x))[..., 0], np.tanh, dim=1)
    r = run(log_cosh, [0.3], 2.5, steps=300, record_x=True)
    a = brentq(lambda a: 2 * a - 2.5 * np.tanh(a), 0.1, 5)
    assert np.allclose(np.abs(r.x[-50:, 0]), a, rtol=1e-9) and np.all(r.x[-50:-1, 0] * r.x[-49:, 0] < 0)
    assert np.ptp(r.f[-50:]) < 1e-9 and r.f[-1] > 0.3
    assert run(log_cosh, [0.3], 1.9, steps=300).f[-1] < 1e-12  # a rate below the bound cures it


@pytest.mark.claim("claim-01-noise-floor")
@pytest.mark.parametrize("eta_h", [0.1, 1.0, 1.8])
def test_noise_floor(eta_h):
    """Many simulated runs: recursion at every step, and the limit, within the error of the simulation."""
    h, sigma, runs = 10.0, 2.0, 40_000
    eta, rng = eta_h / h, np.random.default_rng(3)
    e, expected, floor = np.full(runs, 1.5), 1.5**2, eta * sigma**2 / (2 * (2 - eta * h))
    for _ in range(90):
        e = e - eta * (h * e + sigma * rng.uniform(-np.sqrt(3), np.sqrt(3), runs))  # any law with variance 1
        expected = (1 - eta * h) ** 2 * expected + eta**2 * sigma**2
        squares = e**2
        assert abs(squares.mean() - expected) < 5 * squares.std() / np.sqrt(runs) + 1e-12
    assert h / 2 * expected == pytest.approx(floor, rel=1e-4)
    assert h / 2 * squares.mean() == pytest.approx(floor, rel=0.03)


def test_noise_that_grows_with_the_distance():
    """The factor of the section on failures: unstable at a rate below 2/h."""
    h, s, eta, runs = 1.0, 2.0, 1.0, 200_000
    rng = np.random.default_rng(4)
    e = np.ones(runs)
    for k in range(3):
        e = e - eta * (h * e + s * abs(e) * rng.uniform(-np.sqrt(3), np.sqrt(3), runs))
        expected = ((1 - eta * h) ** 2 + eta**2 * s**2) ** (k + 1)
        assert np.mean(e**2) == pytest.approx(expected, rel=0.05)
    assert eta * h < 2 and expected > 60


def test_noise_floor_of_the_four_exam_rates():
    """The closed form behind the printed table, in exact fractions."""
    from fractions import Fraction

    h = 10

    def after(steps):
        losses = {}
        for eta in (Fraction(1, 2), Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000)):
            r2 = (1 - eta * h) ** 2
            square = r2**steps + eta**2 * (1 - r2**steps) / (1 - r2)  # the recursion solved, from x = 1
            losses[float(eta)] = square * h / 2
        return losses

    losses = after(150)
    assert min(after(20), key=after(20).get) == 0.1 and min(after(1000), key=after(1000).get) == 0.001
    assert sorted(losses, key=losses.get) == [0.01, 0.1, 0.001, 0.5]
    assert losses[0.1] == Fraction(1, 20) and losses[0.5] > 10**181
    assert float(losses[0.01]) == pytest.approx(1 / 380, rel=1e-4)


@pytest.mark.claim("claim-01-momentum-conventions")
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_momentum_conventions(beta):
    """The average with rate eta is torch's momentum, the sum, with rate (1 - beta) eta; on minibatches."""
    rng = np.random.default_rng(2)
    net = problems.MLP(rng.normal(size=(20, 3)), rng.integers(0, 3, 20), hidden=(4,))
    noisy, x0 = problems.Minibatches(net, 4, seed=0), net.init(seed=0)
    average = run(noisy, x0, 0.5, directions.Momentum(beta, form="ema"), steps=60, record_x=True).x

    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    opt = torch.optim.SGD([x], lr=(1 - beta) * 0.5, momentum=beta)
    for k in range(60):
        assert np.allclose(average[k], x.detach().numpy(), rtol=1e-8, atol=1e-10)
        x.grad = torch.tensor(noisy.at(k).grad(x.detach().numpy()))
        opt.step()
    if beta:
        same_rate = run(noisy, x0, 0.5, directions.Momentum(beta), steps=60, record_x=True).x
        assert not np.allclose(same_rate, average, rtol=1e-2)


def test_dampening_is_not_the_average():
    """The trap of the framework box: torch fills the buffer with the undamped first gradient."""

    form = directions.Momentum(0.9, form="ema")
    average = run(parabola(10.0, x_star=0.0), [1.0], 0.1, form, steps=1, record_x=True).x
    damped = torch_path(
        lambda x, k: 5 * (x**2).sum(), [1.0], torch.optim.SGD, 1, lr=0.1, momentum=0.9, dampening=0.9
    )
    assert damped[1, 0] == pytest.approx(0.0, abs=1e-12)  # a full step, ten times that of the average
    assert average[1, 0] == pytest.approx(0.9)


@pytest.mark.claim("claim-01-loss-decay")
def test_loss_decay():
    data = torch.tensor([1.4, 4.7, 5.6]), torch.tensor([0.2, 1.4, 2.1])

    def ends(optimizer=torch.optim.SGD, decay=0.95, **options):
        """Under loss decay, and under the schedule."""

        def factor(k):
            return decay**k

        def loss(x, k):
            return ((x * data[0] - data[1]) ** 2).mean() / 2 * factor(k)

        decayed = torch_path(loss, [0.0], optimizer, 60, **options)
        x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        opt = optimizer([x], **options)
        scheduler = torch.optim.lr_scheduler.LambdaLR(opt, factor)
        path = [0.0]
        for _ in range(60):
            opt.zero_grad()
            loss(x, 0).backward()
            opt.step()
            scheduler.step()
            path.append(x.item())
        return decayed[:, 0], np.array(path)

    on_loss, on_rate = ends(lr=0.01)
    assert np.allclose(on_loss, on_rate, rtol=0, atol=1e-14)
    for options in (dict(lr=0.01, momentum=0.9), dict(lr=0.01, weight_decay=1.0)):
        on_loss, on_rate = ends(**options)
        assert np.abs(on_loss - on_rate).max() > 1e-2
    on_loss, on_rate = ends(torch.optim.Adam, lr=0.01)
    assert np.abs(on_loss - on_rate).max() > 1e-2
    # the proof, in torch: equal after the first step, apart by eta beta (c0 - c1) g0 after the second
    on_loss, on_rate = ends(lr=0.01, momentum=0.9)
    g0 = -(data[0] * data[1]).mean().item()
    assert on_loss[1] == on_rate[1]
    assert on_rate[2] - on_loss[2] == pytest.approx(0.01 * 0.9 * (1 - 0.95) * g0, rel=1e-6)


@pytest.mark.claim("claim-01-repelled")
def test_repelled():
    """The valleys of the text: curvatures 3 and 1, so the edges are 2/3 and 2."""

    def slope(x):
        return x**3 - x**2 - 0.75 * x

    wells = problems.Function(lambda x: (x**4 / 4 - x**3 / 3 - 3 * x**2 / 8)[..., 0], slope, dim=1)
    for x_star, h in ((1.5, 3.0), (-0.5, 1.0)):
        step = 1e-5
        assert abs(slope(x_star)) < 1e-15
        assert (slope(x_star + step) - slope(x_star - step)) / (2 * step) == pytest.approx(h, rel=1e-6)
        near = np.array([[x_star - 1e-3], [x_star + 1e-3]])
        below = run(wells, near, 0.98 * 2 / h, steps=5000, every=5000).x_last[:, 0]
        assert np.allclose(below, x_star, atol=1e-9)
        above = run(wells, near, 1.02 * 2 / h, steps=5000, record_x=True).x[..., 0]
        tail = np.abs(above[-100:] - x_star)
        assert not (tail.max(axis=0) < 1e-3).any()  # never settles there
        growth = (above[1] - x_star) / (above[0] - x_star)
        assert np.allclose(growth, 1 - 1.02 * 2, rtol=1e-2)
    # a run that lands on the minimum exactly does stay
    assert run(wells, [1.5], 1.2, steps=50).x_last[0] == 1.5


def test_two_valleys():
    """The counts of the text, by a loop that shares nothing with `run`."""

    def last(eta, steps=3000):
        x = np.linspace(-1, 2, 401)[1::2]
        for _ in range(steps):
            x, before = x - eta * (x**3 - x**2 - 0.75 * x), x
        return x, before

    def counts(x):
        return np.sum(abs(x - 1.5) < 1e-3), np.sum(abs(x + 0.5) < 1e-3)

    low = [counts(last(eta)[0]) for eta in (0.01, 0.1, 0.6)]
    assert low[0] == low[1] == low[2] and sum(low[0]) == 200
    assert np.allclose(last(0.01)[0], last(0.6)[0], atol=1e-3)  # not the numbers only: the same ends
    x, before = last(0.8)
    circling = abs(x + 0.5) > 1e-3
    assert counts(x) == (0, low[0][1]) and np.all((x[circling] - 1.5) * (before[circling] - 1.5) < 0)
    assert counts(last(1.2)[0]) == (0, 200)


FOUR = np.array([0.5, 0.1, 0.01, 0.001])


@pytest.mark.parametrize("seed", [0, 1])
def test_four_curves_on_the_digits(seed):
    """The verdict of the exam question, and what overturns it; the text's seed and another."""
    net = problems.MLP(*problems.digits(), hidden=(32,))

    def end(direction, size, steps=8 * 299):
        data = problems.Minibatches(net, size, seed=seed)
        r = run(data, net.init(seed=seed), FOUR, direction, steps=steps, every=steps // 40)
        return r.f, np.median(r.f[-len(r.f) // 5 :], axis=0)

    f, exam = end(directions.Momentum(0.9), 6)
    assert exam[0] > f[0, 0]  # 0.5 ends above its start
    assert exam[2] == exam.min() and exam[1] > 1.25 * exam[2] and exam[3] > 1.25 * exam[2]
    assert f[2, 1] < f[2, 2] < f[2, 3]  # 0.1 is ahead at first, 0.001 behind
    for direction in (directions.Momentum(0.9, form="ema"), directions.Steepest()):
        _, other = end(direction, 6)
        assert list(np.argsort(other)) == [0, 1, 2, 3]  # 0.5 is best
    for size, best in ((24, 1), (96, 0)):  # with as many steps, and with as many epochs
        assert np.argmin(end(directions.Momentum(0.9), size)[1]) == best
        assert np.argmin(end(directions.Momentum(0.9), size, steps=8 * (1797 // size))[1]) == best
    # why 0.5 fails: its hidden units are saturated, soon and for good; those of 0.01 are not
    data = problems.Minibatches(net, 6, seed=seed)
    x = run(data, net.init(seed=seed), FOUR, directions.Momentum(0.9), 590, record_x=True, every=59).x
    for k, j, saturated in ((-1, 0, True), (-1, 2, False)):
        weights, bias = net.unpack(x[k, j])[0]
        hidden = abs(np.tanh(net.X @ weights + bias))
        assert (np.mean(hidden > 0.99) > 0.99) == saturated


def test_the_plateau_is_noise():
    net = problems.MLP(*problems.digits(), hidden=(32,))
    for seed in (0, 1):
        data, x0 = problems.Minibatches(net, 6, seed=seed), net.init(seed=seed)
        kept, cut = (
            run(data, x0, eta, directions.Momentum(0.9), steps=8 * 299, every=59).f
            for eta in (0.1, lambda k: np.where(k < 4 * 299, 0.1, 0.01))
        )
        assert np.array_equal(kept[:20], cut[:20]) and np.median(cut[-8:]) < 0.4 * np.median(kept[-8:])
        # the same rate with less noise
        quiet = problems.Minibatches(net, 24, seed=seed)
        f = run(quiet, x0, 0.1, directions.Momentum(0.9), steps=8 * 299, every=59).f
        assert np.median(f[-8:]) < 0.05 * np.median(kept[-8:])
        # decisive: the same rate without noise, from the plateau on, by torch's own momentum
        halfway = run(data, x0, 0.1, directions.Momentum(0.9), steps=4 * 299, every=4 * 299).x_last
        x = torch.tensor(halfway, dtype=torch.float64, requires_grad=True)
        opt = torch.optim.SGD([x], lr=0.1, momentum=0.9)
        for _ in range(4 * 299):
            x.grad = torch.tensor(net.grad(x.detach().numpy()))
            opt.step()
        assert net.f(x.detach().numpy()) < 0.05 * np.median(kept[-8:])


def test_overshoot_can_hold_up_a_loss_and_a_lower_rate_ends_it():
    """Why cutting the rate decides nothing: without any noise it lowers the level loss of ln cosh, too."""
    log_cosh = problems.Function(lambda x: np.log(np.cosh(x))[..., 0], np.tanh, dim=1)
    f = run(log_cosh, [0.3], lambda k: np.where(k < 100, 2.5, 0.25), steps=200).f
    assert np.ptp(f[50:100]) < 1e-9 and f[99] > 0.3 and f[-1] < 1e-12
