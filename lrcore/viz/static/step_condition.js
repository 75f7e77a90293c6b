/* <lr-step-condition>: a function along a line, and the steps that Armijo, Wolfe and Goldstein accept.
 *
 * The first half is arithmetic without a document, on a polynomial phi given by its coefficients, lowest first;
 * node can load it. The second half stands on live.js.
 */
(function () {
  "use strict";

  // ---------------------------------------------------------------- arithmetic

  const polynomial = (c, t) => c.reduceRight((sum, each) => sum * t + each, 0);
  const derivative = (c) => c.slice(1).map((each, i) => (i + 1) * each);

  /* By how much t meets each condition; below 0 it does not. The conditions of lrcore.linesearches. */
  function margins(c, t, c1, c2) {
    const [f, slope, slope0] = [polynomial(c, t), polynomial(derivative(c), t), c[1]];
    const armijo = c[0] + c1 * t * slope0 - f;
    return {
      Armijo: armijo,
      Wolfe: Math.min(armijo, slope - c2 * slope0),
      "strong Wolfe": Math.min(armijo, c2 * Math.abs(slope0) - Math.abs(slope)),
      Goldstein: Math.min(armijo, f - (c[0] + (1 - c1) * t * slope0)),
    };
  }

  /* The intervals of (0, reach] whose t are accepted: signs on a grid, each change then found by halving. */
  function accepted(c, name, c1, c2, reach) {
    const good = (t) => margins(c, t, c1, c2)[name] >= 0;
    const border = (inside, outside) => {
      for (let i = 0; i < 50; i++) {
        const middle = (inside + outside) / 2;
        if (good(middle)) inside = middle;
        else outside = middle;
      }
      return inside;
    };
    const POINTS = 600;
    const found = [];
    let before = 0;
    let open = false;
    for (let i = 1; i <= POINTS; i++) {
      const t = (reach * i) / POINTS;
      if (good(t) !== open) {
        open = !open;
        if (!open) found[found.length - 1][1] = border(before, t);
        // A step of 0 is no step, though it meets Armijo's condition: an interval that begins there is open.
        else found.push([before === 0 ? border(t, 0) : border(t, before), t]);
      }
      if (open) found[found.length - 1][1] = t;
      before = t;
    }
    return found;
  }

  /* lrcore.linesearches.Backtracking: the steps that are tried, the last of which is taken. */
  function trials(c, t0, shrink, c1) {
    const out = [t0];
    while (margins(c, out[out.length - 1], c1, 1).Armijo < 0 && out.length < 100) out.push(shrink * out[out.length - 1]);
    return out;
  }

  const arithmetic = { polynomial, derivative, margins, accepted, trials };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined") return;
  if (customElements.get("lr-step-condition")) return; // a notebook cell that is run again
  const { number, text, html, line, put, clamp, slider, handle, Live } = lrLive;

  // ---------------------------------------------------------------- the element

  const MARGIN = { left: 34, right: 12, top: 10 };
  const ROW = 30; // pixels of each row below the axis
  const ROWS = 5;
  const FORMULAS = {
    Armijo: "φ(t) ≤ φ(0) + c₁ t φ′(0)",
    Wolfe: "and φ′(t) ≥ c₂ φ′(0)",
    "strong Wolfe": "and |φ′(t)| ≤ c₂ |φ′(0)|",
    Goldstein: "and φ(t) ≥ φ(0) + (1 − c₁) t φ′(0)",
  };
  const NAMES = Object.keys(FORMULAS);

  const MARKUP = (id) => `
<div class="lr-live-panel lr-live-plane lr-step-condition-line">
  <p class="lr-live-head"><span>Drag the <b>step</b> <i>t</i></span><span class="lr-live-key lr-step-condition-phi">φ(t)</span>
    <span class="lr-live-key">Armijo’s line</span><span class="lr-live-key lr-live-key-flat">Goldstein’s lower line</span>
    <span class="lr-live-key lr-live-key-steep">slope at t</span></p>
  <svg role="group" data-el="plane" aria-label="The function along the line, with the accepted steps below it">
    <g data-el="axes" class="lr-live-grid" aria-hidden="true"></g>
    <svg data-el="area" aria-hidden="true"><path data-el="lower" class="lr-live-flat"/><path data-el="upper" class="lr-live-line"/>
      <path data-el="phi" class="lr-step-condition-curve"/><path data-el="tangent" class="lr-step-condition-tangent"/></svg>
    <path data-el="drop" class="lr-step-condition-drop" aria-hidden="true"/>
    <g data-el="rows" aria-hidden="true"></g><g data-el="tried" class="lr-step-condition-tried" aria-hidden="true"></g>
    ${handle(id, "Step t", 0, 1)}
  </svg>
  <p class="lr-live-spoken" id="${id}-keys">Left and right change the step, with Shift by more. Home brings it back.</p>
</div>
<p class="lr-live-verdict" data-el="verdict"></p>
<div class="lr-live-pair lr-step-condition-three">
  ${slider(id, "c1", "<i>c</i>₁, decrease", 'min="0.01" max="0.9" step="0.01"')}
  ${slider(id, "c2", "<i>c</i>₂, slope", 'min="0.02" max="0.99" step="0.01"')}
  ${slider(id, "shrink", "Shrinking <i>β</i>", 'min="0.1" max="0.95" step="0.01"')}
</div>
<div class="lr-live-transport"><button type="button" data-el="reset">Reset</button></div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">The steps that each condition accepts</caption>
  <thead><tr><th scope="col">condition</th><th scope="col">accepts t in</th><th scope="col" data-el="here"></th></tr></thead>
  <tbody>${NAMES.map(
    (name, i) => `<tr><th scope="row">${name} <small>${FORMULAS[name]}</small></th><td data-el="set${i}"></td><td data-el="yes${i}"></td></tr>`,
  ).join("")}</tbody>
</table>`;

  class LrStepCondition extends Live {
    build(id) {
      return MARKUP(id);
    }

    ready() {
      const { el, config } = this;
      el.handle.removeAttribute("aria-roledescription"); // it moves along one line only
      el.handle.setAttribute("aria-valuemax", config.reach);
      const set = (change) => {
        Object.assign(this.state, change);
        this.update();
        this.speak();
      };
      const move = (t) => set({ t: clamp(Math.round(t * this.fine) / this.fine, 1 / this.fine, config.reach) });
      // Steps are rounded to about a thousandth of the line.
      this.fine = 10 ** (3 - Math.floor(Math.log10(config.reach)));
      // c1 < c2, or no step need exist.
      el.c1.addEventListener("input", () => {
        const c1 = Number(el.c1.value);
        set({ c1, c2: Math.max(this.state.c2, Math.round(100 * c1 + 1) / 100) });
      });
      el.c2.addEventListener("input", () => {
        const c2 = Number(el.c2.value);
        set({ c2, c1: Math.min(this.state.c1, Math.round(100 * c2 - 1) / 100) });
      });
      el.shrink.addEventListener("input", () => set({ shrink: Number(el.shrink.value) }));
      const { c1, c2, shrink, t } = config;
      el.reset.addEventListener("click", () => set({ c1, c2, shrink, t }));
      this.listenToHandle(
        el.plane,
        (dx, dy) => move(this.state.t + ((dx + dy) * config.reach) / 100),
        (x) => move(((x - MARGIN.left) / this.width) * config.reach),
        () => set({ t }),
      );
      this.state = { c1, c2, shrink, t };
      this.update();
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const { plane } = this.el;
      this.width = plane.clientWidth - MARGIN.left - MARGIN.right;
      this.height = plane.clientHeight - MARGIN.top - 24 - ROW * ROWS;
      this.update();
    }

    update() {
      const { phi, reach, t0 } = this.config;
      const { c1, c2, shrink } = this.state;
      this.sets = NAMES.map((name) => accepted(phi, name, c1, c2, reach));
      this.tries = trials(phi, t0, shrink, c1);
      this.controls();
      if (this.width > 0 && this.height > 0) this.draw();
    }

    controls() {
      const { el } = this;
      const { phi } = this.config;
      const { c1, c2, t } = this.state;
      for (const name of ["c1", "c2", "shrink"]) {
        el[name].value = this.state[name];
        text(el[name + "Out"], number(this.state[name]));
      }
      const found = margins(phi, t, c1, c2);
      const yes = NAMES.filter((name) => found[name] >= 0);
      NAMES.forEach((name, i) => {
        const ends = this.sets[i].map(([low, high]) => `${low < 1e-9 ? "(0" : "[" + number(low)}, ${number(high)}]`);
        text(el["set" + i], name === "Goldstein" && c1 >= 0.5 ? "needs c₁ < ½" : ends.join(" ∪ ") || "nothing");
        text(el["yes" + i], found[name] >= 0 ? "yes" : "no");
      });
      text(el.here, `t = ${number(t)}`);
      el.handle.setAttribute("aria-valuenow", t);
      const [lead, rest] = this.verdict(yes, found);
      el.handle.setAttribute("aria-valuetext", `t = ${number(t)}, ${lead}`);
      const steps = this.tries.map((each) => number(each));
      const shown = steps.length > 6 ? [...steps.slice(0, 3), "…", steps[steps.length - 1]] : steps;
      html(el.verdict, `t = ${number(t)}: <b>${lead}</b> ${rest} Backtracking tries ${shown.join(", ")} and takes the last.`);
    }

    verdict(yes, found) {
      const { phi } = this.config;
      const { c1, t } = this.state;
      const f = `φ(t) = ${number(polynomial(phi, t))}`;
      if (found.Armijo < 0) return ["refused by all.", `${f} lies above Armijo’s line, ${number(phi[0] + c1 * t * phi[1])}.`];
      if (yes.length === NAMES.length) return ["accepted by all.", `${f}.`];
      const no = NAMES.filter((name) => !yes.includes(name));
      return [`accepted by ${yes.join(", ")}, refused by ${no.join(", ")}.`, `${f}.`];
    }

    draw() {
      const { el, width, height } = this;
      const { phi, reach, t0 } = this.config;
      const { c1, t } = this.state;
      const grid = Array.from({ length: 151 }, (_, i) => (reach * i) / 150);
      const values = grid.map((each) => polynomial(phi, each));
      const low = Math.min(...values);
      const drop = phi[0] - low;
      const high = clamp(polynomial(phi, t0) + 0.12 * drop, phi[0] + 0.3 * drop, phi[0] + 1.5 * drop);
      const bottom = low - 0.12 * drop;
      const x = (each) => (width * each) / reach;
      const y = (f) => clamp(height * (1 - (f - bottom) / (high - bottom)), -1e4, 1e4);
      const size = { x: MARGIN.left, y: MARGIN.top, width, height };
      for (const name in size) el.area.setAttribute(name, size[name]);
      el.phi.setAttribute("d", line(grid.map((each, i) => [x(each), y(values[i])])));
      const ray = (slope) => line([[0, y(phi[0])], [width, y(phi[0] + slope * reach * phi[1])]]);
      el.upper.setAttribute("d", ray(c1));
      el.lower.setAttribute("d", c1 < 0.5 ? ray(1 - c1) : "M0 0");
      const [f, slope] = [polynomial(phi, t), polynomial(derivative(phi), t)];
      const half = 0.06 * reach;
      el.tangent.setAttribute("d", line([-1, 1].map((side) => [x(t + side * half), y(f + side * half * slope)])));
      const at = (each) => MARGIN.left + x(each);
      const knob = MARGIN.top + clamp(y(f), 0, height);
      put(el.handle, [at(t), knob]);
      el.drop.setAttribute("d", `M${at(t).toFixed(1)} ${knob.toFixed(1)}V${MARGIN.top + height + 24 + ROW * (ROWS - 1)}`);
      this.rows(at, MARGIN.top + height + 24);
      html(el.axes, this.axes(at, y));
      // Refused trials are hollow, and the one that is taken is full.
      const base = MARGIN.top + height + 24 + ROW * ROWS - 8;
      const last = this.tries.length - 1;
      const marks = this.tries.flatMap((each, i) => {
        const full = i === last ? ' class="lr-step-condition-taken"' : "";
        const inside = each <= reach;
        const onCurve = MARGIN.top + clamp(y(polynomial(phi, each)), 0, height);
        return inside ? [`<circle${full} cx="${at(each).toFixed(1)}" cy="${base}" r="5"/>`, `<circle${full} cx="${at(each).toFixed(1)}" cy="${onCurve.toFixed(1)}" r="5"/>`] : [];
      });
      html(el.tried, marks.join(""));
    }

    /* A row for each condition: its name, and a bar over the steps that it accepts. */
    rows(at, top) {
      const names = [...NAMES, "backtracking tries"];
      const rows = names.map((name, i) => {
        const base = top + ROW * (i + 1);
        const bars = (this.sets[i] || []).map(([low, high]) => `<rect class="lr-step-condition-bar" x="${at(low).toFixed(1)}" y="${base - 11}" width="${Math.max(1.5, at(high) - at(low)).toFixed(1)}" height="7"/>`);
        const rail = `<path d="M${MARGIN.left} ${base - 7.5}h${this.width.toFixed(1)}" class="lr-step-condition-rail"/>`;
        return `${rail}${bars.join("")}<text x="${MARGIN.left}" y="${base - 14}">${name}</text>`;
      });
      html(this.el.rows, rows.join(""));
    }

    axes(at, y) {
      const { phi, reach } = this.config;
      const base = MARGIN.top + this.height;
      const gap = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((each) => reach / each <= 6.5) || reach / 5;
      const parts = [`<path d="M${MARGIN.left} ${base.toFixed(1)}h${this.width.toFixed(1)}"/>`];
      for (let i = 0; i * gap <= reach * (1 + 1e-9); i++) {
        parts.push(`<path d="M${at(i * gap).toFixed(1)} ${base.toFixed(1)}v4"/>`);
        parts.push(`<text x="${at(i * gap).toFixed(1)}" y="${(base + 17).toFixed(1)}" text-anchor="middle">${number(i * gap)}</text>`);
      }
      parts.push(`<text x="${MARGIN.left - 6}" y="${(MARGIN.top + y(phi[0]) + 4).toFixed(1)}" text-anchor="end">φ(0)</text>`);
      return parts.join("");
    }
  }

  customElements.define("lr-step-condition", LrStepCondition);
})();
