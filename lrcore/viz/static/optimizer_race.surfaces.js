/* The surfaces of <lr-optimizer-race>: problems of lrcore with their level lines, a part of the plane and a start, as in
 * lrcore/viz/optimizer_race.py. Their operations have the order of lrcore.problems.
 */
(function () {
  "use strict";

  const node = typeof window === "undefined";
  const { ellipse, boyd } = node ? require("./live.js") : lrLive;

  /* 1/2 x^T H x with the eigenvalues 1 and 50, along the axes or turned by 45 degrees. */
  const FLAT = 1;
  const STEEP = 50;
  const HALF = [0.5 * (FLAT + STEEP), 0.5 * (FLAT - STEEP)]; // H = [[a, b], [b, a]] of the turned bowl
  const bowl = (turn, gradient) => ({
    least: 0,
    minima: [[0, 0]],
    gradient,
    value(x) {
      const g = gradient(x);
      return 0.5 * (x[0] * g[0] + x[1] * g[1]);
    },
    rises: [0.1, 0.5, 2, 6, 14, 30, 60, 110],
    level: (rise) => [ellipse(Math.sqrt((2 * rise) / FLAT), Math.sqrt((2 * rise) / STEEP), turn)],
  });

  const AROUND = { left: -3, right: 3, low: -2.4, high: 2.4 };

  const WALL = 100;
  const rosenbrock = {
    least: 0,
    minima: [[1, 1]],
    value: ([x, y]) => WALL * (y - x * x) * (y - x * x) + (1 - x) * (1 - x),
    gradient([x, y]) {
      const wall = y - x * x;
      return [-4 * WALL * x * wall - 2 * (1 - x), 2 * WALL * wall];
    },
    rises: [0.3, 1.5, 5, 15, 50, 150, 400, 1000],
    /* For given x1 a quadratic equation in x2. Far outside the window a level need not be drawn. */
    level(rise) {
      const ends = [Math.max(-3.5, 1 - Math.sqrt(rise)), Math.min(3.5, 1 + Math.sqrt(rise))];
      return [around(ends, (x) => [x * x, Math.sqrt(Math.max(0, rise - (1 - x) * (1 - x)) / WALL)])];
    },
  };

  const SIDE = 8;
  const saddle = {
    least: 0,
    minima: [[-1, 0], [1, 0]],
    value([x, y]) {
      const well = x * x - 1;
      return 0.25 * (well * well) + 0.5 * SIDE * (y * y);
    },
    gradient: ([x, y]) => [x * (x * x - 1), SIDE * y],
    rises: [0.05, 0.15, 0.25, 0.6, 1.5, 3.5, 7, 12],
    /* Below the saddle a loop around each minimum, above it one around both. */
    level(rise) {
      const root = 2 * Math.sqrt(rise);
      const half = (x) => [0, Math.sqrt(Math.max(0, rise - 0.25 * (x * x - 1) ** 2) / (0.5 * SIDE))];
      const [inner, outer] = [Math.sqrt(Math.max(0, 1 - root)), Math.sqrt(1 + root)];
      return root < 1 ? [around([-outer, -inner], half), around([inner, outer], half)] : [around([-outer, outer], half)];
    },
  };

  /* The loop between middle - half and middle + half, which `shape(x)` gives; corners are dense at its ends. */
  function around([low, high], shape, corners = 96) {
    return Array.from({ length: corners }, (_, i) => {
      const angle = (2 * Math.PI * i) / corners;
      const x = (low + high) / 2 - ((high - low) / 2) * Math.cos(angle);
      const [middle, half] = shape(x);
      return [x, middle + Math.sign(Math.sin(angle)) * half];
    });
  }

  const SURFACES = {
    bowl: {
      title: "Bowl along the axes",
      words: "curvatures 1 across and 50 up",
      start: [-2.5, 1.2],
      window: AROUND,
      ...bowl(0, (x) => [FLAT * x[0], STEEP * x[1]]),
    },
    turned: {
      title: "Bowl turned by 45°",
      words: "curvatures 1 and 50, turned",
      start: [-2.5, 0.5],
      window: AROUND,
      ...bowl(Math.PI / 4, (x) => [x[0] * HALF[0] + x[1] * HALF[1], x[0] * HALF[1] + x[1] * HALF[0]]),
    },
    rosenbrock: { title: "Rosenbrock", words: "100(x₂ − x₁²)² + (1 − x₁)²", start: [-1.2, 1], window: { left: -2.2, right: 2.2, low: -0.9, high: 2.6 }, ...rosenbrock },
    exponentials: {
      title: "Three exponentials",
      words: "Boyd and Vandenberghe’s example",
      start: [-1, 1],
      window: { left: -2.4, right: 1.4, low: -1.3, high: 1.3 },
      least: boyd.least,
      minima: [boyd.minimiser],
      value: boyd.value,
      gradient: boyd.gradient,
      rises: [0.1, 0.5, 1.5, 4, 10, 22, 45, 85],
      level: (rise) => [boyd.level(rise)],
    },
    saddle: { title: "Saddle", words: "(x₁² − 1)²/4 + 4x₂²", start: [0.02, 1.2], window: { left: -2, right: 2, low: -1.6, high: 1.6 }, ...saddle },
  };

  if (node) module.exports = { SURFACES };
  else window.lrRace = { ...window.lrRace, SURFACES };
})();
