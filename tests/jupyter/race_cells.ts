/** Cells that put something out at the last moment, each in its own way, with what must arrive. */

/** A cell, and what it must put out. */
export interface Expectation {
  code: string;
  /** Text of streams, results and displays in order, joined by bars. */
  shows: string;
  status: "ok" | "error";
}

/** Kinds of cells, each with its own way of putting something out at the last moment. */
const KINDS: ((i: number) => Expectation)[] = [
  (i) => ({ code: `${i} + 0`, shows: `${i}`, status: "ok" }),
  (i) => ({ code: `console.log("line", ${i})`, shows: `line ${i}\n`, status: "ok" }),
  (i) => ({
    code: `console.log("out ${i}"); console.error("err ${i}"); ${i}`,
    shows: `out ${i}\n|err ${i}\n|${i}`,
    status: "ok",
  }),
  (i) => ({
    code: `await new Promise((done) => setTimeout(done, 1)); console.log("later ${i}"); await ${i}`,
    shows: `later ${i}\n|${i}`,
    status: "ok",
  }),
  (i) => ({
    code:
      `const bar = (n: number, update: boolean) => Deno.jupyter.display({ "text/plain": "${i}: " + n }, { raw: true, display_id: "bar ${i}", update });\n` +
      `await bar(0, false); for (let n = 1; n <= 5; n++) bar(n, true);`,
    shows: `${i}: 5`,
    status: "ok",
  }),
  (i) => ({
    code: `console.log("before ${i}"); throw "error ${i}"`,
    shows: `before ${i}\n|Uncaught: error ${i}`,
    status: "error",
  }),
  (i) => ({
    code: `for (let n = 0; n < 40; n++) { await null; console.log("${i}", n) } "end ${i}"`,
    shows: Array.from({ length: 40 }, (_, n) => `${i} ${n}\n`).join("") + `|"end ${i}"`,
    status: "ok",
  }),
];

const CHATTY = (i: number): Expectation => ({
  code: `for (let n = 0; n < 3000; n++) console.log("chatty ${i}", n)`,
  shows: Array.from({ length: 3000 }, (_, n) => `chatty ${i} ${n}\n`).join(""),
  status: "ok",
});

/** So many cells of all kinds; every hundredth prints 3,000 lines. */
export function raceCells(count: number): Expectation[] {
  return Array.from(
    { length: count },
    (_, i) => i % 100 === 99 ? CHATTY(i) : KINDS[i % KINDS.length]!(i),
  );
}
