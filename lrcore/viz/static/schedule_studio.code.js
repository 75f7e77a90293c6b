/* A schedule as a program: its formula run on symbols, as lrcore/schedules/symbols.py and code.py do it.
 * What is copied comes from the formula that is drawn.
 */
(function () {
  "use strict";

  const node = typeof module === "object" && module && module.exports;
  if (!node && window.lrStudio && window.lrStudio.code) return; // a notebook cell that is run again
  const studio = node ? require("./schedule_studio.formulas.js") : (window.lrStudio = window.lrStudio || {});

  // ---------------------------------------------------------------- numbers as Python writes them

  /* A Python float, where a bare 2 is an int. */
  class Float {
    constructor(value) {
      this.value = value;
    }
  }
  const INTS = new Set(["T", "T0", "T_mult", "every", "up", "down", "d_model", "warmup", "offset", "by", "at", "milestones"]);
  const isNumber = (a) => typeof a === "number" || a instanceof Float;
  const value = (a) => (a instanceof Float ? a.value : a);
  const isFloat = (a) => a instanceof Float || !Number.isInteger(a);
  const is = (a, number) => isNumber(a) && value(a) === number;

  /* Whether a parameter is an int: by its name, but times between the knots of OneCycle are floats. */
  const isInt = (owner, name) => !owner.floats && (INTS.has(name) || (owner.type === "WSD" && name === "decay"));
  const typed = (owner, name, v) => (typeof v !== "number" || isInt(owner, name) ? v : new Float(v));

  /* repr of Python. */
  function shown(a) {
    if (typeof a === "string") return `'${a}'`;
    if (typeof a === "boolean") return a ? "True" : "False";
    if (!isFloat(a)) return String(a);
    const v = value(a);
    if (Object.is(v, -0)) return "-0.0";
    if (v === 0 || (Math.abs(v) >= 1e-4 && Math.abs(v) < 1e16)) return Number.isInteger(v) ? `${v}.0` : String(v);
    const [mantissa, exponent] = v.toExponential().split("e");
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }

  /* What makes a schedule again, as its repr. */
  function repr(one) {
    const { type, p } = one;
    const say = (name) => {
      const v = p[name];
      const list = (values) => values.map((each) => shown(typed(one, name, each))).join(", ");
      if (!Array.isArray(v)) return shown(typed(one, name, v));
      return `(${list(v)}${v.length === 1 ? "," : ""})`;
    };
    if (type === "Join") return `join([${p.schedules.map(repr).join(", ")}], at=[${p.at.map((a) => shown(typed(one, "at", a))).join(", ")}])`;
    if (type === "Repeat") return `repeat(${repr(p.schedule)}, every=${say("every")})`;
    if (type === "Clip") return `clip(${repr(p.schedule)}, ${say("low")}, None)`;
    if (type === "Shift") return `shift(${repr(p.schedule)}, ${say("by")})`;
    const defaults = studio.config().classes[type];
    const given = Object.keys(p).filter((name) => p[name] !== defaults[name]);
    return `${type}(${given.map((name) => `${name}=${say(name)}`).join(", ")})`;
  }

  // ---------------------------------------------------------------- symbols

  const [CHOICE, COMPARISON, SUM, TERM, SIGN, POWER, ATOM] = [0, 1, 2, 3, 4, 5, 6]; // how tightly a text holds together
  const LIBRARIES = {
    torch: { call: (f) => ({ minimum: "min", maximum: "max" })[f] || `math.${f}`, pi: "math.pi", where: "{1} if {0} else {2}" },
    keras: { call: (f) => `ops.${f}`, pi: "math.pi", where: "ops.where({0}, {1}, {2})" },
    optax: { call: (f) => `jnp.${f}`, pi: "jnp.pi", where: "jnp.where({0}, {1}, {2})" },
  };

  /* A text with holes {0}, {1}, what goes into them, and how tightly text and holes hold together. */
  const symbol = (text, args = [], level = ATOM, holes = []) => ({ text, args, level, holes });

  /* Two numbers are computed at once, as Python would, an int or a float. */
  function fold(a, b, result, float) {
    return float || isFloat(a) || isFloat(b) ? new Float(result) : result;
  }
  const binary = (text, level, left, right, compute, plain) => (a, b) => {
    if (isNumber(a) && isNumber(b)) return fold(a, b, compute(value(a), value(b)), text === "{0} / {1}" || (text === "{0}**{1}" && value(b) < 0));
    const short = plain(a, b);
    return short === undefined ? symbol(text, [a, b], level, [left, right]) : short;
  };

  function symbols(library) {
    const { call, pi, where } = LIBRARIES[library];
    const inline = where.startsWith("{");
    const f = (name, compute) => (...args) => {
      if (args.every(isNumber)) return new Float(compute(...args.map(value)));
      return symbol(`${call(name)}(${args.map((_, i) => `{${i}}`).join(", ")})`, args, ATOM, args.map(() => CHOICE));
    };
    const compare = (sign) => (a, b) => symbol(`{0} ${sign} {1}`, [a, b], COMPARISON, [SUM, SUM]);
    const x = {
      of: (owner) => Object.fromEntries(Object.entries(owner.p).map(([name, v]) => [name, Array.isArray(v) ? v.map((each) => typed(owner, name, each)) : typed(owner, name, v)])),
      k: symbol("k"),
      pi: symbol(pi),
      add: binary("{0} + {1}", SUM, SUM, SUM, (a, b) => a + b, (a, b) => (is(b, 0) ? a : is(a, 0) ? b : undefined)),
      sub: binary("{0} - {1}", SUM, SUM, TERM, (a, b) => a - b, (a, b) => (is(b, 0) ? a : undefined)),
      mul: binary("{0} * {1}", TERM, TERM, TERM, (a, b) => a * b, (a, b) => (is(b, 1) ? a : is(a, 1) ? b : undefined)),
      div: binary("{0} / {1}", TERM, TERM, SIGN, (a, b) => a / b, (a, b) => (is(b, 1) ? a : undefined)),
      pow: binary("{0}**{1}", POWER, ATOM, SIGN, (a, b) => a ** b, (a, b) => (is(b, 1) ? a : undefined)),
      cos: f("cos", Math.cos),
      floor: f("floor", Math.floor),
      log: f("log", Math.log),
      sqrt: f("sqrt", Math.sqrt),
      min: f("minimum", Math.min),
      max: f("maximum", Math.max),
      lt: compare("<"),
      le: compare("<="),
      gt: compare(">"),
      where: (test, yes, no) =>
        symbol(where, [test, yes, no], inline ? CHOICE : ATOM, inline ? [COMPARISON, COMPARISON, CHOICE] : [CHOICE, CHOICE, CHOICE]),
      /* A chain of choices. Times are kept >= 0, since all pieces may be computed at every step. */
      select(t, at, piece) {
        const own = [t, ...at.map((start) => (value(start) ? x.max(x.sub(t, start), 0) : t))];
        let eta = piece(at.length, own[at.length]);
        for (let i = at.length - 1; i >= 0; i--) eta = x.where(x.lt(t, at[i]), piece(i, own[i]), eta);
        return eta;
      },
    };
    return x;
  }

  /* Lines that compute a symbol and return it; what is used twice has a line of its own. */
  function statements(result) {
    const uses = new Map();
    const order = [];
    const visit = (s) => {
      if (isNumber(s) || !s.args.length) return;
      uses.set(s, (uses.get(s) || 0) + 1);
      if (uses.get(s) > 1) return;
      s.args.forEach(visit);
      order.push(s);
    };
    visit(result);
    const names = new Map();
    const level = (s) => (isNumber(s) ? (value(s) >= 0 ? ATOM : SIGN) : names.has(s) ? ATOM : s.level);
    const text = (s) => {
      if (isNumber(s)) return shown(s);
      if (names.has(s)) return names.get(s);
      const parts = s.args.map((arg, i) => (level(arg) < s.holes[i] ? `(${text(arg)})` : text(arg)));
      return s.text.replace(/\{(\d)\}/g, (_, i) => parts[i]);
    };
    const lines = [];
    for (const s of order) {
      const nestedChoice = s.level === ATOM && /where\(/.test(s.text) && s !== result;
      if (uses.get(s) > 1 || nestedChoice) {
        const line = text(s);
        names.set(s, `x${names.size + 1}`);
        lines.push(`${names.get(s)} = ${line}`);
      }
    }
    while (!isNumber(result) && result.level === CHOICE && !names.has(result)) {
      const [test, yes, no] = result.args;
      lines.push(`if ${text(test)}:`, `    return ${text(yes)}`);
      result = no;
    }
    return [...lines, `return ${text(result)}`];
  }

  // ---------------------------------------------------------------- programs

  const imports = (names) => {
    const all = [...new Set(names)].sort((a, b) => (/^[a-z]/.test(a) - /^[a-z]/.test(b)) || (a < b ? -1 : 1));
    return `from lrcore.schedules import ${all.join(", ")}`;
  };

  /* The program that makes a node's rates in "torch", "keras", "optax" or "lrcore". */
  function code(one, library) {
    const label = repr(one);
    if (library === "lrcore") return `${imports(label.match(/\w+(?=\()/g))}\n\nschedule = ${label}\n`;
    const x = symbols(library);
    const lines = statements(studio.eta(one, x.k, x));
    const snippet = studio.config().snippets[library];
    const place = snippet.slice(0, snippet.indexOf("{body}")).match(/[^\n]*$/)[0];
    const text = snippet
      .replace("{label}", () => label)
      .replace("{body}", () => lines.join("\n" + place))
      .replace("{{}}", "{}");
    return text.includes("math.") ? text : text.replace("import math\n\n", "");
  }

  /* What one writes in a library for "a warmup from 0 to eta0 in W steps, then a cosine to 0, in T steps". */
  function wordsOf(library, eta0, W, T) {
    const given = { eta0: shown(new Float(eta0)), W, T, rest: T - W };
    return studio.config().words[library].replace(/\{(\w+)\}/g, (_, name) => given[name]);
  }

  const api = { code, wordsOf };
  if (node) module.exports = { ...studio, ...api };
  else Object.assign(studio, api);
})();
