import { type Dataset, loadDataset } from "../data/mod.ts";
import type { Device, Value } from "../engine/mod.ts";
import type { Model } from "../models/mod.ts";
import { sizeOf } from "../tensors.ts";
import { samplingOf, type TrainConfig } from "./config.ts";
import { flowFeed } from "./flow_feed.ts";
import { flowLearning } from "./flow_learning.ts";
import { createLossMeasure, type DatasetLoss } from "./heldout.ts";
import { createImageSampler, gridNoise, type ImageSampler } from "./image_sampler.ts";
import type { ModelFacts, SampleSet, TrainTask } from "./task.ts";
import { modelFor } from "./trained_model.ts";

/** Flow matching on labelled images, and what judging it needs. */
export interface FlowTask extends TrainTask {
  model: Model;
  /** Images learned from. */
  dataset: Dataset;
  /** Images kept aside. */
  heldoutData: Dataset;
  sampler: ImageSampler;
  heldout(weights: Record<string, Value>): ReturnType<DatasetLoss["measure"]>;
  sample(weights: Record<string, Value>): Promise<SampleSet>;
  /**
   * What the held-out loss lies between: these weights on images that they learned from, and the
   * model before training.
   */
  heldoutBounds(weights: Record<string, Value>): Promise<{ ceiling: number; floor: number }>;
}

/** The images that a config names: what is learned from, and what is kept aside. */
export async function loadImages(
  { data, heldout }: Pick<TrainConfig, "data" | "heldout">,
): Promise<{ train: Dataset; heldout: Dataset }> {
  const options = {
    seed: data.seed,
    ...(data.folder !== undefined && { folder: data.folder }),
    ...(data.imageSize !== undefined && { imageSize: data.imageSize }),
  };
  return {
    train: await loadDataset(data.name, {
      ...options,
      split: "train",
      ...(data.size > 0 && { size: data.size }),
    }),
    heldout: await loadDataset(data.name, {
      ...options,
      split: "heldout",
      size: heldout.images,
    }),
  };
}

/** Makes the task that a config describes. */
export async function createFlowTask(
  device: Device,
  config: TrainConfig,
  images: { train: Dataset; heldout: Dataset },
): Promise<FlowTask> {
  const { train: dataset, heldout } = images;
  const { objective, seed, sampling } = config;
  const facts = factsOf(config, dataset);
  const model = modelFor(config, facts);
  const prediction = { prediction: objective.prediction };
  const measure = await createLossMeasure(device, model, {
    ...config.heldout,
    images: Math.min(config.heldout.images, heldout.size),
    ...prediction,
    seed,
  });
  const { initial, selfFlow, ...learning } = flowLearning(model, config);
  const aside = measure.over(heldout);
  const grid = gridOf(dataset, sampling.perClass), how = samplingOf(config);
  const sampler = createImageSampler(device, model, { ...prediction, count: grid.count });

  return {
    facts,
    model,
    dataset,
    heldoutData: heldout,
    sampler,
    ...learning,
    feed: flowFeed(dataset, {
      batchSize: config.batchSize,
      seed,
      objective,
      classes: model.classes,
      selfFlow,
    }),
    fingerprint: dataset.fingerprint,
    description: dataset.description,
    heldout: (weights) => aside.measure(weights),
    async heldoutBounds(weights) {
      const learned = await measure.over(dataset).measure(weights);
      return { ceiling: learned.loss, floor: (await aside.measure(initial)).loss };
    },
    async sample(weights) {
      const { noise, labels, ...set } = grid;
      return { images: await sampler.draw(weights, { noise, labels, ...how }), ...set };
    },
    async dispose() {
      await Promise.all([measure.dispose(), sampler.dispose()]);
    },
  };
}

/** The model's facts: what the config asks for, in the shape of the data. */
export function factsOf(
  config: Pick<TrainConfig, "model">,
  { shape, classes }: Pick<Dataset, "shape" | "classes">,
): ModelFacts {
  const { name } = modelFor(config, { imageShape: shape, classes });
  return { name, imageShape: shape, classes };
}

/** One row per class, one column per noise. */
function gridOf(dataset: Dataset, columns: number) {
  const classes = dataset.classes.map((_, label) => label);
  const seeds = Array.from({ length: columns }, (_, seed) => seed);
  return {
    ...gridNoise(classes, seeds, sizeOf(dataset.shape)),
    count: classes.length * columns,
    shape: dataset.shape,
    columns,
    rows: [...dataset.classes],
  };
}
