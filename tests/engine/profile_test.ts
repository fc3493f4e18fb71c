import * as tf from "@tensorflow/tfjs-core";
import {
  compileTrainStep,
  formatProfile,
  openDevice,
  parseProfile,
  type Profile,
  profile,
} from "@course/engine/mod.ts";
import { adamw } from "@course/training/optimizers.ts";
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { random } from "./suite.ts";

const device = await openDevice("cpu");

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** What holds for every profile; returns the names of its operators. */
function checkProfile({ rows, millisecondsPerRun }: Profile): string[] {
  assert(millisecondsPerRun > 0);
  assertAlmostEquals(sum(rows.map((row) => row.milliseconds)), millisecondsPerRun, 1e-9);
  assertAlmostEquals(sum(rows.map((row) => row.share)), 1, 1e-9);
  const times = rows.map((row) => row.milliseconds);
  assertEquals(times, times.toSorted((a, b) => b - a));
  return rows.map((row) => row.operator);
}

Deno.test("the profile of a training step shows its matrix products, and adds up", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const step = await compileTrainStep(device, {
      loss: ({ first, second }, { x }) => {
        const hidden = tf.relu(tf.matMul(x!, first!));
        return tf.mean(tf.square(tf.sub(tf.matMul(hidden, second!), x!))) as tf.Scalar;
      },
      // Large enough to be updated in a loop over blocks.
      params: { first: random([512, 1024]), second: random([1024, 512], 2) },
      batch: { x: { shape: [8, 512], dtype: "float32" } },
      optimizer: adamw(),
      profile: `${folder}/step`,
    });
    const steps = 3;
    let milliseconds = 0;
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      await step.run({ x: random([8, 512], i) }, { learningRate: 1e-3 });
      milliseconds += performance.now() - start;
    }
    const found = parseProfile(await Deno.readTextFile(step.endProfiling()), steps);
    await step.dispose();

    const operators = checkProfile(found);
    assert(operators.some((name) => /MatMul|Gemm/.test(name)), `${operators}`);
    assert(operators.includes("Scan"), `${operators}`);
    assertEquals(found.runs, steps);
    // Nothing is counted twice: operators cannot take longer than the steps they are part of.
    assert(found.millisecondsPerRun <= milliseconds / steps, `${found.millisecondsPerRun} ms`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("`profile()` counts the operators of a function", async () => {
  const fn = ({ x, w }: Record<string, tf.Tensor>) => ({
    y: tf.matMul(tf.matMul(x!, w!), tf.softmax(w!)),
  });
  const found = await profile(device, fn, { x: random([8, 32]), w: random([32, 32]) }, { runs: 2 });
  checkProfile(found);
  assertEquals(found.rows.find((row) => row.operator === "MatMul")?.calls, 2);
  assertEquals(found.rows.find((row) => row.operator === "Softmax")?.calls, 1);
});

Deno.test("time inside a loop is counted once, where it was spent", () => {
  const event = (op_name: string, ts: number, dur: number) => ({
    cat: "Node",
    name: "node_kernel_time",
    ts,
    dur,
    args: { op_name },
  });
  const events = [
    event("Mul", 0, 1000),
    event("Scan", 1000, 5000),
    event("Mul", 1100, 2000),
    event("Add", 3200, 2000),
    event("Add", 6000, 3000),
  ];
  const found = parseProfile(JSON.stringify(events), 1);
  checkProfile(found);
  assertEquals(found.rows, [
    { operator: "Add", calls: 2, milliseconds: 5, share: 5 / 9 },
    { operator: "Mul", calls: 2, milliseconds: 3, share: 3 / 9 },
    { operator: "Scan", calls: 1, milliseconds: 1, share: 1 / 9 },
  ]);
  assertMatch(formatProfile(found), /^operator .+\nAdd +2 +5\.00 +55\.6 %\n/);
});
