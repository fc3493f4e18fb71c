import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { shareOf, wilsonInterval } from "@course/evaluation/prompt_following/mod.ts";
import { createRandom } from "@course/random.ts";

Deno.test("`wilsonInterval()` gives the published examples of Newcombe (1998), Table I", () => {
  const published = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const;
  for (const [right, count, low, high] of published) {
    const interval = wilsonInterval(right, count);
    assertAlmostEquals(interval[0], low, 5e-5);
    assertAlmostEquals(interval[1], high, 5e-5);
  }
});

Deno.test("`wilsonInterval()` ends at 0 and 1 exactly when none or all are right", () => {
  for (const count of [1, 7, 79, 84]) {
    assertEquals(wilsonInterval(0, count)[0], 0);
    assertEquals(wilsonInterval(count, count)[1], 1);
  }
});

Deno.test("`wilsonInterval()` is mirrored when right and wrong change places", () => {
  const [low, high] = wilsonInterval(7, 30), [otherLow, otherHigh] = wilsonInterval(23, 30);
  assertAlmostEquals(low, 1 - otherHigh, 1e-12);
  assertAlmostEquals(high, 1 - otherLow, 1e-12);
});

Deno.test("`wilsonInterval()` holds the true share in about 95 % of experiments", () => {
  const random = createRandom(3), share = 0.85, count = 60, experiments = 4000;
  let held = 0;
  for (let i = 0; i < experiments; i++) {
    let right = 0;
    for (let j = 0; j < count; j++) right += Number(random.uniform() < share);
    const [low, high] = wilsonInterval(right, count);
    held += Number(low <= share && share <= high);
  }
  assert(Math.abs(held / experiments - 0.95) < 0.02, `held in ${held} of ${experiments}`);
});

Deno.test("`shareOf()` says nothing about no trials and refuses more right ones than trials", () => {
  assertEquals(shareOf(0, 0), null);
  assertEquals(shareOf(3, 4)!.value, 0.75);
  assertThrows(() => wilsonInterval(5, 4), "5 of 4");
});
