import * as tf from "@tensorflow/tfjs-core";

/** Options of {@linkcode timestepEmbedding}. */
export interface TimestepEmbeddingOptions {
  /** What t is multiplied by first: 1000 turns noise levels in [0, 1] into the steps DiT was made for. */
  scale?: number;
  /** The slowest wave's period is 2π times this. */
  maxPeriod?: number;
}

/**
 * A vector of waves in t, from fast to slow: `[B]` → `[B, dimension]`.
 *
 * The first half are cosines, the second sines, of scale · t · maxPeriod^(−k / half), k = 0 … half − 1: the order of
 * the DiT reference code (Peebles & Xie 2022, after Vaswani et al. 2017). Without `scale`, t in [0, 1] turns even
 * the fastest wave by one radian only, and a network can hardly tell noise levels apart.
 */
export function timestepEmbedding(
  t: tf.Tensor,
  dimension: number,
  options: TimestepEmbeddingOptions = {},
): tf.Tensor {
  const { scale = 1000, maxPeriod = 10_000 } = options;
  if (t.shape.length !== 1) {
    throw new RangeError(`Cannot embed t of shape [${t.shape.join(", ")}], expected [B]`);
  }
  if (dimension <= 0 || dimension % 2 !== 0) {
    throw new RangeError(`Cannot embed t: dimension ${dimension} is not a positive even number`);
  }
  const half = dimension / 2;
  const frequencies = Float32Array.from({ length: half }, (_, k) => maxPeriod ** (-k / half));
  const steps = tf.mul(tf.reshape(t, [t.size, 1]), scale);
  const angles = tf.mul(steps, tf.tensor2d(frequencies, [1, half]));
  return tf.concat([tf.cos(angles), tf.sin(angles)], 1);
}
