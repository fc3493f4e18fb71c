import { assertAlmostEquals, assertEquals } from "@std/assert";
import { claimShare } from "@course/course/false_claims.ts";
import {
  differenceRow,
  lossBins,
  measuresNamed,
  readComparison,
} from "@course/course/read_comparison.ts";
import { compareMeasure, pairedDifference } from "@course/evaluation/compare/mod.ts";
import { createRandom } from "@course/random.ts";

const loss = (key: string, a: number[], b: number[]) =>
  compareMeasure({ key, name: key, better: "less", share: false }, a, b);
const measures = [
  loss("heldout_loss", [0.4, 0.5], [0.38, 0.49]),
  loss("heldout_loss 0–0.125", [1, 1.1], [1.1, 1.2]),
  loss("heldout_loss 0.125–0.25", [0.5, 0.6], [0.4, 0.6]),
];

Deno.test("losses by noise level are told from the whole, and measures are found by name", () => {
  assertEquals(lossBins({ measures }).map(({ from, to }) => [from, to]), [[0, 0.125], [
    0.125,
    0.25,
  ]]);
  assertEquals(measuresNamed({ measures }, ["follows nouns", "heldout_loss"]), [measures[0]!]);
});

Deno.test("differences are in per cent of A, or in points for shares", () => {
  const row = differenceRow(measures[0]!);
  assertAlmostEquals(row.mean, 100 * -0.015 / 0.45, 1e-9);
  assertAlmostEquals(row.values![1]!, 100 * -0.01 / 0.45, 1e-9);
  const share = compareMeasure(
    { key: "follows", name: "  noun", better: "more", share: true },
    [0.2, 0.4],
    [0.3, 0.4],
  );
  assertAlmostEquals(differenceRow(share).mean, 5, 1e-9);
  assertEquals(differenceRow(share).name, "noun");
});

Deno.test("a comparison that was not run is none", async () => {
  assertEquals(await readComparison("selfflow/never"), undefined);
});

Deno.test("a 95 % interval claims a difference in about 5 of 100 comparisons without any", () => {
  const random = createRandom(3);
  const alike = claimShare(pairedDifference, { seeds: 5, random, times: 4000 });
  // Three standard errors of a share of 0.05 among 4000.
  assertAlmostEquals(alike, 0.05, 3 * Math.sqrt(0.05 * 0.95 / 4000));
  assertEquals(claimShare(pairedDifference, { seeds: 5, random, effect: 50, times: 50 }), 1);
});
