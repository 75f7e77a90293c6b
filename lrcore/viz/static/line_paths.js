/* <lr-line-paths>: steepest descent with backtracking and with exact search, from a start that the reader drags.
 *
 * The first half is arithmetic without a document: the function of lrcore.problems.BoydExp and two line searches;
 * node can load it. The second half stands on live.js.
 */
(function () {
  "use strict";

  // ---------------------------------------------------------------- arithmetic

  const { boyd } = typeof window === "undefined" ? require("./live.js") : lrLive;
  const { value, gradient } = boyd;

  const MOST_TRIES = 500;
  const FLAT = 1e-8; // of the slope at the start: what exact search takes for zero
  const along = (x, t, d) => [x[0] + t * d[0], x[1] + t * d[1]];

  /* Searches return the step, NaN if there is none, and how often they looked at f or its slope along the line. */

  /* lrcore.linesearches.Backtracking: the first of 1, beta, beta^2, ... with f <= f(x) + alpha t slope. */
  function backtracking(x, d, slope, { alpha, beta }) {
    const f = value(x);
    let t = 1;
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      if (value(along(x, t, d)) <= f + alpha * t * slope) return [t, tries];
      t *= beta;
    }
    return [NaN, MOST_TRIES];
  }

  /* lrcore.linesearches.Exact: secants on the slope, kept inside a bracket by halving it. On this function a step
     of 1 is always too long, so that the first trial is the upper end. */
  function exact(x, d, slope) {
    let [t, low, below, high, above, width] = [1, 0, slope, Infinity, NaN, Infinity];
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const g = gradient(along(x, t, d));
      const s = g[0] * d[0] + g[1] * d[1];
      if (Math.abs(s) <= FLAT * Math.abs(slope) || high - low <= 4 * Number.EPSILON * t)
        return [value(along(x, t, d)) <= value(x) ? t : NaN, tries + 1];
      if (s < 0 && s > -Infinity) [low, below] = [t, s];
      else [high, above] = [t, s];
      const chord = low + ((high - low) * below) / (below - above);
      // A halved bracket counts as fast enough, whichever way the half was rounded.
      const inside = chord > low && chord < high && high - low <= 0.501 * width;
      t = inside ? chord : 0.5 * (low + high);
      width = high - low;
    }
    return [NaN, MOST_TRIES];
  }

  /* The iterates until f - f* <= 1e-10, their rates, and what each search cost. */
  function descend(start, search, setting) {
    const path = [start.slice()];
    const rates = [];
    let evaluations = 0;
    for (let x = start; value(x) - boyd.least > 1e-10 && rates.length < 500; ) {
      const g = gradient(x);
      const d = [-g[0], -g[1]];
      const [t, tries] = search(x, d, -(g[0] * g[0] + g[1] * g[1]), setting);
      evaluations += tries;
      x = along(x, t, d);
      path.push(x);
      rates.push(t);
    }
    return { path, rates, evaluations };
  }

  /* The mean angle between one step and the next, in degrees; NaN with fewer than two steps. */
  function meanTurn(path) {
    let sum = 0;
    for (let k = 2; k < path.length; k++) {
      const [a, b] = [1, 0].map((back) => [0, 1].map((i) => path[k - back][i] - path[k - back - 1][i]));
      sum += Math.atan2(Math.abs(a[0] * b[1] - a[1] * b[0]), a[0] * b[0] + a[1] * b[1]);
    }
    return ((180 / Math.PI) * sum) / (path.length - 2);
  }

  const arithmetic = { value, gradient, backtracking, exact, descend, meanTurn, level: boyd.level };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined") return;
  if (customElements.get("lr-line-paths")) return; // a notebook cell that is run again
  const { number, text, html, line, dots, place, put, clamp, slider, handle, Plane, chart, Chart, Live } = lrLive;

  // ---------------------------------------------------------------- the element

  const WINDOW = { left: -2.4, right: 1.4, low: -1.3, high: 1.3 }; // the part of the plane that is sure to be seen
  const REACH = { left: -2.3, right: 1.3, low: -1.2, high: 1.2 }; // where the start may be
  const RISES = [0.1, 0.5, 1.5, 4, 10, 22, 45, 85];
  const DECADES = [-10, 2];

  const MARKUP = (id) => `
<div class="lr-live-panel lr-live-plane">
  <p class="lr-live-head"><span>Drag the <b>start</b></span><span class="lr-live-key">backtracking</span>
    <span class="lr-live-key lr-live-key-flat">exact</span></p>
  <svg role="group" data-el="plane" aria-label="Level lines of the function with both paths">
    <g data-el="levels" class="lr-live-levels" aria-hidden="true"></g>
    <g aria-hidden="true"><path data-el="minimum" class="lr-live-minimum"/>
      <path data-el="backtracking" class="lr-live-line"/><path data-el="backtrackingDots" class="lr-live-dots"/>
      <path data-el="exact" class="lr-live-flat"/><path data-el="exactDots" class="lr-live-dots lr-line-paths-exact"/></g>
    ${handle(id, "Start point", WINDOW.left, WINDOW.right)}
    <text data-el="place" aria-hidden="true"></text>
  </svg>
  <p class="lr-live-spoken" id="${id}-keys">Arrow keys move the start, with Shift in large steps. Home brings it back.</p>
</div>
<div class="lr-live-panel lr-live-chart">
  <p class="lr-live-head"><span>f − f* at step k:</span><span class="lr-live-key">backtracking</span>
    <span class="lr-live-key lr-live-key-flat">exact</span></p>
  ${chart(`<path data-el="errorBacktracking" class="lr-live-line"/><path data-el="errorExact" class="lr-live-flat"/>`)}
</div>
<p class="lr-live-verdict" data-el="verdict"></p>
<div class="lr-live-pair">
  ${slider(id, "alpha", "Sufficient decrease <i>α</i>", 'min="0.01" max="0.49" step="0.01"')}
  ${slider(id, "beta", "Shrinking <i>β</i>", 'min="0.05" max="0.95" step="0.01"')}
</div>
<div class="lr-live-transport">
  <span>Start at</span>${[[-1, 1], [1, 1], [-2, 1], [0.1, 0.1]]
    .map((p) => `<button type="button" data-start="${p}">(${p.map((x) => number(x)).join(", ")})</button>`)
    .join("")}
  <button type="button" data-el="reset">Reset</button>
</div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">What each search needs until f − f* is at most 10⁻¹⁰</caption>
  <thead><tr><th scope="col">search</th><th scope="col">steps</th><th scope="col">evaluations</th>
    <th scope="col">mean turn</th><th scope="col">error a step</th></tr></thead>
  <tbody>${[["Backtracking", ""], ["Exact", " lr-live-key-flat"]]
    .map(([name, key]) => `<tr><th scope="row"><span class="lr-live-key${key}">${name.toLowerCase()}</span></th>
      <td data-el="steps${name}"></td><td data-el="evaluations${name}"></td><td data-el="turn${name}"></td><td data-el="factor${name}"></td></tr>`)
    .join("")}</tbody>
</table>`;

  class LrLinePaths extends Live {
    build(id) {
      return MARKUP(id);
    }

    ready() {
      const { el } = this;
      this.plane = new Plane();
      this.chart = new Chart(el);
      const set = (change) => {
        Object.assign(this.state, change);
        this.update();
        this.speak();
      };
      const move = (x, y) => {
        const start = [clamp(x, REACH.left, REACH.right), clamp(y, REACH.low, REACH.high)];
        set({ start: start.map((each) => Math.round(each * 100) / 100) });
      };
      for (const name of ["alpha", "beta"]) el[name].addEventListener("input", () => set({ [name]: Number(el[name].value) }));
      for (const button of this.querySelectorAll("[data-start]"))
        button.addEventListener("click", () => move(...button.dataset.start.split(",").map(Number)));
      const { alpha, beta, start } = this.config;
      el.reset.addEventListener("click", () => set({ alpha, beta, start }));
      this.listenToHandle(
        el.plane,
        (dx, dy) => move(this.state.start[0] + 0.05 * dx, this.state.start[1] + 0.05 * dy),
        (x, y) => move(...this.plane.toPlane([x, y])),
        () => set({ start }),
      );
      this.state = { alpha, beta, start };
      this.update();
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const { plane, chart } = this.el;
      this.height = plane.clientHeight;
      [this.chartWidth, this.chartHeight] = [chart.clientWidth, chart.clientHeight];
      this.plane.fit(plane.clientWidth, this.height, WINDOW);
      if (this.plane.unit > 0) this.ground();
      this.update();
    }

    ground() {
      const { el } = this;
      const lines = RISES.map((rise) => `<path d="${line(boyd.level(rise).map((p) => this.plane.toScreen(p)))}z"/>`);
      html(el.levels, lines.reverse().join(""));
      const [x, y] = this.plane.toScreen(boyd.minimiser);
      el.minimum.setAttribute("d", `M${x - 6} ${y}h12M${x} ${y - 6}v12`);
    }

    update() {
      const { alpha, beta, start } = this.state;
      this.runs = {
        Backtracking: descend(start, backtracking, { alpha, beta }),
        Exact: descend(start, exact),
      };
      this.controls();
      if (this.plane.unit > 0 && this.chartWidth > 0) this.draw();
    }

    controls() {
      const { el } = this;
      const { alpha, beta, start } = this.state;
      for (const [name, value] of Object.entries({ alpha, beta })) {
        el[name].value = value;
        text(el[name + "Out"], number(value));
      }
      for (const button of this.querySelectorAll("[data-start]"))
        button.setAttribute("aria-pressed", button.dataset.start === start.join());
      const place = start.map((x) => number(x));
      el.handle.setAttribute("aria-valuenow", start[0]);
      el.handle.setAttribute("aria-valuetext", `across ${place[0]}, up ${place[1]}`);
      text(el.place, `start (${place[0]}, ${place[1]})`);
      for (const [name, { path, evaluations }] of Object.entries(this.runs)) {
        const steps = path.length - 1;
        const turn = meanTurn(path);
        const shrinks = (value(path[steps]) - boyd.least) / (value(path[0]) - boyd.least);
        text(el["steps" + name], String(steps));
        text(el["evaluations" + name], String(evaluations));
        text(el["turn" + name], steps > 1 ? `${turn.toFixed(0)}°` : "–");
        text(el["factor" + name], steps ? number(Math.max(shrinks, 0) ** (1 / steps), 2) : "–");
      }
      const [lead, rest] = this.verdict();
      html(el.verdict, `<b>${lead}</b> ${rest}`);
    }

    verdict() {
      const [bt, ex] = [this.runs.Backtracking, this.runs.Exact];
      const [a, b] = [bt.rates.length, ex.rates.length];
      if (!a) return ["The start is the minimum.", "There is nothing to do."];
      const lead = a === b ? `Both need ${a} steps` : `Backtracking needs ${a} steps, exact search ${b}`;
      const cost = `for ${bt.evaluations} and ${ex.evaluations} evaluations along the lines.`;
      return [`${lead},`, `${cost} First rates: ${number(bt.rates[0])} and ${number(ex.rates[0])}.`];
    }

    draw() {
      const { el, runs } = this;
      const longest = Math.max(runs.Backtracking.rates.length, runs.Exact.rates.length);
      this.chart.fit(this.chartWidth, this.chartHeight, DECADES, Math.max(30, 10 * Math.ceil(longest / 10)));
      for (const [name, { path }] of Object.entries(runs)) {
        const points = path.map((p) => this.plane.toScreen(p));
        el[name.toLowerCase()].setAttribute("d", line(points));
        el[name.toLowerCase() + "Dots"].setAttribute("d", dots(points));
        // Below rounding there is no error to draw.
        const errors = path.map((p) => Math.max(value(p) - boyd.least, 1e-16));
        el["error" + name].setAttribute("d", line(this.chart.points(errors)));
      }
      put(el.handle, this.plane.toScreen(this.state.start));
      place(el.place, [10, this.height - 10]);
      el.chart.setAttribute("aria-label", `f − f* on a log scale against the step k. ${el.verdict.textContent}`);
    }
  }

  customElements.define("lr-line-paths", LrLinePaths);
})();
