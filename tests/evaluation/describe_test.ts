import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeEvaluation } from "@course/evaluation/describe.ts";
import type { Evaluation } from "@course/evaluation/evaluate.ts";

const evaluation: Evaluation = {
  dataset: "digits",
  count: 500,
  ceiling_count: 500,
  reference_count: 4000,
  class_accuracy: { value: 0.986, ceiling: 0.998, floor: 0.1 },
  frechet: { value: 3.456, ceiling: 1.2, floor: 210 },
  mmd: { value: 0.01234, ceiling: 0.0001, floor: 5 },
  diversity: { value: 6.1, ceiling: 6.5, floor: 3 },
  per_class: [1, 0.98, null, 1, 1, 1, 1, 1, 1, 0.9],
  confusion: [],
};

Deno.test("`describeEvaluation()` sets every number between real images and noise", () => {
  const lines = describeEvaluation(evaluation).split("\n");
  assertEquals(lines[0], "                  samples    real   noise");
  assertEquals(lines[1], "class accuracy     98.6 %  99.8 %  10.0 %  higher is better");
  assertEquals(lines[2], "Fréchet distance     3.46    1.20  210.00  lower is better");
  assertEquals(lines[3], "kernel distance    0.0123  0.0001  5.0000  lower is better");
  assertStringIncludes(lines.at(-1)!, "0: 100 %   1: 98 %   2: –   3: 100 %");
});

Deno.test("`describeEvaluation()` leaves class accuracy out where no classes were asked for", () => {
  const text = describeEvaluation({ ...evaluation, class_accuracy: null });
  assert(!text.includes("accuracy"));
});

Deno.test("`describeEvaluation()` warns where the ceiling has fewer images than samples", () => {
  const text = describeEvaluation({ ...evaluation, ceiling_count: 100 });
  assertStringIncludes(text, "fewer real images than samples");
});
