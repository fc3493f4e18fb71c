import * as tf from "@tensorflow/tfjs-core";
import { timestepEmbedding } from "../../../nn/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { answer, levels } from "./values.ts";

/** Exercise 1.4. */
export const timeEmbeddingExercise: Exercise = {
  id: "1.4",
  name: "timeEmbedding",
  title: "The time embedding",
  difficulty: 2,
  importance: 4,
  minutes: 10,
  hints: [
    "The angles are a table: one row for each noise level, one column for each frequency. " +
    "A column [B, 1] times a row [1, half] gives such a table [B, half].",
    "`tf.tensor2d(frequencies, [1, half])` is the row; `tf.reshape(t, [t.size, 1])` the column. Do not forget the 1000.",
    "All cosines come first, then all sines: `tf.concat([tf.cos(angles), tf.sin(angles)], 1)`.",
  ],
  checks: [
    {
      name: "t = 0 is all ones, then all zeros",
      args: [float32([1], [0]), 6],
      expected: () => float32([1, 6], [1, 1, 1, 0, 0, 0]),
    },
    {
      name: "t = 0.001 with four waves, calculated by hand",
      // 1000 · 0.001 = 1; frequencies 1 and 10000^(−1/2) = 0.01
      args: [float32([1], [0.001]), 4],
      expected: () => float32([1, 4], [Math.cos(1), Math.cos(0.01), Math.sin(1), Math.sin(0.01)]),
      tolerance: 1e-4,
    },
    {
      name: "five noise levels, 32 waves: [5, 32]",
      args: [levels(5), 32],
      expected: () => answer((t) => timestepEmbedding(t, 32), levels(5)),
      // 1000 · t in single precision is a little off, and the fastest wave shows it.
      tolerance: 1e-3,
      draw: "matrix",
    },
    {
      name: "the least even dimension, 2",
      args: [float32([2], [0.25, 1]), 2],
      expected: () => answer((t) => timestepEmbedding(t, 2), float32([2], [0.25, 1])),
      tolerance: 1e-3,
    },
    {
      name: "near noise levels have near vectors, far ones far vectors",
      calls: [[float32([3], [0.5, 0.5001, 0.6]), 64]],
      judge: ([vectors]) => isNearAndFar(vectors!),
    },
  ],
  bugs: [
    {
      name: "not times 1000",
      says:
        "The waves are too slow: from t = 0 to t = 1 even the fastest turns by one radian only. " +
        "Something is missing in the angle.",
      wrong: (t: tf.Tensor, dimension: number) => timestepEmbedding(t, dimension, { scale: 1 }),
    },
    {
      name: "sines first",
      says:
        "The halves are swapped: cosines come first. (Any order would work, but all nets must agree on one.)",
      wrong: (t: tf.Tensor, dimension: number) => {
        const [cosines, sines] = tf.split(timestepEmbedding(t, dimension), 2, 1);
        return tf.concat([sines!, cosines!], 1);
      },
    },
    {
      name: "cosines and sines in turn",
      says:
        "Cosines and sines take turns. Here the first half are all cosines, the second half all sines.",
      wrong: (t: tf.Tensor, dimension: number) => {
        const halves = tf.split(timestepEmbedding(t, dimension), 2, 1);
        return tf.reshape(tf.stack(halves, 2), [t.size, dimension]);
      },
    },
    {
      name: "joined along the batch",
      says: "Cosines and sines are joined along the first axis, so there are twice as many rows. " +
        "`tf.concat` takes the axis as its second argument.",
      wrong: (t: tf.Tensor, dimension: number) =>
        tf.concat(tf.split(timestepEmbedding(t, dimension), 2, 1), 0),
    },
    {
      name: "degrees",
      says:
        "The angles seem to be converted from degrees. The formula is in radians already, as `tf.cos` wants them.",
      wrong: (t: tf.Tensor, dimension: number) =>
        timestepEmbedding(t, dimension, { scale: 1000 * Math.PI / 180 }),
    },
  ],
};

function isNearAndFar(vectors: Output): string | undefined {
  const { data, shape } = vectors as HostTensor;
  const width = shape[1]!;
  const distance = (a: number, b: number) =>
    Math.hypot(
      ...Array.from({ length: width }, (_, k) => data[a * width + k]! - data[b * width + k]!),
    );
  const near = distance(0, 1), far = distance(0, 2);
  if (near < far / 4) return undefined;
  return `the vectors of t = 0.5 and 0.5001 are ${near.toFixed(3)} apart, ` +
    `those of 0.5 and 0.6 ${far.toFixed(3)}: the first should be much nearer`;
}
