import type { Dataset } from "../data/mod.ts";
import { compile, type Device, type Value } from "../engine/mod.ts";
import { flowErrors, type PredictionOptions } from "../flow/mod.ts";
import type { Model } from "../models/mod.ts";
import { addPrefix, takePrefix, tensorSpecs } from "../nn/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, sizeOf } from "../tensors.ts";
import { type Examples, imageExamples } from "./examples.ts";
import { flowBatchSpec } from "./flow_feed.ts";
import type { HeldoutLoss, LossBin } from "./task.ts";

/** What {@linkcode createLossMeasure} needs to know. */
export interface LossMeasureOptions extends PredictionOptions {
  /** How many images of a dataset, from its start. */
  images: number;
  /** Parts of [0, 1] that noise levels are sorted into. */
  bins: number;
  seed: number;
}

/** A compiled measurement of the loss. */
export interface LossMeasure {
  /** Prepares images with labels, or latents with prompts, each with its noise. */
  over(examples: Dataset | Examples): DatasetLoss;
  dispose(): Promise<void>;
}

/** The loss on fixed images with fixed noise. */
export interface DatasetLoss {
  measure(weights: Record<string, Value>): Promise<HeldoutLoss>;
}

/** Images that run at once. */
const CHUNK = 64;

/**
 * Loss on fixed images with fixed noise: any two measurements differ by the weights alone.
 * Noise levels are spread evenly over [0, 1], equally many in each bin, whatever the training prefers.
 */
export async function createLossMeasure(
  device: Device,
  model: Model,
  options: LossMeasureOptions,
): Promise<LossMeasure> {
  if (options.bins > options.images) {
    throw new RangeError(
      `Cannot sort ${options.images} held-out images into ${options.bins} bins of noise levels: ` +
        "raise heldout.images, or lower heldout.bins",
    );
  }
  const chunk = Math.min(CHUNK, options.images);
  const errors = flowErrors(model, options);
  const weightSpecs = tensorSpecs(model.params);
  const program = await compile(device, (inputs) => {
    return { errors: errors(takePrefix(inputs, "weights"), takePrefix(inputs, "batch")) };
  }, {
    ...addPrefix(weightSpecs, "weights"),
    ...addPrefix(flowBatchSpec(model.imageShape, chunk, model.classes, model.text), "batch"),
  });

  return {
    over(data) {
      const examples = "batch" in data ? data : imageExamples(data, model.classes);
      const images = Math.min(options.images, examples.size);
      const batches = fixedBatches(examples, chunk, { ...options, images });
      const levels = batches.flatMap(({ t }) => [...t!.data]);
      return {
        async measure(weights) {
          const values: number[] = [];
          for (const batch of batches) {
            const inputs = { ...addPrefix(weights, "weights"), ...addPrefix(batch, "batch") };
            const result = await program.run(inputs);
            values.push(...result.errors!.data);
          }
          return binLosses(values.slice(0, images), levels, options.bins);
        },
      };
    },
    dispose: () => program.dispose(),
  };
}

/** Mean of the values, overall and by bin of their noise level. */
export function binLosses(
  values: readonly number[],
  levels: readonly number[],
  bins: number,
): HeldoutLoss {
  const sums = new Float64Array(bins), counts = new Uint32Array(bins);
  values.forEach((value, i) => {
    const bin = Math.min(bins - 1, Math.floor(levels[i]! * bins));
    sums[bin]! += value;
    counts[bin]!++;
  });
  const parts: LossBin[] = [...sums].map((sum, bin) => {
    return { from: bin / bins, to: (bin + 1) / bins, loss: sum / counts[bin]! };
  });
  return { loss: values.reduce((sum, value) => sum + value, 0) / values.length, bins: parts };
}

/** All chunks, the last one filled up from the start of the examples so that it has the same size. */
function fixedBatches(
  examples: Examples,
  chunk: number,
  { images, bins, seed }: LossMeasureOptions,
): HostRecord[] {
  const random = forkRandom(seed, "held-out noise");
  const batches: HostRecord[] = [];
  for (let start = 0; start < images; start += chunk) {
    const indices = Array.from({ length: chunk }, (_, i) => (start + i) % images);
    const chosen = examples.batch(indices), shape = [chunk, ...examples.shape];
    const levels = indices.map((index) => (index % bins + random.uniform()) / bins);
    batches.push({
      ...chosen,
      x1: float32(shape, normals(random, sizeOf(shape))),
      t: float32([chunk], levels),
    });
  }
  return batches;
}
