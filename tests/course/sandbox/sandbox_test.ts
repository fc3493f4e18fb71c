import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openSandbox, SandboxError } from "../../../lib/course/sandbox/mod.ts";
import type { Argument, Output } from "../../../lib/course/exercise.ts";
import { float32, int32 } from "../../../lib/tensors.ts";

/** Loads a cell into a new sandbox and calls its function `f`. */
async function callOnce(code: string, ...args: Argument[]): Promise<Output> {
  await using sandbox = await openSandbox({ spare: false });
  await sandbox.load(code, "f");
  return await sandbox.call(args);
}

Deno.test("a function of tensors gets and returns them", async () => {
  const sum = await callOnce(
    "function f(a: tf.Tensor, b: tf.Tensor): tf.Tensor { return tf.add(a, b); }",
    float32([2], [1, 2]),
    float32([2], [10, 20]),
  );
  assertEquals(sum, float32([2], [11, 22]));
});

Deno.test("every kind of value arrives as it was sent", async () => {
  const values: Argument[] = [
    ...[0, -0, NaN, Infinity, -Infinity, 0.1, 2 ** 53, "", "ä\n\u0002", true, null],
    [1, [2, [3]]],
    { a: 1, "b c": [null], __proto: { nested: "yes" } },
    int32([2, 1], [-1, 2 ** 31 - 1]),
    float32([]),
    float32([0, 3], []),
    { shape: [2], dtype: "bool", data: new Uint8Array([1, 0]) },
  ];
  for (const value of values) assertEquals(await callOnce("const f = (x) => x;", value), value);
});

Deno.test("callbacks and seeds become functions and generators", async () => {
  const field = { callback: "linearField", options: { rate: 3 } };
  const value = await callOnce(
    "function f(field, random) { return [field(tf.tensor1d([2]), tf.tensor1d([0])), random.uniform()]; }",
    field,
    { seed: 1 },
  ) as [unknown, number];
  assertEquals(value[0], float32([1], [6]));
  assert(value[1] > 0 && value[1] < 1);
});

Deno.test("a cell may import tfjs, export its function, and hold the check", async () => {
  const cells = [
    `import * as tf from "@tensorflow/tfjs-core";\nexport function f() { return tf.scalar(1); }`,
    `import * as t from "@tensorflow/tfjs-core";\nexport default function f() { return t.scalar(1); }`,
    `import { scalar as make } from "@tensorflow/tfjs-core";\nconst f = () => make(1);`,
    `import type { Tensor } from "somewhere";\nconst f = (): Tensor => tf.scalar(1);`,
    `import { check, todo } from "@course/course/mod.ts";\nlet f = () => tf.scalar(1);\nawait check("1.2", f);`,
    `const helper = 1;\n/*\nimport { a } from "b";\n*/\nfunction f(): tf.Tensor { return tf.scalar(helper); }\nexport { f };`,
  ];
  for (const cell of cells) assertEquals(await callOnce(cell), float32([], [1]));
});

Deno.test("an untouched stub rejects as such", async () => {
  const error = await assertRejects(() => callOnce(`function f() { return todo("1.2"); }`), "1.2");
  assertEquals(error.name, "TodoError");
});

Deno.test("what the code throws arrives with the line where it arose", async () => {
  const error = await assertRejects(
    () => callOnce("function f() {\n  const a = 1;\n  return nothing + a;\n}"),
    "nothing is not defined",
  );
  assertEquals(error.name, "ReferenceError");
  assertEquals((error as Error & { line?: string }).line, "return nothing + a;");
});

Deno.test("code that cannot run is refused with a sentence", async () => {
  const cases: [string, RegExp][] = [
    ["const g = 1;", /^defines no function f$/],
    ["const f = 1;", /^defines no function f$/],
    ["function f( {", /^has a syntax error/],
    ["let a = 1;\nlet a = 2;", /^has a syntax error: .*'a'.* \(line 2\)$/],
    [
      "enum A { B }\nfunction f() {}",
      /^has TypeScript that cannot be run here: .*enum.* \(line 1\)$/,
    ],
    [`import fs from "node:fs";\nfunction f() {}`, /^imports "node:fs": /],
    [`export * from "./a.ts";`, /^imports "\.\/a\.ts": /],
    ["x".repeat(200_001), /^is longer than 200000 characters$/],
  ];
  await using sandbox = await openSandbox();
  for (const [code, says] of cases) {
    const error = await assertRejects(() => sandbox.load(code, "f"));
    assert(error instanceof SandboxError && error.reason === "code");
    assertMatch(error.message, says);
  }
});

Deno.test("printing does not disturb", async () => {
  await using sandbox = await openSandbox({ spare: false });
  await sandbox.load(
    `console.log("loading");\nlet calls = 0;\nfunction f(x) {
      console.log(x, "no end of line\\u0002"); console.error("oh");
      Deno.stdout.writeSync(new TextEncoder().encode("half a line"));
      return ++calls;
    }`,
    "f",
  );
  for (let i = 1; i <= 3; i++) assertEquals(await sandbox.call([i]), i);
});

Deno.test("a promise that was forgotten does not end the code", async () => {
  assertEquals(
    await callOnce(`function f() { Promise.reject(new Error("forgotten")); return 1; }`),
    1,
  );
});

Deno.test("no code runs where other code ran before", async () => {
  await using sandbox = await openSandbox();
  await sandbox.load("globalThis.left = 1; const f = () => 1;", "f");
  assertEquals(await sandbox.call([]), 1);
  await sandbox.load("const f = () => globalThis.left ?? null;", "f");
  assertEquals(await sandbox.call([]), null);
});

Deno.test("after it was ended a sandbox can be loaded again", async () => {
  await using sandbox = await openSandbox({ timeLimit: 1000 });
  await sandbox.load("function f() { for (;;); }", "f");
  const error = await assertRejects(() => sandbox.call([]), "took longer than 1 seconds");
  assertEquals(error.name, "TimeLimitError");
  assertEquals(await assertRejects(() => sandbox.call([])), error);
  await sandbox.load("const f = () => 1;", "f");
  assertEquals(await sandbox.call([]), 1);
});

Deno.test("a sandbox without a function cannot be called", async () => {
  await using sandbox = await openSandbox({ spare: false });
  await assertRejects(() => sandbox.call([]), "no function is loaded");
  await assertRejects(() => sandbox.load("", "f; evil()"), "expected the name of a function");
});
