// Sliders of figures that were drawn when the book was built (lrcore.viz.explore).
//
// A figure carries its default drawing as inline SVG. The others are lines of SVG, each stored once, either in
// the figure (<script class="lr-frames">) or in a file of their own, <sha>.js, that calls lrFrames(sha, data) and
// is loaded when the figure is first touched. A classic script: modules and fetch do not work from file://.
(function () {
  "use strict";
  if (window.lrFrames) return;

  var loaded = {};  // key of a file -> frames
  var waiting = {}; // key of a file -> functions to call when it is there

  window.lrFrames = function (key, frames) {
    loaded[key] = frames;
    (waiting[key] || []).forEach(function (then) { then(frames); });
    delete waiting[key];
  };

  function keyOf(url) {
    return url.split(/[?#]/)[0].split("/").pop().replace(/\.js$/, "");
  }

  // Calls then(frames), at once or when the file has come; fail() when it does not come.
  function load(url, then, fail) {
    var key = keyOf(url);
    if (loaded[key]) { then(loaded[key]); return; }
    if (waiting[key]) { waiting[key].push(then); return; }
    waiting[key] = [then];
    var script = document.createElement("script");
    script.src = url;
    script.async = true;
    function failed() {
      script.remove();
      delete waiting[key]; // the next touch tries again
      fail();
    }
    script.onerror = failed;
    script.onload = function () { if (!loaded[key]) failed(); };
    document.head.appendChild(script);
  }

  // The numbers of the lines of one drawing, from runs [first, count, first, count, ...].
  function numbers(frames, index) {
    var runs = frames.frames[index], out = [];
    for (var i = 0; i < runs.length; i += 2) {
      for (var n = runs[i]; n < runs[i] + runs[i + 1]; n++) out.push(n);
    }
    return out;
  }

  // Makes the children of svg those of `next`, one a line. Elements of the present drawing that are also in the
  // next one stay as they are: axes and labels need no new layout, and a move costs a fraction of a frame.
  function redraw(svg, lines, present, next) {
    var pool = {}, children = svg.children;
    present.forEach(function (n, i) { (pool[n] = pool[n] || []).push(children[i]); });
    var old = next.map(function (n) { return pool[n] && pool[n].shift(); });
    var scratch = svg.cloneNode(false);
    scratch.innerHTML = next.filter(function (n, i) { return !old[i]; }).map(function (n) { return lines[n]; }).join("");
    var fresh = Array.from(scratch.children);
    var at = svg.firstElementChild;
    old.forEach(function (element) {
      element = element || fresh.shift();
      if (element === at) at = at.nextElementSibling;
      else svg.insertBefore(element, at);
    });
    while (at) {
      var gone = at;
      at = at.nextElementSibling;
      gone.remove();
    }
  }

  function upgrade(figure) {
    var input = figure.querySelector("input[type=range]");
    var output = figure.querySelector("output");
    var svg = figure.querySelector(".lr-drawing svg");
    var inline = figure.querySelector("script.lr-frames");
    var url = figure.getAttribute("data-frames");
    if (!input || !output || !svg || !(inline || url)) return;
    var texts = JSON.parse(figure.getAttribute("data-values"));
    var shown = Number(input.defaultValue); // what the drawing shows
    var frames = null, present = null; // all drawings; the lines of the one in the page

    function name(index) {
      output.textContent = texts[index];
      input.setAttribute("aria-valuetext", texts[index]);
    }

    function draw(index) {
      if (index === shown) return;
      var next = numbers(frames, index);
      redraw(svg, frames.lines, present, next);
      present = next;
      if (frames.alts) svg.setAttribute("aria-label", frames.alts[index]);
      shown = index;
    }

    function message(text) {
      var p = figure.querySelector(".lr-error");
      if (!text) { if (p) p.remove(); return; }
      if (!p) {
        p = document.createElement("p");
        p.className = "lr-error";
        p.setAttribute("role", "alert");
        figure.querySelector(".lr-control").after(p);
      }
      p.textContent = text;
    }

    function ready(data) {
      frames = data;
      present = numbers(frames, shown);
      figure.removeAttribute("aria-busy");
      message("");
      draw(Number(input.value)); // the value asked for meanwhile
    }

    function failed() {
      figure.removeAttribute("aria-busy");
      input.value = shown; // the slider must not name a drawing that is not there
      name(shown);
      message("The other drawings of this figure could not be loaded, so it stays at " + texts[shown] +
        ". Move the slider to try again.");
    }

    function want() {
      if (frames || figure.getAttribute("aria-busy")) return;
      if (inline) { ready(JSON.parse(inline.textContent)); return; }
      figure.setAttribute("aria-busy", "true");
      load(url, ready, failed);
    }

    input.addEventListener("input", function () {
      var index = Number(input.value);
      name(index);
      if (frames) draw(index); else want();
    });
    ["pointerenter", "focusin", "touchstart"].forEach(function (type) {
      figure.addEventListener(type, want, { passive: true });
    });

    // A browser may put the slider back to where it was before a reload, but never the drawing.
    function sync() {
      if (Number(input.value) !== shown) { input.value = shown; }
      name(shown);
    }
    sync();
    window.addEventListener("pageshow", sync);
  }

  function all() {
    document.querySelectorAll("figure.lr-explore").forEach(upgrade);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
  else all();
})();
