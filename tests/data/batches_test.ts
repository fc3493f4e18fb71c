import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { batchOf, createBatches } from "../../lib/data/batches.ts";
import type { Dataset } from "../../lib/data/dataset.ts";

/** Images of two pixels that hold their own index; its label is the index too. */
function numbered(size: number, fingerprint = `numbered ${size}`): Dataset {
  return {
    name: "numbered",
    size,
    shape: [1, 2, 1],
    classes: Array.from({ length: size }, (_, n) => `${n}`),
    images: Uint8Array.from({ length: 2 * size }, (_, i) => Math.floor(i / 2)),
    labels: Uint8Array.from({ length: size }, (_, n) => n),
    fingerprint,
    description: "numbers",
  };
}

function take(batches: { next(): { labels: Int32Array } }, count: number): number[] {
  return Array.from({ length: count }, () => [...batches.next().labels]).flat();
}

const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);
const range = (size: number) => Array.from({ length: size }, (_, n) => n);

Deno.test("`batchOf()` maps 0 … 255 to [−1, 1] and keeps images with their labels", () => {
  const { images, labels } = batchOf(numbered(256), [255, 0, 51]);
  assertEquals([...labels], [255, 0, 51]);
  assertEquals([images[0], images[1], images[2]], [1, 1, -1]);
  assertAlmostEquals(images[4]!, -0.6, 1e-6);
  assertThrows(() => batchOf(numbered(3), [3]), "Cannot take image 3 of numbered: it has 3");
});

Deno.test("`createBatches()` hands out every image once per epoch, in a new order each time", () => {
  const batches = createBatches(numbered(12), { batchSize: 4, seed: 1 });
  const first = take(batches, 3), second = take(batches, 3);
  assertEquals(sorted(first), range(12));
  assertEquals(sorted(second), range(12));
  assert(first.join() !== second.join());
});

Deno.test("`createBatches()` fills the last batch of an epoch from the next one", () => {
  const batches = createBatches(numbered(10), { batchSize: 4, seed: 1 });
  const labels = take(batches, 5);
  assertEquals(sorted(labels.slice(0, 10)), range(10));
  assertEquals(sorted(labels.slice(10)), range(10));
});

Deno.test("`createBatches()` gives the same order for the same seed only", () => {
  const order = (seed: number) =>
    take(createBatches(numbered(50), { batchSize: 10, seed }), 5).join();
  assertEquals(order(3), order(3));
  assert(order(3) !== order(4));
});

Deno.test("`restore()` continues exactly where `save()` was, at any point around an epoch's end", () => {
  const options = { batchSize: 4, seed: 9 };
  for (let before = 0; before < 8; before++) {
    const batches = createBatches(numbered(10), options);
    take(batches, before);
    const state = JSON.parse(JSON.stringify(batches.save()));
    const expected = take(batches, 6);
    const continued = createBatches(numbered(10), options);
    take(continued, 3);
    continued.restore(state);
    assertEquals(take(continued, 6), expected);
  }
});

Deno.test("`save()` stays small for any dataset", () => {
  const batches = createBatches(numbered(200), { batchSize: 7, seed: 1 });
  take(batches, 100);
  assertEquals(batches.save(), { epoch: 3, position: 100, seed: 1, fingerprint: "numbered 200" });
});

Deno.test("`createBatches()` repeats images in a batch larger than the dataset", () => {
  const labels = take(createBatches(numbered(3), { batchSize: 7, seed: 1 }), 3);
  assertEquals(labels.length, 21);
  for (let epoch = 0; epoch < 7; epoch++) {
    assertEquals(sorted(labels.slice(3 * epoch, 3 * epoch + 3)), [0, 1, 2]);
  }
});

Deno.test("`createBatches()` refuses empty datasets and impossible batch sizes", () => {
  assertThrows(() => createBatches(numbered(0), { batchSize: 4, seed: 1 }), "it is empty");
  for (const batchSize of [0, -1, 1.5, NaN]) {
    assertThrows(() => createBatches(numbered(4), { batchSize, seed: 1 }), "whole number above 0");
  }
});

Deno.test("`restore()` refuses the position of another dataset, another seed, or nonsense", () => {
  const batches = createBatches(numbered(4), { batchSize: 2, seed: 1 });
  const state = batches.save();
  assertThrows(() => batches.restore({ ...state, fingerprint: "other" }), "was saved for other");
  assertThrows(() => batches.restore({ ...state, seed: 2 }), "the position was saved for 2");
  assertThrows(() => batches.restore({ ...state, position: 5 }), "the position at most 4");
  assertThrows(() => batches.restore({ ...state, epoch: -1 }), "Cannot continue at epoch -1");
});
