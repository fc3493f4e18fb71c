import * as tf from "@tensorflow/tfjs-core";
import type { TensorRecord } from "../tensors.ts";
import type { Initialiser } from "./initialisers.ts";
import { kaimingNormal, zeros } from "./initialisers.ts";
import type { ParamSpecs } from "./specs.ts";
import { param } from "./specs.ts";
import { parameter } from "./tree.ts";

/** Options of {@linkcode conv2dSpecs}. */
export interface Conv2dOptions {
  /** Size of the square kernel; 3 by default. */
  kernel?: number;
  /** Initial weight; Kaiming normal by default. */
  init?: Initialiser;
  /** Whether there is a bias (it starts at zero). */
  bias?: boolean;
}

/** Parameters of {@linkcode conv2d}: `name.weight` `[kernel, kernel, in, out]` and `name.bias` `[out]`. */
export function conv2dSpecs(
  name: string,
  inChannels: number,
  outChannels: number,
  options: Conv2dOptions = {},
): ParamSpecs {
  const { kernel = 3, init = kaimingNormal(), bias = true } = options;
  return {
    [`${name}.weight`]: param([kernel, kernel, inChannels, outChannels], init, "conv"),
    ...(bias && { [`${name}.bias`]: param([outChannels], zeros) }),
  };
}

/**
 * Two-dimensional convolution: `[B, H, W, in]` → `[B, H / stride, W / stride, out]`.
 * Padded by ⌊kernel / 2⌋ zeros on every side, like PyTorch's `padding=kernel // 2`.
 */
export function conv2d(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  options: { stride?: number } = {},
): tf.Tensor {
  const weight = parameter(params, `${name}.weight`) as tf.Tensor4D;
  const bias = params[`${name}.bias`];
  const [kernel, , inChannels] = weight.shape;
  if (x.shape.length !== 4 || x.shape[3] !== inChannels) {
    throw new RangeError(
      `Cannot apply ${name}: input has shape [${x.shape.join(", ")}], ` +
        `expected [B, H, W, ${inChannels}]`,
    );
  }
  const { stride = 1 } = options;
  // At stride 1 this padding is "same", which every device knows; else the zeros are put there by hand.
  const pad = Math.floor(kernel / 2);
  const same = stride === 1 && kernel % 2 === 1;
  const image = same ? x : tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]]);
  const y = tf.conv2d(image as tf.Tensor4D, weight, stride, same ? "same" : "valid");
  return bias ? tf.add(y, bias) : y;
}

/** Repeats every pixel `factor` times in both directions: `[B, H, W, C]` → `[B, factor · H, factor · W, C]`. */
export function upsampleNearest(x: tf.Tensor, factor: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  // Copies laid side by side, because the gradient of tf.image.resizeNearestNeighbor is wrong on tfjs's cpu backend
  // for more than one image (4.22.0).
  const copies = (tensor: tf.Tensor) => Array<tf.Tensor>(factor).fill(tensor);
  const pixels = tf.reshape(x, [batch * height, width, channels]);
  const rows = tf.reshape(tf.concat(copies(pixels), 2), [
    batch * height,
    factor * width * channels,
  ]);
  return tf.reshape(tf.concat(copies(rows), 1), [batch, factor * height, factor * width, channels]);
}
