import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { meanOf } from "../../numbers.ts";
import { normal, rowsOf } from "./values.ts";

const BINS = 4;
const velocity = normal([11, 3], 41), target = normal([11, 3], 42);
/** Not in order, and not equally many in each bin. */
const levels = float32([11], [0.6, 0.1, 0.99, 0.3, 0.05, 0.62, 0.8, 0.7, 0.49, 0.2, 1]);

/** Exercise 7.4. */
export const lossByLevelExercise: Exercise = {
  id: "7.4",
  name: "lossByLevel",
  title: "The loss by noise level",
  difficulty: 3,
  importance: 4,
  minutes: 12,
  hints: [
    "First the loss of each example, [N]: the mean over axis 1 of the squares.",
    "Then its bin, [N]: `tf.floor(tf.mul(t, bins))`, at most `bins − 1`.",
    "`tf.oneHot(bin, bins)` is a table [N, bins] with a 1 where an example belongs. Times the losses, added up over " +
    "axis 0, it gives the sum of each bin; added up alone, how many lie in it. `tf.oneHot` wants int32.",
  ],
  checks: [
    {
      name: "two examples, two bins, by hand",
      args: [
        float32([2, 2], [1, 1, 0, 2]),
        float32([2, 2], [0, 0, 0, 0]),
        float32([2], [0.2, 0.9]),
        2,
      ],
      expected: () => float32([2], [1, 2]),
    },
    {
      name: "two examples in one bin: their mean",
      args: [
        float32([3, 1], [1, 3, 2]),
        float32([3, 1], [0, 0, 0]),
        float32([3], [0.1, 0.4, 0.6]),
        2,
      ],
      expected: () => float32([2], [5, 4]),
    },
    {
      name: "t = 0.5 lies in the second of two bins, and t = 1 in the last",
      args: [
        float32([4, 1], [1, 2, 3, 4]),
        float32([4, 1], [0, 0, 0, 0]),
        float32([4], [0, 0.5, 1, 0.75]),
        2,
      ],
      expected: () => float32([2], [1, 29 / 3]),
    },
    {
      name: "eleven examples, three numbers, four bins",
      args: [velocity, target, levels, BINS],
      expected: () => byLevel(velocity, target, levels, BINS),
    },
  ],
  bugs: [
    {
      name: "sum of a bin",
      says:
        "These are the sums of the bins. A bin with more examples does not have a larger loss: take the mean.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        binned(losses(v, u), binOf(t, bins), bins).sums,
    },
    {
      name: "divided by all",
      says: "Each bin is divided by the number of all examples, instead of that of its own.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        tf.div(binned(losses(v, u), binOf(t, bins), bins).sums, t.size),
    },
    {
      name: "t = 1 lost",
      says:
        "Examples with t = 1 are lost: ⌊t · bins⌋ is `bins` there, one too many. They belong to the last bin.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        means(losses(v, u), tf.floor(tf.mul(t, bins)), bins),
    },
    {
      name: "rounded",
      says: "The bin is rounded to the nearest number: cut off what follows the point instead.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        means(losses(v, u), tf.minimum(tf.round(tf.mul(t, bins)), bins - 1), bins),
    },
    {
      name: "t reversed",
      says: "The bins are in reverse order: t = 0 is data and lies in the first one.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        tf.reverse(means(losses(v, u), binOf(t, bins), bins), 0),
    },
    {
      name: "sum over the numbers",
      says: "The squares of an example are added up; the loss is their mean over D.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        means(tf.mul(v.shape[1]!, losses(v, u)), binOf(t, bins), bins),
    },
    {
      name: "absolute errors",
      says: "The errors are not squared.",
      wrong: (v: tf.Tensor, u: tf.Tensor, t: tf.Tensor, bins: number) =>
        means(tf.mean(tf.abs(tf.sub(v, u)), 1), binOf(t, bins), bins),
    },
  ],
};

function losses(velocity: tf.Tensor, target: tf.Tensor): tf.Tensor {
  return tf.mean(tf.square(tf.sub(velocity, target)), 1);
}

function binOf(t: tf.Tensor, bins: number): tf.Tensor {
  return tf.minimum(tf.floor(tf.mul(t, bins)), bins - 1);
}

function binned(losses: tf.Tensor, bin: tf.Tensor, bins: number) {
  const member = tf.cast(tf.oneHot(tf.cast(bin, "int32"), bins), "float32");
  return {
    sums: tf.sum(tf.mul(member, tf.expandDims(losses, 1)), 0),
    counts: tf.sum(member, 0),
  };
}

function means(losses: tf.Tensor, bin: tf.Tensor, bins: number): tf.Tensor {
  const { sums, counts } = binned(losses, bin, bins);
  return tf.div(sums, counts);
}

/** The same example by example. */
function byLevel(
  velocity: HostTensor,
  target: HostTensor,
  t: HostTensor,
  bins: number,
): HostTensor {
  const lists: number[][] = Array.from({ length: bins }, () => []), targets = rowsOf(target);
  rowsOf(velocity).forEach((found, i) => {
    const loss = meanOf(Array.from(found, (value, k) => (value - targets[i]![k]!) ** 2));
    lists[Math.min(bins - 1, Math.floor(t.data[i]! * bins))]!.push(loss);
  });
  return float32([bins], lists.map(meanOf));
}
