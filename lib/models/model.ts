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
  /** Noise level of each, 0 (data) … 1 (noise): `[B]`. */
  t: tf.Tensor;
  /** Class of each, int32 `[B]`: 0 … classes − 1, or {@linkcode nullClass} for "any". */
  label?: tf.Tensor;
  /** Encoded prompts, for a model that takes text. */
  text?: TextInputs;
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
  /** Prediction for every image, `[B, H, W, C]`. */
  apply(params: TensorRecord, inputs: ModelInputs): tf.Tensor;
}

/** The label that means "no class": its vector is learned from examples whose label was dropped. */
export function nullClass(model: Pick<Model, "classes">): number {
  return model.classes;
}

/** Throws unless the inputs fit the model. */
export function checkInputs(
  model: Pick<Model, "imageShape" | "classes" | "text">,
  { x, t, label, text }: ModelInputs,
): void {
  expectShape("x", x.shape, [-1, ...model.imageShape]);
  expectShape("t", t.shape, [x.shape[0]!]);
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
