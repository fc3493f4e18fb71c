import { openDevice } from "@course/engine/mod.ts";
import { spreadOf, sweepGuidance, type SweepPoint } from "@course/evaluation/mod.ts";
import { runSweep, sweepTable } from "@course/evaluation/sweep_cli.ts";
import type { Evaluation, Evaluator } from "@course/evaluation/evaluate.ts";
import { loadShipped } from "@course/training/shipped.ts";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";

/** An evaluator that keeps what it was asked, and calls the mean of the pixels accuracy. */
function meanEvaluator() {
  const asked: { images: Float32Array; labels: number[] }[] = [];
  const evaluator: Evaluator = {
    evaluate({ images, labels }) {
      asked.push({ images, labels: Array.from(labels!) });
      const value = images.reduce((sum, pixel) => sum + pixel, 0) / images.length;
      return Promise.resolve(evaluation(value));
    },
    dispose: () => Promise.resolve(),
  };
  return { evaluator, asked };
}

function evaluation(value: number): Evaluation {
  const judged = { value, ceiling: 1, floor: 0 };
  return {
    dataset: "digits",
    count: 20,
    ceiling_count: 20,
    reference_count: 20,
    class_accuracy: judged,
    frechet: judged,
    mmd: judged,
    diversity: judged,
    per_class: [],
    confusion: [],
  };
}

Deno.test("a sweep judges every scale with every seed, the same noise at each scale", async () => {
  const device = await openDevice("cpu"), shipped = await loadShipped("dit-digits");
  const { evaluator, asked } = meanEvaluator();
  const points = await sweepGuidance(device, evaluator, shipped, {
    guidances: [0, 3],
    seeds: [4, 5],
    count: 20,
    prediction: shipped.config.objective.prediction,
    sampler: "euler",
    steps: 1,
  });
  assertEquals(points.map(({ guidance, seed }) => [guidance, seed]), [[0, 4], [0, 5], [3, 4], [
    3,
    5,
  ]]);
  assertEquals(asked.map(({ images }) => images.length), new Array(4).fill(20 * 784));
  assertEquals(asked[0]!.labels.slice(8, 12), [8, 9, 0, 1]);
  const again = meanEvaluator();
  await sweepGuidance(device, again.evaluator, shipped, {
    guidances: [3],
    seeds: [5],
    count: 20,
    prediction: shipped.config.objective.prediction,
    sampler: "euler",
    steps: 1,
  });
  assertEquals(again.asked[0]!.images, asked[3]!.images);
});

Deno.test("the spread over seeds is mean and standard deviation", () => {
  const points: SweepPoint[] = [[1, 0.5], [1, 0.7], [1, 0.9], [2, 0.25]].map(
    ([guidance, value], seed) => ({ guidance: guidance!, seed, evaluation: evaluation(value!) }),
  );
  const spread = spreadOf(points, ({ frechet }) => frechet.value);
  assertAlmostEquals(spread.get(1)!.mean, 0.7);
  assertAlmostEquals(spread.get(1)!.deviation, 0.2);
  assertEquals(spread.get(2)!.mean, 0.25);
  assertEquals(
    sweepTable(points).split("\n").slice(2),
    [
      "| 1 | 70.0 ± 20.0 | 0.70 ± 0.20 | 0.70 ± 0.20 |",
      "| 2 | 25.0 | 0.25 | 0.25 |",
      "| real | 100.0 | 1.00 | 1.00 |",
    ],
  );
});

Deno.test("what cannot be swept is refused in a sentence", async () => {
  await assertRejects(() => runSweep([]), "Name one model");
  await assertRejects(() => runSweep(["dit-digit"]), "did you mean dit-digits?");
  await assertRejects(
    () => runSweep(["dit-digits", "--guidance", "1,x"]),
    "expected numbers, as in",
  );
  await assertRejects(() => runSweep(["dit-digits", "--seeds", "-1"]), "expected a whole number");
  await assertRejects(() => runSweep(["dit-digits", "--interval", "0.5"]), "expected two numbers");
  await assertRejects(() => runSweep(["runs/none-such"]), "There is no run in runs/none-such");
});
