/* <lr-descent>: gradient descent with momentum on a quadratic bowl, to be driven by hand.
 *
 * The first half is arithmetic without a document. It works mode by mode, with the operations of
 * lrcore.run on problems.Quadratic in the same order, so that both give the same bits; node can load it.
 * The second half is the custom element, on live.js.
 */
(function () {
  "use strict";

  // ---------------------------------------------------------------- arithmetic

  /* Heavy ball v <- beta v + g, c <- c - eta v in every mode, v = 0 at first; beta = 0 is plain descent.
     Returns the mode coordinates, f, and the part of f in each mode, for steps 0..steps. */
  function descend(eigenvalues, start, eta, beta, steps) {
    const c = start.slice();
    const v = c.map(() => 0);
    const path = [c.slice()];
    const parts = [c.map((ci, i) => 0.5 * eigenvalues[i] * ci * ci)];
    const f = [energy(eigenvalues, c)];
    for (let k = 0; k < steps; k++) {
      for (let i = 0; i < c.length; i++) {
        v[i] = beta * v[i] + eigenvalues[i] * c[i];
        c[i] = c[i] - eta * v[i];
      }
      path.push(c.slice());
      parts.push(c.map((ci, i) => 0.5 * eigenvalues[i] * ci * ci));
      f.push(energy(eigenvalues, c));
    }
    return { path, f, parts };
  }

  function energy(eigenvalues, c) {
    let sum = 0;
    for (let i = 0; i < c.length; i++) sum += c[i] * (eigenvalues[i] * c[i]);
    return 0.5 * sum;
  }

  // The largest rate that does not diverge, and the rate with the best worst mode. With momentum the
  // roots depend on 1 + beta - eta lambda alone, so the best rate puts its two ends at equal distance from 0.
  const maxRate = (L, beta) => (2 * (1 + beta)) / L;
  const bestRate = (mu, L, beta) => (2 * (1 + beta)) / (mu + L);

  // Equality up to a few roundings, as lrcore.analysis.stability has it: (2/L) L need not be 2.
  const near = (a, b) => Math.abs(a - b) <= 4 * Number.EPSILON * (1 + Math.abs(a));

  /* Modulus of the larger root of z^2 - (1 + beta - eta lambda) z + beta. */
  function spectralRadius(eta, lambda, beta) {
    const p = 1 + beta - eta * lambda;
    const discriminant = p * p - 4 * beta;
    return discriminant < 0 ? Math.sqrt(beta) : (Math.abs(p) + Math.sqrt(discriminant)) / 2;
  }

  function regime(eta, lambda, beta) {
    const h = eta * lambda;
    const edge = 2 * (1 + beta);
    if (near(h, edge)) return "edge";
    if (h > edge) return "diverging";
    if (beta === 0 && near(h, 1)) return "one step";
    const p = 1 + beta - h;
    if (p * p < 4 * beta) return "oscillating";
    return p > 0 ? "monotone" : "alternating";
  }

  /* First step at which f leaves [low, high], and why; the last step when it stays inside. */
  function stop(f, low, high) {
    for (let k = 0; k < f.length; k++) {
      if (!(f[k] <= high)) return { k, status: "diverged" };
      if (f[k] < low) return { k, status: "converged" };
    }
    return { k: f.length - 1, status: "running" };
  }

  const arithmetic = { descend, maxRate, bestRate, spectralRadius, regime, stop };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined") return;
  if (customElements.get("lr-descent")) return; // a notebook cell that is run again
  const { stepsTo, number, power, text, html, point, line, dots, place, put, clamp, slider, handle, chart, Chart, Live } = lrLive;

  const WORDS = {
    monotone: ": shrinks without overshooting",
    "one step": ": gone after a single update",
    alternating: ": overshoots each time, and shrinks",
    oscillating: ": swings to and fro, and shrinks",
    edge: ": swings for ever",
    diverging: ": overshoots each time, and grows",
  };

  // ---------------------------------------------------------------- the element

  const HALF_WIDTH = 3; // the part of the plane that the bowl panel is sure to show
  const HALF_HEIGHT = 2.4;
  const LEVELS = 11;

  const PANELS = (id) => `
  <div class="lr-live-panel lr-live-plane">
    <p class="lr-live-head"><span>Drag the <b>start</b>, or move it by arrow keys</span></p>
    <svg role="group" aria-label="The bowl seen from above, with the path of the iterates">
      <g data-el="levels" class="lr-descent-levels" aria-hidden="true"></g>
      <g aria-hidden="true">
        <path data-el="axisFlat" class="lr-live-flat"/><path data-el="axisSteep" class="lr-live-steep"/>
        <text data-el="nameFlat">flat, λ = μ</text><text data-el="nameSteep">steep, λ = L</text>
        <path data-el="minimum" class="lr-descent-minimum"/>
        <path data-el="line" class="lr-live-line"/><path data-el="dots" class="lr-live-dots"/>
        <circle data-el="now" class="lr-live-now" r="6"/>
      </g>
      ${handle(id, "Start point", -HALF_WIDTH, HALF_WIDTH)}
      <text data-el="place" aria-hidden="true"></text>
    </svg>
    <p class="lr-live-spoken" id="${id}-keys">Arrow keys move the start, with Shift in large steps. Home brings it back.</p>
  </div>
  <div class="lr-live-panel lr-live-chart">
    <p class="lr-live-head"><span class="lr-live-key">f at step k</span>
      <span class="lr-live-key lr-live-key-flat">flat part</span>
      <span class="lr-live-key lr-live-key-steep">steep part</span></p>
    ${chart(`<path data-el="curve" class="lr-live-line"/><path data-el="curveDots" class="lr-live-dots"/>
        <path data-el="partFlat" class="lr-live-flat"/><path data-el="partSteep" class="lr-live-steep"/>`,
      '<circle data-el="curveNow" class="lr-live-now" r="5"/>')}
  </div>`;

  const CONTROLS = (id, top, momentum) => `
<p class="lr-live-verdict" data-el="verdict"></p>
<div class="lr-live-control">
  <label for="${id}-eta">Learning rate <i>η</i></label><output data-el="etaOut" for="${id}-eta"></output>
  <div class="lr-live-track lr-live-scale" data-el="scale">
    <button type="button" class="lr-live-mark lr-live-above" data-el="best"></button>
    <input type="range" id="${id}-eta" data-el="eta" min="0.02" max="${top}" step="0.01">
    <button type="button" class="lr-live-mark" data-el="one"></button>
    <button type="button" class="lr-live-mark" data-el="edge"></button>
    <div class="lr-live-zones" data-el="zones" aria-hidden="true"></div>
    <div class="lr-live-ticks" aria-hidden="true"><i data-el="oneTick"></i><i data-el="bestTick"></i><i data-el="edgeTick"></i></div>
  </div>
</div>
<div class="lr-live-transport">
  <button type="button" data-el="play">Play</button>
  <button type="button" data-el="step">Step</button>
  <button type="button" data-el="reset">Reset</button>
  ${slider(id, "k", "Step <i>k</i>", 'min="0" step="1"')}
</div>
<div class="lr-live-pair">
  ${slider(id, "kappa", "Condition <i>κ</i> = L/μ", 'min="0" max="2" step="0.01"')}
  ${momentum ? slider(id, "beta", "Momentum <i>β</i>", 'min="0" max="0.99" step="0.01"') : ""}
</div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">What the rate does in each direction</caption>
  <thead><tr><th scope="col">direction</th><th scope="col" data-el="factorHead"></th>
    <th scope="col">what happens</th><th scope="col">steps to&nbsp;1/10</th></tr></thead>
  <tbody><tr><th scope="row"><span class="lr-live-key lr-live-key-flat">flat, <span data-el="muOut"></span></span></th>
      <td data-el="factorFlat"></td><td data-el="regimeFlat"></td><td data-el="stepsFlat"></td></tr>
    <tr><th scope="row"><span class="lr-live-key lr-live-key-steep">steep, <span data-el="LOut"></span></span></th>
      <td data-el="factorSteep"></td><td data-el="regimeSteep"></td><td data-el="stepsSteep"></td></tr></tbody>
</table>`;

  class LrDescent extends Live {
    build(id) {
      const { config } = this;
      this.u = [Math.cos(config.angle), Math.sin(config.angle)];
      // The rate runs up to the edge of the largest momentum, in units of 1/L, so that the scale stays still.
      this.top = config.momentum ? 4.2 : 2.4;
      // f is followed over twelve decades, whatever its unit.
      const unit = Math.round(Math.log10(config.L));
      this.decades = [unit - 9, unit + 3];
      return PANELS(id) + CONTROLS(id, this.top, config.momentum);
    }

    ready() {
      this.chart = new Chart(this.el);
      this.bowl = this.querySelector(".lr-live-plane > svg");
      this.el.levels.innerHTML = "<ellipse/>".repeat(LEVELS);
      this.listen();
      this.restore();
    }

    restore() {
      const { kappa, eta, beta, start } = this.config;
      this.state = { kappa, eta, beta, start: start.slice() };
      this.whole = true;
      this.k = 0;
    }

    listen() {
      const { el, config } = this;
      const set = (name, value) => {
        this.state[name] = value;
        this.update();
        this.speak();
      };
      el.eta.addEventListener("input", () => set("eta", el.eta.value / config.L));
      el.kappa.addEventListener("input", () => set("kappa", Number((10 ** el.kappa.value).toPrecision(3))));
      if (el.beta) el.beta.addEventListener("input", () => set("beta", Number(el.beta.value)));
      el.one.addEventListener("click", () => set("eta", 1 / config.L));
      el.best.addEventListener("click", () => set("eta", bestRate(this.mu, config.L, this.state.beta)));
      el.edge.addEventListener("click", () => set("eta", maxRate(config.L, this.state.beta)));
      this.listenToTransport(40, 160);
      this.listenToHandle(
        this.bowl,
        (dx, dy) => this.moveStart([this.state.start[0] + 0.05 * dx, this.state.start[1] + 0.05 * dy]),
        (x, y) => this.moveStart([(x - this.bowlWidth / 2) / this.scale, (this.bowlHeight / 2 - y) / this.scale]),
        () => this.moveStart(config.start),
      );
    }

    moveStart(start) {
      const within = (x, bound) => clamp(Math.round(x * 100) / 100, -bound, bound);
      this.state.start = [within(start[0], HALF_WIDTH), within(start[1], HALF_HEIGHT)];
      this.update();
      this.speak();
    }

    // ------------------------------------------------------------ time

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const sizeOf = (svg) => [svg.clientWidth, svg.clientHeight];
      [this.bowlWidth, this.bowlHeight] = sizeOf(this.bowl);
      [this.chartWidth, this.chartHeight] = sizeOf(this.el.chart);
      this.trackWidth = this.el.scale.clientWidth;
      if (!this.bowlWidth || !this.chartWidth) return; // in a closed box; measured again when it opens
      this.scale = Math.min(this.bowlWidth / (2 * HALF_WIDTH + 0.4), this.bowlHeight / (2 * HALF_HEIGHT + 0.4));
      this.update();
    }

    update() {
      const { L, steps } = this.config;
      const { kappa, eta, beta, start } = this.state;
      const [cos, sin] = this.u;
      this.mu = L / kappa;
      const c = [cos * start[0] + sin * start[1], cos * start[1] - sin * start[0]];
      this.run = descend([this.mu, L], c, eta, beta, steps);
      this.end = stop(this.run.f, 10 ** this.decades[0], 10 ** this.decades[1]);
      this.k = this.whole ? this.end.k : Math.min(this.k, this.end.k);
      this.controls();
      this.table();
      if (this.scale) {
        this.bowlGround();
        this.chart.fit(this.chartWidth, this.chartHeight, this.decades, this.config.steps);
        this.draw();
      }
    }

    controls() {
      const { el, top, mu } = this;
      const { L } = this.config;
      const { kappa, eta, beta } = this.state;
      const best = bestRate(mu, L, beta);
      const edge = maxRate(L, beta);
      el.eta.value = eta * L;
      text(el.etaOut, `${number(eta)} = ${number(eta * L)}/L`);
      el.eta.setAttribute("aria-valuetext", el.etaOut.textContent);
      el.kappa.value = Math.log10(kappa);
      text(el.kappaOut, number(kappa));
      el.kappa.setAttribute("aria-valuetext", number(kappa));
      if (el.beta) {
        el.beta.value = beta;
        text(el.betaOut, number(beta));
      }
      const mark = (name, rate, formula) => {
        const button = el[name];
        text(button, formula);
        button.setAttribute("aria-label", `${formula} = ${number(rate)}, set η to it`);
        button.setAttribute("aria-pressed", near(eta, rate));
        for (const node of [button, el[name + "Tick"]]) node.style.setProperty("--at", (rate * L) / top);
      };
      const two = beta === 0 ? "2" : "2(1+β)";
      mark("one", 1 / L, "1/L");
      mark("best", best, `${two}/(μ+L)`);
      mark("edge", edge, `${two}/L`);
      this.zones(beta, edge * L);
    }

    /* The stretches of the scale in which the steep direction behaves alike, named where there is room. */
    zones(beta, edge) {
      const root = Math.sqrt(beta);
      const ends = [0, (1 - root) ** 2, (1 + root) ** 2, edge, this.top];
      const names = ["monotone", "oscillating", "alternating", "diverging"];
      const spans = names.map((name, i) => {
        const share = (ends[i + 1] - ends[i]) / this.top;
        if (share <= 0.001) return "";
        const word = share * this.trackWidth > 165 ? name : "";
        return `<span data-zone="${name}" style="width:${(100 * share).toFixed(3)}%"><b>${word}</b></span>`;
      });
      html(this.el.zones, spans.join(""));
    }

    table() {
      const { el, mu } = this;
      const { L } = this.config;
      const { eta, beta } = this.state;
      html(el.factorHead, beta === 0 ? "factor 1&nbsp;−&nbsp;<i>ηλ</i>" : "larger |root|");
      text(el.muOut, `λ = μ = ${number(mu)}`);
      text(el.LOut, `λ = L = ${number(L)}`);
      const row = (lambda, name) => {
        const rho = spectralRadius(eta, lambda, beta);
        const steps = stepsTo(0.1, rho);
        const kind = regime(eta, lambda, beta);
        text(el["factor" + name], number(beta === 0 ? 1 - eta * lambda : rho));
        html(el["regime" + name], `${kind}<span>${WORDS[kind]}</span>`);
        el["regime" + name].dataset.regime = kind;
        text(el["steps" + name], kind === "edge" || steps === Infinity ? "never" : String(steps));
        return { rho, kind };
      };
      this.flat = row(mu, "Flat");
      this.steep = row(L, "Steep");
      el.verdict.dataset.regime = this.steep.kind;
    }

    /* What the rate does: the point of it, and the numbers. */
    verdict() {
      const { flat, steep } = this;
      const { kappa, eta, beta } = this.state;
      const edge = beta === 0 ? "2/L" : "2(1+β)/L";
      const unseen = this.run.path[0][1] === 0 ? " This start has no steep part, so it does not show." : "";
      if (steep.kind === "diverging")
        return [`η > ${edge}: diverges.`, `The steep direction grows by ${number(steep.rho)} a step.${unseen}`];
      if (steep.kind === "edge")
        return [`η = ${edge}, the edge: swings for ever.`, `The steep direction neither shrinks nor grows.${unseen}`];
      if (beta > 0) {
        const worst = Math.max(flat.rho, steep.rho);
        const slow = Math.abs(flat.rho - steep.rho) < 1e-9 ? "in both directions" : `set by the ${flat.rho > steep.rho ? "flat" : "steep"} direction`;
        return [`η < ${edge}: converges.`, `In the long run the error shrinks by ${number(worst)} a step, ${slow}.`];
      }
      if (steep.kind === "one step")
        return kappa === 1
          ? ["η = 1/L and κ = 1: one step finishes.", ""]
          : ["η = 1/L: one step finishes the steep direction.", `The flat one shrinks by ${number(flat.rho)} a step.`];
      if (near(eta, bestRate(this.mu, this.config.L, 0)))
        return ["η = 2/(μ+L), the best fixed rate for the worst start.", `Both directions shrink by ${number(flat.rho)} a step.`];
      return [
        steep.kind === "monotone" ? "η < 1/L: no overshooting." : "1/L < η < 2/L: overshoots, and still converges.",
        `Factors a step: flat ${number(1 - eta * this.mu)}, steep ${number(1 - eta * this.config.L)}.`,
      ];
    }

    outcome() {
      const { k, status } = this.end;
      const [low, high] = this.decades;
      if (this.k < k) return `Step ${this.k}: f\u00a0=\u00a0${number(this.run.f[this.k])}.`;
      if (status === "converged") return `f falls below ${power(low)} at step ${k}.`;
      if (status === "diverged") return `f exceeds ${power(high)} at step ${k}.`;
      return `f\u00a0=\u00a0${number(this.run.f[k])} after ${k} steps.`;
    }

    toScreen(c) {
      const [cos, sin] = this.u;
      const x = cos * c[0] - sin * c[1];
      const y = sin * c[0] + cos * c[1];
      return [this.bowlWidth / 2 + this.scale * x, this.bowlHeight / 2 - this.scale * y];
    }

    /* What does not depend on k: level sets, axes, start. */
    bowlGround() {
      const { el, scale, u } = this;
      const [cx, cy] = [this.bowlWidth / 2, this.bowlHeight / 2];
      const turn = `translate(${cx} ${cy}) rotate(${(-Math.atan2(u[1], u[0]) * 180) / Math.PI})`;
      el.levels.setAttribute("transform", turn);
      const stretch = Math.sqrt(this.state.kappa);
      // Outermost first. The half-axes of a level of f are sqrt(2f/mu) and sqrt(2f/L).
      [...el.levels.children].forEach((ellipse, i) => {
        const steep = 3.6 * 0.72 ** i * scale;
        ellipse.setAttribute("rx", (steep * stretch).toFixed(1));
        ellipse.setAttribute("ry", steep.toFixed(1));
      });
      const join = (a, b) => `M${point(this.toScreen(a))}L${point(this.toScreen(b))}`;
      el.axisFlat.setAttribute("d", join([-9, 0], [9, 0]));
      el.axisSteep.setAttribute("d", join([0, -9], [0, 9]));
      place(el.nameFlat, this.toScreen([1.75, 0.14]));
      place(el.nameSteep, this.toScreen([0.12, 1.95]));
      el.minimum.setAttribute("d", `M${cx - 5} ${cy}h10M${cx} ${cy - 5}v10`);
      const start = this.toScreen(this.run.path[0]);
      put(el.handle, start);
      const [x, y] = this.state.start.map((t) => number(t));
      el.handle.setAttribute("aria-valuenow", this.state.start[0]);
      el.handle.setAttribute("aria-valuetext", `across ${x}, up ${y}`);
      text(el.place, `start (${x}, ${y})`);
      place(el.place, [10, this.bowlHeight - 10]);
    }

    /* What depends on k. */
    draw() {
      const { el, k, run } = this;
      if (this.scale) {
        const points = run.path.slice(0, k + 1).map((c) => this.toScreen(c));
        el.line.setAttribute("d", line(points));
        el.dots.setAttribute("d", dots(points));
        put(el.now, points[k]);
        const values = this.chart.points(run.f.slice(0, k + 1));
        el.curve.setAttribute("d", line(values));
        el.curveDots.setAttribute("d", dots(values));
        ["partFlat", "partSteep"].forEach((part, i) => {
          const its = run.parts.slice(0, k + 1).map((f) => f[i]);
          el[part].setAttribute("d", line(this.chart.points(its)));
        });
        this.chart.mark(el.curveNow, k, run.f[k]);
        el.chart.setAttribute("aria-label", `f on a log scale against the step k. ${this.outcome()}`);
      }
      el.k.max = this.end.k;
      el.k.value = k;
      text(el.kOut, `${k} of ${this.end.k}`);
      const [lead, rest] = this.verdict();
      html(el.verdict, `<b>${lead.replace(/</g, "&lt;")}</b> ${rest} ${this.outcome()}`);
    }
  }

  customElements.define("lr-descent", LrDescent);
})();
