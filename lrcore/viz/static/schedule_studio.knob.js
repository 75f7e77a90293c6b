/* A number to be typed or slid, a choice, or a list of steps: the controls of the schedule studio. */
(function () {
  "use strict";

  const node = typeof module === "object" && module && module.exports;
  const NICE = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

  /* The values that a slider offers: even steps, or nice numbers of every power of 10; `top` cuts off the rest. */
  function grid({ kind, low, high, step }, top = high) {
    if (kind === "number") return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => Number((low + i * step).toPrecision(12)));
    const values = low === 0 ? [0] : [];
    for (let n = kind === "count" ? 0 : Math.floor(Math.log10(low || 1e-6)); n <= Math.log10(high); n++) {
      // whole numbers up to 10 have no gaps
      for (const m of kind === "count" && n === 0 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : NICE) {
        const value = Number(`${m}e${n}`);
        if (value >= low && value <= Math.min(high, top)) values.push(value);
      }
    }
    if (top >= low && values[values.length - 1] < Math.min(high, top)) values.push(Math.min(high, top));
    return values;
  }

  /* The place of the value that is nearest. */
  function nearest(values, value) {
    let best = 0;
    for (let i = 1; i < values.length; i++) if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
    return best;
  }

  if (node) module.exports = { grid };
  if (typeof window === "undefined") return;
  if (window.lrStudio && window.lrStudio.Knob) return; // a notebook cell that is run again

  /* `change(value)` when the reader has chosen, `refuse(sentence)` when what was typed cannot be used. */
  class Knob {
    constructor(id, control, change, refuse) {
      const { read } = window.lrStudio;
      this.control = control;
      this.host = document.createElement("div");
      this.host.className = "lr-live-control lr-studio-knob";
      this.host.dataset.name = control.name;
      if (control.kind === "choice") {
        const options = control.options.map((each, i) => `<option value="${each}">${(control.words || control.options)[i]}</option>`);
        this.host.innerHTML = `<label for="${id}">${control.label}</label><select id="${id}">${options.join("")}</select>`;
        this.box = this.host.querySelector("select");
        this.box.addEventListener("change", () => change(this.box.value));
        return;
      }
      const text = control.kind === "steps" ? "" : `<div class="lr-live-track"><input type="range" aria-label="${control.label}, slider" min="0" step="1"></div>`;
      this.host.innerHTML = `<label for="${id}">${control.label}</label><input type="text" id="${id}" autocomplete="off" spellcheck="false"${text && ' inputmode="decimal"'}>${text}`;
      this.box = this.host.querySelector("input[type=text]");
      this.range = this.host.querySelector("input[type=range]");
      this.box.addEventListener("change", () => {
        const { value, wrong } = read(control, this.box.value.trim().replace("\u2212", "-"));
        if (wrong) {
          this.box.value = this.text;
          refuse(`${wrong}; ${this.text} stays`);
        } else change(value);
      });
      if (this.range) this.range.addEventListener("input", () => change(this.values[Number(this.range.value)]));
    }

    /* Shows a value; the slider ends at `top`. */
    show(value, top) {
      this.text = Array.isArray(value) ? value.join(", ") : String(value);
      if (this.box.value !== this.text) this.box.value = this.text;
      if (!this.range) return;
      if (!this.values || this.top !== top) {
        this.values = grid(this.control, top);
        this.range.max = this.values.length - 1;
        this.top = top;
      }
      const place = String(nearest(this.values, value));
      if (this.range.value !== place) this.range.value = place;
      if (this.range.getAttribute("aria-valuetext") !== this.text) this.range.setAttribute("aria-valuetext", this.text);
    }
  }

  window.lrStudio = Object.assign(window.lrStudio || {}, { Knob });
})();
