import "@tensorflow/tfjs-backend-cpu";
import { assertAllClose, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  dropLabels,
  flowErrors,
  flowLoss,
  flowTokenErrors,
  modelVelocity,
  type Prediction,
} from "../../lib/flow/mod.ts";
import { buildModel, type Model, type ModelInputs, patchify } from "../../lib/models/mod.ts";
import { initialise, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

await tf.setBackend("cpu");

/** Multiplies its input by one learned number: everything about it can be worked out by hand. */
const scaling: Model = {
  name: "scaling",
  params: {},
  imageShape: [1, 2, 1],
  classes: 0,
  apply: ({ a }, { x }) => tf.mul(a!, x),
};

const batch = {
  x0: tf.tensor4d([1, 2, 3, 4], [2, 1, 2, 1]),
  x1: tf.tensor4d([0, -1, 1, 2], [2, 1, 2, 1]),
  t: tf.tensor1d([0.5, 0.25]),
};
// x_t by hand: [0.5, 0.5], [2.5, 3.5]; v = [−1, −3], [−2, −2].

Deno.test("`flowErrors()` is each example's mean squared distance from x1 − x0", () => {
  const errors = flowErrors(scaling)({ a: tf.scalar(2) }, batch);
  const expected = [((1 + 1) ** 2 + (1 + 3) ** 2) / 2, ((5 + 2) ** 2 + (7 + 2) ** 2) / 2];
  assertAllClose(errors.dataSync(), expected, 1e-6);
});

Deno.test("`flowLoss()` is the mean of the errors", () => {
  const loss = flowLoss(scaling)({ a: tf.scalar(2) }, batch);
  assertEquals(loss.shape, []);
  assertAlmostEquals(loss.dataSync()[0]!, (10 + 65) / 2, 1e-4);
});

Deno.test("a model that knows the velocity has no loss", () => {
  const knowing = { ...scaling, apply: () => tf.sub(batch.x1, batch.x0) };
  assertEquals(flowLoss(knowing)({}, batch).dataSync()[0], 0);
  const knowingData = { ...scaling, apply: () => batch.x0 };
  assertEquals(flowLoss(knowingData, { prediction: "data" })({}, batch).dataSync()[0], 0);
});

Deno.test("the loss of a data prediction is that of its velocity where t ≥ 0.05", () => {
  const t = tf.tensor1d([0.05, 0.9]);
  const asVelocity: Model = {
    ...scaling,
    apply: (params, inputs) => modelVelocity(scaling, { prediction: "data" })(params, inputs),
  };
  const params = { a: tf.scalar(0.7) };
  assertAllClose(
    flowErrors(scaling, { prediction: "data" })(params, { ...batch, t }).dataSync(),
    flowErrors(asVelocity)(params, { ...batch, t }).dataSync(),
    1e-4,
  );
});

Deno.test("below t = 0.05 the error of a data prediction is weighted as at 0.05", () => {
  const t = tf.tensor1d([0, 0.01]);
  const constant = { ...scaling, apply: () => tf.zeros([2, 1, 2, 1]) };
  const errors = flowErrors(constant, { prediction: "data" })({}, { ...batch, t });
  assertAllClose(errors.dataSync(), [(1 + 4) / 2 / 0.05 ** 2, (9 + 16) / 2 / 0.05 ** 2], 1e-4);
});

Deno.test("a model without classes ignores the labels of a batch", () => {
  const model = buildModel({ kind: "unet", imageShape: [4, 4, 1], width: 8 });
  const params = toTensors(initialise(model.params, createRandom(1)));
  const images = { x0: tf.zeros([2, 4, 4, 1]), x1: tf.ones([2, 4, 4, 1]), t: batch.t };
  const errors = flowErrors(model)(params, { ...images, label: tf.tensor1d([0, 1], "int32") });
  // A fresh model predicts zero, and the velocity is one everywhere.
  assertAllClose(errors.dataSync(), [1, 1], 1e-6);
});

Deno.test("`flowLoss()` says what a batch lacks, and which predictions there are", () => {
  const { t: _, ...without } = batch;
  assertThrows(
    () => flowLoss(scaling)({}, without),
    "Batch lacks t: it holds x0, x1, expected x0, x1, t",
  );
  assertThrows(
    () => flowLoss(scaling, { prediction: "noise" as Prediction }),
    'Unknown prediction "noise": choose one of velocity, data',
  );
});

Deno.test("`dropLabels()` replaces the wanted share by the null class and keeps the rest", () => {
  const labels = Int32Array.from({ length: 10_000 }, (_, i) => i % 10);
  const dropped = dropLabels(labels, 0.1, 10, createRandom(1));
  const nulls = dropped.filter((label) => label === 10).length;
  assertAlmostEquals(nulls / 10_000, 0.1, 0.01);
  dropped.forEach((label, i) => label === 10 || assertEquals(label, labels[i]));
  assertEquals(labels[0], 0);
  assertEquals(dropLabels(labels, 0, 10, createRandom(1)), labels);
  assertEquals(new Set(dropLabels(labels, 1, 10, createRandom(1))), new Set([10]));
});

Deno.test("`dropLabels()` refuses impossible probabilities and labels", () => {
  assertThrows(() => dropLabels([1], 1.5, 10, createRandom(1)), "probability 1.5: expected 0 … 1");
  assertThrows(() => dropLabels([11], 0, 10, createRandom(1)), "Label 11 is not a class");
});

/** Four tokens of 2×2 pixels; remembers what it is shown and answers with zeros. */
function watched(shown: ModelInputs[]): Model {
  const tokens = {
    ...buildModel({
      kind: "dit",
      imageShape: [4, 4, 1],
      width: 8,
      depth: 1,
      heads: 1,
      patch: 2,
    }).tokens!,
  };
  const apply: Model["apply"] = (_, inputs) => {
    shown.push(inputs);
    return tf.zerosLike(inputs.x);
  };
  return { name: "watched", params: {}, imageShape: [4, 4, 1], classes: 0, tokens, apply };
}

const tokenBatch = {
  x0: tf.randomNormal([2, 4, 4, 1], 0, 1, "float32", 5),
  x1: tf.randomNormal([2, 4, 4, 1], 0, 1, "float32", 6),
  t: tf.tensor2d([0, 0.25, 0.5, 1, 0.1, 0.1, 0.9, 0.9], [2, 4]),
};

Deno.test("with a noise level per token, each patch is mixed with its own", () => {
  const shown: ModelInputs[] = [];
  flowErrors(watched(shown))({}, tokenBatch);
  const [x0, x1, x] = [tokenBatch.x0, tokenBatch.x1, shown[0]!.x].map((image) =>
    patchify(image, 2)
  );
  const level = tf.reshape(tokenBatch.t, [2, 4, 1]);
  const mixed = tf.add(tf.mul(tf.sub(1, level), x0!), tf.mul(level, x1!));
  assertAllClose(x!.dataSync(), mixed.dataSync(), 1e-6);
  assertEquals(shown[0]!.t, tokenBatch.t);
});

Deno.test("the same level for every token has the error of that level for the image, exactly", () => {
  for (const prediction of ["velocity", "data"] as const) {
    const levels = [
      tf.tensor1d([0.02, 0.7]),
      tf.tensor2d([0.02, 0.7].flatMap((t) => [t, t, t, t]), [2, 4]),
    ];
    const [perImage, perToken] = levels.map((t) =>
      flowErrors(watched([]), { prediction })({}, { ...tokenBatch, t }).dataSync()
    );
    assertEquals(perToken, perImage);
  }
});

Deno.test("`flowTokenErrors()` divides the error of each token by its own level", () => {
  const errors = flowTokenErrors(watched([]), { prediction: "data" })({}, tokenBatch);
  const data = tf.mean(tf.square(patchify(tokenBatch.x0, 2)), 2).dataSync();
  const expected = [...tokenBatch.t.dataSync()].map((t, i) => data[i]! / Math.max(t, 0.05) ** 2);
  assertEquals(errors.shape, [2, 4]);
  const close = errors.dataSync().map((value, i) => value / expected[i]!);
  assertAllClose(close, expected.map(() => 1), 1e-5);
  const mean = flowErrors(watched([]), { prediction: "data" })({}, tokenBatch);
  assertAllClose(tf.mean(errors, 1).dataSync(), mean.dataSync(), 1e-3);
});

Deno.test("noise levels of tokens need a model of tokens", () => {
  assertThrows(
    () => flowErrors(scaling)({ a: tf.scalar(1) }, { ...batch, t: tf.zeros([2, 2]) }),
    "Noise levels of single tokens need a model of tokens",
  );
});
