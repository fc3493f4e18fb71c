import * as tf from "@tensorflow/tfjs-core";
import { type Model, type ModelInputs, nullClass } from "../models/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { modelVelocity, type PredictionOptions } from "./objective.ts";

/** What a guided model sees: a label is needed, and how strongly to follow it. */
export interface GuidedInputs extends ModelInputs {
  label: tf.Tensor;
  /** 0 ignores the label, 1 takes the model as it learned, above 1 exaggerates: `[]`, or `[B]` for each image. */
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
 * Runs the model once, on 2 · B images: the first half with its labels, the second with the null class.
 */
export function guidedVelocity(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, inputs: GuidedInputs) => tf.Tensor {
  if (model.classes === 0) {
    throw new TypeError(`Cannot guide ${model.name}: it has no classes to follow`);
  }
  const predict = modelVelocity(model, options);
  return (params, { x, t, label, scale }) => {
    const nothing = tf.fill(label.shape, nullClass(model), "int32");
    const both = predict(params, {
      x: tf.concat([x, x]),
      t: tf.concat([t, t]),
      label: tf.concat([label, nothing]),
    });
    const [conditional, unconditional] = tf.split(both, 2) as [tf.Tensor, tf.Tensor];
    return guide(conditional, unconditional, scale);
  };
}
