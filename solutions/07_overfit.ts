/** Reference answers to the exercises of notebook 07, the overfit diagnostic. */
import * as tf from "@tensorflow/tfjs-core";

// exercise 7.1
/**
 * The nearest of M examples to each of N drawn pictures, all of them as lists of D numbers: `[N, D]` and `[M, D]`.
 *
 *   distance(a, b) = √( mean over the D numbers of (a − b)² )
 *
 * `index` `[N]` says which example it is, an int32 tensor; `distance` `[N]` how far away it is.
 */
export function nearestExample(
  drawn: tf.Tensor2D,
  examples: tf.Tensor2D,
): { index: tf.Tensor; distance: tf.Tensor } {
  const differences = tf.sub(tf.expandDims(drawn, 1), tf.expandDims(examples, 0));
  const distances = tf.sqrt(tf.mean(tf.square(differences), 2));
  return { index: tf.argMin(distances, 1), distance: tf.min(distances, 1) };
}

// exercise 7.2
/**
 * The velocity at the points x `[B, D]` on noise level t, above 0, where the data are exactly N examples `[N, D]`.
 *
 *   p_i = softmax over i of  −‖x − (1 − t) · example_i‖² / (2 t²)
 *   x̂0  = Σ_i p_i · example_i
 *   v   = (x − x̂0) / t
 *
 * ‖·‖² is the sum over the D numbers. Returns `[B, D]`.
 */
export function exactVelocity(x: tf.Tensor2D, t: number, examples: tf.Tensor2D): tf.Tensor {
  const differences = tf.sub(tf.expandDims(x, 1), tf.mul(1 - t, tf.expandDims(examples, 0)));
  const logs = tf.div(tf.sum(tf.square(differences), 2), -2 * t * t);
  const data = tf.matMul(tf.softmax(logs, 1), examples);
  return tf.div(tf.sub(x, data), t);
}

// exercise 7.3
/**
 * How much an answer changes, relative to its size: 0 if nothing changes. Answers before and after are `[N, D]`.
 *
 *   √( Σ (after − before)² / Σ before² )
 *
 * Both sums go over everything. Returns a scalar, shape `[]`.
 */
export function relativeChange(before: tf.Tensor2D, after: tf.Tensor2D): tf.Tensor {
  const change = tf.sum(tf.square(tf.sub(after, before)));
  return tf.sqrt(tf.div(change, tf.sum(tf.square(before))));
}

// exercise 7.4
/**
 * The loss by noise level: the mean squared error of velocities `[N, D]` with noise levels t `[N]`, each between 0 and
 * 1, in equally wide bins. An example with noise level t lies in bin ⌊t · bins⌋, and t = 1 in the last one.
 *
 *   loss of a bin = mean, over the examples in it, of the mean over D of (velocity − target)²
 *
 * Every bin has at least one example. Returns `[bins]`.
 */
export function lossByLevel(
  velocity: tf.Tensor2D,
  target: tf.Tensor2D,
  t: tf.Tensor1D,
  bins: number,
): tf.Tensor {
  const losses = tf.mean(tf.square(tf.sub(velocity, target)), 1);
  const bin = tf.cast(tf.minimum(tf.floor(tf.mul(t, bins)), bins - 1), "int32");
  const member = tf.cast(tf.oneHot(bin, bins), "float32");
  const sums = tf.sum(tf.mul(member, tf.expandDims(losses, 1)), 0);
  return tf.div(sums, tf.sum(member, 0));
}

// exercise 7.5
/**
 * How much is learned, from losses at K noise levels, each `[K]`: of the model, of the exact field, and of always
 * saying the mean.
 *
 *   learned = mean over levels of  (always − model) / (always − exact)
 *
 * 1 is the exact field, 0 is the mean. Returns a scalar, shape `[]`.
 */
export function learnedShare(
  model: tf.Tensor1D,
  exact: tf.Tensor1D,
  always: tf.Tensor1D,
): tf.Tensor {
  return tf.mean(tf.div(tf.sub(always, model), tf.sub(always, exact)));
}

// exercise 7.6
/**
 * What is wrong with the seven systems. For each letter the broken link, or "none" if the system is healthy:
 *
 *   "data"           the words of a picture are not its own
 *   "decoder scale"  between latents and pixels
 *   "architecture"   how the network is put together
 *   "conditioning"   how what is asked for gets into the network
 *   "sampler"        the way from noise to data
 *   "objective"      what is learned
 *   "training"       how it is learned: the learning rate, the average, the time
 *   "none"
 */
export function brokenLinks(): Record<string, string> {
  return {
    A: "decoder scale",
    B: "conditioning",
    C: "architecture",
    D: "sampler",
    E: "data",
    F: "none",
    G: "objective",
  };
}

// exercise 7.7
/**
 * The link to look at first, from what was found, in the order in which it was looked for. Each finding has
 *
 *   link:    its name
 *   status:  "broken", or "suspect"
 *   direct:  whether the link was tested by itself; if not, faults of other links can be behind it
 *
 * What is broken comes before what is suspect. Among equals, what was tested by itself comes before what was not; and
 * among those, what was found first. Returns the name of the link, or null if nothing was found.
 */
export function firstSuspect(
  findings: readonly { link: string; status: "broken" | "suspect"; direct: boolean }[],
): string | null {
  const rank = ({ status, direct }: { status: string; direct: boolean }) =>
    (status === "broken" ? 0 : 2) + (direct ? 0 : 1);
  // Sorting keeps the order of equals.
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  return sorted[0]?.link ?? null;
}
