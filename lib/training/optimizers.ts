import * as tf from "@tensorflow/tfjs-core";
import type { Optimizer } from "../engine/mod.ts";

/** Settings of {@linkcode adamw}. */
export interface AdamWOptions {
  betas?: readonly [number, number];
  epsilon?: number;
  weightDecay?: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019). Weight decay acts on matrices and kernels only: biases, scales and
 * other vectors are left alone. Default settings are those of torch.optim.AdamW.
 *
 * The slots hold m / (1 − β₁) and v / (1 − β₂), which saves two multiplications per element; the
 * constants and the bias corrections are folded into the step size and into ε.
 */
export function adamw(options: AdamWOptions = {}): Optimizer {
  const { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0.01 } = options;
  return {
    slots: ["m", "v"],
    scalars(step, learningRate) {
      const correction = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
      return {
        stepSize: learningRate * (1 - beta1) / (1 - beta1 ** step) * correction,
        epsilon: epsilon * correction,
        keep: 1 - learningRate * weightDecay,
      };
    },
    update(parameter, gradient, { m, v }, { stepSize, epsilon, keep }, { shape }) {
      const nextM = tf.add(tf.mul(m!, beta1), gradient);
      const nextV = tf.add(tf.mul(v!, beta2), tf.square(gradient));
      const change = tf.div(tf.mul(nextM, stepSize!), tf.add(tf.sqrt(nextV), epsilon!));
      const kept = weightDecay > 0 && shape.length > 1 ? tf.mul(parameter, keep!) : parameter;
      return { parameter: tf.sub(kept, change), slots: { m: nextM, v: nextV } };
    },
  };
}
