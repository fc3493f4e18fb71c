import "../../lib/course/eager.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { explainError } from "../../lib/course/explain_error.ts";
import { failingLine } from "../../lib/course/failing_line.ts";

/** What people write, and what they should read. */
// deno-lint-ignore no-explicit-any
const CASES: [write: (x: any) => unknown, read: string][] = [
  [(x) => tf.add(x, tf.zeros([4, 3])), "shapes [2, 3] and [4, 3] do not fit together"],
  [(x) => tf.matMul(x, tf.zeros([4, 5])), "tf.matMul cannot multiply [2, 3] by [4, 5]:"],
  [(x) => tf.matMul(x, x, true, true), "[2, 3] by [2, 3] (transposeA true, transposeB true)"],
  [(x) => tf.reshape(x, [4, 2]), "cannot reshape 6 numbers into [4, 2], which holds 8"],
  [(x) => tf.add(x[7], x), "tf.add got nothing (undefined or null) as its argument a"],
  [(x) => tf.gather(x, tf.tensor1d([1])), 'tf.cast(x, "int32") converts'],
  // deno-lint-ignore no-explicit-any
  [(x) => (tf as any).multiply(x, 2), "tf has no function multiply"],
  // deno-lint-ignore no-explicit-any
  [(x) => (tf as any).ad(x, 2), "did you mean tf.add?"],
  [(x) => x.mul(2), "x.mul is not a function: tensors have no such methods here, write tf.mul(…)"],
  [(x) => tf.sum(x, 4), "there is no axis 4: the tensor has 2 axes, counted from 0"],
  [(x) => tf.transpose(x, [0, 1, 2]), "tf.transpose got [0, 1, 2] for a tensor with 2 axes"],
  [(x) => tf.concat([x, tf.zeros([2, 4])], 0), "tensor 1 is [2, 4] and those before [2, 3]"],
  [(x) => tf.matMul(tf.zeros([3]), x), "tf.matMul needs tensors with at least two axes"],
  [(x) => tf.split(x, 2, 1), "tf.split cannot cut the axis evenly"],
  [(x) => tf.losses.meanSquaredError(x, tf.zeros([2, 4])), "got [2, 3] and [2, 4]"],
  [(x) => (x.dispose(), tf.add(x, 1)), "a tensor was used after it had been disposed"],
  [() => (0, eval)("unknownName"), "unknownName is not defined: what the function needs"],
  [() => {
    throw new Error("my own");
  }, 'threw "my own"'],
  [() => {
    throw { code: 3 };
  }, 'threw {"code":3}'],
];

for (const [write, read] of CASES) {
  Deno.test(`"${String(write).replaceAll(/\s+/g, " ")}" is explained: ${read}`, () => {
    assertStringIncludes(explainError(thrownBy(() => write(tf.zeros([2, 3])))), read);
  });
}

Deno.test("the line in which an error arose is found by its column and what it calls", () => {
  const line = (body: string) => {
    const fn = (0, eval)(`(function (tf, x) {\n  const y = 1;\n${body}\n})`);
    return failingLine(thrownBy(() => fn(tf, tf.zeros([2]))), fn);
  };
  assertEquals(line("  return x.mul(2);"), "return x.mul(2);");
  assertEquals(line('  throw new Error("no");'), 'throw new Error("no");');
  assertEquals(line("  return missing + y;"), "return missing + y;");
  assertEquals(line("  // tf.add(x, 1)\n  return x[7].shape;"), "return x[7].shape;");
});

Deno.test("a line that is not certain is not guessed", () => {
  const fn = (0, eval)("(function (x) {\n  if (x.y) x.mul(2);\n  if (x.z) x.mul(2);\n})");
  assertEquals(failingLine(thrownBy(() => fn({ y: 1 })), fn), undefined);
  assertEquals(failingLine(new Error("from elsewhere"), fn), undefined);
  assertEquals(failingLine("no error", fn), undefined);
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}
