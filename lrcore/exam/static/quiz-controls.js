// How each type of question is answered: read() -> what the grader gets, undefined when there is no answer;
// write(answer) puts one back, whatever it is. The markup is made by lrcore/exam/page.py.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});
  const all = (element, selector) => [...element.querySelectorAll(selector)];
  const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

  function textField(area, selector) {
    const field = area.querySelector(selector);
    return {
      read: () => (field.value.trim() ? field.value : undefined),
      write(answer) { field.value = typeof answer === "string" ? answer : ""; },
    };
  }

  quiz.controls = {
    numeric: (area) => textField(area, "input"),

    text(area) {
      const field = textField(area, "textarea");
      let ticks = null; // points of the mark scheme that the reader has ticked
      return {
        read: () => (field.read() === undefined ? undefined : { text: field.read(), ...(ticks && { ticks }) }),
        write(answer) {
          const given = answer && typeof answer === "object" ? answer : {};
          field.write(given.text);
          ticks = Array.isArray(given.ticks) ? given.ticks : null;
        },
        tick(numbers) { ticks = numbers; },
      };
    },

    choice(area) {
      const options = all(area, "input");
      return {
        read: () => options.find((option) => option.checked)?.value,
        write(answer) { for (const option of options) option.checked = option.value === answer; },
      };
    },

    multi(area) {
      const options = all(area, "input");
      return {
        read() {
          const ticked = options.filter((option) => option.checked).map((option) => option.value);
          return ticked.length ? ticked : undefined;
        },
        write(answer) {
          for (const option of options) option.checked = Array.isArray(answer) && answer.includes(option.value);
        },
      };
    },

    match(area, say, announce) {
      const rows = all(area, ".lr-quiz-row");
      for (const chip of all(area, ".lr-quiz-chip")) {
        const row = (target) => rows.find((each) => target && each.contains(target));
        quiz.drag(chip, chip,
          (target) => rows.forEach((each) => each.classList.toggle("lr-quiz-over", each === row(target))),
          (target) => {
            const found = row(target);
            if (!found) return;
            found.querySelector("select").value = chip.dataset.value;
            changed(found);
            announce(say("placed", found.dataset.label, chip.dataset.value));
          });
      }
      return {
        read() {
          const pairs = rows.map((row) => [row.dataset.label, row.querySelector("select").value]);
          const given = pairs.filter(([, value]) => value);
          return given.length ? Object.fromEntries(given) : undefined;
        },
        write(answer) {
          for (const row of rows) {
            const select = row.querySelector("select");
            select.value = (answer && typeof answer === "object" && answer[row.dataset.label]) || "";
            if (select.selectedIndex < 0) select.value = "";
          }
        },
      };
    },

    ordering(area, say, announce, words) {
      const list = area.querySelector("ol");
      const first = [...list.children];
      let touched = false;

      function moved(item) {
        touched = true;
        changed(list);
        announce(say("moved", item.dataset.label, [...list.children].indexOf(item) + 1));
      }
      for (const item of first) {
        const buttons = document.createElement("span");
        buttons.className = "lr-quiz-moves";
        for (const [name, sign] of [["up", "↑"], ["down", "↓"]]) {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = sign;
          words(button, name, item.dataset.label);
          button.addEventListener("click", () => {
            const other = name === "up" ? item.previousElementSibling : item.nextElementSibling;
            if (!other) return;
            if (name === "up") other.before(item); else other.after(item);
            button.focus(); // moving an element may lose the focus
            moved(item);
          });
          buttons.append(button);
        }
        item.append(buttons);
        quiz.drag(item.querySelector(".lr-quiz-chip"), item,
          (target) => first.forEach((each) => each.classList.toggle("lr-quiz-over",
            each !== item && Boolean(target) && each.contains(target))),
          (target) => {
            const other = first.find((each) => each !== item && target && each.contains(target));
            if (!other) return;
            const places = [...list.children];
            if (places.indexOf(other) < places.indexOf(item)) other.before(item); else other.after(item);
            moved(item);
          });
      }
      return {
        read: () => (touched ? [...list.children].map((item) => item.dataset.label) : undefined),
        write(answer) {
          const order = Array.isArray(answer) ? answer.map((label) => first.find((i) => i.dataset.label === label)) : [];
          touched = order.length === first.length && new Set(order).size === order.length && !order.includes(undefined);
          list.append(...(touched ? order : first));
        },
        touch() { touched = true; }, // who checks the order that stands there means it
      };
    },

    function: () => ({ read: () => undefined, write() {} }),
  };
})();
