import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { emaDecayAt, emaHalfLife, emaWarning } from "@course/training/ema.ts";
import { learningRateAt } from "@course/training/schedule.ts";

const cosine = { kind: "cosine", lr: 2, steps: 100, warmup: 0.1, final: 0.1 } as const;

Deno.test("the learning rate rises in a straight line to its highest value", () => {
  assertAlmostEquals(learningRateAt(1, cosine), 0.2);
  assertAlmostEquals(learningRateAt(5, cosine), 1);
  assertAlmostEquals(learningRateAt(10, cosine), 2);
});

Deno.test("a cosine is half way down in the middle and ends near its final share", () => {
  assertAlmostEquals(learningRateAt(11, cosine), 2);
  assertAlmostEquals(learningRateAt(56, cosine), (2 + 0.2) / 2);
  assert(learningRateAt(100, cosine) > 0.2 && learningRateAt(100, cosine) < 0.202);
  for (let step = 11; step < 100; step++) {
    assert(learningRateAt(step + 1, cosine) < learningRateAt(step, cosine), "it only falls");
  }
});

Deno.test("a constant schedule stays at its highest value", () => {
  const constant = { ...cosine, kind: "constant" } as const;
  assertEquals([10, 11, 100].map((step) => learningRateAt(step, constant)), [2, 2, 2]);
  assertEquals(learningRateAt(1, { ...constant, warmup: 0 }), 2);
});

Deno.test("a run of one step learns at the full rate", () => {
  assertEquals(learningRateAt(1, { ...cosine, steps: 1 }), 2);
});

Deno.test("the average forgets the start quickly at first and reaches its decay later", () => {
  assertAlmostEquals(emaDecayAt(1, 0.999), 2 / 11);
  assertAlmostEquals(emaDecayAt(90, 0.999), 0.91);
  assertEquals(emaDecayAt(100_000, 0.999), 0.999);
  assertEquals(emaDecayAt(5, 0), 0);
});

Deno.test("after one half-life half of a value is left", () => {
  assertAlmostEquals(0.99 ** emaHalfLife(0.99), 0.5);
  assertEquals(emaHalfLife(0), 0);
});

Deno.test("an average that remembers longer than the run is warned about, with one that suits", () => {
  assertEquals(emaWarning(0.99, 2000), undefined);
  const suited = /; (0\.\d+) would suit/.exec(emaWarning(0.9999, 1000)!)![1]!;
  assertEquals(emaWarning(Number(suited), 1000), undefined);
});

Deno.test("a run of a few steps is told to do without an average", () => {
  for (const steps of [1, 2, 9]) {
    assertStringIncludes(emaWarning(0.99, steps)!, `${steps} steps is too short to average`);
  }
  assertStringIncludes(emaWarning(0.99, 10)!, "0.250 would suit");
  assertEquals(emaWarning(0, 1), undefined);
});
