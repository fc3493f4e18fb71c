/** Root mean square difference of two vectors of equal length. */
export function rmsDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}

/** Root mean square of a vector. */
export function rms(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}

/** Distances between all pairs of vectors. */
export interface Pairwise {
  mean: number;
  least: number;
  most: number;
  /** Every distance, row by row; 0 on the diagonal. */
  matrix: number[][];
}

/** Root mean square distances between all pairs; mean, least and most are NaN for a single vector. */
export function pairwise(vectors: readonly ArrayLike<number>[]): Pairwise {
  const matrix = vectors.map((a) => vectors.map((b) => rmsDistance(a, b)));
  const pairs = matrix.flatMap((row, i) => row.slice(i + 1));
  if (pairs.length === 0) return { mean: NaN, least: NaN, most: NaN, matrix };
  const mean = pairs.reduce((sum, distance) => sum + distance, 0) / pairs.length;
  return { mean, least: Math.min(...pairs), most: Math.max(...pairs), matrix };
}

/** Cuts a batch `[N, …]` into its N rows. */
export function rowsOf(values: Float32Array, size: number): Float32Array[] {
  return Array.from(
    { length: values.length / size },
    (_, i) => values.subarray(i * size, (i + 1) * size),
  );
}
