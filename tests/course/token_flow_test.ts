import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openTokenFlow } from "@course/course/token_flow.ts";
import { drawTokenLevels, evenLevels, levelsOf, LITE, PLAIN } from "@course/course/token_levels.ts";
import { loadDataset } from "@course/data/mod.ts";
import { float32 } from "@course/tensors.ts";
import * as parts from "@solutions/06_self_flow.ts";
import { cpu } from "../training/fixtures.ts";

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

Deno.test("plain recipes share a level within a picture, lite ones do not and hide about their share", () => {
  const draw = (recipe: typeof PLAIN) =>
    drawTokenLevels(recipe, { batch: 40, tokens: 49, ...levelsOf(2) });
  const plain = draw(PLAIN), lite = draw(LITE);
  for (const picture of range(40)) {
    const own = plain.own.data.slice(picture * 49, (picture + 1) * 49);
    assertEquals(new Set(own).size, 1);
  }
  assert(plain.chance.data.every((chance) => !(chance < PLAIN.share)), "nothing is hidden");
  assert(new Set(lite.own.data).size > 1900);
  const hidden = lite.chance.data.filter((chance) => chance < LITE.share).length / (40 * 49);
  assertAlmostEquals(hidden, 0.25, 0.04);
  assertEquals(evenLevels(8, 4).map((level) => Math.floor(4 * level)), [0, 1, 2, 3, 0, 1, 2, 3]);
});

Deno.test("a small transformer learns with levels per token, and is measured and looked at", async () => {
  const train = await loadDataset("digits", { size: 64 });
  const heldout = await loadDataset("digits", { split: "heldout", size: 64 });
  const flow = await openTokenFlow(cpu, { train, heldout }, parts);
  try {
    const losses: number[] = [];
    const onStep = (_: number, loss: number) => losses.push(loss);
    const lite = await flow.train(LITE, { seed: 0, steps: 8, onStep });
    assertEquals([losses.length, Object.keys(lite.head).length], [8, 2]);
    assert(Math.min(...losses.slice(4)) < losses[0]!, "it learns");
    assert(!Object.keys(lite.weights).some((name) => name.startsWith("head")));

    const [low, high] = await flow.measureBins(lite, 2);
    // Even levels and plain's random ones are two samples of the same.
    assertAlmostEquals((low! + high!) / 2, await flow.measure(lite, PLAIN), 0.2);
    assert(await flow.measure(lite, LITE) !== await flow.measure(lite, PLAIN));

    const plain = await flow.train(PLAIN, { seed: 0, steps: 1 });
    assertEquals(Object.keys(plain.head), Object.keys(lite.head));
    assertEquals(Object.keys(plain.weights), Object.keys(lite.weights));

    const levels = float32([2, 49], range(98).map((i) => i === 0 ? 0 : 1));
    const { clean, noisy, fromVelocity, levels: shown } = await flow.reveal(lite, levels);
    assertEquals([clean.shape, shown.shape], [[2, 28, 28, 1], [2, 28, 28, 1]]);
    // The first patch has no noise: it is seen as it is, and stays as it is.
    assertEquals(noisy.data[0], clean.data[0]);
    assertEquals(fromVelocity.data[3], clean.data[3]);
    assert(noisy.data[4] !== clean.data[4]);
  } finally {
    await flow.dispose();
  }
});
