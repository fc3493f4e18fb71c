import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { CLASSIFIER, classify, crossEntropy } from "@course/evaluation/classifier.ts";
import { rescaleFeatures } from "@course/evaluation/classifier_weights.ts";
import { countParameters, initialise, toTensors } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";

const random = createRandom(1);
const params = initialise(CLASSIFIER, random);
const images = tf.tensor(normals(random, 3 * 784), [3, 28, 28, 1]);

Deno.test("`classify()` gives 64 features and 10 logits for every image, from 90 thousand numbers", () => {
  const { features, logits } = classify(toTensors(params), images);
  assertEquals(features.shape, [3, 64]);
  assertEquals(logits.shape, [3, 10]);
  assertEquals(countParameters(CLASSIFIER), 89_546);
});

Deno.test("`classify()` reads every image by itself", () => {
  const all = classify(toTensors(params), images).logits.dataSync();
  const second = classify(toTensors(params), tf.slice(images, [1], [1])).logits.dataSync();
  assertAllClose(second, all.slice(10, 20));
});

Deno.test("`classify()` refuses images of another size", () => {
  assertThrows(() => classify(toTensors(params), tf.zeros([1, 32, 32, 1])), "[any, 28, 28, 1]");
});

Deno.test("`crossEntropy()` is log 10 for equal logits and near 0 for certain right ones", () => {
  const target = tf.tensor([[0, 0, 1, 0, 0, 0, 0, 0, 0, 0]]);
  assertAlmostEquals(crossEntropy(tf.fill([1, 10], 7), target).dataSync()[0]!, Math.log(10), 1e-5);
  assertAlmostEquals(crossEntropy(tf.mul(target, 30), target).dataSync()[0]!, 0, 1e-5);
});

Deno.test("`crossEntropy()` is the mean over images of −Σ p log q", () => {
  const logits = tf.tensor([[Math.log(1), Math.log(3)], [Math.log(1), Math.log(1)]]);
  const targets = tf.tensor([[0.25, 0.75], [1, 0]]);
  const first = -(0.25 * Math.log(1 / 4) + 0.75 * Math.log(3 / 4)), second = Math.log(2);
  const loss = crossEntropy(logits, targets).dataSync()[0]!;
  assertAlmostEquals(loss, (first + second) / 2, 1e-6);
});

Deno.test("`rescaleFeatures()` changes the units of the features and nothing that is read", () => {
  const before = classify(toTensors(params), images);
  const after = classify(toTensors(rescaleFeatures(params, 9)), images);
  assertAllClose(after.features.dataSync(), tf.div(before.features, 3).dataSync(), 1e-5);
  assertAllClose(after.logits.dataSync(), before.logits.dataSync(), 1e-4);
  assert(before.features.dataSync().some((value) => value < 0), "features are before the ReLU");
});
