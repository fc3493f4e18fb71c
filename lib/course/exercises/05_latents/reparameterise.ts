import * as tf from "@tensorflow/tfjs-core";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { each, normal } from "./values.ts";

const shape = [3, 4, 5, 2];
const mean = normal(shape, 31), logVariance = normal(shape, 32), noise = normal(shape, 33);
const one = [1, 1, 1, 3];

/** Exercise 5.3. */
export const reparameteriseExercise: Exercise = {
  id: "5.3",
  name: "reparameterise",
  title: "The reparameterisation",
  difficulty: 1,
  importance: 4,
  minutes: 5,
  hints: [
    "variance = exp(log variance), and the deviation is its root.",
    "√exp(a) = exp(a / 2): `tf.exp(tf.mul(0.5, logVariance))` needs no root.",
    "Stretch the noise by the deviation, then move it by the mean.",
  ],
  checks: [
    {
      name: "without noise it is the mean",
      args: [float32(one, [1, -2, 5]), float32(one, [0, 3, -1]), float32(one, [0, 0, 0])],
      expected: () => float32(one, [1, -2, 5]),
    },
    {
      name: "variance 1, 4 and ¼, calculated by hand",
      args: [
        float32(one, [10, 10, 10]),
        float32(one, [0, Math.log(4), -Math.log(4)]),
        float32(one, [3, 3, 3]),
      ],
      expected: () => float32(one, [13, 16, 11.5]),
    },
    {
      name: "a very small variance leaves the mean",
      args: [float32(one, [1, 2, 3]), float32(one, [-60, -60, -60]), float32(one, [5, -5, 5])],
      expected: () => float32(one, [1, 2, 3]),
    },
    {
      name: `latents of shape [${shape.join(", ")}]`,
      args: [mean, logVariance, noise],
      expected: () => each((m, l, e) => m + Math.sqrt(Math.exp(l)) * e, mean, logVariance, noise),
    },
  ],
  bugs: [
    {
      name: "variance as deviation",
      says: "The noise is stretched by the variance. The deviation is its root.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor) =>
        tf.add(mean, tf.mul(tf.exp(logVariance), noise)),
    },
    {
      name: "log variance as deviation",
      says:
        "The noise is multiplied by the logarithm itself, which may even be negative. A deviation is above 0: " +
        "exp comes first.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor) =>
        tf.add(mean, tf.mul(tf.mul(0.5, logVariance), noise)),
    },
    {
      name: "sign of the exponent",
      says: "The deviation looks upside down: a large log variance should move the sample far.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor) =>
        tf.add(mean, tf.mul(tf.exp(tf.mul(-0.5, logVariance)), noise)),
    },
    {
      name: "mean stretched too",
      says:
        "The mean is multiplied by the deviation too: stretch the noise first, then add the mean.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor) =>
        tf.mul(tf.add(mean, noise), tf.exp(tf.mul(0.5, logVariance))),
    },
    {
      name: "deviation added",
      says: "The deviation is added instead of multiplied with the noise.",
      wrong: (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor) =>
        tf.add(tf.add(mean, noise), tf.exp(tf.mul(0.5, logVariance))),
    },
    {
      name: "deviation 1",
      says: "The log variance has no effect: all noise counts alike.",
      wrong: (mean: tf.Tensor, _: tf.Tensor, noise: tf.Tensor) => tf.add(mean, noise),
    },
  ],
};
