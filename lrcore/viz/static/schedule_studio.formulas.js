/* The schedules of lrcore.schedules, formula by formula, and how the studio puts them together.
 *
 * A node is { type, p, parts }: the class, its parameters with all defaults, and for a schedule made of others
 * the node that it stands for. A formula is written once, in an arithmetic x: PLAIN gives rates, that of
 * schedule_studio.code.js gives the text of a program. The order of operations is that of lrcore.
 */
(function () {
  "use strict";

  const node = typeof module === "object" && module && module.exports;
  if (!node && window.lrStudio && window.lrStudio.eta) return; // a notebook cell that is run again

  const PLAIN = {
    of: (node) => node.p,
    pi: Math.PI,
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    div: (a, b) => a / b,
    pow: (a, b) => a ** b,
    cos: Math.cos,
    floor: Math.floor,
    log: Math.log,
    sqrt: Math.sqrt,
    min: (a, b) => (a < b ? a : b),
    max: (a, b) => (a > b ? a : b),
    lt: (a, b) => a < b,
    le: (a, b) => a <= b,
    gt: (a, b) => a > b,
    where: (test, yes, no) => (test ? yes : no),
    /* piece(i, t - at[i-1]) where at[i-1] <= t < at[i] */
    select(t, at, piece) {
      let i = 0;
      while (i < at.length && at[i] <= t) i++;
      return piece(i, i ? t - at[i - 1] : t);
    },
  };

  /* From start to eta0, along `rise` of the part that is done. */
  const warmup = (rise) => (x, p, t) => x.add(p.start, x.mul(x.sub(p.eta0, p.start), rise(x, x.div(x.min(t, p.T), p.T))));
  const inside = (x, p, t, node) => eta(node.parts, t, x);

  const FORMULAS = {
    Constant: (x, p) => p.eta0,
    Step: (x, p, t) => x.mul(p.eta0, x.pow(p.gamma, x.floor(x.div(x.add(t, p.offset), p.every)))),
    Exponential: (x, p, t) => x.mul(p.eta0, x.pow(p.gamma, x.div(t, p.every))),
    InverseTime: (x, p, t) => x.div(p.eta0, x.add(1, x.mul(p.alpha, t))),
    PowerLaw: (x, p, t) => x.mul(p.eta0, x.pow(x.add(1, x.div(t, p.t0)), x.mul(-1, p.p))),
    InverseSqrt: (x, p, t) => x.div(p.eta0, x.sqrt(x.add(1, x.div(t, p.t0)))),
    Linear(x, p, t) {
      const done = x.div(x.min(t, p.T), p.T);
      return x.add(x.mul(p.eta0, x.sub(1, done)), x.mul(p.eta_end, done));
    },
    Polynomial(x, p, t) {
      const left = x.sub(1, x.div(x.min(t, p.T), p.T));
      return x.add(p.eta_end, x.mul(x.sub(p.eta0, p.eta_end), x.pow(left, p.power)));
    },
    Cosine(x, p, t) {
      if (p.after === "hold") t = x.min(t, p.T);
      const left = x.div(x.add(1, x.cos(x.mul(t, x.div(x.pi, p.T)))), 2);
      return x.add(p.eta_min, x.mul(x.sub(p.eta0, p.eta_min), left));
    },
    OneMinusSqrt(x, p, t) {
      const left = x.sub(1, x.sqrt(x.div(x.min(t, p.T), p.T)));
      return x.add(p.eta_min, x.mul(x.sub(p.eta0, p.eta_min), left));
    },
    LinearWarmup: warmup((x, done) => done),
    CosineWarmup: warmup((x, done) => x.div(x.sub(1, x.cos(x.mul(x.pi, done))), 2)),
    SqrtWarmup: warmup((x, done) => x.sub(1, x.sqrt(x.sub(1, done)))),
    ExponentialWarmup: (x, p, t) => x.mul(p.start, x.pow(x.div(p.eta0, p.start), x.div(x.min(t, p.T), p.T))),
    Noam(x, p, t) {
      const n = x.add(t, 1);
      const shape = x.min(x.div(1, x.sqrt(n)), x.mul(n, x.pow(p.warmup, -1.5)));
      return x.mul(x.mul(p.scale, x.pow(p.d_model, -0.5)), shape);
    },
    CosineRestarts(x, p, t) {
      // the step at which cycle i begins
      const start = (i) => {
        if (p.T_mult === 1) return x.mul(p.T0, i);
        return x.div(x.mul(p.T0, x.sub(x.pow(p.T_mult, i), 1)), x.sub(p.T_mult, 1));
      };
      let i;
      if (p.T_mult === 1) i = x.floor(x.div(t, p.T0));
      else {
        i = x.floor(x.div(x.log(x.add(1, x.mul(t, x.div(x.sub(p.T_mult, 1), p.T0)))), x.log(p.T_mult)));
        // the logarithm is rounded and may miss a restart by one cycle, either way
        i = x.where(x.le(start(x.add(i, 1)), t), x.add(i, 1), i);
        i = x.where(x.gt(start(i), t), x.sub(i, 1), i);
      }
      const since = x.div(x.sub(t, start(i)), x.mul(p.T0, x.pow(p.T_mult, i)));
      const height = x.mul(x.sub(p.eta0, p.eta_min), x.pow(p.decay, i));
      return x.add(p.eta_min, x.div(x.mul(height, x.add(1, x.cos(x.mul(x.pi, since)))), 2));
    },
    Cyclic(x, p, t) {
      const period = x.add(p.up, p.down);
      const i = x.floor(x.div(t, period));
      const n = x.sub(t, x.mul(i, period));
      let v = x.min(x.div(n, p.up), x.div(x.sub(period, n), p.down));
      if (p.mode === "welch") v = x.sub(1, x.pow(x.sub(1, v), 2));
      else if (p.mode === "hann") v = x.div(x.sub(1, x.cos(x.mul(x.pi, v))), 2);
      else if (p.mode === "triangular2") v = x.mul(v, x.pow(0.5, i));
      else if (p.mode === "exp_range") v = x.mul(v, x.pow(p.gamma, t));
      return x.add(p.eta_min, x.mul(x.sub(p.eta_max, p.eta_min), v));
    },
    Piecewise: (x, p, t) => x.select(t, p.at, (i) => p.values[i]),
    MultiStep: inside,
    WSD: inside,
    OneCycle: inside,
    Join: (x, p, t) => x.select(t, p.at, (i, own) => eta(p.schedules[i], own, x)),
    Shift: (x, p, t) => eta(p.schedule, p.by < 0 ? x.max(x.add(t, p.by), 0) : x.add(t, p.by), x),
    Repeat: (x, p, t) => eta(p.schedule, x.sub(t, x.mul(p.every, x.floor(x.div(t, p.every)))), x),
    Clip: (x, p, t) => x.max(eta(p.schedule, t, x), p.low),
  };

  /* The rate of a node at the time t. */
  function eta(node, t, x = PLAIN) {
    return FORMULAS[node.type](x, x.of(node), t, node);
  }

  /* The rates of steps 0, 1, ..., steps - 1. */
  function rates(node, steps) {
    const all = new Float64Array(steps);
    const formula = FORMULAS[node.type];
    for (let k = 0; k < steps; k++) all[k] = formula(PLAIN, node.p, k, node);
    return all;
  }

  // ---------------------------------------------------------------- nodes

  let table; // what Python says of its classes and families

  const use = (config) => (table = config);
  const config = () => table;

  /* A schedule; `floats` says that its times are no whole numbers, as those between the knots of OneCycle. */
  function make(type, given, floats = false) {
    const p = { ...table.classes[type], ...given };
    return { type, p, floats, parts: BUILT[type] && BUILT[type](p) };
  }
  const join = (schedules, at, floats) => make("Join", { schedules, at }, floats);

  /* values[i] at knots[i], half a cosine or a straight line between; see lrcore/schedules/ramps.py. */
  function through(values, knots, anneal) {
    const ramps = [];
    const starts = [];
    for (let i = 0; i + 1 < knots.length; i++) {
      const [a, b, start, stop] = [values[i], values[i + 1], knots[i], knots[i + 1]];
      if (stop <= Math.max(start, 0)) continue;
      const T = stop - start;
      const ramp =
        anneal === "linear" ? make("Linear", { eta0: a, T, eta_end: b }, true)
        : a >= b ? make("Cosine", { eta0: a, T, eta_min: b }, true)
        : make("CosineWarmup", { eta0: b, T, start: a }, true);
      ramps.push(start < 0 ? make("Shift", { schedule: ramp, by: -start }, true) : ramp);
      starts.push(start);
    }
    return join(ramps, starts.slice(1), true);
  }

  const BUILT = {
    MultiStep: (p) => make("Piecewise", { values: [0, ...p.milestones].map((_, i) => p.eta0 * p.gamma ** i), at: p.milestones }),
    WSD(p) {
      const shapes = { linear: ["Linear", "eta_end"], cosine: ["Cosine", "eta_min"], "1-sqrt": ["OneMinusSqrt", "eta_min"] };
      const [type, end] = shapes[p.shape];
      const after = [make("Constant", { eta0: p.eta0 }), make(type, { eta0: p.eta0, T: p.decay, [end]: p.eta_min })];
      const at = [p.T - p.decay];
      if (p.warmup === 0) return join(after, at);
      return join([make("LinearWarmup", { eta0: p.eta0, T: p.warmup, start: p.start }), ...after], [p.warmup, ...at]);
    },
    OneCycle(p) {
      const first = p.eta_max / p.div_factor;
      const last = first / p.final_div_factor;
      const [top, end] = [p.pct_start * p.T - 1, p.T - 1];
      if (p.three_phase) return through([first, p.eta_max, first, last], [0, top, 2 * top, end], p.anneal);
      return through([first, p.eta_max, last], [0, top, end], p.anneal);
    },
  };

  // ---------------------------------------------------------------- what the studio puts together

  /* Steps of the warmup, of a restart, and of the main part; 0: none. */
  function spans(one, T) {
    const family = table.families[one.main];
    const W = family.warmup && one.warmup !== "none" ? one.W : 0;
    const again = family.restarts ? one.T0 : 0;
    return { W, again, span: again || T - W, inside: one.main === "wsd" && one.warmup === "linear" && !again };
  }

  /* The node of a record over T steps, as lrcore.viz.studio_families.compose makes it. */
  function compose(one, T) {
    const family = table.families[one.main];
    const { W, again, span, inside } = spans(one, T);
    let main = mainPart(one, family, again, inside ? T : span, inside ? W : 0);
    if (family.floor === "clip" && one.floor) main = make("Clip", { schedule: main, low: one.floor });
    if (again && main.type !== "CosineRestarts") main = make("Repeat", { schedule: main, every: again });
    if (W === 0 || inside) return main;
    return join([make(table.warmups[one.warmup], { eta0: one.eta0, T: W, start: one.start }), main], [W]);
  }

  function mainPart(one, family, again, span, W) {
    const p = { ...one.p };
    if (family.floor !== "no" && family.floor !== "clip") p[family.floor] = one.floor;
    if (one.main === "cosine" && again) return make("CosineRestarts", { eta0: one.eta0, T0: again, T_mult: one.T_mult, ...p });
    if (one.main === "one_cycle") {
      p.three_phase = p.phases === "3";
      delete p.phases;
    }
    if (one.main === "wsd") Object.assign(p, { warmup: W, start: W ? one.start : 0 });
    const given = { eta0: one.eta0, eta_max: one.eta0, T: span };
    for (const name in given) if (name in table.classes[family.type]) p[name] = given[name];
    return make(family.type, p);
  }

  /* "Warm up from 0 to eta0, then a cosine to 0, in T steps", in the words of five libraries and nanoGPT. */
  function sameWords(eta0, W, T) {
    const up = (start) => make("Linear", { eta0: start, T: W, eta_end: eta0 });
    const cosine = (steps, after) => make("Cosine", { eta0, T: steps, ...(after && { after }) });
    const nano = make("Shift", { schedule: make("LinearWarmup", { eta0, T: W + 1 }), by: 1 });
    return {
      torch: join([up(eta0 * 1e-10), cosine(T - W, "mirror")], [W]), // torch's LinearLR refuses a start of 0
      optax: join([up(0), cosine(T - W)], [W]),
      Keras: join([up(0), cosine(T)], [W]),
      timm: join([up(0), make("Shift", { schedule: cosine(T), by: W })], [W]),
      "timm, prefix": join([up(0), cosine(T)], [W]),
      transformers: join([up(0), cosine(T - W, "mirror")], [W]),
      nanoGPT: join([nano, cosine(T - W)], [W]),
    };
  }

  /* The last step that is shown: the words of libraries differ most after the horizon. */
  const lastStep = ({ view, T }) => (view === "words" ? Math.ceil(1.5 * T) : T);

  /* The node as lrcore's to_json writes it. */
  function tree(node) {
    const plain = (value) => (Array.isArray(value) ? value.map(plain) : value && value.type ? tree(value) : value);
    return { type: node.type, ...Object.fromEntries(Object.entries(node.p).map(([name, value]) => [name, plain(value)])) };
  }

  const api = { eta, rates, use, config, spans, compose, sameWords, lastStep, tree };
  if (node) module.exports = api;
  else window.lrStudio = Object.assign(window.lrStudio || {}, api);
})();
