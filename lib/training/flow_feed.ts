import { type BatchesState, createBatches, type Dataset } from "../data/mod.ts";
import { dropLabels, type SelfFlow } from "../flow/mod.ts";
import { type TextShape, textSpec } from "../models/mod.ts";
import { addPrefix } from "../nn/mod.ts";
import { createRandom, forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, int32, type SpecRecord } from "../tensors.ts";
import type { ObjectiveConfig } from "./config.ts";
import { drawLevels, levelGenerators } from "./noise_level_feed.ts";
import type { FeedPosition, ReadyFeed } from "./task.ts";

/** What {@linkcode flowFeed} needs to know. */
export interface FlowFeedOptions {
  batchSize: number;
  seed: number;
  objective: ObjectiveConfig;
  /** Classes of the model; 0 leaves labels out. */
  classes: number;
  /** Draws noise levels of tokens; absent where images have one. */
  selfFlow?: SelfFlow | undefined;
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
  const { batchSize, seed, objective, classes, selfFlow } = options;
  const batches = createBatches(dataset, { batchSize, seed });
  const generators = {
    noise: forkRandom(seed, "noise"),
    ...levelGenerators(seed, objective),
    labels: forkRandom(seed, "dropped labels"),
  };
  const shape = [batchSize, ...dataset.shape];

  return {
    next() {
      const { images, labels } = batches.next();
      const tensors: HostRecord = {
        x0: float32(shape, images),
        x1: float32(shape, normals(generators.noise, images.length)),
        ...drawLevels(batchSize, generators, objective, selfFlow),
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
