import * as tf from "@tensorflow/tfjs-core";
import { gelu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import {
  embedding,
  embeddingSpecs,
  layerNorm,
  linear,
  linearSpecs,
  normal,
  normSpecs,
  param,
} from "../nn/mod.ts";
import { parameter } from "../nn/tree.ts";
import { expectShape, type TensorRecord } from "../tensors.ts";
import { POOLED_WIDTH } from "./text_conditioning.ts";

/** Everything that defines a text tower. */
export interface TextTowerOptions {
  /** Number of tokens in the vocabulary. */
  vocabulary: number;
  /** Tokens per text, L. */
  length: number;
  /** Width of a token's vector, D. */
  width: number;
  /** Blocks. */
  depth: number;
  heads: number;
}

/** Settings of a training: a text tower, the image tower beside it and how they learn; all may be left out. */
export interface TextTowerSettings {
  kind: "text-tower";
  /** Width of a token's vector. */
  width?: number;
  depth?: number;
  heads?: number;
  /** Channels of the image tower's first layer. */
  imageWidth?: number;
  /** Weight of reading from a caption's vectors what it says, beside the contrastive loss; 0 turns it off. */
  factsWeight?: number;
}

/** What a text tower makes of B texts. */
export interface EncodedTokens {
  /** One vector per token, zero for padding: `[B, L, D]`. */
  tokens: tf.Tensor;
  /** 1 for tokens of the text, 0 for padding: `[B, L]`. */
  mask: tf.Tensor;
  /** One vector per text, of length 1: `[B, 512]`. */
  pooled: tf.Tensor;
}

/** A text tower: parameter specs and a pure function. */
export interface TextTower {
  name: string;
  params: ParamSpecs;
  /** Token ids, int32 `[B, L]`, 0 for padding. */
  apply(params: TensorRecord, ids: tf.Tensor): EncodedTokens;
}

/**
 * A small transformer over the tokens of a text, as in CLIP (Radford et al. 2021), but every token sees those after it
 * too. Blocks normalise before they compute; the vector of the last token, `<end>`, becomes that of the text.
 */
export function textTower(options: TextTowerOptions): TextTower {
  const { length, width, depth, heads } = options;
  checkOptions(options);
  return {
    name: `text tower (width ${width}, depth ${depth}, heads ${heads}, ${length} tokens)`,
    params: specs(options),
    apply(params, ids) {
      expectShape("ids", ids.shape, [-1, length]);
      const batch = ids.shape[0]!;
      const mask = tf.cast(tf.greater(ids, tf.scalar(0, "int32")), "float32");
      // Added to attention's scores: no token looks at padding.
      const unseen = tf.reshape(tf.mul(tf.sub(mask, 1), 1e9), [batch, 1, 1, length]);
      let x = tf.add(embedding(params, "tokens", ids), parameter(params, "positions"));
      for (let i = 0; i < depth; i++) x = block(params, `blocks.${i}`, x, unseen, heads);
      const tokens = tf.mul(layerNorm(params, "norm", x), tf.expandDims(mask, 2));
      const last = tf.sum(tf.mul(tokens, tf.expandDims(lastOf(mask), 2)), 1);
      return { tokens, mask, pooled: unitLength(linear(params, "projection", last)) };
    },
  };
}

/** The rows with length 1: `[B, D]` → `[B, D]`. */
export function unitLength(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-12)));
}

/** `[B, L, D]` → `[B, L, D]`; `unseen` `[B, 1, 1, L]` is very negative where nothing shall be looked at. */
function block(
  params: TensorRecord,
  name: string,
  x: tf.Tensor,
  unseen: tf.Tensor,
  heads: number,
): tf.Tensor {
  const qkv = linear(params, `${name}.attention.qkv`, layerNorm(params, `${name}.norm1`, x));
  x = tf.add(x, linear(params, `${name}.attention.out`, attend(qkv, unseen, heads)));
  const hidden = gelu(linear(params, `${name}.mlp.0`, layerNorm(params, `${name}.norm2`, x)));
  return tf.add(x, linear(params, `${name}.mlp.2`, hidden));
}

/** Self-attention that leaves padding out: queries, keys and values side by side `[B, L, 3D]` → `[B, L, D]`. */
function attend(qkv: tf.Tensor, unseen: tf.Tensor, heads: number): tf.Tensor {
  const [batch, length, features] = qkv.shape as [number, number, number];
  const width = features / 3 / heads;
  const [q, k, v] = tf.split(qkv, 3, 2).map((part) =>
    tf.transpose(tf.reshape(part, [batch, length, heads, width]), [0, 2, 1, 3])
  );
  const scores = tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(width));
  const mixed = tf.matMul(tf.softmax(tf.add(scores, unseen)), v!);
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * width]);
}

/** 1 at the last token of each text: `[B, L]` → `[B, L]`. */
function lastOf(mask: tf.Tensor): tf.Tensor {
  const [batch, length] = mask.shape as [number, number];
  const next = tf.pad(tf.slice(mask, [0, 1], [batch, length - 1]), [[0, 0], [0, 1]]);
  return tf.sub(mask, next);
}

function specs({ vocabulary, length, width, depth }: TextTowerOptions): ParamSpecs {
  // The sum of a block's two branches is kept small in deep towers (Radford et al. 2019).
  const init = normal(1 / Math.sqrt(2 * depth * width));
  const blocks = Array.from({ length: depth }, (_, i): ParamSpecs => ({
    ...normSpecs(`blocks.${i}.norm1`, width),
    ...linearSpecs(`blocks.${i}.attention.qkv`, width, 3 * width),
    ...linearSpecs(`blocks.${i}.attention.out`, width, width, { init }),
    ...normSpecs(`blocks.${i}.norm2`, width),
    ...linearSpecs(`blocks.${i}.mlp.0`, width, 4 * width),
    ...linearSpecs(`blocks.${i}.mlp.2`, 4 * width, width, { init }),
  }));
  return Object.assign(
    embeddingSpecs("tokens", vocabulary, width, { init: normal(0.1) }),
    { positions: param([length, width], normal(0.05)) },
    ...blocks,
    normSpecs("norm", width),
    linearSpecs("projection", width, POOLED_WIDTH, { bias: false }),
  );
}

function checkOptions({ vocabulary, length, width, depth, heads }: TextTowerOptions): void {
  for (const [name, value] of Object.entries({ vocabulary, length, width, depth, heads })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new RangeError(
        `Cannot build a text tower: ${name} is ${value}, expected a whole number from 1`,
      );
    }
  }
  if (width % heads !== 0) {
    throw new RangeError(
      `Cannot build a text tower: width ${width} is not divisible by ${heads} heads`,
    );
  }
}
