import * as tf from "@tensorflow/tfjs-core";

// exercise 1.1
/**
 * The noise mix: the point at noise level t on the straight line from data x0 to noise x1.
 *
 *     x_t = (1 − t) · x0 + t · x1
 *
 * x0 and x1 are [B, …] (points [B, 2], pictures [B, H, W, C]); t is [B], one noise level for each example.
 * Returns x_t, shaped like x0.
 */
export function interpolate(x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor): tf.Tensor {
  const ones = x0.shape.slice(1).map(() => 1);
  const level = tf.reshape(t, [t.size, ...ones]);
  return tf.add(tf.mul(tf.sub(1, level), x0), tf.mul(level, x1));
}

// exercise 1.2
/**
 * The velocity target: how x_t = (1 − t) · x0 + t · x1 changes when t grows.
 *
 *     v = dx_t / dt
 *
 * x0 (data) and x1 (noise) are [B, …]. Returns v, shaped like x0.
 */
export function velocityTarget(x0: tf.Tensor, x1: tf.Tensor): tf.Tensor {
  return tf.sub(x1, x0);
}

// exercise 1.3
/**
 * The flow matching loss: how far a velocity field is from the target, squared, as a mean over all numbers.
 *
 *     loss = mean( (field(x_t, t) − v)² )     with x_t and v as in 1.1 and 1.2
 *
 * field takes points x_t [B, …] and noise levels t [B] and returns velocities [B, …].
 * x0 (data) and x1 (noise) are [B, …], t is [B]. Returns a scalar, [].
 */
export function flowLoss(
  field: (xt: tf.Tensor, t: tf.Tensor) => tf.Tensor,
  x0: tf.Tensor,
  x1: tf.Tensor,
  t: tf.Tensor,
): tf.Scalar {
  // given
  const level = tf.reshape(t, [t.size, ...x0.shape.slice(1).map(() => 1)]);
  // end given
  const xt = tf.add(tf.mul(tf.sub(1, level), x0), tf.mul(level, x1));
  const target = tf.sub(x1, x0);
  return tf.mean(tf.square(tf.sub(field(xt, t), target)));
}

// exercise 1.4
/**
 * The time embedding: a noise level as a vector of waves, from fast to slow.
 *
 *     angle[b, k] = 1000 · t[b] · 10000^(−k / half),     k = 0 … half − 1,   half = dimension / 2
 *     the first half of the vector is cos(angle), the second half sin(angle)
 *
 * t is [B], dimension an even number. Returns [B, dimension].
 */
export function timeEmbedding(t: tf.Tensor, dimension: number): tf.Tensor {
  // given
  const half = dimension / 2;
  const frequencies = Array.from({ length: half }, (_, k) => 10_000 ** (-k / half));
  // end given
  const steps = tf.mul(1000, tf.reshape(t, [t.size, 1]));
  const angles = tf.mul(steps, tf.tensor2d(frequencies, [1, half]));
  return tf.concat([tf.cos(angles), tf.sin(angles)], 1);
}

// exercise 1.5
/**
 * One Euler step: reads the velocity where we stand and follows it in a straight line to the next noise level.
 *
 *     x_to = x_from + (to − from) · v(x_from, from)
 *
 * field takes points [B, …] and noise levels [B] and returns velocities [B, …]. x is [B, …].
 * from and to are numbers in 0 … 1; on the way from noise to data, to is the smaller one.
 * Returns the points at noise level to, shaped like x.
 */
export function eulerStep(
  field: (x: tf.Tensor, t: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  from: number,
  to: number,
): tf.Tensor {
  const t = tf.fill([x.shape[0]!], from);
  return tf.add(x, tf.mul(to - from, field(x, t)));
}

// exercise 1.6
/**
 * One Heun step: tries an Euler step, reads the velocity at its end too, and follows the mean of both velocities.
 *
 *     v1 = v(x_from, from)
 *     v2 = v(x_from + (to − from) · v1, to)
 *     x_to = x_from + (to − from) · (v1 + v2) / 2
 *
 * field takes points [B, …] and noise levels [B] and returns velocities [B, …]. x is [B, …].
 * Returns the points at noise level to, shaped like x.
 */
export function heunStep(
  field: (x: tf.Tensor, t: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  from: number,
  to: number,
): tf.Tensor {
  // given
  const level = (t: number) => tf.fill([x.shape[0]!], t);
  // end given
  const v1 = field(x, level(from));
  const tried = tf.add(x, tf.mul(to - from, v1));
  const v2 = field(tried, level(to));
  return tf.add(x, tf.mul((to - from) / 2, tf.add(v1, v2)));
}
