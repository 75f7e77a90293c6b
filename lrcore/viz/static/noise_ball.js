/* <lr-noise-ball>: many walkers on a bowl with noisy gradients, beside the closed form of their mean square.
 *
 * The first half is arithmetic without a document: the same random numbers and the same operations as in
 * lrcore/viz/noise_ball.py; node can load it. The second half stands on live.js.
 */
(function () {
  "use strict";

  // ---------------------------------------------------------------- arithmetic

  /* The n-th number of mulberry32 (Tommy Ettinger), an integer below 2^32. It depends on seed and n alone. */
  function random(seed, n) {
    const a = (seed + Math.imul(n + 1, 0x6d2b79f5)) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /* 2 * pairs Gaussian numbers, by Box and Muller: numbers 2i and 2i + 1 of the generator give a pair. */
  function gaussians(seed, pairs) {
    const out = new Float64Array(2 * pairs);
    for (let i = 0; i < out.length; i += 2) {
      const size = Math.sqrt(-2 * Math.log((random(seed, i) + 0.5) / 4294967296));
      const angle = (2 * Math.PI * (random(seed, i + 1) + 0.5)) / 4294967296;
      out[i] = size * Math.cos(angle);
      out[i + 1] = size * Math.sin(angle);
    }
    return out;
  }

  /* x <- x - eta (h x + sigma/sqrt(batch) xi) in both coordinates of every walker. `noise` holds xi for step 0,
     walker 0, both coordinates, and so on; the answer is laid out alike, with the start before it. */
  function walk(noise, walkers, start, { eta, h, sigma, batch }) {
    const width = 2 * walkers;
    const x = new Float64Array(noise.length + width);
    for (let i = 0; i < width; i++) x[i] = start[i % 2];
    const scale = sigma / Math.sqrt(batch);
    for (let i = 0; i < noise.length; i++) x[i + width] = x[i] - eta * (h * x[i] + scale * noise[i]);
    return x;
  }

  /* The mean square of a coordinate at every step, over the walkers. */
  function measured(x, walkers) {
    const width = 2 * walkers;
    const out = [];
    for (let from = 0; from < x.length; from += width) {
      let sum = 0;
      for (let i = from; i < from + width; i++) sum += x[i] * x[i];
      out.push(sum / width);
    }
    return out;
  }

  /* Its expectation: a step makes (1 - eta h)^2 V + eta^2 sigma^2/batch of V. */
  function expected(start, { eta, h, sigma, batch }, steps) {
    const out = [(start[0] * start[0] + start[1] * start[1]) / 2];
    for (let k = 0; k < steps; k++) out.push((1 - eta * h) ** 2 * out[k] + (eta * eta * sigma * sigma) / batch);
    return out;
  }

  /* Equality up to a few roundings: (2/h) h need not be 2. */
  const near = (a, b) => Math.abs(a - b) <= 4 * Number.EPSILON * (1 + Math.abs(a));

  /* Where it ends: eta sigma^2 / (batch h (2 - eta h)); Infinity from eta = 2/h on. */
  function stationary({ eta, h, sigma, batch }) {
    if (eta * h >= 2 || near(eta * h, 2)) return Infinity;
    return (eta * sigma * sigma) / (batch * h * (2 - eta * h));
  }

  const arithmetic = { random, gaussians, walk, measured, expected, stationary };
  if (typeof module === "object" && module && module.exports) module.exports = arithmetic;
  if (typeof window === "undefined") return;
  if (customElements.get("lr-noise-ball")) return; // a notebook cell that is run again
  const { number, text, html, line, dots, put, clamp, slider, chart, Chart, Live } = lrLive;

  // ---------------------------------------------------------------- the element

  const HALF_WIDTH = 2; // the part of the plane that is seen at least, to either side
  const TOP_RATE = 2.2;
  const MOST_DOUBLINGS = 8;
  const DECADES = [-5, 1];

  const MARKUP = (id) => `
<div class="lr-live-panel lr-live-plane">
  <p class="lr-live-head"><span class="lr-live-key">one walker</span>
    <span class="lr-live-key lr-noise-ball-now">rms distance</span><span class="lr-live-key lr-live-key-flat">in the limit</span></p>
  <svg role="img" data-el="plane">
    <path data-el="centre" class="lr-noise-ball-centre"/><path data-el="cloud" class="lr-noise-ball-cloud"/>
    <path data-el="path" class="lr-live-line"/><circle data-el="walker" class="lr-live-now" r="5"/>
    <circle data-el="rms" class="lr-noise-ball-rms"/><circle data-el="limit" class="lr-live-flat"/>
  </svg>
</div>
<div class="lr-live-panel lr-live-chart">
  <p class="lr-live-head"><span>Mean square:</span><span class="lr-live-key lr-noise-ball-now">measured</span>
    <span class="lr-live-key lr-live-key-flat">closed form</span></p>
  ${chart(
    `<path data-el="curve" class="lr-noise-ball-rms"/><path data-el="form" class="lr-live-flat"/>`,
    '<circle data-el="curveNow" class="lr-live-now" r="5"/>',
  )}
</div>
<p class="lr-live-verdict" data-el="verdict"></p>
<div class="lr-live-control">
  <label for="${id}-eta">Learning rate <i>η</i></label><output data-el="etaOut" for="${id}-eta"></output>
  <div class="lr-live-track lr-live-scale" data-el="scale">
    <input type="range" id="${id}-eta" data-el="eta" min="0.01" max="${TOP_RATE}" step="0.01">
    <button type="button" class="lr-live-mark" data-el="one">1/h</button>
    <button type="button" class="lr-live-mark" data-el="edge">2/h</button>
    <div class="lr-live-zones" data-el="zones" aria-hidden="true"></div>
    <div class="lr-live-ticks" aria-hidden="true"><i data-el="oneTick"></i><i hidden></i><i data-el="edgeTick"></i></div>
  </div>
</div>
<div class="lr-live-transport">
  <button type="button" data-el="play">Play</button>
  <button type="button" data-el="step">Step</button>
  <button type="button" data-el="reset">Reset</button>
  ${slider(id, "k", "Step <i>k</i>", 'min="0" step="1"')}
</div>
<div class="lr-live-pair lr-noise-ball-three">
  ${slider(id, "h", "Curvature <i>h</i>", 'min="1" max="5" step="0.1"')}
  ${slider(id, "sigma", "Noise <i>σ</i>", 'min="0" max="3" step="0.1"')}
  ${slider(id, "batch", "Batch <i>B</i>", `min="0" max="${MOST_DOUBLINGS}" step="1"`)}
</div>
<table class="lr-live-table">
  <caption class="lr-live-spoken">The mean square of a coordinate</caption>
  <thead><tr><th scope="col">mean square of a coordinate</th><th scope="col">value</th></tr></thead>
  <tbody>
    <tr><th scope="row"><span class="lr-live-key lr-noise-ball-now" data-el="nowName"></span></th><td data-el="now"></td></tr>
    <tr><th scope="row"><span class="lr-live-key lr-live-key-flat" data-el="formName"></span></th><td data-el="formNow"></td></tr>
    <tr><th scope="row">limit, ησ²/(Bh(2 − ηh))</th><td data-el="limitOut"></td></tr>
    <tr><th scope="row">rule for small rates, ησ²/(2Bh)</th><td data-el="rule"></td></tr>
  </tbody>
</table>`;

  class LrNoiseBall extends Live {
    build(id) {
      return MARKUP(id);
    }

    ready() {
      const { el, config } = this;
      this.chart = new Chart(el);
      this.noise = gaussians(config.seed, config.steps * config.walkers);
      this.end = { k: config.steps };
      const set = (name, value) => {
        this.state[name] = value;
        this.update();
        this.speak();
      };
      for (const name of ["eta", "h", "sigma"]) el[name].addEventListener("input", () => set(name, Number(el[name].value)));
      el.batch.addEventListener("input", () => set("batch", 2 ** el.batch.value));
      el.one.addEventListener("click", () => set("eta", 1 / this.state.h));
      el.edge.addEventListener("click", () => set("eta", 2 / this.state.h));
      this.listenToTransport(80, 80);
      this.restore();
    }

    restore() {
      const { eta, h, sigma, batch, steps } = this.config;
      this.state = { eta, h, sigma, batch };
      this.k = steps;
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      const { plane, chart, scale } = this.el;
      [this.width, this.height] = [plane.clientWidth, plane.clientHeight];
      [this.chartWidth, this.chartHeight] = [chart.clientWidth, chart.clientHeight];
      this.trackWidth = scale.clientWidth;
      this.unit = Math.min(this.width / (2 * HALF_WIDTH), this.height / (2 * HALF_WIDTH * 0.8));
      this.update();
    }

    update() {
      const { walkers, start, steps } = this.config;
      this.x = walk(this.noise, walkers, start, this.state);
      this.found = measured(this.x, walkers);
      this.form = expected(start, this.state, steps);
      this.limit = stationary(this.state);
      this.controls();
      this.draw();
    }

    controls() {
      const { el } = this;
      const { eta, h, sigma, batch } = this.state;
      el.eta.value = eta;
      text(el.etaOut, `${number(eta)} = ${number(eta * h)}/h`);
      el.eta.setAttribute("aria-valuetext", el.etaOut.textContent);
      el.h.value = h;
      text(el.hOut, number(h));
      el.sigma.value = sigma;
      text(el.sigmaOut, number(sigma));
      el.batch.value = Math.log2(batch);
      text(el.batchOut, String(batch));
      el.batch.setAttribute("aria-valuetext", String(batch));
      for (const [name, rate] of [["one", 1 / h], ["edge", 2 / h]]) {
        el[name].setAttribute("aria-label", `${el[name].textContent} = ${number(rate)}, set η to it`);
        el[name].setAttribute("aria-pressed", near(eta, rate));
        for (const node of [el[name], el[name + "Tick"]]) node.style.setProperty("--at", rate / TOP_RATE);
      }
      const ends = [0, 1 / h, 2 / h, TOP_RATE];
      const spans = ["monotone", "alternating", "diverging"].map((name, i) => {
        const share = (ends[i + 1] - ends[i]) / TOP_RATE;
        return `<span data-zone="${name}" style="width:${(100 * share).toFixed(3)}%"></span>`;
      });
      html(el.zones, spans.join(""));
    }

    verdict() {
      const { eta, h, sigma, batch } = this.state;
      if (near(eta * h, 2)) {
        const growth = (eta * eta * sigma * sigma) / batch;
        return ["η = 2/h: never comes to rest.", `The mean square grows by η²σ²/B = ${number(growth)} a step.`];
      }
      if (eta * h > 2) return ["η > 2/h: diverges.", `The mean square grows by (1 − ηh)² = ${number((1 - eta * h) ** 2)} a step.`];
      if (sigma === 0) return ["No noise: converges to the minimum.", `The mean square shrinks by ${number((1 - eta * h) ** 2)} a step.`];
      const rule = 2 / (2 - eta * h);
      const off = rule < 1.005 ? "as the rule for small rates says" : `${number(rule)} times the rule for small rates`;
      return ["η < 2/h: comes to rest in a ball.", `Its mean square is ${number(this.limit)}, ${off}.`];
    }

    /* What depends on k. */
    draw() {
      const { el, k, unit } = this;
      const { walkers, steps } = this.config;
      const { eta, h, sigma, batch } = this.state;
      const [now, form] = [this.found[k], this.form[k]];
      el.k.max = steps;
      el.k.value = k;
      text(el.kOut, `${k} of ${steps}`);
      text(el.nowName, `measured at step ${k}, ${walkers} walkers`);
      text(el.formName, `closed form at step ${k}`);
      text(el.now, number(now));
      text(el.formNow, number(form));
      text(el.limitOut, number(this.limit));
      text(el.rule, number((eta * sigma * sigma) / (2 * batch * h)));
      const [lead, rest] = this.verdict();
      const counted = `At step ${k}: measured ${number(now)}, closed form ${number(form)}.`;
      html(el.verdict, `<b>${lead.replace(/</g, "&lt;")}</b> ${rest} ${counted}`);
      if (!(this.width > 0 && this.chartWidth > 0)) return; // in a closed box; measured again when it opens
      const [cx, cy] = [this.width / 2, this.height / 2];
      // Numbers beyond 10^38 are none to a drawing.
      const far = (d) => clamp(d * unit, -1e5, 1e5);
      const at = (step, walker) => {
        const i = 2 * (step * walkers + walker);
        return [cx + far(this.x[i]), cy - far(this.x[i + 1])];
      };
      const cloud = Array.from({ length: walkers }, (_, walker) => at(k, walker));
      el.cloud.setAttribute("d", dots(cloud.filter(([x, y]) => Math.abs(x - cx) < 2 * cx && Math.abs(y - cy) < 2 * cy)));
      el.path.setAttribute("d", line(Array.from({ length: Math.min(k, 12) + 1 }, (_, i) => at(k - Math.min(k, 12) + i, 0))));
      put(el.walker, at(k, 0));
      el.centre.setAttribute("d", `M${cx - 5} ${cy}h10M${cx} ${cy - 5}v10`);
      // of two coordinates
      const circle = (node, square) => {
        for (const [name, value] of [["cx", cx], ["cy", cy], ["r", far(Math.sqrt(2 * Math.min(square, 1e9)))]]) node.setAttribute(name, value.toFixed(1));
        node.style.display = square < 1e9 ? "" : "none";
      };
      circle(el.rms, now);
      circle(el.limit, this.limit);
      el.plane.setAttribute("aria-label", `${walkers} walkers around the minimum at step ${k}; root mean square distance ${number(Math.sqrt(2 * now))}, in the limit ${number(Math.sqrt(2 * this.limit))}.`);
      this.chart.fit(this.chartWidth, this.chartHeight, DECADES, steps);
      el.curve.setAttribute("d", line(this.chart.points(this.found)));
      el.form.setAttribute("d", line(this.chart.points(this.form)));
      this.chart.mark(el.curveNow, k, now);
      el.chart.setAttribute("aria-label", `Mean square of a coordinate on a log scale against the step k. ${counted}`);
    }
  }

  customElements.define("lr-noise-ball", LrNoiseBall);
})();
