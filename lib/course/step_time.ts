import { compileTrainStep, type Device } from "../engine/mod.ts";
import { flowLoss } from "../flow/mod.ts";
import type { Model } from "../models/mod.ts";
import { initialise } from "../nn/mod.ts";
import { createRandom, normals } from "../random.ts";
import { float32, sizeOf } from "../tensors.ts";
import { flowBatchSpec } from "../training/flow_feed.ts";
import { adamw } from "../training/optimizers.ts";

/** Options of {@linkcode timeTraining}. */
export interface TimeTrainingOptions {
  batchSize: number;
  /** Steps that are timed, after two that are not. */
  steps: number;
}

/**
 * Milliseconds of a whole training step of flow matching: loss, gradients, AdamW. The median over some steps on
 * random numbers, which take as long as pictures. For models without classes and text.
 */
export async function timeTraining(
  device: Device,
  model: Model,
  { batchSize, steps }: TimeTrainingOptions,
): Promise<number> {
  const random = createRandom(0), batch = flowBatchSpec(model.imageShape, batchSize, 0);
  const step = await compileTrainStep(device, {
    loss: flowLoss(model, { prediction: "velocity" }),
    params: initialise(model.params, random),
    batch,
    optimizer: adamw(),
  });
  try {
    const shape = batch.x0!.shape, t = new Float32Array(batchSize).fill(0.5);
    const tensors = {
      x0: float32(shape, normals(random, sizeOf(shape))),
      x1: float32(shape, normals(random, sizeOf(shape))),
      t: float32([batchSize], t),
    };
    const times: number[] = [];
    for (let i = -2; i < steps; i++) {
      const start = performance.now();
      await step.run(tensors, { learningRate: 1e-4 });
      if (i >= 0) times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(steps / 2)]!;
  } finally {
    await step.dispose();
  }
}
