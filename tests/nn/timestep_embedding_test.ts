import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAllClose, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { timestepEmbedding } from "../../lib/nn/mod.ts";

await tf.setBackend("cpu");

Deno.test("`timestepEmbedding()` is cosines, then sines, of falling frequencies", () => {
  const embedded = timestepEmbedding(tf.tensor1d([0, 0.5, 1]), 8);
  assertEquals(embedded.shape, [3, 8]);
  const expected = [0, 500, 1000].flatMap((step) => {
    const angles = [1, 0.1, 0.01, 0.001].map((frequency) => step * frequency);
    return [...angles.map(Math.cos), ...angles.map(Math.sin)];
  });
  assertAllClose(embedded.dataSync(), expected, 1e-4);
});

Deno.test("`timestepEmbedding()` takes another scale and longest period", () => {
  const embedded = timestepEmbedding(tf.tensor1d([0.25]), 4, { scale: 2, maxPeriod: 100 });
  const expected = [Math.cos(0.5), Math.cos(0.05), Math.sin(0.5), Math.sin(0.05)];
  assertAllClose(embedded.dataSync(), expected, 1e-6);
});

Deno.test("noise levels 0.01 apart differ much with scale 1000 and hardly with scale 1", () => {
  const distance = (scale: number) => {
    const [a, b] = timestepEmbedding(tf.tensor1d([0.5, 0.51]), 64, { scale })
      .arraySync() as number[][];
    return Math.hypot(...a!.map((value, i) => value - b![i]!));
  };
  assert(distance(1000) > 2, `scale 1000: ${distance(1000)}`);
  assert(distance(1) < 0.05, `scale 1: ${distance(1)}`);
});

Deno.test("`timestepEmbedding()` refuses odd dimensions and t that is no list", () => {
  assertThrows(() => timestepEmbedding(tf.zeros([2]), 5), "dimension 5 is not a positive even");
  assertThrows(() => timestepEmbedding(tf.zeros([2, 1]), 4), "shape [2, 1], expected [B]");
});
