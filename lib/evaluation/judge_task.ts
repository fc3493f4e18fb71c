import { loadDataset } from "../data/mod.ts";
import type { Device, Value } from "../engine/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import { samplingOf, type TrainConfig } from "../training/config.ts";
import type { AnyTask } from "../training/create_task.ts";
import type { FlowTask } from "../training/flow_task.ts";
import type { Judge } from "../training/report.ts";
import type { TextTask } from "../training/text_task.ts";
import { evaluateSamples } from "./evaluate.ts";
import { judgePromptFollowing, promptFollowingChapter } from "./prompt_following/mod.ts";

/** The evaluation as the trainer wants it: finished weights in, numbers out; none for tasks that judge themselves. */
export function judgeOf(device: Device, config: TrainConfig, any: AnyTask): Judge | undefined {
  switch (any.kind) {
    case "classes":
      return (weights, onStage) => judgeClasses(device, config, any.task, weights, onStage);
    case "text":
      return any.task.data.judged
        ? (weights, onStage) => judgePrompts(device, config, any.task, weights, onStage)
        : undefined;
    default:
      return undefined;
  }
}

/** How well pictures follow prompts that were kept aside, of all stages. */
async function judgePrompts(
  device: Device,
  config: TrainConfig,
  { sampler }: TextTask,
  weights: Record<string, Value>,
  onStage: (stage: string) => void,
) {
  const how = samplingOf(config);
  // Of every stage as many, and of two of them as many again with combinations that no training picture has.
  const perStage = Math.max(1, Math.round(config.evaluation.samples / 5));
  onStage(`Drawing and judging ${5 * perStage} pictures, guidance ${how.guidance}`);
  const result = await judgePromptFollowing({
    device,
    draw: async (request) => (await sampler.draw(weights, { ...request, ...how })).images,
    guidance: how.guidance,
    steps: how.steps,
    perStage,
    ...(config.data.imageSize !== undefined && { size: config.data.imageSize }),
  });
  return {
    samples: 5 * perStage,
    frechet: result.frechet,
    mmd: result.mmd,
    chapters: [promptFollowingChapter(result)],
  };
}

/** Samples of all classes equally often, each from noise of its own. */
async function judgeClasses(
  device: Device,
  config: TrainConfig,
  { model, sampler, dataset }: FlowTask,
  weights: Record<string, Value>,
  onStage: (stage: string) => void,
) {
  const { samples: count } = config.evaluation, { name, folder, seed } = config.data;
  onStage(`Drawing and judging ${count} samples`);
  const random = forkRandom(config.seed, "noise of judged samples");
  const labels = Array.from({ length: count }, (_, i) => i % Math.max(1, model.classes));
  const noise = normals(random, count * sizeOf(model.imageShape));
  const images = await sampler.draw(weights, { noise, labels, ...samplingOf(config) });
  const where = folder === undefined ? {} : { folder };
  const heldout = await loadDataset(name, { ...where, seed, split: "heldout" });
  const real = { train: dataset, heldout };
  const judged = await evaluateSamples(device, { images, labels }, {
    dataset: name,
    ...where,
    real,
  });
  return { ...judged, samples: count };
}
