import * as tf from "@tensorflow/tfjs-core";
import { klDivergence, reparameterise, type Vae, type VaeSettings } from "../models/mod.ts";
import type { TensorRecord } from "../tensors.ts";

/** Weights of the parts of {@linkcode vaeLoss}. */
export type VaeLossWeights = Required<
  Pick<VaeSettings, "klWeight" | "edgeWeight" | "scaleWeight" | "halfWeight">
>;

/** Below this an error counts as its square, above as its absolute value: about three steps of 256. */
const SMALL = 0.02;

/**
 * Loss of an autoencoder for a batch of `images` `[B, H, W, 3]` and `noise` `[B, h, w, c]`, a scalar:
 *
 *     error(decode(z), images) + klWeight · mean KL + edgeWeight · error of pixel differences
 *         + scaleWeight · error(decode(halved z), halved images)      z = mean + deviation · noise
 *         + halfWeight · error(decode(z of halved images), halved images)
 *
 * All parts are means over their numbers. (Rombach et al. 2022 sum over an image instead: their weight 1e-6 is
 * 1e-6 · numbers of a latent / numbers of an image here, a twelfth of it at factor 4 and 4 channels.) The fourth part
 * asks latents to shrink as images do, which keeps fine noise out of them (Kouzelis et al. 2025, EQ-VAE).
 */
export function vaeLoss(model: Vae, weights: VaeLossWeights) {
  const { klWeight, edgeWeight, scaleWeight, halfWeight } = weights;
  return (params: TensorRecord, { images, noise }: TensorRecord): tf.Scalar => {
    const posterior = model.encode(params, images!);
    const latents = reparameterise(posterior, noise!);
    const difference = tf.sub(model.decode(params, latents), images!);
    const parts = [
      robust(difference),
      tf.mul(klWeight, tf.mean(klDivergence(posterior))),
    ];
    if (edgeWeight > 0) parts.push(tf.mul(edgeWeight, edges(difference)));
    if (scaleWeight > 0) {
      const halved = tf.sub(model.decode(params, halve(latents)), halve(images!));
      parts.push(tf.mul(scaleWeight, robust(halved)));
    }
    if (halfWeight > 0) {
      const small = halve(images!), code = model.encode(params, small);
      const z = reparameterise(code, tf.slice(noise!, [0, 0, 0, 0], code.mean.shape));
      const error = robust(tf.sub(model.decode(params, z), small));
      parts.push(tf.mul(halfWeight, error));
    }
    return tf.addN(parts) as tf.Scalar;
  };
}

/** Mean of √(x² + ε²) − ε: the absolute value with a rounded tip (Charbonnier et al. 1994). */
function robust(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mean(tf.sqrt(tf.add(tf.square(x), SMALL ** 2))), SMALL);
}

/** The same for differences between neighbours, across and down: `[B, H, W, C]` → a scalar. */
function edges(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const part = (y: number, x0: number) =>
    tf.slice(x, [0, y, x0, 0], [batch, height - 1, width - 1, channels]);
  const corner = part(0, 0);
  return tf.add(robust(tf.sub(part(0, 1), corner)), robust(tf.sub(part(1, 0), corner)));
}

/** Means of squares of 2×2 pixels: `[B, H, W, C]` → `[B, H / 2, W / 2, C]`. */
export function halve(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const rows = tf.sum(tf.reshape(x, [batch * height / 2, 2, width * channels]), 1);
  const pixels = tf.sum(tf.reshape(rows, [batch * height / 2 * width / 2, 2, channels]), 1);
  return tf.mul(tf.reshape(pixels, [batch, height / 2, width / 2, channels]), 0.25);
}
