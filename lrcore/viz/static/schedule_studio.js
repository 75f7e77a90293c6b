/* <lr-schedule-studio>: schedules put together, compared, and taken away as code or as a link.
 *
 * The parts: formulas (rates), tails (verdict), code (programs), address (state as text), knob and axes (what is
 * seen). Stands on live.js.
 */
(function () {
  "use strict";

  if (customElements.get("lr-schedule-studio")) return; // a notebook cell that is run again
  const { number, text, html, clamp, Live } = lrLive;
  const studio = lrStudio;
  const PROGRAMS = { lrcore: "lrcore", torch: "torch", keras: "Keras", optax: "optax" };
  const COMMON = ["eta0", "warmup", "W", "start", "floor", "T0", "T_mult"];

  const curve = (i, d) => `<path class="lr-studio-curve" data-curve="${i}" d="${d}"/>`;
  const swatch = (i) => `<svg class="lr-studio-swatch" width="34" height="10" aria-hidden="true">${curve(i, "M0 5h34")}</svg>`;
  const radios = (id, name, legend, choices) => `
<fieldset class="lr-live-choice" data-el="${name}"><legend>${legend}</legend>${Object.entries(choices)
    .map(([value, words]) => `<label><input type="radio" name="${id}-${name}" value="${value}">${words}</label>`)
    .join("")}</fieldset>`;

  const MARKUP = (id) => `
<p class="lr-studio-note" data-el="trouble" hidden></p>
<div class="lr-live-panel lr-studio-stays"><p class="lr-live-head"><span>Learning rate <i>η</i>, linear axis</span></p><svg role="img" data-el="linear"></svg></div>
<div class="lr-live-panel"><p class="lr-live-head"><span>The same, log axis</span></p><svg role="img" data-el="log"></svg></div>
${lrLive.slider(id, "k", "Step <i>k</i>", 'min="0" step="1"')}
<table class="lr-live-table">
  <caption class="lr-live-spoken">Schedules, their rate at step k, and their sums over the horizon</caption>
  <thead><tr><th scope="col" data-el="what"></th><th scope="col" data-el="at"></th><th scope="col">Σ<i>η</i></th><th scope="col">Σ<i>η</i>²</th></tr></thead>
  <tbody data-el="rows"></tbody>
</table>
<div class="lr-live-verdict"><p data-el="verdict"></p><p data-el="travel"></p></div>
<div class="lr-live-transport">
  <button type="button" data-el="add">Add a copy</button>
  <button type="button" data-el="remove">Remove</button>
  <button type="button" data-el="reset">Reset</button>
  <button type="button" data-el="link">Copy link</button>
</div>
${radios(id, "view", "Show", { mine: "my schedules", words: "the same words in five libraries" })}
<div class="lr-studio-form" data-el="form"></div>
<p class="lr-studio-note" data-el="note" hidden></p>
<div class="lr-studio-code">
  ${radios(id, "program", "Code for", PROGRAMS)}
  <button type="button" data-el="copy">Copy code</button>
  <pre tabindex="0" role="region" aria-label="Code" data-el="code"></pre>
</div>`;

  class LrScheduleStudio extends Live {
    build(id) {
      this.id_ = id;
      return MARKUP(id);
    }

    ready() {
      const { el, config } = this;
      studio.use(config);
      this.axes = [new studio.Axes(el.linear, false), new studio.Axes(el.log, true)];
      this.program = "torch";
      this.word = 0;
      // One figure of a page owns its address.
      this.owner = config.address && document.querySelector("lr-schedule-studio") === this;
      el.link.hidden = !this.owner;
      this.form();
      el.k.addEventListener("input", () => this.change(() => (this.state.k = Number(el.k.value))));
      el.add.addEventListener("click", () => this.addCopy());
      el.remove.addEventListener("click", () => this.drop());
      el.reset.addEventListener("click", () => {
        this.start(config.state);
        this.changed();
      });
      el.link.addEventListener("click", () => this.copy(el.link, this.link()));
      el.copy.addEventListener("click", () => this.copy(el.copy, el.code.textContent));
      el.view.addEventListener("change", (event) => this.change(() => (this.state.view = event.target.value)));
      el.program.addEventListener("change", (event) => {
        this.program = event.target.value;
        this.draw();
      });
      el.rows.addEventListener("change", (event) => {
        const i = Number(event.target.value);
        this.change(() => (this.words_ ? (this.word = i) : (this.state.on = i)));
      });
      for (const axes of this.axes) {
        const hover = (k) => {
          this.hover = k;
          this.draw();
        };
        axes.svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && hover(axes.step(event.clientX)));
        axes.svg.addEventListener("pointerleave", () => hover(undefined));
        axes.svg.addEventListener("click", (event) => this.change(() => (this.state.k = axes.step(event.clientX))));
      }
      this.start(config.state);
      this.onHash = () => this.restore(true);
      if (this.owner) this.restore(false);
    }

    wake() {
      super.wake();
      if (this.owner) window.addEventListener("hashchange", this.onHash);
    }

    disconnectedCallback() {
      super.disconnectedCallback();
      clearTimeout(this.writing);
      window.removeEventListener("hashchange", this.onHash);
    }

    // ------------------------------------------------------------ the state

    start(textOfState) {
      const { state, wrong } = studio.parse(textOfState, this.config.state);
      this.state = state;
      this.tell("trouble", this.words_ ? [...wrong, ...this.mendWords()] : wrong);
      this.tell("note", []);
      this.items = new Map();
    }

    get one() {
      return this.state.schedules[this.state.on];
    }

    get words_() {
      return this.state.view === "words";
    }

    /* The address's state, if it has one. */
    restore(later) {
      const found = /^#studio=([^]*)$/.exec(location.hash);
      if (!found) return;
      let words = found[1];
      try {
        words = decodeURIComponent(words);
      } catch {
        // a % that is none: read as it stands
      }
      this.start(words);
      if (later) this.changed(false);
      else requestAnimationFrame(() => this.scrollIntoView());
    }

    link() {
      return `${location.href.split("#")[0]}#studio=${studio.write(this.state)}`;
    }

    /* The reader has changed something: mend what no longer fits, show it, and write the address. */
    change(what) {
      const before = JSON.stringify([this.one, this.state.T]);
      what();
      const { T, schedules } = this.state;
      const said = this.words_ ? this.mendWords() : [];
      said.push(...schedules.flatMap((one) => studio.mend(one, T)));
      this.state.k = Math.min(this.state.k, studio.lastStep(this.state));
      if (said.length || JSON.stringify([this.one, T]) !== before) this.tell("note", said);
      this.changed();
    }

    /* The words need a warmup of at least one step, and one step more. */
    mendWords() {
      const { state, one } = this;
      const said = [];
      if (state.T < 2) {
        state.T = 2;
        said.push("a warmup and a cosine need 2 steps; T = 2");
      }
      const W = clamp(one.W, 1, state.T - 1);
      if (one.W !== W) said.push(`the warmup has 1 to T − 1 steps; W = ${W}`);
      one.W = W;
      return said;
    }

    changed(write = true) {
      this.update();
      this.speak();
      clearTimeout(this.writing);
      if (!write || !this.owner) return;
      // browsers refuse an address that changes a hundred times in a few seconds
      this.writing = setTimeout(() => {
        try {
          history.replaceState(history.state, "", this.link());
        } catch {
          // a frame without an address of its own
        }
      }, 300);
    }

    /* Sentences below the controls, which then stay where they are, or about the address, in front of all. */
    tell(name, sentences) {
      const node = this.el[name];
      const more = sentences.length > 4 ? [`and ${sentences.length - 4} more`] : [];
      const words = [...sentences.slice(0, 4), ...more].map((each) => each[0].toUpperCase() + each.slice(1) + ".").join(" ");
      text(node, words && name === "trouble" ? `In the address: ${words}` : words);
      node.hidden = !words;
    }

    addCopy() {
      const { schedules, on } = this.state;
      this.change(() => {
        schedules.push(structuredClone(schedules[on]));
        this.state.on = schedules.length - 1;
      });
    }

    drop() {
      const { schedules, on } = this.state;
      this.change(() => {
        schedules.splice(on, 1);
        this.state.on = Math.min(on, schedules.length - 1);
      });
    }

    /* A family takes what the one before had under the same names, and otherwise its defaults. */
    choose(name) {
      const p = {};
      for (const control of this.config.families[name].controls) {
        const kept = this.one.p[control.name];
        const { wrong } = kept === undefined ? { wrong: true } : studio.read(control, Array.isArray(kept) ? kept.join("+") : String(kept));
        p[control.name] = wrong ? control.default : kept;
      }
      Object.assign(this.one, { main: name, p });
    }

    async copy(button, words) {
      let done = "Copied";
      try {
        await navigator.clipboard.writeText(words);
      } catch {
        const area = document.createElement("textarea");
        area.value = words;
        this.append(area);
        area.select();
        if (!document.execCommand("copy")) done = "Not allowed here";
        area.remove();
        button.focus();
      }
      text(this.el.live, done);
      button.textContent = done;
      clearTimeout(button.timer);
      button.timer = setTimeout(() => (button.textContent = button === this.el.link ? "Copy link" : "Copy code"), 1500);
    }

    // ------------------------------------------------------------ controls

    form() {
      const { controls, families } = this.config;
      const id = this.id_;
      this.knobs = {};
      const knob = (control, set, key = control.name) => new studio.Knob(`${id}-${key}`, control, (value) => this.change(() => set(value)), (wrong) => {
        this.tell("note", [wrong]);
        this.speak();
      });
      const words = controls.main.options.map((name) => families[name].words);
      this.knobs.main = knob({ ...controls.main, words }, (value) => this.choose(value));
      for (const name of COMMON) this.knobs[name] = knob(controls[name], (value) => (this.one[name] = value));
      this.knobs.T = knob(controls.T, (value) => (this.state.T = value));
      this.own = {};
      const group = (title, names) => {
        const box = document.createElement("fieldset");
        box.className = "lr-studio-group";
        box.innerHTML = `<legend>${title}</legend>`;
        for (const name of names) box.append(this.knobs[name].host);
        this.el.form.append(box);
        return box;
      };
      this.groups = {
        main: group("Main part", ["main", "eta0"]),
        warmup: group("Warmup", ["warmup", "W", "start"]),
        after: group("Floor and restarts", ["floor", "T0", "T_mult"]),
        all: group("All schedules", ["T"]),
      };
      for (const [name, family] of Object.entries(families)) {
        this.own[name] = family.controls.map((control) => {
          const own = knob(control, (value) => (this.one.p[control.name] = value), `${name}-${control.name}`);
          this.groups.main.append(own.host);
          return own;
        });
      }
    }

    controls() {
      const { el, one, own, knobs, state } = this;
      const words = this.words_;
      const family = this.config.families[one.main];
      const show = (knob, visible, value, top) => {
        knob.host.hidden = !visible;
        if (visible) knob.show(value, top);
      };
      show(knobs.main, !words, one.main);
      show(knobs.eta0, words || family.peak, one.eta0);
      for (const name in own) {
        own[name].forEach((knob) => show(knob, !words && name === one.main, one.p[knob.control.name], knob.control.kind === "count" ? Math.max(state.T, 2) : undefined));
      }
      const warm = family.warmup && one.warmup !== "none";
      show(knobs.warmup, !words && family.warmup, one.warmup);
      show(knobs.W, words || warm, one.W, Math.max(1, state.T - 1));
      show(knobs.start, !words && warm, one.start, one.eta0);
      show(knobs.floor, family.floor !== "no", one.floor, one.eta0);
      show(knobs.T0, family.restarts, one.T0, state.T);
      show(knobs.T_mult, family.restarts && one.main === "cosine" && one.T0 > 0, one.T_mult);
      show(knobs.T, true, state.T);
      this.groups.warmup.hidden = !words && !family.warmup;
      this.groups.after.hidden = words || (family.floor === "no" && !family.restarts);
      for (const [name, value] of [["view", state.view], ["program", this.program]]) {
        for (const input of el[name].querySelectorAll("input")) input.checked = input.value === value;
      }
      el.add.disabled = words || state.schedules.length >= this.config.most;
      el.remove.disabled = words || state.schedules.length < 2;
      el.program.hidden = words;
    }

    // ------------------------------------------------------------ from the state to the page

    measure() {
      this.sizes_ = [this.el.linear, this.el.log].map((svg) => [svg.clientWidth, svg.clientHeight]);
      this.update();
    }

    /* What a schedule is called in the table. */
    label(one) {
      const family = this.config.families[one.main];
      const { W, again } = studio.spans(one, this.state.T);
      const parts = [family.words, family.peak && number(one.eta0), W && `warmup ${W}`, again && `restart ${again}`, one.floor && family.floor !== "no" && `floor ${number(one.floor)}`];
      return parts.filter(Boolean).join(", ");
    }

    /* What is shown of a node, computed once for a `key` that says all that it depends on. */
    item(key, name, make) {
      const known = this.items.get(key);
      if (known) return known;
      const { T } = this.state;
      const node = make();
      const eta = studio.rates(node, this.last + 1);
      let [low, high] = [Infinity, 0]; // of rates above 0
      for (const each of eta) {
        if (each > 0 && each < low) low = each;
        if (each > high) high = each;
      }
      return { key, name, node, eta, low, high, sums: studio.sums(eta.subarray(0, T)), verdict: studio.verdict(node) };
    }

    update() {
      const { state, one } = this;
      const { T, schedules } = state;
      this.last = studio.lastStep(state);
      if (this.words_) {
        const all = Object.entries(studio.sameWords(one.eta0, one.W, T));
        this.shown = all.map(([name, node]) => this.item(`${name} ${one.eta0} ${one.W} ${T}`, name, () => node));
      } else {
        this.shown = schedules.map((each) => this.item(`${T} ${JSON.stringify(each)}`, this.label(each), () => studio.compose(each, T)));
      }
      this.items = new Map(this.shown.map((each) => [each.key, each]));
      this.on = this.words_ ? Math.min(this.word, this.shown.length - 1) : state.on;
      this.controls();
      this.rows();
      this.curves();
      this.draw();
    }

    rows() {
      const { el, shown } = this;
      if (el.rows.children.length !== shown.length) {
        const name = `${this.id_}-row`;
        el.rows.innerHTML = shown
          .map((_, i) => `<tr><th scope="row"><label><input type="radio" name="${name}" value="${i}">${swatch(i)}<span></span></label></th><td></td><td></td><td></td></tr>`)
          .join("");
      }
      shown.forEach((each, i) => {
        const row = el.rows.children[i];
        text(row.querySelector("span"), each.name);
        row.querySelector("input").checked = i === this.on;
        text(row.children[2], number(each.sums.sum));
        text(row.children[3], number(each.sums.squares));
      });
      text(el.what, this.words_ ? "library" : "schedule");
    }

    curves() {
      if (!(this.sizes_ && this.sizes_[0][0] > 0)) return; // in a closed box; measured again when it opens
      const { shown } = this;
      let [low, high] = [Math.min(...shown.map((each) => each.low)), Math.max(...shown.map((each) => each.high))];
      if (high === 0) low = high = 1; // rates too small for a number
      this.axes.forEach((axes, i) => {
        axes.fit(...this.sizes_[i], low, high, this.last);
        axes.draw(shown, this.on, curve);
      });
    }

    /* What depends on the step, and the words. */
    draw() {
      const { el, shown, state } = this;
      const k = clamp(this.hover === undefined ? state.k : this.hover, 0, this.last);
      el.k.max = this.last;
      el.k.value = state.k;
      text(el.kOut, this.words_ ? `${state.k}, T = ${state.T}` : `${state.k} of ${state.T}`);
      el.k.setAttribute("aria-valuetext", `${el.kOut.textContent}, rate ${number(shown[this.on].eta[state.k])}`);
      text(el.at, `η at k = ${k}`);
      shown.forEach((each, i) => text(el.rows.children[i].children[1], number(each.eta[k])));
      const now = shown[this.on];
      if (this.sizes_ && this.sizes_[0][0] > 0) for (const axes of this.axes) axes.mark(k, now.eta[k]);
      html(el.verdict, this.words_ ? this.differences() : this.verdict(now));
      html(el.travel, this.words_ ? this.afterwards() : this.travel(now));
      text(el.code, this.words_ ? studio.wordsOf(now.name, this.one.eta0, this.one.W, state.T) : studio.code(now.node, this.program));
      const names = shown.map((each) => each.name).join("; ");
      el.linear.setAttribute("aria-label", `Learning rates against the step on a linear axis: ${names}. ${now.name} is ${number(now.eta[k])} at step ${k}.`);
      el.log.setAttribute("aria-label", "The same learning rates on a log axis.");
    }

    verdict({ verdict: { satisfied, sum, squares, reason } }) {
      const answer = satisfied === null ? "not decided" : satisfied ? "satisfied" : "not satisfied";
      return `<b>Robbins–Monro: ${answer}.</b> Continued for ever, Σ<i>η</i> ${sum} and Σ<i>η</i>² ${squares}: ${reason}.`;
    }

    /* The sum of rates is the time for which gradient flow, dx/dt = -grad f, would have run. */
    travel({ sums: { sum, peak } }) {
      const { T } = this.state;
      if (!(sum > 0)) return `<b>Total travel 0</b> in ${T} steps: nothing moves.`;
      const reach = `Normalised steps get no farther than that; gradient flow for that time leaves e<sup>−<i>h</i>Σ<i>η</i></sup> of a distance along curvature <i>h</i>, 1 % where <i>h</i> = ${number(Math.log(100) / sum)}.`;
      return `<b>Total travel Σ<i>η</i> = ${number(sum)}</b> in ${T} steps, as much as ${number(sum / peak)} steps at the highest rate. ${reach}`;
    }

    /* Where the curves from step `from` to `to` are furthest apart, in words. */
    apart(from, to) {
      let worst = { gap: -1 };
      for (let k = from; k <= to; k++) {
        let [low, high] = [this.shown[0], this.shown[0]];
        for (const each of this.shown) {
          if (each.eta[k] < low.eta[k]) low = each;
          if (each.eta[k] > high.eta[k]) high = each;
        }
        const gap = high.eta[k] - low.eta[k];
        if (gap > worst.gap * (1 + 1e-9)) worst = { gap, k, high, low };
      }
      const { k, high, low } = worst;
      return `step ${k}: ${high.name} ${number(high.eta[k])}, ${low.name} ${number(low.eta[k])}`;
    }

    differences() {
      return `<b>One sentence, different curves:</b> “warm up from 0 to η₀ in ${this.one.W} steps, then a cosine to 0, in T = ${this.state.T} steps”.`;
    }

    afterwards() {
      const { T } = this.state;
      return `The largest gap before step T is at ${this.apart(0, T - 1)}; from T on it is at ${this.apart(T, this.last)}.`;
    }

    words() {
      const { name, eta } = this.shown[this.on];
      const now = `At step ${this.state.k} the rate of ${name} is ${number(eta[this.state.k])}.`;
      return [now, this.el.trouble.textContent, this.el.note.textContent, this.el.verdict.textContent, this.el.travel.textContent].filter(Boolean).join(" ");
    }
  }

  customElements.define("lr-schedule-studio", LrScheduleStudio);
})();
