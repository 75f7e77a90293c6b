/* <lr-precondition-bowl>: x <- x - eta P^-1 g on a bowl that the reader stretches and turns, for P = I, the diagonal
 * of H, and H itself, in x and in the coordinates z = P^(1/2) x.
 *
 * The first half is arithmetic without a document, as in lrcore.analysis.curvature and lrcore.run; node can load it.
 * The second half stands on live.js.
 */
(function () {
  "use strict";

  const { ellipse } = typeof window === "undefined" ? require("./live.js") : lrLive;

  // ---------------------------------------------------------------- arithmetic of symmetric 2x2 matrices [a, b, d]

  /* Eigenvalues low and high, the first eigenvector (cos turn, sin turn). */
  const matrix = (low, high, turn) => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    return [c * c * low + s * s * high, c * s * (low - high), s * s * low + c * c * high];
  };
  const times = ([a, b, d], [x, y]) => [a * x + b * y, b * x + d * y];

  /* Of each preconditioner, for H with the eigenvalues 1 and kappa: P^(1/2), the inverse of P, the eigenvalues of
     P^(-1/2) H P^(-1/2), and by how much their directions are turned. */
  const PRECONDITIONERS = {
    none: (H, kappa, turn) => ({ root: [1, 0, 1], inverse: [1, 0, 1], low: 1, high: kappa, turn }),
    diagonal([a, b, d], kappa, turn) {
      // Its diagonal is 1, so that its eigenvalues are 1 - |c| and 1 + |c|, turned by 45 degrees.
      const c = b / Math.sqrt(a * d);
      const low = kappa / (a * d * (1 + Math.abs(c))); // 1 - |c| without cancellation: det H/(a d) = 1 - c^2
      return {
        root: [Math.sqrt(a), 0, Math.sqrt(d)],
        inverse: [1 / a, 0, 1 / d],
        low,
        high: 1 + Math.abs(c),
        turn: c === 0 ? 0 : -Math.sign(c) * (Math.PI / 4),
      };
    },
    full: (H, kappa, turn) => ({ root: matrix(1, Math.sqrt(kappa), turn), inverse: matrix(1, 1 / kappa, turn), low: 1, high: 1, turn: 0 }),
  };

  const MOST_STEPS = 1000;
  const TARGET = 1e-6; // of f at the start
  const LOST = 1e6;

  /* The run with `rate` times the best rate 2/(low + high), until f <= 1e-6 f(x_0) or it has diverged; `steps` is
     null unless it got there. */
  function descend({ kappa, degrees, rate, start }, name) {
    const turn = (degrees * Math.PI) / 180;
    const H = degrees === 0 ? [1, 0, kappa] : degrees === 90 ? [kappa, 0, 1] : matrix(1, kappa, turn);
    const P = PRECONDITIONERS[name](H, kappa, turn);
    const eta = (rate * 2) / (P.low + P.high);
    const energy = (x, g) => 0.5 * (x[0] * g[0] + x[1] * g[1]);
    const [path, f] = [[], []];
    let x = start;
    for (let k = 0; ; k++) {
      const g = times(H, x);
      path.push(x);
      f.push(energy(x, g));
      const reached = f[k] <= TARGET * f[0];
      if (reached || !(f[k] <= LOST * f[0]) || k === MOST_STEPS) return { ...P, H, eta, path, f, steps: reached ? k : null };
      const d = times(P.inverse, g);
      x = [x[0] - eta * d[0], x[1] - eta * d[1]];
    }
  }

  const arithmetic = { descend, times };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined") return;
  if (customElements.get("lr-precondition-bowl")) return; // a notebook cell that is run again
  const { number, text, html, line, dots, place, put, clamp, slider, handle, Plane, chart, Chart, Live } = lrLive;

  // ---------------------------------------------------------------- the element

  const WINDOW = { left: -3, right: 3, low: -2.4, high: 2.4 };
  const RISES = [0.02, 0.1, 0.3, 0.65, 1, 2, 4, 8]; // level lines, in units of f at the start
  const MOST_DRAWN = 400; // steps of a path; later ones are below a pixel
  const TOP_RATE = 2.2;
  const DECADES = [-9, 3];

  const KINDS = {
    none: { title: "none, P = I", key: "lr-live-key", line: "lr-live-line" },
    diagonal: { title: "diagonal of H", key: "lr-live-key lr-live-key-flat", line: "lr-live-flat" },
    full: { title: "full, P = H", key: "lr-live-key lr-live-key-steep", line: "lr-live-steep" },
  };
  const NAMES = Object.keys(KINDS);

  const drawing = (part) => `<g data-el="${part}Levels" class="lr-live-levels" aria-hidden="true"></g>
    <g aria-hidden="true"><path data-el="${part}Minimum" class="lr-live-minimum"/>
      <path data-el="${part}Path"/><path data-el="${part}Dots" class="lr-live-dots"/><circle data-el="${part}Now" class="lr-live-now" r="6"/></g>`;

  const MARKUP = (id) => `
<div class="lr-live-panel lr-live-plane">
  <p class="lr-live-head"><span>In <i>x</i>: drag the <b>start</b></span></p>
  <svg role="group" data-el="plane" aria-label="Level lines of the bowl with the path">${drawing("x")}
    ${handle(id, "Start point", WINDOW.left, WINDOW.right)}
    <text data-el="place" aria-hidden="true"></text>
  </svg>
  <p class="lr-live-spoken" id="${id}-keys">Arrow keys move the start, with Shift in large steps. Home brings it back.</p>
</div>
<div class="lr-live-panel lr-live-plane">
  <p class="lr-live-head"><span data-el="zHead"></span></p>
  <svg role="img" data-el="zPlane">${drawing("z")}</svg>
</div>
<p class="lr-live-verdict" data-el="verdict"></p>
<fieldset class="lr-live-choice" data-el="kinds"><legend>Divide by</legend>${NAMES.map(
    (name) => `<label><input type="radio" name="${id}-kind" value="${name}"><span class="${KINDS[name].key}">${KINDS[name].title}</span></label>`,
  ).join("")}</fieldset>
<div class="lr-live-transport">
  <button type="button" data-el="play">Play</button>
  <button type="button" data-el="step">Step</button>
  <button type="button" data-el="reset">Reset</button>
  ${slider(id, "k", "Step <i>k</i>", 'min="0" step="1"')}
</div>
<div class="lr-live-panel lr-precondition-bowl-knobs">
  ${slider(id, "kappa", "Stretch <i>κ</i>", 'min="0" max="2" step="0.01"')}
  ${slider(id, "degrees", "Turn", 'min="0" max="90" step="1"')}
  ${slider(id, "rate", "Rate <i>η</i>", `min="0.05" max="${TOP_RATE}" step="0.01"`)}
  <div class="lr-live-transport"><button type="button" data-el="one">Best rate</button>
    <button type="button" data-el="flat">0°</button><button type="button" data-el="half">45°</button></div>
</div>
<div class="lr-live-panel lr-live-chart">
  <p class="lr-live-head"><span>f(x<sub>k</sub>)/f(x₀):</span>${NAMES.map((name) => `<span class="${KINDS[name].key}">${name}</span>`).join("")}</p>
  ${chart(
    NAMES.map((name) => `<path data-el="curve-${name}" class="${KINDS[name].line}"/>`).join("") + '<path data-el="target" class="lr-precondition-bowl-target"/>',
    '<circle data-el="curveNow" class="lr-live-now" r="5"/>',
  )}
</div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">What each preconditioner does</caption>
  <thead><tr><th scope="col">divide by</th><th scope="col">κ after</th><th scope="col">best rate 2/(μ′+L′)</th>
    <th scope="col">diverges from</th><th scope="col">steps to f = 10⁻⁶ f(x₀)</th></tr></thead>
  <tbody>${NAMES.map((name) => `<tr><th scope="row"><span class="${KINDS[name].key}">${KINDS[name].title}</span></th>
    ${["after", "best", "edge", "steps"].map((cell) => `<td data-el="${cell}-${name}"></td>`).join("")}</tr>`).join("")}</tbody>
</table>`;

  class LrPreconditionBowl extends Live {
    build(id) {
      return MARKUP(id);
    }

    ready() {
      const { el } = this;
      this.x = new Plane();
      this.z = new Plane();
      this.chart = new Chart(el);
      const set = (change) => {
        Object.assign(this.state, change);
        this.update();
        this.speak();
      };
      el.kappa.addEventListener("input", () => set({ kappa: Number((10 ** el.kappa.value).toPrecision(3)) }));
      for (const name of ["degrees", "rate"]) el[name].addEventListener("input", () => set({ [name]: Number(el[name].value) }));
      for (const [name, change] of [["one", { rate: 1 }], ["flat", { degrees: 0 }], ["half", { degrees: 45 }]])
        el[name].addEventListener("click", () => set(change));
      el.kinds.addEventListener("change", (event) => set({ precondition: event.target.value }));
      this.listenToTransport(20, 300);
      const move = ([x, y]) => {
        const start = [clamp(x, WINDOW.left, WINDOW.right), clamp(y, WINDOW.low, WINDOW.high)];
        set({ start: start.map((each) => Math.round(each * 100) / 100) });
      };
      this.listenToHandle(
        el.plane,
        (dx, dy) => move([this.state.start[0] + 0.05 * dx, this.state.start[1] + 0.05 * dy]),
        (x, y) => move(this.x.toPlane([x, y])),
        () => set({ start: this.config.start }),
      );
      this.restore();
    }

    restore() {
      this.state = { ...this.config };
      this.whole = true;
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const { plane, zPlane, chart } = this.el;
      this.boxes = [plane, zPlane, chart].map((svg) => [svg.clientWidth, svg.clientHeight]);
      this.seen = this.boxes.every(([width]) => width > 0); // not in a closed box; measured again when it opens
      this.update();
    }

    update() {
      this.runs = Object.fromEntries(NAMES.map((name) => [name, descend(this.state, name)]));
      this.run = this.runs[this.state.precondition];
      this.end = { k: Math.min(MOST_DRAWN, this.run.path.length - 1) };
      this.k = this.whole ? this.end.k : Math.min(this.k, this.end.k);
      this.controls();
      if (this.seen) this.ground();
      this.draw();
    }

    controls() {
      const { el, runs, state } = this;
      const { kappa, degrees, rate, precondition, start } = state;
      el.kappa.value = Math.log10(kappa);
      text(el.kappaOut, number(kappa));
      el.kappa.setAttribute("aria-valuetext", number(kappa));
      el.degrees.value = degrees;
      text(el.degreesOut, `${number(degrees)}°`);
      el.degrees.setAttribute("aria-valuetext", `${number(degrees)} degrees`);
      el.rate.value = rate;
      text(el.rateOut, `${number(rate)} × the best = ${number(this.run.eta)}`);
      el.rate.setAttribute("aria-valuetext", el.rateOut.textContent);
      el.kinds.querySelector(`[value="${precondition}"]`).checked = true;
      for (const [name, on] of [["one", rate === 1], ["flat", degrees === 0], ["half", degrees === 45]]) el[name].setAttribute("aria-pressed", on);
      for (const [name, { low, high, steps, path }] of Object.entries(runs)) {
        text(el["after-" + name], number(high / low));
        text(el["best-" + name], number(2 / (low + high)));
        text(el["edge-" + name], number(2 / high));
        text(el["steps-" + name], steps !== null ? String(steps) : path.length > MOST_STEPS ? `more than ${MOST_STEPS}` : "diverges");
      }
      const [x, y] = start.map((each) => number(each));
      el.handle.setAttribute("aria-valuenow", start[0]);
      el.handle.setAttribute("aria-valuetext", `across ${x}, up ${y}`);
      text(el.place, `start (${x}, ${y})`);
      html(el.zHead, precondition === "none" ? "In <i>z</i> = <i>x</i>: nothing is changed" : "In <i>z</i> = <i>P</i><sup>1/2</sup><i>x</i>, where the path is plain descent");
    }

    verdict() {
      const { kappa, degrees, precondition, rate } = this.state;
      const { low, high, steps, path } = this.run;
      const after = high / low;
      const lead = {
        none: () => `Plain descent sees κ = ${number(kappa)}.`,
        diagonal() {
          if (kappa === 1) return "κ = 1: there is nothing to heal.";
          if (degrees === 0 || degrees === 90) return `The bowl lies along the axes: the diagonal heals it entirely, from κ = ${number(kappa)} to 1.`;
          if (degrees === 45) return `Turned by 45° the diagonal of H is constant: it heals nothing, κ stays ${number(kappa)}.`;
          return `The diagonal takes κ from ${number(kappa)} to ${number(after)}.`;
        },
        full: () => `Newton’s method makes every bowl round: κ goes from ${number(kappa)} to 1.`,
      }[precondition]();
      const edge = (low + high) / high; // in best rates
      const fate =
        steps !== null ? `f ≤ 10⁻⁶ f(x₀) after ${steps} ${steps === 1 ? "step" : "steps"}.`
        : rate >= edge ? `A rate of ${number(rate)} times the best is beyond 2/L′, ${number(edge)} times the best: it does not converge.`
        : `More than ${MOST_STEPS} steps to f = 10⁻⁶ f(x₀).`;
      return [lead, fate];
    }

    /* What does not depend on k: level lines, the start, the curves. */
    ground() {
      const { el, run, runs, boxes: [[width, height], [zWidth, zHeight], size] } = this;
      const { kappa, degrees, start, precondition } = this.state;
      const turn = (degrees * Math.PI) / 180;
      const f0 = run.f[0] || 1;
      this.x.fit(width, height, WINDOW);
      // Areas as in x, unless the start would be outside.
      const [a, b, d] = run.root;
      const shrink = 1 / Math.sqrt(a * d - b * b); // the root of det P^(1/2)
      const [p, q] = times(run.root, start).map((each) => Math.abs(each * shrink));
      const fit = Math.max(1, p / (0.92 * WINDOW.right), q / (0.92 * WINDOW.high));
      this.shrink = shrink / fit;
      this.z.fit(zWidth, zHeight, WINDOW);
      const ring = (plane, low, high, angle, zoom) =>
        RISES.map((rise) => {
          const points = ellipse(zoom * Math.sqrt((2 * rise * f0) / low), zoom * Math.sqrt((2 * rise * f0) / high), angle);
          return `<path d="${line(points.map((each) => plane.toScreen(each)))}z"/>`;
        }).reverse().join("");
      html(el.xLevels, ring(this.x, 1, kappa, turn, 1));
      html(el.zLevels, ring(this.z, run.low, run.high, run.turn, this.shrink));
      for (const [part, plane] of [["x", this.x], ["z", this.z]]) {
        const [x, y] = plane.toScreen([0, 0]);
        el[part + "Minimum"].setAttribute("d", `M${x - 6} ${y}h12M${x} ${y - 6}v12`);
        el[part + "Path"].setAttribute("class", KINDS[precondition].line);
        for (const node of [el[part + "Dots"], el[part + "Now"]]) node.dataset.kind = precondition;
      }
      el.curveNow.dataset.kind = precondition;
      put(el.handle, this.x.toScreen(start));
      place(el.place, [10, height - 10]);
      const longest = Math.max(...NAMES.map((name) => runs[name].f.length - 1));
      this.chart.fit(...size, DECADES, clamp(10 * Math.ceil(longest / 10), 10, MOST_DRAWN));
      for (const name of NAMES) {
        const shares = runs[name].f.slice(0, MOST_DRAWN + 1).map((f) => f / (runs[name].f[0] || 1));
        el["curve-" + name].setAttribute("d", line(this.chart.points(shares)));
      }
      el.target.setAttribute("d", `M0 ${this.chart.y(TARGET).toFixed(1)}H${this.chart.width}`);
      const counts = NAMES.map((name) => `${name} ${el["steps-" + name].textContent}`).join(", ");
      el.chart.setAttribute("aria-label", `f over f at the start, on a log scale against the step k. Steps to a millionth: ${counts}.`);
      el.zPlane.setAttribute("aria-label", `The same path in preconditioned coordinates, where the level lines have the condition number ${number(run.high / run.low)}.`);
    }

    /* What depends on k. */
    draw() {
      const { el, k, run } = this;
      el.k.max = this.end.k;
      el.k.value = k;
      text(el.kOut, `${k} of ${this.end.k}`);
      const [lead, rest] = this.verdict();
      html(el.verdict, `<b>${lead}</b> ${rest}`);
      if (!this.seen) return;
      const path = run.path.slice(0, k + 1);
      const inZ = path.map((x) => times(run.root, x).map((each) => each * this.shrink));
      for (const [part, points] of [["x", path.map((p) => this.x.toScreen(p))], ["z", inZ.map((p) => this.z.toScreen(p))]]) {
        el[part + "Path"].setAttribute("d", line(points));
        el[part + "Dots"].setAttribute("d", dots(points));
        put(el[part + "Now"], points[k]);
      }
      this.chart.mark(el.curveNow, k, run.f[k] / (run.f[0] || 1));
    }
  }

  customElements.define("lr-precondition-bowl", LrPreconditionBowl);
})();
