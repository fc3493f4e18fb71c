import type { DeviceName } from "../engine/mod.ts";
import type { Prediction, Sampler, SelfFlowOptions } from "../flow/mod.ts";
import type { Stage } from "../data/pictures/facts.ts";
import type { DiTConfig, UNetConfig, VaeSettings } from "../models/mod.ts";
import type { TextTowerSettings } from "../models/text_tower.ts";

/** Everything that decides what a training run does: plain values, frozen in the run folder. */
export interface TrainConfig {
  /** Start of the run folder's name. */
  name: string;
  /** What to expect, for people. */
  about: About;
  data: DataConfig;
  model: ModelSettings;
  /** How prompts become vectors, for a model that is asked in words; absent for one that is not. */
  text?: TextConfig;
  /** What pictures are turned into before the model sees them; absent for a model of pixels. */
  latents?: LatentsConfig;
  /** Which stages of captions a run learns from as it goes on; all alike by default. */
  curriculum?: readonly CurriculumPhase[];
  objective: ObjectiveConfig;
  optimizer: OptimizerConfig;
  schedule: ScheduleConfig;
  /** Updates of the parameters: the one clock of a run. */
  steps: number;
  /** Images per batch. */
  batchSize: number;
  /** Batches whose gradients are averaged for one update. */
  accumulate: number;
  /** Moving average of the parameters, which samples are drawn from; decay 0 turns it off. */
  ema: { decay: number };
  /** What all randomness of a run follows from. */
  seed: number;
  /** Every how many steps something happens; −1 turns it off. It also happens after the last step. */
  every: { log: number; heldout: number; samples: number; checkpoint: number };
  /** How many checkpoints stay: the newest and those of lowest held-out loss. */
  keep: { last: number; best: number };
  heldout: HeldoutConfig;
  sampling: SamplingConfig;
  /** How many samples the finished model is judged by; 0 skips it. */
  evaluation: { samples: number };
  device: DeviceName;
}

/** What a config promises. */
export interface About {
  what: string;
  /** Minutes on two cores without a GPU. */
  minutes: number;
  result: string;
}

/** Which images to learn from. */
export interface DataConfig {
  name: string;
  /** Training images; −1 takes all there are. Stages of pictures get parts of them, as large as those of batches. */
  size: number;
  /** Seed of a generated dataset. */
  seed: number;
  /** Folder with the files of a downloaded dataset, instead of the cache; with your own images, or with shards. */
  folder?: string;
  /** Height and width of images, for datasets that come in any size. */
  imageSize?: number;
  /** `pictures`: learns from one stage of captions only. */
  stage?: Stage;
  /** `shards`: what to do about damaged files; "refuse" by default, "skip" leaves their rows out and says so. */
  damaged?: "refuse" | "skip";
}

/** A frozen text encoder. */
export interface TextConfig {
  /** `tower` (trained on `pictures`, comes with the course), `clip` or `bag-of-words`. */
  encoder: string;
}

/** A frozen autoencoder. */
export interface LatentsConfig {
  /** `vae` (comes with the course), or the path of another one. */
  codec: string;
  /** What latents were multiplied by when they were made, for an external decoder; only for drawing. */
  scalingFactor?: number;
}

/** From here on, examples are drawn from the stages with these weights. */
export interface CurriculumPhase {
  /** Share of the run after which it begins. */
  from: number;
  nouns: number;
  attributes: number;
  scenes: number;
}

/** A model that learns a flow, without what follows from the data: image shape, classes and the shape of prompts. */
export type FlowModelSettings =
  | Omit<DiTConfig, "imageShape" | "classes" | "text">
  | Omit<UNetConfig, "imageShape" | "classes" | "text">;

/** What is trained. */
export type ModelSettings = FlowModelSettings | VaeSettings | TextTowerSettings;

/** What the model learns. */
export interface ObjectiveConfig {
  noiseLevels: "uniform" | "logit-normal";
  /** Mean and deviation of the logit of t, for "logit-normal". */
  logitMean: number;
  logitStd: number;
  /** Moves noise levels towards noise if above 1. */
  shift: number;
  prediction: Prediction;
  /** Share of labels replaced by the null class, or of prompts by the null text. */
  conditionDropout: number;
  /** How much the sketch of a prompt should look like its picture, beside the flow's own loss; 0 if left out. */
  sketchWeight?: number;
  /** Noise levels per token and what comes with them; absent where every image has one noise level. */
  selfFlow?: SelfFlowOptions;
}

/** How parameters follow their gradients. */
export interface OptimizerConfig {
  /** AdamW by default; Muon treats the matrices inside a transformer's blocks differently. */
  kind?: "adamw" | "muon";
  /** Highest learning rate. */
  lr: number;
  betas: readonly [number, number];
  epsilon: number;
  weightDecay: number;
  /** Gradients are scaled down to this global norm; −1 turns clipping off. */
  clipNorm: number;
}

/** How the learning rate changes over the run. */
export interface ScheduleConfig {
  kind: "cosine" | "constant";
  /** Share of the run in which the rate rises from 0. */
  warmup: number;
  /** Where "cosine" ends, as a share of the highest rate. */
  final: number;
}

/** Images kept aside to measure the loss on. */
export interface HeldoutConfig {
  /** How many, each with one fixed noise and noise level. */
  images: number;
  /** Parts of [0, 1] in which the loss is reported separately. */
  bins: number;
}

/** How pictures are drawn while training goes on. */
export interface SamplingConfig {
  sampler: Sampler;
  steps: number;
  /** Strength of classifier-free guidance; 1 is none. */
  guidance: number;
  /** Takes more of the steps near noise if above 1; by default as in training (`objective.shift`). */
  shift?: number;
  /** Columns of the sample grid, each with its own noise; rows are classes or prompts. */
  perClass: number;
  /** Rows of the sample grid of a model with text; some captions that were kept aside by default. */
  prompts?: readonly string[];
}

/** How a config's model is drawn from, with nothing left to defaults. */
export function samplingOf(
  { sampling, objective }: Pick<TrainConfig, "sampling" | "objective">,
): Required<Omit<SamplingConfig, "perClass" | "prompts">> {
  const { sampler, steps, guidance, shift = objective.shift } = sampling;
  return { sampler, steps, guidance, shift };
}

/** A part of a config, to be laid over another. */
export type ConfigChanges = Changes<Omit<TrainConfig, "model">> & {
  model?: ModelSettings;
};

type Changes<T> = T extends readonly unknown[] ? T
  : T extends object ? { [K in keyof T]?: Changes<T[K]> }
  : T;

/** A config that differs from another in a few places; a model given here replaces the other's. */
export function extendConfig(base: TrainConfig, changes: ConfigChanges): TrainConfig {
  const { model = base.model, ...others } = changes;
  return { ...merge(base, others), model };
}

function merge<T extends object>(base: T, changes: object): T {
  const merged = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(changes)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? merge(before, value) : value;
  }
  return merged as T;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
