import * as tf from "@tensorflow/tfjs-core";

/*
 * The straight path between data and noise (Lipman et al. 2022, Liu et al. 2022):
 *
 *   x_t = (1 − t) · x0 + t · x1,   t = 0 is data, t = 1 is noise,   velocity v = dx_t / dt = x1 − x0.
 *
 * Of x_t and t, any one of x0, x1, v gives the other two. Shapes: x and v `[B, …]`, t `[B]`, or where the parts of an
 * image have levels of their own a t of as many axes as x that broadcasts against it, such as `[B, H, W, 1]`.
 */

/** The least t that predictions of data are divided by, so that errors at t near 0 keep a finite weight. */
export const LEAST_DIVISOR = 0.05;

/** The point at t on the straight line from data x0 to noise x1. */
export function interpolate(x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor): tf.Tensor {
  const level = perExample(t, x0);
  return tf.add(tf.mul(tf.sub(1, level), x0), tf.mul(level, x1));
}

/** The path's velocity, the same at every t: it points from data to noise. */
export function velocity(x0: tf.Tensor, x1: tf.Tensor): tf.Tensor {
  return tf.sub(x1, x0);
}

/** The data that a velocity at x_t points away from: x̂0 = x_t − t · v. */
export function dataFromVelocity(xt: tf.Tensor, v: tf.Tensor, t: tf.Tensor): tf.Tensor {
  return tf.sub(xt, tf.mul(perExample(t, xt), v));
}

/** The noise that a velocity at x_t points to: x̂1 = x_t + (1 − t) · v. */
export function noiseFromVelocity(xt: tf.Tensor, v: tf.Tensor, t: tf.Tensor): tf.Tensor {
  return tf.add(xt, tf.mul(tf.sub(1, perExample(t, xt)), v));
}

/**
 * The velocity that leads away from predicted data: v̂ = (x_t − x̂0) / max(t, least).
 * Exact where t ≥ least; below that the divisor is held, as in Li & He 2025 ("Back to basics").
 */
export function velocityFromData(
  xt: tf.Tensor,
  data: tf.Tensor,
  t: tf.Tensor,
  options: { least?: number } = {},
): tf.Tensor {
  const { least = LEAST_DIVISOR } = options;
  return tf.div(tf.sub(xt, data), perExample(tf.maximum(t, least), xt));
}

/** t `[B]` as `[B, 1, …, 1]`, so that it multiplies whole examples; levels of parts as they are. */
function perExample(t: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (t.shape.length === x.shape.length) return t;
  return tf.reshape(t, [t.size, ...x.shape.slice(1).map(() => 1)]);
}
