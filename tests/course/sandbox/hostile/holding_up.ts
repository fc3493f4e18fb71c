import { body, type Hostile, TOO_SLOW } from "./kit.ts";

/** Holding the run up. */
export const HOLDING_UP: readonly Hostile[] = [
  { name: "an endless loop", code: body("for (;;);"), says: TOO_SLOW },
  { name: "an endless loop outside the function", code: "for (;;);", says: TOO_SLOW },
  { name: "waiting for ever", code: "await new Promise(() => {});", says: TOO_SLOW },
  {
    name: "an endless loop of microtasks",
    code: "for (;;) await null;",
    says: TOO_SLOW,
  },
  {
    name: "a microtask loop that outlives the answer",
    code: body("(async () => { for (;;) await null; })(); return x0;"),
  },
  {
    name: "a regular expression without end",
    code: body(`/^(a+)+$/.test("a".repeat(50) + "b");`),
    says: TOO_SLOW,
  },
  {
    name: "a sleep that nothing ends",
    code: body(
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    ),
    says: TOO_SLOW,
  },
  { name: "brackets that overflow a parser", code: "(".repeat(50_000), says: /nested too deeply/ },
  {
    name: "recursion without end",
    code: body("return velocityTarget(x0, x1);"),
  },
  {
    name: "a returned list without end",
    code: body("return new Proxy([], { get: (_, key) => key === 'length' ? 2 ** 31 : 0 });"),
  },
];
