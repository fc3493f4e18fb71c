/**
 * The network that reads what is in a picture. `deno task classifier pictures` trains it.
 *
 * Convolutions describe each of 8×8 places; the context of the whole picture decides about the background, the
 * arrangement and where each of two groups of things lies; what lies there is read with the same weights for both.
 */
import * as tf from "@tensorflow/tfjs-core";
import {
  conv2d,
  conv2dSpecs,
  groupNorm,
  linear,
  linearSpecs,
  normSpecs,
  type ParamSpecs,
} from "../../nn/mod.ts";
import { expectShape, type TensorRecord } from "../../tensors.ts";
import {
  type Decision,
  GROUPS,
  groupScoresOf,
  type Vocabulary,
  wholeScoresOf,
} from "./vocabulary.ts";

/** Height, width and channels of the pictures that the judge reads. */
export const PICTURE_SHAPE = [64, 64, 3] as const;

/** Numbers that describe the whole picture, and each group. */
const CONTEXT = 64, GROUP = 64;
/** Numbers that describe a picture in all. */
export const PICTURE_FEATURES = CONTEXT + GROUPS * GROUP;

/** Convolutions 3×3: channels and stride. 64 → 32 → 16 → 16 → 8 → 8 pixels. */
const CONVOLUTIONS = [
  { name: "conv1", from: 3, to: 24, stride: 2 },
  { name: "conv2", from: 24, to: 48, stride: 2 },
  { name: "conv3", from: 48, to: 64, stride: 1 },
  { name: "conv4", from: 64, to: 128, stride: 2 },
  { name: "conv5", from: 128, to: 160, stride: 1 },
];
/** Places that are told apart, and numbers that describe each. */
const PLACES = 8 * 8, WIDTH = CONVOLUTIONS.at(-1)!.to;
/** Channels of the last, coarsest convolution, which only the context reads. */
const COARSE = 96;

/** What the network makes of B pictures. */
export interface PictureScores {
  /** What the picture looks like, `[B, 192]`, before the last ReLUs. */
  features: tf.Tensor;
  /** Scores of all decisions, one after another, `[B, K]`. */
  logits: tf.Tensor;
}

/** Parameters of a network for a vocabulary: half a million numbers. */
export function pictureSpecs(vocabulary: Vocabulary): ParamSpecs {
  const convolutions = CONVOLUTIONS.map(({ name, from, to }) => ({
    ...conv2dSpecs(name, from, to),
    ...normSpecs(`${name}.norm`, to),
  }));
  return {
    ...Object.assign({}, ...convolutions),
    ...conv2dSpecs("coarse", WIDTH, COARSE),
    ...linearSpecs("context", COARSE * PLACES / 4, CONTEXT),
    ...linearSpecs("whole", CONTEXT, wholeScoresOf(vocabulary)),
    ...linearSpecs("where", CONTEXT, GROUPS * PLACES),
    ...linearSpecs("what", WIDTH, GROUPS),
    ...linearSpecs("group", WIDTH + CONTEXT, GROUP),
    ...linearSpecs("thing", GROUP, groupScoresOf(vocabulary)),
  };
}

/** Reads pictures `[B, 64, 64, 3]` in [−1, 1]. */
export function readPictures(params: TensorRecord, images: tf.Tensor): PictureScores {
  expectShape("images", images.shape, [-1, ...PICTURE_SHAPE]);
  const batch = images.shape[0]!;
  let x = images;
  for (const { name, stride } of CONVOLUTIONS) {
    x = tf.relu(
      groupNorm(params, `${name}.norm`, conv2d(params, name, x, { stride }), { groups: 8 }),
    );
  }
  const coarse = tf.relu(conv2d(params, "coarse", x, { stride: 2 }));
  const context = linear(params, "context", tf.reshape(coarse, [batch, -1]));
  const seen = tf.relu(context);

  const places = tf.reshape(x, [batch, PLACES, WIDTH]);
  const where = tf.reshape(linear(params, "where", seen), [batch, GROUPS, PLACES]);
  const what = tf.transpose(linear(params, "what", places), [0, 2, 1]);
  const looked = tf.matMul(tf.softmax(tf.add(where, what)), places);
  const beside = tf.tile(tf.reshape(seen, [batch, 1, CONTEXT]), [1, GROUPS, 1]);
  const groups = linear(params, "group", tf.concat([looked, beside], 2));
  const things = linear(params, "thing", tf.relu(groups));
  return {
    features: tf.concat([context, tf.reshape(groups, [batch, GROUPS * GROUP])], 1),
    logits: tf.concat([linear(params, "whole", seen), tf.reshape(things, [batch, -1])], 1),
  };
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
