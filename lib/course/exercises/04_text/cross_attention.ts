import * as tf from "@tensorflow/tfjs-core";
import { attention } from "../../../engine/ops/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";
import { answer, maskOf, normal, padded, tokensOf } from "./values.ts";

const LENGTHS = [3, 6, 1];
const mask = maskOf(LENGTHS, 6), all = maskOf([6, 6, 6], 6);
const queries = normal([3, 5, 4], 1), keys = normal([3, 6, 4], 2), values = normal([3, 6, 4], 3);
/** As many patches as tokens. */
const square = normal([3, 6, 4], 4);
/** 2 · ln 3: divided by √4 and put through softmax against 0, it gives 3 : 1. */
const threeToOne = 2 * Math.log(3);

/** Exercise 4.4. */
export const crossAttentionExercise: Exercise = {
  id: "4.4",
  name: "crossAttention",
  title: "Patches ask words",
  difficulty: 3,
  importance: 5,
  minutes: 15,
  hints: [
    "Without the mask it is exercise 2.4 with one head: `tf.matMul(queries, keys, false, true)` is [B, N, L]; divide, " +
    "`tf.softmax(…, -1)`, multiply with the values.",
    "The mask must act before the softmax: a score of −10⁹ becomes a weight of 0, and the other weights still sum to 1.",
    "mask − 1 is 0 for tokens and −1 for padding. Times 10⁹ it can simply be added to the scores.",
    "The mask is [B, L], the scores are [B, N, L]: all patches see the same words, so the mask needs a 1 in the middle, " +
    "`tf.expandDims(…, 1)`.",
  ],
  checks: [
    {
      name: "one word, and padding: every patch hears the word",
      args: [
        float32([1, 2, 2], [5, -1, 0, 3]),
        float32([1, 2, 2], [1, 1, 9, 9]),
        float32([1, 2, 2], [3, 4, 70, 80]),
        float32([1, 2], [1, 0]),
      ],
      expected: () => float32([1, 2, 2], [3, 4, 3, 4]),
    },
    {
      name: "scores 2 · ln 3 and 0 with D = 4 give the weights ¾ and ¼, calculated by hand",
      args: [
        float32([1, 1, 4], [threeToOne, 0, 0, 0]),
        float32([1, 3, 4], [1, 0, 0, 0, 0, 1, 0, 0, 5, 0, 0, 0]),
        float32([1, 3, 4], [4, 0, 8, 0, 0, 4, 8, 0, 90, 90, 90, 90]),
        float32([1, 3], [1, 1, 0]),
      ],
      expected: () => float32([1, 1, 4], [3, 1, 8, 0]),
    },
    {
      name: "no padding at all: five patches, six words",
      args: [queries, keys, values, all],
      expected: () => answer((q, k, v) => attention(q!, k!, v!, 1), queries, keys, values),
      draw: "matrix",
    },
    {
      name: "texts of 3, 6 and 1 words: as if there were no padding",
      args: [queries, keys, values, mask],
      expected: () => withoutPadding(queries),
    },
    {
      name: "as many patches as places",
      args: [square, keys, values, mask],
      expected: () => withoutPadding(square),
    },
    {
      name: "what stands in the padding does not matter",
      calls: [
        [queries, keys, values, mask],
        [queries, padded(keys, mask, 100), padded(values, mask, -7), mask],
      ],
      judge: ([before, after]) => areSame(before!, after!),
    },
    {
      name: "a text without any word still gives numbers",
      calls: [[
        float32([1, 1, 2], [1, 2]),
        float32([1, 2, 2], [0, 0, 0, 0]),
        float32([1, 2, 2], [0, 0, 0, 0]),
        float32([1, 2], [0, 0]),
      ]],
      judge: ([output]) => {
        const { data } = tensorOf(output, [1, 1, 2]);
        if (![...data].every(Number.isFinite)) {
          return `expected numbers, got ${
            data.join(" and ")
          }: minus infinity for every score is too much`;
        }
      },
    },
  ],
  bugs: [
    {
      name: "no mask",
      says: "The padding is attended to: the mask has no effect.",
      wrong: attend((scores) => tf.softmax(scores, -1)),
    },
    {
      name: "mask reversed",
      says: "Words and padding look swapped: the mask is 1 where there is a word.",
      wrong: attend((scores, mask) =>
        tf.softmax(tf.add(scores, tf.expandDims(tf.mul(mask, -1e9), 1)), -1)
      ),
    },
    {
      name: "scores times mask",
      says:
        "The scores of the padding are 0. That is an ordinary score: softmax gives it a weight. Before softmax, " +
        '"not at all" is minus a very large number.',
      wrong: attend((scores, mask) => tf.softmax(tf.mul(scores, tf.expandDims(mask, 1)), -1)),
    },
    {
      name: "weights times mask",
      says:
        "The weights of the padding are set to 0 after the softmax, so that those of the words no longer sum to 1.",
      wrong: attend((scores, mask) => tf.mul(tf.softmax(scores, -1), tf.expandDims(mask, 1))),
    },
    {
      name: "no scale",
      says: "The scores are not divided by √D.",
      wrong: attend((scores, mask, width) => masked(tf.mul(scores, Math.sqrt(width)), mask)),
    },
    {
      name: "divided by D",
      says: "The scores are divided by too much: by √D, not by D.",
      wrong: attend((scores, mask, width) => masked(tf.div(scores, Math.sqrt(width)), mask)),
    },
    {
      name: "softmax over the patches",
      says:
        "Your weights sum to 1 over the patches. Each patch shares its attention among the words: the last axis.",
      wrong: attend((scores, mask) => {
        const closed = tf.add(scores, tf.expandDims(tf.mul(tf.sub(mask, 1), 1e9), 1));
        return tf.transpose(tf.softmax(tf.transpose(closed, [0, 2, 1]), -1), [0, 2, 1]);
      }),
    },
    {
      name: "keys as values",
      says: "The weights are right, but they mix the keys. Mix the values.",
      wrong: (queries: tf.Tensor, keys: tf.Tensor, _values: tf.Tensor, mask: tf.Tensor) =>
        attend((scores, mask) => masked(scores, mask))(queries, keys, keys, mask),
    },
    {
      name: "minus infinity",
      says:
        "With minus infinity a text without words has nothing to choose from, and softmax gives NaN. A large negative " +
        "number does the same and is safe.",
      wrong: attend((scores, mask) => {
        const open = tf.tile(tf.expandDims(tf.greater(mask, 0.5), 1), [1, scores.shape[1]!, 1]);
        return tf.softmax(tf.where(open, scores, tf.fill(scores.shape, -Infinity)), -1);
      }),
    },
  ],
};

/** Attention whose weights `[B, N, L]` are made from the scaled scores in some other way. */
function attend(weigh: (scores: tf.Tensor, mask: tf.Tensor, width: number) => tf.Tensor) {
  return (queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, mask: tf.Tensor) => {
    const width = queries.shape[2]!;
    const scores = tf.div(tf.matMul(queries, keys, false, true), Math.sqrt(width));
    return tf.matMul(weigh(scores, mask, width), values);
  };
}

function masked(scores: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.softmax(tf.add(scores, tf.expandDims(tf.mul(tf.sub(mask, 1), 1e9), 1)), -1);
}

/** The library's attention over each text alone, cut to its words. */
function withoutPadding(queries: HostTensor): HostTensor {
  const [batch, patches, width] = queries.shape as [number, number, number];
  const answers = LENGTHS.flatMap((length, text) => [
    ...answer(
      (q, k, v) => attention(q!, k!, v!, 1),
      tokensOf(queries, text, patches),
      tokensOf(keys, text, length),
      tokensOf(values, text, length),
    ).data,
  ]);
  return float32([batch, patches, width], answers);
}

function areSame(before: Output, after: Output): string | undefined {
  const first = tensorOf(before, queries.shape), second = tensorOf(after, queries.shape);
  const difference = Math.max(...Array.from(first.data, (v, i) => Math.abs(v - second.data[i]!)));
  if (difference < 1e-4) return undefined;
  return `other numbers in the padding changed the answers by up to ${difference.toFixed(4)}`;
}
