import * as tf from "@tensorflow/tfjs-core";
import {
  type Model,
  type ModelInputs,
  patchify,
  spreadTokens,
  type TokenAccess,
} from "../models/mod.ts";
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
 * Examples to learn from: data x0 and noise x1 `[B, H, W, C]`, noise level t `[B]` (or one per token `[B, N]`, with
 * a palette of them in `levels` and `which` where there is one), and label int32 `[B]` for a model with classes (a
 * model without ignores it), or encoded prompts `text.…` for a model with text.
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
  checkPrediction(options.prediction ?? "velocity");
  return (params, batch) => {
    const { inputs, errorOf } = flowProblem(model, batch, options);
    const error = errorOf(model.apply(params, inputs));
    return tf.mean(error, error.shape.map((_, axis) => axis).slice(1));
  };
}

/** The same error of each token, `[B, N]`, for a model of tokens: to look at it by place and noise level. */
export function flowTokenErrors(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, batch: TensorRecord) => tf.Tensor2D {
  const { patch } = tokensOf(model);
  return (params, batch) => {
    const { inputs, errorOf } = flowProblem(model, batch, options);
    return tf.mean(patchify(errorOf(model.apply(params, inputs)), patch), 2);
  };
}

/** What a model is shown of a batch, and how wrong its output then is: the squared error `[B, H, W, C]`. */
export function flowProblem(
  model: Model,
  batch: TensorRecord,
  options: PredictionOptions = {},
): { inputs: ModelInputs; errorOf(output: tf.Tensor): tf.Tensor } {
  const { prediction = "velocity", leastDivisor: least = LEAST_DIVISOR } = options;
  checkPrediction(prediction);
  const { x0, x1, t, levels, which, sketch } = checkBatch(batch);
  const level = perPixel(model, t), x = interpolate(x0, x1, level);
  const target = prediction === "velocity"
    ? velocity(x0, x1)
    // Divided like the prediction, so that both agree below the least divisor too.
    : velocityFromData(x, x0, level, { least });
  const palette = levels && which && { levels, which };
  return {
    inputs: {
      x,
      t,
      ...(palette && { palette }),
      ...(sketch && { sketch }),
      ...conditionOf(model, batch),
    },
    errorOf(output) {
      const predicted = prediction === "velocity"
        ? output
        : velocityFromData(x, output, level, { least });
      return tf.square(tf.sub(predicted, target));
    },
  };
}

/** The tokens of a model; throws a TypeError if it has none. */
export function tokensOf(model: Model): TokenAccess {
  if (model.tokens) return model.tokens;
  throw new TypeError(
    `Noise levels of single tokens need a model of tokens, such as a dit: ${model.name} has none`,
  );
}

/** Levels of whole images `[B]` as they are; those of tokens `[B, N]` for every pixel, `[B, H, W, 1]`. */
function perPixel(model: Model, t: tf.Tensor): tf.Tensor {
  if (t.shape.length !== 2) return t;
  return spreadTokens(t, tokensOf(model).patch, model.imageShape);
}

/** The model as a velocity field in tfjs: its output, or what its prediction of the data amounts to. */
export function modelVelocity(
  model: Model,
  options: PredictionOptions = {},
): (params: TensorRecord, inputs: ModelInputs) => tf.Tensor {
  const { prediction = "velocity", leastDivisor: least = LEAST_DIVISOR } = options;
  checkPrediction(prediction);
  return (params, inputs) => {
    const output = model.apply(params, inputs);
    if (prediction === "velocity") return output;
    return velocityFromData(inputs.x, output, perPixel(model, inputs.t), { least });
  };
}

function checkPrediction(prediction: string): void {
  if (prediction !== "velocity" && prediction !== "data") {
    throw new RangeError(`Unknown prediction "${prediction}": choose one of velocity, data`);
  }
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
