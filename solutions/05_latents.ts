/** Reference answers to the exercises of notebook 05, latent diffusion. */
import * as tf from "@tensorflow/tfjs-core";

// exercise 5.1
/**
 * What an autoencoder makes of a picture of size [height, width, channels], and what a transformer makes of that.
 *
 *   latent: its size, [height / factor, width / factor, latentChannels]
 *   ratio:  how many times fewer numbers it has than the picture
 *   tokens: how many patches of patch × patch places the latent is cut into
 *
 * All sides can be divided without a rest.
 */
export function compression(
  image: readonly number[],
  factor: number,
  latentChannels: number,
  patch: number,
): { latent: number[]; ratio: number; tokens: number } {
  // given
  const [height, width, channels] = image as [number, number, number];
  // end given
  const latent = [height / factor, width / factor, latentChannels] as const;
  const [h, w, c] = latent;
  return {
    latent: [...latent],
    ratio: (height * width * channels) / (h * w * c),
    tokens: (h / patch) * (w / patch),
  };
}

// exercise 5.2
/**
 * Peak signal-to-noise ratio: how near pictures `[B, H, W, C]` are to the originals of the same shape, in decibels, `[B]`.
 *
 *   PSNR = 10 · log10( range² / mean squared error )
 *
 * Each picture has its own mean squared error. Pixels go from −1 to 1, so their range is 2. `tf.log` is the natural
 * logarithm: log10(x) = ln(x) / ln(10).
 */
export function psnr(pictures: tf.Tensor, originals: tf.Tensor): tf.Tensor {
  const error = tf.mean(tf.square(tf.sub(pictures, originals)), [1, 2, 3]);
  return tf.mul(10 / Math.LN10, tf.log(tf.div(2 ** 2, error)));
}

// exercise 5.3
/**
 * The reparameterisation: a sample of the normal distribution with this mean and this logarithm of the variance.
 * All are `[B, h, w, c]`.
 *
 *   z = mean + deviation · noise,   deviation = √variance
 *
 * The noise is standard normal and comes from outside, so that the gradient can pass to mean and log variance.
 */
export function reparameterise(
  mean: tf.Tensor,
  logVariance: tf.Tensor,
  noise: tf.Tensor,
): tf.Tensor {
  const deviation = tf.exp(tf.mul(0.5, logVariance));
  return tf.add(mean, tf.mul(deviation, noise));
}

// exercise 5.4
/**
 * How far the latents of each picture are from standard normal noise: mean and log variance `[B, h, w, c]` → `[B]`,
 * in nats.
 *
 *   KL = ½ · Σ ( mean² + variance − 1 − log variance )
 *
 * The sum goes over all numbers of a latent, not over the pictures.
 */
export function klDivergence(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor {
  const terms = tf.sub(
    tf.add(tf.square(mean), tf.exp(logVariance)),
    tf.add(1, logVariance),
  );
  return tf.mul(0.5, tf.sum(terms, [1, 2, 3]));
}

// exercise 5.5
/**
 * What brings latents `[N, h, w, c]` to mean 0 and variance 1, by
 *
 *   scaled = (latents − shift) · scale
 *
 * `shift` `[c]` is the mean of each channel. `scale` is one number for all channels, a tensor of shape `[]`: 1 divided
 * by the root of the mean squared distance of all numbers to the mean of their channel.
 */
export function latentScale(latents: tf.Tensor): { shift: tf.Tensor; scale: tf.Tensor } {
  const shift = tf.mean(latents, [0, 1, 2]);
  const variance = tf.mean(tf.square(tf.sub(latents, shift)));
  return { shift, scale: tf.rsqrt(variance) };
}

// exercise 5.6
/**
 * The way from scaled latents `[B, h, w, c]`, as a sampler draws them, to pixels `[B, H, W, 3]`: whole numbers from 0
 * to 255, of type int32.
 *
 *   1. undo  scaled = (latents − shift) · scale,  with shift `[c]` and scale `[]`
 *   2. `decoder(latents)` makes pictures of them, about −1 … 1, sometimes beyond
 *   3. what lies beyond −1 … 1 becomes −1 or 1
 *   4. −1 becomes pixel 0, 1 becomes pixel 255, and what is between the nearest whole number
 */
export function decodeLatents(
  decoder: (latents: tf.Tensor) => tf.Tensor,
  scaled: tf.Tensor,
  shift: tf.Tensor,
  scale: tf.Tensor,
): tf.Tensor {
  const latents = tf.add(tf.div(scaled, scale), shift);
  const pictures = tf.clipByValue(decoder(latents), -1, 1);
  return tf.cast(tf.round(tf.mul(tf.add(pictures, 1), 127.5)), "int32");
}
