/** Reference answers to the exercises of notebook 03, class guidance. */
import * as tf from "@tensorflow/tfjs-core";

// exercise 3.1
/**
 * Label dropout: new labels, each of which is `nullClass` with the given probability and as it was otherwise.
 *
 * Every label is dropped or kept for itself. `random.uniform()` gives a number in [0, 1), another one at each call.
 */
export function dropLabels(
  labels: readonly number[],
  probability: number,
  nullClass: number,
  random: { uniform(): number },
): number[] {
  return labels.map((label) => random.uniform() < probability ? nullClass : label);
}

// exercise 3.2
/**
 * Classifier-free guidance: two velocities `[B, …]` and a scale for each example, `[B]` → `[B, …]`.
 *
 *   v = v_uncond + scale · (v_cond − v_uncond)
 */
export function guide(
  conditional: tf.Tensor,
  unconditional: tf.Tensor,
  scale: tf.Tensor,
): tf.Tensor {
  // given
  const [batch, ...rest] = conditional.shape as [number, ...number[]];
  // end given
  const strength = tf.reshape(scale, [batch, ...rest.map(() => 1)]);
  return tf.add(unconditional, tf.mul(strength, tf.sub(conditional, unconditional)));
}

// exercise 3.3
/**
 * The guided velocity of a field, which is called once: x `[B, …]`, t, labels and scale `[B]` → `[B, …]`.
 *
 * `field(x, t, labels)` takes any number of examples. It is called with 2 · B of them: the first half with their
 * labels, the second half the same once more with `nullClass`. Then v = v_uncond + scale · (v_cond − v_uncond).
 */
export function guidedVelocity(
  field: (x: tf.Tensor, t: tf.Tensor, labels: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  t: tf.Tensor,
  labels: tf.Tensor,
  nullClass: number,
  scale: tf.Tensor,
): tf.Tensor {
  // given
  const [batch, ...rest] = x.shape as [number, ...number[]];
  const nothing = tf.fill([batch], nullClass, "int32");
  // end given
  const both = field(tf.concat([x, x]), tf.concat([t, t]), tf.concat([labels, nothing]));
  const [conditional, unconditional] = tf.split(both, 2) as [tf.Tensor, tf.Tensor];
  const strength = tf.reshape(scale, [batch, ...rest.map(() => 1)]);
  return tf.add(unconditional, tf.mul(strength, tf.sub(conditional, unconditional)));
}

// exercise 3.4
/**
 * Share of images that a classifier reads as what they were asked for, 0 … 1.
 *
 * `logits` `[N, classes]` has a score for every class; the classifier reads the class of the highest one.
 */
export function classAccuracy(logits: tf.Tensor, labels: readonly number[]): number {
  const read = tf.argMax(logits, 1).dataSync();
  const right = labels.filter((label, i) => read[i] === label);
  return right.length / labels.length;
}

// exercise 3.5
/**
 * How different images of one class are: features `[N, D]` and their labels → a number.
 *
 * For each class: the mean Euclidean distance over all pairs of two different images of that class. Then the mean
 * over the classes. Every class that occurs has at least two images.
 */
export function classDiversity(features: tf.Tensor, labels: readonly number[]): number {
  // given
  const rows = features.arraySync() as number[][];
  const classes = [...new Set(labels)];
  // end given
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, k) => value - b[k]!));
  const means = classes.map((asked) => {
    const members = rows.filter((_, i) => labels[i] === asked);
    const distances = members.flatMap((a, i) => members.slice(0, i).map((b) => distance(a, b)));
    return distances.reduce((sum, value) => sum + value, 0) / distances.length;
  });
  return means.reduce((sum, value) => sum + value, 0) / means.length;
}

// exercise 3.6
/**
 * Guidance in an interval of noise levels: t and scale `[B]` → the scale that counts there, `[B]`.
 *
 * Where from ≤ t ≤ to it is the given scale, elsewhere it is the one that leaves the model as it learned.
 */
export function limitScale(t: tf.Tensor, scale: tf.Tensor, from: number, to: number): tf.Tensor {
  const inside = tf.logicalAnd(tf.greaterEqual(t, from), tf.lessEqual(t, to));
  return tf.where(inside, scale, tf.onesLike(scale));
}
