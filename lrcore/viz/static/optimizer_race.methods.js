/* The methods of <lr-optimizer-race>, their runs and sweeps, with the operations of lrcore.directions, lrcore.run and
 * lrcore.sweep in the same order.
 */
(function () {
  "use strict";

  const MOST_STEPS = 200;
  const powers = (beta) => Array.from({ length: MOST_STEPS + 1 }, (_, k) => 1 - beta ** (k + 1));
  const FIRST = powers(0.9); // Adam's corrections
  const SECOND = powers(0.999);

  /* Of every method the direction of one coordinate, from its gradient g in step k; `s` is its memory, 0 at first.
     The constants are the defaults of the classes in lrcore.directions. */
  const METHODS = {
    descent: { title: "plain descent", rule: (k, g) => -g },
    momentum: {
      title: "momentum",
      rule(k, g, s) {
        s[0] = 0.9 * s[0] + g;
        return -s[0];
      },
    },
    nesterov: {
      title: "Nesterov",
      rule(k, g, s) {
        s[0] = 0.9 * s[0] + g;
        return -(g + 0.9 * s[0]);
      },
    },
    adagrad: {
      title: "AdaGrad",
      rule(k, g, s) {
        s[0] = s[0] + g * g;
        return -g / (Math.sqrt(s[0]) + 1e-10);
      },
    },
    rmsprop: {
      title: "RMSProp",
      rule(k, g, s) {
        s[0] = 0.99 * s[0] + (1 - 0.99) * g * g;
        return -(g / (Math.sqrt(s[0]) + 1e-8));
      },
    },
    adadelta: {
      title: "AdaDelta",
      rule(k, g, s) {
        s[0] = 0.9 * s[0] + (1 - 0.9) * g * g;
        const step = (Math.sqrt(s[1] + 1e-6) / Math.sqrt(s[0] + 1e-6)) * g;
        s[1] = 0.9 * s[1] + (1 - 0.9) * step * step;
        return -step;
      },
    },
    adam: {
      title: "Adam",
      rule(k, g, s) {
        s[0] = 0.9 * s[0] + (1 - 0.9) * g;
        s[1] = 0.999 * s[1] + (1 - 0.999) * g * g;
        return -s[0] / FIRST[k] / (Math.sqrt(s[1] / SECOND[k]) + 1e-8);
      },
    },
    amsgrad: {
      title: "AMSGrad",
      rule(k, g, s) {
        s[0] = 0.9 * s[0] + (1 - 0.9) * g;
        s[1] = 0.999 * s[1] + (1 - 0.999) * g * g;
        s[2] = Math.max(s[2], s[1]);
        return -s[0] / (Math.sqrt(s[2]) + 1e-8);
      },
    },
    lion: {
      title: "Lion",
      rule(k, g, s) {
        const sign = Math.sign(0.9 * s[0] + (1 - 0.9) * g);
        s[0] = 0.99 * s[0] + (1 - 0.99) * g;
        return -sign;
      },
    },
  };

  // ---------------------------------------------------------------- a run, and a sweep

  const LOST = 1000; // a run whose f - f* exceeds that of the start so many times has diverged

  /* f - f* at steps 0, 1, ... of x <- x + eta d, until the run diverges or ends; `path`, if given, gets the iterates. */
  function race({ value, gradient, least }, { rule }, start, eta, steps, path) {
    let [x, y] = start;
    const [s, t] = [new Float64Array(3), new Float64Array(3)];
    const rises = [];
    let bound = 0;
    for (let k = 0; ; k++) {
      const point = [x, y];
      const f = value(point);
      if (k === 0) bound = least + LOST * Math.max(f - least, 1e-9);
      rises.push(f - least);
      if (path) path.push(point);
      if (!(f <= bound)) return { rises, diverged: true };
      if (k === steps) return { rises, diverged: false };
      const [g, h] = gradient(point);
      x = x + eta * rule(k, g, s);
      y = y + eta * rule(k, h, t);
    }
  }

  const round = (rate) => Number(rate.toPrecision(3));
  const DECADES_OF_RATES = [-4, 3];
  const RATES = Array.from({ length: 71 }, (_, i) => round(10 ** (DECADES_OF_RATES[0] + i / 10)));

  const TINY = 1e-15; // below it a loss is a matter of rounding

  /* The last f - f* at every rate, Infinity where the run diverged, and which rate is best: the smallest one, if
     several end at the minimum up to rounding. */
  function sweep(surface, method, start, steps) {
    const losses = RATES.map((eta) => {
      const { rises, diverged } = race(surface, method, start, eta, steps);
      return diverged ? Infinity : rises[steps];
    });
    const told = losses.map((loss) => Math.max(loss, TINY));
    const best = told.indexOf(Math.min(...told));
    return { losses, best };
  }

  const api = { MOST_STEPS, METHODS, LOST, DECADES_OF_RATES, RATES, TINY, round, race, sweep };
  if (typeof window === "undefined") module.exports = api;
  else window.lrRace = { ...window.lrRace, ...api };
})();
