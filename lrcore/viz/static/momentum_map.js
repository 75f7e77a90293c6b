/* <lr-momentum-map>: the plane of eta and beta, coloured by the speed of heavy ball or Nesterov, and the run of a pair.
 *
 * The first half is arithmetic without a document; runs have the operations of lrcore.run on problems.Quadratic
 * in the same order, so that both give the same bits; node can load it. The second half stands on live.js.
 */
(function () {
  "use strict";

  // ---------------------------------------------------------------- arithmetic; h is eta times lambda

  /* Sum and product of the roots of z^2 - p z + q, by whose powers the error of a mode goes. */
  function sumAndProduct(form, h, beta) {
    if (form === "nesterov") return [(1 + beta) * (1 - h), beta * (1 - h)];
    return [1 + beta - (form === "ema" ? h * (1 - beta) : h), beta];
  }

  function radius(form, h, beta) {
    const [p, q] = sumAndProduct(form, h, beta);
    const discriminant = p * p - 4 * q;
    return discriminant < 0 ? Math.sqrt(q) : (Math.abs(p) + Math.sqrt(discriminant)) / 2;
  }

  /* The h at which a mode neither shrinks nor grows. */
  function edge(form, beta) {
    return (2 * (1 + beta)) / { classical: 1, ema: 1 - beta, nesterov: 1 + 2 * beta }[form];
  }

  // Equality up to a few roundings: (2/L) L need not be 2.
  const near = (a, b) => Math.abs(a - b) <= 8 * Number.EPSILON * (1 + Math.abs(b));

  function regime(form, h, beta) {
    if (near(h, edge(form, beta))) return "edge";
    if (h > edge(form, beta)) return "diverging";
    if (near(h, 1) && (beta === 0 || form === "nesterov")) return "one step";
    const [p, q] = sumAndProduct(form, h, beta);
    // A double root is where the best pair is; rounding must not say that it swings.
    if (q > 0 && Math.abs(p * p - 4 * q) <= 1e-13) return "double root";
    if (p * p < 4 * q) return "oscillating";
    return p > 0 ? "monotone" : "alternating";
  }

  /* Between these h the roots are complex. */
  function swing(form, beta) {
    if (form === "nesterov") return [((1 - beta) / (1 + beta)) ** 2, 1];
    const unit = form === "ema" ? 1 - beta : 1;
    return [(1 - Math.sqrt(beta)) ** 2 / unit, (1 + Math.sqrt(beta)) ** 2 / unit];
  }

  /* Between these h both roots are at most r in modulus (0 < r <= 1): |q| <= r^2 and |p| <= r + q/r. */
  function within(form, r, beta) {
    if (form === "nesterov") {
      const high = (r * r) / (r * (1 + beta) - beta); // of 1 - h, where the sum binds
      const both = beta < r / (2 - r) ? high : (r * r) / beta; // where the product does
      return [1 - both, 1 + (r * r) / (r * (1 + beta) + beta)];
    }
    if (beta > r * r) return null;
    const unit = form === "ema" ? 1 - beta : 1;
    return [((1 - r) * (1 - beta / r)) / unit, ((1 + r) * (1 + beta / r)) / unit];
  }

  /* The pair with the least radius over curvatures from mu to L. */
  function best(form, mu, L) {
    const kappa = L / mu;
    if (form === "nesterov") {
      const root = Math.sqrt(3 * kappa + 1);
      return { eta: 4 / (3 * L + mu), beta: (root - 2) / (root + 2), rho: 1 - 2 / root };
    }
    const rho = (Math.sqrt(kappa) - 1) / (Math.sqrt(kappa) + 1);
    const eta = form === "ema" ? 1 / Math.sqrt(L * mu) : 4 / (Math.sqrt(L) + Math.sqrt(mu)) ** 2;
    return { eta, beta: rho * rho, rho };
  }

  /* Corners [eta L, beta] of the set where the radius of both modes is at most r; none when it is empty. */
  function level(form, kappa, r) {
    const row = (beta) => {
      const ends = within(form, r, beta);
      return ends && ends[0] * kappa <= ends[1] ? [ends[0] * kappa, ends[1]] : null;
    };
    const ROWS = 120;
    const betas = [];
    for (let i = 0; i <= ROWS; i++) if (row((0.999 * i) / ROWS)) betas.push((0.999 * i) / ROWS);
    if (!betas.length) return [];
    const last = betas.length - 1;
    // the rows where the set begins and ends, to a pixel's thousandth
    const border = (inside, outside) => {
      for (let i = 0; i < 20; i++) {
        const middle = (inside + outside) / 2;
        if (row(middle)) inside = middle;
        else outside = middle;
      }
      return inside;
    };
    if (betas[0] > 0) betas.unshift(border(betas[0], betas[0] - 0.999 / ROWS));
    betas.push(border(betas[betas.length - 1], Math.min(0.999, betas[betas.length - 1] + 0.999 / ROWS)));
    const ends = betas.map(row);
    const left = betas.map((beta, i) => [ends[i][0], beta]);
    return left.concat(betas.map((beta, i) => [ends[i][1], beta]).reverse());
  }

  /* The errors of the modes, each 1 at first, for steps 0..steps. */
  function descend(form, eigenvalues, eta, beta, steps) {
    const c = eigenvalues.map(() => 1);
    const v = c.map(() => 0);
    const path = [c.slice()];
    const weight = form === "ema" ? 1 - beta : 1;
    for (let k = 0; k < steps; k++) {
      for (let i = 0; i < c.length; i++) {
        const g = eigenvalues[i] * c[i];
        v[i] = beta * v[i] + weight * g;
        c[i] = c[i] - eta * (form === "nesterov" ? g + beta * v[i] : v[i]);
      }
      path.push(c.slice());
    }
    return path;
  }

  const arithmetic = { radius, edge, regime, swing, within, best, level, descend };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined") return;
  if (customElements.get("lr-momentum-map")) return; // a notebook cell that is run again
  const { stepsTo, number, text, html, line, place, put, clamp, slider, handle, chart, Chart, Live } = lrLive;

  const WORDS = {
    monotone: ": real roots, shrinks without overshooting",
    "one step": ": both roots are 0",
    alternating: ": real roots, overshoots each time, and shrinks",
    "double root": ": real and equal roots r, shrinks like k rᵏ",
    oscillating: ": complex roots, swings to and fro, and shrinks",
    edge: ": swings for ever",
    diverging: ": overshoots each time, and grows",
  };
  const NAMES = { classical: "classical", ema: "EMA", nesterov: "Nesterov" };
  const EDGES = { classical: "2(1+β)/L", ema: "2(1+β)/((1−β)L)", nesterov: "2(1+β)/((1+2β)L)" };

  // ---------------------------------------------------------------- the element

  const LEVELS = [1, 0.98, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
  const NAMED = [0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.2];
  const WIDEST = { classical: 4.2, ema: 12.6, nesterov: 4.2 }; // eta L at the right end of the map
  const MOST_BETA = 0.99;
  const DECADES = [-6, 3];
  const MARGIN = { left: 34, right: 12, top: 10, bottom: 40 };

  const MARKUP = (id) => `
<div class="lr-live-panel lr-live-plane">
  <p class="lr-live-head"><span>Drag the <b>dot</b>. Swings above</span>
    <span class="lr-live-key lr-live-key-flat">flat</span><span class="lr-live-key lr-live-key-steep">steep</span></p>
  <svg role="group" data-el="map" aria-label="The map of learning rate and momentum, darker where the slower mode is faster">
    <pattern id="${id}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d="M0 4h8" class="lr-momentum-map-hatch"/></pattern>
    <g data-el="axes" class="lr-live-grid" aria-hidden="true"></g>
    <svg data-el="area" aria-hidden="true"><rect width="100%" height="100%" fill="url(#${id}-hatch)"/>
      <g data-el="levels" class="lr-momentum-map-levels"></g>
      <path data-el="swingFlat" class="lr-live-flat"/><path data-el="swingSteep" class="lr-live-steep"/>
      <path data-el="border" class="lr-momentum-map-border"/><g data-el="names"></g></svg>
    <g aria-hidden="true"><path data-el="plain" class="lr-momentum-map-plain" d="M0 -7L6 4H-6z"/>
      <path data-el="star" class="lr-momentum-map-star" d="M0 -8L8 0L0 8L-8 0z"/><text data-el="starName">best pair</text></g>
    ${handle(id, "Learning rate and momentum", 0, 1)}
  </svg>
  <p class="lr-live-spoken" id="${id}-keys">Left and right change η, up and down β, with Shift in large steps. Home brings the first pair back.</p>
</div>
<div class="lr-live-panel lr-live-chart">
  <p class="lr-live-head"><span>Error at step k:</span><span class="lr-live-key lr-live-key-flat">flat</span>
    <span class="lr-live-key lr-live-key-steep">steep</span><span class="lr-live-key lr-momentum-map-rho">ρ<sup>k</sup></span></p>
  ${chart(`<path data-el="slope" class="lr-momentum-map-slope"/><path data-el="flat" class="lr-live-flat"/><path data-el="steep" class="lr-live-steep"/>`)}
</div>
<p class="lr-live-verdict" data-el="verdict"></p>
<fieldset class="lr-live-choice" data-el="forms"><legend>Form</legend>${Object.entries(NAMES)
    .map(([form, name]) => `<label><input type="radio" name="${id}-form" value="${form}">${name}</label>`)
    .join("")}</fieldset>
<div class="lr-live-transport">
  <button type="button" data-el="toBest"><span aria-hidden="true">◆</span> Best pair</button>
  <button type="button" data-el="toPlain"><span aria-hidden="true">△</span> Best with β = 0</button>
  <button type="button" data-el="toEdge">Edge</button>
  <button type="button" data-el="reset">Reset</button>
  ${slider(id, "kappa", "<i>κ</i> = L/μ", 'min="0" max="2" step="0.01"')}
</div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">What the pair does in each direction</caption>
  <thead><tr><th scope="col">direction</th><th scope="col">larger |root| <i>r</i></th>
    <th scope="col">what happens</th><th scope="col"><i>r</i><sup>k</sup>&nbsp;≤&nbsp;1/10 from k&nbsp;=</th></tr></thead>
  <tbody><tr><th scope="row"><span class="lr-live-key lr-live-key-flat">flat, <span data-el="muOut"></span></span></th>
      <td data-el="radiusFlat"></td><td data-el="regimeFlat"></td><td data-el="stepsFlat"></td></tr>
    <tr><th scope="row"><span class="lr-live-key lr-live-key-steep">steep, <span data-el="LOut"></span></span></th>
      <td data-el="radiusSteep"></td><td data-el="regimeSteep"></td><td data-el="stepsSteep"></td></tr></tbody>
</table>`;

  class LrMomentumMap extends Live {
    build(id) {
      return MARKUP(id);
    }

    ready() {
      const { el } = this;
      this.chart = new Chart(el);
      this.radios = [...el.forms.querySelectorAll("input")];
      const set = (change) => {
        Object.assign(this.state, change);
        this.update();
        this.speak();
      };
      const move = (rate, beta) => {
        const { L } = this.config;
        const eta = clamp(Math.round(rate * 1000) / 1000, 0.02, WIDEST[this.state.form]) / L;
        set({ eta, beta: clamp(Math.round(beta * 1000) / 1000, 0, MOST_BETA) });
      };
      const restore = () => {
        const { kappa, eta, beta, form } = this.config;
        set({ kappa, eta, beta, form });
      };
      this.state = {};
      el.forms.addEventListener("change", (event) => {
        const form = event.target.value;
        set({ form, eta: Math.min(this.state.eta, WIDEST[form] / this.config.L) });
      });
      el.kappa.addEventListener("input", () => set({ kappa: Number((10 ** el.kappa.value).toPrecision(3)) }));
      el.toBest.addEventListener("click", () => set({ eta: this.best.eta, beta: this.best.beta }));
      el.toPlain.addEventListener("click", () => set({ eta: 2 / (this.mu + this.config.L), beta: 0 }));
      el.toEdge.addEventListener("click", () => {
        const rate = edge(this.state.form, this.state.beta);
        if (rate <= WIDEST[this.state.form]) set({ eta: rate / this.config.L });
      });
      el.reset.addEventListener("click", restore);
      this.listenToHandle(
        el.map,
        (dx, dy) => {
          const { eta, beta, form } = this.state;
          move(eta * this.config.L + (dx * WIDEST[form]) / 210, beta + 0.01 * dy);
        },
        (x, y) => move(...this.toPlane([x, y])),
        () => set({ eta: this.config.eta, beta: this.config.beta }),
      );
      restore();
      clearTimeout(this.speech); // opening is no news
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const { map, chart } = this.el;
      [this.width, this.height] = [map.clientWidth - MARGIN.left - MARGIN.right, map.clientHeight - MARGIN.top - MARGIN.bottom];
      [this.chartWidth, this.chartHeight] = [chart.clientWidth, chart.clientHeight];
      this.update();
    }

    /* [eta L, beta] to pixels of the area, and pixels of the drawing back. */
    toArea([rate, beta]) {
      return [(this.width * rate) / WIDEST[this.state.form], this.height * (1 - beta)];
    }

    toMap(pair) {
      const [x, y] = this.toArea(pair);
      return [MARGIN.left + x, MARGIN.top + y];
    }

    toPlane([x, y]) {
      return [((x - MARGIN.left) / this.width) * WIDEST[this.state.form], 1 - (y - MARGIN.top) / this.height];
    }

    update() {
      const { L, steps } = this.config;
      const { kappa, eta, beta, form } = this.state;
      this.mu = L / kappa;
      this.best = best(form, this.mu, L);
      this.run = descend(form, [this.mu, L], eta, beta, steps);
      this.flat = this.mode(this.mu);
      this.steep = this.mode(L);
      this.rho = Math.max(this.flat.rho, this.steep.rho);
      this.controls();
      if (this.width > 0) this.ground();
      if (this.chartWidth > 0) this.draw();
    }

    mode(lambda) {
      const { eta, beta, form } = this.state;
      const kind = regime(form, eta * lambda, beta);
      return { rho: kind === "edge" ? 1 : radius(form, eta * lambda, beta), kind };
    }

    controls() {
      const { el, mu } = this;
      const { L } = this.config;
      const { kappa, eta, beta, form } = this.state;
      for (const radio of this.radios) radio.checked = radio.value === form;
      el.kappa.value = Math.log10(kappa);
      text(el.kappaOut, number(kappa));
      el.kappa.setAttribute("aria-valuetext", number(kappa));
      el.toEdge.disabled = edge(form, beta) > WIDEST[form];
      el.handle.setAttribute("aria-valuenow", beta);
      el.handle.setAttribute("aria-valuetext", `η = ${number(eta)}, β = ${number(beta)}`);
      text(el.muOut, `λ = μ = ${number(mu)}`);
      text(el.LOut, `λ = L = ${number(L)}`);
      for (const [name, { rho, kind }] of [["Flat", this.flat], ["Steep", this.steep]]) {
        const steps = stepsTo(0.1, rho);
        text(el["radius" + name], number(rho));
        html(el["regime" + name], `${kind}<span>${WORDS[kind]}</span>`);
        text(el["steps" + name], steps === Infinity ? "never" : String(steps));
      }
      const [lead, rest] = this.verdict();
      html(el.verdict, `η = ${number(eta)} = ${number(eta * L)}/L, β = ${number(beta)}. <b>${lead.replace(/</g, "&lt;")}</b> ${rest}`);
    }

    verdict() {
      const { flat, steep, rho, mu, best } = this;
      const { L } = this.config;
      const { eta, beta, form } = this.state;
      const plain = (L - mu) / (L + mu);
      if (steep.kind === "diverging") return [`η > ${EDGES[form]}: diverges.`, `The steep mode grows by ${number(steep.rho)} a step.`];
      if (steep.kind === "edge") return [`η = ${EDGES[form]}, the edge: swings for ever.`, "The steep mode neither shrinks nor grows."];
      if (near(eta, best.eta) && near(beta, best.beta))
        return [`The best pair: ρ = ${number(best.rho)}.`, `The best rate without momentum reaches ${number(plain)} a step.`];
      const slow = Math.abs(flat.rho - steep.rho) < 1e-9 ? "both modes" : flat.rho > steep.rho ? "the flat mode" : "the steep mode";
      return [`ρ = ${number(rho)}, set by ${slow}.`, `The best pair, η = ${number(best.eta)} and β = ${number(best.beta)}, has ${number(best.rho)}.`];
    }

    /* The map: drawn again only when it changes. */
    ground() {
      const { el, width, height } = this;
      const { L } = this.config;
      const { kappa, eta, beta, form } = this.state;
      put(el.handle, this.toMap([eta * L, beta]));
      const drawn = [width, height, kappa, form].join();
      if (this.drawn === drawn) return;
      this.drawn = drawn;
      const size = { x: MARGIN.left, y: MARGIN.top, width, height };
      for (const name in size) el.area.setAttribute(name, size[name]);
      const outline = (corners) => line(corners.map((each) => this.toArea([Math.min(each[0], 99), each[1]])));
      const star = this.toArea([this.best.eta * L, this.best.beta]);
      const seen = star[0] <= width;
      const paths = [];
      const names = [];
      const taken = [star];
      for (const r of LEVELS) {
        const corners = level(form, kappa, r);
        if (!corners.length) continue;
        paths.push(`<path d="${outline(corners)}z"/>`);
        // Named at its upper right corner, or where it leaves the map.
        const right = corners.slice(corners.length / 2).map((each) => this.toArea(each));
        const at = right.find(([x]) => x <= width - 4);
        const far = (other) => Math.hypot(at[0] - other[0], at[1] - other[1]) > 30;
        if (NAMED.includes(r) && at && taken.every(far)) {
          taken.push(at);
          names.push(`<text x="${(at[0] - 5).toFixed(1)}" y="${(at[1] + 14).toFixed(1)}" text-anchor="end">${r}</text>`);
        }
      }
      html(el.levels, paths.join(""));
      const rows = Array.from({ length: 101 }, (_, i) => (0.999 * i) / 100);
      const border = rows.map((each) => [edge(form, each), each]);
      el.border.setAttribute("d", outline(border));
      names.push(`<text x="${width - 6}" y="${height - 8}" text-anchor="end">${width > 250 ? "diverges" : ""}</text>`);
      html(el.names, names.join(""));
      for (const [name, stretch] of [["Flat", kappa], ["Steep", 1]]) {
        const ends = rows.map((each) => swing(form, each).map((h) => h * stretch));
        const curve = rows.map((each, i) => [ends[i][0], each]).reverse().concat(rows.map((each, i) => [ends[i][1], each]));
        el["swing" + name].setAttribute("d", outline(curve));
      }
      put(el.star, [star[0] + MARGIN.left, star[1] + MARGIN.top]);
      el.star.style.display = seen ? "" : "none";
      text(el.starName, seen ? "best pair" : `best pair at ${number(this.best.eta * L)}/L →`);
      const before = star[0] < width * 0.7;
      el.starName.setAttribute("text-anchor", seen && before ? "start" : "end");
      const beside = seen ? MARGIN.left + star[0] + (before ? 12 : -12) : MARGIN.left + width - 4;
      place(el.starName, [beside, MARGIN.top + star[1] - 6]);
      put(el.plain, this.toMap([(2 * L) / (this.mu + L), 0]));
      html(el.axes, this.axes());
    }

    axes() {
      const { width, height } = this;
      const { form } = this.state;
      const parts = [];
      const base = MARGIN.top + height;
      for (let rate = 0; rate <= WIDEST[form]; rate += form === "ema" ? 2 : 1) {
        const x = MARGIN.left + (width * rate) / WIDEST[form];
        parts.push(`<path d="M${x.toFixed(1)} ${base.toFixed(1)}v5"/>`);
        parts.push(`<text x="${x.toFixed(1)}" y="${base + 18}" text-anchor="middle">${rate ? rate + "/L" : 0}</text>`);
      }
      for (const beta of [0, 0.25, 0.5, 0.75, 0.9]) {
        const y = MARGIN.top + height * (1 - beta);
        parts.push(`<path d="M${MARGIN.left} ${y.toFixed(1)}h-4"/>`);
        parts.push(`<text x="${MARGIN.left - 7}" y="${(y + 4).toFixed(1)}" text-anchor="end">${beta}</text>`);
      }
      parts.push(`<text x="${MARGIN.left + width}" y="${base + 33}" text-anchor="end">learning rate η</text>`);
      parts.push(`<text x="${MARGIN.left - 7}" y="${MARGIN.top + 10}" text-anchor="end">β</text>`);
      return parts.join("");
    }

    draw() {
      const { el, run, rho } = this;
      const { steps } = this.config;
      this.chart.fit(this.chartWidth, this.chartHeight, DECADES, steps);
      ["flat", "steep"].forEach((name, i) => {
        el[name].setAttribute("d", line(this.chart.points(run.map((c) => Math.abs(c[i])))));
      });
      el.slope.setAttribute("d", line(this.chart.points(run.map((c, k) => rho ** k))));
      const [flat, steep] = run[steps].map(Math.abs);
      el.chart.setAttribute("aria-label", `Size of the errors on a log scale against the step k. After ${steps} steps: flat ${number(flat)}, steep ${number(steep)}.`);
    }
  }

  customElements.define("lr-momentum-map", LrMomentumMap);
})();
