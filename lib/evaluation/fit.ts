import type * as tf from "@tensorflow/tfjs-core";
import { compileTrainStep, type Device, toHost } from "../engine/mod.ts";
import type { HostRecord, SpecRecord, TensorRecord } from "../tensors.ts";
import { emaDecayAt } from "../training/ema.ts";
import { adamw } from "../training/optimizers.ts";
import { learningRateAt, type Schedule } from "../training/schedule.ts";

/** How a network that judges is trained, whatever it reads. */
export interface FitRecipe {
  steps: number;
  batchSize: number;
  /** Learning rate after the warm-up; it falls to zero along a cosine. */
  learningRate: number;
  /** Updates in which it rises. */
  warmup: number;
  weightDecay: number;
  /** Decay of the moving average of the weights, which is what is kept. */
  emaDecay: number;
}

/** What is trained. */
export interface Fit {
  /** Initial weights. */
  params: HostRecord;
  /** Shapes and types of a batch. */
  batch: SpecRecord;
  /** Loss of a batch, a scalar. */
  loss: (params: TensorRecord, batch: TensorRecord) => tf.Scalar;
  /** The next batch. */
  next: () => HostRecord | Promise<HostRecord>;
}

/** Options of {@linkcode fit}. */
export interface FitOptions {
  onStep?: (step: number, loss: number) => void;
  signal?: AbortSignal;
}

/** Minimises the loss with AdamW along a cosine; returns the moving average of the weights. */
export async function fit(
  device: Device,
  { params, batch, loss, next }: Fit,
  recipe: FitRecipe,
  { onStep, signal }: FitOptions = {},
): Promise<HostRecord> {
  const { steps, learningRate: lr, warmup, weightDecay } = recipe;
  const optimizer = adamw({ weightDecay });
  const trainStep = await compileTrainStep(device, { loss, params, batch, optimizer, ema: true });
  const schedule: Schedule = { kind: "cosine", lr, steps, warmup: warmup / steps, final: 0 };
  try {
    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const result = await trainStep.run(await next(), {
        learningRate: learningRateAt(step, schedule),
        emaDecay: emaDecayAt(step, recipe.emaDecay),
      });
      onStep?.(step, result.loss);
    }
    const weights: HostRecord = {};
    for (const [name, value] of Object.entries(trainStep.weights("ema"))) {
      const tensor = await toHost(value);
      weights[name] = { ...tensor, data: tensor.data.slice() };
    }
    return weights;
  } finally {
    await trainStep.dispose();
  }
}
