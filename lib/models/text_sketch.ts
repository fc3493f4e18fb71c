import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import { linear, linearSpecs, normal, param, parameter, type ParamSpecs } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { POOLED_WIDTH, pooledOrNull, type TextInputs } from "./text_conditioning.ts";

/** Size of a sketch. */
export interface SketchShape {
  /** Number of image tokens, N. */
  tokens: number;
  /** Numbers per token, S. */
  depth: number;
  /** Width of an image token, D. */
  width: number;
}

/** Width of the two layers between a prompt's vector and its sketch. */
const HIDDEN = 384;

/** Parameters of {@linkcode textSketch}. */
export function textSketchSpecs({ tokens, depth, width }: SketchShape): ParamSpecs {
  return {
    "sketch.null": param([POOLED_WIDTH], normal(1)),
    ...linearSpecs("sketch.0", POOLED_WIDTH, HIDDEN),
    ...linearSpecs("sketch.2", HIDDEN, HIDDEN),
    ...linearSpecs("sketch.4", HIDDEN, tokens * depth),
    ...linearSpecs("sketch.out", depth, width),
  };
}

/**
 * A rough plan of the picture straight from the prompt's vector, S numbers for each place: `[B, 512]` → `[B, N, D]`, to
 * be added to the image tokens.
 *
 * A modulation says the same to all tokens, and words have no place, so that what a chair has where must be learned in
 * roundabout ways. Here it is one matrix away.
 */
export function textSketch(
  params: TensorRecord,
  text: TextInputs,
  { tokens, depth }: SketchShape,
): tf.Tensor {
  const kept = pooledOrNull(text, parameter(params, "sketch.null"));
  const hidden = silu(linear(params, "sketch.2", silu(linear(params, "sketch.0", kept))));
  const plan = linear(params, "sketch.4", hidden);
  return linear(params, "sketch.out", tf.reshape(plan, [text.pooled.shape[0]!, tokens, depth]));
}
