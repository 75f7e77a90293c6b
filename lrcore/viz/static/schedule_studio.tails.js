/* What the rates of a schedule do in the long run, and the verdict of Robbins and Monro that follows:
 * lrcore/analysis/tails.py and rate_sums.py, node by node.
 */
(function () {
  "use strict";

  const node = typeof module === "object" && module && module.exports;
  if (!node && window.lrStudio && window.lrStudio.verdict) return; // a notebook cell that is run again
  const studio = node ? require("./schedule_studio.formulas.js") : (window.lrStudio = window.lrStudio || {});
  const ROUNDING = 1e-9; // an exponent this close to its border, but not on it, may be a rounded one

  /* A number in %.6g. */
  function short(x) {
    const [mantissa, exponent] = x.toExponential(5).split("e").map(Number);
    if (exponent >= -4 && exponent < 6) return String(Number(x.toPrecision(6)));
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }

  /* Rates between two multiples of gamma^k k^(-p); `steady` if for each k, else in the mean over a cycle. */
  function like(gamma, p, steady = true) {
    if (gamma === 1 && p === 0) return constant(steady);
    const text = [gamma !== 1 && `${short(gamma)}^k`, p && `k^-${short(p)}`].filter(Boolean).join(" ");
    return { gamma, p, steady, reason: `in the long run like ${text}` };
  }
  function constant(steady = true) {
    const text = steady ? "stays above a positive rate" : "has a positive mean over each cycle";
    return { gamma: 1, p: 0, steady, reason: `in the long run it ${text}` };
  }
  const ZERO = { zero: true, steady: true, reason: "0 from some step on: only finitely many terms" };
  const endsAt = (value) => (value > 0 ? constant() : ZERO);
  const toParts = (p, parts) => tail(parts);
  const stays = () => constant();
  const geometric = (p) => like(p.gamma ** (1 / p.every), 0);

  const TAILS = {
    MultiStep: toParts,
    OneCycle: toParts,
    WSD: toParts,
    Constant: stays,
    InverseTime: (p) => (p.alpha > 0 ? like(1, 1) : constant()),
    PowerLaw: (p) => like(1, p.p),
    InverseSqrt: () => like(1, 0.5),
    Noam: () => like(1, 0.5),
    Exponential: geometric,
    Step: geometric,
    Piecewise: (p) => endsAt(p.values[p.values.length - 1]),
    Linear: (p) => endsAt(p.eta_end),
    Polynomial: (p) => endsAt(p.eta_end),
    OneMinusSqrt: (p) => endsAt(p.eta_min),
    Cosine: (p) => (p.after === "hold" ? endsAt(p.eta_min) : constant(p.eta_min > 0)),
    CosineRestarts: (p) => constant(p.eta_min > 0), // the studio's neither decay from cycle to cycle nor end
    LinearWarmup: stays,
    CosineWarmup: stays,
    SqrtWarmup: stays,
    ExponentialWarmup: stays,
    Cyclic(p) {
      if (p.eta_min > 0) return constant();
      const gamma = { triangular2: 0.5 ** (1 / (p.up + p.down)), exp_range: p.gamma }[p.mode];
      return like(gamma === undefined ? 1 : gamma, 0, false);
    },
    Join: (p) => tail(p.schedules[p.schedules.length - 1]),
    Shift: (p) => tail(p.schedule),
    Repeat(p) {
      const eta = studio.rates(p.schedule, p.every);
      const low = eta.reduce((a, b) => Math.min(a, b));
      return eta.some((each) => each > 0) ? constant(low > 0) : ZERO;
    },
    Clip(p) {
      const below = tail(p.schedule);
      return p.low > 0 && !(below.gamma > 1) ? constant() : below;
    },
  };

  function tail(one) {
    return TAILS[one.type](one.p, one.parts);
  }

  /* Whether the sum of gamma^k k^(-p) diverges. */
  function fate(gamma, p) {
    if (gamma !== 1) return Math.abs(gamma - 1) < ROUNDING ** 1.5 ? "not decided" : gamma > 1 ? "diverges" : "converges";
    if (p !== 1 && Math.abs(p - 1) < ROUNDING) return "not decided";
    return p <= 1 ? "diverges" : "converges";
  }

  /* { sum, squares, satisfied (null: not decided), reason } of the schedule continued for ever. */
  function verdict(one) {
    const { zero, gamma, p, reason } = tail(one);
    const [sum, squares] = zero ? ["converges", "converges"] : [fate(gamma, p), fate(gamma, 2 * p)];
    const satisfied = sum === "diverges" && squares === "converges" ? true : sum === "converges" || squares === "diverges" ? false : null;
    return { sum, squares, satisfied, reason };
  }

  /* The sums of the rates and of their squares over a horizon, and the highest rate. */
  function sums(eta) {
    let [sum, squares, peak] = [0, 0, 0];
    for (const each of eta) {
      sum += each;
      squares += each * each;
      if (each > peak) peak = each;
    }
    return { sum, squares, peak };
  }

  const api = { verdict, sums };
  if (node) module.exports = { ...studio, ...api };
  else Object.assign(studio, api);
})();
