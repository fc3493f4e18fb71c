import "@tensorflow/tfjs-backend-cpu";
import { assertAllClose, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { guide, guidedVelocity, modelVelocity } from "../../lib/flow/mod.ts";
import { buildModel } from "../../lib/models/mod.ts";
import { initialise, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

await tf.setBackend("cpu");

const model = buildModel({
  kind: "dit",
  imageShape: [8, 8, 1],
  classes: 3,
  width: 16,
  depth: 1,
  heads: 2,
  zeroInit: false,
});
const params = toTensors(initialise(model.params, createRandom(1)));
// Larger class vectors, so that the two velocities differ clearly.
params["class_embedding.weight"] = tf.mul(params["class_embedding.weight"]!, 50);
const x = tf.randomNormal([2, 8, 8, 1], 0, 1, "float32", 1);
const t = tf.tensor1d([0.3, 0.8]);
const label = tf.tensor1d([0, 2], "int32");
const none = tf.tensor1d([3, 3], "int32");

for (const prediction of ["velocity", "data"] as const) {
  const predict = modelVelocity(model, { prediction });
  const guided = (scale: tf.Tensor) => {
    return guidedVelocity(model, { prediction })(params, { x, t, label, scale }).dataSync();
  };
  const conditional = predict(params, { x, t, label });
  const unconditional = predict(params, { x, t, label: none });

  Deno.test(`guidance of a ${prediction} prediction: scale 1 is the conditional velocity`, () => {
    assertAllClose(guided(tf.scalar(1)), conditional.dataSync(), 1e-5);
  });

  Deno.test(`guidance of a ${prediction} prediction: scale 0 is the unconditional velocity`, () => {
    assertAllClose(guided(tf.scalar(0)), unconditional.dataSync(), 1e-5);
  });

  Deno.test(`guidance of a ${prediction} prediction: scale 3 goes three times as far`, () => {
    const [c, u] = [conditional.dataSync(), unconditional.dataSync()];
    const expected = Array.from(c, (value, i) => u[i]! + 3 * (value - u[i]!));
    assertAllClose(guided(tf.scalar(3)), expected, 1e-4);
  });
}

Deno.test("`guide()` takes one scale for all or one for each image", () => {
  const conditional = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const unconditional = tf.tensor2d([0, 0, 1, 1], [2, 2]);
  assertEquals([...guide(conditional, unconditional, tf.scalar(2)).dataSync()], [2, 4, 5, 7]);
  assertEquals([...guide(conditional, unconditional, tf.tensor1d([0, 10])).dataSync()], [
    0,
    0,
    21,
    31,
  ]);
});

Deno.test("`guidedVelocity()` refuses a model that has no classes", () => {
  const unconditional = buildModel({ kind: "dit", preset: "nano", imageShape: [28, 28, 1] });
  assertThrows(() => guidedVelocity(unconditional), "it has no classes to follow");
});
