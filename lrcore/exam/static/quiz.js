// The page quiz: practice with feedback at once, exams against the clock, marks that stay. It works without a
// kernel, a server or another host, and from file://. The markup is made by lrcore/exam/page.py, grading is in
// quiz-grading.js, storage in quiz-store.js. Classic scripts: modules do not load from file://.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});
  const SPOKEN = [30, 10, 5, 2, 1]; // minutes left at which the time is told

  function start() {
    const head = document.querySelector("lr-paper");
    if (!head || head.dataset.ready) return;
    head.dataset.ready = "yes";
    const { sheet, variants } = head.dataset;
    const seeds = head.dataset.seeds.split(" ").map(Number);
    const possible = head.dataset.possible.split(" ").map((entry) => [entry.split(":")[0], Number(entry.split(":")[1])]);
    const outOf = possible.reduce((sum, [, marks]) => sum + marks, 0);
    const report = document.querySelector("lr-report");
    const store = quiz.openStore(() => window.localStorage);
    const html = { [seeds[0]]: {} }; // seed -> question -> its element as it came
    const secrets = { [seeds[0]]: head.dataset.sealed }; // seed -> sealed tables, and those once unsealed
    const tables = {};
    const questions = new Map();
    let lang = store.data().lang;
    let state = usable(store.data().sheets[sheet]);
    let now = seeds[0]; // the numbers that stand on the page

    // -------------------------------------------------------------- words

    const say = (name, ...values) => quiz.say(lang, name, ...values);
    const tagged = new Map(); // element -> [attribute or "", name, values]: told again in another language
    function words(element, name, ...values) {
      tagged.set(element, ["", name, values]);
      return translate(element);
    }
    function label(element, name, ...values) {
      tagged.set(element, ["aria-label", name, values]);
      return translate(element);
    }
    function translate(element) {
      const [attribute, name, values] = tagged.get(element);
      if (attribute) element.setAttribute(attribute, say(name, ...values));
      else element.textContent = say(name, ...values);
      element.lang = lang === "zh" ? "zh-Hans" : "en";
      return element;
    }
    function make(tag, properties = {}, ...children) {
      const element = Object.assign(document.createElement(tag), properties);
      element.append(...children);
      return element;
    }
    function button(name, action, className = "") {
      const element = words(make("button", { type: "button", className }), name);
      element.addEventListener("click", action);
      return element;
    }

    // -------------------------------------------------------------- the paper

    const inExam = () => state.mode === "exam";
    const key = () => (inExam() ? `${state.seed} exam` : `${state.seed}`);
    const empty = () => ({ answers: {}, checked: [], hints: {}, marks: 0, outOf });
    const paper = () => (state.papers[key()] = state.papers[key()] || empty());
    const running = () => inExam() && !paper().done;
    const told = (q) => (inExam() ? Boolean(paper().done) : paper().checked.includes(q.id));

    function fromNotebook() {
      if (paper().answers.code === undefined) return {};
      try {
        const marks = quiz.readCode(String(paper().answers.code), sheet, state.seed, possible.map(([, of]) => of));
        return Object.fromEntries(possible.map(([id], i) => [id, marks[i]]));
      } catch {
        return {};
      }
    }

    // Marks, code and feedback of the answer that stands; only here is anything unsealed.
    function verdict(q) {
      const answer = paper().answers[q.id];
      const earned = fromNotebook()[q.id];
      if (q.type === "function" || (answer === undefined && typeof earned === "number")) {
        if (typeof earned !== "number") return { marks: 0, code: "not-answered", feedback: "" };
        return { marks: earned, code: earned === q.marks ? "right" : "notebook", feedback: "" };
      }
      try {
        return quiz.grade(q.type, sealed(q), answer);
      } catch {
        return { marks: 0, code: "unreadable", feedback: say("unreadable") };
      }
    }
    function sealed(q) {
      const { seed } = q.element.dataset;
      tables[seed] = tables[seed] || quiz.unseal(secrets[seed], `${sheet}/${seed}`);
      return tables[seed][q.id];
    }

    function word(q, { marks, code }) {
      if (code === "not-answered" || code === "returns-nothing") return "none";
      if (code === "self-mark") return "unmarked";
      return marks === q.marks ? "right" : marks ? "partly" : "wrong";
    }
    const number = (x) => String(Math.round(x * 100) / 100);

    // What may be shown now: a verdict, or null.
    function shown(q) {
      const byCode = !running() && typeof fromNotebook()[q.id] === "number";
      return told(q) || (byCode && (q.type === "function" || paper().answers[q.id] === undefined)) ? verdict(q) : null;
    }
    function total() {
      let sum = 0;
      for (const q of questions.values()) sum += shown(q)?.marks || 0;
      return sum;
    }

    function save() {
      if (!running()) paper().marks = total();
      if (!store.save(sheet, state, lang)) message("forbidden");
    }

    // -------------------------------------------------------------- questions

    function build(element) {
      const { id, type, marks } = element.dataset;
      const q = { id, type, marks: Number(marks), element };
      const area = element.querySelector(".lr-quiz-answer");
      q.control = quiz.controls[type](area, say, announce, label);
      q.result = make("div", { className: "lr-quiz-result" });
      q.actions = make("div", { className: "lr-quiz-actions" });
      q.practice = type === "function" ? [] : [button("check", () => check(q), "lr-quiz-main")];
      if ("hint" in element.dataset) q.practice.push(button("hint", () => hint(q)));
      q.modelButton = button("model", () => model(q)); // after a try: being wrong once teaches more
      q.actions.append(...q.practice, q.modelButton);
      element.append(q.actions, q.result);
      const edited = () => {
        if (running() && Date.now() >= paper().ends) { tick(); return; } // a sleeping tab's clock is late
        const answer = q.control.read();
        if (JSON.stringify(answer) === JSON.stringify(paper().answers[id])) return; // left, not edited
        if (answer === undefined) delete paper().answers[id]; else paper().answers[id] = answer;
        const was = paper().checked.includes(id);
        paper().checked = paper().checked.filter((each) => each !== id);
        if (was) { render(q); q.result.append(words(make("p"), "stale")); }
        save();
        summary();
      };
      area.addEventListener("input", edited);
      area.addEventListener("change", edited);
      area.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && type === "numeric" && !running()) { event.preventDefault(); check(q); }
      });
      questions.set(id, q);
    }

    function check(q) {
      q.control.touch?.();
      const answer = q.control.read();
      if (answer !== undefined) paper().answers[q.id] = answer;
      if (!paper().checked.includes(q.id)) paper().checked.push(q.id);
      render(q);
      save();
      summary();
      announce(`${q.id}: ${q.result.innerText}`);
    }

    function hint(q) {
      paper().hints[q.id] = 1;
      render(q);
      save();
      announce(q.hint?.textContent || "");
    }

    function model(q) {
      q.modelShown = true;
      render(q);
      q.result.tabIndex = -1; // the button that had the focus is gone
      q.result.focus();
    }

    function open(q) {
      try { return sealed(q); } catch { return {}; }
    }

    function render(q) {
      const found = shown(q);
      const { answers, hints, done } = paper();
      for (const each of q.practice) each.hidden = inExam();
      const unread = q.type !== "text" || found?.code === "too-short"; // with a text that counts comes its scheme
      q.modelButton.hidden = !found || q.modelShown || ["right", "none"].includes(word(q, found)) || !unread;
      q.element.querySelectorAll(".lr-quiz-answer :is(input, select, textarea, button)")
        .forEach((each) => { each.disabled = Boolean(inExam() && done); });
      q.result.replaceChildren();
      delete q.element.dataset.word;
      if (!inExam() && hints[q.id] && (q.hint = both(open(q).shown?.hint))) q.result.append(q.hint);
      if (found) {
        const name = word(q, found);
        q.element.dataset.word = name;
        const first = make("p", { className: "lr-quiz-verdict" });
        first.append(words(make("b"), "marksOf", number(found.marks), q.marks), " · ", words(make("span"), name));
        q.result.append(first);
        if (name === "none") q.result.append(...(inExam() ? [] : [words(make("p"), "answerFirst")]));
        else if (found.feedback) q.result.append(make("p", { lang: "en" }, found.feedback));
        if (q.type === "text" && answers[q.id] !== undefined && (!unread || q.modelShown)) scheme(q, found);
        if (found.marks < q.marks && name !== "unmarked") {
          q.result.append(make("p", { className: "lr-quiz-revise" }, words(make("span"), "revise"), " ", link(q)));
        }
      }
      if (found && q.modelShown && q.type !== "text" && found.code !== "right") { // that is told it anyway
        q.result.append(make("p", { lang: "en", className: "lr-quiz-model" }, open(q).sealed?.model || ""));
      }
    }

    function link(q) {
      const { page, heading } = q.element.dataset; // a chapter that is not in this book has no page
      return page ? make("a", { href: page, lang: "en" }, heading) : make("span", { lang: "en" }, heading);
    }
    const both = (text) => text && make("p", { className: "lr-quiz-hint", lang: lang === "zh" ? "zh-Hans" : "en" },
      lang === "zh" ? text.zh : text.en);

    // The mark scheme of a free text, to be ticked by whoever wrote it.
    function scheme(q, found) {
      const { points, model: text } = open(q).sealed || {};
      if (!points) return;
      const box = make("fieldset", { className: "lr-quiz-scheme" }, words(make("legend"), "scheme"));
      const given = paper().answers[q.id].ticks || [];
      const fields = points.map((point, index) => {
        const field = make("input", { type: "checkbox", value: String(index + 1), checked: given.includes(index + 1) });
        if (point.pattern) return null;
        box.append(make("label", { className: "lr-quiz-option" }, field, " ",
          make("span", { lang: lang === "zh" ? "zh-Hans" : "en" }, lang === "zh" ? point.zh : point.en),
          ` (${number(point.marks)})`));
        return field;
      });
      const tick = () => {
        q.control.tick(fields.filter((field) => field?.checked).map((field) => Number(field.value)));
        paper().answers[q.id] = q.control.read();
        const at = document.activeElement?.value;
        render(q);
        q.result.querySelector(`input[value="${at}"]`)?.focus();
        save();
        summary();
        announce(`${q.id}: ${q.result.querySelector(".lr-quiz-verdict")?.innerText}`);
      };
      for (const field of fields) field?.addEventListener("change", tick);
      if (found.code !== "right") q.result.append(make("p", { lang: "en", className: "lr-quiz-model" }, text));
      if (fields.some(Boolean)) q.result.append(box);
    }

    // -------------------------------------------------------------- other numbers

    quiz.variant = function ([of, seed, secret, elements]) {
      if (of !== sheet) return;
      secrets[seed] = secret;
      html[seed] = elements;
    };

    function show(seed) {
      if (seed !== now) {
        for (const [id, q] of [...questions]) {
          const box = make("div");
          box.innerHTML = html[seed][id] || html[seeds[0]][id];
          q.element.replaceWith(box.firstElementChild);
        }
        now = seed;
        questions.clear();
        document.querySelectorAll("lr-question").forEach(build);
        for (const element of tagged.keys()) if (!element.isConnected) tagged.delete(element);
      }
      refill();
    }

    function refill() {
      for (const q of questions.values()) {
        q.modelShown = false;
        q.control.write(paper().answers[q.id]);
        render(q);
      }
      if (parts.code) parts.code.value = paper().answers.code || "";
      summary();
      tick();
    }

    function load(seed, then, fail = () => {}) {
      if (html[seed]) { then(); return; }
      message("loading");
      const script = make("script", { src: `${variants}${seed}.js`, async: true });
      const after = () => {
        script.remove();
        if (html[seed]) { message(""); then(); } else { message("notLoaded"); fail(); }
      };
      script.onload = script.onerror = after;
      document.head.append(script);
    }

    // -------------------------------------------------------------- exams

    let clock = 0, spoken = Infinity;

    function startExam() {
      const minutes = Number(parts.minutes.value);
      if (!(minutes >= 1 && minutes <= 600)) { message("badMinutes"); parts.minutes.focus(); return; }
      const earlier = state.papers[`${state.seed} exam`];
      if (earlier && !window.confirm(say("examAgain"))) return;
      state.mode = "exam";
      state.papers[key()] = { ...empty(), ends: Date.now() + minutes * 60_000 };
      spoken = Infinity;
      save();
      refill();
      message("examRuns", number(minutes));
      parts.clock.focus();
    }

    function handIn(name) {
      paper().done = true;
      save();
      refill();
      message(name, number(paper().marks), outOf);
      head.scrollIntoView();
    }

    function tick() {
      clearInterval(clock);
      parts.bar.hidden = !running();
      document.documentElement.classList.toggle("lr-quiz-running", running());
      if (!running()) return;
      const left = Math.ceil(((paper().ends || 0) - Date.now()) / 1000);
      if (left <= 0) { handIn("timeUp"); return; }
      words(parts.time, "left", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
      const mark = SPOKEN.filter((minutes) => left <= minutes * 60).pop() ?? Infinity;
      if (mark < spoken && spoken < Infinity) announce(say("leftSpoken", mark));
      spoken = mark;
      clock = setInterval(tick, 1000);
    }

    // -------------------------------------------------------------- the head and the report

    const parts = {};
    function furnish() {
      parts.languages = make("select", {}, make("option", { value: "en", lang: "en" }, "English"),
        make("option", { value: "zh", lang: "zh-Hans" }, "中文"));
      parts.languages.addEventListener("change", () => speak(parts.languages.value));
      parts.minutes = make("input", { type: "number", min: 1, max: 600, value: head.dataset.minutes });
      parts.numbers = button("newNumbers", () => {
        const next = seeds[(seeds.indexOf(state.seed) + 1) % seeds.length];
        load(next, () => { state.seed = next; show(next); save(); announce(parts.status.textContent); });
      });
      parts.exam = make("span", { className: "lr-quiz-group" }, button("exam", startExam),
        make("label", {}, parts.minutes, " ", words(make("span"), "minutes")));
      parts.back = button("back", () => { state.mode = "practice"; save(); refill(); });
      parts.file = make("input", { type: "file", accept: ".json,application/json", hidden: true });
      parts.file.addEventListener("change", importFile);
      parts.status = make("p", { className: "lr-quiz-status" });
      parts.message = make("p", { className: "lr-quiz-message" });
      parts.message.setAttribute("role", "status");
      parts.spoken = make("p", { className: "lr-quiz-spoken" });
      parts.spoken.setAttribute("role", "status");
      parts.time = make("span");
      parts.clock = make("span", { className: "lr-quiz-time", tabIndex: -1 }, parts.time);
      parts.clock.setAttribute("role", "timer");
      parts.bar = make("div", { className: "lr-quiz-bar", hidden: true }, parts.clock,
        button("handIn", () => {
          if (window.confirm(say("handInSure", answered(), questions.size))) handIn("handedIn");
        }, "lr-quiz-main"));
      head.append(
        make("div", { className: "lr-quiz-tools" },
          make("label", {}, words(make("span"), "language"), " ", parts.languages), parts.numbers, parts.exam, parts.back,
          button("print", () => window.print()), button("reset", reset)),
        parts.status, parts.message, parts.spoken, parts.bar,
        make("details", {}, words(make("summary"), "about"), words(make("p"), "aboutText")));
      if (!report) return;
      parts.code = make("input", { type: "text", size: 24, autocomplete: "off", spellcheck: false });
      parts.code.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); enter(); } });
      parts.table = make("table", { className: "lr-quiz-marks" });
      parts.revise = make("div");
      parts.codeResult = make("p", { className: "lr-quiz-message" });
      parts.codeResult.setAttribute("role", "status");
      const hasCode = document.querySelector('lr-question[data-type="function"]');
      report.append(parts.table, parts.revise,
        ...(hasCode ? [make("div", { className: "lr-quiz-tools" },
          make("label", {}, words(make("span"), "code"), " ", parts.code), button("enter", enter)),
        parts.codeResult, words(make("p", { className: "lr-quiz-note" }), "codeHelp")] : []),
        make("div", { className: "lr-quiz-tools" }, button("save", exportFile),
          button("load", () => parts.file.click()), parts.file));
    }

    const answered = () => [...questions.values()].filter((q) => paper().answers[q.id] !== undefined ||
      typeof fromNotebook()[q.id] === "number").length;

    function summary() {
      if (running()) words(parts.status, "examStatus", outOf, answered(), questions.size, state.seed);
      else words(parts.status, "status", number(total()), outOf, answered(), questions.size, state.seed);
      parts.numbers.hidden = parts.exam.hidden = inExam();
      parts.back.hidden = !inExam() || running();
      if (report) marksTable();
    }

    function marksTable() {
      const cell = (tag, ...content) => make(tag, {}, ...content);
      const rows = [...questions.values()].map((q) => {
        const found = running() ? null : shown(q);
        const name = found ? word(q, found) : paper().answers[q.id] === undefined ? "none" : "unchecked";
        const place = q.element.closest("section[id]");
        const title = make("a", { href: place ? `#${place.id}` : "#", lang: "en" }, `${q.id} · ${q.element.dataset.title}`);
        const row = make("tr", {}, cell("th", title),
          cell("td", words(make("span"), "of", found ? number(found.marks) : running() ? "–" : "0", q.marks)),
          cell("td", words(make("span"), name)));
        row.firstChild.scope = "row";
        return row;
      });
      const headings = make("tr", {}, ...["question", "marks", "result"].map((name) => words(make("th", { scope: "col" }), name)));
      const sum = make("tr", {}, words(make("th", { scope: "row" }), "total"),
        cell("td", words(make("b"), "of", running() ? "–" : number(total()), outOf)),
        cell("td", running() ? "" : `${Math.round((100 * total()) / outOf)} %`));
      parts.table.replaceChildren(make("thead", {}, headings), make("tbody", {}, ...rows), make("tfoot", {}, sum));
      parts.revise.replaceChildren();
      if (running()) parts.revise.append(words(make("p"), "afterHandIn"));
      const again = new Map();
      let claimed = 0;
      for (const q of questions.values()) {
        const found = running() ? null : shown(q);
        claimed += found?.claimed || 0;
        if (found && found.marks < q.marks) {
          const at = q.element.dataset.heading;
          again.set(at, [...(again.get(at) || []), q]);
        }
      }
      if (claimed) parts.revise.append(words(make("p"), "claimed", number(claimed)));
      if (again.size) {
        const list = [...again.values()].map((qs) => make("li", {}, link(qs[0]), `: ${qs.map((q) => q.id).join(", ")}`));
        parts.revise.append(words(make("p"), "revise"), make("ul", {}, ...list));
      }
      const others = Object.entries(store.data().sheets).filter(([name]) => name !== sheet).map(([name, other]) => {
        const best = other.papers[other.mode === "exam" ? `${other.seed} exam` : other.seed];
        return best && make("li", {}, words(make("span"), "sheet", name), ": ",
          words(make("span"), "marksOf", number(best.marks), number(best.outOf)));
      }).filter(Boolean);
      if (others.length) parts.revise.append(words(make("p"), "others"), make("ul", {}, ...others));
      for (const element of tagged.keys()) if (!element.isConnected) tagged.delete(element);
    }

    function message(name, ...values) {
      if (name) words(parts.message, name, ...values);
      else { tagged.delete(parts.message); parts.message.textContent = ""; }
    }
    function announce(text) {
      parts.spoken.textContent = text;
    }

    function speak(language) {
      lang = language;
      document.documentElement.dataset.lrLang = lang;
      parts.languages.value = lang;
      for (const element of tagged.keys()) translate(element);
      save();
      for (const q of questions.values()) render(q);
      summary();
    }

    // -------------------------------------------------------------- code, reset, files

    function enter() {
      const text = parts.code.value;
      try {
        quiz.readCode(text, sheet, state.seed, possible.map(([, of]) => of));
      } catch (problem) {
        tagged.delete(parts.codeResult);
        parts.codeResult.textContent = problem.message;
        return;
      }
      paper().answers.code = text;
      words(parts.codeResult, "codeTaken");
      save();
      for (const q of questions.values()) render(q);
      summary();
    }

    function reset() {
      if (!window.confirm(say("resetSure"))) return;
      delete state.papers[key()];
      state.mode = "practice";
      save();
      refill();
      message("resetDone");
    }

    function exportFile() {
      const data = { ...store.data(), lang, sheets: { ...store.data().sheets, [sheet]: state } };
      const address = URL.createObjectURL(new Blob([quiz.exported(data)], { type: "application/json" }));
      const anchor = make("a", { href: address, download: "learning-rate-marks.json" });
      document.body.append(anchor);
      anchor.click();
      anchor.remove();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    }

    async function importFile() {
      const [file] = parts.file.files;
      if (!file) return;
      const { data, problem } = file.size > 4_000_000 ? { problem: "tooLarge" } : quiz.imported(await file.text());
      parts.file.value = ""; // the same file can be chosen again
      if (problem) { message(problem); return; }
      const mine = { ...store.data().sheets, [sheet]: state };
      const taken = Object.keys(data.sheets).filter((name) => {
        const here = mine[name] && Object.values(mine[name].papers).some((p) => Object.keys(p.answers).length);
        const same = here && JSON.stringify(mine[name]) === JSON.stringify(data.sheets[name]);
        return !here || same || window.confirm(say("replace", name));
      });
      if (!taken.length) { message("kept"); return; }
      for (const name of taken) mine[name] = data.sheets[name];
      store.saveAll({ version: 1, lang, sheets: mine });
      state = usable(mine[sheet]);
      begin(() => message("imported", taken.join(", ")));
    }

    // -------------------------------------------------------------- begin

    // A state that this page can show.
    function usable(found) {
      if (!found || !seeds.includes(found.seed)) return { seed: seeds[0], mode: "practice", papers: found?.papers || {} };
      if (found.mode === "exam" && !found.papers[`${found.seed} exam`]) found.mode = "practice";
      return found;
    }

    function begin(then) {
      load(state.seed, () => { show(state.seed); then(); }, () => {
        state.seed = seeds[0]; // the answers to the other numbers stay where they are
        state.mode = "practice";
        show(state.seed);
      });
    }

    document.querySelectorAll("lr-question").forEach((element) => {
      html[seeds[0]][element.dataset.id] = element.outerHTML;
    });
    furnish();
    document.querySelectorAll("lr-question").forEach(build);
    document.documentElement.dataset.lrLang = lang;
    parts.languages.value = lang;
    for (const element of tagged.keys()) translate(element);
    begin(() => { if (store.trouble) message(store.trouble); });
    document.addEventListener("visibilitychange", tick);
    // A browser may put controls back to where they were before a reload, but not what belongs to them.
    window.addEventListener("pageshow", (event) => { if (event.persisted || now === state.seed) refill(); });
  }

  if (typeof document === "undefined") return;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
