/** Reference answers to the exercises of notebook 06, Self-Flow-lite. */
import * as tf from "@tensorflow/tfjs-core";

// exercise 6.1
/**
 * One noise level per token, spread over the pixels of its patch: `[B, N]` → `[B, height, width, 1]`.
 *
 * Tokens are counted row by row, as patches are: with `columns = width / patch`, the pixel at (y, x) belongs to token
 *
 *     floor(y / patch) · columns + floor(x / patch)
 *
 * The last axis has size 1, so that the result can be multiplied with pictures `[B, height, width, C]`.
 */
export function spreadLevels(
  levels: tf.Tensor,
  patch: number,
  height: number,
  width: number,
): tf.Tensor {
  // given
  const batch = levels.shape[0]!, rows = height / patch, columns = width / patch;
  // end given
  const grid = tf.reshape(levels, [batch, rows, 1, columns, 1]);
  return tf.reshape(tf.tile(grid, [1, 1, patch, 1, patch]), [batch, height, width, 1]);
}

// exercise 6.2
/**
 * Hides some of the tokens behind much noise. `own` `[B, N]` are the levels that tokens have otherwise, `chance`
 * `[B, N]` are random numbers from 0 to 1, one for each token.
 *
 *     masked = 1 where chance < share, else 0
 *     t      = level where masked, else own
 *
 * Returns both, `[B, N]`, as float32.
 */
export function hideTokens(
  own: tf.Tensor,
  chance: tf.Tensor,
  share: number,
  level: number,
): { t: tf.Tensor; masked: tf.Tensor } {
  const hidden = tf.less(chance, share);
  return {
    t: tf.where(hidden, tf.fill(own.shape, level), own),
    masked: tf.cast(hidden, "float32"),
  };
}

// exercise 6.3
/**
 * How wrong the guesses are at the hidden tokens: guess and clean `[B, N, D]`, masked `[B, N]` (1 for hidden tokens).
 *
 *     loss = Σ masked · (guess − clean)² / (number of hidden numbers)
 *
 * The sum goes over all numbers, each hidden token has D of them. Where no token of the batch is hidden, all tokens
 * count instead. Returns a scalar.
 */
export function maskedLoss(guess: tf.Tensor, clean: tf.Tensor, masked: tf.Tensor): tf.Tensor {
  const errors = tf.mean(tf.square(tf.sub(guess, clean)), 2);
  // 1 where nothing is hidden in the whole batch, else 0.
  const nothing = tf.sub(1, tf.minimum(tf.sum(masked), 1));
  const counted = tf.add(masked, nothing);
  return tf.div(tf.sum(tf.mul(errors, counted)), tf.sum(counted));
}

// exercise 6.4
/**
 * The noise levels of Self-Flow: every image has two, `first` and `second` `[B]`. A token takes the second where its
 * `chance` `[B, N]` is below the share, else the first.
 *
 * Returns what the student sees, t `[B, N]`, and what the teacher sees: the lower of the two, for the whole image,
 * `[B]`.
 */
export function twoLevels(
  first: tf.Tensor,
  second: tf.Tensor,
  chance: tf.Tensor,
  share: number,
): { t: tf.Tensor; teacher: tf.Tensor } {
  const takes = tf.cast(tf.less(chance, share), "float32");
  const [one, other] = [first, second].map((levels) => tf.expandDims(levels, 1));
  return {
    t: tf.add(tf.mul(takes, other!), tf.mul(tf.sub(1, takes), one!)),
    teacher: tf.minimum(first, second),
  };
}

// exercise 6.5
/**
 * The student learns to say of the noisier picture what the teacher says of the cleaner one. `layer(weights, x)` makes
 * tokens `[B, N, D]`. The student has `weights`, the teacher `average`, a slowly following copy.
 *
 *     loss = mean over tokens of (1 − cos(said, taught)),   cos(a, b) = Σ a·b / √(Σ a² · Σ b²)
 *
 * The sums go over the D numbers of a token. `differentiate(f, weights)` calls f with the weights (or, to find the
 * slope, with others near them) and returns { value, grad }: the scalar that f returned, and its gradient. What the
 * teacher says is a fixed target: it must not change while f is differentiated.
 *
 * Returns loss and gradient as tensors.
 */
export function alignmentStep(
  differentiate: (
    f: (weights: tf.Tensor) => tf.Tensor,
    weights: tf.Tensor,
  ) => { value: tf.Tensor; grad: tf.Tensor },
  layer: (weights: tf.Tensor, x: tf.Tensor) => tf.Tensor,
  weights: tf.Tensor,
  average: tf.Tensor,
  noisier: tf.Tensor,
  cleaner: tf.Tensor,
): { loss: tf.Tensor; gradient: tf.Tensor } {
  const taught = layer(average, cleaner);
  const { value, grad } = differentiate((own) => {
    const said = layer(own, noisier);
    const squares = tf.mul(tf.sum(tf.square(said), 2), tf.sum(tf.square(taught), 2));
    const cosine = tf.div(tf.sum(tf.mul(said, taught), 2), tf.sqrt(squares));
    return tf.mean(tf.sub(1, cosine));
  }, weights);
  return { loss: value, gradient: grad };
}

// exercise 6.6
/**
 * What B is better or worse than A by, from n runs of each that belong together in pairs (one seed, one pair): the
 * mean of the differences d = b − a, and the 95 % interval around it.
 *
 *     s = √( Σ (d − mean)² / (n − 1) )
 *     low, high = mean ∓ T · s / √n
 *
 * T is from Student's distribution with n − 1 degrees of freedom: QUANTILES[n − 1]. n is 2 to 11.
 */
export function pairedInterval(
  a: readonly number[],
  b: readonly number[],
): { mean: number; low: number; high: number } {
  // given
  // 97.5 % of Student's distribution lie below these, for 0, 1, 2 … degrees of freedom.
  // deno-fmt-ignore
  const QUANTILES = [NaN, 12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814];
  const n = a.length;
  // end given
  const differences = a.map((value, i) => b[i]! - value);
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  const reach = QUANTILES[n - 1]! * Math.sqrt(squares / (n - 1)) / Math.sqrt(n);
  return { mean, low: mean - reach, high: mean + reach };
}
