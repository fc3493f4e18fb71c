import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import { constant, conv2d, conv2dSpecs, groupNorm, normSpecs, param, zeros } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import type { ImageShape } from "./model.ts";
import { patchify, unpatchify } from "./patchify.ts";

/** How much smaller latents are than images, in each direction. */
export const VAE_FACTOR = 4;

/** Everything that defines an autoencoder. */
export interface VaeOptions {
  /** Channels of a latent. */
  latentChannels: number;
  /** Channels at half resolution; twice as many at a quarter. */
  width: number;
  /** Residual blocks of the encoder at each of the two resolutions. */
  encoderBlocks: number;
  /** Residual blocks of the decoder at each of the two resolutions. */
  decoderBlocks: number;
  /** Groups of every group normalisation. */
  groups: number;
}

/** An autoencoder as it stands in a config: plain values, all but the kind with a default. */
export interface VaeSettings extends Partial<VaeOptions> {
  kind: "vae";
  /** Weight of the mean KL divergence of a latent number beside the mean error of a colour value; 1e-4 by default. */
  klWeight?: number;
  /** Weight of the error of differences between neighbouring pixels; 0 by default. */
  edgeWeight?: number;
  /** Weight of the same loss for halved latents, which are to be the latents of the halved image; 0 by default. */
  scaleWeight?: number;
  /** Weight of the error of images halved before they are encoded: the same weights for both sizes; 0 by default. */
  halfWeight?: number;
  /** Autoencoder whose weights training starts from: one that comes with the course, or a `.safetensors` file. */
  start?: string;
}

/** The normal distribution that the encoder answers with: mean and log variance, both `[B, h, w, c]`. */
export interface Posterior {
  mean: tf.Tensor;
  logVariance: tf.Tensor;
}

/** An autoencoder is a value: parameter specs and two pure functions. */
export interface Vae {
  /** What it is, for people: `"vae (width 48, 4 latent channels)"`. */
  name: string;
  options: VaeOptions;
  params: ParamSpecs;
  /** Images `[B, H, W, 3]` in [−1, 1] → what their latents may be, `[B, H / 4, W / 4, c]`. */
  encode(params: TensorRecord, images: tf.Tensor): Posterior;
  /** Latents `[B, h, w, c]`, as the encoder gives them, → images `[B, 4 h, 4 w, 3]`. */
  decode(params: TensorRecord, latents: tf.Tensor): tf.Tensor;
}

const DEFAULTS: VaeOptions = {
  latentChannels: 4,
  width: 48,
  encoderBlocks: 1,
  decoderBlocks: 2,
  groups: 8,
};

/** Between these the log variance stays, so that neither it nor its exponential runs away. */
const LOG_VARIANCE = [-20, 10] as const;

/**
 * Convolutional autoencoder with a normal distribution as its code (Kingma & Welling 2013), the first stage of
 * latent diffusion (Rombach et al. 2022): `[B, H, W, 3]` ↔ `[B, H / 4, W / 4, c]` for any size that 4 divides.
 *
 * Squares of 2×2 pixels become channels on the way in and pixels again on the way out (Shi et al. 2016), so that no
 * convolution runs at full resolution. 0.7 M parameters at the default width.
 */
export function vae(settings: Partial<VaeOptions> = {}): Vae {
  const options = checkOptions({ ...DEFAULTS, ...settings });
  const { width, latentChannels, encoderBlocks, decoderBlocks, groups } = options;
  const block = (params: TensorRecord, name: string) => (x: tf.Tensor) =>
    residualBlock(params, name, x, groups);
  const blocks = (params: TensorRecord, name: string, count: number, x: tf.Tensor) => {
    return range(count).reduce((y, i) => block(params, `${name}.${i}`)(y), x);
  };
  const normalised = (params: TensorRecord, name: string, x: tf.Tensor) => {
    return silu(groupNorm(params, name, x, { groups }));
  };

  return {
    name: `vae (width ${width}, ${latentChannels} latent channels)`,
    options,
    params: vaeSpecs(options),
    encode(params, images) {
      checkImages(images);
      let x = conv2d(params, "encoder.input", toChannels(images));
      x = blocks(params, "encoder.half", encoderBlocks, x);
      x = conv2d(params, "encoder.down", toChannels(x));
      x = blocks(params, "encoder.quarter", encoderBlocks, x);
      x = normalised(params, "encoder.output_norm", x);
      return {
        mean: conv2d(params, "encoder.mean", x),
        logVariance: tf.clipByValue(conv2d(params, "encoder.log_variance", x), ...LOG_VARIANCE),
      };
    },
    decode(params, latents) {
      let x = conv2d(params, "decoder.input", latents);
      x = blocks(params, "decoder.quarter", decoderBlocks, x);
      x = toPixels(conv2d(params, "decoder.up", x));
      x = blocks(params, "decoder.half", decoderBlocks, x);
      x = normalised(params, "decoder.output_norm", x);
      return toPixels(conv2d(params, "decoder.output", x));
    },
  };
}

/** A latent of the distribution: mean + exp(logVariance / 2) · noise, noise being standard normal `[B, h, w, c]`. */
export function reparameterise({ mean, logVariance }: Posterior, noise: tf.Tensor): tf.Tensor {
  return tf.add(mean, tf.mul(tf.exp(tf.div(logVariance, 2)), noise));
}

/**
 * KL divergence of each latent number's distribution from the standard normal one, in nats, same shape:
 * (mean² + variance − 1 − log variance) / 2 (Kingma & Welling 2013, appendix B).
 */
export function klDivergence({ mean, logVariance }: Posterior): tf.Tensor {
  const variance = tf.exp(logVariance);
  return tf.div(tf.sub(tf.add(tf.square(mean), variance), tf.add(1, logVariance)), 2);
}

/** Shape of the latents of images of a shape; throws a RangeError if they cannot be encoded. */
export function latentShapeOf(
  { latentChannels }: Pick<VaeOptions, "latentChannels">,
  [height, width, channels]: ImageShape,
): ImageShape {
  if (channels !== 3) {
    throw new RangeError(`Cannot encode images of ${channels} channels: expected 3 (RGB)`);
  }
  for (const [side, length] of [["height", height], ["width", width]] as const) {
    if (!(length > 0 && length % VAE_FACTOR === 0)) {
      throw new RangeError(
        `Cannot encode images of ${side} ${length}: it must be divisible by ${VAE_FACTOR}`,
      );
    }
  }
  return [height / VAE_FACTOR, width / VAE_FACTOR, latentChannels];
}

/** Squares of 2×2 pixels as channels: `[B, H, W, C]` → `[B, H / 2, W / 2, 4 C]`. */
function toChannels(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  return tf.reshape(patchify(x, 2), [batch, height / 2, width / 2, 4 * channels]);
}

/** The inverse of {@linkcode toChannels}: `[B, h, w, 4 C]` → `[B, 2 h, 2 w, C]`. */
function toPixels(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const patches = tf.reshape(x, [batch, height * width, channels]);
  return unpatchify(patches, 2, [2 * height, 2 * width, channels / 4]);
}

/** Two convolutions around which the input is carried: the same shape. */
function residualBlock(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  groups: number,
): tf.Tensor {
  let y = silu(groupNorm(params, `${name}.norm1`, x, { groups }));
  y = conv2d(params, `${name}.conv1`, y);
  y = silu(groupNorm(params, `${name}.norm2`, y, { groups }));
  return tf.add(x, conv2d(params, `${name}.conv2`, y));
}

function vaeSpecs({ width, latentChannels, encoderBlocks, decoderBlocks }: VaeOptions): ParamSpecs {
  const wide = 2 * width;
  const blocks = (name: string, count: number, channels: number): ParamSpecs =>
    Object.assign({}, ...range(count).map((i) => residualBlockSpecs(`${name}.${i}`, channels)));
  return {
    ...conv2dSpecs("encoder.input", 4 * 3, width),
    ...blocks("encoder.half", encoderBlocks, width),
    ...conv2dSpecs("encoder.down", 4 * width, wide, { kernel: 1 }),
    ...blocks("encoder.quarter", encoderBlocks, wide),
    ...normSpecs("encoder.output_norm", wide),
    ...conv2dSpecs("encoder.mean", wide, latentChannels),
    ...conv2dSpecs("encoder.log_variance", wide, latentChannels, { init: zeros }),
    // Little noise at first: the decoder learns nothing from latents that drown in it.
    "encoder.log_variance.bias": param([latentChannels], constant(-4)),
    ...conv2dSpecs("decoder.input", latentChannels, wide),
    ...blocks("decoder.quarter", decoderBlocks, wide),
    ...conv2dSpecs("decoder.up", wide, 4 * width, { kernel: 1 }),
    ...blocks("decoder.half", decoderBlocks, width),
    ...normSpecs("decoder.output_norm", width),
    ...conv2dSpecs("decoder.output", width, 4 * 3),
  };
}

function residualBlockSpecs(name: string, channels: number): ParamSpecs {
  return {
    ...normSpecs(`${name}.norm1`, channels),
    ...conv2dSpecs(`${name}.conv1`, channels, channels),
    ...normSpecs(`${name}.norm2`, channels),
    // Zero at the start, so that every block begins as the identity.
    ...conv2dSpecs(`${name}.conv2`, channels, channels, { init: zeros }),
  };
}

function checkOptions(options: VaeOptions): VaeOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new RangeError(
        `Unknown key "${name}" of vae: there are ${Object.keys(DEFAULTS).join(", ")}`,
      );
    }
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(
        `Cannot build vae: ${name} is ${value}, expected a whole number from 1`,
      );
    }
  }
  if (options.width % options.groups !== 0) {
    throw new RangeError(
      `Cannot build vae: width ${options.width} is not divisible by ${options.groups} groups`,
    );
  }
  return options;
}

function checkImages({ shape }: tf.Tensor): void {
  const [, height = 0, width = 0, channels = 0] = shape;
  latentShapeOf({ latentChannels: 1 }, [height, width, channels]);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
