import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../random.ts";
import { float32, type HostTensor } from "../tensors.ts";
import type { Point } from "./points.ts";

/** Round clouds in the plane, one for each class, all of the same width: data whose exact velocity is a formula. */
export interface Blobs {
  /** Middle of each class. */
  centres: readonly Point[];
  /** Standard deviation around it. */
  width: number;
}

/** Three classes that reach into each other. */
export const THREE_BLOBS: Blobs = {
  centres: [90, 210, 330].map((degrees) => {
    const angle = degrees * Math.PI / 180;
    return [0.9 * Math.cos(angle), 0.9 * Math.sin(angle)];
  }),
  width: 0.55,
};

/** Random points of the given classes, `[N, 2]`. */
export function drawBlobs(
  { centres, width }: Blobs,
  labels: readonly number[],
  random: Random,
): HostTensor {
  const points = labels.flatMap((label) =>
    centres[label]!.map((middle) => middle + width * random.normal())
  );
  return float32([labels.length, 2], points);
}

/**
 * The exact velocity field of the blobs, as a model with classes would have learned it: x `[B, 2]`, t `[B]` and
 * labels `[B]` → `[B, 2]`. The null class, one above the last, stands for all classes in equal shares.
 *
 * Of one class with middle m and width σ, x_t is normal with mean (1 − t)·m and variance s² = (1 − t)²σ² + t². The
 * data to expect at x is then m + (1 − t)σ²/s² · (x − (1 − t)·m), and the velocity is (x − that) / t. Of several
 * classes, the data to expect is the mean of theirs, each weighted by how likely it is at x.
 */
export function blobVelocity(
  { centres, width }: Blobs,
): (x: tf.Tensor, t: tf.Tensor, labels: tf.Tensor) => tf.Tensor {
  return (x, t, labels) => {
    const middles = tf.tensor2d(centres.map((centre) => [...centre]));
    const level = tf.reshape(t, [-1, 1, 1]), signal = tf.sub(1, level);
    const variance = tf.add(tf.mul(tf.square(signal), width ** 2), tf.square(level));
    // [B, classes, 2]: how far x is from where each class has its middle now.
    const away = tf.sub(tf.expandDims(x, 1), tf.mul(signal, tf.expandDims(middles, 0)));
    const expected = tf.add(tf.mul(tf.div(tf.mul(signal, width ** 2), variance), away), middles);
    const logits = tf.div(tf.sum(tf.square(away), 2), tf.mul(-2, tf.squeeze(variance, [2])));
    const asked = tf.oneHot(tf.cast(labels, "int32"), centres.length + 1);
    const [one, any] = tf.split(tf.cast(asked, "float32"), [centres.length, 1], 1);
    const weights = tf.add(one!, tf.mul(any!, tf.softmax(logits)));
    const data = tf.sum(tf.mul(tf.expandDims(weights, 2), expected), 1);
    return tf.div(tf.sub(x, data), tf.reshape(t, [-1, 1]));
  };
}
