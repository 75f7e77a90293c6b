// Dragging with mouse and finger by pointer events, since HTML's own drag and drop knows no touch. Everything
// that can be dragged can also be done with a select or a button, so handles are no stops of the keyboard.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});

  // Starting on `handle`: over(element below the pointer) while moving, drop(element or null) at the end.
  // `ghost` follows the pointer.
  quiz.drag = function (handle, ghost, over, drop) {
    handle.addEventListener("pointerdown", (start) => {
      if (start.button !== 0) return;
      start.preventDefault(); // no text selection
      handle.setPointerCapture(start.pointerId);
      ghost.classList.add("lr-quiz-dragged");
      const below = (event) => {
        const found = document.elementFromPoint(event.clientX, event.clientY);
        return found && !ghost.contains(found) ? found : null;
      };
      const move = (event) => {
        ghost.style.transform = `translate(${event.clientX - start.clientX}px, ${event.clientY - start.clientY}px)`;
        over(below(event));
      };
      const end = (event) => {
        handle.removeEventListener("pointermove", move);
        handle.removeEventListener("pointerup", end);
        handle.removeEventListener("pointercancel", end);
        const target = event.type === "pointerup" ? below(event) : null;
        ghost.classList.remove("lr-quiz-dragged");
        ghost.style.transform = "";
        over(null);
        drop(target);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", end);
      handle.addEventListener("pointercancel", end);
    });
  };
})();
