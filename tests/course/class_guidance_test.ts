import * as tf from "@tensorflow/tfjs-core";
import { callInProcess } from "@course/course/call_in_process.ts";
import { CLASS_GUIDANCE } from "@course/course/exercises/03_class_guidance/mod.ts";
import { runChecks } from "@course/course/run_checks.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";

type Random = { uniform(): number; integer(below: number): number };
type Field = (x: tf.Tensor, t: tf.Tensor, labels: tf.Tensor) => tf.Tensor;

/** Right answers written in other ways than the solution. */
// deno-lint-ignore no-explicit-any
const OTHERS: Record<string, ((...args: any[]) => unknown)[]> = {
  "3.1": [
    (labels: number[], probability: number, nullClass: number, random: Random) => {
      const answer = [];
      for (const label of labels) answer.push(random.uniform() >= probability ? label : nullClass);
      return answer;
    },
    (labels: number[], probability: number, nullClass: number, random: Random) =>
      Int32Array.from(
        labels,
        (label) => random.integer(1e6) < probability * 1e6 ? nullClass : label,
      ),
  ],
  "3.2": [
    (conditional: tf.Tensor, unconditional: tf.Tensor, scale: tf.Tensor) => {
      const strength = conditional.shape.slice(1)
        .reduce((s: tf.Tensor) => tf.expandDims(s, -1), scale);
      return tf.add(
        tf.mul(strength, conditional),
        tf.mul(tf.sub(1, strength), unconditional),
      );
    },
  ],
  "3.3": [
    (
      field: Field,
      x: tf.Tensor,
      t: tf.Tensor,
      labels: tf.Tensor,
      none: number,
      scale: tf.Tensor,
    ) => {
      const both = field(
        tf.tile(x, [2, ...x.shape.slice(1).map(() => 1)]),
        tf.tile(t, [2]),
        tf.concat([labels, tf.add(tf.zerosLike(labels), tf.scalar(none, "int32"))]),
      );
      const batch = x.shape[0]!, rest = x.shape.slice(1);
      const half = (from: number) => tf.slice(both, [from, ...rest.map(() => 0)], [batch, ...rest]);
      const strength = tf.reshape(scale, [batch, ...rest.map(() => 1)]);
      return tf.add(half(batch), tf.mul(strength, tf.sub(half(0), half(batch))));
    },
  ],
  "3.4": [
    (logits: tf.Tensor, labels: number[]) =>
      tf.mean(tf.cast(tf.equal(tf.argMax(logits, -1), tf.tensor1d(labels, "int32")), "float32"))
        .dataSync()[0],
  ],
  "3.5": [
    (features: tf.Tensor, labels: number[]) => {
      const classes = [...new Set(labels)];
      const means = classes.map((asked) => {
        const rows = labels.flatMap((label, i) => label === asked ? [i] : []);
        const mine = tf.gather(features, tf.tensor1d(rows, "int32"));
        const differences = tf.sub(tf.expandDims(mine, 0), tf.expandDims(mine, 1));
        const distances = tf.sqrt(tf.sum(tf.square(differences), -1));
        return tf.sum(distances).dataSync()[0]! / (rows.length * (rows.length - 1));
      });
      return means.reduce((sum, mean) => sum + mean, 0) / means.length;
    },
  ],
  "3.6": [
    (t: tf.Tensor, scale: tf.Tensor, from: number, to: number) => {
      const levels = t.dataSync(), scales = scale.dataSync();
      return tf.tensor1d(
        Array.from(
          levels,
          (level, i) => Math.fround(from) <= level && level <= Math.fround(to) ? scales[i]! : 1,
        ),
      );
    },
  ],
};

for (const exercise of CLASS_GUIDANCE) {
  Deno.test(`exercise ${exercise.id} accepts right answers that are written in another way`, async () => {
    const others = OTHERS[exercise.id]!;
    assert(others.length > 0);
    for (const other of others) {
      const report = await runChecks(exercise, callInProcess(other));
      assert(report.passed, JSON.stringify(report.results.at(-1)));
    }
  });
}

Deno.test("who asks the field twice is told how often it should be asked", async () => {
  const exercise = CLASS_GUIDANCE.find(({ id }) => id === "3.3")!;
  const twice = exercise.bugs.find(({ name }) => name === "two calls")!;
  const { results } = await runChecks(exercise, callInProcess(twice.wrong));
  assertMatch(results.at(-1)!.message, /called with 3 examples: expected one call with 6/);
});

Deno.test("labels dropped by another source of chance than the generator are noticed", async () => {
  const exercise = CLASS_GUIDANCE.find(({ id }) => id === "3.1")!;
  const { passed, results } = await runChecks(
    exercise,
    callInProcess((labels: number[], probability: number, nullClass: number) =>
      labels.map((label) => Math.random() < probability ? nullClass : label)
    ),
  );
  assertEquals(passed, false);
  assertMatch(results.at(-1)!.message, /draw from `random` only/);
});
