import * as tf from "@tensorflow/tfjs-core";
import type { Plain } from "../../exercise.ts";
import type { HostTensor } from "../../../tensors.ts";

type Options = { readonly [name: string]: Plain | HostTensor };

/** What blocks are built from in checks: functions of tokens `[B, N, D]` that say what is wrong with what they get. */
export const BLOCK_PARTS = {
  /** Adaptive layer normalisation, as in exercise 2.5: called with tokens, shift and scale `[B, D]`. */
  modulateTokens: (_options: Options) => (tokens: unknown, shift: unknown, scale: unknown) => {
    const [batch, , width] = checked("modulate", "the tokens", tokens, 3).shape;
    const vector = (name: string, value: unknown) => {
      const found = checked("modulate", name, value, 2);
      if (found.shape[0] !== batch || found.shape[1] !== width) {
        throw new RangeError(
          `modulate was called with ${name} of shape [${found.shape.join(", ")}]: ` +
            `expected [${batch}, ${width}]`,
        );
      }
      return tf.expandDims(found, 1);
    };
    const { mean, variance } = tf.moments(tokens as tf.Tensor, -1, true);
    const normalised = tf.mul(
      tf.sub(tokens as tf.Tensor, mean),
      tf.rsqrt(tf.add(variance, 1e-6)),
    );
    return tf.add(
      tf.mul(tf.add(1, vector("scale", scale)), normalised),
      vector("shift", shift),
    );
  },

  /** Every token times a number. Options: factor. */
  multiplyTokens: ({ factor }: Options) => (tokens: unknown) =>
    tf.mul(checked("The part", "tokens", tokens, 3), factor as number),

  /** Every token becomes the mean of all tokens of its image, plus a number: the simplest way to mix. Options: plus. */
  averageTokens: ({ plus = 0 }: Options) => (tokens: unknown) => {
    const found = checked("The part", "tokens", tokens, 3);
    return tf.add(tf.add(tf.mean(found, 1, true), tf.zerosLike(found)), plus as number);
  },

  /** The square of every feature. */
  squareTokens: (_options: Options) => (tokens: unknown) =>
    tf.square(checked("The part", "tokens", tokens, 3)),
};

function checked(part: string, name: string, value: unknown, rank: number): tf.Tensor {
  if (!(value instanceof tf.Tensor)) {
    throw new TypeError(`${part} was called with ${typeof value} for ${name}: expected a tensor`);
  }
  if (value.shape.length !== rank) {
    throw new RangeError(
      `${part} was called with ${name} of shape [${value.shape.join(", ")}]: ` +
        `expected ${rank === 3 ? "[B, N, D]" : "[B, D]"}`,
    );
  }
  return value;
}
