// A wide formula scrolls in its own box; only boxes that do scroll become stops of the Tab key.
(function () {
  "use strict";
  function mark() {
    for (const box of document.querySelectorAll(".lr-scroll")) {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "Formula, scrolls sideways");
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  }
  let waiting = 0;
  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(mark, 100);
  }
  addEventListener("resize", later);
  document.addEventListener("toggle", later, true); // a formula inside <details> has no size until it opens
  document.fonts.ready.then(mark);
})();
