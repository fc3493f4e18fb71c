import * as tf from "@tensorflow/tfjs-core";
import { compile, openDevice } from "@course/engine/mod.ts";
import { trace } from "@course/engine/trace.ts";
import type { TensorRecord } from "@course/tensors.ts";
import { float32, int32 } from "@course/tensors.ts";
import { assertAllClose, assertEquals, assertMatch, assertThrows } from "@std/assert";

const device = await openDevice("cpu");
const vector = (size: number) => ({ shape: [size], dtype: "float32" as const });

Deno.test("an operation without a kernel fails while tracing, with its name and what to do", () => {
  const spectrum = ({ x }: TensorRecord) => ({ y: tf.real(tf.spectral.rfft(x!)) });
  const error = assertThrows(() => trace(spectrum, { x: vector(4) }), "no kernel");
  assertMatch(error.message, /Cannot compile the operation \w+: .*add a kernel/);

  const crop = ({ x }: TensorRecord) => ({
    y: tf.image.cropAndResize(
      x as tf.Tensor4D,
      tf.tensor2d([[0, 0, 1, 1]]),
      tf.tensor1d([0], "int32"),
      [2, 2],
    ),
  });
  assertThrows(
    () => trace(crop, { x: { shape: [1, 4, 4, 1], dtype: "float32" } }),
    "the operation CropAndResize: the engine has no kernel for it",
  );
});

Deno.test("a traced tensor cannot be read, and the message says why", () => {
  const reads = ({ x }: TensorRecord) => ({ y: tf.mul(x!, x!.dataSync()[0]!) });
  assertThrows(() => trace(reads, { x: vector(2) }), "exist only when the compiled program runs");
  const prints = ({ x }: TensorRecord) => ({ y: tf.mul(x!, (x!.arraySync() as number[])[0]!) });
  assertThrows(() => trace(prints, { x: vector(2) }), "Cannot read a tensor while its function");
});

Deno.test("a failed trace leaves tfjs as it was", () => {
  tf.setBackend("cpu").catch(() => {});
  assertThrows(() =>
    trace(() => {
      throw new Error("on purpose");
    }, { x: vector(2) }), "on purpose");
  assertEquals(tf.getBackend(), "cpu");
  assertEquals([...tf.add(tf.tensor1d([1, 2]), 1).dataSync()], [2, 3]);
});

Deno.test("a function that returns nothing cannot be traced", () => {
  assertThrows(() => trace(() => ({}), { x: vector(2) }), "returns no tensors");
});

Deno.test("a result cannot have the name of an input", () => {
  const doubled = ({ x }: TensorRecord) => ({ x: tf.mul(x!, 2) });
  assertThrows(() => trace(doubled, { x: vector(2) }), "an input has that name already");
});

Deno.test("inputs may have any names", async () => {
  const names = ["v0", "v1", "v2", "b0.v1", "params/a.weight", "#0", "#1"];
  const program = await compile(device, (inputs) => {
    return { total: tf.addN(names.map((name, i) => tf.mul(inputs[name]!, 10 ** i))) };
  }, Object.fromEntries(names.map((name) => [name, vector(1)])));
  const inputs = Object.fromEntries(names.map((name, i) => [name, float32([1], [i + 1])]));
  assertEquals([...(await program.run(inputs)).total!.data], [7654321]);
  await program.dispose();
});

Deno.test("tensors made outside can be used in several traces and stay usable", async () => {
  tf.setBackend("cpu").catch(() => {});
  const outside = tf.tensor1d([1, 2, 3]);
  const add = ({ x }: TensorRecord) => ({ y: tf.add(x!, outside) });
  const multiply = ({ x }: TensorRecord) => ({ y: tf.mul(x!, outside) });
  for (
    const [fn, expected] of [[add, [2, 3, 4]], [multiply, [1, 2, 3]], [add, [2, 3, 4]]] as const
  ) {
    const program = await compile(device, fn, { x: vector(3) });
    const { y } = await program.run({ x: float32([3], [1, 1, 1]) });
    assertEquals([...y!.data], [...expected]);
    await program.dispose();
  }
  assertEquals([...outside.dataSync()], [1, 2, 3]);
  assertEquals([...tf.square(outside).dataSync()], [1, 4, 9]);
});

Deno.test("the same function can be compiled for several shapes and types", async () => {
  const total = ({ x }: TensorRecord) => ({ y: tf.sum(tf.mul(x!, 2)) });
  const short = await compile(device, total, { x: vector(2) });
  const long = await compile(device, total, { x: { shape: [2, 2], dtype: "float32" } });
  const whole = await compile(device, ({ x }) => ({ y: tf.sum(x!) }), {
    x: { shape: [3], dtype: "int32" },
  });
  assertEquals((await short.run({ x: float32([2], [1, 2]) })).y!.data[0], 6);
  assertEquals((await long.run({ x: float32([2, 2], [1, 2, 3, 4]) })).y!.data[0], 20);
  const { y } = await whole.run({ x: int32([3], [1, 2, 3]) });
  assertEquals([y!.data[0], y!.dtype], [6, "int32"]);
  for (const program of [short, long, whole]) await program.dispose();
});

Deno.test("`compile()` bakes constants into the program", async () => {
  const linear = ({ x, weight }: TensorRecord) => ({ y: tf.matMul(x!, weight!) });
  const weight = float32([2, 3], [1, 2, 3, 4, 5, 6]);
  const program = await compile(device, linear, { x: { shape: [1, 2], dtype: "float32" } }, {
    constants: { weight },
  });
  // The program keeps numbers of its own.
  weight.data.fill(0);
  const { y } = await program.run({ x: float32([1, 2], [1, 10]) });
  assertAllClose(y!.data, [41, 52, 63]);
  await program.dispose();
});

Deno.test("gradients can be taken inside a compiled function", async () => {
  const slope = tf.grad((x) => tf.sum(tf.pow(x, 3)));
  const program = await compile(device, ({ x }) => ({ y: slope(x!) }), { x: vector(3) });
  const { y } = await program.run({ x: float32([3], [1, 2, -3]) });
  assertAllClose(y!.data, [3, 12, 27]);
  await program.dispose();
});
