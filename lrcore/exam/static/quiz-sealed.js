// What the questions know of their answers lies sealed in the page: deflated, mixed with a stream of bytes that
// the paper's name starts, in base64. That keeps a reader from seeing it by accident. It is no secret.
// lrcore/exam/page.py seals; the name is "sheet/seed". A classic script, which node can load, too.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});

  quiz.unseal = (text, name) => JSON.parse(new TextDecoder().decode(inflate(mixed(text, name))));

  // FNV-1a of the name starts Marsaglia's xorshift32 (2003); one byte of each number is used.
  function mixed(text, name) {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    let x = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(name)) x = Math.imul(x ^ byte, 0x01000193);
    x = x || 1;
    for (let i = 0; i < bytes.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      bytes[i] = letters.charCodeAt(i) ^ (x & 255);
    }
    return bytes;
  }

  // Raw deflate, RFC 1951: the browser's own DecompressionStream would make every check wait.
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  function inflate(bytes) {
    const out = [];
    let at = 0, bit = 0;

    function bits(count) {
      let value = 0;
      for (let i = 0; i < count; i++) {
        if (at >= bytes.length) throw new Error("sealed text ends too early");
        value |= ((bytes[at] >> bit) & 1) << i;
        if (++bit === 8) { bit = 0; at++; }
      }
      return value;
    }

    // How many codes of each length there are, and the symbols in the order of their codes.
    function tree(lengths) {
      const counts = new Array(16).fill(0);
      for (const length of lengths) if (length) counts[length]++;
      const starts = [0, 0];
      for (let i = 1; i < 15; i++) starts.push(starts[i] + counts[i]);
      const symbols = [];
      lengths.forEach((length, symbol) => { if (length) symbols[starts[length]++] = symbol; });
      return { counts, symbols };
    }

    function next({ counts, symbols }) {
      let code = 0, first = 0, index = 0;
      for (let length = 1; length < 16; length++) {
        code |= bits(1);
        if (code - first < counts[length]) return symbols[index + code - first];
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw new Error("sealed text is damaged");
    }

    // A length or distance from its symbol: `step` symbols share a number of extra bits.
    function extended(symbol, step, low) {
      if (symbol < step) return low + symbol;
      const extra = Math.floor(symbol / step) - 1;
      return low + ((step + (symbol % step)) << extra) + bits(extra);
    }

    function trees(kind) {
      if (kind === 1) {
        const literals = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
        return [tree(literals), tree(new Array(30).fill(5))];
      }
      const literals = bits(5) + 257, distances = bits(5) + 1, count = bits(4) + 4;
      const short = new Array(19).fill(0);
      for (let i = 0; i < count; i++) short[ORDER[i]] = bits(3);
      const codes = tree(short), lengths = [];
      while (lengths.length < literals + distances) {
        const symbol = next(codes);
        if (symbol < 16) lengths.push(symbol);
        else {
          const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
          const times = symbol === 16 ? 3 + bits(2) : symbol === 17 ? 3 + bits(3) : 11 + bits(7);
          for (let i = 0; i < times; i++) lengths.push(value);
        }
      }
      return [tree(lengths.slice(0, literals)), tree(lengths.slice(literals))];
    }

    for (let last = 0; !last;) {
      last = bits(1);
      const kind = bits(2);
      if (kind === 0) {
        if (bit) { bit = 0; at++; }
        const length = bytes[at] | (bytes[at + 1] << 8);
        at += 4;
        for (let i = 0; i < length; i++) out.push(bytes[at++]);
        continue;
      }
      const [literals, distances] = trees(kind);
      for (let symbol; (symbol = next(literals)) !== 256;) {
        if (symbol < 256) { out.push(symbol); continue; }
        const length = symbol === 285 ? 258 : extended(symbol - 257, 4, 3);
        const back = extended(next(distances), 2, 1);
        for (let i = 0; i < length; i++) out.push(out[out.length - back]);
      }
    }
    return new Uint8Array(out);
  }
})();
