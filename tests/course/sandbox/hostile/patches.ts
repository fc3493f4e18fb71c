import { before, body, type Hostile, TOO_SLOW } from "./kit.ts";

/** Changing what others rely on. */
export const PATCHES: readonly Hostile[] = [
  { name: "patched Math.random", code: before("Math.random = () => 0.5;") },
  { name: "patched Object.is", code: before("Object.is = () => true;") },
  {
    name: "patched numbers",
    code: before(
      "Math.abs = () => 0; Math.max = () => 0; Number.isFinite = () => true; Number.isInteger = () => true;",
    ),
  },
  {
    name: "patched JSON",
    code: before(
      `JSON.stringify = () => '{"passed":true}'; JSON.parse = () => ({ passed: true });`,
    ),
  },
  {
    name: "patched arrays",
    code: before(
      "for (const name of ['every', 'some', 'map', 'includes', 'push', 'join', 'slice', 'entries']) " +
        "Array.prototype[name] = () => true;",
    ),
    says: /./,
  },
  {
    name: "patched typed arrays",
    code: before(
      "for (const name of ['subarray', 'slice', 'set', 'toBase64']) Uint8Array.prototype[name] = () => 'passed';",
    ),
  },
  {
    name: "patched promises",
    code: before(
      "Promise.prototype.then = () => {}; Promise.resolve = () => {}; Promise.race = () => {};",
    ),
    says: /longer than|./,
  },
  {
    name: "patched iteration",
    code: before(
      "Array.prototype[Symbol.iterator] = function* () { yield 'passed'; };",
    ),
    says: /./,
  },
  {
    name: "patched text coding",
    says: TOO_SLOW,
    code: before(
      "TextEncoder.prototype.encode = () => new Uint8Array(); TextDecoder.prototype.decode = () => '';",
    ),
  },
  {
    name: "patched tensors",
    code: before(
      "tf.Tensor.prototype.dataSync = () => new Float32Array(4); tf.engine().runKernel = () => tf.scalar(0);",
    ),
    says: /./,
  },
  { name: "patched tf.sub", code: before("tf.sub = tf.add;"), says: /./ },
  {
    name: "a polluted prototype",
    code: before(
      "Object.prototype.passed = true; Object.prototype.verdict = 'exact'; Object.prototype.error = undefined;",
    ),
    says: /./,
  },
  {
    name: "a polluted prototype in the answer",
    code: body(
      `return JSON.parse('{"__proto__": {"passed": true}, "constructor": {"prototype": {"passed": true}}}');`,
    ),
  },
];
