import { batchOf, type Dataset } from "../data/mod.ts";
import { compile, type Device, type Value } from "../engine/mod.ts";
import * as tf from "@tensorflow/tfjs-core";
import { loadAutoencoder, psnrOf } from "../latents/mod.ts";
import { type Vae, vae, type VaeOptions, type VaeSettings } from "../models/mod.ts";
import { addPrefix, initialise, takePrefix, tensorSpecs } from "../nn/mod.ts";
import { forkRandom } from "../random.ts";
import { float32, type HostRecord, sizeOf } from "../tensors.ts";
import type { TrainConfig } from "./config.ts";
import { loadImages } from "./flow_task.ts";
import type { Chapter } from "./report.ts";
import { otherModel } from "./resume.ts";
import { type HeldoutLoss, type SampleSet, shapesOf, type TrainTask } from "./task.ts";
import { vaeBatchSpec, vaeFeed } from "./vae_feed.ts";
import { vaeLoss, type VaeLossWeights } from "./vae_loss.ts";

/** A config whose model is an autoencoder. */
export type VaeTrainConfig = Omit<TrainConfig, "model"> & { model: VaeSettings };

/** An autoencoder that learns from images, and what judging it needs. */
export interface VaeTask extends TrainTask {
  model: Vae;
  /** Images learned from. */
  dataset: Dataset;
  /** Images kept aside. */
  heldoutData: Dataset;
  /** Mean squared error of reconstructions of the images kept aside, latents being means: always the same. */
  heldout(weights: Record<string, Value>): Promise<HeldoutLoss>;
  /** Images kept aside and their reconstructions, row below row. */
  sample(weights: Record<string, Value>): Promise<SampleSet>;
}

/** Images that are reconstructed at once. */
const CHUNK = 16;
/** Pictures per row of the sample grid, and how many pairs of rows. */
const COLUMNS = 8, PAIRS = 2;

/** Makes the task that a config with an autoencoder describes. */
export async function createVaeTask(
  device: Device,
  config: VaeTrainConfig,
  images?: { train: Dataset; heldout: Dataset },
): Promise<VaeTask> {
  const { train: dataset, heldout } = images ?? await loadImages(config);
  const { options, weights: lossWeights, start } = splitSettings(config.model);
  const model = vae(options);
  const params = start === undefined
    ? initialise(model.params, forkRandom(config.seed, "initial parameters"))
    : await weightsToStartFrom(start, model);
  const batch = { batchSize: config.batchSize, latentChannels: model.options.latentChannels };
  const reconstruct = await compileReconstruction(device, model, dataset.shape);
  const errorsOf = async (weights: Record<string, Value>, of: Dataset) =>
    (await reconstruct.run(weights, of, Math.min(config.heldout.images, of.size))).errors;

  return {
    facts: { name: model.name, imageShape: dataset.shape, classes: [] },
    model,
    dataset,
    heldoutData: heldout,
    params,
    batch: vaeBatchSpec(dataset.shape, batch),
    loss: vaeLoss(model, lossWeights),
    feed: vaeFeed(dataset, { ...batch, seed: config.seed }),
    fingerprint: dataset.fingerprint,
    description: dataset.description,
    // No noise levels here, so no bins.
    heldout: async (weights) => ({ loss: mean(await errorsOf(weights, heldout)), bins: [] }),
    async heldoutBounds(weights) {
      const learned = await errorsOf(weights, dataset);
      return { ceiling: mean(learned), floor: mean(await errorsOf(params, heldout)) };
    },
    async judge(weights) {
      return { chapters: [reconstructionChapter(await errorsOf(weights, heldout), dataset.shape)] };
    },
    async sample(weights) {
      const columns = Math.min(COLUMNS, heldout.size);
      const pairs = Math.min(PAIRS, Math.floor(heldout.size / columns));
      const { originals, images } = await reconstruct.run(weights, heldout, pairs * columns);
      return interleave(originals, images, { pairs, columns, shape: dataset.shape });
    },
    dispose: () => reconstruct.dispose(),
  };
}

/** What of a config's model defines the network, and what its loss; with defaults. */
export function splitSettings(
  settings: VaeSettings,
): { options: Partial<VaeOptions>; weights: VaeLossWeights; start: string | undefined } {
  const { kind: _, klWeight = 1e-4, edgeWeight = 0, scaleWeight = 0, halfWeight = 0, ...rest } =
    settings;
  const { start, ...options } = rest;
  return { options, start, weights: { klWeight, edgeWeight, scaleWeight, halfWeight } };
}

async function weightsToStartFrom(start: string, model: Vae): Promise<HostRecord> {
  const { weights, model: other } = await loadAutoencoder(start);
  const difference = otherModel(shapesOf(weights), shapesOf(model.params));
  if (!difference) return weights;
  throw new RangeError(
    `Cannot start ${model.name} from ${start}, a ${other.name}: ${difference}`,
  );
}

/** Compiles decode(mean of encode) with the mean squared error of each image. */
async function compileReconstruction(device: Device, model: Vae, shape: Dataset["shape"]) {
  const weightSpecs = tensorSpecs(model.params);
  const program = await compile(device, (inputs) => {
    const params = takePrefix(inputs, "weights"), images = inputs.images!;
    const reconstruction = model.decode(params, model.encode(params, images).mean);
    const squares = tf.square(tf.sub(reconstruction, images));
    return { reconstruction, errors: tf.mean(tf.reshape(squares, [CHUNK, -1]), 1) };
  }, {
    ...addPrefix(weightSpecs, "weights"),
    images: { shape: [CHUNK, ...shape], dtype: "float32" },
  });

  return {
    /** The first `count` images of a dataset, their reconstructions and the error of each. */
    async run(weights: Record<string, Value>, dataset: Dataset, count: number) {
      const size = sizeOf(shape);
      const originals = new Float32Array(count * size), images = new Float32Array(count * size);
      const errors: number[] = [];
      for (let start = 0; start < count; start += CHUNK) {
        const here = Math.min(CHUNK, count - start);
        // The last chunk is filled up, since programs have fixed shapes.
        const indices = Array.from({ length: CHUNK }, (_, i) => start + Math.min(i, here - 1));
        const batch = batchOf(dataset, indices).images;
        const inputs = {
          ...addPrefix(weights, "weights"),
          images: float32([CHUNK, ...shape], batch),
        };
        const results = await program.run(inputs);
        originals.set(batch.subarray(0, here * size), start * size);
        images.set(
          (results.reconstruction!.data as Float32Array).subarray(0, here * size),
          start * size,
        );
        errors.push(...results.errors!.data.subarray(0, here));
      }
      return { originals, images, errors };
    },
    dispose: () => program.dispose(),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** PSNR of images kept aside, from their mean squared errors. */
function reconstructionChapter(
  errors: readonly number[],
  [height, width]: Dataset["shape"],
): Chapter {
  const psnr = mean(errors.map(psnrOf)), ofMean = psnrOf(mean(errors));
  const worst = psnrOf(Math.max(...errors));
  const row = (name: string, value: number, meaning: string) => {
    return { name, value: `${value.toFixed(2)} dB`, ceiling: "", floor: "", meaning };
  };
  return {
    key: "reconstruction",
    title: "Reconstruction",
    data: { images: errors.length, height, width, psnr, psnr_of_mean_error: ofMean, worst },
    rows: [
      row("PSNR", psnr, "peak signal-to-noise ratio, mean over images: more"),
      row("PSNR of the mean error", ofMean, "bad images weigh more: more"),
      row("worst image", worst, "its PSNR: more"),
    ],
    note: `${errors.length} images of ${width}×${height} that were kept aside.`,
  };
}

/** Each row of originals with its reconstructions below. */
function interleave(
  originals: Float32Array,
  images: Float32Array,
  { pairs, columns, shape }: { pairs: number; columns: number; shape: Dataset["shape"] },
): SampleSet {
  const row = columns * sizeOf(shape);
  const data = new Float32Array(2 * pairs * row);
  for (let pair = 0; pair < pairs; pair++) {
    data.set(originals.subarray(pair * row, (pair + 1) * row), 2 * pair * row);
    data.set(images.subarray(pair * row, (pair + 1) * row), (2 * pair + 1) * row);
  }
  const rows = Array.from({ length: pairs }, () => ["original", "reconstructed"]).flat();
  return { images: data, count: 2 * pairs * columns, shape, columns, rows };
}
