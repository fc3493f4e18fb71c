import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { digitAt, digits, DIGITS_VERSION } from "../../lib/data/digits/mod.ts";
import { smoothCurve } from "../../lib/data/digits/curves.ts";
import { skeleton } from "../../lib/data/digits/skeletons.ts";
import { loadMnist } from "../../lib/data/mnist.ts";
import { createRandom } from "../../lib/random.ts";
import {
  meanInk,
  nearestNeighbourAccuracy,
  quantile,
  strokeWidths,
} from "./handwriting_statistics.ts";
import { REAL_MNIST, realMnistIsMissing } from "./real_mnist.ts";

const train = digits({ size: 2000, seed: 1 });
const heldout = digits({ size: 500, seed: 1, split: "heldout" });

Deno.test("`digits()` gives the same images for the same seed, and others for another", () => {
  assertEquals(digits({ size: 50, seed: 1 }).images, train.images.slice(0, 50 * 784));
  assert(digits({ size: 1, seed: 2 }).images.some((value, i) => value !== train.images[i]));
});

Deno.test("`digitAt()` draws any image of `digits()` by itself", () => {
  for (const index of [0, 7, 1234]) {
    const { image, label } = digitAt(index, { seed: 1 });
    assertEquals(image, train.images.slice(index * 784, (index + 1) * 784));
    assertEquals(label, train.labels[index]!);
  }
});

Deno.test("`digits()` holds every class equally often", () => {
  const counts = new Array(10).fill(0);
  for (const label of train.labels) counts[label]++;
  assertEquals(counts, new Array(10).fill(200));
});

Deno.test("`digits()` never draws the same image twice, nor held-out images in training", () => {
  const seen = new Set<string>();
  for (const { images, size } of [train, heldout]) {
    for (let n = 0; n < size; n++) seen.add(images.subarray(n * 784, (n + 1) * 784).join());
  }
  assertEquals(seen.size, train.size + heldout.size);
});

Deno.test("`digits()` has a fingerprint that names version, split, seed and size", () => {
  assertEquals(heldout.fingerprint, `digits:version ${DIGITS_VERSION}:heldout:seed 1:size 500`);
});

Deno.test("`digits()` places ink as MNIST does: 20 pixels long, centre of mass in the middle", () => {
  for (let n = 0; n < 300; n++) {
    let left = 28, right = 0, top = 28, bottom = 0, mass = 0, sumX = 0, sumY = 0;
    for (let i = 0; i < 784; i++) {
      const ink = train.images[n * 784 + i]!, x = i % 28, y = Math.floor(i / 28);
      mass += ink;
      sumX += ink * x;
      sumY += ink * y;
      if (ink < 100) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    const side = Math.max(right - left, bottom - top) + 1;
    assert(side >= 17 && side <= 21, `image ${n} is ${side} pixels long`);
    assertAlmostEquals(sumX / mass, 13.5, 0.75);
    assertAlmostEquals(sumY / mass, 13.5, 0.75);
  }
});

Deno.test("`digits()` can be told apart: nine in ten nearest neighbours have the same label", () => {
  const few = {
    images: heldout.images.subarray(0, 200 * 784),
    labels: heldout.labels.slice(0, 200),
  };
  const accuracy = nearestNeighbourAccuracy(train, few);
  assert(accuracy > 0.88, `accuracy ${accuracy}`);
});

Deno.test("`digits()` is fast: thousands of images a second", () => {
  // More than 10,000 on one idle core; the best of several short runs, since machines are busy.
  const seconds = Array.from({ length: 8 }, () => {
    const start = performance.now();
    digits({ size: 200, seed: 3 });
    return (performance.now() - start) / 1000;
  });
  const rate = 200 / Math.min(...seconds);
  assert(rate > 1500, `${Math.round(rate)} images a second`);
});

Deno.test("`digits()` still draws what it drew when DIGITS_VERSION was last raised", () => {
  const sums = Array.from({ length: 10 }, (_, index) => {
    return digitAt(index).image.reduce((sum, value) => sum + value, 0);
  });
  const expected = [18_016, 16_361, 20_274, 31_255, 28_916, 25_966, 25_160, 21_435, 38_231, 24_513];
  for (const [index, sum] of sums.entries()) {
    // A few grey levels, as processors may round differently.
    assertAlmostEquals(sum, expected[index]!, 5);
  }
});

Deno.test({
  name: "`digits()` matches real MNIST in ink, stroke width and what distinguishes classes",
  ignore: realMnistIsMissing,
  async fn() {
    const real = await loadMnist({ folder: REAL_MNIST });
    assertAlmostEquals(meanInk(train.images), meanInk(real.images), 0.01);
    const ours = strokeWidths(train.images), theirs = strokeWidths(real.images);
    for (const share of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      const ratio = quantile(ours, share) / quantile(theirs, share);
      assert(ratio > 0.92 && ratio < 1.08, `stroke width at ${share}: ${ratio} of the real one`);
    }
    const few = { images: real.images.subarray(0, 300 * 784), labels: real.labels.slice(0, 300) };
    const accuracy = nearestNeighbourAccuracy(train, few);
    assert(accuracy > 0.7, `nearest generated digits name ${accuracy} of the real ones`);
  },
});

Deno.test("`skeleton()` refuses what is not a digit", () => {
  assertThrows(() => skeleton(10, createRandom(0)), "Cannot draw digit 10: digits are 0 … 9");
});

Deno.test("`smoothCurve()` passes its anchors and keeps corners and straight lines", () => {
  const straight = smoothCurve([[0, 0], [1, 2]]);
  for (let i = 0; i < straight.length; i += 2) {
    assertAlmostEquals(straight[i + 1]!, 2 * straight[i]!, 1e-12);
  }
  const bent = smoothCurve([[0, 0], [1, 0, "corner"], [1, 1]]);
  for (let i = 0; i < bent.length; i += 2) {
    assert(Math.abs(bent[i + 1]!) < 1e-12 || Math.abs(bent[i]! - 1) < 1e-12, "left the two sides");
  }
  const anchors: [number, number][] = [[0, 0], [0.5, 0.1], [0.6, 0.6], [0.1, 1]];
  const curve = smoothCurve(anchors);
  for (const [x, y] of anchors) {
    const passes = curve.some((_, i) =>
      i % 2 === 0 && Math.hypot(curve[i]! - x, curve[i + 1]! - y) < 1e-9
    );
    assert(passes, `misses (${x}, ${y})`);
  }
});
