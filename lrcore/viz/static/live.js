/* What the live figures share (descent.js, momentum_map.js, ...): numbers in words, a custom element that wakes,
 * measures itself, speaks and plays, a handle that moves by pointer, finger and keys, and a chart on a log scale.
 * A classic script, because modules do not load from file://; it is loaded before the figures' own.
 */
(function () {
  "use strict";

  /* The first k with rho^k <= eps. */
  function stepsTo(eps, rho) {
    if (rho >= 1) return Infinity;
    if (rho <= eps) return 1;
    const ratio = Math.log(eps) / Math.log(rho);
    const whole = Math.round(ratio);
    return Math.abs(ratio - whole) <= 1e-12 * whole ? whole : Math.ceil(ratio);
  }

  /* Loops around the level line of a quadratic form, by angle: half-axes a and b, the first turned by `turn`. */
  function ellipse(a, b, turn = 0, corners = 72) {
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return Array.from({ length: corners }, (_, i) => {
      const angle = (2 * Math.PI * i) / corners;
      const [x, y] = [a * Math.cos(angle), b * Math.sin(angle)];
      return [cos * x - sin * y, sin * x + cos * y];
    });
  }

  /* lrcore.problems.BoydExp: the three exponentials of Boyd and Vandenberghe. */
  function terms([u, v]) {
    const w = 3 * v;
    return [Math.exp(u + w - 0.1), Math.exp(u - w - 0.1), Math.exp(-u - 0.1)];
  }
  const boyd = {
    least: 2 * Math.sqrt(2) * Math.exp(-0.1),
    minimiser: [-Math.LN2 / 2, 0],
    value(x) {
      const [a, b, c] = terms(x);
      return a + b + c;
    },
    gradient(x) {
      const [a, b, c] = terms(x);
      return [a + b - c, 3 * (a - b)];
    },
    /* Points of the level line f = least + rise: for given x2 a quadratic equation in exp(x1). */
    level(rise, corners = 72) {
      const v = (boyd.least + rise) * Math.exp(0.1);
      const top = Math.acosh((v * v) / 8) / 3;
      return Array.from({ length: corners }, (_, i) => {
        const angle = (2 * Math.PI * i) / corners;
        const x2 = top * Math.sin(angle);
        const a = 2 * Math.cosh(3 * x2);
        const root = Math.sqrt(Math.max(0, v * v - 4 * a));
        return [Math.log((v + Math.sign(Math.cos(angle)) * root) / (2 * a)), x2];
      });
    },
  };

  if (typeof module === "object" && module && module.exports) module.exports = { stepsTo, ellipse, boyd };
  if (typeof window === "undefined") return;
  if (window.lrLive) return; // a notebook cell that is run again carries this script again; the first one stays

  const MINUS = "\u2212";
  const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  function number(x, digits = 3) {
    const size = Math.abs(x);
    if (size === Infinity) return x > 0 ? "∞" : MINUS + "∞";
    if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(x.toPrecision(digits))).replace("-", MINUS);
    const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}\u00a0·\u00a0${power(Number(exponent))}`.replace("-", MINUS);
  }
  function power(n) {
    return "10" + (n < 0 ? "⁻" : "") + String(Math.abs(n)).replace(/\d/g, (d) => SUPERSCRIPT[d]);
  }

  // A text that is written again, though the same, is laid out again.
  const text = (node, words) => node.textContent === words || (node.textContent = words);
  function html(node, markup) {
    if (node.markup !== markup) node.innerHTML = node.markup = markup;
  }
  const point = (p) => p[0].toFixed(1) + " " + p[1].toFixed(1);
  const line = (points) => "M" + points.map(point).join("L");
  const dots = (points) => points.map((p) => `M${point(p)}h0`).join("");
  function place(node, [x, y]) {
    node.setAttribute("x", x.toFixed(1));
    node.setAttribute("y", y.toFixed(1));
  }
  const put = (node, p) => node.setAttribute("transform", `translate(${point(p)})`);
  const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

  const slider = (id, name, label, attributes) => `
<div class="lr-live-control">
  <label for="${id}-${name}">${label}</label><output data-el="${name}Out" for="${id}-${name}"></output>
  <div class="lr-live-track"><input type="range" id="${id}-${name}" data-el="${name}" ${attributes}></div>
</div>`;

  const handle = (id, label, low, high) => `
<g data-el="handle" class="lr-live-handle" tabindex="0" role="slider" aria-label="${label}"
   aria-roledescription="two-way slider" aria-describedby="${id}-keys" aria-valuemin="${low}" aria-valuemax="${high}">
  <circle class="lr-live-hit" r="22"/><circle class="lr-live-ring" r="14"/><circle class="lr-live-knob" r="8"/>
</g>`;

  // ---------------------------------------------------------------- a part of the plane

  /* Between the plane and the drawing, with one unit for both axes, so that right angles look right. */
  class Plane {
    /* `window` {left, right, low, high} is sure to be seen. */
    fit(width, height, window) {
      const { left, right, low, high } = window;
      this.middle = [(left + right) / 2, (low + high) / 2];
      this.centre = [width / 2, height / 2];
      this.unit = Math.min(width / (right - left), height / (high - low));
    }

    toScreen([x, y]) {
      // Numbers beyond 10^38 are none to a drawing.
      const far = (d) => clamp(d * this.unit, -1e4, 1e4);
      return [this.centre[0] + far(x - this.middle[0]), this.centre[1] - far(y - this.middle[1])];
    }

    toPlane([x, y]) {
      return [this.middle[0] + (x - this.centre[0]) / this.unit, this.middle[1] + (this.centre[1] - y) / this.unit];
    }
  }

  // ---------------------------------------------------------------- a chart on a log scale

  const MARGIN = { left: 42, right: 10, top: 8, bottom: 38 };

  const chart = (curves, over = "") => `<svg role="img" data-el="chart"><g data-el="grid" class="lr-live-grid"></g>
  <svg data-el="plot">${curves}</svg>${over}</svg>`;

  /* Values against the step, `decades` from 10^low to 10^high, in the elements that `chart` writes. */
  class Chart {
    constructor(el) {
      this.el = el;
    }

    fit(width, height, decades, steps) {
      this.width = width - MARGIN.left - MARGIN.right;
      this.height = height - MARGIN.top - MARGIN.bottom;
      this.bottom = height; // the log of zero is drawn just below the frame, that of infinity far above
      this.decades = decades;
      this.steps = steps;
      const box = { x: MARGIN.left, y: MARGIN.top, width: this.width, height: this.height };
      for (const name in box) this.el.plot.setAttribute(name, box[name]);
      html(this.el.grid, this.grid());
    }

    y(value) {
      const [low, high] = this.decades;
      return clamp(this.height * (1 - (Math.log10(value) - low) / (high - low)), -1e4, this.bottom);
    }

    x(k) {
      return (this.width * k) / this.steps;
    }

    points(values) {
      return values.map((value, k) => [this.x(k), this.y(value)]);
    }

    /* Puts `node`, which is not clipped, on the value of step k. */
    mark(node, k, value) {
      const y = clamp(this.y(value), 0, this.height);
      put(node, [MARGIN.left + this.x(k), MARGIN.top + y]);
    }

    grid() {
      const parts = [];
      const [low, high] = this.decades;
      for (let n = low; n <= high; n += high - low > 8 ? 3 : high - low > 4 ? 2 : 1) {
        const y = MARGIN.top + this.y(10 ** n);
        parts.push(`<path d="M${MARGIN.left} ${y.toFixed(1)}h${this.width.toFixed(1)}"/>`);
        parts.push(`<text x="${MARGIN.left - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${power(n)}</text>`);
      }
      const base = MARGIN.top + this.height;
      for (const [share, words] of this.across()) {
        const x = MARGIN.left + this.width * share;
        parts.push(`<path d="M${x.toFixed(1)} ${base.toFixed(1)}v4"/>`);
        // The last number would be cut off by the end of the drawing.
        const [at, anchor] = share > 0.99 ? [x + MARGIN.right - 1, "end"] : [x, "middle"];
        parts.push(`<text x="${at.toFixed(1)}" y="${base + 17}" text-anchor="${anchor}">${words}</text>`);
      }
      parts.push(`<text x="${MARGIN.left + this.width}" y="${base + 30}" text-anchor="end">${this.axis}</text>`);
      return parts.join("");
    }

    get axis() {
      return "step k";
    }

    /* Ticks of the lower axis, as shares of its length. */
    across() {
      const gap = [1, 2, 5, 10, 20, 50, 100, 200].find((g) => this.steps / g <= 6.5) || 500;
      return Array.from({ length: Math.floor(this.steps / gap) + 1 }, (_, i) => [(i * gap) / this.steps, i * gap]);
    }
  }

  // ---------------------------------------------------------------- the element

  let instances = 0;

  /* A figure has build(id) -> markup, ready() after it is in the page, measure(), and maybe words() to be spoken. */
  class Live extends HTMLElement {
    connectedCallback() {
      // Parsed by a script in the head the element would still be empty, and its fallback arrive later.
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", () => this.isConnected && this.wake(), { once: true });
      } else this.wake();
    }

    wake() {
      if (!this.el) this.fill();
      this.sizes = new ResizeObserver(() => this.measure());
      for (const svg of this.querySelectorAll(".lr-live-panel > svg")) this.sizes.observe(svg);
      this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
      this.onCalm = () => {
        this.pause();
        if (this.el.play) this.el.play.hidden = this.calm.matches;
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

    fill() {
      const id = `${this.localName}-${++instances}`;
      this.config = JSON.parse(this.dataset.config);
      // Keys belong to the controls: a notebook takes arrows for its cells, some pages turn over at them.
      this.addEventListener("keydown", (event) => {
        const outward = event.key === "Tab" || event.key === "Escape" || event.altKey || event.ctrlKey || event.metaKey;
        if (!outward) event.stopPropagation();
      });
      const caption = this.querySelector(".lr-live-caption");
      const live = '<p class="lr-live-spoken" role="status" aria-live="polite" data-el="live"></p>';
      this.innerHTML = `<div class="lr-live-body">${this.build(id)}${live}</div>`;
      if (caption) this.append(caption);
      this.el = {};
      for (const node of this.querySelectorAll("[data-el]")) this.el[node.dataset.el] = node;
      this.ready();
    }

    /* One announcement when the reader pauses, not one for every pixel of a drag; none for a page that loads. */
    speak() {
      clearTimeout(this.speech);
      this.speech = setTimeout(() => {
        if (!this.frame && this.isConnected) text(this.el.live, this.words());
      }, 700);
    }

    words() {
      return this.el.verdict.textContent;
    }

    /* `move(dx, dy)` by arrow keys, in small steps or by Shift in large ones; `to(x, y)` by pointer, in pixels of
       the drawing; `home()`. */
    listenToHandle(svg, move, to, home) {
      const { handle } = this.el;
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      handle.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key === "Home") home();
        else if (moves[event.key]) move(...moves[event.key].map((d) => d * (event.shiftKey ? 10 : 1)));
        else return;
        event.preventDefault();
      });
      const follow = (event) => {
        const box = svg.getBoundingClientRect();
        to(event.clientX - box.left, event.clientY - box.top);
      };
      // A finger drags the handle only, so that the page still scrolls under the panel; a tap moves the handle.
      let dragged = false;
      svg.addEventListener("pointerdown", (event) => {
        dragged = event.button === 0 && (event.pointerType === "mouse" || handle.contains(event.target));
        if (!dragged) return;
        event.preventDefault();
        handle.focus({ preventScroll: true });
        svg.setPointerCapture(event.pointerId);
        follow(event);
      });
      svg.addEventListener("pointermove", (event) => {
        if (svg.hasPointerCapture(event.pointerId)) follow(event);
      });
      // Not every browser applies touch-action to a part of a drawing.
      handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      svg.addEventListener("click", (event) => dragged || follow(event));
    }

    /* The slider of steps and the buttons of a figure with restore(), update() and draw(). It plays in about 8
       seconds, at `quick` to `slow` milliseconds a step. */
    listenToTransport(quick, slow) {
      const { el } = this;
      el.k.addEventListener("input", () => {
        this.pause();
        this.go(Number(el.k.value));
      });
      el.play.addEventListener("click", () => (this.frame ? this.pause() : this.play(clamp(8000 / Math.max(1, this.end.k), quick, slow))));
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
    }

    /* `whole`: the run is shown to its end, and stays so when it becomes longer. */
    go(k) {
      this.k = k;
      this.whole = k === this.end.k;
      this.draw();
      this.speak();
    }

    /* From step k, or from the start when the end is reached, to this.end.k, a step each `pace` milliseconds. */
    play(pace) {
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
      if (this.el.play) this.el.play.textContent = "Play";
    }
  }

  window.lrLive = {
    stepsTo, ellipse, boyd, number, power, text, html, point, line, dots, place, put, clamp, slider, handle, Plane, chart, Chart, Live,
  };
})();
