import type * as tf from "@tensorflow/tfjs-core";
import type { ParamSpecs } from "../nn/mod.ts";
import { expectShape, type TensorRecord } from "../tensors.ts";
import { checkText, type TextInputs, type TextShape } from "./text_conditioning.ts";

/** Height, width and channels of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What a model sees. */
export interface ModelInputs {
  /** Noisy images `[B, H, W, C]`. */
  x: tf.Tensor;
  /** Noise levels, 0 (data) … 1 (noise): one per image `[B]`, or one per token `[B, N]` for a model of tokens. */
  t: tf.Tensor;
  /** The same levels `[B, N]` once more, where the tokens of an image share a few: saves time and changes nothing. */
  palette?: LevelPalette;
  /** Class of each, int32 `[B]`: 0 … classes − 1, or {@linkcode nullClass} for "any". */
  label?: tf.Tensor;
  /** Encoded prompts, for a model that takes text. */
  text?: TextInputs;
  /** What the model's own `sketch.draw` makes of them, where that was done before: saves time and changes nothing. */
  sketch?: tf.Tensor;
}

/** Noise levels per token as a choice among P levels of their image. */
export interface LevelPalette {
  /** `[B, P]` */
  levels: tf.Tensor;
  /** 1 for the level that a token has, 0 for the others: `[B, N, P]`. */
  which: tf.Tensor;
}

/** What a model of tokens shows besides its prediction. Blocks are counted from 1; 0 are the tokens before the first. */
export interface TokenAccess {
  /** Side of a patch, in pixels. */
  patch: number;
  /** Tokens of an image, N, row by row. */
  count: number;
  /** Numbers per token, D. */
  width: number;
  /** Blocks. */
  depth: number;
  /** Tokens `[B, N, D]` after a block; nothing beyond it is computed. */
  after(params: TensorRecord, inputs: ModelInputs, block: number): tf.Tensor;
  /** The prediction `[B, H, W, C]` together with the tokens `[B, N, D]` after a block. */
  withTokens(
    params: TensorRecord,
    inputs: ModelInputs,
    block: number,
  ): { output: tf.Tensor; tokens: tf.Tensor };
}

/** What a model makes of prompts alone. */
export interface SketchAccess {
  /** What is added to the tokens, `[B, N, D]`. */
  draw(params: TensorRecord, text: TextInputs): tf.Tensor;
  /** The same as a picture, `[B, N, D]` → `[B, H, W, C]`. */
  picture(params: TensorRecord, drawn: tf.Tensor): tf.Tensor;
}

/** A model is a value: parameter specs and a pure function of parameters and inputs. */
export interface Model {
  /** What it is, for people: `"dit (width 128, depth 4)"`. */
  name: string;
  params: ParamSpecs;
  imageShape: ImageShape;
  /** Number of classes it can be asked for; 0 if it takes no label. */
  classes: number;
  /** Shape of the encoded prompts that it takes; absent if it takes no text. */
  text?: TextShape;
  /** For a model that works on tokens, each of which may have a noise level of its own. */
  tokens?: TokenAccess;
  /** For a model that makes a rough picture of prompts alone before it looks at any image. */
  sketch?: SketchAccess;
  /** Prediction for every image, `[B, H, W, C]`. */
  apply(params: TensorRecord, inputs: ModelInputs): tf.Tensor;
}

/** The label that means "no class": its vector is learned from examples whose label was dropped. */
export function nullClass(model: Pick<Model, "classes">): number {
  return model.classes;
}

/** Throws unless the inputs fit the model. */
export function checkInputs(
  model: Pick<Model, "imageShape" | "classes" | "text"> & { tokens?: { count: number } },
  { x, t, palette, label, text }: ModelInputs,
): void {
  expectShape("x", x.shape, [-1, ...model.imageShape]);
  checkLevels(model.tokens?.count, x.shape[0]!, t, palette);
  if (text && !model.text) throw new TypeError("This model takes no text: leave it out");
  if (model.text) {
    if (!text) throw new TypeError("This model takes text: give encoded prompts for every image");
    checkText(model.text, text, x.shape[0]!);
  }
  if (model.classes === 0) {
    if (label) throw new TypeError("This model has no classes: leave the label out");
    return;
  }
  if (!label) {
    throw new TypeError(
      `This model has ${model.classes} classes: give a label for every image, ` +
        `${nullClass(model)} for "any"`,
    );
  }
  expectShape("label", label.shape, [x.shape[0]!]);
}

/** Levels of whole images, or of tokens where there are any. */
function checkLevels(
  tokens: number | undefined,
  batch: number,
  t: tf.Tensor,
  palette: LevelPalette | undefined,
): void {
  if (t.shape.length !== 2) return expectShape("t", t.shape, [batch]);
  if (tokens === undefined) {
    throw new TypeError(
      `This model takes one noise level per image: t is [${
        t.shape.join(", ")
      }], expected [${batch}]`,
    );
  }
  expectShape("t", t.shape, [batch, tokens]);
  if (!palette) return;
  expectShape("palette levels", palette.levels.shape, [batch, -1]);
  expectShape("palette which", palette.which.shape, [batch, tokens, palette.levels.shape[1]!]);
}
