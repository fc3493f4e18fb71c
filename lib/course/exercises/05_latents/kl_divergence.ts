import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal, perExample, sum } from "./values.ts";

const shape = [3, 4, 2, 3];
const mean = normal(shape, 41), logVariance = normal(shape, 42, { mean: -1 });
const one = [1, 1, 1, 1];

/** Exercise 5.4. */
export const klDivergenceExercise: Exercise = {
  id: "5.4",
  name: "klDivergence",
  title: "Distance to standard normal noise",
  difficulty: 2,
  importance: 4,
  minutes: 8,
  hints: [
    "Write down the bracket first, for every number: four terms, two of which need no calculation.",
    "The variance is `tf.exp(logVariance)`, and its logarithm is what you are given.",
    "`tf.sum(terms, [1, 2, 3])` sums over height, width and channels and leaves the pictures apart.",
  ],
  checks: [
    {
      name: "mean 0 and variance 1: no distance",
      args: [float32([2, 1, 1, 2], [0, 0, 0, 0]), float32([2, 1, 1, 2], [0, 0, 0, 0])],
      expected: () => float32([2], [0, 0]),
    },
    {
      name: "mean 2, variance 1: half of 2²",
      args: [float32(one, [2]), float32(one, [0])],
      expected: () => float32([1], [2]),
    },
    {
      name: "mean 0, log variance 1: half of e − 2",
      args: [float32(one, [0]), float32(one, [1])],
      expected: () => float32([1], [(Math.E - 2) / 2]),
    },
    {
      name: "a picture of three numbers",
      args: [float32([1, 1, 1, 3], [1, 1, 1]), float32([1, 1, 1, 3], [0, 0, 0])],
      expected: () => float32([1], [1.5]),
    },
    {
      name: "three pictures, each with its own distance",
      args: [mean, logVariance],
      expected: () => distance(mean, logVariance),
      tolerance: 1e-4,
    },
  ],
  bugs: [
    {
      name: "half forgotten",
      says: "Everything is twice too large: the formula begins with ½.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.sum(terms(mean, logVariance), [1, 2, 3]),
    },
    {
      name: "mean over the numbers",
      says: "The numbers of a latent are averaged: the formula sums them.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.mul(0.5, tf.mean(terms(mean, logVariance), [1, 2, 3])),
    },
    {
      name: "sign flipped",
      says: "A distance is never below 0: all signs in the bracket look flipped.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.mul(-0.5, tf.sum(terms(mean, logVariance), [1, 2, 3])),
    },
    {
      name: "log variance as variance",
      says:
        "The log variance stands where the variance should be: with both in their places they do not cancel out.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.mul(
          0.5,
          tf.sum(tf.sub(tf.add(tf.square(mean), logVariance), tf.add(1, logVariance)), [1, 2, 3]),
        ),
    },
    {
      name: "deviation as variance",
      says: "That is the deviation, exp(½ · log variance). The formula wants the variance.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.mul(
          0.5,
          tf.sum(
            tf.sub(
              tf.add(tf.square(mean), tf.exp(tf.mul(0.5, logVariance))),
              tf.add(1, logVariance),
            ),
            [1, 2, 3],
          ),
        ),
    },
    {
      name: "log variance added",
      says:
        "The logarithm is added: it must be subtracted, so that a variance near 0 is far from noise.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.mul(
          0.5,
          tf.sum(
            tf.add(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), 1), logVariance),
            [1, 2, 3],
          ),
        ),
    },
    {
      name: "one number for all pictures",
      says: "All pictures are in one sum. Each has its own distance: leave the first axis alone.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor) =>
        tf.add(tf.mul(0.5, tf.sum(terms(mean, logVariance))), tf.zeros([mean.shape[0]!])),
    },
  ],
};

function terms(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor {
  return tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(1, logVariance));
}

/** The same number by number. */
function distance(mean: HostTensor, logVariance: HostTensor): HostTensor {
  return perExample(mean, (places) =>
    sum(places.map((i) => {
      const m = mean.data[i]!, l = logVariance.data[i]!;
      return 0.5 * (m * m + Math.exp(l) - 1 - l);
    })));
}
