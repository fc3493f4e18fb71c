import * as tf from "@tensorflow/tfjs-core";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";

/** Exercise 3.6. */
export const limitScaleExercise: Exercise = {
  id: "3.6",
  name: "limitScale",
  title: "Guidance in an interval",
  difficulty: 2,
  importance: 2,
  minutes: 6,
  hints: [
    "Which scale leaves the conditional velocity as it is? You met it in exercise 3.2.",
    "`tf.where(condition, a, b)` takes from a where the condition is true and from b elsewhere.",
    "`tf.logicalAnd(tf.greaterEqual(t, …), tf.lessEqual(t, …))` is the condition, both ends included.",
  ],
  checks: [
    {
      name: "inside and outside",
      args: [float32([3], [0.9, 0.5, 0.1]), float32([3], [4, 4, 4]), 0.3, 0.7],
      expected: () => float32([3], [1, 4, 1]),
    },
    {
      name: "both ends belong to the interval",
      args: [float32([2], [0.25, 0.75]), float32([2], [3, 5]), 0.25, 0.75],
      expected: () => float32([2], [3, 5]),
    },
    {
      name: "each example has its own scale",
      args: [
        float32([5], [0, 0.2, 0.4, 0.6, 1]),
        float32([5], [2, 3, 4, 5, 6]),
        0.125,
        0.5,
      ],
      expected: () => float32([5], [1, 3, 4, 1, 1]),
    },
    {
      name: "from 0 to 1 nothing is limited",
      args: [float32([3], [0, 0.5, 1]), float32([3], [0, 2, 7]), 0, 1],
      expected: () => float32([3], [0, 2, 7]),
    },
  ],
  bugs: [
    {
      name: "0 outside",
      says:
        "Outside of the interval the scale is 0: that takes the label away altogether. What leaves the model as it learned?",
      wrong: (t: tf.Tensor, scale: tf.Tensor, from: number, to: number) =>
        tf.where(between(t, from, to), scale, tf.zerosLike(scale)),
    },
    {
      name: "inside and outside swapped",
      says: "Inside and outside look swapped: guidance should act between the two noise levels.",
      wrong: (t: tf.Tensor, scale: tf.Tensor, from: number, to: number) =>
        tf.where(between(t, from, to), tf.onesLike(scale), scale),
    },
    {
      name: "ends left out",
      says: "The ends of the interval are left out: from ≤ t ≤ to includes them.",
      wrong: (t: tf.Tensor, scale: tf.Tensor, from: number, to: number) =>
        tf.where(
          tf.logicalAnd(tf.greater(t, from), tf.less(t, to)),
          scale,
          tf.onesLike(scale),
        ),
    },
    {
      name: "only a lower end",
      says: "The upper end of the interval has no effect: near noise the scale should be 1 too.",
      wrong: (t: tf.Tensor, scale: tf.Tensor, from: number) =>
        tf.where(tf.greaterEqual(t, from), scale, tf.onesLike(scale)),
    },
  ],
};

function between(t: tf.Tensor, from: number, to: number): tf.Tensor {
  return tf.logicalAnd(tf.greaterEqual(t, from), tf.lessEqual(t, to));
}
