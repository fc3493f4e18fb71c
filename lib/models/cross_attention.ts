import * as tf from "@tensorflow/tfjs-core";
import { attention, layerNorm } from "../engine/ops/mod.ts";
import { type Initialiser, linear, linearSpecs, type ParamSpecs } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import type { TokenContext } from "./text_conditioning.ts";

/** Parameters of {@linkcode crossAttention}; `init` is that of the last layer. */
export function crossAttentionSpecs(
  name: string,
  width: number,
  { init }: { init: Initialiser },
): ParamSpecs {
  return {
    ...linearSpecs(`${name}.q`, width, width),
    ...linearSpecs(`${name}.kv`, width, 2 * width),
    ...linearSpecs(`${name}.out`, width, width, { init }),
  };
}

/**
 * Every image token asks the words of its prompt: `[B, N, D]` → `[B, N, D]`, to be added to the tokens.
 * Queries come from the normalised image tokens, keys and values from the words (as in PixArt-α, Chen et al. 2023).
 */
export function crossAttention(
  params: TensorRecord,
  name: string,
  tokens: tf.Tensor,
  context: TokenContext,
  heads: number,
): tf.Tensor {
  const q = linear(params, `${name}.q`, layerNorm(tokens));
  const [k, v] = tf.split(linear(params, `${name}.kv`, context.tokens), 2, 2) as [
    tf.Tensor,
    tf.Tensor,
  ];
  return linear(params, `${name}.out`, attention(q, k, v, heads, { bias: context.bias }));
}
