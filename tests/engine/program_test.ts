import * as tf from "@tensorflow/tfjs-core";
import { compile, compileByShape, openDevice } from "@course/engine/mod.ts";
import type { TensorRecord } from "@course/tensors.ts";
import { float32, int32 } from "@course/tensors.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";

const device = await openDevice("cpu");
const matrix = { shape: [2, 3], dtype: "float32" as const };
const double = ({ x }: TensorRecord) => ({ y: tf.mul(x!, 2) });

/** Takes a few hundred milliseconds: a long chain of products. */
function longChain({ x }: TensorRecord) {
  let y = x!;
  for (let i = 0; i < 60; i++) y = tf.tanh(tf.matMul(y, x!));
  return { y };
}
const square = { shape: [768, 768], dtype: "float32" as const };
const squareInput = () => ({ x: float32([768, 768], new Float32Array(768 * 768).fill(1e-3)) });

Deno.test("`run()` says which input is missing, unknown, or of another shape or type", async () => {
  const program = await compile(device, double, { x: matrix });
  await assertRejects(() => program.run({}), "Input x is missing");
  await assertRejects(
    () => program.run({ x: float32([3, 2]) }),
    "Input x is float32[3, 2], but the program was compiled for float32[2, 3]",
  );
  await assertRejects(() => program.run({ x: int32([2, 3]) }), "Input x is int32[2, 3]");
  await assertRejects(
    () => program.run({ x: float32([2, 3]), z: float32([1]) }),
    "There is no input z",
  );
  await program.dispose();
});

Deno.test("`run()` takes inputs that the function does not use", async () => {
  const program = await compile(device, double, { x: matrix, unused: matrix });
  const { y } = await program.run({
    x: float32([2, 3], [1, 2, 3, 4, 5, 6]),
    unused: float32([2, 3]),
  });
  assertEquals([...y!.data], [2, 4, 6, 8, 10, 12]);
  await program.dispose();
});

Deno.test("results of one run are not touched by the next", async () => {
  const program = await compile(device, double, { x: matrix });
  const first = await program.run({ x: float32([2, 3], [1, 1, 1, 1, 1, 1]) });
  await program.run({ x: float32([2, 3], [5, 5, 5, 5, 5, 5]) });
  assertEquals([...first.y!.data], [2, 2, 2, 2, 2, 2]);
  await program.dispose();
});

Deno.test("runs of one program may overlap", async () => {
  const program = await compile(device, double, { x: matrix });
  const results = await Promise.all(
    [1, 2, 3, 4].map((value) => program.run({ x: float32([2, 3], Array(6).fill(value)) })),
  );
  assertEquals(results.map(({ y }) => y!.data[5]), [2, 4, 6, 8]);
  await program.dispose();
});

Deno.test("a disposed program says so, and disposing twice does no harm", async () => {
  const program = await compile(device, double, { x: matrix });
  await program.dispose();
  await program.dispose();
  await assertRejects(() => program.run({ x: float32([2, 3]) }), "disposed");
});

Deno.test("disposing waits for a run under way", async () => {
  const program = await compile(device, longChain, { x: square });
  const run = program.run(squareInput());
  await program.dispose();
  assertEquals((await run).y!.shape, [768, 768]);
});

Deno.test("a run can be cancelled, rejects with the reason, and the program runs again", async () => {
  const program = await compile(device, longChain, { x: square });
  const before = performance.now();
  const whole = await program.run(squareInput());
  const duration = performance.now() - before;

  const controller = new AbortController();
  const reason = new Error("stopped by hand");
  setTimeout(() => controller.abort(reason), duration / 10);
  const start = performance.now();
  const error = await assertRejects(() =>
    program.run(squareInput(), { signal: controller.signal })
  );
  assertEquals(error, reason);
  assert(performance.now() - start < duration, "cancelling takes less than a whole run");

  const again = await program.run(squareInput());
  assertEquals(again.y!.data, whole.y!.data);
  await program.dispose();
});

Deno.test("a signal that fired already keeps the program from running", async () => {
  const program = await compile(device, double, { x: matrix });
  const signal = AbortSignal.abort(new Error("too late"));
  await assertRejects(() => program.run({ x: float32([2, 3]) }, { signal }), "too late");
  await program.dispose();
});

Deno.test("the event loop stays free during a run", async () => {
  const program = await compile(device, longChain, { x: square });
  let ticks = 0, longest = 0, last = performance.now();
  const timer = setInterval(() => {
    ticks++;
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const start = performance.now();
  for (let i = 0; i < 2; i++) await program.run(squareInput());
  const duration = performance.now() - start;
  clearInterval(timer);
  // Far fewer than one every 5 ms: the machine may be busy with other things.
  assert(ticks > duration / 50, `${ticks} ticks in ${duration} ms`);
  assert(longest < Math.max(100, duration / 2), `${longest} ms without a tick in ${duration} ms`);
  await program.dispose();
});

Deno.test("`compileByShape()` compiles once for each combination of shapes", async () => {
  const programs = compileByShape(device, double);
  await programs.run({ x: float32([2]) });
  await programs.run({ x: float32([2], [3, 4]) });
  assertEquals(programs.compiled, 1);
  const { y } = await programs.run({ x: float32([1, 2], [3, 4]) });
  assertEquals([programs.compiled, ...y!.data], [2, 6, 8]);
  await programs.dispose();
});

Deno.test("results depend neither on the run nor on chance: same bits every time", async () => {
  // Many rows meet in few segments: sums would differ if cores raced.
  const ids = int32([5000], Array.from({ length: 5000 }, (_, i) => (i * i) % 7));
  const rows = float32([5000, 16], Array.from({ length: 80000 }, (_, i) => Math.sin(i)));
  const program = await compile(device, ({ rows, ids }) => ({
    few: tf.unsortedSegmentSum(rows!, ids as tf.Tensor1D, 7),
    many: tf.unsortedSegmentSum(rows!, ids as tf.Tensor1D, 1000),
    all: tf.sum(rows!),
  }), { rows, ids });
  const first = await program.run({ rows, ids });
  for (let i = 0; i < 10; i++) {
    const next = await program.run({ rows, ids });
    for (const name of ["few", "many", "all"]) assertEquals(next[name]!.data, first[name]!.data);
  }
  await program.dispose();
});
