import { type BatchesState, createBatches, type Dataset } from "../data/mod.ts";
import { dropLabels, sampleNoiseLevels } from "../flow/mod.ts";
import { type TextShape, textSpec } from "../models/mod.ts";
import { addPrefix } from "../nn/mod.ts";
import { createRandom, forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, int32, type SpecRecord } from "../tensors.ts";
import type { ObjectiveConfig } from "./config.ts";
import type { FeedPosition, ReadyFeed } from "./task.ts";

/** What {@linkcode flowFeed} needs to know. */
export interface FlowFeedOptions {
  batchSize: number;
  seed: number;
  objective: ObjectiveConfig;
  /** Classes of the model; 0 leaves labels out. */
  classes: number;
}

/**
 * Shapes of a flow matching batch: images x0 and noise x1 `[B, H, W, C]`, noise level t and label `[B]`, or encoded
 * prompts `text.…`.
 */
export function flowBatchSpec(
  shape: readonly number[],
  batchSize: number,
  classes: number,
  text?: TextShape,
): SpecRecord {
  const images = { shape: [batchSize, ...shape], dtype: "float32" } as const;
  return {
    x0: images,
    x1: images,
    t: { shape: [batchSize], dtype: "float32" },
    ...(classes > 0 && { label: { shape: [batchSize], dtype: "int32" } as const }),
    ...(text && addPrefix(textSpec(text, batchSize), "text")),
  };
}

/**
 * Batches for flow matching: shuffled images, fresh noise, noise levels, and labels of which some are dropped.
 * Each kind of randomness has its own generator, so that changing one setting leaves the others' draws alone.
 */
export function flowFeed(dataset: Dataset, options: FlowFeedOptions): ReadyFeed {
  const { batchSize, seed, objective, classes } = options;
  const batches = createBatches(dataset, { batchSize, seed });
  const generators = {
    noise: forkRandom(seed, "noise"),
    levels: forkRandom(seed, "noise levels"),
    labels: forkRandom(seed, "dropped labels"),
  };
  const shape = [batchSize, ...dataset.shape];
  const levels = noiseLevelOptions(objective);

  return {
    next() {
      const { images, labels } = batches.next();
      const tensors: HostRecord = {
        x0: float32(shape, images),
        x1: float32(shape, normals(generators.noise, images.length)),
        t: float32([batchSize], sampleNoiseLevels(batchSize, generators.levels, levels)),
      };
      if (classes > 0) {
        const kept = dropLabels(labels, objective.conditionDropout, classes, generators.labels);
        tensors.label = int32([batchSize], kept);
      }
      return { tensors, after: position() };
    },
    restore({ data, generators: saved }) {
      batches.restore(data as BatchesState);
      for (const name of Object.keys(generators) as (keyof typeof generators)[]) {
        const state = saved[name];
        if (!state) throw new RangeError(`The saved position has no generator "${name}"`);
        generators[name] = createRandom(state);
      }
    },
  };

  function position(): FeedPosition {
    const saved = Object.entries(generators).map(([name, random]) => [name, random.save()]);
    return { data: batches.save(), generators: Object.fromEntries(saved) };
  }
}

/** How noise levels are drawn, from a config. */
export function noiseLevelOptions({ noiseLevels, logitMean, logitStd, shift }: ObjectiveConfig) {
  return {
    distribution: noiseLevels === "uniform"
      ? { kind: "uniform" as const }
      : { kind: "logit-normal" as const, mean: logitMean, deviation: logitStd },
    shift,
  };
}
