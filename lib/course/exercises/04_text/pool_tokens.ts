import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { maskOf, normal, padded } from "./values.ts";

const LENGTHS = [5, 2, 7, 1];
const mask = maskOf(LENGTHS, 7);
const tokens = padded(normal([4, 7, 6], 1), mask, 0);
/** As many texts as places and features, so that a wrong axis has the right length. */
const cube = normal([4, 4, 4], 2), fullMask = maskOf([4, 4, 4, 4], 4);

/** Exercise 4.2. */
export const poolTokensExercise: Exercise = {
  id: "4.2",
  name: "poolTokens",
  title: "One vector for a whole text",
  difficulty: 2,
  importance: 4,
  minutes: 8,
  hints: [
    "tfjs lines shapes up from the right: give the mask a last axis, `tf.expandDims(mask, 2)` is [B, L, 1]. Times the " +
    "tokens it sets the padding to zero.",
    "The sum over the places (axis 1), divided by how many tokens there are: the sum of the mask. The number of " +
    "places L is too many where there is padding.",
    "The length of a vector is the root of the sum of its squares, over the features (axis 1 of [B, D]). With `true` " +
    "as last argument `tf.sum` keeps the axis, so that you can divide by it.",
  ],
  checks: [
    {
      name: "two tokens and one place of padding, calculated by hand",
      // the mean of [6, 0] and [0, 8] is [3, 4], of length 5
      args: [float32([1, 3, 2], [6, 0, 0, 8, 0, 0]), float32([1, 3], [1, 1, 0])],
      expected: () => float32([1, 2], [0.6, 0.8]),
    },
    {
      name: "what stands in the padding does not matter",
      args: [float32([1, 3, 2], [6, 0, 0, 8, 100, -50]), float32([1, 3], [1, 1, 0])],
      expected: () => float32([1, 2], [0.6, 0.8]),
    },
    {
      name: "each text has its own mask and its own length: [4, 7, 6]",
      args: [tokens, mask],
      expected: () => pooled(tokens, mask),
      draw: "matrix",
    },
    {
      name: "texts without padding: [4, 4, 4]",
      args: [cube, fullMask],
      expected: () => pooled(cube, fullMask),
      draw: "matrix",
    },
  ],
  bugs: [
    {
      name: "padding counted",
      says:
        "The padding has a say: what stands there is added up as if it were tokens. Multiply by the mask first.",
      wrong: (tokens: tf.Tensor) => unit(tf.mean(tokens, 1)),
    },
    {
      name: "length forgotten",
      says: "The means are right, but not scaled to length 1: divide each by its length.",
      wrong: (tokens: tf.Tensor, mask: tf.Tensor) => mean(tokens, mask),
    },
    {
      name: "length squared",
      says: "The vectors are divided by the square of their length: the root is missing.",
      wrong: (tokens: tf.Tensor, mask: tf.Tensor) => {
        const middle = mean(tokens, mask);
        return tf.div(middle, tf.sum(tf.square(middle), 1, true));
      },
    },
    {
      name: "one length for all texts",
      says:
        "All texts are divided by the same length: sum the squares over the features of each text, not over all texts.",
      wrong: (tokens: tf.Tensor, mask: tf.Tensor) => {
        const middle = mean(tokens, mask);
        return tf.div(middle, tf.sqrt(tf.sum(tf.square(middle))));
      },
    },
    {
      name: "mean over the features",
      says: "The mean goes along the wrong axis: [B, L, D] should lose its places, L.",
      wrong: (tokens: tf.Tensor, mask: tf.Tensor) =>
        unit(tf.mean(tf.mul(tokens, tf.expandDims(mask, 2)), 2)),
    },
    {
      name: "first token",
      says: "Only the first token counts. Every token of the text should have a say.",
      wrong: (tokens: tf.Tensor) => unit(tf.squeeze(tf.slice(tokens, [0, 0, 0], [-1, 1, -1]), [1])),
    },
    {
      name: "largest instead of mean",
      says: "This is the largest value of each feature; the mean is asked for.",
      wrong: (tokens: tf.Tensor, mask: tf.Tensor) =>
        unit(tf.max(tf.mul(tokens, tf.expandDims(mask, 2)), 1)),
    },
    {
      name: "divided by the sum",
      says:
        "The features are divided by their sum. The length of a vector is the root of the sum of its squares.",
      wrong: (tokens: tf.Tensor, mask: tf.Tensor) => {
        const middle = mean(tokens, mask);
        return tf.div(middle, tf.sum(middle, 1, true));
      },
    },
  ],
};

function mean(tokens: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const kept = tf.expandDims(mask, 2);
  return tf.div(tf.sum(tf.mul(tokens, kept), 1), tf.sum(kept, 1));
}

function unit(vectors: tf.Tensor): tf.Tensor {
  return tf.div(vectors, tf.sqrt(tf.sum(tf.square(vectors), 1, true)));
}

/** The same number by number. */
function pooled(tokens: HostTensor, mask: HostTensor): HostTensor {
  const [batch, length, width] = tokens.shape as [number, number, number];
  const rows = Array.from({ length: batch }, (_, b) => {
    const sums = Array.from({ length: width }, (_, d) => {
      let sum = 0;
      for (let l = 0; l < length; l++) {
        if (mask.data[b * length + l] === 1) sum += tokens.data[(b * length + l) * width + d]!;
      }
      return sum;
    });
    // A factor, such as one over the number of tokens, does not change the direction.
    return sums.map((sum) => sum / Math.hypot(...sums));
  });
  return float32([batch, width], rows.flat());
}
