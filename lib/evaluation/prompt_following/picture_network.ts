/**
 * The network that reads what is in a picture: one pass gives every decision about background, arrangement and the
 * things themselves. `deno task classifier pictures` trains it.
 */
import * as tf from "@tensorflow/tfjs-core";
import { conv2d, conv2dSpecs, linear, linearSpecs, type ParamSpecs } from "../../nn/mod.ts";
import { expectShape, type TensorRecord } from "../../tensors.ts";
import type { Decision } from "./vocabulary.ts";

/** Height, width and channels of the pictures that the judge reads. */
export const PICTURE_SHAPE = [64, 64, 3] as const;
/** Numbers that describe a picture. */
export const PICTURE_FEATURES = 160;

/** Convolutions 3×3: channels and stride. 64 → 32 → 16 → 16 → 8 → 8 → 4 pixels. */
const CONVOLUTIONS = [
  { name: "conv1", from: 3, to: 24, stride: 2 },
  { name: "conv2", from: 24, to: 48, stride: 2 },
  { name: "conv3", from: 48, to: 64, stride: 1 },
  { name: "conv4", from: 64, to: 112, stride: 2 },
  { name: "conv5", from: 112, to: 128, stride: 1 },
  { name: "conv6", from: 128, to: 160, stride: 2 },
];

/** What the network makes of B pictures. */
export interface PictureScores {
  /** What the picture looks like, `[B, 160]`, before the last ReLU. */
  features: tf.Tensor;
  /** Scores of all decisions, one after another, `[B, K]`. */
  logits: tf.Tensor;
}

/** Parameters of a network with K scores: 0.9 million numbers. */
export function pictureSpecs(scores: number): ParamSpecs {
  const convolutions = CONVOLUTIONS.map(({ name, from, to }) => conv2dSpecs(name, from, to));
  return {
    ...Object.assign({}, ...convolutions),
    ...linearSpecs("features", 4 * 4 * CONVOLUTIONS.at(-1)!.to, PICTURE_FEATURES),
    ...linearSpecs("logits", PICTURE_FEATURES, scores),
  };
}

/** Reads pictures `[B, 64, 64, 3]` in [−1, 1]. */
export function readPictures(params: TensorRecord, images: tf.Tensor): PictureScores {
  expectShape("images", images.shape, [-1, ...PICTURE_SHAPE]);
  let x = images;
  for (const { name, stride } of CONVOLUTIONS) {
    x = tf.relu(conv2d(params, name, x, { stride }));
  }
  const features = linear(params, "features", tf.reshape(x, [images.shape[0]!, -1]));
  return { features, logits: linear(params, "logits", tf.relu(features)) };
}

/**
 * Sum over decisions of their cross-entropies, mean over pictures, in nats. `targets` `[B, K]` holds the
 * probabilities of each decision; zeros where there is nothing to decide.
 */
export function decisionLoss(
  logits: tf.Tensor,
  targets: tf.Tensor,
  decisions: readonly Decision[],
): tf.Scalar {
  const batch = logits.shape[0]!;
  const losses = decisions.map(({ from, size }) => {
    const scores = tf.slice(logits, [0, from], [batch, size]);
    const wanted = tf.slice(targets, [0, from], [batch, size]);
    return tf.sum(tf.mul(wanted, tf.logSoftmax(scores)));
  });
  return tf.div(tf.neg(tf.addN(losses)), batch) as tf.Scalar;
}
