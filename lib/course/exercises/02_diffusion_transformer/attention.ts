import * as tf from "@tensorflow/tfjs-core";
import { attention } from "../../../engine/ops/mod.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";
import { answer, greatestDifference, normal, reordered } from "./values.ts";

const q = normal([2, 5, 12], 1), k = normal([2, 5, 12], 2), v = normal([2, 5, 12], 3);
const longK = normal([2, 7, 12], 4), longV = normal([2, 7, 12], 5);
const order = [3, 0, 4, 1, 2];
const SHAPE = [2, 5, 12];
/** 2 · ln 3: divided by √4 and put through softmax against 0, it gives 3 : 1. */
const threeToOne = 2 * Math.log(3);

/** Exercise 2.4. */
export const attentionExercise: Exercise = {
  id: "2.4",
  name: "attention",
  title: "Tokens ask each other",
  difficulty: 4,
  importance: 5,
  minutes: 25,
  hints: [
    "Begin with one head, heads = 1: `tf.matMul(q, k, false, true)` is q · kᵀ for every image, [B, N, M]. " +
    "Divide, `tf.softmax(…, -1)`, and multiply with v.",
    "For several heads bring the heads forward, where `tf.matMul` treats them like more images: [B, N, D] → " +
    "reshape to [B, N, heads, d] → transpose to [B, heads, N, d].",
    "The number under the root is d = headWidth, the length of the vectors that are multiplied, not D.",
    "At the end go back the same way: [B, heads, N, d] → transpose to [B, N, heads, d] → reshape to [B, N, D].",
  ],
  checks: [
    {
      name: "with one key there is nothing to choose: the answer is its value",
      args: [
        float32([1, 1, 2], [5, -1]),
        float32([1, 1, 2], [2, 2]),
        float32([1, 1, 2], [3, 4]),
        1,
      ],
      expected: () => float32([1, 1, 2], [3, 4]),
    },
    {
      name: "a query of zeros asks nobody in particular: the mean of the values",
      args: [
        float32([1, 1, 2], [0, 0]),
        float32([1, 2, 2], [1, 2, 3, 4]),
        float32([1, 2, 2], [1, 0, 3, 4]),
        1,
      ],
      expected: () => float32([1, 1, 2], [2, 2]),
    },
    {
      name: "scores 2 · ln 3 and 0 with d = 4 give the weights ¾ and ¼, calculated by hand",
      args: [
        float32([1, 1, 4], [threeToOne, 0, 0, 0]),
        float32([1, 2, 4], [1, 0, 0, 0, 0, 1, 0, 0]),
        float32([1, 2, 4], [4, 0, 8, 0, 0, 4, 8, 0]),
        1,
      ],
      expected: () => float32([1, 1, 4], [3, 1, 8, 0]),
    },
    {
      name: "two heads of one feature each choose for themselves",
      // head 1: scores ln 3 and 0; head 2: scores 0 and 0
      args: [
        float32([1, 1, 2], [Math.log(3), 0]),
        float32([1, 2, 2], [1, 1, 0, 1]),
        float32([1, 2, 2], [4, 4, 0, 0]),
        2,
      ],
      expected: () => float32([1, 1, 2], [3, 2]),
    },
    {
      name: "five tokens in three heads: [2, 5, 12]",
      args: [q, k, v, 3],
      expected: () => answer((q, k, v) => attention(q!, k!, v!, 3), q, k, v),
      draw: "matrix",
    },
    {
      name: "five queries, seven keys, two heads",
      args: [q, longK, longV, 2],
      expected: () => answer((q, k, v) => attention(q!, k!, v!, 2), q, longK, longV),
    },
    {
      name: "scores of a thousand are no problem",
      args: [
        float32([1, 1, 1], [1000]),
        float32([1, 2, 1], [1, -1]),
        float32([1, 2, 1], [7, 9]),
        1,
      ],
      expected: () => float32([1, 1, 1], [7]),
    },
    {
      name: "the order of keys does not matter, as long as values move with them",
      calls: [[q, k, v, 4], [q, reordered(k, order), reordered(v, order), 4]],
      judge: ([before, after]) => areSame(before!, after!),
    },
    {
      name:
        "tokens in another order give the same answers in that order: attention knows no places",
      calls: [[q, q, q, 3], [reordered(q, order), reordered(q, order), reordered(q, order), 3]],
      judge: ([before, after]) => areSame(reordered(tensorOf(before!, SHAPE), order), after!),
    },
  ],
  bugs: [
    {
      name: "no scale",
      says:
        "The scores are not divided by √d. Long vectors have large products, and softmax then listens to one key alone.",
      wrong: attend((products) => tf.softmax(products, -1)),
    },
    {
      name: "divided by d",
      says: "The scores are divided by too much: by √d, not by d.",
      wrong: attend((products, d) => tf.softmax(tf.div(products, d), -1)),
    },
    {
      name: "√D instead of √d",
      says: "The scores are divided by √D. Each head works on d = D / heads features: it is √d.",
      wrong: attend((products, d, heads) => tf.softmax(tf.div(products, Math.sqrt(d * heads)), -1)),
    },
    {
      name: "softmax over the queries",
      says:
        "Your weights sum to 1 over the queries. Each query shares its attention among the keys: the last axis.",
      wrong: attend((products, d) =>
        tf.transpose(
          tf.softmax(tf.transpose(tf.div(products, Math.sqrt(d)), [0, 1, 3, 2]), -1),
          [0, 1, 3, 2],
        )
      ),
    },
    {
      name: "no softmax",
      says:
        "The scores are used as weights as they are. Softmax makes them positive and lets them sum to 1.",
      wrong: attend((products, d) => tf.div(products, Math.sqrt(d))),
    },
    {
      name: "one head",
      says:
        "There is only one head: all features choose together. Split the features into `heads` groups first.",
      wrong: (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => attention(q, k, v, 1),
    },
    {
      name: "keys as values",
      says: "The weights are right, but they mix the keys. Mix the values.",
      wrong: (q: tf.Tensor, k: tf.Tensor, _v: tf.Tensor, heads: number) =>
        attention(q, k, k, heads),
    },
    {
      name: "heads split without a transpose",
      says:
        "The heads cut the tokens into groups, not the features. Reshape to [B, N, heads, d] first, " +
        "then transpose to [B, heads, N, d].",
      wrong: (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number) => {
        const split = (x: tf.Tensor) => {
          const [batch, tokens, width] = x.shape as [number, number, number];
          return tf.reshape(x, [batch * heads, tokens, width / heads]);
        };
        return tf.reshape(attention(split(q), split(k), split(v), 1), q.shape);
      },
    },
    {
      name: "heads joined without a transpose",
      says:
        "The heads are right, but joined in the wrong order. Transpose back to [B, N, heads, d] before the last reshape.",
      wrong: (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number) => {
        const [batch, tokens, width] = q.shape as [number, number, number];
        const right = tf.reshape(attention(q, k, v, heads), [batch, tokens, heads, width / heads]);
        return tf.reshape(tf.transpose(right, [0, 2, 1, 3]), q.shape);
      },
    },
    {
      name: "softmax written out",
      says:
        "e to the power of 1000 is infinite. Use `tf.softmax`, which first subtracts the largest score.",
      wrong: attend((products, d) => {
        const powers = tf.exp(tf.div(products, Math.sqrt(d)));
        return tf.div(powers, tf.sum(powers, -1, true));
      }),
    },
  ],
};

/** Attention whose weights `[B, heads, N, M]` are made from the products q · kᵀ in some other way. */
function attend(weigh: (products: tf.Tensor, d: number, heads: number) => tf.Tensor) {
  return (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number) => {
    const d = q.shape[2]! / heads;
    const split = (x: tf.Tensor) =>
      tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, heads, d]), [0, 2, 1, 3]);
    const products = tf.matMul(split(q), split(k), false, true);
    const mixed = tf.matMul(weigh(products, d, heads), split(v));
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), q.shape);
  };
}

function areSame(before: Output, after: Output): string | undefined {
  const difference = greatestDifference(tensorOf(before, SHAPE), tensorOf(after, SHAPE));
  if (difference < 1e-5) return undefined;
  return `another order changed the answers by up to ${difference.toFixed(4)}`;
}
