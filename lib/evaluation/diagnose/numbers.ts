/** Mean of numbers; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Middle of numbers; NaN of none. */
export function median(values: Iterable<number>): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Mean and standard deviation. */
export function spread(values: ArrayLike<number>): { mean: number; deviation: number } {
  const middle = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - middle) ** 2;
  return { mean: middle, deviation: Math.sqrt(squares / values.length) };
}

/** Sum of products. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Mean squared difference. */
export function meanSquare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}

/** Root mean square difference relative to the size of the first. */
export function relativeChange(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.sqrt(meanSquare(a, b) * a.length / Math.max(dot(a, a), 1e-30));
}

/** How `found` follows `expected`. */
export interface Agreement {
  /** Cosine of the two. */
  correlation: number;
  /** The factor on `expected` that comes nearest to `found`: below 1 also where little is learned. */
  slope: number;
  /**
   * ⟨found, found⟩ / ⟨found, expected⟩: 1 for a mean of what is expected, however little it knows of it, since what it
   * leaves out is orthogonal to it; k where the answer was multiplied by k.
   */
  scale: number;
}

/** Compares many pairs of vectors at once, without taking means off. */
export function agreement(
  found: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): Agreement {
  let both = 0, one = 0, other = 0;
  found.forEach((vector, i) => {
    both += dot(vector, expected[i]!);
    one += dot(vector, vector);
    other += dot(expected[i]!, expected[i]!);
  });
  const product = Math.sqrt(one * other);
  return {
    correlation: product > 0 ? both / product : 0,
    slope: other > 0 ? both / other : 0,
    scale: both === 0 ? 0 : one / both,
  };
}

/** Cuts `[N, size]` into N arrays. */
export function rowsOf<T extends Float32Array>(
  values: T,
  size: number,
): Float32Array<ArrayBuffer>[] {
  return Array.from(
    { length: values.length / size },
    (_, i) => values.slice(i * size, (i + 1) * size) as Float32Array<ArrayBuffer>,
  );
}

/** `97 %`; small shares with two digits. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${Math.abs(value) >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(2)} %`;
}
