import { batchOf, type Dataset, loadDataset } from "../data/mod.ts";
import type { Device } from "../engine/mod.ts";
import type { Sampler } from "../flow/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import { loadNewestCheckpoint } from "../training/checkpoint.ts";
import { samplingOf } from "../training/config.ts";
import { createImageSampler } from "../training/image_sampler.ts";
import { runFile, type RunFolder } from "../training/run_folder.ts";
import { modelOf, weightsOf } from "../training/trained_model.ts";
import { evaluateSamples, type Evaluation, type Samples } from "./evaluate.ts";
import { type Memorisation, memorisation } from "./neighbours.ts";

/** How a run is judged; what is left out is as in its config. */
export interface EvaluateRunOptions {
  /** Number of samples. */
  count: number;
  /** Seed of their noise. */
  seed?: number | undefined;
  sampler?: Sampler | undefined;
  steps?: number | undefined;
  guidance?: number | undefined;
  /** Takes more of the steps near noise if above 1. */
  shift?: number | undefined;
  /** Folder with the files of a downloaded dataset. */
  folder?: string | undefined;
  /** Whether to look for copies of training images too. */
  copies?: boolean | undefined;
  /** Called with the share of samples drawn, 0 … 1. */
  onProgress?: ((share: number) => void) | undefined;
}

/** How good a run is. */
export interface RunEvaluation {
  /** Updates made until the checkpoint that was judged. */
  step: number;
  sampler: Sampler;
  steps: number;
  guidance: number;
  shift: number;
  evaluation: Evaluation;
  /** Only where it was asked for. */
  memorisation?: Omit<Memorisation, "nearest">;
}

/** Draws samples of all classes equally often with the newest checkpoint of a run, and judges them. */
export async function evaluateRun(
  device: Device,
  run: RunFolder,
  options: EvaluateRunOptions,
): Promise<RunEvaluation> {
  const { objective, ema, data } = run.config;
  const usual = samplingOf(run.config);
  const { count, seed = 0, folder = data.folder, copies = false, onProgress } = options;
  const how = {
    sampler: options.sampler ?? usual.sampler,
    steps: options.steps ?? usual.steps,
    guidance: options.guidance ?? usual.guidance,
    shift: options.shift ?? usual.shift,
  };
  const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  if (!checkpoint) throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
  const model = modelOf(run.config, checkpoint);
  const weights = weightsOf(checkpoint, ema.decay > 0 ? "ema" : "params");
  const where = { seed: data.seed, ...(folder !== undefined && { folder }) };
  const size = data.size > 0 ? { size: data.size } : {};
  const train = await loadDataset(data.name, { ...where, ...size, split: "train" });
  const heldout = await loadDataset(data.name, { ...where, split: "heldout" });

  const drawing = createImageSampler(device, model, { count, prediction: objective.prediction });
  const labels = Array.from({ length: count }, (_, i) => i % Math.max(1, model.classes));
  const noise = normals(forkRandom(seed, "evaluated samples"), count * sizeOf(model.imageShape));
  let images: Samples["images"];
  try {
    const request = { noise, labels, ...how, ...(onProgress && { onProgress }) };
    images = await drawing.draw(weights, request);
  } finally {
    await drawing.dispose();
  }

  const samples = { images, labels: model.classes > 0 ? labels : undefined };
  const real = { train, heldout };
  const evaluation = await evaluateSamples(device, samples, { dataset: data.name, real });
  const result = { step: checkpoint.info.step, ...how, evaluation };
  if (!copies) return result;
  const { nearest: _, ...found } = await memorisation(device, images, {
    train: allImages(train),
    heldout: allImages(heldout),
  });
  return { ...result, memorisation: found };
}

function allImages(dataset: Dataset): Float32Array {
  return batchOf(dataset, Array.from(dataset.labels.keys())).images;
}
