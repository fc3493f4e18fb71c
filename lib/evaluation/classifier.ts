/**
 * A small classifier of 28×28 images: what samples are judged with.
 *
 * It reads which digit a sample shows, and the 64 numbers by which it tells digits apart are the features in which
 * distributions are compared. `lib/evaluation/classifier_cli.ts` trains it.
 */
import * as tf from "@tensorflow/tfjs-core";
import { conv2d, conv2dSpecs, linear, linearSpecs, type ParamSpecs } from "../nn/mod.ts";
import { expectShape, type TensorRecord } from "../tensors.ts";

/** Height, width and channels of the images. */
export const IMAGE_SHAPE = [28, 28, 1] as const;
/** Numbers that describe an image. */
export const FEATURES = 64;
/** Classes that are told apart. */
export const CLASSES = 10;

/** What the classifier makes of B images. */
export interface Classification {
  /** What the image looks like, `[B, 64]`, before the last ReLU. */
  features: tf.Tensor;
  /** Score of every class, `[B, 10]`. */
  logits: tf.Tensor;
}

/** Parameters: 90 thousand numbers. */
export const CLASSIFIER: ParamSpecs = {
  ...conv2dSpecs("conv1", 1, 16),
  ...conv2dSpecs("conv2", 16, 32),
  ...conv2dSpecs("conv3", 32, 64),
  ...linearSpecs("features", 4 * 4 * 64, FEATURES),
  ...linearSpecs("logits", FEATURES, CLASSES),
};

/** Three convolutions of stride 2 (28 → 14 → 7 → 4), then two dense layers: images `[B, 28, 28, 1]` in [−1, 1]. */
export function classify(params: TensorRecord, images: tf.Tensor): Classification {
  expectShape("images", images.shape, [-1, ...IMAGE_SHAPE]);
  let x = images;
  for (const layer of ["conv1", "conv2", "conv3"]) {
    x = tf.relu(conv2d(params, layer, x, { stride: 2 }));
  }
  const features = linear(params, "features", tf.reshape(x, [images.shape[0]!, -1]));
  return { features, logits: linear(params, "logits", tf.relu(features)) };
}

/** Mean cross-entropy of logits and target probabilities, both `[B, 10]`, in nats. */
export function crossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  const likelihoods = tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1);
  return tf.neg(tf.mean(likelihoods)) as tf.Scalar;
}
