import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal } from "./values.ts";

const before = normal([4, 5], 31);
/** The rows change by different amounts, and have different sizes. */
const large = scaled(before, (i) => 1 + Math.floor(i / 5) ** 2);
const after = float32([4, 5], Array.from(large.data, (value, i) => value + 0.3 * (i % 7) - 0.5));

/** Exercise 7.3. */
export const relativeChangeExercise: Exercise = {
  id: "7.3",
  name: "relativeChange",
  title: "How much an answer changes",
  difficulty: 1,
  importance: 4,
  minutes: 5,
  hints: [
    "`tf.sum(tf.square(…))` without an axis adds up everything.",
    "One such sum of the differences, one of `before`; the root of their ratio.",
  ],
  checks: [
    {
      name: "(3, 4) becomes (3, 4.5), by hand: √(0.25 / 25)",
      args: [float32([1, 2], [3, 4]), float32([1, 2], [3, 4.5])],
      expected: () => float32([], [0.1]),
    },
    {
      name: "what does not listen does not change",
      args: [before, before],
      expected: () => float32([], [0]),
    },
    {
      name: "an answer that is twice as long has changed by 1",
      args: [before, scaled(before, () => 2)],
      expected: () => float32([], [1]),
    },
    {
      name: "an answer that disappears has changed by 1, too",
      args: [before, scaled(before, () => 0)],
      expected: () => float32([], [1]),
    },
    {
      name: "four answers of different sizes",
      args: [large, after],
      expected: () => float32([], [changeOf(large, after)]),
    },
  ],
  bugs: [
    {
      name: "relative to after",
      says: "This is relative to the size after the change. Take the size before it.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => tf.sqrt(tf.div(squares(tf.sub(b, a)), squares(b))),
    },
    {
      name: "root forgotten",
      says: "The root is missing: a change of a tenth would become a hundredth.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => tf.div(squares(tf.sub(b, a)), squares(a)),
    },
    {
      name: "not relative",
      says:
        "This is the change itself, as a root mean square. Divide by the size of the answer before.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => tf.sqrt(tf.mean(tf.square(tf.sub(b, a)))),
    },
    {
      name: "absolute values",
      says: "Absolute values are added up here. Take squares, and the root at the end.",
      wrong: (a: tf.Tensor, b: tf.Tensor) =>
        tf.div(tf.sum(tf.abs(tf.sub(b, a))), tf.sum(tf.abs(a))),
    },
    {
      name: "mean of the rows' changes",
      says:
        "This is the mean of the changes of the single answers. Small answers would count as much as large ones: add " +
        "everything up first.",
      wrong: (a: tf.Tensor, b: tf.Tensor) =>
        tf.mean(tf.sqrt(
          tf.div(tf.sum(tf.square(tf.sub(b, a)), 1), tf.sum(tf.square(a), 1)),
        )),
    },
    {
      name: "difference of sizes",
      says:
        "The sizes are compared, before and after. An answer can change altogether and keep its size: take the size of " +
        "the difference.",
      wrong: (a: tf.Tensor, b: tf.Tensor) =>
        tf.abs(tf.sub(tf.sqrt(tf.div(squares(b), squares(a))), 1)),
    },
  ],
};

function squares(values: tf.Tensor): tf.Tensor {
  return tf.sum(tf.square(values));
}

function scaled({ shape, data }: HostTensor, by: (i: number) => number): HostTensor {
  return float32(shape, Array.from(data, (value, i) => by(i) * value));
}

/** The same by the lengths of vectors. */
function changeOf(a: HostTensor, b: HostTensor): number {
  return Math.hypot(...Array.from(a.data, (value, i) => b.data[i]! - value)) /
    Math.hypot(...a.data);
}
