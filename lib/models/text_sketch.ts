import * as tf from "@tensorflow/tfjs-core";
import { attention, silu } from "../engine/ops/mod.ts";
import { linear, linearSpecs, normal, param, parameter, type ParamSpecs } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import {
  POOLED_WIDTH,
  pooledOrNull,
  type TextInputs,
  type TokenContext,
} from "./text_conditioning.ts";

/** Size of a sketch. */
export interface SketchShape {
  /** Number of image tokens, N. */
  tokens: number;
  /** Numbers per token of the plan, S. */
  depth: number;
  /** Width of an image token, D. */
  width: number;
  /** Numbers per patch. */
  patch: number;
  /** Heads that look at words; 0 where there are none. */
  heads: number;
}

/** Width of the two layers between a prompt's vector and its plan. */
const HIDDEN = 384;

/** Parameters of {@linkcode textSketch} and {@linkcode sketchedPatches}. */
export function textSketchSpecs({ tokens, depth, width, patch, heads }: SketchShape): ParamSpecs {
  const both = depth + width, hidden = 2 * width;
  return {
    "sketch.null": param([POOLED_WIDTH], normal(1)),
    ...linearSpecs("sketch.plan.0", POOLED_WIDTH, HIDDEN),
    ...linearSpecs("sketch.plan.2", HIDDEN, HIDDEN),
    ...linearSpecs("sketch.plan.4", HIDDEN, tokens * depth),
    ...(heads > 0
      ? {
        ...linearSpecs("sketch.q", depth, width),
        ...linearSpecs("sketch.kv", width, 2 * width),
        ...linearSpecs("sketch.gate", both, hidden),
        ...linearSpecs("sketch.value", both, hidden),
        ...linearSpecs("sketch.out", hidden, width),
      }
      : linearSpecs("sketch.out", depth, width)),
    ...linearSpecs("sketch.picture", width, patch),
  };
}

/**
 * A rough picture straight from the prompt: `[B, N, D]`, to be added to the image tokens.
 *
 * The prompt's vector `[B, 512]` becomes a plan, S numbers for each place. Each place then looks at the prompt's words,
 * and one small network, the same for all places, makes a piece of the picture from both (a gated linear unit, Shazeer
 * 2020). The plan says "the upper left of the first thing", the words say "dog": how a dog looks at its upper left is
 * learned once, wherever dogs are. Without words the plan itself is the sketch.
 */
export function textSketch(
  params: TensorRecord,
  text: TextInputs,
  context: TokenContext | undefined,
  { tokens, depth, heads }: SketchShape,
): tf.Tensor {
  const kept = pooledOrNull(text, parameter(params, "sketch.null"));
  const hidden = silu(
    linear(params, "sketch.plan.2", silu(linear(params, "sketch.plan.0", kept))),
  );
  const plan = tf.reshape(
    linear(params, "sketch.plan.4", hidden),
    [text.pooled.shape[0]!, tokens, depth],
  );
  if (!context) return linear(params, "sketch.out", plan);
  const [k, v] = tf.split(linear(params, "sketch.kv", context.tokens), 2, 2) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const q = linear(params, "sketch.q", plan);
  const both = tf.concat([plan, attention(q, k, v, heads, { bias: context.bias })], 2);
  const gate = silu(linear(params, "sketch.gate", both));
  return linear(params, "sketch.out", tf.mul(gate, linear(params, "sketch.value", both)));
}

/** A sketch as patches `[B, N, patch]`: the mean of all pictures that the prompt could mean, once it has learned. */
export function sketchedPatches(params: TensorRecord, sketch: tf.Tensor): tf.Tensor {
  return linear(params, "sketch.picture", sketch);
}
