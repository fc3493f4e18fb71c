import { assert, assertEquals, assertRejects } from "@std/assert";
import { digits } from "@course/data/mod.ts";
import { openDevice } from "@course/engine/mod.ts";
import { trainClassifier } from "@course/evaluation/train_classifier.ts";

const device = await openDevice("cpu");
const train = digits({ size: 2000 }), heldout = digits({ split: "heldout", size: 500 });

Deno.test("`trainClassifier()` learns to read digits in 100 steps", async () => {
  const losses: number[] = [];
  const { params, card } = await trainClassifier(device, train, heldout, {
    recipe: { steps: 100, batchSize: 64, warmup: 20, learningRate: 3e-3 },
    onStep: (_, loss) => losses.push(loss),
  });
  const late = losses.slice(-10).reduce((sum, loss) => sum + loss, 0) / 10;
  assert(losses.length === 100 && losses[0]! > 2 && late < 1.2, `from ${losses[0]} to ${late}`);
  assert(card.heldout_accuracy > 0.8, `held-out accuracy ${card.heldout_accuracy}`);
  assertEquals(card.fingerprint, train.fingerprint);
  assertEquals(params["features.weight"]!.shape, [1024, 64]);
});

Deno.test("`trainClassifier()` gives the same classifier for the same seed", async () => {
  const once = () =>
    trainClassifier(device, train, heldout, { recipe: { steps: 3, batchSize: 16 } });
  const first = await once(), second = await once();
  assertEquals(first.params["conv1.weight"]!.data, second.params["conv1.weight"]!.data);
});

Deno.test("`trainClassifier()` stops when it is told to", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => trainClassifier(device, train, heldout, { signal }), "enough");
});
