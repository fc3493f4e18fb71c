import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import { conv2d, conv2dSpecs, groupNorm, linear, linearSpecs, normSpecs } from "../nn/mod.ts";
import { expectShape, type TensorRecord } from "../tensors.ts";
import type { ImageShape } from "./model.ts";
import { patchify } from "./patchify.ts";
import { POOLED_WIDTH } from "./text_conditioning.ts";
import { unitLength } from "./text_tower.ts";

/** Everything that defines an image tower. */
export interface ImageTowerOptions {
  /** Sides divisible by 16. */
  imageShape: ImageShape;
  /** Channels of the first layers, divisible by 8; later ones have twice as many. */
  width: number;
}

/** An image tower: parameter specs and a pure function. */
export interface ImageTower {
  name: string;
  params: ParamSpecs;
  imageShape: ImageShape;
  /** Images `[B, H, W, C]` in [−1, 1] → vectors of length 1, `[B, 512]`. */
  apply(params: TensorRecord, images: tf.Tensor): tf.Tensor;
}

const PATCH = 4, GROUPS = 8;

/**
 * A small convolutional net: patches of 4 × 4 pixels, then convolutions that halve the picture twice. What is left is
 * read place by place instead of averaged, because where things lie matters ("left of").
 */
export function imageTower({ imageShape, width }: ImageTowerOptions): ImageTower {
  const [height, imageWidth, channels] = imageShape;
  if (height % 16 !== 0 || imageWidth % 16 !== 0) {
    throw new RangeError(
      `Cannot build an image tower for ${height}×${imageWidth} pixels: expected sides divisible by 16`,
    );
  }
  if (!(Number.isSafeInteger(width) && width > 0 && width % GROUPS === 0)) {
    throw new RangeError(
      `Cannot build an image tower of width ${width}: expected a number divisible by ${GROUPS}`,
    );
  }
  const rows = height / PATCH, columns = imageWidth / PATCH, places = rows * columns / 16;
  return {
    name: `image tower (width ${width})`,
    imageShape,
    params: {
      ...linearSpecs("patches", PATCH * PATCH * channels, width),
      ...layerSpecs("full", width, width),
      ...layerSpecs("half", width, 2 * width),
      ...layerSpecs("residual.0", 2 * width, 2 * width),
      ...layerSpecs("residual.1", 2 * width, 2 * width),
      ...layerSpecs("quarter", 2 * width, 2 * width),
      ...normSpecs("norm", 2 * width),
      ...linearSpecs("projection", places * 2 * width, POOLED_WIDTH),
    },
    apply(params, images) {
      expectShape("images", images.shape, [-1, ...imageShape]);
      const batch = images.shape[0]!;
      const patches = linear(params, "patches", patchify(images, PATCH));
      let x = tf.reshape(patches, [batch, rows, columns, width]) as tf.Tensor;
      x = layer(params, "half", layer(params, "full", x), { stride: 2 });
      x = tf.add(x, layer(params, "residual.1", layer(params, "residual.0", x)));
      x = bend(params, "norm", layer(params, "quarter", x, { stride: 2 }));
      return unitLength(linear(params, "projection", tf.reshape(x, [batch, -1])));
    },
  };
}

/** Normalisation, SiLU and a convolution. */
function layer(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  options: { stride?: number } = {},
): tf.Tensor {
  return conv2d(params, `${name}.conv`, bend(params, `${name}.norm`, x), options);
}

function bend(params: TensorRecord, name: string, x: tf.Tensor): tf.Tensor {
  return silu(groupNorm(params, name, x, { groups: GROUPS }));
}

function layerSpecs(name: string, from: number, to: number): ParamSpecs {
  return { ...normSpecs(`${name}.norm`, from), ...conv2dSpecs(`${name}.conv`, from, to) };
}
