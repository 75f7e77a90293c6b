// The grader of the page quiz: reading.py, answers.py and marking.py of lrcore/exam again, word for word, since a
// published page has no kernel. A question comes as the table that export.py makes of it; tests hand thousands
// of answers to both graders and compare. A classic script, which node can load, too.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});

  // ---------------------------------------------------------------- reading

  const DECIMAL = "[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,4})?";
  const NUMBER = new RegExp(`^${DECIMAL}$`);
  const THOUSANDS = /^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+$/;
  const POWER = new RegExp(`^(?:(${DECIMAL}) ?[×·⋅*x] ?)?` +
    "10 ?(?:\\^ ?\\(?([+-]?[0-9]{1,3})\\)?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))$");
  const RAISED = "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", LOWERED = "-+0123456789";
  const WIDE = "０１２３４５６７８９．，／－＋ｅＥ−–", PLAIN = "0123456789.,/-+eE--";
  const SPACES = " \\t\\r\\n\\v\\f\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\ufeff";
  const ENDS = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "g");
  const HOW = "Write a plain number such as 0.5, 1/2 or 5e-1.";
  const strip = (text) => text.replace(ENDS, "");
  const translate = (text, from, to) => [...text].map((sign) => to[from.indexOf(sign)] ?? sign).join("");
  const plain = (text) => translate(text, WIDE, PLAIN);

  class Unreadable extends Error {
    constructor(code, feedback) {
      super(feedback);
      this.code = code;
    }
  }

  const isMissing = (answer) => answer === null || answer === undefined || !strip(answer);

  function readNumber(answer, unit) {
    if (isMissing(answer)) throw new Unreadable("not-answered", "Replace the ... by your answer.");
    const value = fromText(answer, unit || "");
    if (Number.isNaN(value)) {
      throw new Unreadable("nan", "NaN is not a number: something in the calculation is undefined, such as 0/0.");
    }
    if (!Number.isFinite(value)) {
      throw new Unreadable("infinite", "The answer is infinite or too large for a float; a finite number is asked.");
    }
    return value;
  }

  function fromText(text, unit) {
    text = strip(plain(text));
    if (unit && text.endsWith(unit)) text = strip(text.slice(0, text.length - unit.length));
    const word = text.toLowerCase().replace(/^[+-]+/, "");
    if (["inf", "infinity", "∞"].includes(word)) return Infinity;
    if (word === "nan") return NaN;
    const parts = text.split("/").map((part) => decimal(strip(part)));
    if (parts.length > 2 || [...text].length > 60 || parts.includes(null)) {
      throw new Unreadable("not-a-number", `This text is not a number. ${HOW}`);
    }
    if (!parts.every(Number.isFinite)) return Infinity;
    if (parts.length === 1) return parts[0];
    if (parts[1] === 0) throw new Unreadable("nan", "This fraction divides by zero.");
    return parts[0] / parts[1];
  }

  function decimal(text) {
    const power = POWER.exec(text);
    const digits = power ? power[1] || "1" : text;
    if (THOUSANDS.test(digits)) {
      throw new Unreadable("ambiguous-comma",
        "This comma may be a decimal comma or separate thousands: use a point, or leave it out.");
    }
    if (!NUMBER.test(digits) || (power && /e/i.test(digits))) return null;
    const exponent = power ? `e${power[2] || translate(power[3], RAISED, LOWERED)}` : "";
    return Number(digits.replace(",", ".") + exponent);
  }

  // Python's "%.10g".
  function shortest(x) {
    if (x === 0) return Object.is(x, -0) ? "-0" : "0";
    const [mantissa, exponent] = x.toExponential(9).split("e");
    const power = Number(exponent);
    if (power >= -4 && power < 10) {
      const fixed = x.toFixed(Math.max(0, 9 - power));
      return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
    }
    const digits = String(Math.abs(power)).padStart(2, "0");
    return `${mantissa.replace(/\.?0+$/, "")}e${power < 0 ? "-" : "+"}${digits}`;
  }

  function readLabel(answer) {
    const text = strip(strip(plain(answer)).replace(/^[()[\].]+|[()[\].]+$/g, "")).toLowerCase();
    try {
      return shortest(readNumber(text));
    } catch (problem) {
      if (problem instanceof Unreadable) return text;
      throw problem;
    }
  }

  const notAnswered = (feedback) => new Unreadable("not-answered", feedback);

  const span = (labels) => `${labels.reduce((a, b) => (a < b ? a : b))} to ${labels.reduce((a, b) => (a > b ? a : b))}`;
  const find = (labels, given) => labels.find((label) => readLabel(label) === readLabel(given));

  // An answer as the page hands it over -> the plain value that is marked; answers.py reads more forms.
  const READERS = {
    numeric: (shown, answer) => readNumber(answer, shown.unit),

    choice({ options }, answer) {
      if (isMissing(answer)) throw notAnswered(`Replace the ... by a letter from ${span(options)}.`);
      const label = find(options, answer);
      if (label === undefined) {
        throw new Unreadable("not-an-option", `Answer with one letter from ${span(options)}, in quotation marks.`);
      }
      return label;
    },

    multi({ options }, answer) {
      const given = (answer || []).filter((part) => !isMissing(part));
      if (!given.length) throw notAnswered(`Replace the ... by the letters that hold, from ${span(options)}.`);
      const found = given.map((part) => find(options, part));
      if (found.includes(undefined)) {
        throw new Unreadable("not-an-option", `Answer with letters from ${span(options)}, as in "AC" or ["A", "C"].`);
      }
      return options.filter((label) => found.includes(label));
    },

    ordering({ items }, answer) {
      const given = (answer || []).filter((part) => !isMissing(part));
      if (!given.length) throw notAnswered(`Replace the ... by the letters ${span(items)} in the right order.`);
      const order = given.map((part) => find(items, part));
      if (order.includes(undefined)) {
        const example = [...items].sort().reverse().join("");
        throw new Unreadable("not-an-option",
          `Answer with the letters ${span(items)} in your order, as in "${example}".`);
      }
      if (order.length !== items.length || new Set(order).size !== order.length) {
        throw new Unreadable("wrong-shape", `Give each of the letters ${span(items)} once.`);
      }
      return order;
    },

    match({ noun, items, targets }, answer) {
      const given = items.filter((item) => !isMissing(answer?.[item]));
      if (!given.length) throw notAnswered(`Replace the ... by one ${noun} for each of ${items.join(", ")}.`);
      return Object.fromEntries(given.map((item) => {
        const label = find(targets, answer[item]);
        if (label === undefined) {
          throw new Unreadable("not-a-target", `Each ${noun} must be one of ${targets.map(readLabel).join(", ")}.`);
        }
        return [item, label];
      }));
    },

    text(shown, answer) {
      if (isMissing(answer?.text)) throw notAnswered("Replace the ... by your answer, a text in quotation marks.");
      return { text: answer.text, ticks: answer.ticks || null };
    },
  };

  // ---------------------------------------------------------------- marking, as in marking.py

  const share = (marks, right, of) => Math.floor((10 * marks * right) / of + 0.5) / 10;
  const mark = (marks, code, feedback, claimed = 0) => ({ marks, code, feedback, claimed });
  const right = ({ shown, sealed }) => mark(shown.marks, "right", sealed.model);
  const told = (sentences, wrong) => [...sentences, ...wrong.slice(0, 2).map((each) => each.feedback)].join(" ");

  const MARKERS = {
    numeric(table, value) {
      const { key, tolerance, wrong } = table.sealed;
      const close = (other, factor = 1) => {
        const size = Math.abs(other) || Math.abs(key);
        return Math.abs(value - other) <= factor * Math.max(tolerance.rel * size, tolerance.abs);
      };
      if (close(key)) return right(table);
      const known = wrong.find((each) => close(each.value));
      if (known) return mark(known.marks, known.code, known.feedback);
      if (key && close(-key)) return mark(0, "sign", "The size is right, the sign is not.");
      if (close(key, 4)) return mark(0, "rounding", "Close, but not near enough: mind the rounding.");
      return mark(0, "other", "This is not the value asked for.");
    },

    choice(table, label) {
      const option = table.sealed.options[label];
      return option.code === "right" ? right(table) : mark(0, option.code, option.feedback);
    },

    multi(table, ticked) {
      const { options } = table.sealed, labels = table.shown.options;
      const rightOnes = labels.filter((label) => options[label].correct);
      const found = rightOnes.filter((label) => ticked.includes(label));
      const missed = rightOnes.filter((label) => !ticked.includes(label));
      const wrong = labels.filter((label) => ticked.includes(label) && !rightOnes.includes(label));
      if (!missed.length && !wrong.length) return right(table);
      const others = labels.length - rightOnes.length;
      const earned = Math.max(0, found.length * others - wrong.length * rightOnes.length);
      const sentences = [`Right ticks: ${found.length} of ${rightOnes.length}.`];
      if (wrong.length) sentences.push(`Wrong ticks: ${wrong.length}; they take marks away.`);
      const shown = [...wrong, ...missed].map((label) => options[label]);
      return mark(share(table.shown.marks, earned, rightOnes.length * others), shown[0].code, told(sentences, shown));
    },

    match({ shown, sealed }, chosen) {
      const given = Object.values(chosen), items = shown.items;
      const once = items.filter((item) => item in chosen && given.filter((g) => g === chosen[item]).length === 1);
      const good = once.filter((item) => chosen[item] === sealed.right[item]);
      if (good.length === items.length) return right({ shown, sealed });
      const sentences = [good.length ? `Right so far: ${good.join(", ")}.` : "None is right yet."];
      const wrong = sealed.wrong.filter((each) =>
        Object.entries(each.given).every(([item, target]) => chosen[item] === target));
      let code = wrong.length ? wrong[0].code : "other";
      if (once.length < given.length) {
        code = "used-twice";
        sentences.push(`The same ${shown.noun} is given more than once; that earns nothing.`);
      }
      return mark(share(shown.marks, good.length, items.length), code, told(sentences, wrong));
    },

    ordering(table, given) {
      const { order, wrong } = table.sealed;
      const pairs = order.length - 1;
      const count = given.slice(1).filter((label, i) => {
        const place = order.indexOf(given[i]);
        return place >= 0 && order[place + 1] === label;
      }).length;
      if (count === pairs) return right(table);
      const shown = wrong.filter((each) =>
        given.filter((label) => each.given.includes(label)).join() === each.given.join());
      return mark(share(table.shown.marks, count, pairs), shown.length ? shown[0].code : "other",
        told([`${count} of ${pairs} items are followed by the right one.`], shown));
    },

    text(table, { text, ticks }) {
      const { shown, sealed } = table;
      if ((text.match(/[A-Za-z]+/g) || []).length < shown.min_words) {
        return mark(0, "too-short", `Write at least ${shown.min_words} words of English.`);
      }
      const advice = sealed.lint.filter((each) => new RegExp(each.pattern, "i").test(text)).slice(0, 3)
        .map((each) => each.feedback);
      const negated = new RegExp(sealed.negated, "i");
      const stands = (pattern) => [...text.matchAll(new RegExp(pattern, "gi"))]
        .some((found) => !negated.test(text.slice(0, found.index)));
      let marks = 0, claimed = 0, open = false; // claimed: what the writer gave himself
      const missing = [];
      sealed.points.forEach((point, index) => {
        const byRule = point.pattern !== null;
        if (byRule ? stands(point.pattern) : (ticks || []).includes(index + 1)) {
          marks += point.marks;
          if (!byRule) claimed += point.marks;
        } else {
          missing.push(point);
          open = open || !byRule;
        }
      });
      if (!missing.length) return mark(marks, "right", [sealed.model, ...advice].join(" "), claimed);
      if (ticks === null && open) {
        return mark(marks, "self-mark", [...advice, "Compare your text with the model answer and claim the points" +
          " of the mark scheme that it makes."].join(" "));
      }
      return mark(marks, missing[0].code,
        [...missing.slice(0, 2).map((point) => point.feedback), ...advice].join(" "), claimed);
    },
  };

  // The verdict on an answer: marks, a code for what it shows, and a sentence. No answer makes it throw.
  quiz.grade = function (type, table, answer) {
    try {
      return MARKERS[type](table, READERS[type](table.shown, answer));
    } catch (problem) {
      if (problem instanceof Unreadable) return mark(0, problem.code, problem.message);
      return mark(0, "unreadable", "This answer cannot be read.");
    }
  };
})();
