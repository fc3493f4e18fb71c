import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor, int32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { meanOf } from "../../numbers.ts";
import { normal, rowsOf } from "./values.ts";

const drawn = normal([5, 6], 1), examples = normal([7, 6], 2);

/** Exercise 7.1. */
export const nearestExampleExercise: Exercise = {
  id: "7.1",
  name: "nearestExample",
  title: "The nearest example",
  difficulty: 2,
  importance: 4,
  minutes: 8,
  hints: [
    "All pairs at once: `tf.expandDims(drawn, 1)` is [N, 1, D], `tf.expandDims(examples, 0)` is [1, M, D], and their " +
    "difference is [N, M, D].",
    "Square it, take the mean over axis 2, then the root: a table of distances [N, M].",
    "Which example is nearest is asked along axis 1: `tf.argMin` says its place, `tf.min` its distance.",
  ],
  checks: [
    {
      name: "one picture of two numbers, by hand: √((0² + 2²) / 2) is less than √((3² + 4²) / 2)",
      args: [float32([1, 2], [0, 0]), float32([2, 2], [3, 4, 0, 2])],
      expected: () => ({ index: int32([1], [1]), distance: float32([1], [Math.SQRT2]) }),
    },
    {
      name: "three pictures and two examples, by hand",
      args: [float32([3, 1], [0.25, 5, -9]), float32([2, 1], [0, 4])],
      expected: () => ({ index: int32([3], [0, 1, 0]), distance: float32([3], [0.25, 1, 9]) }),
    },
    {
      name: "a copy of an example lies at distance 0",
      args: [float32([1, 6], rowsOf(examples)[3]!), examples],
      expected: () => ({ index: int32([1], [3]), distance: float32([1], [0]) }),
    },
    {
      name: "five pictures, seven examples, six numbers",
      args: [drawn, examples],
      expected: () => nearest(drawn, examples),
    },
  ],
  bugs: [
    {
      name: "sum instead of mean",
      says:
        "The squares are added up. Their mean is asked for, so that distances do not grow with the picture.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => answer(tf.sqrt(tf.sum(squares(a, b), 2))),
    },
    {
      name: "root forgotten",
      says:
        "The root is missing. The nearest example stays the same, but the distance is a square.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => answer(tf.mean(squares(a, b), 2)),
    },
    {
      name: "absolute differences",
      says:
        "This is the mean absolute difference. Differences are squared, and the root is taken last.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => answer(tf.mean(tf.sqrt(squares(a, b)), 2)),
    },
    {
      name: "farthest",
      says: "This is the example that is farthest away.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => {
        const all = tf.sqrt(tf.mean(squares(a, b), 2));
        return { index: tf.argMax(all, 1), distance: tf.max(all, 1) };
      },
    },
    {
      name: "nearest picture of each example",
      says:
        "The question is turned round: for each example the nearest drawn picture. Ask along the examples.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => answer(tf.sqrt(tf.mean(squares(b, a), 2))),
    },
  ],
};

function squares(drawn: tf.Tensor, examples: tf.Tensor): tf.Tensor {
  return tf.square(tf.sub(tf.expandDims(drawn, 1), tf.expandDims(examples, 0)));
}

function answer(distances: tf.Tensor): { index: tf.Tensor; distance: tf.Tensor } {
  return { index: tf.argMin(distances, 1), distance: tf.min(distances, 1) };
}

/** The same pair by pair. */
function nearest(drawn: HostTensor, examples: HostTensor) {
  const found = rowsOf(drawn).map((a) => {
    const distances = rowsOf(examples).map((b) =>
      Math.sqrt(meanOf(Array.from(a, (value, i) => (value - b[i]!) ** 2)))
    );
    const distance = Math.min(...distances);
    return { index: distances.indexOf(distance), distance };
  });
  return {
    index: int32([found.length], found.map(({ index }) => index)),
    distance: float32([found.length], found.map(({ distance }) => distance)),
  };
}
