import * as tf from "@tensorflow/tfjs-core";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { patchify, unpatchify } from "../models/mod.ts";
import { float32, type HostTensor } from "../tensors.ts";

/** An autoencoder without a network: images `[N, H, W, C]` → latents `[N, h, w, c]` and back. */
export interface BlockCode {
  encode(images: HostTensor): HostTensor;
  decode(latents: HostTensor): HostTensor;
}

/**
 * Means of squares of side × side pixels, put back together by drawing smoothly between their middles (bilinear
 * interpolation): what "make the picture smaller" does. Nothing is learned.
 */
export function meanCode(side: number): BlockCode {
  return {
    encode: (images) => compute(images, (x) => tf.avgPool(x as tf.Tensor4D, side, side, "valid")),
    decode: (latents) =>
      compute(latents, (x) => {
        const [, h, w] = x.shape as [number, number, number, number];
        return tf.image.resizeBilinear(x as tf.Tensor4D, [h * side, w * side], false, true);
      }),
  };
}

/**
 * The best linear code of squares of side × side pixels by so many numbers: their mean, and their principal
 * components over the given images (Pearson 1901). No linear autoencoder of such squares has a smaller squared error
 * on these images.
 */
export function fitLinearCode(
  images: HostTensor,
  { side, numbers }: { side: number; numbers: number },
): BlockCode {
  const [, , , channels] = images.shape as [number, number, number, number];
  const width = side * side * channels;
  const { mean, covariance } = statisticsOf(images, side, width);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new Matrix(covariance),
    { assumeSymmetric: true },
  );
  // In rising order: the last ones carry the most.
  const order = realEigenvalues.map((value, i) => ({ value, i }))
    .sort((a, b) => b.value - a.value).slice(0, numbers);
  const components = eigenvectorMatrix.subMatrixColumn(order.map(({ i }) => i));
  const basis = Float32Array.from(components.to1DArray());

  return {
    encode: (images) =>
      compute(images, (x) => {
        const [batch, height, width_] = x.shape as [number, number, number, number];
        const centred = tf.sub(patchify(x, side), tf.tensor1d(mean));
        const codes = tf.matMul(
          tf.reshape(centred, [-1, width]),
          tf.tensor2d(basis, [width, numbers]),
        );
        return tf.reshape(codes, [batch, height / side, width_ / side, numbers]);
      }),
    decode: (latents) =>
      compute(latents, (z) => {
        const [batch, h, w] = z.shape as [number, number, number, number];
        const blocks = tf.matMul(
          tf.reshape(z, [-1, numbers]),
          tf.tensor2d(basis, [width, numbers]),
          false,
          true,
        );
        const patches = tf.reshape(tf.add(blocks, tf.tensor1d(mean)), [batch, h * w, width]);
        return unpatchify(patches, side, [h * side, w * side, channels]);
      }),
  };
}

/** Mean and covariance of all squares of the images. */
function statisticsOf(images: HostTensor, side: number, width: number) {
  return tf.tidy(() => {
    const x = tf.tensor(images.data, [...images.shape]);
    const blocks = tf.reshape(patchify(x, side), [-1, width]);
    const mean = tf.mean(blocks, 0), centred = tf.sub(blocks, mean);
    const covariance = tf.div(tf.matMul(centred, centred, true), blocks.shape[0]!);
    return {
      mean: mean.dataSync().slice() as Float32Array,
      covariance: covariance.arraySync() as number[][],
    };
  });
}

/** Computes at once with tfjs. */
function compute({ data, shape }: HostTensor, fn: (x: tf.Tensor) => tf.Tensor): HostTensor {
  const result = tf.tidy(() => fn(tf.tensor(data, [...shape])));
  const numbers = Float32Array.from(result.dataSync());
  result.dispose();
  return float32(result.shape, numbers);
}
