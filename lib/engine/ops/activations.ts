import * as tf from "@tensorflow/tfjs-core";
import { inBlocks } from "./blocks.ts";
import { isTracing, runFused, wantsGradient } from "./tracing.ts";

/** SiLU, x · σ(x), of any shape (Elfwing et al. 2017). */
export function silu(x: tf.Tensor): tf.Tensor {
  if (!isTracing()) return tf.mul(x, tf.sigmoid(x));
  return differentiable(x, "FusedSilu", (x) => {
    const gate = tf.sigmoid(x);
    const value = tf.mul(x, gate);
    // Derivative: σ + x·σ(1 − σ).
    const derivative = tf.add(gate, tf.sub(value, tf.mul(value, gate)));
    return { value, derivative };
  });
}

const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = LINEAR * 0.044715;

/**
 * GELU by the tanh formula, of any shape (Hendrycks & Gimpel 2016, as in DiT):
 * ½x(1 + tanh u) = x·σ(2u) with u = √(2/π)(x + 0.044715 x³).
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  const twoU = (x: tf.Tensor) => tf.mul(x, tf.add(tf.mul(tf.square(x), CUBIC), LINEAR));
  if (!isTracing()) return tf.mul(x, tf.sigmoid(twoU(x)));
  return differentiable(x, "FusedGelu", (x) => {
    const factor = tf.add(tf.mul(tf.square(x), CUBIC), LINEAR);
    const gate = tf.sigmoid(tf.mul(x, factor));
    const value = tf.mul(x, gate);
    // Derivative: σ + x·σ(1 − σ)·z′ with z′ = LINEAR + 3·CUBIC·x² = 3·factor − 2·LINEAR.
    const slope = tf.sub(tf.mul(factor, 3), 2 * LINEAR);
    const derivative = tf.add(gate, tf.mul(tf.sub(value, tf.mul(value, gate)), slope));
    return { value, derivative };
  });
}

/**
 * One fused pass where no gradient is wanted. Otherwise value and derivative are computed together,
 * block by block, since they share most of their work; backward then is one product.
 */
function differentiable(
  x: tf.Tensor,
  kernel: string,
  compute: (x: tf.Tensor) => { value: tf.Tensor; derivative: tf.Tensor },
): tf.Tensor {
  if (!wantsGradient()) return runFused(kernel, { x });
  return tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const { value, derivative } = inBlocks({ x }, ({ x }) => compute(x!));
    save([derivative!]);
    return {
      value: value!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0]!),
    };
  })(x);
}
