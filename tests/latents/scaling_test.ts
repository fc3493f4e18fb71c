import {
  collectStatistics,
  compareImages,
  psnrOf,
  scaleLatents,
  scalingFrom,
  unscaleLatents,
} from "@course/latents/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assertAllClose, assertEquals, assertThrows } from "@std/assert";

await tf.setBackend("cpu");

/** Two channels: mean 3 and deviation 2; mean −1 and deviation 0.5. */
function latents(count: number): Float32Array<ArrayBuffer> {
  const values = normals(createRandom(4), 2 * count);
  return values.map((value, i) => i % 2 === 0 ? 3 + 2 * value : -1 + 0.5 * value);
}

Deno.test("statistics of latents are those that they were drawn with, piece by piece", () => {
  const statistics = collectStatistics(2), values = latents(50_000);
  statistics.add(values.subarray(0, 30_000), 3);
  statistics.add(values.subarray(30_000), 7);
  const { images, mean, deviation, overall } = statistics.result();
  assertEquals(images, 10);
  assertAllClose(mean, [3, -1], 0.02);
  assertAllClose(deviation, [2, 0.5], 0.02);
  assertAllClose([overall], [Math.sqrt((4 + 0.25) / 2)], 0.02);
});

Deno.test("scaled latents have zero mean and unit variance, and come back", () => {
  const statistics = collectStatistics(2), values = latents(20_000);
  statistics.add(values, 1);
  const scaling = scalingFrom(statistics.result());
  const scaled = scaleLatents(tf.tensor(values, [1, 100, 200, 2]), scaling);
  const { mean, variance } = tf.moments(scaled, [0, 1, 2]);
  assertAllClose(mean.dataSync(), [0, 0], 1e-4);
  // One scale for all channels: their proportion of 4 stays.
  assertAllClose([tf.mean(variance).dataSync()[0]!], [1], 1e-3);
  const [first, second] = variance.dataSync();
  assertAllClose([first! / second!], [16], 0.5);
  assertAllClose(unscaleLatents(scaled, scaling).dataSync(), values, 1e-5);
});

Deno.test("latents that do not vary cannot be scaled", () => {
  const statistics = collectStatistics(1);
  statistics.add([2, 2, 2], 3);
  assertThrows(() => scalingFrom(statistics.result()), "standard deviation of 0");
});

Deno.test("PSNR is that of the definition: a tenth of the range off everywhere is 20 dB", () => {
  assertAllClose([psnrOf(0.2 ** 2)], [20], 1e-9);
  const originals = new Float32Array(8),
    images = Float32Array.from([0.2, 0.2, 0.2, 0.2, 0, 0, 0, 0.04]);
  const { errors, psnr, psnrOfMeanError } = compareImages(originals, images, 4);
  assertAllClose(errors, [0.04, 0.0004], 1e-6);
  assertAllClose([psnr], [30], 1e-4);
  assertAllClose([psnrOfMeanError], [10 * Math.log10(4 / 0.0202)], 1e-4);
});
