/* <lr-optimizer-race>: the methods of chapter 08 on one surface, each at a rate of its own, from a start that the
 * reader drags. A sweep over 71 rates finds the best one of every method, so that none is shown at an unfair rate.
 *
 * Surfaces and methods are parts of their own, which node can load; this is the custom element, on live.js.
 */
(function () {
  "use strict";

  if (typeof window === "undefined") {
    module.exports = { ...require("./optimizer_race.methods.js"), ...require("./optimizer_race.surfaces.js") };
    return;
  }
  if (customElements.get("lr-optimizer-race")) return; // a notebook cell that is run again
  const { MOST_STEPS, METHODS, DECADES_OF_RATES, RATES, TINY, round, race, sweep, SURFACES } = lrRace;
  const { number, text, html, line, place, put, clamp, slider, handle, Plane, chart, Chart, Live } = lrLive;

  const DECADES = [-9, 3];
  const NAMES = Object.keys(METHODS);

  /* The final loss against the rate, both on log scales. */
  class Sensitivity extends Chart {
    get axis() {
      return "learning rate η";
    }
    across() {
      const [low, high] = DECADES_OF_RATES;
      return Array.from({ length: high - low + 1 }, (_, i) => [i / (high - low), lrLive.power(low + i)]);
    }
    x(rate) {
      const [low, high] = DECADES_OF_RATES;
      return (this.width * (Math.log10(rate) - low)) / (high - low);
    }
    curve(losses) {
      return losses.map((loss, i) => [this.x(RATES[i]), this.y(loss)]);
    }
  }

  const title = (name) => METHODS[name].title;
  const Title = (name) => title(name)[0].toUpperCase() + title(name).slice(1);
  const shown = (loss) => (loss === Infinity ? "diverged" : loss < TINY ? "< " + lrLive.power(-15) : number(loss, 2));
  const escaped = (words) => words.replace(/</g, "&lt;");

  const lines = (part) => NAMES.map((name) => `<path data-el="${part}-${name}" class="lr-optimizer-race-line" data-method="${name}"/>`).join("");
  // The book keeps the rules of a class whose name stands in a script, whole.
  const circles = (part, look, r) => NAMES.map((name) => `<circle data-el="${part}-${name}" class="${look}" data-method="${name}" r="${r}"/>`).join("");
  const names = () => NAMES.map((name) => `<text data-el="label-${name}" >${Title(name)}</text>`).join("");
  const key = (name) =>
    `<svg class="lr-optimizer-race-key" width="30" height="8" aria-hidden="true"><path class="lr-optimizer-race-line" data-method="${name}" d="M0 4h30"/></svg>`;

  const MARKUP = (id) => `
<div class="lr-live-panel lr-live-plane">
  <p class="lr-live-head"><span>Drag the <b>start</b></span><span data-el="words"></span></p>
  <svg role="group" data-el="plane" aria-label="Level lines of the surface with a path for each method">
    <g data-el="levels" class="lr-live-levels" aria-hidden="true"></g>
    <g aria-hidden="true"><path data-el="minimum" class="lr-live-minimum"/>${lines("path")}
      ${circles("now", "lr-optimizer-race-dot", 5)}</g>
    ${handle(id, "Start point", -3, 3)}
    <text data-el="place" aria-hidden="true"></text>
  </svg>
  <p class="lr-live-spoken" id="${id}-keys">Arrow keys move the start, with Shift in large steps. Home brings it back.</p>
</div>
<div class="lr-live-panel lr-live-chart">
  <p class="lr-live-head"><span>f − f* at step k</span></p>
  ${chart(lines("curve") + '<path data-el="cursor" class="lr-optimizer-race-cursor"/>' + names())}
</div>
<p class="lr-live-verdict" data-el="verdict"></p>
<div class="lr-live-transport">
  <button type="button" data-el="play">Play</button>
  <button type="button" data-el="step">Step</button>
  <button type="button" data-el="reset">Reset</button>
  ${slider(id, "k", "Step <i>k</i>", 'min="0" step="1"')}
</div>
<fieldset class="lr-live-choice" data-el="surfaces"><legend>Surface</legend>${Object.entries(SURFACES)
    .map(([name, { title }]) => `<label><input type="radio" name="${id}-surface" value="${name}">${title}</label>`)
    .join("")}</fieldset>
<fieldset class="lr-live-choice" data-el="methods"><legend>Methods</legend>${NAMES.map(
    (name) => `<label><input type="checkbox" value="${name}">${key(name)}${Title(name)}</label>`,
  ).join("")}</fieldset>
<div class="lr-live-panel lr-optimizer-race-rates">
  <div class="lr-live-transport"><button type="button" data-el="best">Best of sweep for all</button>
    ${slider(id, "steps", "Steps", `min="10" max="${MOST_STEPS}" step="10"`)}</div>
  ${NAMES.map((name) => `<div data-el="row-${name}">${slider(id, `rate-${name}`, `${key(name)} ${Title(name)}, <i>η</i>`, `min="${DECADES_OF_RATES[0]}" max="${DECADES_OF_RATES[1]}" step="0.02"`)}</div>`).join("")}
</div>
<div class="lr-live-panel lr-live-chart">
  <p class="lr-live-head"><span data-el="sweepHead"></span></p>
  <svg role="img" data-el="sweep"><g data-el="sweepGrid" class="lr-live-grid"></g>
  <svg data-el="sweepPlot">${lines("sweep")}</svg>${circles("best", "lr-optimizer-race-ring", 7)}${circles("at", "lr-optimizer-race-dot", 4)}</svg>
</div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">Rates and losses</caption>
  <thead><tr><th scope="col">method</th><th scope="col" data-el="lossHead"></th><th scope="col">best rate</th>
    <th scope="col" data-el="bestHead"></th></tr></thead>
  <tbody>${NAMES.map((name) => `<tr data-el="line-${name}"><th scope="row">${key(name)} ${Title(name)}</th><td></td><td></td><td></td></tr>`).join("")}</tbody>
</table>`;

  class LrOptimizerRace extends Live {
    build(id) {
      return MARKUP(id);
    }

    ready() {
      const { el, config } = this;
      this.plane = new Plane();
      this.chart = new Chart(el);
      this.sensitivity = new Sensitivity({ plot: el.sweepPlot, grid: el.sweepGrid });
      const set = (change) => {
        Object.assign(this.state, change);
        this.update();
        this.speak();
      };
      el.surfaces.addEventListener("change", (event) => {
        const surface = event.target.value;
        set({ surface, start: this.home(surface) });
      });
      el.methods.addEventListener("change", () => set({ on: NAMES.filter((name) => this.box(name).checked) }));
      for (const name of NAMES) {
        const input = el["rate-" + name];
        input.addEventListener("input", () => set({ rates: { ...this.state.rates, [name]: round(10 ** input.value) } }));
      }
      el.best.addEventListener("click", () => set({ rates: {} }));
      el.steps.addEventListener("input", () => set({ steps: Number(el.steps.value) }));
      this.listenToTransport(40, 160);
      const move = ([x, y]) => {
        const { left, right, low, high } = this.surface.window;
        const start = [clamp(x, left, right), clamp(y, low, high)];
        set({ start: start.map((each) => Math.round(each * 100) / 100) });
      };
      this.listenToHandle(
        el.plane,
        (dx, dy) => move([this.state.start[0] + 0.05 * dx, this.state.start[1] + 0.05 * dy]),
        (x, y) => move(this.plane.toPlane([x, y])),
        () => set({ start: this.home(this.state.surface) }),
      );
      this.restore();
    }

    box(name) {
      return this.el.methods.querySelector(`[value="${name}"]`);
    }

    home(surface) {
      return (surface === this.config.surface ? this.config : SURFACES[surface]).start;
    }

    /* `rates` holds those that the reader has set; the others are the best of the sweep. */
    restore() {
      const { surface, methods, start, steps } = this.config;
      this.state = { surface, start, steps, on: NAMES.filter((name) => methods.includes(name)), rates: {} };
      this.whole = true;
      this.k = steps;
    }

    get surface() {
      return SURFACES[this.state.surface];
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const { plane, chart, sweep } = this.el;
      this.sizes_ = [plane, chart, sweep].map((svg) => [svg.clientWidth, svg.clientHeight]);
      this.seen = this.sizes_.every(([width]) => width > 0); // not in a closed box; measured again when it opens
      this.update();
    }

    update() {
      const { surface } = this;
      const { start, steps, on, rates } = this.state;
      const task = [this.state.surface, ...start, steps].join();
      if (task !== this.task) [this.task, this.swept] = [task, {}]; // a sweep does not depend on the reader's rates
      this.runs = {};
      for (const name of on) {
        const method = METHODS[name];
        const { losses, best } = (this.swept[name] = this.swept[name] || sweep(surface, method, start, steps));
        const eta = rates[name] || RATES[best];
        const path = [];
        this.runs[name] = { losses, eta, path, best: RATES[best], bestLoss: losses[best], ...race(surface, method, start, eta, steps, path) };
      }
      this.end = { k: steps };
      this.k = this.whole ? steps : Math.min(this.k, steps);
      this.controls();
      if (this.seen) this.ground();
      this.draw();
    }

    controls() {
      const { el, runs, state } = this;
      const { surface, start, steps, on } = state;
      el.surfaces.querySelector(`[value="${surface}"]`).checked = true;
      el.steps.value = steps;
      text(el.words, SURFACES[surface].words);
      text(el.stepsOut, String(steps));
      text(el.sweepHead, `f − f* after ${steps} steps against the rate; best of ${RATES.length} ringed`);
      text(el.bestHead, `f − f* at it, step ${steps}`);
      for (const name of NAMES) {
        const shown = on.includes(name);
        this.box(name).checked = shown;
        for (const part of ["row", "path", "curve", "sweep", "now", "best", "at", "label", "line"]) el[`${part}-${name}`].toggleAttribute("hidden", !shown);
        if (!shown) continue;
        const { eta, best } = runs[name];
        el["rate-" + name].value = Math.log10(eta);
        const words = eta === best ? `${number(eta)}, best` : `${number(eta)} = ${number(eta / best, 2)} × best`;
        text(el[`rate-${name}Out`], words);
        el["rate-" + name].setAttribute("aria-valuetext", words);
      }
      el.best.setAttribute("aria-pressed", on.every((name) => runs[name].eta === runs[name].best));
      const [x, y] = start.map((each) => number(each));
      const { left, right } = SURFACES[surface].window;
      for (const [attribute, value] of [["min", left], ["max", right], ["now", start[0]]]) el.handle.setAttribute("aria-value" + attribute, value);
      el.handle.setAttribute("aria-valuetext", `across ${x}, up ${y}`);
      text(el.place, `start (${x}, ${y})`);
    }

    /* f - f* of a method at step k, Infinity after it diverged. */
    loss(name, k) {
      const { rises, diverged } = this.runs[name];
      return k < rises.length && !(diverged && k === rises.length - 1) ? Math.max(rises[k], 0) : Infinity;
    }

    verdict() {
      const { runs, k } = this;
      const { on } = this.state;
      if (!on.length) return ["No method is chosen.", ""];
      const order = [...on].sort((a, b) => this.loss(a, k) - this.loss(b, k));
      const said = (name) => `${title(name)} ${shown(this.loss(name, k))}`;
      const [first, last] = [order[0], order[order.length - 1]];
      const ends = on.length === 1 ? said(first) : `lowest ${said(first)}, highest ${said(last)}`;
      const unfair = on.filter((name) => runs[name].eta !== runs[name].best);
      const lead = unfair.length
        ? `Not at their best rates: ${unfair.map((name) => `${title(name)} (${number(runs[name].eta / runs[name].best, 2)} × best)`).join(", ")}.`
        : "Each at its best rate.";
      return [lead, `f − f* at step ${k}: ${ends}.`];
    }

    /* What does not depend on k: level lines, paths' start, the sweep. */
    ground() {
      const { el, surface, runs, sizes_: [[width, height], size, wide] } = this;
      this.plane.fit(width, height, surface.window);
      const rings = surface.rises.flatMap((rise) => surface.level(rise)).reverse();
      html(el.levels, rings.map((ring) => `<path d="${line(ring.map((p) => this.plane.toScreen(p)))}z"/>`).join(""));
      const crosses = surface.minima.map((p) => this.plane.toScreen(p)).map(([x, y]) => `M${x - 6} ${y}h12M${x} ${y - 6}v12`);
      el.minimum.setAttribute("d", crosses.join(""));
      put(el.handle, this.plane.toScreen(this.state.start));
      place(el.place, [10, height - 10]);
      this.chart.fit(...size, DECADES, this.state.steps);
      this.sensitivity.fit(...wide, DECADES, 0);
      for (const [name, { losses, eta, best, bestLoss }] of Object.entries(runs)) {
        el["sweep-" + name].setAttribute("d", line(this.sensitivity.curve(losses)));
        this.sensitivity.mark(el["best-" + name], best, bestLoss);
        this.sensitivity.mark(el["at-" + name], eta, this.loss(name, this.state.steps));
      }
      const bests = Object.entries(runs).map(([name, run]) => `${title(name)} ${number(run.best)}`);
      el.sweep.setAttribute("aria-label", `f − f* after ${this.state.steps} steps against the learning rate, both on log scales. Best rates: ${bests.join(", ") || "none"}.`);
    }

    /* What depends on k. */
    draw() {
      const { el, k, runs } = this;
      el.k.max = this.end.k;
      el.k.value = k;
      text(el.kOut, `${k} of ${this.end.k}`);
      text(el.lossHead, `f − f* at step ${k}`);
      const [lead, rest] = this.verdict();
      html(el.verdict, `<b>${lead}</b> ${escaped(rest)}`);
      for (const [name, run] of Object.entries(runs)) {
        const cells = el["line-" + name].querySelectorAll("td");
        [shown(this.loss(name, k)), number(run.best), shown(run.bestLoss)].forEach((words, i) => text(cells[i], words));
      }
      if (!this.seen) return;
      const ends = [];
      for (const [name, { path, rises }] of Object.entries(runs)) {
        const last = Math.min(k, path.length - 1);
        const points = path.slice(0, last + 1).map((p) => this.plane.toScreen(p));
        el["path-" + name].setAttribute("d", line(points));
        put(el["now-" + name], points[last]);
        const values = this.chart.points(rises);
        el["curve-" + name].setAttribute("d", line(values));
        // The name stands where the curve leaves the frame, or at its end.
        const out = values.findIndex(([, y]) => y <= 0 || y >= this.chart.height);
        const [x, y] = values[out < 0 ? values.length - 1 : out];
        ends.push({ name, x, y: clamp(y - 6, 12, this.chart.height - 6) });
      }
      const x = this.chart.x(k).toFixed(1);
      el.cursor.setAttribute("d", `M${x} 0V${this.chart.height}`);
      // One below the other.
      ends.sort((a, b) => a.y - b.y);
      let above = -Infinity;
      ends.forEach(({ name, x, y }, i) => {
        above = clamp(y, above + 15, this.chart.height - 6 - 15 * (ends.length - 1 - i));
        const left = x < this.chart.width / 2;
        el["label-" + name].setAttribute("text-anchor", left ? "start" : "end");
        place(el["label-" + name], [x + (left ? 6 : -4), above]);
      });
      el.chart.setAttribute("aria-label", `f − f* on a log scale against the step k. ${el.verdict.textContent}`);
    }
  }

  customElements.define("lr-optimizer-race", LrOptimizerRace);
})();
