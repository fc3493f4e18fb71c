import * as tf from "@tensorflow/tfjs-core";

/** Multi-head attention: q `[B, N, D]`, k and v `[B, M, D]` → `[B, N, D]`. */
export type Attend = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number) => tf.Tensor;

/**
 * Reads out whom each token of the first image listens to, `[heads][N][M]`, from any attention function.
 *
 * The answer of attention is a weighted mean of the values. So give it values that say who they are: key j gets a 1 in
 * place j and zeros elsewhere. What comes out in place j is then the weight of key j. A head has d places, so with more
 * than d keys we ask several times.
 */
export function attentionWeights(
  attend: Attend,
  q: tf.Tensor,
  k: tf.Tensor,
  heads: number,
): number[][][] {
  const [, queries, width] = q.shape as [number, number, number];
  const keys = k.shape[1]!, places = width / heads;
  const first = (x: tf.Tensor) => tf.slice(x, 0, 1);
  const weights = Array.from(
    { length: heads },
    () => Array.from({ length: queries }, () => new Array<number>(keys).fill(0)),
  );
  for (let start = 0; start < keys; start += places) {
    const names = tf.tidy(() => {
      const answer = attend(first(q), first(k), namesFrom(start, keys, heads, places), heads);
      return tf.reshape(answer, [queries, heads, places]).arraySync() as number[][][];
    });
    const count = Math.min(places, keys - start);
    names.forEach((heard, query) =>
      heard.forEach((row, head) => {
        for (let j = 0; j < count; j++) weights[head]![query]![start + j] = row[j]!;
      })
    );
  }
  return weights;
}

/** Values `[1, M, heads · places]` in which keys start, start + 1, … say their number in every head. */
function namesFrom(start: number, keys: number, heads: number, places: number): tf.Tensor {
  const values = new Float32Array(keys * heads * places);
  for (let head = 0; head < heads; head++) {
    for (let j = 0; j < Math.min(places, keys - start); j++) {
      values[((start + j) * heads + head) * places + j] = 1;
    }
  }
  return tf.tensor3d(values, [1, keys, heads * places]);
}
