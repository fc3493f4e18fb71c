import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import { conv2d, conv2dSpecs, groupNorm, linear, linearSpecs, normSpecs } from "../nn/mod.ts";
import { expectShape, type TensorRecord } from "../tensors.ts";
import type { ImageShape } from "./model.ts";
import { POOLED_WIDTH } from "./text_conditioning.ts";
import { unitLength } from "./text_tower.ts";

/** Everything that defines an image tower. */
export interface ImageTowerOptions {
  /** Sides divisible by 16. */
  imageShape: ImageShape;
  /** Channels of the first layer, divisible by 8; the last has four times as many. */
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

const GROUPS = 8;

/**
 * A small convolutional net that halves the picture four times and reads what is left place by place, because where
 * things lie matters ("left of").
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
  const widths = [width, 2 * width, 4 * width, 4 * width];
  const places = height / 16 * imageWidth / 16;
  return {
    name: `image tower (width ${width})`,
    imageShape,
    params: {
      ...conv2dSpecs("stages.0", channels, widths[0]!),
      ...stageSpecs(1, widths),
      ...stageSpecs(2, widths),
      ...residualSpecs("residual", widths[2]!),
      ...stageSpecs(3, widths),
      ...normSpecs("norm", widths[3]!),
      ...linearSpecs("projection", places * widths[3]!, POOLED_WIDTH),
    },
    apply(params, images) {
      expectShape("images", images.shape, [-1, ...imageShape]);
      const bend = (name: string, x: tf.Tensor) => {
        return silu(groupNorm(params, name, x, { groups: GROUPS }));
      };
      const down = (stage: number, x: tf.Tensor) => {
        return conv2d(params, `stages.${stage}`, bend(`norms.${stage}`, x), { stride: 2 });
      };
      let x = conv2d(params, "stages.0", images, { stride: 2 });
      x = down(2, down(1, x));
      const inner = conv2d(params, "residual.conv1", bend("residual.norm1", x));
      x = tf.add(x, conv2d(params, "residual.conv2", bend("residual.norm2", inner)));
      x = bend("norm", down(3, x));
      return unitLength(linear(params, "projection", tf.reshape(x, [images.shape[0]!, -1])));
    },
  };
}

function stageSpecs(stage: number, widths: readonly number[]): ParamSpecs {
  const from = widths[stage - 1]!;
  return {
    ...normSpecs(`norms.${stage}`, from),
    ...conv2dSpecs(`stages.${stage}`, from, widths[stage]!),
  };
}

function residualSpecs(name: string, width: number): ParamSpecs {
  return {
    ...normSpecs(`${name}.norm1`, width),
    ...conv2dSpecs(`${name}.conv1`, width, width),
    ...normSpecs(`${name}.norm2`, width),
    ...conv2dSpecs(`${name}.conv2`, width, width),
  };
}
