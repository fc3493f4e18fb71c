import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import {
  layerNorm,
  linear,
  linearSpecs,
  normal,
  normSpecs,
  param,
  parameter,
  type ParamSpecs,
} from "../nn/mod.ts";
import { expectShape, type SpecRecord, type TensorRecord } from "../tensors.ts";

/** Width of the one vector that stands for a whole prompt. */
export const POOLED_WIDTH = 512;

/** Shape of encoded prompts. */
export interface TextShape {
  /** Most tokens of a prompt, L; 0 where there are only pooled vectors. */
  length: number;
  /** Width of a token's vector, D. */
  width: number;
}

/** Encoded prompts, as a model sees them. */
export interface TextInputs {
  /** One vector per prompt, of length 1: `[B, 512]`. */
  pooled: tf.Tensor;
  /** One vector per token: `[B, L, D]`; left out where L is 0. */
  tokens?: tf.Tensor;
  /** 1 for tokens of the prompt, 0 for padding: `[B, L]`; left out where L is 0. */
  mask?: tf.Tensor;
  /** 1 where the prompt counts, 0 where the learned null text takes its place: `[B]`. */
  keep: tf.Tensor;
}

/** Shapes of {@linkcode TextInputs} for B prompts. */
export function textSpec({ length, width }: TextShape, batch: number): SpecRecord {
  const numbers = (...shape: number[]) => ({ shape, dtype: "float32" as const });
  return {
    pooled: numbers(batch, POOLED_WIDTH),
    ...(length > 0 && { tokens: numbers(batch, length, width), mask: numbers(batch, length) }),
    keep: numbers(batch),
  };
}

/** Throws unless encoded prompts have the shapes that the model was made for. */
export function checkText(shape: TextShape, text: TextInputs, batch: number): void {
  for (const [name, spec] of Object.entries(textSpec(shape, batch))) {
    const tensor = text[name as keyof TextInputs];
    if (!tensor) {
      throw new TypeError(`Encoded prompts lack ${name}: this model takes ${shape.length} tokens`);
    }
    expectShape(`text ${name}`, tensor.shape, spec.shape);
  }
}

/** Parameters of {@linkcode pooledText}: the null text, a map of two layers, and a normalisation. */
export function pooledTextSpecs(width: number): ParamSpecs {
  return {
    null_text: param([POOLED_WIDTH], normal(1)),
    ...linearSpecs("text_embedding.0", POOLED_WIDTH, width),
    ...linearSpecs("text_embedding.2", width, width),
    ...normSpecs("text_norm", width),
  };
}

/** The part of the conditioning vector that says what is to be drawn: `[B, 512]` → `[B, width]`. */
export function pooledText(params: TensorRecord, text: TextInputs): tf.Tensor {
  const kept = pooledOrNull(text, parameter(params, "null_text"));
  const hidden = silu(linear(params, "text_embedding.0", kept));
  // Normalised, so that a prompt unlike all that were learned from cannot push the network out of bounds.
  return layerNorm(params, "text_norm", linear(params, "text_embedding.2", hidden));
}

/** Pooled vectors as networks take them, a learned null in the place of dropped prompts: `[B, 512]` → the same. */
export function pooledOrNull({ pooled, keep }: TextInputs, nothing: tf.Tensor): tf.Tensor {
  // A vector of length 1 has numbers of about 1/√512: brought to the size of the other inputs.
  return orNull(tf.mul(pooled, Math.sqrt(POOLED_WIDTH)), nothing, tf.expandDims(keep, 1));
}

/** Parameters of {@linkcode tokenContext}. */
export function tokenContextSpecs(tokenWidth: number, width: number): ParamSpecs {
  return {
    null_token: param([tokenWidth], normal(1)),
    ...normSpecs("token_norm", tokenWidth),
    ...linearSpecs("token_embedding", tokenWidth, width),
  };
}

/** What image tokens look at: one vector per word `[B, L, width]`, and −10⁹ where there is none `[B, 1, 1, L]`. */
export interface TokenContext {
  tokens: tf.Tensor;
  bias: tf.Tensor;
}

/** Token vectors brought to the model's width; a dropped prompt becomes a row of null tokens. */
export function tokenContext(params: TensorRecord, text: TextInputs): TokenContext {
  const { keep } = text, tokens = text.tokens!, mask = text.mask!;
  const [batch, length] = mask.shape as [number, number];
  const kept = orNull(tokens, parameter(params, "null_token"), tf.reshape(keep, [batch, 1, 1]));
  // The null tokens are all alike, so attending to all of them is attending to one.
  const seen = orNull(mask, tf.ones([1]), tf.expandDims(keep, 1));
  return {
    tokens: linear(params, "token_embedding", layerNorm(params, "token_norm", kept)),
    bias: tf.reshape(tf.mul(tf.sub(seen, 1), 1e9), [batch, 1, 1, length]),
  };
}

/** value where keep is 1, the learned null where it is 0. */
function orNull(value: tf.Tensor, nothing: tf.Tensor, keep: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(value, keep), tf.mul(nothing, tf.sub(1, keep)));
}
