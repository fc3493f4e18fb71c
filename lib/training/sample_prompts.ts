import type { Device } from "../engine/mod.ts";
import type { HostRecord } from "../tensors.ts";
import { samplingOf, type TrainConfig } from "./config.ts";
import { openPromptModel } from "./prompt_model.ts";
import { createPromptSampler } from "./prompt_sampler.ts";
import type { Model } from "../models/mod.ts";
import type { ModelFacts, SampleSet } from "./task.ts";

/** A trained model, wherever it was read from. */
export interface TrainedModel {
  model: Model;
  config: TrainConfig;
  facts: ModelFacts;
  weights: HostRecord;
}

/** What to draw: a grid with a row for each prompt and a column for each seed. */
export interface PromptGrid {
  prompts: readonly string[];
  seeds: readonly number[];
  negative?: string | undefined;
  /** Another decoder than in training, as a path. */
  codec?: string | undefined;
  how?: Partial<ReturnType<typeof samplingOf>>;
  onProgress?: (share: number) => void;
}

/** Draws a grid of prompts × seeds; the pictures of a column start from the same noise. */
export async function samplePrompts(
  device: Device,
  trained: TrainedModel,
  { prompts, seeds, negative, codec, how = {}, onProgress }: PromptGrid,
): Promise<SampleSet> {
  if (prompts.length === 0 || seeds.length === 0) {
    throw new RangeError("Cannot draw nothing: give at least one prompt and one seed");
  }
  const opened = await openPromptModel(device, trained, { codec });
  const asked = prompts.flatMap((prompt) => seeds.map(() => prompt));
  const sampler = createPromptSampler(device, opened, {
    count: asked.length,
    prediction: trained.config.objective.prediction,
  });
  try {
    const { images, count, shape } = await sampler.draw(trained.weights, {
      ...samplingOf(trained.config),
      ...how,
      prompts: asked,
      seeds: asked.map((_, i) => seeds[i % seeds.length]!),
      negative,
      ...(onProgress && { onProgress }),
    });
    return { images, count, shape, columns: seeds.length, rows: [...prompts] };
  } finally {
    await Promise.all([sampler.dispose(), opened.dispose()]);
  }
}
