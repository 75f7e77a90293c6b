/* The state of the studio as a short text for the page's address, and back; see lrcore/viz/studio_address.py.
 *
 * Nothing that a reader can write is refused as a whole: what cannot be used gets its default, and a sentence.
 */
(function () {
  "use strict";

  const node = typeof module === "object" && module && module.exports;
  if (!node && window.lrStudio && window.lrStudio.parse) return; // a notebook cell that is run again
  const studio = node ? require("./schedule_studio.formulas.js") : (window.lrStudio = window.lrStudio || {});

  const LONGEST = 4000; // characters of an address that are looked at
  const quoted = (word) => `“${word.length > 30 ? word.slice(0, 29) + "…" : word}”`;
  const plain = (x) => String(Number(x.toPrecision(12)));

  /* A word as a value of a control; a text says what is wrong with it. */
  function read(control, word) {
    if (control.kind === "choice") {
      const known = control.options.includes(word);
      return known ? { value: word } : { wrong: `${control.name} ${quoted(word)} is unknown; there are ${control.options.join(", ")}` };
    }
    if (control.kind === "steps") {
      const steps = word.split(/[+,\s]+/).filter(Boolean).map((each) => read({ ...control, kind: "count" }, each));
      const wrong = steps.find((each) => each.wrong);
      if (wrong || !steps.length || steps.length > 20) return wrong || { wrong: `${control.name} must be 1 to 20 steps, got ${quoted(word)}` };
      return { value: steps.map((each) => each.value).sort((a, b) => a - b) };
    }
    const range = `[${control.low}, ${control.high}]`;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : NaN;
    if (Number.isNaN(value)) return { wrong: `${control.name} must be a number in ${range}, got ${quoted(word)}` };
    if (control.kind === "count" && !Number.isInteger(value)) return { wrong: `${control.name} must be a whole number in ${range}, got ${quoted(word)}` };
    if (value < control.low || value > control.high) return { wrong: `${control.name} must be in ${range}, got ${quoted(word)}` };
    return { value };
  }

  /* The values of "name:value,value;name:value" for controls by name; defaults where they are missing. */
  function fields(text, controls, wrong) {
    const found = Object.fromEntries(Object.entries(controls).map(([name, list]) => [name, list.map((c) => c.default)]));
    const given = new Set();
    for (const item of text.split(";").filter(Boolean)) {
      const colon = item.indexOf(":");
      const name = colon < 0 ? item : item.slice(0, colon);
      if (!Object.hasOwn(controls, name)) {
        wrong.push(`${quoted(name)} is unknown here; known are ${Object.keys(controls).join(", ")}`);
        continue;
      }
      if (given.has(name)) {
        wrong.push(`${name} stands twice; the first is used`);
        continue;
      }
      given.add(name);
      const words = colon < 0 ? [] : item.slice(colon + 1).split(",");
      if (words.length > controls[name].length) wrong.push(`${name} has at most ${controls[name].length} values`);
      controls[name].forEach((control, i) => {
        if (!words[i]) return;
        const { value, wrong: text } = read(control, words[i]);
        if (text) wrong.push(`${text}; ${shown(control.default)} is used`);
        else found[name][i] = value;
      });
    }
    return found;
  }
  const shown = (value) => (Array.isArray(value) ? value.join("+") : typeof value === "number" ? plain(value) : String(value));

  /* The controls of the items of one schedule. */
  function items(family) {
    const { main, eta0, warmup, W, start, floor, T0, T_mult } = studio.config().controls;
    return {
      main: [main, ...(family.peak ? [eta0] : []), ...family.controls],
      warmup: [warmup, W, start],
      floor: [floor],
      restart: [T0, T_mult],
    };
  }

  function record(text, wrong) {
    const config = studio.config();
    const { main, eta0 } = config.controls;
    const given = (text.match(/(?:^|;)main:([^;,]*)/) || [])[1];
    const known = main.options.includes(given);
    const name = known ? given : main.default;
    const family = config.families[name];
    // the values of an unknown family are those of nothing
    const clean = known || given === undefined ? text : text.replace(/(^|;)main:[^;]*/g, "");
    if (clean !== text) wrong.push(`${read(main, given).wrong}; ${main.default} is used`);
    const found = fields(clean, items(family), wrong);
    const own = found.main.slice(1);
    const peak = family.peak ? own.shift() : eta0.default;
    const [kind, W, start] = found.warmup;
    const [T0, T_mult] = found.restart;
    const p = Object.fromEntries(family.controls.map((c, i) => [c.name, own[i]]));
    return { main: name, eta0: peak, p, warmup: kind, W, start, floor: found.floor[0], T0, T_mult };
  }

  /* { state, wrong: [sentences] } of an address's text; the schedules of `fallback` if it has none. */
  function parse(text, fallback) {
    const config = studio.config();
    const wrong = [];
    if (text.length > LONGEST) wrong.push(`the address is too long; its first ${LONGEST} characters are used`);
    let [head, ...parts] = text.slice(0, LONGEST).split("/");
    if (head.startsWith("main:")) [head, parts] = ["", [head, ...parts]];
    const { T, k, on, view } = config.controls;
    const found = fields(head, { T: [T], k: [k], on: [on], view: [view] }, wrong);
    if (parts.length > config.most) wrong.push(`only the first ${config.most} schedules are shown`);
    parts = parts.filter(Boolean).slice(0, config.most);
    if (!parts.length) {
      wrong.push("no schedule is given; the default is shown");
      parts = (fallback || config.state).split("/").slice(1);
    }
    const state = { T: found.T[0], k: found.k[0], on: found.on[0] - 1, view: found.view[0] };
    state.schedules = parts.map((part) => record(part, wrong));
    if (state.on >= parts.length) {
      wrong.push(`there is no schedule ${state.on + 1} to be selected; the first is`);
      state.on = 0;
    }
    const last = studio.lastStep(state);
    if (state.k > last) {
      if (/(^|;)k:/.test(head)) wrong.push(`step ${state.k} is after the last one that is shown; step ${last} is`);
      state.k = last;
    }
    for (const one of state.schedules) wrong.push(...mend(one, state.T));
    return { state, wrong };
  }

  /* The text of a state, without what has its default. */
  function write(state) {
    const config = studio.config();
    const { T, k, on, view } = config.controls;
    const item = (name, controls, values) => {
      let last = values.length;
      while (last && shown(values[last - 1]) === shown(controls[last - 1].default)) last--;
      return last ? `${name}:${values.slice(0, last).map(shown).join(",")}` : "";
    };
    const list = (texts) => texts.filter(Boolean).join(";");
    const head = list([`T:${state.T}`, item("k", [k], [state.k]), item("on", [on], [state.on + 1]), item("view", [view], [state.view])]);
    const schedules = state.schedules.map((one) => {
      const family = config.families[one.main];
      const all = items(family);
      const own = family.controls.map((c) => one.p[c.name]);
      const main = item("main", all.main, [one.main, ...(family.peak ? [one.eta0] : []), ...own]);
      return list([
        main || `main:${one.main}`,
        family.warmup && item("warmup", all.warmup, [one.warmup, one.W, one.start]),
        family.floor !== "no" && item("floor", all.floor, [one.floor]),
        family.restarts && item("restart", all.restart, [one.T0, one.T_mult]),
      ]);
    });
    return [head, ...schedules].join("/");
  }

  /* Make what does not go together go together; sentences say how. */
  function mend(one, T) {
    const said = [];
    const set = (where, name, value, why) => {
      if (Object.is(where[name], value)) return;
      where[name] = value;
      said.push(`${why}; ${name} = ${plain(value)}`);
    };
    if (one.main === "one_cycle" && one.T0 === 1) set(one, "T0", 2, "one cycle needs at least 2 steps");
    if (one.main === "one_cycle" && studio.spans(one, T).span < 2) {
      Object.assign(one, { main: "constant", p: {} });
      said.push("one cycle needs at least 2 steps; a constant rate is shown");
    }
    const family = studio.config().families[one.main];
    if (family.peak) {
      if (one.floor > one.eta0) set(one, "floor", one.eta0, "the floor is at most the peak rate");
      if (one.start > one.eta0) set(one, "start", one.eta0, "the first rate is at most the peak rate");
    }
    if (family.warmup && one.warmup !== "none" && one.W >= T) set(one, "W", T - 1, "the warmup is shorter than the horizon");
    const { W, span } = studio.spans(one, T);
    if (W && one.warmup === "exponential" && one.start === 0) {
      set(one, "start", Number((one.eta0 / 100).toPrecision(3)), "an exponential warmup multiplies, and so cannot start at 0");
    }
    if (one.main === "wsd" && one.p.decay > span) set(one.p, "decay", span, "the decay fits into the steps that are left");
    if (one.main === "one_cycle") oneCycle(one, span, set);
    return said;
  }

  /* The peak of one cycle is at step pct_start span - 1, which must leave room on both sides. */
  function oneCycle(one, span, set) {
    const most = one.p.phases === "3" ? 0.5 : 1;
    if (one.p.pct_start > most) set(one.p, "pct_start", most, "three phases rise for at most half of the steps");
    if (one.p.pct_start * span === 1) set(one.p, "pct_start", 0, "the peak must not be at step 0 itself");
  }

  const api = { read, parse, write, mend };
  if (node) module.exports = { ...studio, ...api };
  else Object.assign(studio, api);
})();
