import * as tf from "@tensorflow/tfjs-core";
import { gelu, layerNorm, selfAttention, silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import { linear, linearSpecs, xavierUniform, zeros } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { conditioning, conditioningSpecs } from "./conditioning.ts";
import type { DiTSize } from "./dit_presets.ts";
import type { ImageShape, Model, ModelInputs, SketchAccess } from "./model.ts";
import { checkInputs } from "./model.ts";
import { patchGrid, patchify, unpatchify } from "./patchify.ts";
import { crossAttention, crossAttentionSpecs } from "./cross_attention.ts";
import { positions2d } from "./positions.ts";
import { offsetMatrix, relativeBias, relativeBiasSpecs } from "./relative_bias.ts";
import {
  type TextShape,
  type TokenContext,
  tokenContext,
  tokenContextSpecs,
} from "./text_conditioning.ts";
import { sketchedPatches, type SketchShape, textSketch, textSketchSpecs } from "./text_sketch.ts";

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
  /** Whether self-attention learns how much to look where, by the offset of two tokens. */
  relativeBias: boolean;
  /** Numbers for each token of a plan that a rough picture is made from, straight from the prompt; 0 for none. */
  sketch: number;
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
  const pairs = options.relativeBias ? offsetMatrix({ rows, columns }) : new Float32Array();
  const conditions = conditioningConfig(options), count = rows * columns;
  const { text, crossAttention: words } = options;
  const sketch = sketchAccess(options);
  const known = { imageShape, classes, ...(text && { text }), tokens: { count } };

  /** Patches as tokens with positions, and what all blocks see besides them. */
  function start(params: TensorRecord, inputs: ModelInputs): { tokens: tf.Tensor; seen: Seen } {
    checkInputs(known, inputs);
    const { t, palette } = inputs;
    // Every modulation starts with SiLU of the same vectors: computed once.
    const vectors = conditioning(params, { ...inputs, t: palette?.levels ?? t }, conditions);
    const condition = { vectors: silu(vectors), ...(palette && { which: palette.which }) };
    const patches = linear(params, "patch_embedding", patchify(inputs.x, patch));
    const placed = tf.add(patches, tf.tensor3d(positions, [1, count, width]));
    const context = text && words ? tokenContext(params, inputs.text!) : undefined;
    const drawn = inputs.sketch ?? sketch?.draw(params, inputs.text!);
    const tokens = drawn ? tf.add(placed, drawn) : placed;
    const offsets = options.relativeBias
      ? tf.tensor2d(pairs, [count * count, pairs.length / count ** 2])
      : undefined;
    return { tokens, seen: { condition, context, offsets } };
  }

  /** Tokens after block `from` → after block `to`. */
  function blocks(params: TensorRecord, tokens: tf.Tensor, seen: Seen, from: number, to: number) {
    for (let i = from; i < to; i++) tokens = block(params, `blocks.${i}`, tokens, seen, options);
    return tokens;
  }

  function withTokens(params: TensorRecord, inputs: ModelInputs, block: number) {
    const { tokens: first, seen } = start(params, inputs);
    const tokens = blocks(params, first, seen, 0, checkBlock(block, depth));
    const last = outputLayer(params, blocks(params, tokens, seen, block, depth), seen.condition);
    return { output: unpatchify(last, patch, imageShape), tokens };
  }

  return {
    name: `dit (width ${width}, depth ${depth}, heads ${heads}, patch ${patch})`,
    params: ditSpecs(options),
    imageShape,
    classes,
    ...(text && { text }),
    tokens: {
      patch,
      count,
      width,
      depth,
      after(params, inputs, block) {
        const { tokens, seen } = start(params, inputs);
        return blocks(params, tokens, seen, 0, checkBlock(block, depth));
      },
      withTokens,
    },
    ...(sketch && { sketch }),
    apply: (params, inputs) => withTokens(params, inputs, depth).output,
  };
}

/** What all blocks see besides the tokens. */
interface Seen {
  condition: Condition;
  /** The words of prompts. */
  context: TokenContext | undefined;
  /** Which offset two tokens have, `[N · N, offsets]`, where attention has a bias for it. */
  offsets: tf.Tensor | undefined;
}

/** Vectors that say how noisy images are and what they should show. */
interface Condition {
  /** One per image `[B, K]`, per token `[B, N, K]`, or per level of a palette `[B, P, K]`. */
  vectors: tf.Tensor;
  /** Which level of the palette each token has: `[B, N, P]`. */
  which?: tf.Tensor;
}

/** One transformer block: `[B, N, D]` → `[B, N, D]`. */
function block(
  params: TensorRecord,
  name: string,
  tokens: tf.Tensor,
  { condition, context, offsets }: Seen,
  { heads, gates }: DiTOptions,
): tf.Tensor {
  const half = gates ? ["shift", "scale", "gate"] as const : ["shift", "scale"] as const;
  const parts = modulation(params, `${name}.modulation`, condition, [...half, ...half]);
  const [shift1, scale1, gate1, shift2, scale2, gate2] = gates ? parts : withoutGates(parts);

  const qkv = linear(params, `${name}.attention.qkv`, modulate(tokens, shift1!, scale1!));
  const bias = offsets && relativeBias(params, `${name}.attention`, offsets, tokens.shape[1]!);
  const attended = linear(params, `${name}.attention.out`, selfAttention(qkv, heads, { bias }));
  tokens = tf.add(tokens, gate1 ? tf.mul(gate1, attended) : attended);
  if (context) {
    tokens = tf.add(tokens, crossAttention(params, `${name}.cross`, tokens, context, heads));
  }

  const hidden = gelu(linear(params, `${name}.mlp.0`, modulate(tokens, shift2!, scale2!)));
  const transformed = linear(params, `${name}.mlp.2`, hidden);
  return tf.add(tokens, gate2 ? tf.mul(gate2, transformed) : transformed);
}

/** Tokens back to patches: `[B, N, D]` → `[B, N, patch · patch · C]`. */
function outputLayer(params: TensorRecord, tokens: tf.Tensor, condition: Condition): tf.Tensor {
  const [shift, scale] = modulation(params, "output.modulation", condition, ["shift", "scale"]);
  return linear(params, "output.linear", modulate(tokens, shift!, scale!));
}

/** Layer normalisation whose scale (one more than the condition says) and shift are not learned. */
function modulate(tokens: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return layerNorm(tokens, { scale, shift });
}

/**
 * A linear map of the condition, cut into the named vectors: `[B, 1, D]` for all tokens of an image alike, `[B, N, D]`
 * where tokens differ. To scales 1 is added, so that a map to zeros changes nothing.
 */
function modulation(
  params: TensorRecord,
  name: string,
  { vectors: condition, which }: Condition,
  kinds: readonly ("shift" | "scale" | "gate")[],
): tf.Tensor[] {
  const vectors = linear(params, name, condition);
  const perImage = vectors.shape.length === 2;
  const [batch, features] = vectors.shape as [number, number];
  const cut = tf.split(
    perImage ? tf.reshape(vectors, [batch, 1, features]) : vectors,
    kinds.length,
    2,
  );
  return cut.map((vector, i) => {
    const whole = kinds[i] === "scale" ? tf.add(vector, 1) : vector;
    // The map runs once per level of the palette; each token then takes what belongs to its level.
    return which ? tf.matMul(which, whole) : whole;
  });
}

function withoutGates([shift1, scale1, shift2, scale2]: tf.Tensor[]): (tf.Tensor | undefined)[] {
  return [shift1, scale1, undefined, shift2, scale2, undefined];
}

function ditSpecs(options: DiTOptions): ParamSpecs {
  const { imageShape, width, depth, patch, mlpRatio, conditioningWidth, gates } = options;
  const patchSize = patch * patch * imageShape[2];
  const hidden = Math.round(width * mlpRatio);
  const init = options.zeroInit ? zeros : xavierUniform();
  const words = options.text && options.crossAttention, grid = patchGrid(imageShape, patch);
  const sketch = sketchOf(options);
  const blocks = Array.from({ length: depth }, (_, i): ParamSpecs => ({
    ...linearSpecs(`blocks.${i}.modulation`, conditioningWidth, (gates ? 6 : 4) * width, { init }),
    ...linearSpecs(`blocks.${i}.attention.qkv`, width, 3 * width),
    ...linearSpecs(`blocks.${i}.attention.out`, width, width),
    ...(options.relativeBias && relativeBiasSpecs(`blocks.${i}.attention`, grid, options.heads)),
    ...(words && crossAttentionSpecs(`blocks.${i}.cross`, width, { init })),
    ...linearSpecs(`blocks.${i}.mlp.0`, width, hidden),
    ...linearSpecs(`blocks.${i}.mlp.2`, hidden, width),
  }));
  return Object.assign(
    linearSpecs("patch_embedding", patchSize, width),
    conditioningSpecs(conditioningConfig(options)),
    words ? tokenContextSpecs(options.text!.width, width) : {},
    sketch ? textSketchSpecs(sketch) : {},
    ...blocks,
    linearSpecs("output.modulation", conditioningWidth, 2 * width, { init }),
    linearSpecs("output.linear", width, patchSize, { init }),
  );
}

function sketchAccess(options: DiTOptions): SketchAccess | undefined {
  const shape = sketchOf(options), { patch, imageShape } = options;
  return shape && {
    draw(params, text) {
      const context = shape.heads > 0 ? tokenContext(params, text) : undefined;
      return textSketch(params, text, context, shape);
    },
    picture: (params, drawn) => unpatchify(sketchedPatches(params, drawn), patch, imageShape),
  };
}

function sketchOf(options: DiTOptions): SketchShape | undefined {
  const { text, sketch, imageShape, patch, width, heads, crossAttention } = options;
  if (!text || sketch === 0) return undefined;
  const { rows, columns } = patchGrid(imageShape, patch);
  return {
    tokens: rows * columns,
    depth: sketch,
    width,
    patch: patch * patch * imageShape[2],
    heads: crossAttention ? heads : 0,
  };
}

function checkBlock(block: number, depth: number): number {
  if (Number.isInteger(block) && block >= 0 && block <= depth) return block;
  throw new RangeError(`There is no block ${block}: this dit has ${depth}, counted from 1`);
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

function checkOptions({ width, heads, text, crossAttention, sketch }: DiTOptions): void {
  if (sketch > 0 && !text) {
    throw new RangeError("Cannot build dit: there are no texts to sketch; set model.sketch=0");
  }
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
