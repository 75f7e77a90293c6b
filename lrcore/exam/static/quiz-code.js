// The short code that carries a notebook's marks to the page: lrcore/exam/codes.py writes it, and says how.
(function () {
  "use strict";
  const quiz = (globalThis.lrQuiz = globalThis.lrQuiz || {});
  const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: no I, L, O or U
  const CHECK = 4;

  function crc32(text) {
    let crc = ~0;
    for (const byte of new TextEncoder().encode(text)) {
      crc ^= byte;
      for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return ~crc >>> 0;
  }

  function checksum(sheet, seed, payload, possible) {
    const sum = crc32(`${sheet}.${seed}.${payload}.${possible.join(",")}`) & 0xfffff;
    return [15, 10, 5, 0].map((shift) => DIGITS[(sum >> shift) & 31]).join("");
  }

  const radix = (most) => BigInt(10 * most + 2);

  function length(possible) {
    const largest = possible.reduce((product, most) => product * radix(most), 1n) - 1n;
    return Math.ceil(largest.toString(2).length / 5);
  }

  // Marks by question, null where there is none. Throws an Error with a code and a sentence.
  quiz.readCode = function (text, sheet, seed, possible) {
    const refuse = (code, sentence) => { throw Object.assign(new Error(sentence), { code }); };
    const parts = text.trim().split(".");
    if (parts.length !== 3) refuse("not-a-code", "A code has three parts, as in 01.1.XXXX-XXXX: copy all of it.");
    if (parts[0] !== sheet) refuse("other-sheet", `This code does not belong to sheet ${sheet}.`);
    if (parts[1] !== String(seed)) refuse("other-seed", `This code belongs to other numbers: here the seed is ${seed}.`);
    const digits = parts[2].toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[-−– ]/g, "");
    const payload = digits.slice(0, -CHECK), check = digits.slice(-CHECK);
    if (payload.length !== length(possible) || [...digits].some((digit) => !DIGITS.includes(digit))) {
      refuse("not-a-code", "Characters are missing, or too many, or of a kind no code has.");
    }
    if (check !== checksum(sheet, seed, payload, possible)) {
      refuse("checksum", "A character is wrong, or the code is from another edition of the sheet.");
    }
    let number = [...payload].reduce((sum, digit) => 32n * sum + BigInt(DIGITS.indexOf(digit)), 0n);
    return possible.map((most) => {
      const value = Number(number % radix(most));
      number /= radix(most);
      return value ? (value - 1) / 10 : null;
    });
  };
})();
