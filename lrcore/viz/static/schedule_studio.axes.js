/* Rates against the step in one frame, on a linear or on a log axis. */
(function () {
  "use strict";

  const node = typeof module === "object" && module && module.exports;
  const MARGIN = { left: 50, right: 16, top: 10, bottom: 38 };
  const DEPTH = 6; // decades below the largest rate that a log axis shows at most

  /* The gap of a few even ticks up to `top`: 1, 2 or 5 times a power of 10. */
  function gap(top, most) {
    const n = Math.floor(Math.log10(top / most));
    const m = [1, 2, 5, 10].find((each) => each * 10 ** n * most >= top * (1 - 1e-9));
    return Number(`${m}e${n}`);
  }

  /* [low, high] in decades for rates of which `low` is the smallest above 0 and `high` the largest. */
  function decades(low, high) {
    const top = Math.ceil(Math.log10(high) - 1e-9);
    return [Math.min(top - 1, Math.max(Math.floor(Math.log10(low) + 1e-9), top - DEPTH)), top];
  }

  /* Steps to be drawn on `width` pixels: all of few, of many those at which a pixel's column begins, is lowest,
     is highest and ends. */
  function seen(eta, width) {
    const per = eta.length / Math.max(1, width);
    if (per <= 1.5) return Array.from(eta, (_, k) => k);
    const out = [];
    for (let column = 0; column < width; column++) {
      const [from, to] = [Math.floor(column * per), Math.min(eta.length, Math.floor((column + 1) * per)) - 1];
      let [low, high] = [from, from];
      for (let k = from; k <= to; k++) {
        if (eta[k] < eta[low]) low = k;
        if (eta[k] > eta[high]) high = k;
      }
      for (const k of [from, Math.min(low, high), Math.max(low, high), to]) if (k !== out[out.length - 1]) out.push(k);
    }
    if (out[out.length - 1] !== eta.length - 1) out.push(eta.length - 1);
    return out;
  }

  if (node) module.exports = { decades, seen };
  if (typeof window === "undefined") return;
  if (window.lrStudio && window.lrStudio.Axes) return; // a notebook cell that is run again

  class Axes {
    constructor(svg, log) {
      this.svg = svg;
      this.log = log;
      svg.innerHTML =
        '<g class="lr-live-grid"></g><path class="lr-studio-cross"/><svg></svg><circle class="lr-live-now" r="5"/>';
      [this.grid, this.cross, this.curves, this.now] = svg.children;
    }

    /* The frame for rates up to `high` (positive ones down to `low`) at the steps 0, ..., last. */
    fit(width, height, low, high, last) {
      this.width = Math.max(1, width - MARGIN.left - MARGIN.right);
      this.height = Math.max(1, height - MARGIN.top - MARGIN.bottom);
      this.last = last;
      this.range = this.log ? decades(low, high) : [0, high * 1.04];
      const box = { x: MARGIN.left, y: MARGIN.top, width: this.width, height: this.height };
      for (const name in box) this.curves.setAttribute(name, box[name]);
      window.lrLive.html(this.grid, this.lines());
    }

    x(k) {
      return (this.width * k) / this.last;
    }

    /* On a log axis 0 is below the frame. */
    y(rate) {
      const [low, high] = this.range;
      const at = this.log ? Math.log10(rate) : rate;
      return Math.min(this.height + 9, this.height * (1 - (at - low) / (high - low)));
    }

    /* Curves of items { key, eta }, `markup(i, d)` each; a path is written again when its item or the frame changes. */
    draw(items, on, markup) {
      const frame = [this.width, this.height, this.last, ...this.range].join();
      if (this.curves.children.length !== items.length) this.curves.innerHTML = items.map((_, i) => markup(i, "")).join("");
      items.forEach(({ key, eta }, i) => {
        const node = this.curves.children[i];
        node.toggleAttribute("data-on", i === on);
        if (node.key === `${frame} ${key}`) return;
        node.key = `${frame} ${key}`;
        node.setAttribute("d", this.path(eta));
      });
    }

    /* The path of rates, an array over the steps. */
    path(eta) {
      let d = "";
      for (const k of seen(eta, Math.ceil(this.width / 2))) d += `${d ? "L" : "M"}${this.x(k).toFixed(1)} ${this.y(eta[k]).toFixed(1)}`;
      return d;
    }

    /* The hairline at step k with a ring on a rate. */
    mark(k, rate) {
      const x = MARGIN.left + this.x(k);
      this.cross.setAttribute("d", `M${x.toFixed(1)} ${MARGIN.top}v${this.height}`);
      window.lrLive.put(this.now, [x, MARGIN.top + Math.min(this.y(rate), this.height)]);
    }

    /* The step under a pointer. */
    step(clientX) {
      const x = clientX - this.svg.getBoundingClientRect().left - MARGIN.left;
      return Math.min(this.last, Math.max(0, Math.round((x / this.width) * this.last)));
    }

    lines() {
      const { number, power } = window.lrLive;
      const parts = [];
      const level = (rate, words) => {
        const y = MARGIN.top + this.y(rate);
        parts.push(`<path d="M${MARGIN.left} ${y.toFixed(1)}h${this.width.toFixed(1)}"/>`);
        parts.push(`<text x="${MARGIN.left - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${words}</text>`);
      };
      const [low, high] = this.range;
      if (this.log) for (let n = low; n <= high; n++) level(10 ** n, power(n));
      else {
        const each = gap(high, 5);
        for (let i = 0; i * each <= high; i++) level(i * each, number(i * each));
      }
      const base = MARGIN.top + this.height;
      const each = Math.max(1, gap(this.last, this.width < 400 ? 4 : 6));
      for (let k = 0; k <= this.last; k += each) {
        const x = MARGIN.left + this.x(k);
        parts.push(`<path d="M${x.toFixed(1)} ${base.toFixed(1)}v4"/>`);
        parts.push(`<text x="${x.toFixed(1)}" y="${base + 17}" text-anchor="middle">${k}</text>`);
      }
      parts.push(`<text x="${MARGIN.left + this.width}" y="${base + 30}" text-anchor="end">step k</text>`);
      return parts.join("");
    }
  }

  window.lrStudio = Object.assign(window.lrStudio || {}, { Axes });
})();
