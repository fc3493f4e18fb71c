import * as tf from "@tensorflow/tfjs-core";
import { gelu, layerNorm, selfAttention, silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import { linear, linearSpecs, xavierUniform, zeros } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { conditioning, conditioningSpecs } from "./conditioning.ts";
import type { DiTSize } from "./dit_presets.ts";
import type { ImageShape, Model } from "./model.ts";
import { checkInputs } from "./model.ts";
import { patchGrid, patchify, unpatchify } from "./patchify.ts";
import { crossAttention, crossAttentionSpecs } from "./cross_attention.ts";
import { positions2d } from "./positions.ts";
import {
  type TextShape,
  type TokenContext,
  tokenContext,
  tokenContextSpecs,
} from "./text_conditioning.ts";

/** Everything that defines a DiT. */
export interface DiTOptions extends DiTSize {
  imageShape: ImageShape;
  /** Number of classes; 0 for an unconditional model. */
  classes: number;
  /** What t is multiplied by before the sinusoids; 1000 in DiT. */
  timeScale: number;
  /** Whether each branch of a block is multiplied by a learned gate before it is added. */
  gates: boolean;
  /** Whether modulations, gates and the output layer start at zero, so that every block starts as the identity. */
  zeroInit: boolean;
  /** Shape of encoded prompts; absent for a model without text. */
  text?: TextShape;
  /** Whether image tokens look at the single words of a prompt, besides its one vector. */
  crossAttention: boolean;
}

/**
 * Diffusion transformer with adaLN-zero (Peebles & Xie 2022).
 *
 * Image → patches → tokens + fixed positions → blocks of attention and MLP, each modulated by the
 * conditioning vector → patches → image. `[B, H, W, C]` → `[B, H, W, C]`.
 */
export function dit(options: DiTOptions): Model {
  const { imageShape, classes, width, depth, heads, patch } = options;
  checkOptions(options);
  const { rows, columns } = patchGrid(imageShape, patch);
  const positions = positions2d(rows, columns, width);
  const conditions = conditioningConfig(options);
  const { text, crossAttention: words } = options;

  return {
    name: `dit (width ${width}, depth ${depth}, heads ${heads}, patch ${patch})`,
    params: ditSpecs(options),
    imageShape,
    classes,
    ...(text && { text }),
    apply(params, inputs) {
      checkInputs({ imageShape, classes, ...(text && { text }) }, inputs);
      // Every modulation starts with SiLU of the same vector: computed once.
      const condition = silu(conditioning(params, inputs, conditions));
      let tokens = linear(params, "patch_embedding", patchify(inputs.x, patch));
      tokens = tf.add(tokens, tf.tensor3d(positions, [1, rows * columns, width]));
      const context = text && words ? tokenContext(params, inputs.text!) : undefined;
      for (let i = 0; i < depth; i++) {
        tokens = block(params, `blocks.${i}`, tokens, { condition, context }, options);
      }
      return unpatchify(outputLayer(params, tokens, condition), patch, imageShape);
    },
  };
}

/** One transformer block: `[B, N, D]`, condition `[B, K]` and the words of prompts → `[B, N, D]`. */
function block(
  params: TensorRecord,
  name: string,
  tokens: tf.Tensor,
  { condition, context }: { condition: tf.Tensor; context: TokenContext | undefined },
  { heads, gates }: DiTOptions,
): tf.Tensor {
  const [shift1, scale1, gate1, shift2, scale2, gate2] = gates
    ? modulation(params, `${name}.modulation`, condition, 6)
    : withoutGates(modulation(params, `${name}.modulation`, condition, 4));

  const qkv = linear(params, `${name}.attention.qkv`, modulate(tokens, shift1!, scale1!));
  const attended = linear(params, `${name}.attention.out`, selfAttention(qkv, heads));
  tokens = tf.add(tokens, gate1 ? tf.mul(gate1, attended) : attended);
  if (context) {
    tokens = tf.add(tokens, crossAttention(params, `${name}.cross`, tokens, context, heads));
  }

  const hidden = gelu(linear(params, `${name}.mlp.0`, modulate(tokens, shift2!, scale2!)));
  const transformed = linear(params, `${name}.mlp.2`, hidden);
  return tf.add(tokens, gate2 ? tf.mul(gate2, transformed) : transformed);
}

/** Tokens back to patches: `[B, N, D]` → `[B, N, patch · patch · C]`. */
function outputLayer(params: TensorRecord, tokens: tf.Tensor, condition: tf.Tensor): tf.Tensor {
  const [shift, scale] = modulation(params, "output.modulation", condition, 2);
  return linear(params, "output.linear", modulate(tokens, shift!, scale!));
}

/** Layer normalisation whose scale and shift come from the condition instead of being learned. */
function modulate(tokens: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return layerNorm(tokens, { scale: tf.add(scale, 1), shift });
}

/** A linear map of the condition, cut into `count` vectors `[B, 1, D]`. */
function modulation(
  params: TensorRecord,
  name: string,
  condition: tf.Tensor,
  count: number,
): tf.Tensor[] {
  const vectors = linear(params, name, condition);
  const [batch, features] = vectors.shape as [number, number];
  return tf.split(tf.reshape(vectors, [batch, 1, features]), count, 2);
}

function withoutGates([shift1, scale1, shift2, scale2]: tf.Tensor[]): (tf.Tensor | undefined)[] {
  return [shift1, scale1, undefined, shift2, scale2, undefined];
}

function ditSpecs(options: DiTOptions): ParamSpecs {
  const { imageShape, width, depth, patch, mlpRatio, conditioningWidth, gates } = options;
  const patchSize = patch * patch * imageShape[2];
  const hidden = Math.round(width * mlpRatio);
  const init = options.zeroInit ? zeros : xavierUniform();
  const words = options.text && options.crossAttention;
  const blocks = Array.from({ length: depth }, (_, i): ParamSpecs => ({
    ...linearSpecs(`blocks.${i}.modulation`, conditioningWidth, (gates ? 6 : 4) * width, { init }),
    ...linearSpecs(`blocks.${i}.attention.qkv`, width, 3 * width),
    ...linearSpecs(`blocks.${i}.attention.out`, width, width),
    ...(words && crossAttentionSpecs(`blocks.${i}.cross`, width, { init })),
    ...linearSpecs(`blocks.${i}.mlp.0`, width, hidden),
    ...linearSpecs(`blocks.${i}.mlp.2`, hidden, width),
  }));
  return Object.assign(
    linearSpecs("patch_embedding", patchSize, width),
    conditioningSpecs(conditioningConfig(options)),
    words ? tokenContextSpecs(options.text!.width, width) : {},
    ...blocks,
    linearSpecs("output.modulation", conditioningWidth, 2 * width, { init }),
    linearSpecs("output.linear", width, patchSize, { init }),
  );
}

function conditioningConfig(options: DiTOptions) {
  const { width, conditioningWidth, classes, timeScale, text } = options;
  return {
    frequencies: width,
    width: conditioningWidth,
    classes,
    timeScale,
    text: text !== undefined,
  };
}

function checkOptions({ width, heads, text, crossAttention }: DiTOptions): void {
  if (text?.length === 0 && crossAttention) {
    throw new RangeError(
      "Cannot build dit: the texts have no single tokens to look at; set model.crossAttention=false",
    );
  }
  if (width % heads !== 0) {
    throw new RangeError(`Cannot build dit: width ${width} is not divisible by ${heads} heads`);
  }
  if (width % 4 !== 0) {
    throw new RangeError(
      `Cannot build dit: width ${width} is not divisible by 4, which 2-D positions need`,
    );
  }
}
