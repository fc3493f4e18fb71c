import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { compareMeasure, intervalText } from "@course/evaluation/compare/verdict.ts";
import { meanInterval } from "@course/evaluation/compare/statistics.ts";

const loss = { key: "heldout_loss", name: "held-out loss", better: "less", share: false } as const;
const accuracy = {
  key: "class_accuracy",
  name: "class accuracy",
  better: "more",
  share: true,
} as const;

Deno.test("a difference whose interval holds zero is not claimed", () => {
  const { verdict, winner } = compareMeasure(loss, [0.2, 0.3, 0.4], [0.21, 0.28, 0.41]);
  assertEquals(winner, null);
  assertStringIncludes(verdict, "no difference can be claimed (B − A 0");
});

Deno.test("seeds that differ much do not hide a difference that every seed shows", () => {
  const { verdict, winner, difference } = compareMeasure(
    loss,
    [0.2, 0.5, 0.9, 0.4, 0.7],
    [0.191, 0.489, 0.89, 0.39, 0.69],
  );
  assertEquals(winner, "b");
  assertAlmostEquals(difference.mean, -0.01, 1e-9);
  assertStringIncludes(verdict, "B is better by 0.01000 (B − A −0.01000, 95 % interval −0.01");
});

Deno.test("for shares more is better, and differences are in percentage points", () => {
  const { verdict, winner } = compareMeasure(accuracy, [0.95, 0.96, 0.955], [0.9, 0.91, 0.904]);
  assertEquals(winner, "a");
  assertStringIncludes(verdict, "A is better by 5.0 points (B − A −5.0 points");
});

Deno.test("where neither direction is good, nobody wins", () => {
  const diversity = { key: "diversity", name: "diversity", better: null, share: false };
  const { verdict, winner } = compareMeasure(diversity, [4, 4.1, 4.05], [5, 5.1, 5.06]);
  assertEquals(winner, null);
  assertStringIncludes(verdict, "B has more (B − A +1.0");
});

Deno.test("one seed allows no claim, however far apart", () => {
  const { verdict, winner } = compareMeasure(loss, [0.2], [0.9]);
  assertEquals([verdict, winner], ["no difference can be claimed from one seed", null]);
});

Deno.test("a mean is written with half of its interval", () => {
  assertEquals(intervalText(meanInterval([0.99, 0.98, 0.985]), true), "98.5 ± 1.2 %");
  assertEquals(intervalText(meanInterval([0.15, 0.16]), false), "0.155 ± 0.064");
  assertEquals(intervalText(meanInterval([12.34]), false), "12.3");
});
