/* <lr-descent>: gradient descent with momentum on a quadratic bowl, to be driven by hand.
 *
 * The first half is arithmetic without a document. It works mode by mode, with the operations of
 * lrcore.run on problems.Quadratic in the same order, so that both give the same bits; node can load it.
 * The second half is the custom element. A classic script, because modules do not load from file://.
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

  /* The first k with rho^k <= eps. */
  function stepsTo(eps, rho) {
    if (rho >= 1) return Infinity;
    if (rho <= eps) return 1;
    const ratio = Math.log(eps) / Math.log(rho);
    const whole = Math.round(ratio);
    return Math.abs(ratio - whole) <= 1e-12 * whole ? whole : Math.ceil(ratio);
  }

  /* First step at which f leaves [low, high], and why; the last step when it stays inside. */
  function stop(f, low, high) {
    for (let k = 0; k < f.length; k++) {
      if (!(f[k] <= high)) return { k, status: "diverged" };
      if (f[k] < low) return { k, status: "converged" };
    }
    return { k: f.length - 1, status: "running" };
  }

  const arithmetic = { descend, maxRate, bestRate, spectralRadius, regime, stepsTo, stop };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined" || typeof customElements === "undefined") return;
  // A notebook cell that is run again carries this script again; the first definition stays.
  if (customElements.get("lr-descent")) return;

  // ---------------------------------------------------------------- words and numbers

  const MINUS = "\u2212";
  const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  function number(x, digits = 3) {
    const size = Math.abs(x);
    if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(x.toPrecision(digits))).replace("-", MINUS);
    const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}\u00a0·\u00a0${power(Number(exponent))}`.replace("-", MINUS);
  }
  function power(n) {
    return "10" + (n < 0 ? "⁻" : "") + String(Math.abs(n)).replace(/\d/g, (d) => SUPERSCRIPT[d]);
  }

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
  const MARGIN = { left: 42, right: 10, top: 8, bottom: 38 };
  let instances = 0;

  const PANELS = (id) => `
  <div class="lr-descent-panel lr-descent-bowl">
    <p class="lr-descent-head"><span>Drag the <b>start</b>, or move it by arrow keys</span></p>
    <svg role="group" aria-label="The bowl seen from above, with the path of the iterates">
      <g data-el="levels" class="lr-descent-levels" aria-hidden="true"></g>
      <g aria-hidden="true">
        <path data-el="axisFlat" class="lr-descent-flat"/><path data-el="axisSteep" class="lr-descent-steep"/>
        <text data-el="nameFlat">flat, λ = μ</text><text data-el="nameSteep">steep, λ = L</text>
        <path data-el="minimum" class="lr-descent-minimum"/>
        <path data-el="line" class="lr-descent-line"/><path data-el="dots" class="lr-descent-dots"/>
        <circle data-el="now" class="lr-descent-now" r="6"/>
      </g>
      <g data-el="handle" class="lr-descent-handle" tabindex="0" role="slider" aria-label="Start point"
         aria-roledescription="two-way slider" aria-describedby="${id}-keys"
         aria-valuemin="${-HALF_WIDTH}" aria-valuemax="${HALF_WIDTH}">
        <circle class="lr-descent-hit" r="22"/><circle class="lr-descent-ring" r="14"/><circle class="lr-descent-knob" r="8"/>
      </g>
      <text data-el="place" class="lr-descent-place" aria-hidden="true"></text>
    </svg>
    <p class="lr-descent-spoken" id="${id}-keys">Arrow keys move the start, with Shift in large steps. Home brings it back.</p>
  </div>
  <div class="lr-descent-panel lr-descent-chart">
    <p class="lr-descent-head"><span class="lr-descent-key lr-descent-key-f">f at step k</span>
      <span class="lr-descent-key lr-descent-key-flat">flat part</span>
      <span class="lr-descent-key lr-descent-key-steep">steep part</span></p>
    <svg role="img" data-el="chart"><g data-el="grid" class="lr-descent-grid"></g>
      <svg data-el="plot"><path data-el="curve" class="lr-descent-line"/><path data-el="curveDots" class="lr-descent-dots"/>
        <path data-el="partFlat" class="lr-descent-flat"/><path data-el="partSteep" class="lr-descent-steep"/></svg>
      <circle data-el="curveNow" class="lr-descent-now" r="5"/></svg>
  </div>`;

  const slider = (id, name, label, attributes) => `
<div class="lr-descent-control lr-descent-${name}">
  <label for="${id}-${name}">${label}</label><output data-el="${name}Out" for="${id}-${name}"></output>
  <div class="lr-descent-track"><input type="range" id="${id}-${name}" data-el="${name}" ${attributes}></div>
</div>`;

  const CONTROLS = (id, top, momentum) => `
<p class="lr-descent-verdict" data-el="verdict"></p>
<div class="lr-descent-control lr-descent-eta">
  <label for="${id}-eta">Learning rate <i>η</i></label><output data-el="etaOut" for="${id}-eta"></output>
  <div class="lr-descent-track lr-descent-scale" data-el="scale">
    <button type="button" class="lr-descent-mark lr-descent-above" data-el="best"></button>
    <input type="range" id="${id}-eta" data-el="eta" min="0.02" max="${top}" step="0.01">
    <button type="button" class="lr-descent-mark" data-el="one"></button>
    <button type="button" class="lr-descent-mark" data-el="edge"></button>
    <div class="lr-descent-zones" data-el="zones" aria-hidden="true"></div>
    <div class="lr-descent-ticks" aria-hidden="true"><i data-el="oneTick"></i><i data-el="bestTick"></i><i data-el="edgeTick"></i></div>
  </div>
</div>
<div class="lr-descent-transport">
  <button type="button" data-el="play">Play</button>
  <button type="button" data-el="step">Step</button>
  <button type="button" data-el="reset">Reset</button>
  ${slider(id, "k", "Step <i>k</i>", 'min="0" step="1"')}
</div>
<div class="lr-descent-shape">
  ${slider(id, "kappa", "Condition <i>κ</i> = L/μ", 'min="0" max="2" step="0.01"')}
  ${momentum ? slider(id, "beta", "Momentum <i>β</i>", 'min="0" max="0.99" step="0.01"') : ""}
</div>
<table class="lr-descent-modes">
  <caption class="lr-descent-spoken">What the rate does in each direction</caption>
  <thead><tr><th scope="col">direction</th><th scope="col" data-el="factorHead"></th>
    <th scope="col">what happens</th><th scope="col">steps to&nbsp;1/10</th></tr></thead>
  <tbody><tr><th scope="row"><span class="lr-descent-key lr-descent-key-flat">flat, <span data-el="muOut"></span></span></th>
      <td data-el="factorFlat"></td><td data-el="regimeFlat"></td><td data-el="stepsFlat"></td></tr>
    <tr><th scope="row"><span class="lr-descent-key lr-descent-key-steep">steep, <span data-el="LOut"></span></span></th>
      <td data-el="factorSteep"></td><td data-el="regimeSteep"></td><td data-el="stepsSteep"></td></tr></tbody>
</table>
<p class="lr-descent-spoken" role="status" aria-live="polite" data-el="live"></p>`;

  class LrDescent extends HTMLElement {
    connectedCallback() {
      // Parsed by a script in the head the element would still be empty, and its fallback arrive later.
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", () => this.isConnected && this.wake(), { once: true });
      } else this.wake();
    }

    wake() {
      if (!this.el) this.build();
      this.sizes = new ResizeObserver(() => this.measure());
      for (const svg of this.querySelectorAll(".lr-descent-panel > svg")) this.sizes.observe(svg);
      this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
      this.onCalm = () => {
        this.pause();
        this.el.play.hidden = this.calm.matches;
      };
      this.calm.addEventListener("change", this.onCalm);
      this.onCalm();
      this.measure();
    }

    disconnectedCallback() {
      if (!this.sizes) return;
      this.pause();
      clearTimeout(this.speech);
      this.sizes.disconnect();
      this.calm.removeEventListener("change", this.onCalm);
    }

    build() {
      const id = "lr-descent-" + ++instances;
      const config = (this.config = JSON.parse(this.dataset.config || "{}"));
      const defaults = { L: 10, kappa: 10, eta: 0.17, beta: 0, start: [-2.5, 0.6], angle: 0.4, steps: 60, momentum: true };
      for (const name in defaults) if (!(name in config)) config[name] = defaults[name];
      // Keys belong to the controls: a notebook takes arrows for its cells, some pages turn over at them.
      this.addEventListener("keydown", (event) => {
        const outward = event.key === "Tab" || event.key === "Escape" || event.altKey || event.ctrlKey || event.metaKey;
        if (!outward) event.stopPropagation();
      });
      this.u = [Math.cos(config.angle), Math.sin(config.angle)];
      // The rate runs up to the edge of the largest momentum, in units of 1/L, so that the scale stays still.
      this.top = config.momentum ? 4.2 : 2.4;
      // f is followed over twelve decades, whatever its unit.
      const unit = Math.round(Math.log10(config.L));
      this.decades = [unit - 9, unit + 3];
      const caption = this.querySelector(".lr-descent-caption");
      this.innerHTML = `<div class="lr-descent-body">${PANELS(id)}${CONTROLS(id, this.top, config.momentum)}</div>`;
      if (caption) this.append(caption);
      this.el = {};
      for (const node of this.querySelectorAll("[data-el]")) this.el[node.dataset.el] = node;
      this.bowl = this.querySelector(".lr-descent-bowl > svg");
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
      el.k.addEventListener("input", () => {
        this.pause();
        this.go(Number(el.k.value));
      });
      el.play.addEventListener("click", () => (this.frame ? this.pause() : this.play()));
      el.step.addEventListener("click", () => {
        this.pause();
        this.go(this.k < this.end.k ? this.k + 1 : Math.min(1, this.end.k));
      });
      el.reset.addEventListener("click", () => {
        this.pause();
        this.restore();
        this.update();
        this.speak();
      });
      this.listenToStart();
    }

    listenToStart() {
      const { handle } = this.el;
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      handle.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key === "Home") this.moveStart(this.config.start);
        else if (moves[event.key]) {
          const size = event.shiftKey ? 0.5 : 0.05;
          this.moveStart(this.state.start.map((x, i) => x + size * moves[event.key][i]));
        } else return;
        event.preventDefault();
      });
      const toPointer = (event) => {
        const box = this.bowl.getBoundingClientRect();
        this.moveStart([
          (event.clientX - box.left - box.width / 2) / this.scale,
          (box.top + box.height / 2 - event.clientY) / this.scale,
        ]);
      };
      // A finger drags the handle only, so that the page still scrolls under the panel; a tap moves the start.
      let dragged = false;
      this.bowl.addEventListener("pointerdown", (event) => {
        dragged = event.button === 0 && (event.pointerType === "mouse" || handle.contains(event.target));
        if (!dragged) return;
        event.preventDefault();
        handle.focus({ preventScroll: true });
        this.bowl.setPointerCapture(event.pointerId);
        toPointer(event);
      });
      this.bowl.addEventListener("pointermove", (event) => {
        if (this.bowl.hasPointerCapture(event.pointerId)) toPointer(event);
      });
      // Not every browser applies touch-action to a part of a drawing.
      handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      this.bowl.addEventListener("click", (event) => dragged || toPointer(event));
    }

    moveStart(start) {
      const clamp = (x, bound) => Math.min(bound, Math.max(-bound, Math.round(x * 100) / 100));
      this.state.start = [clamp(start[0], HALF_WIDTH), clamp(start[1], HALF_HEIGHT)];
      this.update();
      this.speak();
    }

    // ------------------------------------------------------------ time

    go(k) {
      this.k = k;
      this.whole = k === this.end.k;
      this.draw();
      this.speak();
    }

    play() {
      const pace = Math.min(160, Math.max(40, 8000 / Math.max(1, this.end.k))); // milliseconds a step
      if (this.k >= this.end.k) this.go(0);
      this.el.play.textContent = "Pause";
      let before;
      const tick = (now) => {
        if (before === undefined) before = now;
        const steps = Math.floor((now - before) / pace);
        if (steps > 0) {
          before += steps * pace;
          this.go(Math.min(this.end.k, this.k + steps));
        }
        if (this.k >= this.end.k) this.pause();
        else this.frame = requestAnimationFrame(tick);
      };
      this.frame = requestAnimationFrame(tick);
    }

    pause() {
      if (this.frame) cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.el.play.textContent = "Play";
    }

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
        this.chartGround();
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
      el.handle.setAttribute("transform", `translate(${point(start)})`);
      const [x, y] = this.state.start.map((t) => number(t));
      el.handle.setAttribute("aria-valuenow", this.state.start[0]);
      el.handle.setAttribute("aria-valuetext", `across ${x}, up ${y}`);
      text(el.place, `start (${x}, ${y})`);
      place(el.place, [10, this.bowlHeight - 10]);
    }

    chartGround() {
      const { el, decades } = this;
      const width = this.chartWidth - MARGIN.left - MARGIN.right;
      const height = this.chartHeight - MARGIN.top - MARGIN.bottom;
      const steps = this.config.steps;
      this.chartX = (k) => (width * k) / steps;
      this.chartY = (f) => height * (1 - (Math.log10(f) - decades[0]) / (decades[1] - decades[0]));
      for (const [name, value] of Object.entries({ x: MARGIN.left, y: MARGIN.top, width, height })) el.plot.setAttribute(name, value);
      const drawn = [width, height].join();
      if (this.gridDrawn !== drawn) {
        this.gridDrawn = drawn;
        el.grid.innerHTML = this.grid(width, height, steps);
      }
    }

    /* Log of zero is drawn just below the frame. */
    clipped(f) {
      return Math.min(this.chartY(f), this.chartHeight);
    }

    grid(width, height, steps) {
      const parts = [];
      for (let n = this.decades[0]; n <= this.decades[1]; n += 3) {
        const y = MARGIN.top + this.chartY(10 ** n);
        parts.push(`<path d="M${MARGIN.left} ${y.toFixed(1)}h${width.toFixed(1)}"/>`);
        parts.push(`<text x="${MARGIN.left - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${power(n)}</text>`);
      }
      const gap = [1, 2, 5, 10, 20, 50, 100, 200].find((g) => steps / g <= 6.5) || 500;
      const base = MARGIN.top + height;
      for (let k = 0; k <= steps; k += gap) {
        const x = MARGIN.left + this.chartX(k);
        parts.push(`<path d="M${x.toFixed(1)} ${base.toFixed(1)}v4"/>`);
        parts.push(`<text x="${x.toFixed(1)}" y="${base + 17}" text-anchor="middle">${k}</text>`);
      }
      parts.push(`<text x="${MARGIN.left + width}" y="${base + 30}" text-anchor="end">step k</text>`);
      return parts.join("");
    }

    /* What depends on k. */
    draw() {
      const { el, k, run } = this;
      if (this.scale) {
        const points = run.path.slice(0, k + 1).map((c) => this.toScreen(c));
        el.line.setAttribute("d", "M" + points.map(point).join("L"));
        el.dots.setAttribute("d", points.map((p) => `M${point(p)}h0`).join(""));
        el.now.setAttribute("transform", `translate(${point(points[k])})`);
        const inChart = (f, j) => [this.chartX(j), this.clipped(f)];
        const values = run.f.slice(0, k + 1).map(inChart);
        el.curve.setAttribute("d", "M" + values.map(point).join("L"));
        ["partFlat", "partSteep"].forEach((part, i) => {
          const its = run.parts.slice(0, k + 1).map((f, j) => point(inChart(f[i], j)));
          el[part].setAttribute("d", "M" + its.join("L"));
        });
        el.curveDots.setAttribute("d", values.map((p) => `M${point(p)}h0`).join(""));
        const [x, y] = values[k];
        const height = this.chartHeight - MARGIN.top - MARGIN.bottom;
        el.curveNow.setAttribute("transform", `translate(${point([MARGIN.left + x, MARGIN.top + Math.max(0, Math.min(height, y))])})`);
        el.chart.setAttribute("aria-label", `f on a log scale against the step k. ${this.outcome()}`);
      }
      el.k.max = this.end.k;
      el.k.value = k;
      text(el.kOut, `${k} of ${this.end.k}`);
      const [lead, rest] = this.verdict();
      html(el.verdict, `<b>${lead.replace(/</g, "&lt;")}</b> ${rest} ${this.outcome()}`);
    }

    /* One announcement when the reader pauses, not one for every pixel of a drag; none for a page that loads. */
    speak() {
      clearTimeout(this.speech);
      this.speech = setTimeout(() => {
        if (!this.frame && this.isConnected) text(this.el.live, this.el.verdict.textContent);
      }, 700);
    }
  }

  // A text that is written again, though the same, is laid out again.
  const text = (node, words) => node.textContent === words || (node.textContent = words);
  function html(node, markup) {
    if (node.markup !== markup) node.innerHTML = node.markup = markup;
  }
  const point = (p) => p[0].toFixed(1) + " " + p[1].toFixed(1);
  function place(text, [x, y]) {
    text.setAttribute("x", x.toFixed(1));
    text.setAttribute("y", y.toFixed(1));
  }

  customElements.define("lr-descent", LrDescent);
})();
