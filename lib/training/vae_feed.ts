import { type BatchesState, createBatches, type Dataset } from "../data/mod.ts";
import { latentShapeOf, type VaeOptions } from "../models/mod.ts";
import { createRandom, forkRandom, normals } from "../random.ts";
import { float32, sizeOf, type SpecRecord } from "../tensors.ts";
import type { ReadyFeed } from "./task.ts";

/** What {@linkcode vaeFeed} needs to know. */
export interface VaeFeedOptions {
  batchSize: number;
  seed: number;
  latentChannels: VaeOptions["latentChannels"];
}

/** Shapes of an autoencoder's batch: images `[B, H, W, 3]` and the noise of their latents `[B, h, w, c]`. */
export function vaeBatchSpec(
  shape: Dataset["shape"],
  { batchSize, latentChannels }: Omit<VaeFeedOptions, "seed">,
): SpecRecord {
  return {
    images: { shape: [batchSize, ...shape], dtype: "float32" },
    noise: {
      shape: [batchSize, ...latentShapeOf({ latentChannels }, shape)],
      dtype: "float32",
    },
  };
}

/** Batches for an autoencoder: shuffled images, and fresh noise from a generator of its own. */
export function vaeFeed(dataset: Dataset, options: VaeFeedOptions): ReadyFeed {
  const { batchSize, seed } = options;
  const spec = vaeBatchSpec(dataset.shape, options);
  const batches = createBatches(dataset, { batchSize, seed });
  let random = forkRandom(seed, "latent noise");
  return {
    next() {
      const { images } = batches.next();
      const noise = normals(random, sizeOf(spec.noise!.shape));
      return {
        tensors: {
          images: float32(spec.images!.shape, images),
          noise: float32(spec.noise!.shape, noise),
        },
        after: { data: batches.save(), generators: { noise: random.save() } },
      };
    },
    restore({ data, generators: { noise } }) {
      if (!noise) throw new RangeError('The saved position has no generator "noise"');
      batches.restore(data as BatchesState);
      random = createRandom(noise);
    },
  };
}
