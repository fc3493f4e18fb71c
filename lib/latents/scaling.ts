import * as tf from "@tensorflow/tfjs-core";

/**
 * What brings latents to about zero mean and unit variance: scaled = (latent − shift) · scale.
 *
 * Diffusion starts from standard normal noise, so latents far from unit variance are seen at other noise levels than
 * the numbers say (Rombach et al. 2022, appendix G). One scale for all channels leaves their proportions: a channel
 * that says less stays smaller.
 */
export interface LatentScaling {
  /** Mean of each channel `[c]`. */
  shift: readonly number[];
  /** 1 / standard deviation of all numbers around their channel's mean. */
  scale: number;
}

/** What latents of many images look like, before they are scaled. */
export interface LatentStatistics {
  /** How many images. */
  images: number;
  /** Mean of each channel `[c]`. */
  mean: number[];
  /** Standard deviation of each channel around its mean `[c]`. */
  deviation: number[];
  /** Standard deviation of all numbers around their channel's mean. */
  overall: number;
}

/** The scaling that suits latents with these statistics; throws a RangeError if they do not vary. */
export function scalingFrom({ mean, overall }: LatentStatistics): LatentScaling {
  if (!(overall > 0 && Number.isFinite(overall))) {
    throw new RangeError(
      `Cannot scale latents with a standard deviation of ${overall}: expected a number above 0`,
    );
  }
  return { shift: mean, scale: 1 / overall };
}

/** (latents − shift) · scale; `[…, c]` → the same shape. */
export function scaleLatents(latents: tf.Tensor, { shift, scale }: LatentScaling): tf.Tensor {
  return tf.mul(tf.sub(latents, tf.tensor1d([...shift])), scale);
}

/** latents / scale + shift: the inverse of {@linkcode scaleLatents}. */
export function unscaleLatents(latents: tf.Tensor, { shift, scale }: LatentScaling): tf.Tensor {
  return tf.add(tf.mul(latents, 1 / scale), tf.tensor1d([...shift]));
}

/** Collects statistics of latents with `channels` numbers in the last axis, piece by piece. */
export function collectStatistics(channels: number): {
  add(latents: ArrayLike<number>, images: number): void;
  result(): LatentStatistics;
} {
  const sums = new Float64Array(channels), squares = new Float64Array(channels);
  let count = 0, total = 0;
  return {
    add(latents, images) {
      for (let i = 0; i < latents.length; i++) {
        sums[i % channels]! += latents[i]!;
        squares[i % channels]! += latents[i]! ** 2;
      }
      count += latents.length / channels;
      total += images;
    },
    result() {
      const mean = [...sums].map((sum) => sum / count);
      const variances = mean.map((m, c) => Math.max(0, squares[c]! / count - m ** 2));
      return {
        images: total,
        mean,
        deviation: variances.map(Math.sqrt),
        overall: Math.sqrt(variances.reduce((sum, v) => sum + v, 0) / channels),
      };
    },
  };
}
