import { before, body, type Hostile, NO_NODE, TOO_MUCH_MEMORY, TOO_MUCH_OUTPUT } from "./kit.ts";

/** Using up the machine. */
export const USING_UP: readonly Hostile[] = [
  {
    name: "a memory bomb of objects",
    code: body("const all = []; for (;;) all.push(new Array(1e5).fill(all.length));"),
    says: TOO_MUCH_MEMORY,
  },
  {
    name: "a memory bomb of typed arrays",
    code: body("const all = []; for (;;) all.push(new Float32Array(1e6).fill(1));"),
    says: TOO_MUCH_MEMORY,
  },
  {
    name: "a memory bomb of shared memory",
    code: body(
      "const all = []; for (;;) all.push(new Uint8Array(new SharedArrayBuffer(4e6)).fill(1));",
    ),
    says: TOO_MUCH_MEMORY,
  },
  {
    name: "a memory bomb of WebAssembly",
    code: body(
      "const all = []; for (;;) all.push(" +
        "new Uint8Array(new WebAssembly.Memory({ initial: 100 }).buffer).fill(1));",
    ),
    says: /MB of memory$|could not allocate memory/,
  },
  {
    name: "a memory bomb of tensors",
    code: body("const all = []; for (;;) all.push(tf.ones([1000, 1000]).dataSync().slice());"),
    says: TOO_MUCH_MEMORY,
  },
  {
    name: "a flood of output",
    code: body(`for (;;) console.log("x".repeat(1000));`),
    says: TOO_MUCH_OUTPUT,
  },
  {
    name: "a flood of errors",
    code: body(`for (;;) console.error("x".repeat(1000));`),
    says: TOO_MUCH_OUTPUT,
  },
  {
    name: "a flood without a line's end",
    code: body("const all = new Uint8Array(1e5).fill(65); for (;;) Deno.stdout.writeSync(all);"),
    says: TOO_MUCH_OUTPUT,
  },
  { name: "a huge answer", code: body("return tf.ones([3000, 1000]);"), says: TOO_MUCH_OUTPUT },
  { name: "a huge text", says: /more than/, code: body(`return "x".repeat(1e8);`) },
  {
    name: "a huge error",
    // Cut short, or ended for its memory: whichever comes first.
    says: /^threw "x{2000}"$|more than/,
    code: body(`throw new Error("x".repeat(1e8));`),
  },
  {
    name: "workers that run on",
    says: NO_NODE,
    code: before(
      `const { Worker } = process.getBuiltinModule("node:worker_threads");\n` +
        `for (let i = 0; i < 4; i++) new Worker("for (;;);", { eval: true });`,
    ),
  },
];
