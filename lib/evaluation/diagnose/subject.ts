import type { GuidedInputs, PredictionOptions, solve } from "../../flow/mod.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { LatentCodec } from "../../latents/codec.ts";
import type { ImageShape, Model } from "../../models/mod.ts";
import { nullClass } from "../../models/mod.ts";
import { float32, type HostRecord, int32, type TensorRecord } from "../../tensors.ts";
import type { EncodedText, PromptEncoder } from "../../text/prompt_encoder.ts";
import type { TrainConfig } from "../../training/config.ts";
import { gatherRows, gatherText, textTensors } from "../../training/examples.ts";
import type { TrainLine } from "../../training/metrics.ts";
import type { TrainTask } from "../../training/task.ts";

/** N examples that were learned from, as the model sees them. */
export interface Rows {
  size: number;
  /** Whether these are all examples that were learned from. */
  complete: boolean;
  /** Shape of one x0: pixels or latents. */
  shape: ImageShape;
  /** `[N, …shape]` */
  x0: Float32Array<ArrayBuffer>;
  /** Class of each, for a model with classes. */
  labels?: Int32Array | undefined;
  /** Encoded caption of each, for a model with text. */
  text?: EncodedText | undefined;
  captions?: readonly string[] | undefined;
}

/** A velocity field with guidance, as `guidedVelocity()` of lib/flow makes it. */
export type MakeGuided = (
  model: Model,
  options: PredictionOptions,
) => (params: TensorRecord, inputs: GuidedInputs) => tf.Tensor;

/** All links of a trained system, each of which may be the broken one. */
export interface Subject {
  /** A run's folder, or a name. */
  name: string;
  config: TrainConfig;
  /** The network as pictures are drawn with it. */
  model: Model;
  /** Names of its classes. */
  classes: readonly string[];
  rows: Rows;
  /** The pictures that the rows were made of, `[N, H, W, C]` in [−1, 1]; absent where they cannot be had. */
  pictures?: { images: Float32Array<ArrayBuffer>; shape: ImageShape } | undefined;
  codec?: LatentCodec | undefined;
  encoder?: PromptEncoder | undefined;
  /** The loss as it was trained, and the initial parameters. */
  task: Pick<TrainTask, "loss" | "params" | "batch" | "teacher">;
  weights: {
    /** As they were trained last. */
    params: HostRecord;
    /** Their moving average, where there is one. */
    ema?: HostRecord | undefined;
  };
  /** Follows a velocity field from noise to data. */
  solve: typeof solve;
  guided: MakeGuided;
  /** What the trainer wrote down. */
  history: readonly TrainLine[];
  /** Updates made. */
  step: number;
  /** Why the training gave up, if it did. */
  diverged?: string | undefined;
}

/** What pictures are drawn with: the moving average, where there is one. */
export function drawingWeights({ weights }: Subject): HostRecord {
  return weights.ema ?? weights.params;
}

/** What the model's output means, as its config says. */
export function predictionOf({ config }: Pick<Subject, "config">): Required<
  Pick<PredictionOptions, "prediction">
> {
  return { prediction: config.objective.prediction };
}

/** Whether the model can be asked for something. */
export function takesWish({ model }: Pick<Subject, "model">): boolean {
  return model.classes > 0 || model.text !== undefined;
}

/** Some of the rows' x0, one array each. */
export function x0Of({ x0, size }: Rows, indices: readonly number[]): Float32Array<ArrayBuffer>[] {
  const width = x0.length / size;
  return indices.map((index) => x0.subarray(index * width, (index + 1) * width));
}

/** Some of the rows' x0 as one array. */
export function gatherX0(
  { x0, size }: Rows,
  indices: readonly number[],
): Float32Array<ArrayBuffer> {
  return gatherRows(x0, size, indices);
}

/** What the given examples ask for, as tensors `label` or `text.…`; nothing at all with `nothing`. */
export function conditionTensors(
  { model, rows }: Pick<Subject, "model" | "rows">,
  indices: readonly number[],
  { nothing = false, prefix = "text" }: { nothing?: boolean; prefix?: string } = {},
): HostRecord {
  if (model.text) {
    const keep = new Float32Array(indices.length).fill(nothing ? 0 : 1);
    return textTensors(gatherText(rows.text!, indices), { keep, prefix });
  }
  if (model.classes === 0) return {};
  const asked = indices.map((index) => nothing ? nullClass(model) : rows.labels![index]!);
  return { label: int32([indices.length], asked) };
}

/** A number for each example that is the same where two ask for the same. */
export function wishes({ rows }: Pick<Subject, "rows">): number[] {
  const { labels, text, size } = rows;
  if (labels) return [...labels];
  if (!text) return new Array(size).fill(0);
  const known = new Map<string, number>(), width = text.pooled.length / size;
  return Array.from({ length: size }, (_, i) => {
    // Vectors rather than captions: what the model cannot tell apart is one wish.
    const vector = text.pooled.subarray(i * width, (i + 1) * width);
    const key = Array.from(vector, (value) => value.toFixed(3)).join();
    if (!known.has(key)) known.set(key, known.size);
    return known.get(key)!;
  });
}

/** Noise levels as a tensor `[N]`. */
export function levelTensor(levels: readonly number[]) {
  return float32([levels.length], [...levels]);
}

/** `count` places spread evenly over 0 … size − 1, all of them if there are fewer. */
export function spreadPlaces(size: number, count: number): number[] {
  const many = Math.min(size, count);
  return Array.from({ length: many }, (_, i) => Math.floor(i * size / many));
}
