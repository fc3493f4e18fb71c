import * as tf from "@tensorflow/tfjs-core";
import type { Model, ModelInputs } from "../models/mod.ts";
import type { Random } from "../random.ts";
import type { TensorRecord } from "../tensors.ts";
import { conditionOf } from "./condition.ts";
import { interpolate, LEAST_DIVISOR, velocity, velocityFromData } from "./path.ts";

/** What the model's output means: the velocity v, or the data x0 ("x-prediction"). */
export type Prediction = "velocity" | "data";

/** Options of {@linkcode flowLoss} and of everything else that reads a model's output. */
export interface PredictionOptions {
  /** Velocity by default. */
  prediction?: Prediction;
  /** For "data": the least t that the difference is divided by; 0.05 by default. */
  leastDivisor?: number;
}

/**
 * Examples to learn from: data x0 and noise x1 `[B, H, W, C]`, noise level t `[B]`, and label int32 `[B]` for a
 * model with classes (a model without ignores it), or encoded prompts `text.…` for a model with text.
 */
export type FlowBatch = TensorRecord & { x0: tf.Tensor; x1: tf.Tensor; t: tf.Tensor };

/** Mean squared error of the velocity, over a batch: the flow matching loss (Lipman et al. 2022). */
export function flowLoss(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, batch: TensorRecord) => tf.Scalar {
  const errors = flowErrors(model, options);
  return (params, batch) => tf.mean(errors(params, batch));
}

/** The same error of each example, `[B]`: to look at it by noise level. */
export function flowErrors(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, batch: TensorRecord) => tf.Tensor1D {
  const { prediction = "velocity", leastDivisor = LEAST_DIVISOR } = options;
  const predict = modelVelocity(model, options);
  return (params, batch) => {
    const { x0, x1, t } = checkBatch(batch);
    const x = interpolate(x0, x1, t);
    const target = prediction === "velocity"
      ? velocity(x0, x1)
      // Divided like the prediction, so that both agree below the least divisor too.
      : velocityFromData(x, x0, t, { least: leastDivisor });
    const inputs = { x, t, ...conditionOf(model, batch) };
    const error = tf.square(tf.sub(predict(params, inputs), target));
    return tf.mean(error, error.shape.map((_, axis) => axis).slice(1));
  };
}

/** The model as a velocity field in tfjs: its output, or what its prediction of the data amounts to. */
export function modelVelocity(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, inputs: ModelInputs) => tf.Tensor {
  const { prediction = "velocity", leastDivisor = LEAST_DIVISOR } = options;
  if (prediction !== "velocity" && prediction !== "data") {
    throw new RangeError(`Unknown prediction "${prediction}": choose one of velocity, data`);
  }
  return (params, inputs) => {
    const output = model.apply(params, inputs);
    return prediction === "velocity"
      ? output
      : velocityFromData(inputs.x, output, inputs.t, { least: leastDivisor });
  };
}

/**
 * Condition dropout: replaces each label by the null class with the given probability, so that one model learns
 * both velocities that guidance needs (Ho & Salimans 2022). Returns new labels.
 */
export function dropLabels(
  labels: ArrayLike<number>,
  probability: number,
  nullClass: number,
  random: Random,
): Int32Array<ArrayBuffer> {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot drop labels with probability ${probability}: expected 0 … 1`,
    );
  }
  return Int32Array.from(labels, (label) => {
    if (!Number.isInteger(label) || label < 0 || label > nullClass) {
      throw new RangeError(`Label ${label} is not a class: expected 0 … ${nullClass}`);
    }
    return random.uniform() < probability ? nullClass : label;
  });
}

function checkBatch(batch: TensorRecord): FlowBatch {
  for (const name of ["x0", "x1", "t"]) {
    if (!batch[name]) {
      throw new TypeError(
        `Batch lacks ${name}: it holds ${Object.keys(batch).join(", ")}, expected x0, x1, t`,
      );
    }
  }
  return batch as FlowBatch;
}
