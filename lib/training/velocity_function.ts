import type * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction } from "../engine/mod.ts";
import { conditionOf, guidedVelocity, modelVelocity, type PredictionOptions } from "../flow/mod.ts";
import { type Model, textSpec } from "../models/mod.ts";
import { addPrefix, takePrefix } from "../nn/mod.ts";
import type { SpecRecord } from "../tensors.ts";

/** What {@linkcode velocityFunction} needs to know. */
export interface VelocityOptions extends PredictionOptions {
  /** Images at once. */
  count: number;
  /** Whether labels or prompts are followed with an adjustable strength. */
  guided: boolean;
}

/**
 * A model's velocity field in the form that the engine takes, with its inputs apart from the weights: images x
 * `[B, H, W, C]`, noise level t `[B]`, label int32 `[B]` for a model with classes, encoded prompts `text.…` for one
 * with text, and where it is guided the guidance scale `[]` and negative prompts `negative.…`. Weights are inputs or constants named `weights/…`.
 */
export function velocityFunction(
  model: Model,
  options: VelocityOptions,
): { fn: TensorFunction; inputs: SpecRecord } {
  const { count, guided } = options;
  const guide = guided ? guidedVelocity(model, options) : undefined;
  const predict = modelVelocity(model, options);
  return {
    fn(inputs) {
      const params = takePrefix(inputs, "weights");
      const { x, t, scale } = inputs as Record<string, tf.Tensor>;
      const condition = conditionOf(model, inputs);
      if (!guide) return { velocity: predict(params, { x: x!, t: t!, ...condition }) };
      const { text: negative } = conditionOf(model, inputs, "negative");
      const others = { scale: scale!, ...(negative && { negative }) };
      return { velocity: guide(params, { x: x!, t: t!, ...condition, ...others }) };
    },
    inputs: {
      x: { shape: [count, ...model.imageShape], dtype: "float32" },
      t: { shape: [count], dtype: "float32" },
      ...(model.classes > 0 && { label: { shape: [count], dtype: "int32" } as const }),
      ...(model.text && addPrefix(textSpec(model.text, count), "text")),
      ...(model.text && guided && addPrefix(textSpec(model.text, count), "negative")),
      ...(guided && { scale: { shape: [], dtype: "float32" } as const }),
    },
  };
}
