import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Callback, Exercise } from "../../exercise.ts";
import { normal } from "./values.ts";

type Layer = (weights: tf.Tensor, x: tf.Tensor) => tf.Tensor;
type Differentiate = (
  f: (weights: tf.Tensor) => tf.Tensor,
  weights: tf.Tensor,
) => { value: tf.Tensor; grad: tf.Tensor };
type Given = [
  differentiate: Differentiate,
  layer: Layer,
  weights: tf.Tensor,
  average: tf.Tensor,
  noisier: tf.Tensor,
  cleaner: tf.Tensor,
];

const layer: Callback = { callback: "bentTokens" };
const differentiate: Callback = { callback: "centralDifferences" };
const weights = normal([3, 4], 111), average = normal([3, 4], 112);
const noisier = normal([2, 5, 3], 113), cleaner = normal([2, 5, 3], 114);
/** One token of two numbers, as a layer that hardly bends sees it. */
const eye = float32([2, 2], [1, 0, 0, 1]);

/** Exercise 6.5. */
export const alignmentStepExercise: Exercise = {
  id: "6.5",
  name: "alignmentStep",
  title: "Learning from a teacher",
  difficulty: 4,
  importance: 3,
  minutes: 15,
  hints: [
    "First what the teacher says, outside of the function that is differentiated: `layer(average, cleaner)`. What was " +
    "computed there stays as it is.",
    "Then `differentiate((own) => …, weights)`. Inside, the student says `layer(own, noisier)`.",
    "The cosine needs three sums over the last axis, `tf.sum(…, 2)`: of products, of squares of the one, and of the other.",
  ],
  checks: [
    {
      name: "student and teacher say the same: loss 0, and nothing to learn",
      args: [
        differentiate,
        layer,
        eye,
        eye,
        float32([1, 1, 2], [0.3, 0.4]),
        float32([1, 1, 2], [0.3, 0.4]),
      ],
      expected: () => ({ loss: float32([], [0]), gradient: float32([2, 2], [0, 0, 0, 0]) }),
      tolerance: 2e-3,
    },
    {
      name: "at a right angle: loss 1",
      args: [
        differentiate,
        layer,
        eye,
        eye,
        float32([1, 1, 2], [0.5, 0]),
        float32([1, 1, 2], [0, 2]),
      ],
      expected: () => byHand(eye, eye, float32([1, 1, 2], [0.5, 0]), float32([1, 1, 2], [0, 2])),
      tolerance: 2e-3,
    },
    {
      name: "only directions count, not lengths: one token ten times as long",
      args: [
        differentiate,
        layer,
        eye,
        eye,
        float32([1, 2, 2], [0.01, 0.02, 0.02, -0.01]),
        float32([1, 2, 2], [0.1, 0.1, 0.002, 0.002]),
      ],
      expected: () =>
        byHand(
          eye,
          eye,
          float32([1, 2, 2], [0.01, 0.02, 0.02, -0.01]),
          float32([1, 2, 2], [0.1, 0.1, 0.002, 0.002]),
        ),
      tolerance: 2e-3,
    },
    {
      name: "two pictures of five tokens; the gradient against finite differences",
      args: [differentiate, layer, weights, average, noisier, cleaner],
      expected: () => byHand(weights, average, noisier, cleaner),
      tolerance: 2e-3,
    },
    {
      name: "a teacher with the student's own weights is still a fixed target",
      args: [differentiate, layer, weights, weights, noisier, cleaner],
      expected: () => byHand(weights, weights, noisier, cleaner),
      tolerance: 2e-3,
    },
  ],
  bugs: [
    {
      name: "gradient through the teacher",
      says:
        "The teacher seems to have the student's weights, and the gradient goes through it too: student and teacher could " +
        "then agree on saying nothing at all.",
      wrong: (...[differentiate, layer, weights, , noisier, cleaner]: Given) =>
        step(
          differentiate,
          weights,
          (own) => disagreement(layer(own, noisier), layer(own, cleaner)),
        ),
    },
    {
      name: "the teacher sees the noisier",
      says: "The teacher sees what the student sees: then there is nothing to be learned from it.",
      wrong: (...[differentiate, layer, weights, average, noisier]: Given) =>
        taughtBy(differentiate, layer(average, noisier), layer, weights, noisier),
    },
    {
      name: "roles exchanged",
      says: "The student sees the cleaner picture and the teacher the noisier one: exchange them.",
      wrong: (...[differentiate, layer, weights, average, noisier, cleaner]: Given) =>
        taughtBy(differentiate, layer(average, noisier), layer, weights, cleaner),
    },
    {
      name: "sign",
      says:
        "The loss is the cosine itself: it is 1 where both agree, and learning would drive them apart.",
      wrong: (...[differentiate, layer, weights, average, noisier, cleaner]: Given) => {
        const taught = layer(average, cleaner);
        return step(differentiate, weights, (own) => tf.mean(cosine(layer(own, noisier), taught)));
      },
    },
    {
      name: "lengths count",
      says:
        "This is 1 − the product of both, without the lengths: a token could lower the loss by growing. A cosine is divided " +
        "by both lengths.",
      wrong: (...[differentiate, layer, weights, average, noisier, cleaner]: Given) => {
        const taught = layer(average, cleaner);
        return step(
          differentiate,
          weights,
          (own) => tf.mean(tf.sub(1, tf.sum(tf.mul(layer(own, noisier), taught), 2))),
        );
      },
    },
    {
      name: "one cosine for all",
      says:
        "There is one cosine for everything. Each token has its own, and the mean is over tokens.",
      wrong: (...[differentiate, layer, weights, average, noisier, cleaner]: Given) => {
        const taught = tf.reshape(layer(average, cleaner), [1, 1, -1]);
        return step(
          differentiate,
          weights,
          (own) => disagreement(tf.reshape(layer(own, noisier), [1, 1, -1]), taught),
        );
      },
    },
    {
      name: "sum over tokens",
      says: "The loss is a sum over tokens: it should be their mean.",
      wrong: (...[differentiate, layer, weights, average, noisier, cleaner]: Given) => {
        const taught = layer(average, cleaner);
        return step(
          differentiate,
          weights,
          (own) => tf.sum(tf.sub(1, cosine(layer(own, noisier), taught))),
        );
      },
    },
  ],
};

function step(
  differentiate: Differentiate,
  weights: tf.Tensor,
  loss: (own: tf.Tensor) => tf.Tensor,
) {
  const { value, grad } = differentiate(loss, weights);
  return { loss: value, gradient: grad };
}

function taughtBy(
  differentiate: Differentiate,
  taught: tf.Tensor,
  layer: Layer,
  weights: tf.Tensor,
  x: tf.Tensor,
) {
  return step(differentiate, weights, (own) => disagreement(layer(own, x), taught));
}

function disagreement(said: tf.Tensor, taught: tf.Tensor): tf.Tensor {
  return tf.mean(tf.sub(1, cosine(said, taught)));
}

function cosine(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const squares = tf.mul(tf.sum(tf.square(a), 2), tf.sum(tf.square(b), 2));
  return tf.div(tf.sum(tf.mul(a, b), 2), tf.sqrt(squares));
}

/** The same in plain numbers: the gradient by finite differences of the student's weights. */
function byHand(
  weights: HostTensor,
  average: HostTensor,
  noisier: HostTensor,
  cleaner: HostTensor,
): { loss: HostTensor; gradient: HostTensor } {
  const numbers = Array.from(weights.data as Float32Array, Number);
  const taught = said(Array.from(average.data as Float32Array, Number), weights.shape, cleaner);
  const lossOf = (own: readonly number[]) => {
    const tokens = said(own, weights.shape, noisier);
    const sum = tokens.reduce((sum, token, i) => sum + 1 - cosineOf(token, taught[i]!), 0);
    return sum / tokens.length;
  };
  const nudge = 1e-5;
  const gradient = numbers.map((_, i) => {
    const [up, down] = [nudge, -nudge].map((by) =>
      lossOf(numbers.map((value, j) => j === i ? value + by : value))
    );
    return (up! - down!) / (2 * nudge);
  });
  return { loss: float32([], [lossOf(numbers)]), gradient: float32(weights.shape, gradient) };
}

/** Tokens of tanh(x · weights), one list each. */
function said(weights: readonly number[], shape: readonly number[], x: HostTensor): number[][] {
  const [channels, width] = shape as [number, number];
  return Array.from(
    { length: x.data.length / channels },
    (_, token) =>
      Array.from({ length: width }, (_, d) => {
        let sum = 0;
        for (let c = 0; c < channels; c++) {
          sum += x.data[token * channels + c]! * weights[c * width + d]!;
        }
        return Math.tanh(sum);
      }),
  );
}

function cosineOf(a: readonly number[], b: readonly number[]): number {
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
