import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import {
  conv2d,
  conv2dSpecs,
  groupNorm,
  linear,
  linearSpecs,
  normal,
  normSpecs,
  upsampleNearest,
  xavierUniform,
  zeros,
} from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { conditioning, conditioningSpecs } from "./conditioning.ts";
import type { ImageShape, Model } from "./model.ts";
import { checkInputs } from "./model.ts";

/** Everything that defines a U-Net. */
export interface UNetOptions {
  imageShape: ImageShape;
  /** Number of classes; 0 for an unconditional model. */
  classes: number;
  /** Channels at full resolution; the two coarser levels have twice as many. */
  width: number;
  /** Groups of every group normalisation. */
  groups: number;
  /** What t is multiplied by before the sinusoids. */
  timeScale: number;
}

/**
 * Small U-Net with three resolutions (Ronneberger et al. 2015, with the residual blocks of Ho et al. 2020).
 *
 * One residual block on the way down at full and half size, one at quarter size, and one on the way up at half and
 * full size, which also sees what the way down had there. `[B, H, W, C]` → `[B, H, W, C]`; 1.8 M parameters at
 * width 64.
 */
export function unet(options: UNetOptions): Model {
  const { imageShape, classes, width, groups } = options;
  checkOptions(options);
  const conditions = conditioningConfig(options);

  return {
    name: `unet (width ${width})`,
    params: unetSpecs(options),
    imageShape,
    classes,
    apply(params, inputs) {
      checkInputs({ imageShape, classes }, inputs);
      const condition = silu(conditioning(params, inputs, conditions));
      const block = (name: string, x: tf.Tensor) => {
        return residualBlock(params, name, x, condition, groups);
      };
      const full = block("down.0", conv2d(params, "input", inputs.x));
      const half = block("down.1", conv2d(params, "downsample.0", full, { stride: 2 }));
      const quarter = block("middle", conv2d(params, "downsample.1", half, { stride: 2 }));
      const halfUp = conv2d(params, "upsample.1", upsampleNearest(quarter, 2));
      const halfOut = block("up.1", tf.concat([halfUp, half], 3));
      const fullUp = conv2d(params, "upsample.0", upsampleNearest(halfOut, 2));
      const fullOut = block("up.0", tf.concat([fullUp, full], 3));
      return conv2d(params, "output", silu(groupNorm(params, "output_norm", fullOut, { groups })));
    },
  };
}

/** Two convolutions around which the input is carried; the condition is added to every pixel in between. */
function residualBlock(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  condition: tf.Tensor,
  groups: number,
): tf.Tensor {
  let y = silu(groupNorm(params, `${name}.norm1`, x, { groups }));
  y = conv2d(params, `${name}.conv1`, y);
  const bias = linear(params, `${name}.condition`, condition);
  const [batch, channels] = bias.shape as [number, number];
  y = tf.add(y, tf.reshape(bias, [batch, 1, 1, channels]));
  y = silu(groupNorm(params, `${name}.norm2`, y, { groups }));
  y = conv2d(params, `${name}.conv2`, y);
  const carried = x.shape[3] === channels ? x : conv2d(params, `${name}.skip`, x);
  return tf.add(carried, y);
}

function unetSpecs(options: UNetOptions): ParamSpecs {
  const { imageShape: [, , channels], width } = options;
  const conditions = conditioningConfig(options);
  const block = (name: string, from: number, to: number) => {
    return residualBlockSpecs(name, from, to, conditions.width);
  };
  return {
    // Loud from the start: the labels of a net that begins deaf to them are learned very late.
    ...conditioningSpecs(conditions, { time: xavierUniform(), classes: normal(1) }),
    ...conv2dSpecs("input", channels, width),
    ...block("down.0", width, width),
    ...conv2dSpecs("downsample.0", width, width),
    ...block("down.1", width, 2 * width),
    ...conv2dSpecs("downsample.1", 2 * width, 2 * width),
    ...block("middle", 2 * width, 2 * width),
    ...conv2dSpecs("upsample.1", 2 * width, 2 * width),
    ...block("up.1", 4 * width, 2 * width),
    ...conv2dSpecs("upsample.0", 2 * width, width),
    ...block("up.0", 2 * width, width),
    ...normSpecs("output_norm", width),
    ...conv2dSpecs("output", width, channels, { init: zeros }),
  };
}

function residualBlockSpecs(
  name: string,
  from: number,
  to: number,
  conditionWidth: number,
): ParamSpecs {
  return {
    ...normSpecs(`${name}.norm1`, from),
    ...conv2dSpecs(`${name}.conv1`, from, to),
    ...linearSpecs(`${name}.condition`, conditionWidth, to),
    ...normSpecs(`${name}.norm2`, to),
    // Zero at the start, so that every block begins as the identity.
    ...conv2dSpecs(`${name}.conv2`, to, to, { init: zeros }),
    ...(from !== to && conv2dSpecs(`${name}.skip`, from, to, { kernel: 1 })),
  };
}

function conditioningConfig({ width, classes, timeScale }: UNetOptions) {
  return { frequencies: width, width: 4 * width, classes, timeScale };
}

function checkOptions({ imageShape: [height, width], width: channels, groups }: UNetOptions): void {
  for (const [side, length] of [["height", height], ["width", width]] as const) {
    if (length % 4 !== 0) {
      throw new RangeError(
        `Cannot build unet: image ${side} ${length} is not divisible by 4, and it is halved twice`,
      );
    }
  }
  if (channels % groups !== 0) {
    throw new RangeError(
      `Cannot build unet: width ${channels} is not divisible by ${groups} groups`,
    );
  }
}
