import * as tf from "@tensorflow/tfjs-core";
import { type Model, type ModelInputs, nullClass, type TextInputs } from "../models/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { concatText } from "./condition.ts";
import { modelVelocity, type PredictionOptions } from "./objective.ts";

/** What a guided model sees: a label or a prompt is needed, and how strongly to follow it. */
export interface GuidedInputs extends ModelInputs {
  /** What to lead away from, for a model with text: a negative prompt, or the null text (`keep` 0). */
  negative?: TextInputs;
  /** 0 ignores the condition, 1 takes the model as it learned, above 1 exaggerates: `[]`, or `[B]` for each image. */
  scale: tf.Tensor;
}

/** Classifier-free guidance: v = v_uncond + scale · (v_cond − v_uncond) (Ho & Salimans 2022). */
export function guide(
  conditional: tf.Tensor,
  unconditional: tf.Tensor,
  scale: tf.Tensor,
): tf.Tensor {
  const strength = tf.reshape(scale, [scale.size, ...conditional.shape.slice(1).map(() => 1)]);
  return tf.add(unconditional, tf.mul(strength, tf.sub(conditional, unconditional)));
}

/**
 * The guided velocity field of a model: `[B, H, W, C]` → `[B, H, W, C]`.
 * Runs the model once, on 2 · B images: the first half with its labels or prompts, the second with the null class or
 * the negative prompts.
 */
export function guidedVelocity(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, inputs: GuidedInputs) => tf.Tensor {
  if (model.classes === 0 && !model.text) {
    throw new TypeError(`Cannot guide ${model.name}: it has no classes to follow and no text`);
  }
  const predict = modelVelocity(model, options);
  return (params, { x, t, label, text, negative, scale }) => {
    const both = predict(params, {
      x: tf.concat([x, x]),
      t: tf.concat([t, t]),
      ...(label && {
        label: tf.concat([label, tf.fill(label.shape, nullClass(model), "int32")]),
      }),
      ...(text && { text: concatText(text, negative ?? dropped(text)) }),
    });
    const [conditional, unconditional] = tf.split(both, 2) as [tf.Tensor, tf.Tensor];
    return guide(conditional, unconditional, scale);
  };
}

/** The null text: the same prompts, none of which counts. */
function dropped(text: TextInputs): TextInputs {
  return { ...text, keep: tf.zerosLike(text.keep) };
}
