import { assertEquals } from "@std/assert";
import { measuresOf, type ReportNumbers } from "@course/evaluation/compare/numbers.ts";
import type { JudgedShare } from "@course/evaluation/prompt_following/mod.ts";

const share = (value: number): JudgedShare => ({
  value,
  low: 0,
  high: 1,
  count: 10,
  ceiling: 1,
  floor: 0,
});

const report: ReportNumbers = {
  name: "made",
  class_accuracy: null,
  frechet: { value: 3, ceiling: 1, floor: 50 },
  mmd: null,
  diversity: null,
  heldout_loss: { value: 0.5, ceiling: null, floor: null },
  heldout_bins: [{ from: 0, to: 0.5, loss: 0.7 }, { from: 0.5, to: 1, loss: 0.3 }],
  minutes: { value: 1, ceiling: null, floor: null },
  steps: { value: 1, ceiling: 1, floor: 0 },
  parameters: 1,
  samples: 10,
  prompt_following: {
    stages: {
      nouns: { facts: { noun: share(0.8) }, all_stated: share(0.8) },
      scenes: { facts: { noun: share(0.4), count: share(0.6) }, all_stated: share(0.2) },
    },
    unseen: { scenes: { facts: {}, all_stated: share(0.1) } },
  } as unknown as NonNullable<ReportNumbers["prompt_following"]>,
};

Deno.test("`measuresOf()` takes every number that a report has, and says which direction is good", () => {
  const found = measuresOf(report).map(({ key, value, better }) => [key, value, better]);
  assertEquals(found, [
    ["heldout_loss", 0.5, "less"],
    ["heldout_loss 0–0.5", 0.7, "less"],
    ["heldout_loss 0.5–1", 0.3, "less"],
    ["frechet", 3, "less"],
    ["follows nouns", 0.8, "more"],
    ["follows scenes", 0.2, "more"],
    ["follows unseen scenes", 0.1, "more"],
    ["follows noun", (0.8 + 0.4) / 2, "more"],
    ["follows count", 0.6, "more"],
  ]);
});
