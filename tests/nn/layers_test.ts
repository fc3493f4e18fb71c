import "@tensorflow/tfjs-backend-cpu";
import { assertAllClose, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  conv2d,
  conv2dSpecs,
  embedding,
  embeddingSpecs,
  groupNorm,
  initialise,
  layerNorm,
  linear,
  linearSpecs,
  normSpecs,
  type ParamSpecs,
  toTensors,
  upsampleNearest,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { float32, type HostRecord } from "../../lib/tensors.ts";

await tf.setBackend("cpu");

function tensors(specs: ParamSpecs, values: HostRecord = {}) {
  return toTensors({ ...initialise(specs, createRandom(1)), ...values });
}

Deno.test("`linear()` multiplies the last axis by [in, out] and adds the bias", () => {
  const params = tensors(linearSpecs("layer", 2, 3), {
    "layer.weight": float32([2, 3], [1, 2, 3, 4, 5, 6]),
    "layer.bias": float32([3], [10, 20, 30]),
  });
  const x = tf.tensor3d([1, 0, 0, 1, 1, 1, 2, -1], [2, 2, 2]);
  const y = linear(params, "layer", x);
  assertEquals(y.shape, [2, 2, 3]);
  assertEquals([...y.dataSync()], [11, 22, 33, 14, 25, 36, 15, 27, 39, 8, 19, 30]);
});

Deno.test("`linear()` without bias has one parameter", () => {
  const specs = linearSpecs("layer", 2, 1, { bias: false });
  assertEquals(Object.keys(specs), ["layer.weight"]);
  const params = tensors(specs, { "layer.weight": float32([2, 1], [2, 3]) });
  assertEquals([...linear(params, "layer", tf.tensor1d([1, 1])).dataSync()], [5]);
});

Deno.test("`linear()` says which layer got the wrong number of features", () => {
  const params = tensors(linearSpecs("blocks.0.mlp.0", 2, 3));
  assertThrows(
    () => linear(params, "blocks.0.mlp.0", tf.zeros([4, 5])),
    "Cannot apply blocks.0.mlp.0: input [4, 5] has 5 features, the weight takes 2",
  );
});

Deno.test("`conv2d()` with stride 2 pads every side, so that windows start one pixel outside", () => {
  const params = tensors(conv2dSpecs("conv", 1, 1), {
    "conv.weight": float32([3, 3, 1, 1], [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    "conv.bias": float32([1], [100]),
  });
  // The weight picks each window's upper left pixel.
  const x = tf.tensor4d(Array.from({ length: 16 }, (_, i) => i + 1), [1, 4, 4, 1]);
  const y = conv2d(params, "conv", x, { stride: 2 });
  assertEquals(y.shape, [1, 2, 2, 1]);
  assertEquals([...y.dataSync()], [100, 100, 100, 106]);
});

Deno.test("`conv2d()` keeps height and width at stride 1, for every odd kernel", () => {
  for (const kernel of [1, 3, 5]) {
    const params = tensors(conv2dSpecs("conv", 2, 4, { kernel, bias: false }));
    assertEquals(conv2d(params, "conv", tf.zeros([1, 6, 7, 2])).shape, [1, 6, 7, 4]);
  }
});

Deno.test("`conv2d()` says which layer got the wrong channels", () => {
  const params = tensors(conv2dSpecs("down.0.conv1", 2, 4));
  assertThrows(
    () => conv2d(params, "down.0.conv1", tf.zeros([1, 4, 4, 3])),
    "Cannot apply down.0.conv1: input has shape [1, 4, 4, 3], expected [B, H, W, 2]",
  );
});

Deno.test("`upsampleNearest()` repeats every pixel of every image, channels together", () => {
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const y = upsampleNearest(x, 2);
  assertEquals([...y.dataSync()], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  for (const factor of [1, 2, 3]) {
    const images = tf.randomNormal<tf.Rank.R4>([2, 3, 4, 5], 0, 1, "float32", 1);
    const resized = tf.image.resizeNearestNeighbor(images, [3 * factor, 4 * factor]);
    const repeated = upsampleNearest(images, factor);
    assertEquals(repeated.shape, resized.shape);
    assertEquals(repeated.dataSync(), resized.dataSync());
  }
});

Deno.test("`embedding()` picks rows of the table", () => {
  const params = tensors(embeddingSpecs("table", 3, 2), {
    "table.weight": float32([3, 2], [0, 1, 10, 11, 20, 21]),
  });
  const y = embedding(params, "table", tf.tensor1d([2, 0, 2], "int32"));
  assertEquals([y.shape, [...y.dataSync()]], [[3, 2], [20, 21, 0, 1, 20, 21]]);
  assertThrows(
    () => embedding(params, "table", tf.tensor1d([1])),
    "indices are float32, expected int32",
  );
});

Deno.test("`layerNorm()` makes mean and deviation of the last axis what its parameters say", () => {
  const params = tensors(normSpecs("norm", 4), {
    "norm.weight": float32([4], [2, 2, 2, 2]),
    "norm.bias": float32([4], [1, 1, 1, 1]),
  });
  const y = layerNorm(params, "norm", tf.tensor2d([[1, 2, 3, 4], [-10, 0, 0, 10]]));
  const s = Math.sqrt(1.25), r = Math.sqrt(50);
  const expected = [-1.5, -0.5, 0.5, 1.5].map((z) => 1 + 2 * z / s)
    .concat([-10, 0, 0, 10].map((z) => 1 + 2 * z / r));
  assertAllClose(y.dataSync(), expected, 1e-4);
});

Deno.test("`groupNorm()` normalises each image over space and the channels of a group", () => {
  const params = tensors(normSpecs("norm", 4), { "norm.bias": float32([4], [0, 0, 5, 5]) });
  const x = tf.tensor4d([1, 3, 10, 10, 1, 3, 30, 30], [1, 1, 2, 4]);
  const y = groupNorm(params, "norm", x, { groups: 2 });
  assertAllClose(y.dataSync(), [-1, 1, 4, 4, -1, 1, 6, 6], 1e-4);
});
