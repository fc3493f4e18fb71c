/** A mean with the interval that holds the true mean in 95 of 100 such experiments. */
export interface Interval {
  mean: number;
  /** Ends of the 95 % interval; NaN for a single value. */
  low: number;
  high: number;
  /** Standard deviation of the values, divided by n − 1; NaN for a single value. */
  deviation: number;
  count: number;
}

/** Mean and 95 % interval of independent values: mean ± t · s/√n, t of Student's distribution with n − 1 degrees. */
export function meanInterval(values: readonly number[]): Interval {
  const count = values.length;
  if (count === 0) throw new RangeError("Cannot average no values: expected one or more");
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : NaN;
  const reach = count > 1 ? studentQuantile(0.975, count - 1) * deviation / Math.sqrt(count) : NaN;
  return { mean, low: mean - reach, high: mean + reach, deviation, count };
}

/** The differences b − a of values that belong together, as from the same seed, with the interval of their mean. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Interval {
  if (a.length !== b.length) {
    throw new RangeError(`Cannot pair ${a.length} values with ${b.length}: expected as many`);
  }
  return meanInterval(a.map((value, i) => b[i]! - value));
}

/** Median of values with a 95 % interval between two of them, whatever their distribution (binomial ranks). */
export function medianInterval(
  values: readonly number[],
): { median: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b), count = sorted.length;
  if (count === 0) {
    throw new RangeError("Cannot take the median of no values: expected one or more");
  }
  const median = (sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2;
  // The most ranks that can be left out at either end with at most 2.5 % risk each.
  let out = 0, risk = 0.5 ** count, term = risk;
  while (risk <= 0.025 && out < (count - 1) / 2) {
    out++;
    term *= (count - out + 1) / out;
    risk += term;
  }
  if (out === 0) return { median, low: NaN, high: NaN };
  return { median, low: sorted[out - 1]!, high: sorted[count - out]! };
}

/** The value below which Student's t with so many degrees of freedom stays with the given probability. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1) || !(degrees > 0)) {
    throw new RangeError(
      `Student's t has no quantile ${probability} with ${degrees} degrees of freedom`,
    );
  }
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  let low = 0, high = 1;
  while (studentProbability(high, degrees) < probability) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2;
    if (studentProbability(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that Student's t stays below a value from 0: 1 − I(ν/(ν + t²); ν/2, 1/2) / 2. */
function studentProbability(t: number, degrees: number): number {
  return 1 - incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/** The regularised incomplete beta function I(x; a, b), by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly below the mean; above it the mirror image does.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x),
  ) / a;
  // Lentz's method: the fraction 1 / (1 + d₁ / (1 + d₂ / (1 + …))) from front to back.
  let value = 1, c = 1, d = 1 / (1 + betaTerm(1, x, a, b));
  value = d;
  for (let i = 2; i < 1000; i++) {
    const term = betaTerm(i, x, a, b);
    d = 1 / (1 + term * d);
    c = 1 + term / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * value;
}

/** The i-th numerator of the continued fraction, from 1. */
function betaTerm(i: number, x: number, a: number, b: number): number {
  const m = Math.floor(i / 2);
  return i % 2 === 0
    ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

/** ln Γ(x) for x above 0, by Lanczos' formula with 9 terms. */
function logGamma(x: number): number {
  const sum = LANCZOS.slice(1).reduce((sum, c, i) => sum + c / (x + i), LANCZOS[0]!);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];
