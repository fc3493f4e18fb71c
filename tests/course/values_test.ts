import "../../lib/course/eager.ts";
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { callInProcess } from "../../lib/course/call_in_process.ts";
import { ReturnTypeError, toOutput, toValue } from "../../lib/course/values.ts";
import { createRandom } from "../../lib/random.ts";
import { float32, int32 } from "../../lib/tensors.ts";

Deno.test("arguments become tensors, generators and functions", async () => {
  const value = toValue([float32([2], [1, 2]), { a: int32([1], [3]) }, "text", null]) as [
    tf.Tensor,
    { a: tf.Tensor },
    string,
    null,
  ];
  assertEquals([...await value[0].data()], [1, 2]);
  assertEquals([value[1].a.dtype, ...await value[1].a.data()], ["int32", 3]);
  assertEquals(value.slice(2), ["text", null]);
  const random = toValue({ seed: 3 }) as ReturnType<typeof createRandom>;
  assertEquals(random.uniform(), createRandom(3).uniform());
  const field = toValue({ callback: "linearField", options: { rate: 2 } }) as (
    x: tf.Tensor,
    t: tf.Tensor,
  ) => tf.Tensor;
  assertEquals([...await field(tf.tensor([1, 2]), tf.tensor1d([0, 0])).data()], [2, 4]);
});

Deno.test("truth values that were cast to float32 are numbers of four bytes", () => {
  const cast = toOutput(tf.cast(tf.less(tf.tensor1d([1, 3]), 2), "float32"));
  assertEquals(cast, float32([2], [1, 0]));
});

Deno.test("what a function does to its arguments does not reach the check", async () => {
  const argument = float32([2], [1, 2]);
  const spoil = callInProcess((x: tf.Tensor) => {
    (x.dataSync() as Float32Array).fill(9);
    return x;
  });
  assertEquals(await spoil([argument]), float32([2], [9, 9]));
  assertEquals(await callInProcess((x: tf.Tensor) => x)([argument]), float32([2], [1, 2]));
  assertEquals(argument, float32([2], [1, 2]));
});

Deno.test("a call leaves no tensors behind, also when it throws", async () => {
  const before = tf.memory().numTensors;
  await callInProcess((x: tf.Tensor) => tf.add(tf.mul(x, 2), 1))([float32([2])]);
  await callInProcess((x: tf.Tensor) => tf.add(x, tf.zeros([7])))([float32([2])]).catch(() => {});
  assertEquals(tf.memory().numTensors, before);
});

const ODD: [what: string, value: () => unknown, message: string][] = [
  ["nothing", () => undefined, "returned undefined: is there a return?"],
  [
    "a promise",
    () => Promise.resolve(1),
    "returned a Promise: write it without async, and without await",
  ],
  ["a function", () => () => 1, "returned a function: was it meant to be called?"],
  ["a buffer", () => tf.buffer([2]), "returned a TensorBuffer: end with .toTensor()"],
  ["a gap in a list", () => [1, undefined], "returned undefined (at [1])"],
  ["a promise in an object", () => ({ a: Promise.resolve() }), "(at .a)"],
  ["a circle", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    return circle;
  }, "nested more than eight deep"],
  ["a disposed tensor", () => {
    const x = tf.zeros([2]);
    x.dispose();
    return x;
  }, "a tensor that was disposed before"],
];

for (const [what, value, message] of ODD) {
  Deno.test(`returning ${what} is told in plain words`, () => {
    const error = assertThrows(() => toOutput(value()), message);
    assertEquals(error instanceof ReturnTypeError, true);
  });
}

Deno.test("typed arrays and plain values come back as they are", () => {
  assertEquals(toOutput(new Float64Array([1, 2.5])), [1, 2.5]);
  assertEquals(toOutput({ a: [true, "x", null], b: 1 }), { a: [true, "x", null], b: 1 });
  assertEquals(toOutput(tf.scalar(2)), float32([], [2]));
});
