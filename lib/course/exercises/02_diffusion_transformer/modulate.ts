import * as tf from "@tensorflow/tfjs-core";
import { layerNorm } from "../../../engine/ops/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";
import { answer, greatestDifference, normal } from "./values.ts";

const tokens = normal([3, 5, 8], 1), shift = normal([3, 8], 2), scale = normal([3, 8], 3);
const nothing = float32([3, 8]);

/** Exercise 2.5. */
export const modulateExercise: Exercise = {
  id: "2.5",
  name: "modulate",
  title: "The condition turns the knobs",
  difficulty: 2,
  importance: 5,
  minutes: 12,
  hints: [
    "First normalise: `tf.mean(tokens, -1, true)` is the mean over the features of each token; `true` keeps the " +
    "axis, so that it can be subtracted. The variance is the mean of the squares of what is left.",
    "shift and scale are [B, D], tokens [B, N, D]. Shapes are lined up from the right, so [B, D] would be spread " +
    "over the wrong axis. Give them the shape [B, 1, D].",
    "`const perImage = (vector: tf.Tensor) => tf.reshape(vector, [batch, 1, width])`, " +
    "and then `tf.add(tf.mul(tf.add(1, perImage(scale)), normalised), perImage(shift))`.",
  ],
  checks: [
    {
      name: "the token [1, 3] has mean 2 and deviation 1: it becomes [−1, 1]",
      args: [float32([1, 1, 2], [1, 3]), float32([1, 2], [0, 0]), float32([1, 2], [0, 0])],
      expected: () => float32([1, 1, 2], [-1, 1]),
    },
    {
      name: "scale [1, 0] doubles the first feature, shift [0, 10] lifts the second",
      args: [float32([1, 1, 2], [1, 3]), float32([1, 2], [0, 10]), float32([1, 2], [1, 0])],
      expected: () => float32([1, 1, 2], [-2, 11]),
    },
    {
      name: "two images of two tokens: each image has its own shift",
      args: [
        float32([2, 2, 2], [1, 3, 3, 1, 1, 3, 3, 1]),
        float32([2, 2], [0, 0, 5, 5]),
        float32([2, 2]),
      ],
      expected: () => float32([2, 2, 2], [-1, 1, 1, -1, 4, 6, 6, 4]),
    },
    {
      name: "a token whose features are all equal becomes the shift, not NaN",
      args: [float32([1, 1, 2], [7, 7]), float32([1, 2], [2, -3]), float32([1, 2], [1, 1])],
      expected: () => float32([1, 1, 2], [2, -3]),
    },
    {
      name: "three images of five tokens: [3, 5, 8]",
      args: [tokens, shift, scale],
      expected: () =>
        answer(
          (x, shift, scale) =>
            layerNorm(x!, {
              scale: tf.add(1, tf.expandDims(scale!, 1)),
              shift: tf.expandDims(shift!, 1),
            }),
          tokens,
          shift,
          scale,
        ),
    },
    {
      name: "loud tokens come out as quiet ones: 10 · x + 5 gives the same as x",
      calls: [[tokens, nothing, nothing], [louder(tokens), nothing, nothing]],
      judge: ([quiet, loud]) => areAlike(quiet!, loud!),
    },
  ],
  bugs: [
    {
      name: "scale instead of 1 + scale",
      says:
        "The tokens are multiplied by scale itself. At the start of training scale is 0 and all would be lost: " +
        "multiply by 1 + scale.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        tf.add(tf.mul(perImage(scale), normalise(x)), perImage(shift)),
    },
    {
      name: "not normalised",
      says: "The tokens are modulated, but not normalised first.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) => affine(x, shift, scale),
    },
    {
      name: "normalised over the tokens",
      says: "Mean and variance are taken over the tokens of an image. " +
        "Take them over the features of each token: the last axis.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        affine(normalise(x, { axes: [1] }), shift, scale),
    },
    {
      name: "normalised over the whole image",
      says: "Mean and variance are taken over all tokens of an image together. " +
        "Each token is normalised by itself: the last axis alone.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        affine(normalise(x, { axes: [1, 2] }), shift, scale),
    },
    {
      name: "mean not subtracted",
      says: "The deviation is right, but the mean is still there: (x − mean) / √(variance + 10⁻⁶).",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        affine(tf.add(normalise(x), tf.mean(x, -1, true)), shift, scale),
    },
    {
      name: "one shift per token",
      says:
        "The first token gets the shift of the first image, the second that of the second image, and so on. " +
        "All tokens of an image share one shift: [B, D] must become [B, 1, D].",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        tf.add(tf.mul(tf.add(1, scale), normalise(x)), shift),
    },
    {
      name: "shift and scale swapped",
      says: "Shift and scale look swapped.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        affine(normalise(x), scale, shift),
    },
    {
      name: "shift scaled too",
      says: "The shift is multiplied by 1 + scale as well. First scale, then shift.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        tf.mul(tf.add(normalise(x), perImage(shift)), tf.add(1, perImage(scale))),
    },
    {
      name: "nothing under the root",
      says: "Where all features of a token are equal, the variance is 0 and you divide by 0. " +
        "That is what the 10⁻⁶ is for.",
      wrong: (x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor) =>
        affine(normalise(x, { epsilon: 0 }), shift, scale),
    },
  ],
};

function normalise(
  x: tf.Tensor,
  { axes = [2], epsilon = 1e-6 }: { axes?: number[]; epsilon?: number } = {},
): tf.Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
}

function affine(x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.add(1, perImage(scale)), x), perImage(shift));
}

function perImage(vector: tf.Tensor): tf.Tensor {
  return tf.expandDims(vector, 1);
}

function louder({ data, shape }: HostTensor): HostTensor {
  return float32(shape, Array.from(data, (value) => 10 * value + 5));
}

function areAlike(quiet: Output, loud: Output): string | undefined {
  const difference = greatestDifference(tensorOf(quiet, [3, 5, 8]), tensorOf(loud, [3, 5, 8]));
  if (difference < 1e-3) return undefined;
  return `tokens ten times as loud came out different by up to ${difference.toFixed(3)}`;
}
