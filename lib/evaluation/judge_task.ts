import { loadDataset } from "../data/mod.ts";
import type { Device, Value } from "../engine/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import { samplingOf, type TrainConfig } from "../training/config.ts";
import type { AnyTask } from "../training/create_task.ts";
import type { FlowTask } from "../training/flow_task.ts";
import type { Judge } from "../training/report.ts";
import { evaluateSamples } from "./evaluate.ts";

/** The evaluation as the trainer wants it: finished weights in, numbers out; none for tasks that judge themselves. */
export function judgeOf(device: Device, config: TrainConfig, any: AnyTask): Judge | undefined {
  switch (any.kind) {
    case "classes":
      return (weights, onStage) => judgeClasses(device, config, any.task, weights, onStage);
    default:
      return undefined;
  }
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
