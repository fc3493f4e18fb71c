import type * as tf from "@tensorflow/tfjs-core";
import type { Value } from "../engine/mod.ts";
import type { RandomState } from "../random.ts";
import type { TextShape } from "../models/mod.ts";
import type { HostRecord, SpecRecord, TensorRecord } from "../tensors.ts";
import type { Judgement } from "./report.ts";

/**
 * What is trained. The trainer knows nothing else about data, models and objectives: stages of the course
 * differ in the task that they hand it.
 */
export interface TrainTask {
  facts: ModelFacts;
  /** Initial parameters. */
  params: HostRecord;
  /** Shapes and types of a batch. */
  batch: SpecRecord;
  /** Loss of a batch, a scalar. `average` is empty without a `teacher`. */
  loss(params: TensorRecord, batch: TensorRecord, average: TensorRecord): tf.Scalar;
  /** Whether the loss sees the moving average of the parameters too. */
  teacher?: boolean;
  /** Where batches come from. */
  feed: Feed;
  /** Identifies the data that is learned from. */
  fingerprint: string;
  /** The same for people, in a sentence; for the announcement of a run. */
  description?: string;
  /** Loss of these weights on examples kept aside, always the same ones. */
  heldout?(weights: Record<string, Value>): Promise<HeldoutLoss>;
  /** Draws with these weights, always from the same noise; `[N, H, W, C]`. */
  sample?(weights: Record<string, Value>): Promise<SampleSet>;
  /**
   * What the held-out loss lies between: these weights on examples that they learned from, and the model before
   * training.
   */
  heldoutBounds?(weights: Record<string, Value>): Promise<{ ceiling: number; floor: number }>;
  /** Further numbers of finished weights, for tasks that judge themselves. */
  judge?(weights: Record<string, Value>): Promise<Judgement>;
  /** Gives the memory of compiled programs back. */
  dispose(): Promise<void>;
}

/** What is needed to use a model without its data. */
export interface ModelFacts {
  /** What it is, for people: `"dit (width 128, depth 4, …)"`. */
  name: string;
  imageShape: readonly [height: number, width: number, channels: number];
  /** What each label means; none for a model that takes no labels. */
  classes: readonly string[];
  /** Shape of encoded prompts, and the encoder that they must come from; for a model with text. */
  text?: TextShape & { encoder: string; fingerprint: string };
  /** The autoencoder that decodes what the model draws; for a model of latents. */
  latents?: { codec: string; fingerprint: string };
}

/** An endless stream of training batches whose position can be saved. */
export interface Feed {
  next(): FedBatch | Promise<FedBatch>;
  /** Continues after the batch that came with this position. */
  restore(position: FeedPosition): void;
}

/** A feed that need not wait for anything. */
export interface ReadyFeed extends Feed {
  next(): FedBatch;
}

/** A batch, and where the stream stands once it is used. */
export interface FedBatch {
  tensors: HostRecord;
  after: FeedPosition;
}

/** Position of a feed: plain values, so that it can be written to JSON. */
export interface FeedPosition {
  data: unknown;
  generators: Record<string, RandomState>;
}

/** Loss on held-out examples: the mean, and by noise level. */
export interface HeldoutLoss {
  loss: number;
  bins: LossBin[];
}

/** Mean loss of examples with noise levels in [from, to). */
export interface LossBin {
  from: number;
  to: number;
  loss: number;
}

/** Drawn images, row after row of a grid with one class per row. */
export interface SampleSet {
  /** `[count, height, width, channels]` in [−1, 1]. */
  images: Float32Array<ArrayBuffer>;
  count: number;
  shape: readonly [height: number, width: number, channels: number];
  columns: number;
  /** What was asked for in each row. */
  rows: string[];
}

/** Parameters below this name help the training and are no part of the finished model. */
export const AUXILIARY = "auxiliary";

/** What is left when training is over: all but the {@linkcode AUXILIARY} parameters. */
export function withoutAuxiliary<T>(params: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => !name.startsWith(`${AUXILIARY}.`)),
  );
}

/** Shape of every parameter by name. */
export function shapesOf(
  params: Record<string, { shape: readonly number[] }>,
): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, shape]));
}
