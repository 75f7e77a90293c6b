// The reader's answers, kept in the browser for all sheets under one key, and as a file.
//
//   {version, lang, sheets: {"01": {seed, mode, papers: {"1": paper, "1 exam": paper}}}}
//   paper: {answers: {q1: …}, checked: [q1, …], hints: {q1: 1}, marks, outOf, ends, done}
//
// Whatever comes from storage or from a file may be anything: only what `clean` lets through is used.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});

  const KEY = "lr-quiz";
  const LONGEST = 2_000_000; // characters of a file
  const isObject = (x) => typeof x === "object" && x !== null && !Array.isArray(x);
  const isNumber = (x) => typeof x === "number" && Number.isFinite(x) && x >= 0;
  const isText = (x) => typeof x === "string" && x.length <= 20_000;
  const QUESTION = /^[a-z][\w-]{0,30}$/, SHEET = /^[a-z\d][\w-]{0,30}$/, PAPER = /^\d{1,6}( exam)?$/;

  // Entries of an object with allowed names and values that `accept` makes something of.
  function entries(from, name, accept) {
    const kept = {};
    if (isObject(from)) {
      for (const [key, value] of Object.entries(from)) {
        const accepted = name.test(key) ? accept(value) : undefined;
        if (accepted !== undefined) kept[key] = accepted;
      }
    }
    return kept;
  }

  function cleanAnswer(x) {
    if (isText(x)) return x;
    if (Array.isArray(x)) return x.length <= 100 && x.every((e) => isText(e) || isNumber(e)) ? x : undefined;
    if (!isObject(x)) return undefined;
    const pairs = Object.entries(x).filter(([key, value]) => key !== "__proto__" &&
      (isText(value) || (Array.isArray(value) && cleanAnswer(value) !== undefined)));
    return pairs.length && pairs.length <= 100 ? Object.fromEntries(pairs) : undefined;
  }

  function cleanPaper(x) {
    if (!isObject(x) || !isObject(x.answers)) return undefined;
    const paper = {
      answers: entries(x.answers, QUESTION, cleanAnswer),
      checked: Array.isArray(x.checked) ? x.checked.filter((id) => isText(id) && QUESTION.test(id)) : [],
      hints: entries(x.hints, QUESTION, (n) => (isNumber(n) ? n : undefined)),
      marks: isNumber(x.marks) ? x.marks : 0,
      outOf: isNumber(x.outOf) ? x.outOf : 0,
    };
    if (isNumber(x.ends)) paper.ends = x.ends;
    if (x.done === true) paper.done = true;
    return paper;
  }

  function cleanSheet(x) {
    if (!isObject(x)) return undefined;
    const papers = entries(x.papers, PAPER, cleanPaper);
    if (!Object.keys(papers).length) return undefined;
    return { seed: isNumber(x.seed) ? x.seed : 1, mode: x.mode === "exam" ? "exam" : "practice", papers };
  }

  // Everything usable in x, or null when x is not of this book at all.
  function clean(x) {
    if (!isObject(x) || x.version !== 1 || !isObject(x.sheets)) return null;
    return { version: 1, lang: x.lang === "zh" ? "zh" : "en", sheets: entries(x.sheets, SHEET, cleanSheet) };
  }

  const empty = () => ({ version: 1, lang: "en", sheets: {} });

  // `storage` is window.localStorage, or a function that may throw when it is asked for.
  quiz.openStore = function (storage) {
    let memory = empty();
    const store = { trouble: "", data: () => memory };

    function stored() {
      const text = storage().getItem(KEY);
      if (text === null) return empty();
      let found = null;
      try { found = clean(JSON.parse(text)); } catch { /* no JSON */ }
      if (found) return found;
      store.trouble = "storedDamaged";
      storage().setItem(`${KEY}-damaged`, text); // for whoever can still read it
      return empty();
    }

    // Another page may have written meanwhile: only this sheet and the language are ours.
    store.save = function (sheet, state, lang) {
      memory.lang = lang;
      memory.sheets[sheet] = state;
      try {
        const all = stored();
        all.lang = lang;
        all.sheets[sheet] = state;
        storage().setItem(KEY, JSON.stringify(all));
        memory = all;
        return true;
      } catch {
        store.trouble = "forbidden";
        return false;
      }
    };

    store.saveAll = function (all) {
      memory = all;
      try { storage().setItem(KEY, JSON.stringify(all)); } catch { store.trouble = "forbidden"; }
    };

    try {
      memory = stored();
    } catch {
      store.trouble = "forbidden";
    }
    return store;
  };

  quiz.exported = (data) => JSON.stringify({ format: "learning-rate-marks", ...data }, null, 1);

  // What a file holds, as {data}, or why it is refused, as {problem: name of the words}.
  quiz.imported = function (text) {
    if (text.length > LONGEST) return { problem: "tooLarge" };
    let found;
    try { found = JSON.parse(text); } catch { return { problem: "notJson" }; }
    if (!isObject(found) || found.format !== "learning-rate-marks") return { problem: "foreign" };
    const data = clean(found);
    const whole = data && isObject(found.sheets) &&
      Object.keys(found.sheets).length === Object.keys(data.sheets).length && Object.keys(data.sheets).length > 0;
    return whole ? { data } : { problem: "damaged" };
  };
})();
