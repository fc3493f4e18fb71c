import * as tf from "@tensorflow/tfjs-core";

/** Layers of checks, which say what is wrong with what they get. */
export const TOKEN_LAYERS = {
  /** Tokens x `[B, N, C]` by weights `[C, D]` and a bend: tanh(x · weights), `[B, N, D]`. */
  bentTokens: () => (weights: unknown, x: unknown) => {
    if (!(weights instanceof tf.Tensor) || weights.shape.length !== 2) {
      throw new TypeError("The layer was called without weights: it takes weights [C, D] first");
    }
    if (!(x instanceof tf.Tensor) || x.shape.length !== 3) {
      throw new TypeError("The layer was called without tokens: it takes x [B, N, C] second");
    }
    const [batch, count, channels] = x.shape as [number, number, number];
    const flat = tf.matMul(tf.reshape(x, [batch * count, channels]), weights as tf.Tensor2D);
    return tf.tanh(tf.reshape(flat, [batch, count, weights.shape[1]!]));
  },

  /** Value and gradient of a scalar function of some weights, by central differences: works without any gradient rule. */
  centralDifferences: () => (loss: unknown, weights: unknown) => {
    if (typeof loss !== "function" || !(weights instanceof tf.Tensor)) {
      throw new TypeError("differentiate was called without a function and weights, in this order");
    }
    const numbers = Array.from(weights.dataSync()), nudge = 1e-2;
    const at = (values: number[]) => {
      const found: unknown = loss(tf.tensor(values, weights.shape));
      if (found instanceof tf.Tensor && found.size === 1) return found.dataSync()[0]!;
      throw new TypeError("The function that differentiate got does not return a scalar");
    };
    const slopes = numbers.map((_, i) => {
      const [up, down] = [nudge, -nudge].map((by) => numbers.map((v, j) => i === j ? v + by : v));
      return (at(up!) - at(down!)) / (2 * nudge);
    });
    return { value: tf.scalar(at(numbers)), grad: tf.tensor(slopes, weights.shape) };
  },
};
