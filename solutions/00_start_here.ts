import * as tf from "@tensorflow/tfjs-core";

// exercise 0.1
/**
 * The numbers of a picture as the brightness of pixels: black is −1 and becomes 0, white is 1 and becomes 255.
 *
 *     pixel = 127.5 · (x + 1)
 *
 * x has any shape. Returns the pixels, shaped like x.
 */
export function toPixels(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(x, 1), 127.5);
}
