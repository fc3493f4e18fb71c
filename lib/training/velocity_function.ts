import type * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction } from "../engine/mod.ts";
import { guidedVelocity, modelVelocity, type PredictionOptions } from "../flow/mod.ts";
import type { Model } from "../models/mod.ts";
import { takePrefix } from "../nn/mod.ts";
import type { SpecRecord } from "../tensors.ts";

/** What {@linkcode velocityFunction} needs to know. */
export interface VelocityOptions extends PredictionOptions {
  /** Images at once. */
  count: number;
  /** Whether labels are followed with an adjustable strength. */
  guided: boolean;
}

/**
 * A model's velocity field in the form that the engine takes, with its inputs apart from the weights: images x
 * `[B, H, W, C]`, noise level t `[B]`, label int32 `[B]` for a model with classes, and the guidance scale `[]`
 * where it is guided. Weights are inputs or constants named `weights/…`.
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
      const { x, t, label, scale } = inputs as Record<string, tf.Tensor>;
      const velocity = guide
        ? guide(params, { x: x!, t: t!, label: label!, scale: scale! })
        : predict(params, { x: x!, t: t!, ...(label && { label }) });
      return { velocity };
    },
    inputs: {
      x: { shape: [count, ...model.imageShape], dtype: "float32" },
      t: { shape: [count], dtype: "float32" },
      ...(model.classes > 0 && { label: { shape: [count], dtype: "int32" } as const }),
      ...(guided && { scale: { shape: [], dtype: "float32" } as const }),
    },
  };
}
