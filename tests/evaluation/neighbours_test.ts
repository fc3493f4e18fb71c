import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { openDevice } from "@course/engine/mod.ts";
import { memorisation, nearestNeighbours } from "@course/evaluation/neighbours.ts";
import { forkRandom, normals } from "@course/random.ts";

const device = await openDevice("cpu");

function noise(count: number, purpose: string): Float32Array<ArrayBuffer> {
  return normals(forkRandom(1, purpose), count * 6);
}

/** Root mean square differences of all pairs, the slow way. */
function nearestByHand(images: Float32Array, train: Float32Array, pixels: number) {
  return Array.from({ length: images.length / pixels }, (_, i) => {
    const distances = Array.from({ length: train.length / pixels }, (_, j) => {
      const squares = Array.from(
        { length: pixels },
        (_, p) => (images[i * pixels + p]! - train[j * pixels + p]!) ** 2,
      );
      return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / pixels);
    });
    const distance = Math.min(...distances);
    return { distance, index: distances.indexOf(distance) };
  });
}

Deno.test("`nearestNeighbours()` finds what a search by hand finds, in any number of images", async () => {
  for (const size of [1, 7, 1000, 2345]) {
    const images = noise(9, "images"), train = noise(size, "train");
    const found = await nearestNeighbours(device, images, train, 6);
    const expected = nearestByHand(images, train, 6);
    assertEquals([...found.index], expected.map(({ index }) => index));
    assertAllClose(found.distance, expected.map(({ distance }) => distance), 1e-5);
  }
});

Deno.test("`nearestNeighbours()` gives a copy the distance 0", async () => {
  const train = noise(1500, "train");
  const { distance, index } = await nearestNeighbours(
    device,
    train.slice(6 * 1234, 6 * 1235),
    train,
    6,
  );
  assertEquals([distance[0], index[0]], [0, 1234]);
});

Deno.test("`memorisation()` tells copies from new images of the same kind", async () => {
  const train = noise(1000, "train"), heldout = noise(400, "heldout");
  const fresh = await memorisation(device, noise(400, "fresh"), { train, heldout, pixels: 6 });
  assertAlmostEquals(fresh.ratio, 1, 0.1);
  assert(fresh.copies < 0.05, `${fresh.copies} of new images taken for copies`);

  const copied = train.slice(0, 400 * 6).map((value, i) => value + 1e-3 * (i % 3));
  const copies = await memorisation(device, copied, { train, heldout, pixels: 6 });
  assert(copies.ratio < 0.01 && copies.copies === 1, `${copies.ratio}, ${copies.copies}`);
  assertEquals(copies.nearest.index[17], 17);
});

Deno.test("`memorisation()` notices that half of the samples are copies", async () => {
  const train = noise(1000, "train"), heldout = noise(400, "heldout");
  const samples = noise(100, "fresh");
  samples.set(train.subarray(0, 50 * 6));
  const { copies } = await memorisation(device, samples, { train, heldout, pixels: 6 });
  assert(copies >= 0.5 && copies < 0.6, `${copies}`);
});

Deno.test("`nearestNeighbours()` refuses numbers that are no images", async () => {
  await assertRejects(
    () => nearestNeighbours(device, new Float32Array(7), noise(5, "train"), 6),
    "Cannot compare 7 numbers as images of 6 pixels each",
  );
});
