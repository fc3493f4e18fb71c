import * as tf from "@tensorflow/tfjs-core";
import { silu } from "../engine/ops/mod.ts";
import type { ParamSpecs } from "../nn/mod.ts";
import {
  embedding,
  embeddingSpecs,
  type Initialiser,
  linear,
  linearSpecs,
  normal,
  timestepEmbedding,
} from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import type { ModelInputs } from "./model.ts";
import { pooledText, pooledTextSpecs } from "./text_conditioning.ts";

/** What {@linkcode conditioning} needs to know. */
export interface ConditioningConfig {
  /** Length of the sinusoids of t. */
  frequencies: number;
  /** Width of the conditioning vector. */
  width: number;
  /** Number of classes; 0 for none. */
  classes: number;
  /** What t is multiplied by before the sinusoids. */
  timeScale: number;
  /** Whether the vector also says what a prompt asks for. */
  text?: boolean;
}

/**
 * Parameters of {@linkcode conditioning}: `time_embedding.0`, `time_embedding.2` and, with classes,
 * `class_embedding` with one row more than classes, for the null class. Small at first by default, as in DiT.
 */
export function conditioningSpecs(
  config: ConditioningConfig,
  initial: { time: Initialiser; classes: Initialiser } = SMALL,
): ParamSpecs {
  const { frequencies, width, classes, text = false } = config, { time } = initial;
  return {
    ...linearSpecs("time_embedding.0", frequencies, width, { init: time }),
    ...linearSpecs("time_embedding.2", width, width, { init: time }),
    ...(classes > 0 &&
      embeddingSpecs("class_embedding", classes + 1, width, { init: initial.classes })),
    ...(text && pooledTextSpecs(width)),
  };
}

const SMALL = { time: normal(0.02), classes: normal(0.02) };

/**
 * One vector per noise level that says how noisy it is and what the image should show: t `[B]`, label `[B]` →
 * `[B, width]`; t `[B, L]` for L levels of an image → `[B, L, width]`.
 */
export function conditioning(
  params: TensorRecord,
  { t, label, text }: Pick<ModelInputs, "t" | "label" | "text">,
  config: ConditioningConfig,
): tf.Tensor {
  const several = t.shape.length === 2;
  const levels = several ? tf.reshape(t, [t.size]) : t;
  const waves = timestepEmbedding(levels, config.frequencies, { scale: config.timeScale });
  const hidden = silu(linear(params, "time_embedding.0", waves));
  let vector = linear(params, "time_embedding.2", hidden);
  if (several) vector = tf.reshape(vector, [...t.shape, config.width]);
  const perImage = (asked: tf.Tensor) => several ? tf.expandDims(asked, 1) : asked;
  if (label) vector = tf.add(vector, perImage(embedding(params, "class_embedding", label)));
  return text ? tf.add(vector, perImage(pooledText(params, text))) : vector;
}
