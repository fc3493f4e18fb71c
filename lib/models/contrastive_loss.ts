import * as tf from "@tensorflow/tfjs-core";
import { expectShape } from "../tensors.ts";

/** Logarithm of the largest factor that similarities are multiplied by: 100, as in CLIP. */
export const MAX_LOGIT_SCALE = Math.log(100);

/** Options of {@linkcode contrastiveLoss}. */
export interface ContrastiveOptions {
  /**
   * 1 where a text also describes an image that it does not belong to: `[B, B]`, images in rows. Such pairs are neither
   * right nor wrong, so they are left out of the comparison; without this, "a chair" of one image would be pushed
   * away from every other chair.
   */
  alsoTrue?: tf.Tensor;
  /** Vectors of texts that are wrong for image i, `[B, 512]`: one more text that it is compared with. */
  wrongTexts?: tf.Tensor;
}

/**
 * Contrastive loss of B images and their texts (Radford et al. 2021): each image must find its text among all of them,
 * and each text its image; the mean cross-entropy of both choices, in nats.
 *
 * Vectors have length 1 `[B, D]`; `logitScale` is the logarithm of what their products are multiplied by (a scalar),
 * cut off at 100. B equal pairs give ln B.
 */
export function contrastiveLoss(
  images: tf.Tensor,
  texts: tf.Tensor,
  logitScale: tf.Tensor,
  options: ContrastiveOptions = {},
): tf.Scalar {
  const [batch, width] = images.shape as [number, number];
  expectShape("texts", texts.shape, [batch, width]);
  const scale = tf.exp(tf.minimum(logitScale, MAX_LOGIT_SCALE));
  const own = tf.eye(batch);
  let logits = tf.mul(tf.matMul(images, texts, false, true), scale);
  if (options.alsoTrue) {
    expectShape("alsoTrue", options.alsoTrue.shape, [batch, batch]);
    const others = tf.mul(options.alsoTrue, tf.sub(1, own));
    logits = tf.sub(logits, tf.mul(others, 1e4));
  }
  let choices = logits, right = own as tf.Tensor;
  if (options.wrongTexts) {
    expectShape("wrongTexts", options.wrongTexts.shape, [batch, width]);
    const wrong = tf.mul(tf.sum(tf.mul(images, options.wrongTexts), 1, true), scale);
    choices = tf.concat([logits, wrong], 1);
    right = tf.pad(own, [[0, 0], [0, 1]]);
  }
  const textOfImage = crossEntropy(choices, right);
  const imageOfText = crossEntropy(tf.transpose(logits), own);
  return tf.div(tf.add(textOfImage, imageOfText), 2) as tf.Scalar;
}

/** Mean of −Σ right · log softmax(logits) over rows; both `[B, N]`. */
function crossEntropy(logits: tf.Tensor, right: tf.Tensor): tf.Tensor {
  return tf.neg(tf.mean(tf.sum(tf.mul(right, tf.logSoftmax(logits)), -1)));
}
