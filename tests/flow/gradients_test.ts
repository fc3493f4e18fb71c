// tfjs-core alone knows no gradients; the whole package registers them.
import "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { flowLoss, withSketchLoss } from "../../lib/flow/mod.ts";
import { buildModel, type ModelConfig } from "../../lib/models/mod.ts";
import { initialise, normal, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import type { TensorRecord } from "../../lib/tensors.ts";

await tf.setBackend("cpu");

const CONFIGS: Record<string, ModelConfig> = {
  dit: { kind: "dit", imageShape: [8, 8, 1], classes: 2, width: 8, depth: 1, heads: 2 },
  "dit without gates": {
    kind: "dit",
    imageShape: [8, 8, 1],
    classes: 2,
    width: 8,
    depth: 1,
    heads: 2,
    gates: false,
  },
  "dit with words and a sketch": {
    kind: "dit",
    imageShape: [8, 8, 1],
    text: { length: 3, width: 6 },
    sketch: 3,
    width: 8,
    depth: 1,
    heads: 2,
  },
  unet: { kind: "unet", imageShape: [8, 4, 1], classes: 2, width: 4, groups: 2 },
};

for (const [name, config] of Object.entries(CONFIGS)) {
  for (const prediction of ["velocity", "data"] as const) {
    Deno.test(`gradients of ${name}'s ${prediction} loss are its finite differences`, () => {
      tf.tidy(() => {
        const model = buildModel(config);
        // Random numbers everywhere, since zeros hide gradients.
        const specs = Object.fromEntries(
          Object.entries(model.params).map(([key, spec]) => [key, { ...spec, init: normal(0.2) }]),
        );
        const params = toTensors(initialise(specs, createRandom(1)));
        const batch = {
          x0: tf.randomNormal([2, ...config.imageShape], 0, 1, "float32", 1),
          x1: tf.randomNormal([2, ...config.imageShape], 0, 1, "float32", 2),
          t: tf.tensor1d([0.6, 0.9]),
          label: tf.tensor1d([0, 2], "int32"),
          // The first prompt has two words, the second was dropped.
          "text.pooled": tf.div(tf.randomNormal([2, 512], 0, 1, "float32", 3), Math.sqrt(512)),
          "text.tokens": tf.randomNormal([2, 3, 6], 0, 1, "float32", 4),
          "text.mask": tf.tensor2d([[1, 1, 0], [1, 0, 0]]),
          "text.keep": tf.tensor1d([1, 0]),
        };
        const loss = withSketchLoss(flowLoss(model, { prediction }), model, model.sketch ? 0.5 : 0);
        checkGradients((values) => loss(values, batch), params);
      });
    });
  }
}

/** Along the gradient of each parameter, the loss must rise as steeply as that gradient is long. */
function checkGradients(loss: (params: TensorRecord) => tf.Scalar, params: TensorRecord): void {
  const names = Object.keys(params);
  const record = (values: tf.Tensor[]) => Object.fromEntries(names.map((n, i) => [n, values[i]!]));
  const gradients = record(
    tf.grads((...values: tf.Tensor[]) => loss(record(values)))(names.map((n) => params[n]!)),
  );
  const lossAt = (values: TensorRecord) => loss(values).dataSync()[0]!;
  for (const name of names) {
    const gradient = gradients[name]!;
    assert(gradient.shape.join() === params[name]!.shape.join(), `shape of ${name}`);
    const length = tf.norm(gradient).dataSync()[0]!;
    if (length < 1e-3) continue; // Too flat for differences in float32.
    const step = 1e-2;
    const move = tf.mul(gradient, step / length);
    const rise = lossAt({ ...params, [name]: tf.add(params[name]!, move) }) -
      lossAt({ ...params, [name]: tf.sub(params[name]!, move) });
    const slope = rise / (2 * step);
    assertAlmostEquals(slope / length, 1, 0.02 + 3e-4 / length);
  }
}
