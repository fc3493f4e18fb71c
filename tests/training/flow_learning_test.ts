// tfjs-core alone knows no gradients; the whole package registers them.
import "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { buildModel, type DiTConfig } from "@course/models/mod.ts";
import { flowLearning } from "@course/training/flow_learning.ts";
import type { TensorRecord } from "@course/tensors.ts";
import { base } from "../../configs/base.ts";
import { randomParams } from "../models/random_params.ts";

await tf.setBackend("cpu");

const config: DiTConfig = {
  kind: "dit",
  imageShape: [4, 4, 1],
  width: 8,
  depth: 1,
  heads: 2,
  patch: 2,
  text: { length: 0, width: 0 },
  crossAttention: false,
  sketch: 3,
};
const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);
const batch = {
  x0: normal([2, 4, 4, 1], 1),
  x1: normal([2, 4, 4, 1], 2),
  t: tf.tensor1d([0.3, 0.9]),
  "text.pooled": tf.div(normal([2, 512], 3), Math.sqrt(512)),
  "text.keep": tf.tensor1d([1, 0]),
};

/** The loss, and its gradient for the picture that a sketch makes. */
function learn(sketchWeight: number) {
  const model = buildModel(config), params = randomParams(model.params, 0.2);
  const objective = { ...base.objective, prediction: "velocity" as const, sketchWeight };
  const { loss } = flowLearning(model, { ...base, objective, batchSize: 2 });
  const names = Object.keys(params);
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])), batch as TensorRecord, {})
  )(names.map((name) => params[name]!));
  const gradient = grads[names.indexOf("sketch.picture.bias")]!;
  const text = { pooled: batch["text.pooled"], keep: batch["text.keep"] };
  const { draw, picture } = model.sketch!;
  const sketched = tf.sub(picture(params, draw(params, text)), batch.x0);
  return {
    loss: value.dataSync()[0]!,
    gradient: [...gradient.dataSync()],
    error: tf.mean(tf.square(sketched)).dataSync()[0]!,
    // Each of the four numbers of a patch comes in every patch: twice its mean error over all pixels.
    expected: [
      ...tf.mul(
        tf.sum(
          tf.reshape(tf.transpose(tf.reshape(sketched, [2, 2, 2, 2, 2, 1]), [0, 1, 3, 2, 4, 5]), [
            8,
            4,
          ]),
          0,
        ),
        2 / 32,
      ).dataSync(),
    ],
  };
}

Deno.test("the sketch's own loss is added with its weight, and teaches its picture", () => {
  const without = learn(0), half = learn(0.5);
  assertAlmostEquals(half.loss, without.loss + 0.5 * half.error, 1e-5);
  assert(without.gradient.every((value) => value === 0));
  half.gradient.forEach((value, i) => assertAlmostEquals(value, 0.5 * half.expected[i]!, 1e-5));
});

Deno.test("a weight for a sketch that is not there is refused", () => {
  const model = buildModel({ ...config, sketch: 0 });
  const objective = { ...base.objective, sketchWeight: 0.5 };
  assertThrows(() => flowLearning(model, { ...base, objective }), "has no sketch that could learn");
});
