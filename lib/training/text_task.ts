import type { Device, Value } from "../engine/mod.ts";
import type { Model } from "../models/mod.ts";
import { samplingOf, type TrainConfig } from "./config.ts";
import { textExamples } from "./examples.ts";
import { flowLearning } from "./flow_learning.ts";
import { createLossMeasure } from "./heldout.ts";
import { createPromptSampler, type PromptSampler } from "./prompt_sampler.ts";
import type { ModelFacts, SampleSet, TrainTask } from "./task.ts";
import type { TextData } from "./text_data.ts";
import { textFeed } from "./text_feed.ts";
import { modelFor } from "./trained_model.ts";

/** Flow matching on latents or pixels with prompts, and what judging it needs. */
export interface TextTask extends TrainTask {
  model: Model;
  data: TextData;
  sampler: PromptSampler;
}

/** Rows of the sample grid where the config names no prompts. */
const ROWS = 9;

/** Makes the task that a config with `text` describes. */
export async function createTextTask(
  device: Device,
  config: TrainConfig,
  data: TextData,
): Promise<TextTask> {
  const { objective, seed, sampling, batchSize } = config;
  const facts = textFactsOf(config, data);
  const model = modelFor(config, facts);
  const prediction = { prediction: objective.prediction };
  const measure = await createLossMeasure(device, model, {
    ...config.heldout,
    images: Math.min(config.heldout.images, data.heldout.captions.length),
    ...prediction,
    seed,
  });
  const { initial, selfFlow, ...learning } = flowLearning(model, config);
  const aside = measure.over(textExamples(data.heldout, data.shape));
  const learned = measure.over(textExamples(await data.learned(config.heldout.images), data.shape));
  const prompts = [...sampling.prompts ?? somePrompts(data.heldout.captions)];
  const columns = sampling.perClass,
    asked = prompts.flatMap((prompt) => Array(columns).fill(prompt));
  const seeds = asked.map((_, i) => i % columns), how = samplingOf(config);
  const sampler = createPromptSampler(device, { model, ...data }, {
    ...prediction,
    count: asked.length,
  });

  return {
    facts,
    model,
    data,
    sampler,
    ...learning,
    feed: textFeed(data.stream(batchSize), {
      batchSize,
      seed,
      objective,
      shape: data.shape,
      curriculum: config.curriculum,
      batches: config.steps * config.accumulate,
      selfFlow,
    }),
    fingerprint: data.fingerprint,
    description: data.description,
    heldout: (weights) => aside.measure(weights),
    async heldoutBounds(weights) {
      const ceiling = (await learned.measure(weights)).loss;
      return { ceiling, floor: (await aside.measure(initial)).loss };
    },
    ...(data.visible && { sample }),
    async dispose() {
      await Promise.all([measure.dispose(), sampler.dispose(), data.dispose()]);
    },
  };

  async function sample(weights: Record<string, Value>): Promise<SampleSet> {
    const drawn = await sampler.draw(weights, { prompts: asked, seeds, ...how });
    const { images, count, shape } = drawn;
    return { images, count, shape, columns, rows: prompts };
  }
}

/** The model's facts: what the config asks for, in the shape of the data. */
export function textFactsOf(
  config: Pick<TrainConfig, "model">,
  { shape, encoder, codec }: Pick<TextData, "shape" | "encoder" | "codec">,
): ModelFacts {
  const facts = {
    imageShape: shape,
    classes: [],
    text: {
      length: encoder.length,
      width: encoder.tokenWidth,
      encoder: encoder.name,
      fingerprint: encoder.fingerprint,
    },
    ...(codec && { latents: { codec: codec.name, fingerprint: codec.fingerprint } }),
  };
  return { name: modelFor(config, facts).name, ...facts };
}

/** Some different captions, spread over those that were kept aside, so that every stage has its share. */
function somePrompts(captions: readonly string[]): string[] {
  const different = [...new Set(captions)], count = Math.min(ROWS, different.length);
  return Array.from(
    { length: count },
    (_, i) => different[Math.floor(i * different.length / count)]!,
  );
}
