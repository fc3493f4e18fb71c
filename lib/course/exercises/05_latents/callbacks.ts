import * as tf from "@tensorflow/tfjs-core";
import type { HostTensor } from "../../../tensors.ts";
import type { Plain } from "../../exercise.ts";

type Options = { readonly [name: string]: Plain | HostTensor };

/** Decoders of checks, which say what is wrong with what they get. */
export const DECODERS = {
  /**
   * Each place becomes a square of one colour, factor × factor pixels: latents `[B, h, w, c]` → `[B, H, W, 3]`. The
   * colour is latent · colours. Options: factor (number), colours (tensor `[c, 3]`).
   */
  mosaicDecoder: ({ factor, colours }: Options) => (latents: unknown) => {
    const matrix = colours as HostTensor, [channels] = matrix.shape as [number, number];
    if (!(latents instanceof tf.Tensor) || latents.shape.length !== 4) {
      throw new TypeError(
        `The decoder was called with ${
          latents instanceof tf.Tensor
            ? `a tensor [${latents.shape.join(", ")}]`
            : `a ${typeof latents}`
        }: expected latents [B, h, w, ${channels}]`,
      );
    }
    const [batch, height, width, found] = latents.shape as [number, number, number, number];
    if (found !== channels) {
      throw new RangeError(
        `The decoder was called with latents of ${found} channels: expected ${channels}`,
      );
    }
    const colour = tf.matMul(
      tf.reshape(latents, [-1, channels]),
      tf.tensor2d(matrix.data.slice() as Float32Array, [channels, 3]),
    );
    const side = factor as number;
    const squares = tf.tile(tf.reshape(colour, [batch, height, 1, width, 1, 3]), [
      1,
      1,
      side,
      1,
      side,
      1,
    ]);
    return tf.reshape(squares, [batch, height * side, width * side, 3]);
  },
};
