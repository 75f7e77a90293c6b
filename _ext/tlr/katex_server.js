// One formula per line in, one answer per line out, so that a book pays for one node start only.
"use strict";
const [katexPath, macrosJson] = process.argv.slice(2);
const katex = require(katexPath);
const macros = JSON.parse(macrosJson);

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { tex, display } = JSON.parse(line);
  let answer;
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "error",
      trust: ({ command }) => { throw new Error(`${command} has no place in a formula of this book`); },
      macros: { ...macros }, // a copy: \gdef in one formula must not reach the next
    });
    answer = { html };
  } catch (error) {
    answer = { error: String(error.message || error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
